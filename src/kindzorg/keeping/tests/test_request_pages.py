"""The pages on which the family asks, on which it is decided, and where what was said or destroyed shows."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from kindzorg.careplan.tests.conftest import NOW, World, build
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.keeping.destroying import destroy
from kindzorg.keeping.models import FileRequest
from kindzorg.record.actions import enter_item
from kindzorg.record.items import ConditionItem
from kindzorg.record.notes.actions import write_note
from kindzorg.record.notes.rules import NewNote
from kindzorg.record.values import Concept
from kindzorg.referral.tests.conftest import counted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: NOW)


@pytest.fixture
def world(db: None) -> World:
    return build()


class Visit:
    """The browser of somebody around the child."""

    def __init__(self, world: World, who: str) -> None:
        self.world, self.browser = world, Client()
        self.browser.force_login(world.users[who])

    def get(self, name: str, *more: Any, status: int = 200, query: str = "") -> str:
        answer = self.browser.get(reverse(name, args=[self.world.child_id, *more]) + query)
        assert answer.status_code == status, (name, answer.status_code)
        return answer.content.decode()

    def post(self, name: str, *more: Any, query: str = "", **data: Any) -> str:
        address = reverse(name, args=[self.world.child_id, *more]) + query
        return self.browser.post(address, data, follow=True).content.decode()


def note(world: World, words: str = "Moeder is streng.") -> UUID:
    return UUID(str(world.do("nurse", write_note, NewNote(LifeDomain.SOCIAL, words)).entry_id))


def asked(world: World, entry: UUID | None, what: str = "remove") -> FileRequest:
    query = f"?about=note&id={entry}" if entry else ""
    page = Visit(world, "mother").post("request_new", query=query, asked=what, words="Zo ben ik niet.")
    assert "Uw verzoek is verstuurd" in page and "Home besluit vóór of op 14 oktober 2026" in page
    return FileRequest.objects.latest("created_at", "id")


def test_from_a_note_to_its_end_as_the_mother_sees_it(world: World) -> None:
    entry = note(world)
    mother, nurse = Visit(world, "mother"), Visit(world, "nurse")
    assert f"?about=note&amp;id={entry}" in mother.get("notes")
    form = mother.get("request_new", query=f"?about=note&id={entry}")
    assert "Moeder is streng" in form and "Haal het weg, voor altijd" in form
    request = asked(world, entry)
    assert (
        "Het gezin vraagt om iets te verbeteren" in nurse.browser.get("/start", follow=True).content.decode()
    )
    decide = nurse.get("request_decide", request.id)
    assert (
        "Zo ben ik niet" in decide and "Moeder is streng" in decide and "Ik heb het ook aan Father" in decide
    )
    kept = nurse.post("request_decide", request.id, granted="grant", words="Dat snappen wij.")
    assert "Vraag het eerst aan de anderen met gezag" in kept and "Dat snappen wij." in kept
    done = nurse.post("request_decide", request.id, granted="grant", words="Dat snappen wij.", all_agree="on")
    assert "Nurse zei ja op 14 september 2026. Het wordt nu vernietigd." in done
    destroy(str(request.id))
    page = mother.get("request", request.id)
    assert "Het is vernietigd. Nurse besloot dat op" in page and "Moeder is streng" not in page
    assert "Wat hier stond, is op verzoek vernietigd" in mother.get("notes")
    assert "Moeder is streng" not in mother.get("notes") + nurse.get("notes")


def test_a_no_stands_beside_what_stays(world: World) -> None:
    row = world.do("nurse", enter_item, ConditionItem(source_key="", what=Concept("Astma")))
    mother, nurse = Visit(world, "mother"), Visit(world, "nurse")
    query = f"?about=item&id={row.id}"
    assert f"?about=item&amp;id={row.id}" in mother.get("record") and "about=item" not in nurse.get("record")
    mother.post("request_new", query=query, asked="correct", words="Het is een allergie.")
    request = FileRequest.objects.get()
    refused = nurse.post("request_decide", request.id, granted="refuse", words="")
    assert "Kies waarom niet" in refused
    nurse.post(
        "request_decide", request.id, granted="refuse", reason="judgement", words="De arts ziet dit zo."
    )
    page = mother.get("request", request.id)
    assert "Het is het oordeel van de zorgverlener" in page and "De arts ziet dit zo." in page
    for who in (mother, nurse, Visit(world, "doctor")):
        assert "Het gezin zegt hierover:" in who.get("record") and "Het is een allergie." in who.get("record")


def test_a_yes_to_a_correction_leads_to_the_ordinary_way(world: World) -> None:
    row = world.do("nurse", enter_item, ConditionItem(source_key="", what=Concept("Astma")))
    Visit(world, "mother").post(
        "request_new", query=f"?about=item&id={row.id}", asked="correct", words="Klopt niet."
    )
    request, nurse = FileRequest.objects.get(), Visit(world, "nurse")
    page = nurse.post("request_decide", request.id, granted="grant")
    assert f'href="{reverse("record_retract", args=[world.child_id, row.id])}"' in page
    assert "Pas het nu aan" not in Visit(world, "mother").get("request", request.id)
    for what, name in ((note(world), "notes"), (None, "child_start")):
        other = asked(world, what, "correct")
        page = nurse.post("request_decide", other.id, granted="grant")
        assert f'href="{reverse(name, args=[world.child_id])}">Pas het nu aan' in page


def test_taking_longer_is_told_and_a_late_answer_shows(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    request = asked(world, note(world))
    nurse, mother = Visit(world, "nurse"), Visit(world, "mother")
    assert "Waarom duurt het langer?" in nurse.get("request_delay", request.id)
    assert "Schrijf het op" in nurse.post("request_delay", request.id, words=" ")
    page = nurse.post("request_delay", request.id, words="Wij vragen het na.")
    assert "Home besluit vóór of op 14 december 2026" in page and "Wij vragen het na." in page
    again = nurse.post("request_delay", request.id, words="Nog eens.")
    assert "Dit kan alleen in de eerste maand" in again
    later = datetime(2027, 1, 5, 10, tzinfo=NOW.tzinfo)
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: later)
    assert "had uiterlijk op 14 december 2026 moeten antwoorden" in mother.get("request", request.id)


def test_a_general_request_to_destroy_says_what_cannot_be_done_here(world: World) -> None:
    request = asked(world, None)
    page = Visit(world, "nurse").get("request_decide", request.id)
    assert "Dit verzoek wijst niets aan" in page and 'value="grant"' not in page
    bad = Visit(world, "nurse").post("request_decide", request.id, granted="grant")
    assert "zei ja" not in bad


def test_a_mother_of_a_child_from_12_reads_who_asks_for_deletion() -> None:
    world = build(date(2013, 9, 1))
    entry = note(world)
    page = Visit(world, "mother").get("request_new", query=f"?about=note&id={entry}")
    assert "doet uw kind vanaf 12 jaar zelf" in page and 'value="remove"' not in page
    child = Visit(world, "child").get("request_new", query=f"?about=note&id={entry}")
    assert 'value="remove"' in child and "Wat wil je?" in child


def test_what_an_address_points_out_must_be_there(world: World) -> None:
    mother = Visit(world, "mother")
    for query in ("?about=nonsense", "?about=note&id=nonsense", f"?about=note&id={UUID(int=1)}"):
        mother.get("request_new", query=query, status=404)
    mother.get("request", UUID(int=1), status=404)
    assert "Schrijf het op in een paar woorden" in mother.post("request_new", asked="correct", words="")
    first = asked(world, note(world))
    again = mother.post(
        "request_new", query=f"?about=note&id={first.object_id}", asked="remove", words="Nog eens."
    )
    assert "Dit is al gevraagd" in again and "Nog eens." in again


def test_a_colleague_who_was_first_is_named(world: World) -> None:
    request = asked(world, note(world))
    Visit(world, "colleague").post(
        "request_decide", request.id, granted="refuse", reason="law", words="Het moet."
    )
    late = Visit(world, "nurse").post(
        "request_decide", request.id, granted="refuse", reason="law", words="Mijn woorden."
    )
    assert "Colleague heeft hier intussen over besloten" in late and "Mijn woorden." in late


def test_the_pages_ask_few_statements_however_much_was_asked(world: World) -> None:
    requests = [asked(world, note(world, f"notitie {number}")) for number in range(4)]
    for who in ("mother", "nurse"):
        visit = Visit(world, who)
        visit.get("requests")
        with counted(most=12):
            visit.get("requests")
    with counted(most=14):
        visit.get("request", requests[0].id)


def test_the_pages_of_plan_and_phases_lead_there_for_who_may_ask(world: World) -> None:
    world.in_force()
    link = f'href="{reverse("request_new", args=[world.child_id])}'
    goal = ("plan_goal", (world.goals[0],), f"?about=goal&amp;id={world.goals[0]}")
    for name, more, about in (("plan", (), ""), goal, ("referral", (), ""), ("closure", (), "")):
        assert f'{link}{about}"' in Visit(world, "mother").get(name, *more), name
        assert link not in Visit(world, "nurse").get(name, *more), name
    assert link not in Visit(world, "aunt").get("plan")
