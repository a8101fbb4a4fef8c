"""What may happen to a binding referral, by whom, and when its terms end."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kindzorg.access.roles import Role
from kindzorg.core.errors import Conflict, Invalid
from kindzorg.core.vocabulary import Ground, Law, LifeDomain
from kindzorg.referral.binding import rules
from kindzorg.referral.binding.rules import BindingMove as Move
from kindzorg.referral.binding.rules import BindingSide as Side
from kindzorg.referral.binding.rules import NewBinding, standing_of

MONDAY = date(2026, 9, 14)
LATE = MONDAY + timedelta(days=1)
SENT = (Move.SENT, MONDAY, MONDAY)
RAISED = (Move.TO_COORDINATOR, MONDAY, MONDAY)
HIGHEST = (Move.TO_NETWORK, MONDAY, None)
ASKED = (Move.MORE_ASKED, MONDAY, None)
ANSWERED = (Move.ANSWERED, MONDAY, MONDAY)
# What lies behind -> what each side may do next, in time and (the clock) when the term is over.
TABLE = {
    "sent": ([SENT], "accepted more_asked refused", "withdrawn", "", "to_coordinator"),
    "asked": ([SENT, ASKED], "accepted refused", "answered withdrawn", "", ""),
    "answered": ([SENT, ASKED, ANSWERED], "accepted more_asked refused", "withdrawn", "", "to_coordinator"),
    "raised": (
        [SENT, RAISED],
        "accepted more_asked refused",
        "settled to_network withdrawn",
        "",
        "to_network",
    ),
    "raised and asked": ([SENT, RAISED, ASKED], "accepted refused", "answered settled withdrawn", "", ""),
    "raised and answered": (
        [SENT, RAISED, ASKED, ANSWERED],
        "accepted more_asked refused",
        "settled to_network withdrawn",
        "",
        "to_network",
    ),
    "at the network": ([SENT, RAISED, HIGHEST], "accepted refused", "withdrawn", "settled", ""),
    "accepted": ([SENT, (Move.ACCEPTED, MONDAY, None)], "", "", "", ""),
    "settled": ([SENT, RAISED, HIGHEST, (Move.SETTLED, MONDAY, None)], "", "", "", ""),
    "withdrawn": ([SENT, (Move.WITHDRAWN, MONDAY, None)], "", "", "", ""),
}


@pytest.mark.parametrize("name", TABLE)
def test_each_side_may_what_the_table_says_and_no_more(name: str) -> None:
    steps, *expected = TABLE[name]
    standing = standing_of(steps)
    for side, moves in zip((Side.RECEIVER, Side.SENDER, Side.NETWORK, Side.CLOCK), expected, strict=True):
        found = rules.allowed(standing, side, LATE)
        assert " ".join(sorted(found)) == moves, side
        for move in Move:
            if move not in found:
                with pytest.raises(Conflict):
                    rules.check_move(standing, move, side, LATE)
            else:
                rules.check_move(standing, move, side, LATE)


@pytest.mark.parametrize("name", TABLE)
def test_the_clock_does_nothing_before_the_term_is_over(name: str) -> None:
    assert not rules.allowed(standing_of(TABLE[name][0]), Side.CLOCK, MONDAY)


def test_every_step_that_the_rules_allow_stands_in_the_table_of_steps() -> None:
    for steps, *_ in TABLE.values():
        standing = standing_of(steps)
        for side in Side:
            ways = rules.BINDING_STEPS.get(standing.last, ())
            assert rules.allowed(standing, side, LATE) <= set(ways)


@pytest.mark.parametrize(
    ("steps", "goes_to"),
    [
        ([SENT], Move.TO_COORDINATOR),
        ([SENT, RAISED], Move.TO_COORDINATOR),
        ([SENT, HIGHEST], Move.TO_NETWORK),
    ],
)
def test_a_refusal_goes_on_to_who_coordinates_and_never_back(steps: list, goes_to: Move) -> None:
    assert rules.after_refusal(standing_of(steps)) == goes_to


@pytest.mark.parametrize(
    ("name", "on", "word"),
    [
        ("sent", MONDAY, "sent"),
        ("sent", LATE, "late"),
        ("asked", LATE, "more_asked"),
        ("answered", MONDAY, "answered"),
        ("raised", LATE, "to_coordinator"),
        ("raised and asked", LATE, "to_coordinator"),
        ("at the network", LATE, "to_network"),
        ("accepted", LATE, "accepted"),
        ("settled", LATE, "settled"),
        ("withdrawn", LATE, "withdrawn"),
    ],
)
def test_the_family_reads_where_it_stands(name: str, on: date, word: str) -> None:
    assert rules.family_word(standing_of(TABLE[name][0]), on) == word


@pytest.mark.parametrize(
    ("year", "day"),
    [
        (2024, date(2024, 3, 31)),
        (2025, date(2025, 4, 20)),
        (2026, date(2026, 4, 5)),
        (2027, date(2027, 3, 28)),
        (2038, date(2038, 4, 25)),
        (2285, date(2285, 3, 22)),
    ],
)
def test_easter(year: int, day: date) -> None:
    assert rules.easter(year) == day


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (MONDAY, 14, date(2026, 9, 28)),
        (date(2026, 9, 12), 14, date(2026, 9, 28)),  # a Saturday
        (date(2026, 9, 13), 14, date(2026, 9, 28)),  # a Sunday
        (date(2026, 12, 11), 14, date(2026, 12, 28)),  # Christmas, Boxing Day, Sunday
        (date(2026, 12, 18), 14, date(2027, 1, 4)),  # New Year's Day, then a weekend
        (date(2026, 3, 20), 14, date(2026, 4, 7)),  # Good Friday, Easter, Easter Monday
        (date(2026, 4, 30), 14, date(2026, 5, 15)),  # Ascension Day
        (date(2026, 5, 11), 14, date(2026, 5, 26)),  # Whit Monday
        (date(2026, 4, 13), 14, date(2026, 4, 28)),  # the King's birthday
        (date(2025, 4, 12), 14, date(2025, 4, 28)),  # kept on the Saturday before
        (date(2026, 4, 21), 14, date(2026, 5, 6)),  # 5 May
    ],
)
def test_a_term_never_ends_in_a_weekend_or_on_a_holiday(start: date, days: int, end: date) -> None:
    assert rules.term_end(start, days) == end


@given(some.dates(date(2020, 1, 1), date(2060, 1, 1)), some.integers(0, 120))
def test_a_term_is_never_shorter_and_at_most_five_days_longer(start: date, days: int) -> None:
    end, plain = rules.term_end(start, days), start + timedelta(days=days)
    assert plain <= end <= plain + timedelta(days=5)
    assert end.weekday() < 5 and end not in rules.holidays(end.year)


def test_every_law_has_its_terms_with_their_source() -> None:
    terms = rules.binding_terms()
    assert set(terms) == set(Law)
    assert {law: one.first for law, one in terms.items()} == {
        Law.JEUGDWET: 56, Law.WMO: 56, Law.WLZ: 42, Law.EDUCATION: 42, Law.ZVW: 14,
    }  # fmt: skip
    assert all(one.to_confirm for one in terms.values())
    assert [law for law, one in terms.items() if not one.article] == [Law.ZVW]
    assert rules.first_term(Law.WLZ, MONDAY) == date(2026, 10, 26)
    assert rules.second_term(Law.WLZ, MONDAY) == date(2026, 9, 28)


def test_a_question_of_the_receiver_makes_the_term_stand_still() -> None:
    asked, answered = MONDAY, MONDAY + timedelta(days=10)
    assert rules.resumed(MONDAY + timedelta(days=4), asked, answered) == date(2026, 9, 28)
    assert rules.resumed(MONDAY, MONDAY, MONDAY - timedelta(days=1)) == MONDAY


@pytest.mark.parametrize(
    ("role", "coordinator", "sends"),
    [
        (Role.COORDINATOR, True, True),
        (Role.COORDINATOR, False, True),
        (Role.LEVEL5_NURSE, True, False),
        (Role.LEVEL5_NURSE, False, True),
        (Role.PAEDIATRIC_NURSE, True, False),
        (Role.PAEDIATRIC_NURSE, False, True),
        (Role.CARE_COACH, False, False),
        (None, False, False),
    ],
)
def test_who_sends(role: Role | None, coordinator: bool, sends: bool) -> None:
    assert rules.may_send(role, coordinator=coordinator) is sends


def new(**other: object) -> NewBinding:
    told: dict = {
        "law": Law.WLZ, "domain": LifeDomain.SOCIAL, "receiver_id": UUID(int=1), "needed": "Logeren.",
        "why": "Het hoort daar.", "needed_from": MONDAY,
    }  # fmt: skip
    return NewBinding(**(told | other))


def test_who_sends_may_ask_sooner_and_not_later() -> None:
    latest = rules.first_term(Law.WLZ, MONDAY)
    assert rules.check_new(new(), MONDAY) == latest
    assert rules.check_new(new(answer_by=latest), MONDAY) == latest
    assert rules.check_new(new(answer_by=LATE), MONDAY) == LATE
    for day in (MONDAY, latest + timedelta(days=1)):
        with pytest.raises(Invalid) as raised:
            rules.check_new(new(answer_by=day), MONDAY)
        assert raised.value.fields == ("answer_by",)


@pytest.mark.parametrize("field", ["needed", "why"])
@pytest.mark.parametrize("words", [" ", "a" * (rules.LONGEST + 1)])
def test_it_says_what_and_why_on_a_page(field: str, words: str) -> None:
    with pytest.raises(Invalid) as raised:
        rules.check_new(new(**{field: words}), MONDAY)
    assert raised.value.fields == (field,)


@pytest.mark.parametrize(
    ("law", "ground"),
    [
        (Law.ZVW, Ground.WGBO),
        (Law.WLZ, Ground.WGBO),
        (Law.WMO, Ground.WMO),
        (Law.JEUGDWET, Ground.JEUGDWET),
        (Law.EDUCATION, Ground.SCHOOL),
    ],
)
def test_its_ground_is_that_of_its_law(law: Law, ground: Ground) -> None:
    assert rules.ground_of(law) == ground


def test_its_number_holds_no_name() -> None:
    assert rules.reference(UUID("0198c5d2-0000-7000-8000-0000000abcde")) == "V-0ABCDE"
