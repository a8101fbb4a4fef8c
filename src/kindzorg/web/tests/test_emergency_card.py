"""The emergency card: what stands on it, who may give it away, and what whoever holds it sees, until when."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kindzorg.audit.models import AuditLine
from kindzorg.careplan import actions
from kindzorg.careplan.cards.models import CardLink
from kindzorg.careplan.cards.queries import what_if
from kindzorg.careplan.cards.rules import HOW_LONG, LIVE_AT_MOST, Lasting, NewCard, check_card, tells
from kindzorg.careplan.rules import Occasion
from kindzorg.careplan.tests.conftest import NOW, World, build, goal
from kindzorg.careteam.authority.actions import record_restriction
from kindzorg.careteam.authority.rules import NewRestriction
from kindzorg.careteam.rules import RestrictionKind
from kindzorg.core.errors import Invalid
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.notices.models import Notice
from kindzorg.people.calendars.rules import MOST
from kindzorg.people.models import Child, User
from kindzorg.referral.tests.conftest import counted
from kindzorg.web import emergency_card

pytestmark = pytest.mark.django_db
ADDRESS = re.compile(r">http://testserver(/card/[\w-]{43})<")


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The moment of now, to be set by a test."""
    moment = [NOW + timedelta(hours=6)]
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: moment[0])
    return moment


@pytest.fixture
def family() -> World:
    """A plan in force with one agreement for a crisis, one for when it gets worse, and an ordinary one."""
    world = build()
    world.draft(1, 1)
    said = {Occasion.WORSE: "fever since noon", Occasion.CRISIS: "the tube is out"}
    for occasion, situation in said.items():
        content = world.nurse_does(
            f"call, {occasion}", occasion=occasion, situation=situation, when="", where=""
        )
        world.agreements.append(world.do("nurse", actions.add_agreement, content))
    assert world.agree().status == "in_force"
    return world


def client(world: World, who: str) -> Client:
    browser = Client()
    browser.force_login(world.users[who])
    return browser


def share(world: World) -> str:
    return reverse("card_share", args=[world.child_id])


def gives(world: World, who: str = "mother", lasting: Lasting = Lasting.WEEK) -> str:
    """Somebody gives a card away; the address that the page shows, once."""
    page = client(world, who).post(share(world), {"label": "de buren", "lasting": lasting}).content.decode()
    found = ADDRESS.search(page)
    assert found and "<svg" in page
    assert found[1] not in client(world, who).get(share(world)).content.decode()
    return found[1]


def test_the_crisis_stands_first_and_an_ordinary_agreement_is_not_on_it(family: World) -> None:
    page = client(family, "mother").get(reverse("child_card", args=[family.child_id])).content.decode()
    assert page.index("the tube is out") < page.index("fever since noon")
    assert "agreement 0.0" not in page
    assert "Er is een plan" in page
    assert "Kaart om weg te geven" in page


def test_what_is_over_is_not_on_it(family: World) -> None:
    crisis = family.agreements[2]
    family.do("nurse", actions.answer_agreement, crisis, "declined", "not possible")
    page = client(family, "mother").get(reverse("child_card", args=[family.child_id])).content.decode()
    assert "the tube is out" not in page
    assert "fever since noon" in page


def test_it_can_be_kept_as_a_file_and_the_trail_says_so(
    family: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[dict[str, Any]] = []
    kept = emergency_card.make_pdf

    def made(room: str, name: str, data: dict[str, Any]) -> bytes:
        shown.append(data)
        return kept(room, name, data)

    monkeypatch.setattr("kindzorg.web.emergency_card.make_pdf", made)
    found = client(family, "mother").get(reverse("card_pdf", args=[family.child_id]))
    assert found.content.startswith(b"%PDF") and ".pdf" in found["Content-Disposition"]
    titles = [one["title"] for one in shown[0]["parts"]]
    assert titles[0] == "Wat te doen als het misgaat" and "Er is een plan" in titles
    assert "the tube is out" in str(shown[0]["parts"][0])
    line = AuditLine.objects.get(event="card.taken_out")
    assert line.actor_id == family.users["mother"].id
    assert client(family, "aunt").get(reverse("card_pdf", args=[family.child_id])).status_code == 404


def test_it_asks_few_statements(family: World) -> None:
    mother, address = client(family, "mother"), reverse("child_card", args=[family.child_id])
    mother.get(address)
    with counted(most=12):
        assert mother.get(address).status_code == 200


@pytest.mark.parametrize("who", ["nurse", "doctor", "aunt", "child"])
def test_only_the_family_with_authority_gives_it_away(family: World, who: str) -> None:
    browser = client(family, who)
    assert browser.get(share(family)).status_code == 404
    assert browser.post(share(family), {"label": "x", "lasting": "day"}).status_code == 404
    gives(family)
    link = CardLink.objects.get()
    assert browser.post(reverse("card_end", args=[family.child_id, link.id])).status_code == 404
    assert CardLink.objects.get().revoked_at is None


def test_whoever_holds_it_sees_it_on_a_press_and_stays_unknown(family: World) -> None:
    address = gives(family)
    outside = Client()
    door = outside.get(address)
    assert door.status_code == 200
    assert "Noor" not in door.content.decode()
    assert not AuditLine.objects.filter(event="card.opened").exists()
    shown = Client(enforce_csrf_checks=True).post(address)
    assert shown.status_code == 200
    for words in ("Noor Test", "the tube is out", "fever since noon"):
        assert words in shown.content.decode()
    assert not shown.cookies
    assert shown["Cache-Control"] == "private, no-store"
    assert shown["Referrer-Policy"] == "no-referrer"
    assert shown["X-Robots-Tag"] == "noindex"


def test_each_look_is_a_line_and_the_family_is_told_once_an_hour(
    family: World, clock: list[datetime]
) -> None:
    address = gives(family)
    for minutes, lines, told in ((0, 1, 1), (20, 2, 1), (85, 3, 2)):
        clock[0] = NOW + timedelta(hours=6, minutes=minutes)
        Client().post(address, REMOTE_ADDR="192.0.2.7")
        assert AuditLine.objects.filter(event="card.opened").count() == lines
        notices = Notice.objects.filter(kind="card.opened", way="in_app")
        heard = sorted([family.users["mother"].id, family.users["father"].id] * told)
        assert sorted(one.recipient_id for one in notices) == heard, minutes
    line, link = AuditLine.objects.filter(event="card.opened").latest("at"), CardLink.objects.get()
    assert (line.actor_id, line.actor_name, line.on_behalf_of) == (link.id, "de buren", "Mother")
    assert (line.child_id, line.kind, line.permission) == (family.child_id, "R", "card.share")
    assert line.access_point == "192.0.2.7"
    assert link.opened == 3
    listed = client(family, "mother").get(share(family)).content.decode()
    assert "3 keer bekeken" in listed


def test_unknown_over_and_taken_back_are_the_same_nothing(family: World, clock: list[datetime]) -> None:
    taken, over = gives(family), gives(family, lasting=Lasting.DAY)
    link = CardLink.objects.order_by("created_at", "id").first()
    assert link is not None
    father = client(family, "father")
    assert father.post(reverse("card_end", args=[family.child_id, link.id])).status_code == 302
    assert father.post(reverse("card_end", args=[family.child_id, link.id])).status_code == 404
    clock[0] += HOW_LONG[Lasting.DAY]
    answers = [Client().post(one) for one in (taken, over, f"/card/{'a' * 43}", "/card/x")]
    assert {one.status_code for one in answers} == {404}
    assert len({one.content for one in answers}) == 1
    assert [Client().get(one).status_code for one in (taken, over)] == [404, 404]


def test_the_card_ends_with_the_right_of_who_gave_it(family: World) -> None:
    address = gives(family, "father")
    assert Client().post(address).status_code == 200
    new = NewRestriction(family.relatives["father"], RestrictionKind.SEE, "order of the court")
    family.do("nurse", record_restriction, new)
    assert Client().post(address).status_code == 404
    other = gives(family)
    User.objects.filter(id=family.users["mother"].id).update(is_active=False)
    assert Client().post(other).status_code == 404


def test_from_16_the_cards_of_the_parents_end_and_the_young_person_gives_its_own(
    family: World, clock: list[datetime]
) -> None:
    address = gives(family, lasting=Lasting.YEAR)
    Child.objects.filter(id=family.child_id).update(birth_date=clock[0].date() - timedelta(days=17 * 365))
    assert Client().post(address).status_code == 404
    assert Client().post(gives(family, "child")).status_code == 200


def test_a_child_from_12_is_told_that_a_card_was_given(clock: list[datetime]) -> None:
    young, old = build(), build(birth_date=NOW.date() - timedelta(days=13 * 366))
    for world in (young, old):
        gives(world)
    told = Notice.objects.filter(kind="card.shared")
    assert {one.recipient_id for one in told} == {old.users["child"].id}


def test_a_card_of_a_child_that_died_shows_nothing(family: World, clock: list[datetime]) -> None:
    address = gives(family)
    Child.objects.filter(id=family.child_id).update(died_on=clock[0].date())
    assert Client().post(address).status_code == 404


def test_it_is_not_opened_without_end(family: World) -> None:
    address = gives(family)
    assert {Client().post(address).status_code for _ in range(MOST)} == {200}
    again = Client().post(address)
    assert again.status_code == 429
    assert "112" in again.content.decode()


def test_typed_badly_keeps_what_was_typed(family: World) -> None:
    mother = client(family, "mother")
    for given in ({"label": "", "lasting": "week"}, {"label": "oma", "lasting": "ever"}, {"label": "o" * 81}):
        answer = mother.post(share(family), given)
        assert answer.status_code == 200
        assert answer.context["form"].errors
        assert given.get("label", "") in answer.content.decode()
    assert not CardLink.objects.exists()


def test_there_are_not_more_than_somebody_can_oversee(family: World) -> None:
    for _ in range(LIVE_AT_MOST):
        gives(family)
    answer = client(family, "mother").post(share(family), {"label": "one more", "lasting": "week"})
    assert "Er zijn al 10 kaarten" in answer.content.decode()
    assert CardLink.objects.count() == LIVE_AT_MOST


@pytest.mark.parametrize(
    ("new", "live", "code"),
    [
        (NewCard("oma", Lasting.DAY), LIVE_AT_MOST - 1, None),
        (NewCard(" ", Lasting.DAY), 0, "card_label_required"),
        (NewCard("oma", Lasting.YEAR), LIVE_AT_MOST, "card_too_many"),
    ],
)
def test_what_a_card_needs(new: NewCard, live: int, code: str | None) -> None:
    if code is None:
        check_card(new, live)
    else:
        with pytest.raises(Invalid, match=code):
            check_card(new, live)


def test_one_look_is_told_once() -> None:
    assert tells(None, NOW)
    assert not tells(NOW, NOW + timedelta(minutes=59))
    assert tells(NOW, NOW + timedelta(minutes=60))


def test_who_sees_only_some_domains_reads_only_their_agreements(family: World) -> None:
    """The three agreements serve a medical goal; one more, for a crisis, serves a social one."""
    family.do("nurse", actions.start_draft)
    social = family.do("nurse", actions.add_goal, goal("friends", domains=(LifeDomain.SOCIAL,)))
    content = family.nurse_does(
        "call", goal_id=social, occasion=Occasion.CRISIS, situation="alone at school", when="", where=""
    )
    family.do("nurse", actions.add_agreement, content)
    assert family.agree().status == "in_force"
    actor, subject = family.as_("mother")
    plan, held = what_if(actor, subject, family.moment.date())
    assert plan and {one.content.situation for one in held} == {
        "alone at school", "the tube is out", "fever since noon",
    }  # fmt: skip
    medical = replace(
        actor, grants=tuple(replace(one, domains=frozenset({LifeDomain.MEDICAL})) for one in actor.grants)
    )
    _plan, held = what_if(medical, subject, family.moment.date())
    assert {one.content.situation for one in held} == {"the tube is out", "fever since noon"}


def test_without_a_plan_there_is_a_card_all_the_same() -> None:
    world = build()
    page = client(world, "mother").get(reverse("child_card", args=[world.child_id])).content.decode()
    assert "Wie u belt" in page
    assert "Er is een plan" not in page
