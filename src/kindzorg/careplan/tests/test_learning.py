"""Learning to do the care: four steps, an own word, and what counts in the week from then on."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from kindzorg.audit.models import AuditLine
from kindzorg.careplan.cover.rules import MayCover
from kindzorg.careplan.learning import actions, queries
from kindzorg.careplan.learning.models import LearningStep
from kindzorg.careplan.learning.rules import (
    LearningMove,
    NewStep,
    Standing,
    Step,
    check_own,
    check_step,
    check_teacher,
    standing_of,
    standings,
)
from kindzorg.careplan.waiting import waiting_rows_for
from kindzorg.careteam.actions import leave_team
from kindzorg.careteam.competences.actions import record_competence
from kindzorg.careteam.competences.models import Competence
from kindzorg.careteam.competences.queries import able_for
from kindzorg.careteam.competences.rules import LONGEST, NewCompetence
from kindzorg.careteam.models import Grant, Membership
from kindzorg.careteam.queries import child_for
from kindzorg.core.errors import Invalid, Missing, Refused
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.journey.waiting import waiting_in
from kindzorg.notices.models import Notice

from . import weeks
from .conftest import TODAY, World, build
from .doors import client, few_statements, get, post, url

WHO = UUID(int=1)
DAY = timedelta(days=1)
MOVES = LearningMove


def step(move: LearningMove, days_ago: int = 0) -> Step:
    return Step(
        act="suctioning", person_id=WHO, move=move, happened_on=TODAY - days_ago * DAY, words="", by="Marit"
    )


@pytest.mark.parametrize(
    ("moves", "number", "own", "following"),
    [
        ([], 0, None, MOVES.SHOWN),
        ([step(MOVES.WISH)], 0, MOVES.WISH, MOVES.SHOWN),
        ([step(MOVES.WISH), step(MOVES.SHOWN)], 1, None, MOVES.TOGETHER),
        ([step(MOVES.ALONE), step(MOVES.SHOWN, 9)], 3, None, MOVES.TEACHES),
        ([step(MOVES.ALONE, 5), step(MOVES.DOUBT)], 3, MOVES.DOUBT, MOVES.TEACHES),
        ([step(MOVES.ALONE, 5), step(MOVES.DOUBT, 2), step(MOVES.TOGETHER)], 2, None, MOVES.ALONE),
        ([step(MOVES.SHOWN), step(MOVES.NOT_WANTED)], 1, MOVES.NOT_WANTED, None),
        ([step(MOVES.TEACHES)], 4, None, None),
    ],
)
def test_where_somebody_stands(
    moves: list[Step], number: int, own: LearningMove | None, following: LearningMove | None
) -> None:
    found = standing_of(moves)
    assert (found.number, found.own and found.own.move, found.following) == (number, own, following)
    assert standings(moves) == ({("suctioning", WHO): found} if moves else {})


def new(move: LearningMove = MOVES.SHOWN, **parts: Any) -> NewStep:
    given: dict[str, Any] = {"act": "suctioning", "move": move, "happened_on": TODAY}
    return NewStep(**{**given, **parts})


@pytest.mark.parametrize(
    ("one", "code"),
    [
        (new(MOVES.WISH, relative_id=WHO), "not_a_step"),
        (new(relative_id=WHO, words="x" * 1001), "words_too_long"),
        (new(), "competence_of_one"),
        (new(act="juggling", relative_id=WHO), "act_unknown"),
        (new(relative_id=WHO, happened_on=TODAY + DAY), "seen_later"),
        (new(MOVES.ALONE, relative_id=WHO, until=TODAY), "competence_until"),
    ],
)
def test_a_step_that_cannot_be_is_refused(one: NewStep, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        check_step(one, TODAY)
    check_step(new(relative_id=WHO, until=TODAY), TODAY)  # A step that does not count has no end.


def test_an_own_word_is_of_a_known_act_and_one_of_three() -> None:
    check_own("oxygen", MOVES.NOT_WANTED, "")
    for given, code in (
        (("juggling", MOVES.WISH, ""), "act_unknown"),
        (("oxygen", MOVES.ALONE, ""), "not_an_own_word"),
        (("oxygen", MOVES.DOUBT, "x" * 1001), "words_too_long"),
    ):
        with pytest.raises(Invalid, match=code):
            check_own(*given)


def test_who_teaches_shows_and_a_professional_sees_whether_it_counts() -> None:
    teaches = Standing(reached=step(MOVES.TEACHES))
    nobody = Standing()
    check_teacher(teaches, nobody, new(), able=False)
    check_teacher(teaches, Standing(own=step(MOVES.WISH)), new(), able=False)
    doubts = Standing(reached=step(MOVES.TEACHES), own=step(MOVES.DOUBT))
    for one in (Standing(), Standing(reached=step(MOVES.ALONE)), doubts):
        with pytest.raises(Refused, match="teaches_not"):
            check_teacher(one, nobody, new(), able=False)
    for move, able in ((MOVES.ALONE, False), (MOVES.SHOWN, True)):
        with pytest.raises(Invalid, match="professional_sees"):
            check_teacher(teaches, nobody, new(move), able=able)
    for said in (MOVES.NOT_WANTED, MOVES.DOUBT):
        with pytest.raises(Invalid, match="professional_sees"):
            check_teacher(teaches, Standing(own=step(said)), new(), able=False)


# --- in the world ------------------------------------------------------------------------------------------


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    made = build()
    made.in_force()
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: made.moment)
    return made


def learned(world: World, move: LearningMove, who: str = "father", by: str = "nurse", **parts: Any) -> UUID:
    parts = {"relative_id": world.relatives[who], **parts}
    sees = by not in world.relatives
    found: UUID = world.do(by, actions.record_step if sees else actions.teach_step, new(move, **parts))
    return found


def says(world: World, who: str, move: LearningMove, words: str = "", act: str = "suctioning") -> None:
    world.do(who, actions.say_own, act, move, words)


def able(world: World) -> list[tuple[str, list[str]]]:
    return [(one.name, list(one.acts)) for one in able_for(*world.as_("mother"), TODAY)]


def test_alone_counts_and_a_step_back_does_not(world: World) -> None:
    learned(world, MOVES.SHOWN, happened_on=TODAY - 9 * DAY)
    learned(world, MOVES.TOGETHER, happened_on=TODAY - 5 * DAY)
    assert able(world) == []
    learned(world, MOVES.ALONE, until=TODAY + 30 * DAY)
    assert able(world) == [("Father", ["suctioning"])]
    learned(world, MOVES.SHOWN, happened_on=TODAY - 3 * DAY)  # An earlier day is history.
    assert able(world) == [("Father", ["suctioning"])]
    (one,) = queries.learning_for(*world.as_("mother"), TODAY)
    assert (one.until, one.soon, one.standing.number, one.own) == (TODAY + 30 * DAY, True, 3, False)
    learned(world, MOVES.TOGETHER, words="De nieuwe canule is anders.")
    assert able(world) == []
    assert AuditLine.objects.filter(event="competence.recorded").count() == 2
    assert Notice.objects.filter(kind="learning_step", recipient=world.users["father"]).count() == 5


def test_hours_that_fall_open_by_a_step_back_are_told(world: World) -> None:
    learned(world, MOVES.ALONE)
    weeks.plan(world, "mother", weeks.relative(world, "father"), agreement_id=None)
    weeks.need(world, "suctioning", may_cover=MayCover.ANYBODY)
    assert not weeks.view(world, "mother").ahead
    learned(world, MOVES.TOGETHER)
    gaps = weeks.view(world, "mother").ahead
    assert gaps and {one.acts for one in gaps} == {("suctioning",)}
    page = get(world, "mother", "learning")
    assert "Momenten waarop niemand dit kan" in page and "Vraag wie het kan" in page
    assert "Momenten" not in get(world, "aunt", "learning")


def test_a_doctor_sees_too_and_does_not_arrange_the_week(world: World) -> None:
    learned(world, MOVES.TEACHES, by="doctor")
    learned(world, MOVES.TOGETHER, by="gp")
    assert able(world) == [] and Competence.objects.count() == 2


def test_the_own_word_is_heard_and_never_presses(world: World) -> None:
    says(world, "father", MOVES.WISH, "Dan kan de nacht korter.")
    told = Notice.objects.filter(kind="learning_wish").values_list("recipient_id", flat=True)
    assert set(told) == {world.users["nurse"].id, world.users["colleague"].id}
    assert waits(world, "nurse") == ["learning_wish"] and waits(world, "mother") == []
    assert "Dan kan de nacht korter." in get(world, "nurse", "learning")
    says(world, "father", MOVES.NOT_WANTED)
    assert waits(world, "nurse") == [] and not Notice.objects.filter(kind="learning_not_wanted").exists()
    page = get(world, "mother", "learning")
    assert "Wil dit niet doen. Dat is goed" in page and "Volgende stap" not in page
    learned(world, MOVES.ALONE)
    says(world, "father", MOVES.DOUBT)
    assert waits(world, "nurse") == ["learning_doubt"]
    assert able(world) == [("Father", ["suctioning"])]  # Until somebody looks at it with him.
    learned(world, MOVES.SHOWN)
    assert waits(world, "nurse") == []
    says(world, "nurse", MOVES.DOUBT)
    assert waits(world, "nurse") == [] and waits(world, "colleague") == ["learning_doubt"]


def waits(world: World, who: str, on: date = TODAY) -> list[str]:
    actor = world.actor(who)
    opened = child_for(actor, world.child_id, TODAY)
    found = waiting_in(waiting_rows_for(actor, [opened], on))
    return [one.kind for one in found if one.kind.startswith("learning_")]


def test_who_teaches_shows_it_to_others(world: World) -> None:
    with pytest.raises(Refused):
        learned(world, MOVES.SHOWN, "aunt", "father")
    learned(world, MOVES.TEACHES)
    learned(world, MOVES.SHOWN, "aunt", "father")
    with pytest.raises(Invalid, match="professional_sees"):
        learned(world, MOVES.ALONE, "aunt", "father")
    with pytest.raises(Invalid):
        learned(world, MOVES.SHOWN, "father", "father")
    with pytest.raises(Invalid, match="competence_own"):
        learned(
            world, MOVES.ALONE, by="nurse", relative_id=None, professional_id=world.professionals["nurse"]
        )
    with pytest.raises(Missing):
        learned(world, MOVES.SHOWN, relative_id=WHO)
    learned(world, MOVES.ALONE, relative_id=None, professional_id=world.professionals["colleague"])
    assert able(world) == [("Colleague", ["suctioning"]), ("Father", ["suctioning"])]


def test_a_no_of_who_counts_is_told_and_waits_until_it_counts_no_more(world: World) -> None:
    learned(world, MOVES.ALONE, until=TODAY + 30 * DAY)
    says(world, "father", MOVES.NOT_WANTED)
    told = Notice.objects.filter(kind="learning_not_wanted").values_list("recipient_id", flat=True)
    assert set(told) == {world.users["nurse"].id, world.users["colleague"].id}
    assert waits(world, "nurse") == ["learning_not_wanted"] and waits(world, "mother") == []
    assert waits(world, "nurse", TODAY + 29 * DAY) == ["learning_not_wanted"]
    assert waits(world, "nurse", TODAY + 30 * DAY) == []  # The competence ended.
    says(world, "mother", MOVES.NOT_WANTED)  # She never counted for it: nobody needs to do anything.
    assert waits(world, "nurse") == ["learning_not_wanted"]
    back = NewCompetence("suctioning", TODAY, relative_id=world.relatives["father"], able=False)
    world.do("nurse", record_competence, back)
    assert waits(world, "nurse") == []


def test_a_no_waits_no_longer_than_somebody_is_relied_on(world: World) -> None:
    learned(world, MOVES.ALONE)
    says(world, "father", MOVES.NOT_WANTED)
    assert waits(world, "nurse", TODAY + LONGEST - DAY) == ["learning_not_wanted"]
    assert waits(world, "nurse", TODAY + LONGEST) == []


@pytest.mark.parametrize("move", [MOVES.NOT_WANTED, MOVES.DOUBT])
def test_who_teaches_does_not_put_the_own_word_of_another_aside(world: World, move: LearningMove) -> None:
    learned(world, MOVES.TEACHES)
    says(world, "aunt", move)
    with pytest.raises(Invalid, match="professional_sees"):
        learned(world, MOVES.SHOWN, "aunt", "father")
    says(world, "aunt", MOVES.WISH)
    learned(world, MOVES.SHOWN, "aunt", "father")


def test_who_left_waits_for_nothing_and_is_marked(world: World) -> None:
    for move in (MOVES.WISH, MOVES.DOUBT):
        says(world, "aunt", move)
    learned(world, MOVES.TOGETHER, "father")
    assert waits(world, "nurse") == ["learning_doubt"]
    assert "doet niet meer mee" not in get(world, "nurse", "learning")
    leaves(world, "aunt")
    assert waits(world, "nurse") == []
    assert [one.here for one in queries.learning_for(*world.as_("nurse"), TODAY) if one.name == "Aunt"] == [
        False
    ]
    page = get(world, "nurse", "learning")
    assert page.count("doet niet meer mee") == 1
    assert f"who=relative%3A{world.relatives['aunt']}" not in page
    assert f"who=relative%3A{world.relatives['father']}" in page


def leaves(world: World, who: str) -> None:
    member = Membership.objects.get(child_id=world.child_id, relative_id=world.relatives[who])
    world.do("nurse", leave_team, member.id)


def test_whom_consent_closes_the_domain_to_is_not_told(world: World) -> None:
    Grant.objects.filter(user=world.users["colleague"]).update(domains=LifeDomain.SOCIAL)
    says(world, "father", MOVES.WISH)
    told = Notice.objects.filter(kind="learning_wish").values_list("recipient_id", flat=True)
    assert set(told) == {world.users["nurse"].id}
    learned(world, MOVES.SHOWN, relative_id=None, professional_id=world.professionals["colleague"])
    assert not Notice.objects.filter(kind="learning_step").exists()


def test_the_card_is_named_for_who_reads_it(world: World) -> None:
    says(world, "aunt", MOVES.WISH)
    card = url(world, "howto", "suctioning")
    assert card not in get(world, "aunt", "learning") and card in get(world, "nurse", "learning")
    learned(world, MOVES.SHOWN, "aunt")
    assert card in get(world, "aunt", "learning")


def test_who_sees_a_part_sees_the_own(world: World) -> None:
    learned(world, MOVES.SHOWN, words="rustig voorgedaan")
    learned(world, MOVES.SHOWN, "aunt")
    (own,) = queries.learning_for(*world.as_("aunt"), TODAY)
    assert own.name == "Aunt" and own.own
    page = get(world, "aunt", "learning")
    assert "Father" not in page and "rustig" not in page
    with pytest.raises(Refused):
        queries.learning_for(*world.as_("child"), TODAY)
    get(world, "child", "learning", status=404)
    with pytest.raises(Refused):
        says(world, "gp", MOVES.WISH)


def test_what_was_written_stays(world: World) -> None:
    learned(world, MOVES.SHOWN, words="rustig")
    row = LearningStep.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM careplan_learningstep")
        assert "rustig" not in str(cursor.fetchall())
    assert "rustig" not in str(AuditLine.objects.filter(event="learning.recorded").values())
    row.words = "anders"
    with pytest.raises(DatabaseError), transaction.atomic():
        row.save()
    assert str(row)


# --- the pages ---------------------------------------------------------------------------------------------


def test_the_steps_are_written_down_on_a_page(world: World) -> None:
    person = f"relative:{world.relatives['father']}"
    form = client(world, "nurse").get(url(world, "learning_step"), {"act": "suctioning", "who": person})
    assert "checked" in form.content.decode() and "Opnieuw kijken" in form.content.decode()
    typed = {"act": "suctioning", "who": person, "move": "alone", "happened_on": TODAY, "words": "vlot"}
    bad = post(world, "nurse", "learning_step", **{**typed, "until": TODAY - DAY})
    assert "drie jaar" in bad.content.decode() and "vlot" in bad.content.decode()
    assert not LearningStep.objects.exists()
    assert post(world, "nurse", "learning_step", **typed).url == reverse("learning", args=[world.child_id])
    page = get(world, "father", "learning")
    assert "zelf gedaan, gezien door Nurse" in page and "Zelf" in page and 'aria-current="step"' in page
    assert "alone" in post(world, "father", "learning_step", **typed).content.decode()
    assert (
        post(
            world,
            "father",
            "learning_step",
            **{**typed, "move": "shown", "who": f"relative:{world.relatives['mother']}"},
        ).status_code
        == 404
    )
    strange = {**typed, "who": f"relative:{WHO}"}
    assert post(world, "nurse", "learning_step", **strange).status_code == 200


def test_the_own_word_is_said_on_a_page(world: World) -> None:
    assert "Ik wil dit niet doen" in get(world, "father", "learning_say")
    long = post(world, "father", "learning_say", act="oxygen", move="wish", words="x" * 1001)
    assert long.status_code == 200 and not LearningStep.objects.exists()
    assert post(world, "father", "learning_say", act="oxygen", move="wish", words="graag").status_code == 302
    page = get(world, "mother", "learning")
    assert "Wil dit leren" in page and "graag" in page and "Dit wil ik ook leren" in page
    get(world, "doctor", "learning_say", status=404)


def test_few_statements_however_many_steps(world: World) -> None:
    for number in range(12):
        learned(world, MOVES.SHOWN, happened_on=TODAY - number * DAY)
    learned(world, MOVES.ALONE, "mother", act="oxygen", until=TODAY + 400 * DAY)
    visitor = client(world, "mother")
    visitor.get(url(world, "learning"))
    with few_statements():
        assert visitor.get(url(world, "learning")).status_code == 200
    nurse = client(world, "nurse")
    with few_statements():
        assert nurse.get(url(world, "learning_step")).status_code == 200
