"""The copy of everything: who may take it, what is in it for whom, and how it reads without a connection."""

import json
import re
from datetime import date, datetime
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kindzorg.audit.models import AuditLine
from kindzorg.careplan import actions as plan_actions
from kindzorg.careplan.rules import Evaluated, Works
from kindzorg.careplan.tests.conftest import World, build, goal
from kindzorg.careteam.tests.world import World as RecordWorld
from kindzorg.core import clock
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.keeping.requests.actions import decide_request, make_request
from kindzorg.keeping.requests.rules import About, Asked, Decision, NewRequest, RefusalReason
from kindzorg.needs.tests import world as needs_world
from kindzorg.people.models import User
from kindzorg.record.notes.actions import write_note
from kindzorg.record.notes.rules import NewNote
from kindzorg.referral.actions import record_dissent
from kindzorg.referral.tests.conftest import counted
from kindzorg.referral.tests.world import Circle

pytestmark = pytest.mark.django_db
YUSUF = (Path(__file__).parents[2] / "demo/handover/yusuf.json").read_bytes()
TODAY = date(2026, 9, 14)


@pytest.fixture(autouse=True)
def _day(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: now)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def taken(user: User, child_id: Any) -> dict[str, str]:
    """Every file of the copy that somebody takes, by its name."""
    answer = browser(user).post(reverse("child_copy", args=[child_id]))
    assert answer.status_code == 200, answer.status_code
    assert answer.headers["Content-Type"] == "application/zip"
    with ZipFile(BytesIO(answer.content)) as found:
        return {name: found.read(name).decode() for name in found.namelist()}


def who_may(world: World) -> set[str]:
    """Who finds the page, and so can take the copy."""
    address = reverse("child_copy", args=[world.child_id])
    found = {who: browser(user).get(address).status_code for who, user in world.users.items()}
    assert {
        browser(user).post(address).status_code for who, user in world.users.items() if found[who] == 404
    } == {404}
    return {who for who, status in found.items() if status == 200}


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        (date(2015, 9, 14), {"mother", "father"}),
        (date(2014, 9, 14), {"mother", "father", "child"}),
        (date(2010, 9, 14), {"child"}),
    ],
    ids=["11", "12", "16"],
)
def test_who_may_take_it_follows_from_age(born: date, expected: set[str]) -> None:
    assert who_may(build(born)) == expected


def test_the_trail_says_who_looked_and_who_took_it() -> None:
    world = build()
    address = reverse("child_copy", args=[world.child_id])
    browser(world.users["mother"]).get(address)
    assert AuditLine.objects.filter(event="copy.read", child_id=world.child_id).count() == 1
    files = taken(world.users["mother"], world.child_id)
    line = AuditLine.objects.get(event="copy.exported", child_id=world.child_id)
    assert (line.actor_name, line.lifecycle) == ("Mother", "exported")
    assert "downloadde een kopie van het dossier" in files["bladzijden/trail.html"]


def test_the_whole_plan_is_in_it_with_earlier_versions_and_what_was_seen() -> None:
    world = build()
    world.in_force()
    seen = Evaluated(step=3, family_view="gaat goed", words="rustiger", next_review_on=date(2026, 12, 1))
    world.do("nurse", plan_actions.evaluate_goal, world.goals[0], seen)
    works = Evaluated(works=Works.WELL, family_view="past bij ons", next_review_on=date(2026, 12, 1))
    world.do("nurse", plan_actions.evaluate_plan, works)
    world.do("nurse", plan_actions.start_draft)
    world.do("nurse", plan_actions.add_goal, goal("only drafted"))
    files = taken(world.users["mother"], world.child_id)
    page, data = files["bladzijden/plan.html"], json.loads(files["gegevens/plan.json"])
    for words in (
        "goal 0",
        "agreement 0.0",
        "gaat goed",
        "rustiger",
        "past bij ons",
        "only drafted",
        "Mother: zei ja",
    ):
        assert words in page and words in files["gegevens/plan.json"], words
    assert page.count("gaat goed") == 1  # Once, though the goal stands in two versions.
    assert ["Versie 2" in one["title"] for one in data["sections"]] == [True, False]
    assert "only drafted" not in str(data["sections"][1])


def test_a_parent_reads_no_draft_that_may_not_be_seen_by_the_child() -> None:
    world = build(date(2013, 9, 14))
    world.draft()
    assert "goal 0" in taken(world.users["mother"], world.child_id)["bladzijden/plan.html"]
    assert "goal 0" not in str(taken(world.users["child"], world.child_id))


def test_every_measurement_of_a_handover_is_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from kindzorg.record.tests.test_pages import upload

    monkeypatch.setattr("kindzorg.careteam.tests.world.NOW", clock.now())
    house = RecordWorld()
    browser(house.nurse_account).post(reverse("handover_new"), upload(YUSUF))
    from kindzorg.careteam.queries import child_for
    from kindzorg.record.models import RecordItem, SourceDocument

    child_id = SourceDocument.objects.get().child_id
    subject = child_for(house.nurse, child_id, clock.now().date()).subject
    mother = house.parent(subject=subject)
    files = taken(User.objects.get(id=mother.user_id), child_id)
    data = json.loads(files["gegevens/record.json"])
    items = {one["key"]: one["items"] for one in data["sections"]}
    assert (
        len(items["measurement"])
        == RecordItem.objects.filter(kind="measurement", withdrawn=False).count()
        > 3
    )
    assert items["allergy"] and items["documents"] and items["people"]


def answers(world: needs_world.World) -> None:
    """Something of everybody in the scan; one thing that the child told its nurse first."""

    def post(who: str, page: str, *keys: str, **data: Any) -> None:
        address = reverse(f"needs_{page}", args=[world.child_id, *keys])
        assert browser(world.users[who]).post(address, data).status_code == 302

    post("samira", "open")
    post("samira", "said", "healthy", words="Dan gingen we kamperen")
    post("samira", "first", "medical", topics=["nights"])
    post("samira", "topic", "nights", now="Drie keer op", needed="Nachtzorg", importance="first")
    post("samira", "first", "development", nothing_needed="on")
    post("samira", "carrying_of", str(world.relatives["bram"]), load="much", words="Bram mist ons")
    post("noor", "first", "social", topics=["friends"])
    post("noor", "topic", "friends", feeling="bad", now="Ik zie ze weinig")
    post("noor", "topic", "feeling_safe", feeling="bad", now="Er is ruzie", nurse_first="on")


def test_the_scan_is_in_it_as_each_of_the_family_may_read_it(now: datetime) -> None:
    world = needs_world.build(now)
    answers(world)
    mother = taken(world.users["samira"], world.child_id)
    for words in ("Dan gingen we kamperen", "Nachtzorg", "Ik zie ze weinig", "Bram mist ons"):
        assert words in mother["bladzijden/needs.html"] and words in mother["gegevens/needs.json"], words
    assert "Er is ruzie" not in str(mother)


def test_what_parents_say_of_themselves_and_of_siblings_is_not_the_childs(now: datetime) -> None:
    from kindzorg.people.models import Child

    world = needs_world.build(now)
    answers(world)
    Child.objects.filter(id=world.child_id).update(birth_date=date(2013, 3, 2))
    child = taken(world.users["noor"], world.child_id)
    assert "Er is ruzie" in child["gegevens/needs.json"]
    assert not [words for words in ("kamperen", "Bram mist ons") if words in str(child)]


def test_what_professionals_discuss_about_who_pays_is_not_in_it() -> None:
    circle = Circle()
    assessed = circle.assessed()
    record_dissent(*circle.as_("gp"), assessed.id, ((), "ik zie dit anders"), circle.tick())
    files = taken(circle.users["mother"], circle.child_id)
    assert "Zorgverzekeringswet" in files["bladzijden/referral.html"]
    assert "ik zie dit anders" not in str(files)


class Links(HTMLParser):
    """The addresses and the ids of a page, and its tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src") and value]


def test_the_pages_open_without_a_connection_and_lead_to_one_another() -> None:
    world = build()
    world.in_force()
    files = taken(world.users["mother"], world.child_id)
    assert "begin-hier.html" in files and files["begin-hier.html"].count("<li>") == 18
    for name, page in files.items():
        if not name.endswith(".html"):
            continue
        found = Links(page)
        assert not {"script", "iframe", "img", "form"} & set(found.tags), name
        for link in found.links:
            parts: list[str] = []
            for part in (PurePosixPath(name).parent / link).parts:
                parts = parts[:-1] if part == ".." else [*parts, part]
            assert "/".join(parts) in files, (name, link)


def test_each_page_has_its_data_and_the_page_about_the_data_names_all() -> None:
    world = build()
    files = taken(world.users["mother"], world.child_id)
    data = {name for name in files if name.endswith(".json")}
    about = files["bladzijden/over-de-gegevens.html"]
    for name in data:
        told = json.loads(files[name])
        assert told["sections"] is not None and told["taken_by"] == "Mother" and name in about
        assert f"bladzijden/{told['chapter']}.html" in files
    assert {key for one in json.loads(files["gegevens/way.json"])["sections"] for key in one} == {
        "key",
        "title",
        "items",
    }


def test_what_somebody_wrote_stays_words() -> None:
    world = build()
    words = "<script>alert(1)</script> & zo"
    write_note(*world.as_("mother"), NewNote(LifeDomain.SOCIAL, words), world.now())
    files = taken(world.users["mother"], world.child_id)
    assert "<script>" not in files["bladzijden/notes.html"]
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; zo" in files["bladzijden/notes.html"]
    assert words in files["gegevens/notes.json"]


def test_it_is_in_the_language_of_the_reader() -> None:
    world = build()
    User.objects.filter(id=world.users["mother"].id).update(language="en")
    files = taken(User.objects.get(id=world.users["mother"].id), world.child_id)
    assert (
        "Everything about Noor" in files["start-here.html"] and '<html lang="en">' in files["start-here.html"]
    )
    assert "Role" in files["pages/people.html"] and "data/people.json" in files


def test_a_large_file_asks_no_more_statements_than_a_small_one() -> None:
    def statements(world: World) -> int:
        client = browser(world.users["mother"])
        client.get(reverse("child_copy", args=[world.child_id]))
        with CaptureQueriesContext(connection) as asked:
            client.post(reverse("child_copy", args=[world.child_id]))
        return len(asked)

    small, large = build(), build()
    for world, goals, notes in ((small, 1, 1), (large, 5, 12)):
        world.in_force(goals, 2)
        for number in range(notes):
            write_note(*world.as_("nurse"), NewNote(LifeDomain.SOCIAL, f"note {number}"), world.now())
    large.draft(1, 2)
    large.agree()
    assert statements(small) == statements(large)


def test_a_parent_finds_it_at_the_file_and_at_who_may_see_what() -> None:
    world = build()
    link = reverse("child_copy", args=[world.child_id])
    for name in ("record", "sharing"):
        page = browser(world.users["mother"]).get(reverse(name, args=[world.child_id])).content.decode()
        assert f'href="{link}"' in page and "Alles over Noor downloaden" in page
        other = browser(world.users["nurse"]).get(reverse(name, args=[world.child_id])).content.decode()
        assert link not in other


def test_the_page_asks_few_statements() -> None:
    world = build()
    client = browser(world.users["mother"])
    client.get(reverse("child_copy", args=[world.child_id]))
    with counted(most=12):
        page = client.get(reverse("child_copy", args=[world.child_id])).content.decode()
    assert "Wie betaalt de zorg?" in page and re.search(
        r"<button[^>]*>.*Alles over Noor downloaden", page, re.DOTALL
    )


def test_what_the_family_says_beside_something_and_what_it_asked_is_in_it() -> None:
    world = build()
    entry = write_note(
        *world.as_("nurse"), NewNote(LifeDomain.SOCIAL, "Moeder is streng."), world.now()
    ).entry_id
    asked = world.do("mother", make_request, NewRequest(Asked.CORRECT, About.NOTE, "Zo ben ik niet.", entry))
    world.do("nurse", decide_request, asked.id, Decision(False, "Dit zag ik.", RefusalReason.JUDGEMENT))
    files = taken(world.users["mother"], world.child_id)
    assert (
        "Het gezin zegt hierover" in files["bladzijden/notes.html"]
        and "Zo ben ik niet" in files["gegevens/notes.json"]
    )
    page = files["bladzijden/requests.html"]
    assert "Zo ben ik niet" in page and "Dit zag ik." in page and "Nurse zei nee op 14 september 2026" in page
