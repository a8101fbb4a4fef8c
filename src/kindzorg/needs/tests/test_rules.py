"""How a scan opens, stands, closes and is handed over: truth tables first, then what must hold for any scan."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kindzorg.core.errors import Incomplete, Invalid, Missing
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.needs.rules import (
    Amount,
    Answers,
    Carrying,
    Feeling,
    FirstPass,
    Helper,
    Importance,
    Respondent,
    Said,
    Status,
    TopicAnswer,
    Whose,
    check_answer,
    check_first_pass,
    current,
    definition,
    family_silent,
    hub,
    later_topics,
    minutes_left,
    missing_to_close,
    open_topics,
)
from kindzorg.needs.tests.answers import (
    JOOST,
    MARIT,
    MONDAY,
    NOOR,
    ON_ANY_SCAN,
    RESPONDENT,
    SAMIRA,
    SCAN,
    SCAN_ID,
    answer,
    any_scan,
    by,
    close,
    first_passes,
    picks,
    quiet,
    scan,
)

MEDICAL, DEVELOPMENT, SOCIAL, SAFETY = LifeDomain
TUESDAY = MONDAY + timedelta(days=1)


# --- the definition ------------------------------------------------------------------------------------------


def test_the_definition_in_use_and_by_its_version_are_the_same() -> None:
    assert definition() == definition(SCAN.version)


def test_a_version_that_never_was_is_missing() -> None:
    with pytest.raises(Missing) as refused:
        definition("0")
    assert refused.value.data == {"version": "0"}


def test_an_unknown_topic_is_missing() -> None:
    with pytest.raises(Missing):
        SCAN.topic("unheard_of")


@pytest.mark.parametrize(("age", "offered"), [(0, False), (13, False), (14, True), (18, True), (None, True)])
def test_growing_up_is_offered_at_its_age(age: int | None, offered: bool) -> None:
    assert ("adulthood" in [topic.id for topic in SCAN.offered(Respondent.PARENT, age=age)]) is offered


def test_on_feeling_safe_a_child_speaks_to_the_nurse_first() -> None:
    assert [topic.id for topic in SCAN.topics if topic.nurse_first] == ["feeling_safe"]


def test_a_child_is_not_asked_about_money() -> None:
    assert "work_money" not in [topic.id for topic in SCAN.offered(Respondent.CHILD)]


# --- the first pass ------------------------------------------------------------------------------------------


def test_the_first_pass_opens_what_was_chosen() -> None:
    passes = [picks(SAMIRA, MEDICAL, "nights"), picks(SAMIRA, SOCIAL), picks(NOOR, DEVELOPMENT, "play")]
    assert [topic.id for topic in open_topics(passes, Respondent.PARENT)] == ["nights"]
    assert [topic.id for topic in open_topics(passes, Respondent.CHILD)] == ["play"]
    assert open_topics(passes, Respondent.NURSE) == ()


def everything(person: UUID) -> list[FirstPass]:
    who = RESPONDENT[person]
    return [picks(person, domain, *(t.id for t in SCAN.offered(who, domain))) for domain in LifeDomain]


def test_a_parent_who_chooses_everything_begins_in_every_domain_and_keeps_the_rest() -> None:
    now = open_topics(everything(SAMIRA), Respondent.PARENT)
    later = later_topics(everything(SAMIRA), Respondent.PARENT)
    assert {topic.domain for topic in now} == set(LifeDomain)
    assert set(now) | set(later) == set(SCAN.offered(Respondent.PARENT))
    assert not set(now) & set(later)


def test_a_nurse_has_no_limit() -> None:
    assert open_topics(everything(MARIT), Respondent.NURSE) == SCAN.offered(Respondent.NURSE)


@ON_ANY_SCAN
@given(st.lists(first_passes()))
def test_a_parents_part_takes_at_most_twenty_minutes(passes: list[FirstPass]) -> None:
    answers = scan(*passes)
    assert minutes_left(answers, Respondent.PARENT, SAMIRA) <= 20
    assert minutes_left(answers, Respondent.CHILD, NOOR) <= 15


def test_minutes_left_fall_as_the_parent_answers() -> None:
    passes = [picks(SAMIRA, MEDICAL, "nights"), *quiet(SAMIRA, DEVELOPMENT, SOCIAL, SAFETY)]
    nights = answer(SAMIRA, "nights", now="Drie keer op.")
    carrying = Carrying(member="mama", whose=Whose.PARENTS, load=Amount.MUCH, **by(SAMIRA))
    steps = [
        (scan(), 8),
        (scan(passes[0]), 9),
        (scan(*passes), 6),
        (scan(*passes, nights), 4),
        (scan(*passes, nights, carrying), 2),
        (scan(*passes, nights, carrying, opening=(Said(words="", **by(SAMIRA)),)), 0),
    ]
    assert [minutes_left(answers, Respondent.PARENT, SAMIRA) for answers, _ in steps] == [
        left for _, left in steps
    ]


@pytest.mark.parametrize(
    ("given_pass", "code"),
    [
        (FirstPass(domain=MEDICAL, **by(SAMIRA)), "first_pass_empty"),
        (replace(picks(SAMIRA, MEDICAL, "nights"), nothing_needed=True), "nothing_needed_and_topics"),
        (picks(SAMIRA, MEDICAL, "friends"), "topics_not_offered"),
        (picks(NOOR, MEDICAL, "learning_care"), "topics_not_offered"),
    ],
)
def test_a_first_pass_that_cannot_be_meant_is_refused(given_pass: FirstPass, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_first_pass(given_pass, SCAN)
    assert refused.value.code == code


def test_a_first_pass_and_an_answer_that_can_be_meant_are_taken() -> None:
    check_first_pass(picks(SAMIRA, MEDICAL, "nights"), SCAN)
    check_first_pass(picks(SAMIRA, MEDICAL), SCAN)
    check_answer(answer(NOOR, "school", now="Saai", nurse_first=True), SCAN)
    check_answer(answer(SAMIRA, "nights", now="Gaat goed.", nothing_needed=True), SCAN)


@pytest.mark.parametrize(
    ("refused_answer", "code"),
    [
        (answer(NOOR, "work_money", now="?"), "topic_not_asked"),
        (answer(SAMIRA, "nights", nothing_needed=True, needed="Hulp"), "nothing_needed_and_asked"),
        (answer(SAMIRA, "nights", nothing_needed=True, wish="Slapen"), "nothing_needed_and_asked"),
        (
            answer(SAMIRA, "nights", nothing_needed=True, importance=Importance.FIRST),
            "nothing_needed_and_asked",
        ),
        (
            answer(SAMIRA, "nights", nothing_needed=True, from_whom=(Helper.NURSE,)),
            "nothing_needed_and_asked",
        ),
        (answer(SAMIRA, "nights", now="!", nurse_first=True), "nurse_first_is_for_the_child"),
    ],
)
def test_an_answer_that_cannot_be_meant_is_refused(refused_answer: TopicAnswer, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_answer(refused_answer, SCAN)
    assert refused.value.code == code


# --- what counts as an answer --------------------------------------------------------------------------------

ANSWERED = [
    # what was given                                                    answered  a need
    ({}, False, False),
    ({"now": "   "}, False, False),
    ({"now": "Drie keer op."}, True, True),
    ({"wish": "Doorslapen"}, True, True),
    ({"managed": "Alles"}, True, True),
    ({"helpers": "Oma"}, True, True),
    ({"needed": "Een nacht slaap"}, True, True),
    ({"importance": Importance.CAN_WAIT}, True, True),
    ({"from_whom": (Helper.UNKNOWN,)}, True, True),
    ({"feeling": Feeling.VERY_BAD}, True, True),
    ({"feeling": Feeling.BAD}, True, True),
    ({"feeling": Feeling.SO_SO}, True, False),
    ({"feeling": Feeling.GOOD}, True, False),
    ({"feeling": Feeling.VERY_GOOD}, True, False),
    ({"feeling": Feeling.VERY_GOOD, "needed": "Meer daarvan"}, True, True),
    ({"nothing_needed": True}, True, False),
    ({"nothing_needed": True, "now": "Gaat goed."}, True, False),
    ({"skipped": True}, False, False),
    ({"skipped": True, "needed": "Toch niet"}, False, False),
]


@pytest.mark.parametrize(("given_words", "answered", "asks"), ANSWERED, ids=lambda value: str(value))
def test_what_counts_as_an_answer_and_as_a_need(
    given_words: dict[str, object], answered: bool, asks: bool
) -> None:
    said = answer(NOOR, "nights", **given_words)
    assert (said.answered, said.asks) == (answered, asks)


HEAVY = [
    (Amount.VERY_MUCH, Amount.VERY_LITTLE, True),
    (Amount.MUCH, Amount.LITTLE, True),
    (Amount.MUCH, Amount.SOME, False),
    (Amount.SOME, Amount.VERY_LITTLE, False),
    (Amount.VERY_MUCH, None, False),
    (None, Amount.VERY_LITTLE, False),
]


@pytest.mark.parametrize(("load", "power", "heavy"), HEAVY)
def test_much_load_on_little_power_is_a_reason_to_talk(
    load: Amount | None, power: Amount | None, heavy: bool
) -> None:
    assert Carrying(member="papa", whose=Whose.PARENTS, load=load, power=power, **by(JOOST)).heavy is heavy


def test_the_last_answer_of_a_person_counts_and_the_other_parent_keeps_theirs() -> None:
    early, late = answer(SAMIRA, "nights", now="Zwaar"), answer(SAMIRA, "nights", TUESDAY, now="Beter")
    other = answer(JOOST, "nights", now="Gaat wel")
    for order in ((early, late, other), (late, other, early)):
        assert set(current(scan(*order)).topics) == {late, other}


@pytest.mark.parametrize(
    ("person", "at", "kept"),
    [(SAMIRA, TUESDAY, False), (SAMIRA, MONDAY, True), (JOOST, TUESDAY, True), (MARIT, TUESDAY, True)],
)
def test_nothing_needed_in_the_whole_domain_takes_back_ones_own_earlier_topics(
    person: UUID, at: object, kept: bool
) -> None:
    nights = answer(SAMIRA, "nights", now="Zwaar")
    assert bool(current(scan(nights, replace(picks(person, MEDICAL), given_at=at))).topics) is kept


# --- the hub -------------------------------------------------------------------------------------------------

BOTH = picks(SAMIRA, MEDICAL, "nights", "eating")
NIGHTS, EATING = answer(SAMIRA, "nights", now="Zwaar"), answer(SAMIRA, "eating", nothing_needed=True)
HUB = [
    # given so far                                                       status        answered, opened
    ([], Status.NOT_STARTED, 0, 0),
    ([answer(SAMIRA, "nights")], Status.NOT_STARTED, 0, 0),
    ([FirstPass(domain=MEDICAL, **by(SAMIRA))], Status.NOT_STARTED, 0, 0),
    ([picks(SAMIRA, SOCIAL)], Status.NOT_STARTED, 0, 0),
    ([picks(JOOST, MEDICAL)], Status.DONE, 0, 0),
    ([BOTH], Status.BUSY, 0, 2),
    ([NIGHTS], Status.BUSY, 1, 1),
    ([BOTH, NIGHTS], Status.BUSY, 1, 2),
    ([BOTH, NIGHTS, EATING], Status.DONE, 2, 2),
    ([BOTH, NIGHTS, answer(SAMIRA, "eating", skipped=True)], Status.DONE, 2, 2),
    ([BOTH, NIGHTS, EATING, answer(SAMIRA, "comfort", now="Soms")], Status.DONE, 3, 3),
    ([BOTH, NIGHTS, EATING, picks(JOOST, MEDICAL, "nights")], Status.BUSY, 1, 2),
    ([BOTH, NIGHTS, EATING, picks(JOOST, MEDICAL)], Status.DONE, 2, 2),
]


@pytest.mark.parametrize(("so_far", "status", "answered", "opened"), HUB)
def test_where_the_parents_stand(
    so_far: list[FirstPass | TopicAnswer], status: Status, answered: int, opened: int
) -> None:
    cell = hub(scan(*so_far))[MEDICAL][Respondent.PARENT]
    assert (cell.status, cell.answered, cell.opened) == (status, answered, opened)


def test_the_hub_of_one_parent_shows_that_parent_only() -> None:
    answers = scan(BOTH, NIGHTS, picks(JOOST, MEDICAL))
    assert hub(answers, SAMIRA)[MEDICAL][Respondent.PARENT].status is Status.BUSY
    assert hub(answers, JOOST)[MEDICAL][Respondent.PARENT].status is Status.DONE


@ON_ANY_SCAN
@given(any_scan)
def test_the_hub_has_every_square_and_counts_what_it_says(answers: Answers) -> None:
    for domain, row in hub(answers).items():
        for who, cell in row.items():
            assert (cell.domain, cell.respondent) == (domain, who)
            assert 0 <= cell.answered <= cell.opened
            if cell.status is Status.DONE:
                assert cell.answered == cell.opened


# --- closing -------------------------------------------------------------------------------------------------

THREE = quiet(SAMIRA, DEVELOPMENT, SOCIAL, SAFETY)
CLOSING = [
    # beside three domains in which the mother needs nothing              may close
    ([], False),
    ([picks(SAMIRA, MEDICAL, "nights")], False),
    ([picks(SAMIRA, MEDICAL)], True),
    ([picks(NOOR, MEDICAL)], True),
    ([picks(MARIT, MEDICAL)], False),  # the nurse has nothing to add: nobody has spoken yet
    ([answer(SAMIRA, "nights", skipped=True)], False),
    ([answer(SAMIRA, "nights", nothing_needed=True)], True),
    ([answer(NOOR, "nights", feeling=Feeling.GOOD)], True),
    ([answer(NOOR, "nights", now="Eng", nurse_first=True)], True),
    ([answer(MARIT, "nights", needed="Nachtzorg")], True),
    ([answer(SAMIRA, "friends", needed="Vrienden")], False),
]


@pytest.mark.parametrize(("given_so_far", "may_close"), CLOSING)
def test_a_scan_closes_when_each_domain_has_an_answer(
    given_so_far: list[FirstPass | TopicAnswer], may_close: bool
) -> None:
    answers = scan(*THREE, *given_so_far)
    assert missing_to_close(answers) == (() if may_close else (MEDICAL,))
    if may_close:
        assert close(answers).scan_id == SCAN_ID
    else:
        with pytest.raises(Incomplete) as refused:
            close(answers)
        assert refused.value.data["missing"] == (MEDICAL,)


def test_a_domain_in_which_only_the_nurse_spoke_is_named() -> None:
    answers = scan(*THREE, answer(MARIT, "nights", needed="Nachtzorg"))
    assert family_silent(answers) == (MEDICAL,)
    assert family_silent(scan(*THREE, answer(NOOR, "nights", feeling=Feeling.GOOD))) == ()
