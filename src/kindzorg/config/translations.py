"""Each room carries its own `locale/nl`; what Django reads (.mo) is made from what people write (.po).

The .mo files are not kept in git: they are made when the product or its tests start, and only when older.
"""

import os
import tempfile
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = Path(__file__).parent.parent


def catalogues() -> list[Path]:
    """The .po files of all rooms."""
    return sorted(SOURCE.glob("*/locale/*/LC_MESSAGES/django.po"))


def compile_translations() -> list[Path]:
    """Make each .mo that is missing or older than its .po; gives back those that were made.

    Raises babel's PoFileError, naming file and line, when a .po cannot be read.
    """
    return [made for source in catalogues() if (made := _compiled(source))]


def _compiled(source: Path) -> Path | None:
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
        return None
    with source.open("rb") as lines:
        catalogue = read_po(lines, abort_invalid=True)
    # Several processes may start at once: each writes aside, and the rename leaves a whole file whoever wins.
    number, aside = tempfile.mkstemp(dir=target.parent, suffix=".tmp")
    with os.fdopen(number, "wb") as written:
        write_mo(written, catalogue)
    Path(aside).chmod(0o644)
    Path(aside).replace(target)
    return target
