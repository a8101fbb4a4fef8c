"""The seal's arithmetic: the same line always has the same digest, another line another."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kindzorg.access.policy import Explanation, Grant, Subject
from kindzorg.access.roles import Role, Scope
from kindzorg.audit import rules
from kindzorg.audit.events import Kind, Lifecycle, Purpose
from kindzorg.audit.rules import Broken, Seal
from kindzorg.core.ids import new_id
from kindzorg.core.vocabulary import LifeDomain

AT = datetime(2026, 9, 14, 8, 0, tzinfo=UTC)
LINE = {"id": UUID(int=1), "at": AT, "event": "plan.read", "detail": {"b": "2", "a": "é"}, "emergency": False}
SEALED = {UUID(int=1): "a" * 64, UUID(int=2): "b" * 64}


def seal(number: int = 1, previous: str = "", **other: object) -> Seal:
    fields = {
        "number": number,
        "at": AT,
        "previous": previous,
        "count": 2,
        "first_position": 1,
        "last_position": 2,
        "last_id": UUID(int=2),
        "content": rules.content_digest(rules.pack(SEALED.items())),
    }
    made = Seal(**fields)  # type: ignore[arg-type]
    return Seal(**fields | {"digest": rules.seal_digest(made)} | other)  # type: ignore[arg-type]


# --- one line ------------------------------------------------------------------------------------------------


def test_a_line_has_one_spelling_and_says_nothing_of_what_is_empty() -> None:
    assert rules.canonical(LINE | {"organisation": "", "object_id": None}) == (
        '{"at":"2026-09-14T08:00:00.000000+00:00","detail":{"a":"é","b":"2"},'
        '"event":"plan.read","id":"00000000-0000-0000-0000-000000000001"}'
    )
    assert rules.canonical({"day": AT.date()}) == '{"day":"2026-09-14"}'


def test_the_same_moment_in_another_zone_is_the_same_line() -> None:
    elsewhere = {**LINE, "at": AT.astimezone(timezone(timedelta(hours=2)))}
    assert rules.line_digest(elsewhere) == rules.line_digest(LINE)


def test_a_column_of_later_changes_no_line_of_before_until_somebody_fills_it() -> None:
    assert rules.line_digest({**LINE, "new": ""}) == rules.line_digest(LINE)
    assert rules.line_digest({**LINE, "new": "x"}) != rules.line_digest(LINE)


@given(some.sampled_from(sorted(LINE)), some.text(min_size=1))
def test_whatever_changes_changes_the_digest(name: str, value: str) -> None:
    assert rules.line_digest({**LINE, name: value}) != rules.line_digest(LINE)


@given(
    some.lists(some.tuples(some.uuids(), some.binary(min_size=32, max_size=32)), unique_by=lambda one: one[0])
)
def test_what_is_packed_can_be_unpacked(lines: list[tuple[UUID, bytes]]) -> None:
    given_lines = {line_id: digest.hex() for line_id, digest in lines}
    packed = rules.pack(given_lines.items())
    assert len(packed) == 48 * len(lines) and rules.unpack(packed) == given_lines


def test_what_somebody_cut_in_two_unpacks_to_something_else() -> None:
    packed = rules.pack(SEALED.items())
    assert rules.unpack(packed[:-40]) != SEALED and rules.unpack(packed[:50]) != SEALED


# --- seals ---------------------------------------------------------------------------------------------------


def test_a_whole_chain_has_nothing_wrong() -> None:
    first = seal()
    assert rules.broken_seal(first, None) == ()
    assert rules.broken_seal(seal(2, first.digest), first) == ()
    assert first.kept_as == f"1:{first.digest}"


@pytest.mark.parametrize(
    "bent",
    [
        {"digest": "0" * 64},
        {"count": 3},
        {"at": AT + timedelta(seconds=1)},
        {"first_position": 0},
        {"last_position": 9},
        {"last_id": UUID(int=9)},
        {"content": "0" * 64},
    ],
)
def test_a_seal_that_was_bent_is_seen(bent: dict[str, object]) -> None:
    assert rules.broken_seal(seal(**bent), None) == (Broken("seal_changed", 1),)  # type: ignore[arg-type]


def test_a_seal_that_is_gone_or_was_put_in_is_seen_at_the_next() -> None:
    first = seal()
    assert rules.broken_seal(seal(3, first.digest), first) == (Broken("seal_missing", 3),)
    assert rules.broken_seal(seal(2, ""), None) == (Broken("seal_missing", 2),)
    assert rules.broken_seal(seal(2, "0" * 64), first) == (Broken("seal_changed", 2),)
    assert rules.broken_seal(seal(2, "0" * 64, digest="1" * 64), first) == (Broken("seal_changed", 2),)


def test_lines_that_are_gone_say_something_else_or_were_put_in_are_named() -> None:
    kept, bent, gone, added = (uuid4() for _ in range(4))
    line = {"id": kept, "at": AT}
    sealed = {kept: rules.line_digest(line), bent: rules.line_digest(line), gone: "a" * 64}
    found = rules.broken_lines(sealed, {kept: line, bent: {**line, "event": "x"}, added: line}, 4)
    assert set(found) == {
        Broken("removed", 4, gone),
        Broken("changed", 4, bent),
        Broken("inserted", 4, added),
    }


def dated(at: datetime, demo: bool = False) -> dict[str, object]:
    return {"id": UUID(int=1), "at": at, "demo": demo}


@pytest.mark.parametrize(
    ("line", "before", "found"),
    [
        (dated(AT), None, 0),
        (dated(AT - timedelta(days=900)), None, 0),
        (dated(AT + timedelta(hours=23)), None, 0),
        (dated(AT + timedelta(hours=25)), None, 1),
        (dated(AT - timedelta(hours=25)), AT, 1),
        (dated(AT - timedelta(hours=23)), AT, 0),
        (dated(AT - timedelta(days=900), demo=True), AT, 0),
    ],
)
def test_a_line_is_written_after_the_seal_before_it(
    line: dict[str, object], before: datetime | None, found: int
) -> None:
    earlier = seal(at=before) if before else None
    assert len(rules.misdated_lines([line], seal(2), earlier)) == found


def test_an_id_shows_when_it_was_made() -> None:
    assert abs(rules.moment_of(new_id()) - datetime.now(UTC)) < timedelta(seconds=5)


# --- what a line says ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "purpose"),
    [
        (Role.LEVEL5_NURSE, Purpose.CARE),
        (Role.AUTHORITY_HOLDER, Purpose.OWN_FILE),
        (Role.CHILD, Purpose.OWN_FILE),
        (Role.SCHOOL, Purpose.SCHOOL),
        (Role.MUNICIPALITY, Purpose.SUPPORT),
        (Role.PRIVACY_OFFICER, Purpose.OVERSIGHT),
        (Role.SYSTEM, Purpose.UPKEEP),
        (None, None),
    ],
)
def test_what_somebody_came_for_follows_from_the_role(role: Role | None, purpose: Purpose | None) -> None:
    assert rules.purpose_for(role) == purpose
    assert rules.purpose_for(role, emergency=True) == Purpose.EMERGENCY


@pytest.mark.parametrize(
    ("event", "kind", "lifecycle"),
    [
        ("plan.read", Kind.READ, Lifecycle.USED),
        ("plan.printed", Kind.READ, Lifecycle.PRINTED),
        ("plan.family_printed", Kind.READ, Lifecycle.PRINTED),
        ("child.exported", Kind.READ, Lifecycle.EXPORTED),
        ("handover.taken", Kind.CREATE, Lifecycle.TAKEN_IN),
        ("goal.added", Kind.CREATE, Lifecycle.MADE),
        ("goal.changed", Kind.UPDATE, Lifecycle.CHANGED),
        ("goal.removed", Kind.DELETE, Lifecycle.REMOVED),
        ("trail.pruned", Kind.DELETE, Lifecycle.DESTROYED),
    ],
)
def test_paper_and_copies_are_told_from_a_look(event: str, kind: Kind, lifecycle: Lifecycle) -> None:
    assert rules.lifecycle_for(event, kind) == lifecycle


def test_the_basis_names_role_scope_and_condition() -> None:
    grant = Grant(Role.AUTHORITY_HOLDER, Scope.CHILD, uuid4(), date(2026, 1, 1))
    leave = Explanation(True, "plan.read", grant, "authority")
    assert rules.basis_of(leave) == "authority_holder/child/authority"
    assert rules.basis_of(None) == rules.basis_of(Explanation(False, "plan.read", missing="no_grant")) == ""


HOUSE = uuid4()


@pytest.mark.parametrize(
    ("role", "scope", "given", "found"),
    [
        (Role.LEVEL5_NURSE, Scope.CHILD, {}, "all"),
        (Role.SCHOOL, Scope.CHILD, {"domains": frozenset({LifeDomain.DEVELOPMENT})}, "development"),
        (
            Role.LEVEL5_NURSE,
            Scope.CHILD,
            {"domain_ends": {LifeDomain.MEDICAL: date(2026, 9, 14)}},
            "development|safety|social",
        ),
        (Role.AUDITOR, Scope.ORGANISATION, {}, "medical|social"),
        (Role.LEVEL5_NURSE, Scope.CHILD, {"emergency": True}, "emergency"),
        (Role.AUTHORITY_HOLDER, Scope.CHILD, {}, ""),
        (Role.SYSTEM, Scope.INSTALLATION, {}, ""),
    ],
)
def test_the_consent_that_it_leaned_on(role: Role, scope: Scope, given: Any, found: str) -> None:
    some_domains = frozenset({LifeDomain.MEDICAL, LifeDomain.SOCIAL})
    subject = Subject(uuid4(), None, organisation_domains={HOUSE: some_domains})
    leave = Explanation(True, "plan.read", Grant(role, scope, HOUSE, date(2026, 1, 1), **given), "always")
    assert rules.consent_of(leave, subject, date(2026, 9, 14)) == found
    assert (
        rules.consent_of(leave, None, date(2026, 9, 14)) == rules.consent_of(None, subject, AT.date()) == ""
    )


# --- how long ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sealed", "years", "may_go"),
    [
        (datetime(2021, 9, 14, 7, 59, tzinfo=UTC), 5, True),
        (datetime(2021, 9, 14, 8, 0, tzinfo=UTC), 5, False),
        (datetime(2021, 9, 14, 8, 1, tzinfo=UTC), 5, False),
        (datetime(2021, 9, 14, 8, 1, tzinfo=UTC), 1, False),
        (datetime(2021, 9, 14, 7, 59, tzinfo=UTC), 20, False),
        (datetime(2006, 9, 13, tzinfo=UTC), 20, True),
    ],
)
def test_no_line_goes_before_its_five_years(sealed: datetime, years: int, may_go: bool) -> None:
    assert rules.prunable(sealed, AT, years) == may_go


def test_a_leap_day_is_kept_longer_rather_than_shorter() -> None:
    leap = datetime(2028, 2, 29, 12, tzinfo=UTC)
    assert rules.years_before(leap, 5) == datetime(2023, 2, 28, 12, tzinfo=UTC)
    assert rules.years_before(leap, 4) == datetime(2024, 2, 28, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (date(2026, 9, 14), date(2026, 10, 14)),
        (date(2026, 1, 31), date(2026, 2, 28)),
        (date(2028, 1, 31), date(2028, 2, 29)),
        (date(2026, 12, 31), date(2027, 1, 31)),
    ],
)
def test_a_question_is_answered_within_a_month(asked: date, due: date) -> None:
    assert rules.answer_due(asked) == due


# --- visits --------------------------------------------------------------------------------------------------


SOMEBODY = UUID(int=1)


@dataclass
class Line:
    """What a line says of who did it."""

    at: datetime
    actor_id: UUID = SOMEBODY
    actor_role: str = "gp"
    organisation: str = ""
    on_behalf_of: str = ""
    purpose: str = "care"


def ago(minutes: float, **other: Any) -> Line:
    return Line(AT - timedelta(minutes=minutes), **other)


def minutes(*lines: Line) -> list[list[float]]:
    """Visits as how long ago each of their lines was."""
    found = rules.visits_of(lines, lambda moment: moment.date())
    return [[(AT - line.at).total_seconds() / 60 for line in visit] for visit in found]


def test_one_visit_lasts_while_no_half_hour_of_nothing_passes() -> None:
    assert minutes(ago(0), ago(30), ago(60)) == [[0, 30, 60]]
    assert minutes(ago(0), ago(30.1), ago(60)) == [[0], [30.1, 60]]
    assert minutes() == []


def test_visits_of_two_people_at_the_same_time_are_two() -> None:
    other = UUID(int=2)
    assert minutes(ago(0), ago(1, actor_id=other), ago(2), ago(3, actor_id=other)) == [[0, 2], [1, 3]]


@pytest.mark.parametrize(
    "other",
    [{"actor_role": "parent"}, {"organisation": "x"}, {"on_behalf_of": "y"}, {"purpose": "emergency"}],
)
def test_in_another_quality_it_is_another_visit(other: dict[str, str]) -> None:
    assert minutes(ago(0), ago(1, **other)) == [[0], [1]]


def test_midnight_ends_a_visit() -> None:
    assert minutes(ago(475), ago(485)) == [[475], [485]]  # 0.05 and 23.55.


@given(some.lists(some.integers(0, 2000), max_size=30))
def test_no_line_is_lost_or_told_twice(when: list[int]) -> None:
    lines = [ago(minute, actor_id=UUID(int=minute % 3)) for minute in sorted(when)]
    visits = rules.visits_of(lines, lambda moment: moment.date())
    assert sorted(id(line) for visit in visits for line in visit) == sorted(map(id, lines))
    starts = [visit[0].at for visit in visits]
    assert starts == sorted(starts, reverse=True)
