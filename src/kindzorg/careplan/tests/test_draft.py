"""Writing in the draft: goals, agreements, conscious "no goal", and two people at once."""

from datetime import timedelta

import pytest

from kindzorg.audit.models import AuditLine
from kindzorg.careplan import actions, queries
from kindzorg.careplan.models import Agreement, DomainChoice, GoalStep, GoalText, PlanVersion
from kindzorg.careplan.rules import AgreementContent, GoalState, Who, WhoKind
from kindzorg.careplan.tests.conftest import LATER, goal, need, served
from kindzorg.careteam.models import Grant
from kindzorg.core.errors import Conflict, Invalid, Missing, Refused
from kindzorg.core.ids import new_id
from kindzorg.core.vocabulary import LifeDomain

pytestmark = pytest.mark.django_db


def draft(world, who: str = "nurse"):
    return queries.draft_for(*world.as_(who), world.moment.date())


def last_event() -> str:
    return AuditLine.objects.order_by("at", "id").values_list("event", flat=True).last()


def test_everything_of_a_goal_is_kept(world) -> None:
    world.do("nurse", actions.start_draft)
    sleep = need("sleep")
    content = goal(
        "we sleep again",
        domains=(LifeDomain.MEDICAL, LifeDomain.SOCIAL),
        steps=("never", "", "", "", "all week"),
        needs=(served(sleep),),
    )
    goal_id = world.do("mother", actions.add_goal, content)
    (kept,) = draft(world).goals
    assert (kept.id, kept.content, kept.state, kept.step) == (goal_id, content, "proposed", None)
    assert (kept.changed_by, kept.revision, kept.review_due) == ("Mother", 1, LATER)
    assert draft(world).by_domain[LifeDomain.SOCIAL] == (kept,)
    assert last_event() == "goal.added"


def test_there_must_be_a_draft_to_write_in(world) -> None:
    for action, given in (
        (actions.add_goal, (goal(),)),
        (actions.add_agreement, (world.nurse_does(),)),
        (actions.choose_no_goal, (new_id(), "not now")),
        (actions.take_back_no_goal, (new_id(),)),
        (actions.offer_version, ()),
    ):
        with pytest.raises(Missing, match="no_draft"):
            world.do("nurse", action, *given)
    assert draft(world) is None
    assert queries.checked_draft_for(*world.as_("nurse"), world.moment.date()) is None


def test_who_may_not_draft_is_refused(world) -> None:
    world.draft()
    for who in ("child", "doctor", "aunt", "teacher"):
        with pytest.raises(Refused):
            world.do(who, actions.add_goal, goal())
        with pytest.raises(Refused):
            world.do(who, actions.change_agreement, world.agreements[0], world.nurse_does(), 1)
        with pytest.raises(Refused):
            draft(world, who)
    assert queries.plan_for(*world.as_("child"), world.moment.date()) is None


def test_two_people_at_one_goal_the_second_sees_both(world) -> None:
    world.draft()
    (goal_id,) = world.goals
    assert world.do("nurse", actions.change_goal, goal_id, goal("hers"), 1) == 2
    with pytest.raises(Conflict) as told:
        world.do("mother", actions.change_goal, goal_id, goal("mine"), 1)
    said = told.value.data
    assert (said["mine"].words, said["theirs"].words, said["revision"], said["by"]) == (
        "mine",
        "hers",
        2,
        "Nurse",
    )
    assert world.do("mother", actions.change_goal, goal_id, goal("mine"), said["revision"]) == 3
    with pytest.raises(Conflict):
        world.do("nurse", actions.remove_goal, goal_id, "", 2)
    world.do("nurse", actions.remove_goal, goal_id, "", 3)
    assert (draft(world).goals, last_event()) == ((), "goal.removed")
    assert GoalStep.objects.filter(goal_id=goal_id).latest("id").state == GoalState.CANCELLED
    with pytest.raises(Missing, match="goal_not_in_draft"):
        world.do("nurse", actions.change_goal, goal_id, goal("gone"), 3)


def test_two_people_at_one_agreement_the_second_sees_both(world) -> None:
    world.draft()
    (key,) = world.agreements
    assert world.do("nurse", actions.change_agreement, key, world.nurse_does(when="at nine"), 1) == 2
    with pytest.raises(Conflict) as told:
        world.do("mother", actions.change_agreement, key, world.nurse_does(when="at ten"), 1)
    said = told.value.data
    assert (said["mine"].when, said["theirs"].when, said["revision"]) == ("at ten", "at nine", 2)
    with pytest.raises(Conflict):
        world.do("mother", actions.remove_agreement, key, "", 1)
    world.do("mother", actions.remove_agreement, key, "", 2)
    with pytest.raises(Missing, match="agreement_not_in_draft"):
        world.do("mother", actions.remove_agreement, key, "", 2)
    assert last_event() == "agreement.removed"


def test_another_childs_items_do_not_exist(world, db) -> None:
    from kindzorg.careplan.tests.conftest import build

    world.draft()
    other = build()
    other.draft()
    with pytest.raises(Missing):
        other.do("nurse", actions.change_goal, world.goals[0], goal("mine"), 1)
    with pytest.raises(Missing):
        other.do("nurse", actions.change_agreement, world.agreements[0], other.nurse_does(), 1)
    with pytest.raises(Invalid, match="goal_not_in_draft"):
        other.do("nurse", actions.add_agreement, other.nurse_does(goal_id=world.goals[0]))
    aunt = Who(kind=WhoKind.RELATIVE, relative_id=world.relatives["aunt"])
    with pytest.raises(Invalid, match="who_not_known"):
        other.do("nurse", actions.add_agreement, other.nurse_does(who=aunt))


@pytest.mark.parametrize(
    ("who", "name", "organisation"),
    [
        ({"kind": WhoKind.PROFESSIONAL, "professional_id": "nurse"}, "Nurse", "Home"),
        ({"kind": WhoKind.ORGANISATION, "organisation_id": "school"}, "School", "School"),
        ({"kind": WhoKind.RELATIVE, "relative_id": "aunt"}, "Aunt", ""),
        ({"kind": WhoKind.CHILD}, "Noor", ""),
        ({"kind": WhoKind.OTHER, "name": "a neighbour"}, "a neighbour", ""),
    ],
)
def test_who_does_it_is_shown_by_name(world, who, name, organisation) -> None:
    world.draft(agreements=0)
    ids = {
        "professional_id": world.professionals,
        "organisation_id": world.organisations,
        "relative_id": world.relatives,
    }
    given = Who(**{key: ids[key][value] if key in ids else value for key, value in who.items()})
    world.do("nurse", actions.add_agreement, world.nurse_does(who=given))
    (kept,) = draft(world).agreements
    assert (kept.content.who.name, kept.content.who.organisation) == (name, organisation)
    assert (kept.owner, kept.state, kept.since) == ("Home", "proposed", None)


@pytest.mark.parametrize("kind", [WhoKind.PROFESSIONAL, WhoKind.ORGANISATION, WhoKind.RELATIVE])
def test_who_must_exist(world, kind) -> None:
    world.draft(agreements=0)
    with pytest.raises(Invalid, match="who_not_known"):
        world.do("nurse", actions.add_agreement, world.nurse_does(who=Who(kind=kind)))


def test_a_familys_agreement_is_owned_by_the_controller(world) -> None:
    world.draft(agreements=0)
    key = world.do("mother", actions.add_agreement, AgreementContent(what="bring to school"))
    assert Agreement.objects.get(id=key).owner_id == world.organisations["home"]


def test_a_need_consciously_without_a_goal(world) -> None:
    play = need("play", domain=LifeDomain.SOCIAL)
    world.do("nurse", actions.draft_from_needs, [play])
    (drafted,) = draft(world).goals
    world.do("nurse", actions.remove_goal, drafted.id, "", 1)
    assert draft(world).needs_without_answer == (play,)
    with pytest.raises(Invalid, match="why_required"):
        world.do("mother", actions.choose_no_goal, play.need_id, " ")
    with pytest.raises(Missing, match="need_not_in_draft"):
        world.do("mother", actions.choose_no_goal, new_id(), "not now")
    with pytest.raises(Missing, match="no_goal_not_chosen"):
        world.do("mother", actions.take_back_no_goal, play.need_id)
    world.do("mother", actions.choose_no_goal, play.need_id, "goes well by itself")
    with pytest.raises(Conflict) as told:
        world.do("nurse", actions.choose_no_goal, play.need_id, "later")
    assert (told.value.data["theirs"], told.value.data["revision"]) == ("goes well by itself", 1)
    world.do("nurse", actions.choose_no_goal, play.need_id, "later", revision=1)
    (choice,) = draft(world).no_goals
    assert (choice.content.why, choice.content.domain, choice.revision) == ("later", "social", 2)
    world.do("nurse", actions.draft_from_needs, [need("play", domain=LifeDomain.SOCIAL)])
    assert draft(world).goals == ()
    world.do("mother", actions.take_back_no_goal, draft(world).needs[0].need_id)
    assert not DomainChoice.objects.exists()
    with pytest.raises(Conflict):
        world.do("mother", actions.choose_no_goal, draft(world).needs[0].need_id, "again", revision=3)


def test_a_grant_over_one_domain_writes_and_reads_there_only(world) -> None:
    world.draft()
    world.do("nurse", actions.add_goal, goal("to school", domains=(LifeDomain.SOCIAL,)))
    world.do("nurse", actions.draft_from_needs, [need("play", domain=LifeDomain.SOCIAL), need("sleep")])
    Grant.objects.filter(user=world.users["colleague"]).update(domains="social")
    with pytest.raises(Refused):
        world.do("colleague", actions.add_goal, goal("sleep"))
    with pytest.raises(Refused):
        world.do(
            "colleague",
            actions.change_goal,
            world.goals[0],
            goal("to school", domains=(LifeDomain.SOCIAL,)),
            1,
        )
    with pytest.raises(Refused):
        world.do("colleague", actions.add_agreement, world.nurse_does())
    seen = draft(world, "colleague")
    assert [one.content.words for one in seen.goals] == ["to school", "we need play"]
    assert [one.topic for one in seen.needs] == ["play"]
    assert (seen.agreements, seen.restricted) == ((), True)
    assert world.do("colleague", actions.add_goal, goal("friends", domains=(LifeDomain.SOCIAL,)))
    changed = queries.changes_in(*world.as_("colleague"), 1, world.moment.date()).differences
    assert {one.title for one in changed} == {"to school", "we need play", "friends"}


def test_the_next_draft_is_a_whole_copy(world) -> None:
    play = need("play", domain=LifeDomain.SOCIAL)
    world.draft(goals=2, agreements=2)
    PlanVersion.objects.update(needs=[play.stored()])
    world.do("nurse", actions.choose_no_goal, play.need_id, "goes well")
    world.agree()
    world.do("nurse", actions.start_draft, why="after the holidays")
    old = queries.plan_for(*world.as_("nurse"), world.moment.date())
    new = draft(world)
    assert [one.content for one in new.goals] == [one.content for one in old.goals]
    assert [one.id for one in new.agreements] == [one.id for one in old.agreements]
    assert new.no_goals[0].content == old.no_goals[0].content
    assert (new.needs, new.based_on, new.version.why) == (old.needs, 1, "after the holidays")
    assert (old.under_way.number, new.under_way) == (2, None)
    assert queries.plan_for(*world.as_("doctor"), world.moment.date()).under_way is None
    assert list(queries.changes_in(*world.as_("nurse"), 2, world.moment.date()).differences) == []


def test_a_draft_is_for_who_writes_in_it(world) -> None:
    world.in_force()
    world.do("nurse", actions.start_draft)
    on = world.moment.date()
    assert [one.number for one in queries.versions_for(*world.as_("nurse"), on)] == [2, 1]
    assert [one.number for one in queries.versions_for(*world.as_("doctor"), on)] == [1]
    assert queries.version_for(*world.as_("mother"), 2, on).version.status == "draft"
    assert queries.version_for(*world.as_("doctor"), 1, on).goals
    for number in (2, 7):
        with pytest.raises(Missing, match="no_such_version"):
            queries.version_for(*world.as_("doctor"), number, on)
        with pytest.raises(Missing, match="no_such_version"):
            queries.signed_version_for(*world.as_("doctor"), number, on)
        with pytest.raises(Missing, match="no_such_version"):
            queries.changes_in(*world.as_("doctor"), number, on)


def test_a_draft_that_was_dropped_stays_with_who_writes_and_one_that_was_offered_does_not(world) -> None:
    world.in_force()
    world.do("nurse", actions.start_draft)
    words = goal("never said aloud", review_on=LATER)
    world.do("nurse", actions.change_goal, world.goals[0], words, 1)
    dropped = world.do("nurse", actions.withdraw_version, "")
    on, doctor = world.moment.date(), world.as_("doctor")
    assert [one.number for one in queries.versions_for(*doctor, on)] == [1]
    assert [one.version.number for one in queries.every_version_for(*doctor, on)] == [1]
    assert len(queries.versions_for(*world.as_("nurse"), on)) == 2
    assert len(queries.every_version_for(*world.as_("mother"), on)) == 2
    assert queries.version_for(*world.as_("mother"), dropped.number, on).goals[0].content == words
    for read in (queries.version_for, queries.signed_version_for, queries.changes_in):
        with pytest.raises(Missing, match="no_such_version"):
            read(*doctor, dropped.number, on)
    world.do("nurse", actions.start_draft, from_number=dropped.number)
    offered = world.offer()
    world.do("nurse", actions.withdraw_version, "too early")
    assert queries.version_for(*doctor, offered.number, on).goals[0].content == words
    assert [one.number for one in queries.versions_for(*doctor, on)] == [offered.number, 1]


def test_text_of_a_superseded_version_is_what_it_was(world) -> None:
    world.in_force()
    world.do("nurse", actions.start_draft)
    world.do(
        "nurse", actions.change_goal, world.goals[0], goal("other words", review_on=LATER + timedelta(1)), 1
    )
    world.agree()
    on = world.moment.date()
    assert queries.version_for(*world.as_("nurse"), 1, on).goals[0].content.words == "goal 0"
    (change,) = queries.changes_in(*world.as_("mother"), 2, on).differences
    assert [(one.part, one.before) for one in change.parts] == [("words", "goal 0"), ("review_on", LATER)]
    assert GoalText.objects.filter(goal_id=world.goals[0]).count() == 2


def test_a_role_without_any_part_reads_nothing(world) -> None:
    world.in_force()
    for who in ("teacher", "aunt"):
        with pytest.raises(Refused):
            queries.plan_for(*world.as_(who), world.moment.date())
        assert queries.part_for(*world.as_(who), world.moment.date()) is None
