"""Needs in the plan of which answers are kept from somebody: no word of them, and what was made from them stays."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from kindzorg.careplan import actions, queries
from kindzorg.careplan.cover.queries import goal_lines
from kindzorg.careplan.models import AgreementTerms, DomainChoice, GoalText, PlanVersion
from kindzorg.careplan.rules import PlanNeed, plan_needs
from kindzorg.careplan.weeks import weeks_of
from kindzorg.careteam.models import Mark
from kindzorg.careteam.rules import HidesFrom, MarkedKind
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.needs.models import AnswerKind, NeedsHandover, NeedsScan
from kindzorg.needs.queries import profile_for
from kindzorg.needs.rules import (
    Answers,
    FirstPass,
    Respondent,
    TopicAnswer,
    definition,
    profile,
    profile_as_data,
)
from kindzorg.needs.unseen import key_of
from kindzorg.people.models import Child

from .conftest import NOW, TODAY, World, approve, goal, served, sign
from .doors import client, few_statements, get, url

pytestmark = pytest.mark.django_db
PARENT, CHILD = uuid4(), uuid4()
AGO = NOW - timedelta(days=3)
SHARED, SECRET = "friends", "nights"


def said(person: UUID, topic: str, words: str) -> TopicAnswer:
    who = Respondent.CHILD if person == CHILD else Respondent.PARENT
    wish = f"wens: {words}"
    return TopicAnswer(respondent=who, person_id=person, given_at=AGO, topic=topic, needed=words, wish=wish)


HIDDEN = (said(CHILD, SHARED, "geheim"), said(CHILD, SECRET, "alleen van mij"))
OPEN = said(PARENT, SHARED, "rust")


@pytest.fixture(autouse=True)
def the_day_of_the_world(settings) -> None:  # type: ignore[no-untyped-def]
    settings.KINDZORG_TODAY = NOW.date()


def handed_over(world: World) -> tuple[PlanNeed, ...]:
    """A closed scan in which the child said two things and a parent one, as the nurse takes it into the plan."""
    quiet = [
        FirstPass(
            respondent=Respondent.PARENT, person_id=PARENT, given_at=AGO, domain=one, nothing_needed=True
        )
        for one in LifeDomain
    ]
    owner = Child.objects.values_list("owner_id", flat=True).get(id=world.child_id)
    of_child = {"child_id": world.child_id, "owner_id": owner, "created_at": AGO}
    version = definition().version
    scan = NeedsScan.objects.create(
        **of_child, number=1, version=version, opened_by_id=PARENT, opened_by="Marit", closed_at=AGO
    )
    answers = Answers(version=version, first_pass=tuple(quiet), topics=(OPEN, *HIDDEN))
    whole = profile(answers, scan_id=scan.id, closed_by=PARENT, closed_at=AGO)
    data = profile_as_data(whole)
    NeedsHandover.objects.create(**of_child, scan=scan, profile=data, by_id=PARENT, by="Marit")
    return read(world, "nurse")


def read(world: World, who: str) -> tuple[PlanNeed, ...]:
    found = profile_for(*world.as_(who), TODAY)
    assert found
    return plan_needs(found)


def mark(world: World, side: HidesFrom = HidesFrom.PARENTS) -> None:
    owner = Child.objects.values_list("owner_id", flat=True).get(id=world.child_id)
    for one in HIDDEN:
        Mark.objects.create(
            child_id=world.child_id,
            owner_id=owner,
            created_at=NOW,
            object_kind=MarkedKind.NEEDS_ANSWER,
            object_id=key_of(AnswerKind.TOPICS, one),
            hides_from=side,
            by_child=True,
            by_id=CHILD,
            by="Kind",
            starts=TODAY,
        )


def drafted(world: World) -> tuple[PlanNeed, PlanNeed]:
    """A draft made before the mark: both needs quoted in goal, agreement and "no goal"."""
    needs = handed_over(world)
    shared, secret = (next(one for one in needs if one.topic == topic) for topic in (SHARED, SECRET))
    world.do("nurse", actions.draft_from_needs, needs)
    found = queries.draft_for(*world.as_("nurse"), TODAY)
    assert found and len(found.goals) == 2
    world.goals = [one.id for one in found.goals]
    content = goal("met vrienden zijn", needs=(served(shared), served(secret)))
    world.do("nurse", actions.change_goal, world.goals[0], content, 1)
    world.do("nurse", actions.remove_goal, world.goals[1], "", 1)
    world.do("nurse", actions.choose_no_goal, secret.need_id, "wacht even")
    world.do("nurse", actions.add_agreement, world.nurse_does("oefenen", goal_id=world.goals[0]))
    talk = world.nurse_does("praten", goal_id=None, need=served(secret))
    listen = world.nurse_does("luisteren", goal_id=None, need=served(shared))
    world.agreements = [world.do("nurse", actions.add_agreement, one) for one in (talk, listen)]
    return shared, secret


def test_the_words_are_nowhere_in_the_plan_for_who_may_not_read_them(world: World) -> None:
    drafted(world)
    PlanVersion.objects.update(status="in_force", in_force_at=NOW)
    about = [("plan",), ("plan_full",), ("plan_family",), ("plan_changes", 1), ("plan_version", 1)]
    about += [("plan_goal", world.goals[0]), *(("plan_agreement", one) for one in world.agreements)]
    before = "".join(get(world, "mother", *one) for one in about)
    assert "geheim" in before and "alleen van mij" in before
    mark(world)
    for one in about:
        browser = client(world, "mother")
        browser.get(url(world, *one))
        with few_statements():
            page = browser.get(url(world, *one)).content.decode()
        assert "geheim" not in page and "van mij" not in page and "wacht even" not in page, one
    page = get(world, "mother", "plan_goal", world.goals[0])
    assert "rust" in page and "met vrienden zijn" in page
    assert "praten" in get(world, "mother", "plan_full")
    nurse = "".join(get(world, "nurse", *one) for one in about)
    assert all(words in nurse for words in ("geheim", "alleen van mij", "wacht even"))
    plan = queries.plan_for(*world.as_("mother"), TODAY)
    assert plan and [(one.words, one.wish) for one in plan.needs] == [("rust", "wens: rust")]
    assert [one.content.need and one.content.need.words for one in plan.loose] == [None, "rust"]
    every = queries.every_version_for(*world.as_("mother"), TODAY)
    outcome = queries.plan_outcome(*world.as_("mother"), NOW)
    changes = queries.changes_in(*world.as_("mother"), 1, TODAY)
    nurse_and_child = world.as_("nurse")
    week = weeks_of(nurse_and_child[0], [world.child_id], TODAY, TODAY)[world.child_id]
    glance = goal_lines(*nurse_and_child, week, TODAY)
    found = f"{every}{outcome}{changes}{glance}"
    assert "geheim" not in found and "van mij" not in found and "rust" in found
    assert queries.frozen_outcome(*world.as_("mother"), TODAY) is None
    assert "van mij" in str(queries.plan_outcome(*world.as_("child"), NOW))


def test_what_was_frozen_at_the_end_is_read_without_them(world: World) -> None:
    drafted(world)
    PlanVersion.objects.update(status="in_force", in_force_at=NOW)
    world.do("nurse", actions.freeze_outcome)
    mark(world)
    mother = queries.frozen_outcome(*world.as_("mother"), TODAY)
    nurse = queries.frozen_outcome(*world.as_("nurse"), TODAY)
    assert mother and nurse and "van mij" in str(nurse) and "van mij" not in str(mother)
    assert [one.words for one in mother.open_needs] == ["rust"]


def test_a_plan_begun_from_the_needs_puts_no_hidden_word_in_a_goal(world: World) -> None:
    needs = handed_over(world)
    mark(world)
    world.do("nurse", actions.draft_from_needs, needs)
    assert [one.words for one in GoalText.objects.all()] == ["wens: rust"]
    assert [one["words"] for one in GoalText.objects.get().needs] == ["rust"]
    draft = queries.draft_for(*world.as_("nurse"), TODAY)
    assert draft and {one.topic for one in draft.needs} == {SHARED, SECRET}
    assert "alleen van mij" in str(draft.needs_without_answer)
    for one in needs:
        found = client(world, "nurse").get(url(world, "plan_goal_new"), {"need": str(one.need_id)})
        begins = found.context["form"].initial["words"]
        assert begins == ("wens: rust" if one.topic == SHARED else "")
    assert "geheim" not in str(queries.plan_for(*world.as_("mother"), TODAY))


def test_who_does_not_see_a_need_takes_it_from_nobody_by_writing(world: World) -> None:
    drafted(world)
    mark(world)
    draft = queries.draft_for(*world.as_("mother"), TODAY)
    assert draft and "geheim" not in str(draft) and "van mij" not in str(draft)
    (row,) = draft.goals
    world.do("mother", actions.change_goal, row.id, replace(row.content, words="anders"), row.revision)
    kept = GoalText.objects.get(goal_id=row.id)
    assert kept.words == "anders" and [one["words"] for one in kept.needs] == [
        "rust; geheim",
        "alleen van mij",
    ]
    for one in draft.loose:
        content = replace(one.content, where="buiten")
        world.do("mother", actions.change_agreement, one.id, content, one.revision)
    needs = [one.need["words"] for one in AgreementTerms.objects.filter(agreement_id__in=world.agreements)]
    assert sorted(needs) == ["alleen van mij", "rust; geheim"]
    taken = world.do("mother", actions.draft_from_needs, read(world, "mother"))
    assert {one["topic"] for one in taken.needs} == {SHARED, SECRET}
    assert DomainChoice.objects.get().need["words"] == "alleen van mij"


def test_what_a_hidden_need_lacks_is_not_told(world: World) -> None:
    drafted(world)
    mark(world)
    for kind, key in (("no_goal", world.goals[0]), ("agreement", world.agreements[0])):
        if kind == "no_goal":
            world.do("nurse", actions.take_back_no_goal, UUID(DomainChoice.objects.get().need["need_id"]))
        else:
            world.do("nurse", actions.remove_agreement, key, "", 1)
    row = GoalText.objects.get()
    content = goal("met vrienden zijn", needs=())
    world.do("nurse", actions.change_goal, row.goal_id, content, row.revision)
    lacks = {
        who: {one.about for one in queries.checked_draft_for(*world.as_(who), TODAY).lacks}  # type: ignore[union-attr]
        for who in ("nurse", "mother")
    }
    assert lacks == {"nurse": {"alleen van mij"}, "mother": set()}


def test_what_is_kept_from_the_child_the_child_does_not_read_and_its_mother_does(world: World) -> None:
    drafted(world)
    PlanVersion.objects.update(status="in_force", in_force_at=NOW)
    mark(world, HidesFrom.CHILD)
    assert "geheim" not in get(world, "child", "plan_goal", world.goals[0])
    assert "geheim" in get(world, "mother", "plan_goal", world.goals[0])


def test_the_whole_way_with_something_hidden(world: World) -> None:
    drafted(world)
    mark(world)
    version = world.do("nurse", actions.offer_version)
    for parent in ("mother", "father"):
        sign(world, parent, version.number)
    assert approve(world, "doctor", version.number).status == "in_force"
    assert "geheim" not in str(queries.shown_plan_for(*world.as_("mother"), TODAY))
