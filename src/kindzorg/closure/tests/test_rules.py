"""How care may end: the tree, what keeps a need open, the list towards 18, and the record as it is stored."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kindzorg.closure.rules import (
    REASON_FITS,
    Answer,
    ClosureRecord,
    Disposition,
    Ending,
    OpenNeed,
    Settled,
    checklist,
    follow,
    months_after,
    problem_of,
    problems_to_close,
    record_as_data,
    record_from_data,
    record_seen,
    tree,
)
from kindzorg.core.errors import Invalid
from kindzorg.core.vocabulary import LifeDomain

NEED = OpenNeed("1", "medical", "We slapen niet.")


def settled(disposition: Disposition, **given: object) -> Settled:
    return Settled(NEED.id, disposition, **given)  # type: ignore[arg-type]


# --- the tree ------------------------------------------------------------------------------------------------


def test_every_question_and_every_ending_can_be_reached_from_the_first() -> None:
    seen, ahead, endings = set(), ["why"], set()
    while ahead:
        if (name := ahead.pop()) in seen:
            continue
        seen.add(name)
        for option in tree()[name].options:
            where = follow(name, option)
            if isinstance(where, Ending):
                endings.add(where)
            else:
                ahead.append(where)
    assert seen == set(tree())
    assert endings == set(Ending)


@pytest.mark.parametrize(
    ("question", "option", "where"),
    [
        ("why", "less_nursing", "personal_care"),
        ("why", "lasting_wlz", Ending.TO_WLZ),
        ("why", "becomes_18", Ending.ADULT),
        ("why", "other_provider", Ending.OTHER_PROVIDER),
        ("why", "family_stops", Ending.FAMILY_STOPS),
        ("why", "moved_abroad", Ending.MOVED_ABROAD),
        ("why", "died", Ending.DEATH),
        ("personal_care", "yes", Ending.TO_JEUGDWET),
        ("personal_care", "no", "other_needs"),
        ("other_needs", "yes", Ending.TO_OTHERS),
        ("other_needs", "no", Ending.NOBODY_NEEDED),
    ],
)
def test_where_an_answer_leads(question: str, option: str, where: str) -> None:
    assert follow(question, option) == where


@pytest.mark.parametrize(("question", "option"), [("nobody_asks", "yes"), ("why", "yes"), ("why", "")])
def test_an_answer_that_is_not_in_the_tree_is_invalid(question: str, option: str) -> None:
    with pytest.raises(Invalid, match="no_such_answer"):
        follow(question, option)


# --- what keeps a need open ----------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", Ending)
@pytest.mark.parametrize(
    ("arranged", "problem"),
    [
        (None, "need_not_settled"),
        (settled(Disposition.MET), None),
        (settled(Disposition.RECEIVER), "receiver_not_named"),
        (settled(Disposition.RECEIVER, receiver="  "), "receiver_not_named"),
        (settled(Disposition.RECEIVER, receiver=" ", answer=Answer.ACCEPTED), "receiver_not_named"),
        (settled(Disposition.RECEIVER, receiver="Wijkteam"), "receiver_asked"),
        (settled(Disposition.RECEIVER, receiver="Wijkteam", answer=Answer.ASKED), "receiver_asked"),
        (settled(Disposition.RECEIVER, receiver="Wijkteam", answer=Answer.DECLINED), "receiver_declined"),
        (settled(Disposition.RECEIVER, receiver="Wijkteam", answer=Answer.ACCEPTED), None),
        (settled(Disposition.FAMILY_DECLINES), "family_not_told"),
        (settled(Disposition.FAMILY_DECLINES, told=True), None),
    ],
)
def test_a_need_stays_open_whatever_the_ending(
    arranged: Settled | None, problem: str | None, ending: Ending
) -> None:
    assert problem_of(NEED, arranged, ending) == problem


@pytest.mark.parametrize("ending", Ending)
@pytest.mark.parametrize("reason", [Disposition.DEATH, Disposition.MOVED_ABROAD])
def test_death_and_moving_abroad_are_a_reason_only_where_it_ended_so(
    reason: Disposition, ending: Ending
) -> None:
    fits = str(ending) == str(reason)
    assert problem_of(NEED, settled(reason), ending) == (None if fits else "reason_does_not_fit")


def test_without_an_ending_nothing_else_is_asked() -> None:
    assert problems_to_close([NEED], {}, None) == (("", "ending_not_chosen"),)


def test_without_needs_an_ending_is_enough() -> None:
    assert problems_to_close([], {}, Ending.NOBODY_NEEDED) == ()


arrangements = st.builds(
    Settled,
    need_id=st.just(""),
    disposition=st.sampled_from(Disposition),
    receiver=st.sampled_from(["", " ", "Wijkteam"]),
    answer=st.none() | st.sampled_from(Answer),
    told=st.booleans(),
)


@given(
    arranged=st.lists(st.none() | arrangements, max_size=6),
    ending=st.none() | st.sampled_from(Ending),
)
def test_no_closing_while_a_need_lacks_a_receiver_who_accepted_or_a_reason(
    arranged: list[Settled | None], ending: Ending | None
) -> None:
    needs = [OpenNeed(str(number), "medical", "") for number in range(len(arranged))]
    by_need = {
        need.id: replace(one, need_id=need.id) for need, one in zip(needs, arranged, strict=True) if one
    }

    def carried(need: OpenNeed) -> bool:
        one = by_need.get(need.id)
        if one is None:
            return False
        accepted = bool(one.receiver.strip()) and one.answer == Answer.ACCEPTED
        return {
            Disposition.MET: True,
            Disposition.RECEIVER: accepted,
            Disposition.FAMILY_DECLINES: one.told,
            Disposition.DEATH: ending == Ending.DEATH,
            Disposition.MOVED_ABROAD: ending == Ending.MOVED_ABROAD,
        }[one.disposition]

    problems = problems_to_close(needs, by_need, ending)
    assert (not problems) == (ending is not None and all(carried(need) for need in needs))
    if ending is not None:
        assert [need_id for need_id, _ in problems] == [need.id for need in needs if not carried(need)]


def test_every_reason_of_its_own_stands_in_the_table() -> None:
    others = {Disposition.MET, Disposition.RECEIVER, Disposition.FAMILY_DECLINES}
    assert set(REASON_FITS) == set(Disposition) - others


# --- the list towards 18 -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("born", "years", "months", "day"),
    [
        (date(2009, 3, 14), 16, 0, date(2025, 3, 14)),
        (date(2009, 3, 14), 17, 3, date(2026, 6, 14)),
        (date(2009, 11, 30), 17, 3, date(2027, 2, 28)),
        (date(2010, 11, 30), 17, 3, date(2028, 2, 29)),
        (date(2009, 12, 31), 17, 6, date(2027, 6, 30)),
        (date(2009, 12, 1), 18, 1, date(2028, 1, 1)),
        (date(2008, 2, 29), 16, 0, date(2024, 2, 29)),
        (date(2008, 2, 29), 17, 0, date(2025, 3, 1)),
        (date(2008, 2, 29), 17, 3, date(2025, 6, 1)),
        (date(2008, 2, 29), 18, 6, date(2026, 9, 1)),
    ],
)
def test_months_after_a_birthday(born: date, years: int, months: int, day: date) -> None:
    assert months_after(born, years, months) == day


births = st.dates(date(2000, 1, 1), date(2030, 12, 31))


@given(births, st.integers(0, 25), st.integers(0, 30))
def test_a_month_more_is_always_later(born: date, years: int, months: int) -> None:
    assert months_after(born, years, months) < months_after(born, years, months + 1)


@given(births, st.integers(0, 25), st.integers(0, 30))
def test_who_is_born_later_is_never_earlier(born: date, years: int, months: int) -> None:
    assert months_after(born, years, months) <= months_after(born + timedelta(days=1), years, months)


@given(births, st.integers(0, 25))
def test_twelve_months_are_a_year(born: date, years: int) -> None:
    if (born.month, born.day) != (2, 29):
        assert months_after(born, years, 12) == months_after(born, years + 1, 0)


@pytest.mark.parametrize("born", [date(2009, 3, 14), date(2008, 2, 29), date(2009, 8, 31)])
def test_the_list_towards_18_has_its_days(born: date) -> None:
    due = {item.id: item.due for item in checklist(born)}
    assert due == {
        "own_rights": months_after(born, 16, 0),
        "transition_talk": months_after(born, 16, 0),
        "list_18": months_after(born, 17, 0),
        "ciz": months_after(born, 17, 3),
        "wmo": months_after(born, 17, 3),
        "representation": months_after(born, 17, 3),
        "adult_doctor": months_after(born, 17, 6),
        "insurance": months_after(born, 18, 0),
        "safety_net": months_after(born, 18, 6),
    }
    assert [item.due for item in checklist(born)] == sorted(due.values())


def test_every_point_names_its_source() -> None:
    assert all(item.source for item in checklist(date(2009, 3, 14)))


# --- the record ----------------------------------------------------------------------------------------------

records = st.builds(
    ClosureRecord,
    ending=st.sampled_from(Ending),
    settled=st.lists(arrangements, max_size=3).map(tuple),
    needs=st.lists(st.builds(OpenNeed, st.text(), st.text(), st.text()), max_size=3).map(tuple),
    contact=st.text(),
    note=st.text(),
    decided_by=st.text(),
    decided_on=births,
)


@given(records)
def test_a_record_comes_back_as_it_was_stored(record: ClosureRecord) -> None:
    assert record_from_data(record_as_data(record)) == record


@given(records, st.sets(st.sampled_from(LifeDomain)))
def test_who_sees_a_part_reads_the_needs_of_that_part_and_no_note(
    record: ClosureRecord, seen: set[LifeDomain]
) -> None:
    shown = record_seen(record, seen)
    if seen == set(LifeDomain):
        assert shown == record
        return
    assert shown.note == "" and all(one.domain in seen for one in shown.needs)
    ids = {one.id for one in shown.needs}
    assert [one for one in record.settled if one.need_id in ids] == list(shown.settled)


def test_a_need_that_is_seen_keeps_what_was_settled_about_it() -> None:
    need, other = OpenNeed("1", "medical", "zuurstof"), OpenNeed("2", "social", "vriendjes")
    settled = tuple(Settled(one.id, next(iter(Disposition)), note="x") for one in (need, other))
    record = ClosureRecord(
        next(iter(Ending)), settled, (need, other), "bel", "noot", "Marit", date(2026, 9, 14)
    )
    shown = record_seen(record, {LifeDomain.MEDICAL})
    assert (shown.needs, [one.need_id for one in shown.settled], shown.note) == ((need,), ["1"], "")
    assert record_seen(record, set(LifeDomain)) == record
