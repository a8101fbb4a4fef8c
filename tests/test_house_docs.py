"""What the house makes by itself: the docs from the code, and the catalogues from the translations."""

import os
from pathlib import Path

import pytest

from kindzorg.access import policy
from kindzorg.config import generated_docs, translations

pytestmark = pytest.mark.once

# Which leave depends on who answers in the scan, on the change it follows from, on whose note it is.
DECIDES_INSIDE = {
    "needs.answer_topic",
    "needs.give_first_pass",
    "needs.open_scan",
    "needs.say_opening",
    "needs.say_strengths",
    "needs.take_back_topic",
    "needs.take_seat",
    "needs.tell_carrying",
    "needs.talk.answer_in",
    "needs.talk.check_summary",
    "needs.talk.translate_answer",
    "record.translated.keep_translation",
    "record.translated.note_interpreter",
    "record.translated.place_translation",
    "record.translated.say_language",
    "careplan.annex.say_on_beginning",
    "careteam.authority.end_anew",
    "careteam.consents.write_word",
    "careteam.representation.let_representatives_in",
    "careteam.representation.stop_representing",
    "record.enter_item",
    "record.notes.write_note",
}
PO = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Save"
msgstr "Bewaren"
"""


def test_a_page_that_is_not_as_the_code_says_is_written_once(tmp_path: Path) -> None:
    assert generated_docs.write(tmp_path) == list(generated_docs.PAGES)
    assert generated_docs.stale(tmp_path) == []
    (tmp_path / "map.md").write_text("an older map")
    assert generated_docs.write(tmp_path) == ["map.md"]


def test_the_map_goes_from_the_ground_floor_up() -> None:
    there = generated_docs.rooms()
    assert there.index("core") < there.index("people") < there.index("journey") < there.index("web")


def test_every_action_asks_a_leave_that_the_matrix_knows() -> None:
    asked = {name: leave for name, (leave, _) in generated_docs.actions().items()}
    assert {leave for leave in asked.values() if leave} <= policy.permissions()
    # The trail is written by other actions, which have asked; the rest decides inside which leave it is.
    inside = {name for name, leave in asked.items() if not leave and not name.startswith("audit.")}
    assert inside == DECIDES_INSIDE


def test_a_catalogue_is_made_when_it_is_missing_or_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "needs" / "locale" / "nl" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(PO, encoding="utf-8")
    monkeypatch.setattr(translations, "SOURCE", tmp_path)
    made = source.with_suffix(".mo")

    assert translations.compile_translations() == [made]
    assert b"Bewaren" in made.read_bytes()
    assert translations.compile_translations() == []

    source.write_text(PO.replace("Bewaren", "Opslaan"), encoding="utf-8")
    later = made.stat().st_mtime_ns + 1_000_000
    os.utime(source, ns=(later, later))
    assert translations.compile_translations() == [made]
    assert b"Opslaan" in made.read_bytes()
    assert [path.name for path in source.parent.iterdir() if path.suffix == ".tmp"] == []
