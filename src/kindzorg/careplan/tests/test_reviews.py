"""Looking at the plan together: who plans, who prepares and reads, who is asked, and the way back."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kindzorg.access.roles import Role
from kindzorg.audit.models import AuditLine
from kindzorg.careplan import watching
from kindzorg.careplan.evaluations.rules import Success, success
from kindzorg.careplan.reviews import actions, queries, rules
from kindzorg.careplan.reviews.models import Preparation, Review, ReviewStep
from kindzorg.careplan.reviews.rules import Ask, DueBecause, NewPreparation, NewReview
from kindzorg.careplan.rules import EvaluationView, GoalState, WayOn
from kindzorg.careteam.queries import opened_children
from kindzorg.core.errors import Invalid, Missing, Refused
from kindzorg.core.ids import new_id
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.journey.models import CareJourney
from kindzorg.journey.waiting import waiting_in
from kindzorg.notices.models import Notice
from kindzorg.notices.rules import Way
from kindzorg.people.models import Child

from .conftest import TODAY, World, build, sign
from .doors import client, few_statements, get, post, url
from .test_proposals_seen import narrowed

pytestmark = pytest.mark.django_db
TEENAGER = date(2013, 5, 1)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """A girl of thirteen with a plan in force, on a fixed day."""
    made = build(TEENAGER)
    made.draft(2, 1)
    made.agree()
    sign(made, "child", 1)
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: made.moment)
    monkeypatch.setattr(watching, "LOOKED", {})
    return made


def planned(world: World, days: int = 20, **parts: Any) -> UUID:
    made: UUID = world.do("nurse", actions.plan_review, NewReview(on_day=TODAY + timedelta(days), **parts))
    return made


def prepares(world: World, who: str, review: UUID, well: str = "Het slapen.", **parts: Any) -> UUID:
    new = NewPreparation(review_id=review, well=well, **parts)
    made: UUID = world.do(who, actions.prepare, new)
    return made


def reads(world: World, who: str, review: UUID) -> list[str]:
    found = queries.preparations_for(*world.as_(who), world.moment.date(), review)
    return [one.well for one in found.get(review, ())]


def few(world: World, who: str, name: str, *keys: Any) -> None:
    browser = client(world, who)
    browser.get(url(world, "plan"))  # What only the first page of a session asks.
    with few_statements():
        assert browser.get(url(world, name, *keys)).status_code == 200


def told(world: World, kind: str) -> set[str]:
    ids = set(Notice.objects.filter(kind=kind, way=Way.IN_APP).values_list("recipient_id", flat=True))
    return {who for who, user in world.users.items() if user.id in ids}


def test_the_family_stands_first_and_another_wording_takes_the_place(world: World) -> None:
    review = planned(world)
    prepares(world, "nurse", review, "van nurse")
    prepares(world, "mother", review, "eerst")
    prepares(world, "mother", review, "van mother")
    prepares(world, "mother", review, "bij het doel", goal_id=world.goals[0])
    for who in ("nurse", "father", "child"):
        assert reads(world, who, review) == ["van mother", "bij het doel", "van nurse"]
    assert Preparation.objects.count() == 4
    with connection.cursor() as cursor:
        cursor.execute("SELECT well, not_well, words FROM careplan_preparation")
        assert "van mother" not in str(cursor.fetchall())
    with pytest.raises(DatabaseError), transaction.atomic():
        Preparation.objects.update(well="anders")


def test_what_is_not_shared_is_the_own(world: World) -> None:
    review = planned(world)
    prepares(world, "mother", review, shared=False)
    assert reads(world, "mother", review) == ["Het slapen."]
    assert reads(world, "father", review) == reads(world, "nurse", review) == []
    assert "alleen voor u" in get(world, "mother", "review", review)


def test_a_child_keeps_it_from_its_parents_and_gives_it_back(world: World) -> None:
    review = planned(world)
    entry = prepares(world, "child", review, "van mij", from_parents=True)
    prepares(world, "child", review, "van mij", from_parents=True)
    assert reads(world, "mother", review) == []
    assert reads(world, "nurse", review) == reads(world, "child", review) == ["van mij"]
    assert "review.prepared" in set(AuditLine.objects.filter(object_id=entry).values_list("event", flat=True))
    assert "wat er goed gaat" not in get(world, "mother", "child_trail")
    prepares(world, "child", review, "voor ons allemaal")
    assert reads(world, "mother", review) == ["voor ons allemaal"]


def test_what_is_kept_stays_so_when_it_is_saved_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    world = build(date(TODAY.year - 17, 1, 1))
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: world.moment)
    review = planned(world)
    prepares(world, "child", review, "van mij", from_parents=True)
    asked = client(world, "child").get(url(world, "review_prepare", review)).context["form"]
    assert asked["from_parents"].value() is True
    typed = {name: asked[name].value() for name in ("well", "reach")}
    post(world, "child", "review_prepare", review, **typed, next="Buiten.", from_parents="on")
    entries = {row.entry_id for row in Preparation.objects.all()}
    assert len(entries) == 1 and reads(world, "child", review) == ["van mij"]
    page = client(world, "child").get(url(world, "review_prepare", review))
    assert page.context["form"]["from_parents"].value() is True
    few(world, "child", "review_prepare", review)


def test_a_domain_that_is_closed_is_not_there(world: World) -> None:
    medical = planned(world, domains=frozenset({LifeDomain.MEDICAL}))
    whole = planned(world)
    narrowed(world, "teacher", "development")
    with pytest.raises(Missing):
        prepares(world, "teacher", medical, domain=LifeDomain.DEVELOPMENT)
    with pytest.raises(Refused):
        prepares(world, "teacher", whole)
    with pytest.raises(Refused):
        prepares(world, "teacher", whole, domain=LifeDomain.MEDICAL)
    with pytest.raises(Missing):
        prepares(world, "teacher", whole, goal_id=world.goals[0])
    prepares(world, "teacher", whole, "van school", domain=LifeDomain.DEVELOPMENT)
    prepares(world, "nurse", whole, "over alles")
    assert reads(world, "teacher", whole) == ["van school"]
    narrowed(world, "doctor", "medical")
    assert reads(world, "doctor", whole) == []
    assert reads(world, "mother", whole) == ["over alles", "van school"]
    get(world, "teacher", "review", medical, status=404)
    assert "van school" in get(world, "teacher", "review", whole)
    narrowed(world, "nurse", "medical")
    with pytest.raises(Refused):
        planned(world)


def test_who_prepares_is_asked_the_family_first_and_nobody_twice(world: World) -> None:
    review = planned(world, 14)
    assert told(world, Ask.PREPARE) == {"mother", "father", "child"}
    assert queries.to_ask(watching.ACTOR, TODAY) == ((world.child_id, review),)
    later = world.moment + timedelta(days=2)
    assert watching.ask_to_prepare(later) == 5
    assert watching.ask_to_prepare(later) == 0
    assert told(world, Ask.PREPARE) == set(world.users) - {"aunt"}
    world.moment = later
    prepares(world, "mother", review)
    watching.LOOKED.clear()
    assert watching.ask_to_prepare(world.moment + timedelta(days=10)) > 0
    assert "mother" not in told(world, Ask.SOON) and "father" in told(world, Ask.SOON)


def test_who_was_asked_is_asked_anew_after_it_moved(world: World) -> None:
    review = planned(world, 14)
    first = Notice.objects.filter(kind=Ask.PREPARE, way=Way.IN_APP).count()
    world.do("nurse", actions.move_review, review, TODAY + timedelta(13))
    assert watching.ask_to_prepare(world.now()) == first
    watching.LOOKED.clear()
    assert watching.ask_to_prepare(world.now()) == 0


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_two_workers_do_not_ask_at_the_same_time(world: World) -> None:
    planned(world, 14)
    with CaptureQueriesContext(connection) as caught:
        watching.ask_to_prepare(world.moment + timedelta(days=2))
    assert any("careplan_review" in one["sql"] and "FOR UPDATE" in one["sql"] for one in caught)


@pytest.mark.parametrize("over", ["died", "merged", "closed"])
def test_nobody_is_asked_when_life_the_file_or_the_journey_ended(world: World, over: str) -> None:
    planned(world, 14)
    assert waits(world, "mother", TODAY) == ["review_to_prepare"] and queries.to_ask(watching.ACTOR, TODAY)
    child = Child.objects.filter(id=world.child_id)
    if over == "died":
        child.update(died_on=TODAY)
    elif over == "merged":
        child.update(merged_into=child.get())
    else:
        CareJourney.objects.update(phase="closed", closed_at=world.moment)
    assert not queries.to_ask(watching.ACTOR, TODAY)
    assert waits(world, "mother", TODAY) == []
    assert waits(world, "nurse", TODAY + rules.CYCLE) == []


def test_after_a_death_no_review_is_planned(world: World) -> None:
    review = planned(world, 14)
    Child.objects.filter(id=world.child_id).update(died_on=TODAY)
    with pytest.raises(Invalid, match="review_child_died"):
        planned(world)
    day = (TODAY + timedelta(9)).isoformat()
    page = post(world, "nurse", "review_end", review, "hold", words="Samen gekeken.", next_on=day)
    assert "geen nieuwe evaluatie meer" in page.content.decode() and "Samen gekeken." in page.content.decode()
    assert post(world, "nurse", "review_end", review, "hold", words="Samen gekeken.").status_code == 302


def test_held_and_the_next_day_are_saved_together_or_not_at_all(world: World) -> None:
    review = planned(world)
    for day in ("2020-01-01", "2040-01-01"):
        page = post(world, "nurse", "review_end", review, "hold", words="Zo doorgaan.", next_on=day)
        assert "hoogstens twee jaar" in page.content.decode() and "Zo doorgaan." in page.content.decode()
        assert queries.review_for(*world.as_("nurse"), review, TODAY).open
    assert not ReviewStep.objects.exists()


def test_a_review_moves_is_held_or_dropped(world: World) -> None:
    first, second = planned(world), planned(world, 30)
    world.do("nurse", actions.move_review, first, TODAY + timedelta(5))
    assert queries.review_for(*world.as_("mother"), first, TODAY).on_day == TODAY + timedelta(5)
    assert told(world, "review_moved") >= {"mother", "father"}
    prepares(world, "father", first)
    world.do("nurse", actions.hold_review, first, "Zo doorgaan.")
    world.do("nurse", actions.drop_review, second, "Ziek.")
    with pytest.raises(Invalid, match="review_over"):
        prepares(world, "father", first, "nog iets")
    with pytest.raises(Invalid, match="review_over"):
        world.do("nurse", actions.hold_review, second, "")
    assert "Zo doorgaan." in get(world, "mother", "review", first)
    narrowed(world, "doctor", "medical")
    assert "Zo doorgaan." not in get(world, "doctor", "review", first)
    with pytest.raises(Refused):
        world.do("mother", actions.move_review, second, TODAY)
    with pytest.raises(Missing):
        world.do("nurse", actions.move_review, new_id(), TODAY)


def test_what_cannot_be_planned_or_prepared(world: World) -> None:
    for new in (NewReview(on_day=TODAY - timedelta(1)), NewReview(on_day=TODAY + timedelta(900))):
        with pytest.raises(Invalid, match="review_other_day"):
            world.do("nurse", actions.plan_review, new)
    with pytest.raises(Invalid, match="review_of_nothing"):
        planned(world, domains=frozenset())
    review = planned(world)
    with pytest.raises(Invalid, match="preparation_says_nothing"):
        prepares(world, "mother", review, " ")
    with pytest.raises(Invalid, match="preparation_too_long"):
        prepares(world, "mother", review, "x" * 4000)
    with pytest.raises(Missing):
        queries.any_review(watching.ACTOR, world.as_("nurse")[1], new_id())


def test_pages_to_plan_prepare_and_hold(world: World) -> None:
    day = (TODAY + timedelta(10)).isoformat()
    old = post(world, "nurse", "review_new", on_day="2020-01-01", domains=["medical"])
    assert "hoogstens twee jaar" in old.content.decode()
    made = post(world, "nurse", "review_new", on_day=day, domains=[str(one) for one in LifeDomain])
    review = Review.objects.get().id
    assert made.url == url(world, "review", review)
    empty = post(world, "mother", "review_prepare", review, reach="all")
    assert "ten minste één" in empty.content.decode()
    post(world, "mother", "review_prepare", review, well="Het slapen.", reach="own")
    assert "Het slapen." in get(world, "mother", "review_prepare", review)
    prepares(world, "child", review, "", next="Vaker buiten.", from_parents=True)
    assert "Vaker buiten." in get(world, "nurse", "review", review)
    goal = f"{url(world, 'review_prepare', review)}?goal={world.goals[0]}"
    assert client(world, "mother").get(goal).status_code == 200
    assert client(world, "mother").get(f"{goal}0").status_code == 404
    for name in ("reviews", "review"):
        for who in ("mother", "nurse", "child"):
            few(world, who, name, *([review] if name == "review" else []))
    assert "Op welke dag?" in get(world, "nurse", "review_end", review, "move")
    get(world, "nurse", "review_end", review, "what", status=404)
    post(world, "nurse", "review_end", review, "move", on_day=(TODAY + timedelta(3)).isoformat())
    bad = post(world, "nurse", "review_end", review, "move", on_day="2020-01-01")
    assert "hoogstens twee jaar" in bad.content.decode()
    post(world, "nurse", "review_end", review, "hold", words="Goed zo.", next_on=day)
    assert Review.objects.count() == 2
    again = Review.objects.exclude(id=review).get().id
    post(world, "nurse", "review_end", again, "drop", words="Vakantie.")
    late = post(world, "mother", "review_prepare", review, well="te laat", reach="all")
    assert "voorbij" in late.content.decode()
    assert "Vakantie." in get(world, "nurse", "review", again)
    assert "Goed zo." in get(world, "father", "review", review)


def waits(world: World, who: str, on: date) -> list[str]:
    children = opened_children(world.actor(who), on)
    rows = queries.review_rows_for(world.actor(who), children, on)
    return [one.kind for one in waiting_in(rows)]


def test_what_waits(world: World) -> None:
    assert waits(world, "nurse", TODAY) == []
    half = TODAY + rules.CYCLE
    assert waits(world, "nurse", half) == ["review_to_plan"]
    assert waits(world, "mother", half) == []
    review = planned(world, 14)
    assert waits(world, "mother", TODAY) == waits(world, "doctor", TODAY) == ["review_to_prepare"]
    narrowed(world, "teacher", "")
    prepares(world, "mother", review)
    assert waits(world, "mother", TODAY) == []
    assert waits(world, "father", TODAY + timedelta(15)) == []
    partly = planned(world, 10, domains=frozenset({LifeDomain.SAFETY}))
    narrowed(world, "doctor", "medical")
    assert waits(world, "doctor", TODAY) == ["review_to_prepare"]
    assert partly


def test_when_it_is_due() -> None:
    begun = TODAY - timedelta(100)
    assert rules.due(begun, None, None, ()).because is DueBecause.CYCLE
    assert rules.due(begun, TODAY, TODAY + timedelta(9), ()).because is DueBecause.SAID
    found = rules.due(begun, TODAY, TODAY + timedelta(9), (TODAY, TODAY + timedelta(3)))
    assert found == rules.Due(day=TODAY, because=DueBecause.GOAL)


def test_who_is_asked_when() -> None:
    day = TODAY + timedelta(14)
    assert rules.asked_now(day, Role.CHILD, TODAY) is Ask.PREPARE
    assert rules.asked_now(day, Role.GP, TODAY) is None
    assert rules.asked_now(day, Role.GP, TODAY + timedelta(2)) is Ask.PREPARE
    assert rules.asked_now(day, Role.GP, TODAY + timedelta(11)) is Ask.SOON
    assert rules.asked_now(day, Role.CHILD, TODAY + timedelta(15)) is None


def seen(step: int) -> EvaluationView:
    said = {"family_view": "", "words": "", "next_review_on": None, "by": "", "organisation": ""}
    return EvaluationView(step=step, way_on=WayOn.CONTINUE, at=timezone.now(), **said)


def test_what_is_a_success() -> None:
    assert success((), GoalState.COMPLETED) is Success.REACHED
    assert success([seen(5), seen(2)], GoalState.ACTIVE) is Success.REACHED
    assert success([seen(3), seen(2)], GoalState.ACTIVE) is Success.STEP_UP
    assert success([seen(2), seen(3)], GoalState.ACTIVE) is None
    assert success([seen(2)], GoalState.ACTIVE) is None
