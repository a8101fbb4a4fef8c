"""The pages with notes, as child, mother, nurse and doctor see them."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kindzorg.access.ages import birthday
from kindzorg.careteam.models import Mark
from kindzorg.careteam.tests.world import TODAY, Family
from kindzorg.people.models import User
from kindzorg.record.models import FamilyNote, Note, RestrictedNote

pytestmark = pytest.mark.django_db
THIRTEEN = birthday(TODAY, -13)


class Visit:
    """A browser of somebody of the family."""

    def __init__(self, family: Family, who: str) -> None:
        self.family, self.browser = family, Client()
        self.browser.force_login(User.objects.get(id=family.accounts[who].id))

    def get(self, name: str, *more: Any) -> str:
        answer = self.browser.get(reverse(name, args=[self.family.id, *more]))
        assert answer.status_code == 200, (name, answer.status_code)
        return answer.content.decode()

    def post(self, name: str, *more: Any, **data: Any) -> Any:
        return self.browser.post(reverse(name, args=[self.family.id, *more]), data)

    def writes(self, words: str, **more: Any) -> Any:
        return self.post("note_write", **{"domain": "social", "words": words, **more})


@pytest.fixture
def family(monkeypatch: pytest.MonkeyPatch) -> Family:
    from kindzorg.careteam.tests.world import NOW

    monkeypatch.setattr("kindzorg.core.clock.now", lambda: NOW)
    return Family(THIRTEEN)


def test_a_child_keeps_its_note_from_its_mother_and_gives_it_back(family: Family) -> None:
    child, mother = Visit(family, "child"), Visit(family, "mother")
    assert child.writes("Ik wil liever alleen naar de dokter.").status_code == 302
    assert "liever alleen" in mother.get("notes") and "Schrijf iets op" in child.get("notes")
    note = Note.objects.get()
    assert "Niet voor mijn ouders" in child.get("notes") and "liever alleen" in child.get(
        "note_keep", note.id
    )
    assert child.post("note_keep", note.id).status_code == 302
    assert "liever alleen" not in mother.get("notes") and "liever alleen" in Visit(family, "nurse").get(
        "notes"
    )
    assert "al niet voor je ouders" in child.post("note_keep", note.id).content.decode()
    assert child.post("mark_step", Mark.objects.get().id, "lift").status_code == 302
    assert "liever alleen" in mother.get("notes")


def test_a_professional_marks_and_a_second_one_confirms(family: Family) -> None:
    nurse, doctor = Visit(family, "nurse"), Visit(family, "doctor")
    nurse.writes("uitslag van het onderzoek", part="child")
    note = Note.objects.get()
    assert "Schrijf op waarom" in nurse.post("note_keep", note.id, hides_from="child").content.decode()
    assert nurse.post("note_keep", note.id, hides_from="child", reason="eerst praten").status_code == 302
    again = nurse.post("note_keep", note.id, hides_from="child", reason="nog eens")
    assert "staat deze markering al op" in again.content.decode()
    assert "te bevestigen" in doctor.get("notes") and "uitslag" not in Visit(family, "child").get("notes")
    mark = Mark.objects.get().id
    assert "Een ander dan wie" in nurse.post("mark_step", mark, "confirm").content.decode()
    assert doctor.post("mark_step", mark, "confirm").status_code == 302
    assert "geldt" in nurse.get("notes") and Mark.objects.get().confirmed_by == "doctor"
    assert doctor.post("mark_step", mark, "nothing").status_code == 404


def test_a_note_is_corrected_by_who_wrote_it(family: Family) -> None:
    child, nurse = Visit(family, "child"), Visit(family, "nurse")
    child.writes("maandag")
    note = Note.objects.get()
    assert "maandag" in child.get("note_correct", note.id)
    child.post("note_correct", note.id, domain="social", words="dinsdag")
    shown = nurse.get("notes")
    assert "dinsdag" in shown and "Eerder stond er" in shown
    answer = nurse.browser.get(reverse("note_correct", args=[family.id, note.id]))
    assert answer.status_code == 404


def test_the_other_two_parts_are_there_for_their_readers_only(family: Family) -> None:
    mother, nurse, child = (Visit(family, who) for who in ("mother", "nurse", "child"))
    mother.writes("Ik ben moe.", part="family")
    nurse.writes("zorgen", part="restricted", domain="safety")
    assert FamilyNote.objects.count() == RestrictedNote.objects.count() == 1
    assert (
        "Een afgeschermde notitie gaat over veiligheid"
        in nurse.writes("x", part="restricted").content.decode()
    )
    assert "Ik ben moe" in nurse.get("notes") and "zorgen" in nurse.get("notes")
    assert "Ik ben moe" in mother.get("notes")
    for reader in (mother, child):
        page = reader.get("notes") + reader.get("note_write")
        assert "zorgen" not in page and "fgeschermd" not in page
    assert "moe" not in child.get("notes") and "gezin" not in child.get("note_write")
    assert child.writes("stiekem", part="restricted").status_code == 302
    assert (
        RestrictedNote.objects.count() == 1
    )  # The form does not know the part, so it is a note like any other.


def test_what_was_typed_stays_after_a_mistake(family: Family) -> None:
    child = Visit(family, "child")
    page = child.post("note_write", words="zonder onderwerp").content.decode()
    assert "zonder onderwerp" in page and "kz-error" in page
    assert "Schrijf eerst iets op" in child.writes("").content.decode()
