"""PDF by typst: tagged (PDF/UA-1), with our own fonts, data passed as JSON and never pasted into the source."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import fontpkg_noto_sans
import fontpkg_noto_sans_arabic
import typst

from kindzorg.core.languages import unmarked
from kindzorg.ui.destroyed import worded
from kindzorg.ui.translation import translation_notes

SOURCE = Path(__file__).parent.parent


def make_pdf(room: str, name: str, data: Mapping[str, Any]) -> bytes:
    """The PDF of `<room>/letters/<name>.typ`.

    The template reads `json(bytes(sys.inputs.data))` and may import `/ui/letters/base.typ`. Raises
    typst.TypstError when the document is not accessible (no title, an image without alt text).
    """
    said = worded(json.dumps(data, ensure_ascii=False, default=str))
    made: bytes = typst.compile(
        str(SOURCE / room / "letters" / f"{name}.typ"),
        root=str(SOURCE),
        format="pdf",
        font_paths=[str(fontpkg_noto_sans.ROOT), str(fontpkg_noto_sans_arabic.ROOT)],
        ignore_system_fonts=True,
        sys_inputs={"data": unmarked(said), "notes": json.dumps(translation_notes(said), ensure_ascii=False)},
        pdf_standards="ua-1",
    )
    return made
