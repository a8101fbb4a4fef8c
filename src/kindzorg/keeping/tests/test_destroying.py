"""Words of a scan and of a plan that are destroyed on request: nowhere in the database, and all around them whole."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from kindzorg.access.roles import Role
from kindzorg.audit.models import AuditLine
from kindzorg.careplan import actions as plan
from kindzorg.careplan.models import (
    AgreementTerms,
    DomainChoice,
    Evaluation,
    GoalText,
    PlanVersion,
    Signature,
    StoredOutcome,
)
from kindzorg.careplan.queries import every_evaluation_for, every_version_for, frozen_outcome
from kindzorg.careplan.rules import Evaluated, GoalContent, ServedNeed, Who, WhoKind, Works, plan_needs
from kindzorg.careplan.tests.conftest import NOW, World, build, sign
from kindzorg.closure import actions as closing
from kindzorg.closure.actions import Arrangement
from kindzorg.closure.models import Closure, NeedSettlement
from kindzorg.closure.queries import record_for
from kindzorg.closure.rules import Chapter, Disposition, Ending
from kindzorg.core.destroyed import BEGIN, mark
from kindzorg.core.errors import Missing
from kindzorg.core.fields import EncryptedTextField
from kindzorg.core.thawing import every_row
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.journey.actions import take_step
from kindzorg.journey.rules import Phase
from kindzorg.keeping.destroying import destroy
from kindzorg.keeping.models import FileRequest
from kindzorg.keeping.requests import actions, queries
from kindzorg.keeping.requests.rules import About, Asked, NewRequest, RequestStanding
from kindzorg.keeping.tests.test_requests import TODAY, YES
from kindzorg.needs import actions as needs
from kindzorg.needs.marked import given_in
from kindzorg.needs.models import AnswerKind, NeedsAnswer, NeedsHandover
from kindzorg.needs.queries import profile_for, scan_for, voice_for
from kindzorg.needs.rules import Carrying, Feeling, FirstPass, Helper, Importance, Said, TopicAnswer, Whose
from kindzorg.needs.unseen import key_of

pytestmark = pytest.mark.django_db

# Made up, and found nowhere else.
FIRST, SECOND = "Zwaluwnest piept elke nacht", "Zwaluwnest zwijgt nu en dan"
WISH, SHORT = "Wij willen Kievitsrust terug", "Grutto"
FATHER, GOAL = "De Ooievaar is verdrietig", "Pimpelmees leert fluiten in het bos"
STEP, AGREED = "Fluiten op een been", "Roodborst komt elke avond langs"
LOOKED, FOUND = "Wij vinden Wielewaal heel aardig", "Ik zag Wielewaal drie keer dansen"
OPENING, LOAD = "Dan gingen wij naar Lepelaarland", "Mama draagt de Lepelaarlast"


def everything() -> str:
    """Every cell of every table as the database has it, what is encrypted opened; of SQLite the very file."""
    with transaction.atomic(), every_row(), connection.cursor() as cursor:
        cells: list[object] = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608
            cells += [cell for row in cursor.fetchall() for cell in row]
        for table in apps.get_models():
            sealed = [one.attname for one in table._meta.fields if isinstance(one, EncryptedTextField)]
            cells += [getattr(row, name) for row in table._base_manager.all() for name in sealed]
    if connection.vendor == "sqlite":
        cells.append(connection.connection.serialize())
    return "\n".join(map(_read, cells))


def _read(cell: object) -> str:
    if isinstance(cell, bytes | bytearray | memoryview):
        return bytes(cell).decode("utf-8", "replace")
    return str(cell)


def speaks(world: World, who: str) -> dict[str, Any]:
    return voice_for(*world.as_(who), world.moment.date()).given(world.now())


def answers(world: World, who: str, topic: str, **said: Any) -> UUID:
    answer = TopicAnswer(**speaks(world, who), topic=topic, **said)
    world.do(who, needs.answer_topic, answer)
    return key_of("topics", answer)


def scan_is_closed(world: World) -> None:
    """Two rounds of the mother, one of the father and one of the nurse on sleeping; nothing else is needed."""
    world.do("nurse", take_step, Phase.NEEDS)
    world.do("mother", needs.open_scan)
    world.do("mother", needs.say_opening, Said(**speaks(world, "mother"), words=OPENING))
    world.do("mother", needs.say_strengths, Said(**speaks(world, "mother"), words="Zij lacht veel"))
    load = Carrying(**speaks(world, "mother"), member="mama", whose=Whose.PARENTS, words=LOAD)
    world.do("mother", needs.tell_carrying, load)
    for domain in LifeDomain:
        topics = ("nights", "eating") if domain == LifeDomain.MEDICAL else ()
        first = FirstPass(**speaks(world, "mother"), domain=domain, topics=topics, nothing_needed=not topics)
        world.do("mother", needs.give_first_pass, first)
    answers(world, "mother", "nights", now=FIRST, helpers=SHORT)
    answers(
        world,
        "mother",
        "nights",
        now=SECOND,
        wish=WISH,
        importance=Importance.FIRST,
        from_whom=(Helper.NURSE,),
    )
    answers(world, "father", "nights", needed=FATHER, importance=Importance.WELCOME)
    answers(world, "nurse", "nights", now="Ik zie dat zij moe zijn")
    answers(world, "mother", "eating", now="Zij eet graag brij", nothing_needed=True)
    world.do("nurse", needs.close_scan)


def plan_is_in_force(world: World) -> None:
    """A goal made from the need, one of the family's own, an agreement, a need without a goal, signed with a reason."""
    profile = profile_for(*world.as_("nurse"), TODAY)
    assert profile is not None
    needed = plan_needs(profile)
    world.do("nurse", plan.draft_from_needs, needed)
    (drafted,) = GoalText.objects.values_list("goal_id", flat=True)
    own = GoalContent(
        words=GOAL,
        domains=(LifeDomain.SOCIAL,),
        steps=(STEP, "", "", "", ""),
        review_on=TODAY + timedelta(days=60),
        needs=(ServedNeed(needed[0].need_id, needed[0].words, needed[0].topic),),
    )
    world.goals = [drafted, world.do("nurse", plan.add_goal, own)]
    who = Who(kind=WhoKind.OTHER, name="buurvrouw Roodborst")
    for goal_id in world.goals:
        agreed = world.nurse_does(AGREED if goal_id == world.goals[1] else "care at night", goal_id=goal_id)
        if goal_id == world.goals[1]:
            agreed = world.nurse_does(AGREED, goal_id=goal_id, who=who, where="in het nest", when="avond")
        world.agreements.append(world.do("nurse", plan.add_agreement, agreed))
    GoalText.objects.filter(review_on=None).update(review_on=TODAY + timedelta(days=60))
    version = world.do("nurse", plan.offer_version)
    sign(world, "father", version.number, yes=False, reason=f"Want {FATHER} en dat klopt.")
    sign(world, "father", version.number)
    sign(world, "mother", version.number, reason=f"{GOAL}: mooi")
    world.do("doctor", plan.approve_version, version.number, True, "")


@pytest.fixture
def world(db: None) -> World:
    """Two versions of a plan: the second wears the same goals, agreements and needs."""
    world = build()
    scan_is_closed(world)
    plan_is_in_force(world)
    world.do("nurse", plan.evaluate_goal, world.goals[1], Evaluated(step=2, family_view=LOOKED, words=FOUND))
    world.do("nurse", plan.evaluate_agreement, world.agreements[1], Evaluated(works=Works.WELL, words=AGREED))
    world.do("nurse", plan.start_draft, why=f"Omdat {LOOKED}")
    return world


def care_is_over(world: World) -> None:
    """Closed: the words stand in the outcome, in the record and in what was arranged."""
    world.do("nurse", plan.withdraw_version, "te laat")
    world.do("nurse", closing.prepare_closure, Ending.NOBODY_NEEDED)
    profile = profile_for(*world.as_("nurse"), TODAY)
    assert profile is not None
    for need in profile.needs:
        note = f"Want {FATHER}"
        world.do("nurse", closing.arrange_need, Arrangement(str(need.id), Disposition.MET, note=note))
    world.do("nurse", closing.write_chapter, Chapter.WELLBEING, f"{GOAL} en {WISH}.")
    world.do("nurse", closing.decide_closure, ("Nurse, 010", f"Let op: {FOUND}"))


def destroys(world: World, about: About, object_id: UUID, who: str = "mother") -> FileRequest:
    """Asked, granted and done, by the worker; twice does it once."""
    new = NewRequest(Asked.REMOVE, about, "Dit moet weg.", object_id)
    row: FileRequest = world.do(who, actions.make_request, new)
    world.do("nurse", actions.decide_request, row.id, YES)
    assert destroy(str(row.id)) == "destroyed" and destroy(str(row.id)) == "nothing to do"
    standing = queries.request_for(*world.as_(who), row.id, TODAY).standing
    assert standing == RequestStanding.DESTROYED
    with pytest.raises(Missing):
        world.do(who, actions.make_request, new)
    return row


def gone(*words: str) -> None:
    kept = everything()
    assert [one for one in words if one in kept] == []


def stand(words: Iterable[str]) -> None:
    kept = everything()
    assert [one for one in words if one not in kept] == []


def answer_of(who: str, kind: AnswerKind = AnswerKind.TOPICS, topic: str = "nights") -> UUID:
    rows = NeedsAnswer.objects.filter(kind=kind, person=who).order_by("created_at", "id")
    found = [key_of(row.kind, given_in(row)) for row in rows if row.given.get("topic", topic) == topic]
    return found[0]


ALL = (FIRST, SECOND, WISH, SHORT, FATHER, GOAL, STEP, AGREED, LOOKED, FOUND, OPENING, LOAD)


@pytest.mark.parametrize("closed", [False, True])
def test_an_answer_goes_from_every_round_the_hand_over_the_plan_and_the_closing(
    world: World, closed: bool
) -> None:
    if closed:
        care_is_over(world)
    stand(ALL)
    before = NeedsAnswer.objects.count(), PlanVersion.objects.count(), Signature.objects.count()
    destroys(world, About.ANSWER, answer_of("Mother"))
    gone(FIRST, SECOND, WISH, SHORT)
    stand({*ALL} - {FIRST, SECOND, WISH, SHORT})
    assert before == (NeedsAnswer.objects.count(), PlanVersion.objects.count(), Signature.objects.count())
    profile = profile_for(*world.as_("mother"), TODAY)
    assert profile is not None
    (need,) = profile.needs
    instead = mark(TODAY)
    assert need.words == (instead, FATHER) and need.urgency == Importance.WELCOME and need.wished == ()
    assert [one.topic for one in profile.no_needs] == [None, None, None, "eating"]
    for version in PlanVersion.objects.all():
        (kept,) = version.needs
        assert (kept["words"], kept["wish"], kept["urgency"]) == (f"{instead}; {FATHER}", instead, "welcome")
    assert set(GoalText.objects.values_list("words", flat=True)) == {instead, GOAL}
    if closed:
        record = record_for(*world.as_("mother"), TODAY)
        assert record and [one.words for one in record.needs] == [f"{instead} · {FATHER}"]
        assert {one.note for one in record.settled} == {instead}
        outcome = frozen_outcome(*world.as_("mother"), TODAY)
        assert outcome and outcome.open_needs[0].words == f"{instead}; {FATHER}"
        assert {one.words for one in outcome.goals} == {instead, GOAL}


def test_what_another_said_to_the_same_question_stays(world: World) -> None:
    destroys(world, About.ANSWER, answer_of("Father"), who="father")
    gone(FATHER)
    stand({*ALL} - {FATHER})
    (need,) = NeedsHandover.objects.get().profile["needs"]
    assert [one["importance"] for one in need["voices"]] == ["first", None]
    (reason,) = Signature.objects.filter(answer="no").values_list("reason", flat=True)
    assert reason == f"Want {mark(TODAY)} en dat klopt."


@pytest.mark.parametrize(("kind", "words"), [(AnswerKind.OPENING, OPENING), (AnswerKind.CARRYING, LOAD)])
def test_free_words_and_what_rests_on_whom_go_too(world: World, kind: AnswerKind, words: str) -> None:
    destroys(world, About.ANSWER, answer_of("Mother", kind))
    gone(words)
    stand({*ALL} - {words})
    profile = NeedsHandover.objects.get().profile
    (left,) = profile["opening" if kind == AnswerKind.OPENING else "carrying"]
    assert left["words"] == mark(TODAY)


def test_that_nothing_was_needed_stays_so(world: World) -> None:
    destroys(world, About.ANSWER, answer_of("Mother", topic="eating"))
    gone("Zij eet graag brij")
    filled = scan_for(*world.as_("nurse"), TODAY)
    assert filled
    (left,) = [one for one in filled.answers.topics if one.topic == "eating"]
    assert (left.now, left.nothing_needed, left.asks) == (mark(TODAY), True, False)


def test_a_need_without_a_goal_loses_why_too(world: World) -> None:
    choice = DomainChoice.objects
    draft = PlanVersion.objects.get(status="draft")
    need = GoalText.objects.filter(version=draft, goal_id=world.goals[1]).get().needs[0]
    choice.create(
        child_id=world.child_id,
        owner_id=draft.owner_id,
        version=draft,
        need_key=need["topic"],
        need=need,
        domain="medical",
        why="Zij slapen al",
        changed_by="Nurse",
        changed_at=NOW,
        created_at=NOW,
    )
    destroys(world, About.ANSWER, answer_of("Mother"))
    assert choice.get().why == mark(TODAY) and choice.get().need["words"] == f"{mark(TODAY)}; {FATHER}"


@pytest.mark.parametrize("closed", [False, True])
def test_a_goal_goes_from_every_version_with_what_was_seen_of_it(world: World, closed: bool) -> None:
    if closed:
        care_is_over(world)
    request = destroys(world, About.GOAL, world.goals[1])
    gone(GOAL, STEP, LOOKED, FOUND)
    stand({*ALL} - {GOAL, STEP, LOOKED, FOUND})
    for version in every_version_for(*world.as_("nurse"), TODAY):
        left = {one.id: one for one in version.goals}[world.goals[1]]
        assert (left.content.words, left.step) == (mark(TODAY), 2)
        assert {one.content.what for one in left.agreements} == {AGREED}
    assert {one.answer for one in Signature.objects.filter(role=Role.AUTHORITY_HOLDER)} == {"yes", "no"}
    line = AuditLine.objects.get(event="entry.destroyed")
    assert (line.object_id, line.kind) == (request.object_id, "D")
    with pytest.raises(DatabaseError), transaction.atomic():
        GoalText.objects.exclude(version__status="draft").update(words="terug")


@pytest.mark.parametrize("closed", [False, True])
def test_an_agreement_goes_from_every_version_and_who_by_name_with_it(world: World, closed: bool) -> None:
    if closed:
        care_is_over(world)
    destroys(world, About.AGREEMENT, world.agreements[1])
    gone(AGREED, "buurvrouw Roodborst", "in het nest")
    stand({*ALL} - {AGREED})
    terms = AgreementTerms.objects.filter(agreement_id=world.agreements[1])
    assert {(one.what, one.where, one.who_name, one.law) for one in terms} == {
        (mark(TODAY), "", mark(TODAY), "zvw")
    }
    other = AgreementTerms.objects.filter(agreement_id=world.agreements[0])
    assert {(one.what, one.where) for one in other} == {("care at night", "at home")}


@pytest.mark.parametrize("closed", [False, True])
def test_an_evaluation_goes_and_its_step_stays(world: World, closed: bool) -> None:
    if closed:
        care_is_over(world)
    row = Evaluation.objects.get(goal_id=world.goals[1])
    destroys(world, About.EVALUATION, row.id)
    gone(LOOKED, FOUND)
    stand({*ALL} - {LOOKED, FOUND})
    (left,) = every_evaluation_for(*world.as_("mother"), TODAY)[world.goals[1]]
    assert (left.step, left.family_view, left.words) == (2, mark(TODAY), mark(TODAY))
    if closed:
        found = {one["goal_id"]: one["evaluation"] for one in StoredOutcome.objects.get().outcome["goals"]}
        assert found[str(world.goals[1])]["words"] == mark(TODAY)
        assert Closure.objects.get().record["note"] == f"Let op: {mark(TODAY)}"


def test_an_evaluation_of_an_agreement_stands_in_no_outcome(world: World) -> None:
    care_is_over(world)
    row = Evaluation.objects.get(agreement_id=world.agreements[1])
    destroys(world, About.EVALUATION, row.id)
    assert Evaluation.objects.get(id=row.id).words == mark(TODAY)
    assert NeedSettlement.objects.count() == 1


def test_only_what_one_sees_and_what_says_something_is_pointed_out(world: World) -> None:
    silent = Evaluation.objects.create(
        **{
            **Evaluation.objects.filter(goal_id=world.goals[1]).values(
                "child_id", "owner_id", "goal_id", "version_id", "by_id", "by"
            )[0],
            "step": 1,
            "way_on": "continue",
            "created_at": NOW,
        }
    )
    for about, key in (
        (About.EVALUATION, silent.id),
        (About.GOAL, world.agreements[0]),
        (About.AGREEMENT, world.goals[0]),
        (About.ANSWER, answer_of("Mother", AnswerKind.FIRST_PASS)),
    ):
        with pytest.raises(Missing):
            world.do("mother", actions.make_request, NewRequest(Asked.REMOVE, about, "Weg.", key))
    assert BEGIN not in everything()


def test_a_face_without_words_goes_too() -> None:
    world = build()
    world.do("nurse", take_step, Phase.NEEDS)
    world.do("mother", needs.open_scan)
    for feeling in (Feeling.BAD, Feeling.GOOD):
        key = answers(world, "child", "friends" if feeling == Feeling.BAD else "nights", feeling=feeling)
        new = NewRequest(Asked.REMOVE, About.ANSWER, "Weg.", key)
        row = world.do("mother", actions.make_request, new)
        world.do("nurse", actions.decide_request, row.id, YES)
        assert destroy(str(row.id)) == "destroyed"
    filled = scan_for(*world.as_("nurse"), TODAY)
    assert filled
    assert [(one.feeling, one.asks, one.skipped) for one in filled.answers.topics] == [
        (None, True, False),
        (None, False, True),
    ]
