"""The seal's arithmetic: the same line always has the same digest, another line another."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as some

from kindzorg.audit.rules import (
    Broken,
    Seal,
    broken_lines,
    broken_seal,
    canonical,
    first_id_at,
    line_digest,
    seal_digest,
)
from kindzorg.core.ids import new_id

AT = datetime(2026, 9, 14, 8, 0, tzinfo=UTC)
LINE = {"id": UUID(int=1), "at": AT, "event": "plan.read", "detail": {"b": "2", "a": "é"}, "emergency": False}
SEALED = {UUID(int=1): "a" * 64, UUID(int=2): "b" * 64}


def seal(number: int = 1, previous: str = "", **other: object) -> Seal:
    digest = seal_digest(number, AT, previous, SEALED.items())
    return Seal(**{"number": number, "at": AT, "digest": digest, "previous": previous, "count": 2, **other})  # type: ignore[arg-type]


def test_a_line_has_one_spelling() -> None:
    assert canonical(LINE) == (
        '{"at":"2026-09-14T08:00:00.000000+00:00","detail":{"a":"é","b":"2"},"emergency":false,'
        '"event":"plan.read","id":"00000000-0000-0000-0000-000000000001"}'
    )
    assert canonical({"day": AT.date()}) == '{"day":"2026-09-14"}'


def test_the_same_moment_in_another_zone_is_the_same_line() -> None:
    elsewhere = {**LINE, "at": AT.astimezone(timezone(timedelta(hours=2)))}
    assert line_digest(dict(reversed(elsewhere.items()))) == line_digest(LINE)


@given(some.sampled_from(["event", "actor_name"]), some.text(max_size=20))
def test_every_change_changes_the_digest(field: str, value: str) -> None:
    assert (line_digest({**LINE, field: value}) == line_digest(LINE)) == (LINE.get(field) == value)


def test_a_seal_depends_on_all_that_it_holds() -> None:
    digest = seal_digest(1, AT, "", SEALED.items())
    assert digest == seal_digest(1, AT, "", reversed(SEALED.items()))
    assert len({
        digest,
        seal_digest(2, AT, "", SEALED.items()),
        seal_digest(1, AT + timedelta(seconds=1), "", SEALED.items()),
        seal_digest(1, AT, "c" * 64, SEALED.items()),
        seal_digest(1, AT, "", [*SEALED.items()][:1]),
    }) == 5  # fmt: skip


def test_ids_order_by_the_moment_in_which_they_were_made() -> None:
    before = datetime.now(UTC) - timedelta(milliseconds=5)
    made = new_id()
    after = datetime.now(UTC) + timedelta(milliseconds=5)
    assert first_id_at(before) < made < first_id_at(after)
    assert (first_id_at(AT).version, first_id_at(AT).variant) == (7, "specified in RFC 4122")


def test_lines_that_are_gone_or_bent_are_named() -> None:
    kept, bent, gone = uuid4(), uuid4(), uuid4()
    sealed = {one: line_digest({**LINE, "id": one}) for one in (kept, bent, gone)}
    lines = {kept: {**LINE, "id": kept}, bent: {**LINE, "id": bent, "event": "plan.raed"}}
    assert broken_lines(sealed, lines, 4) == (Broken("removed", 4, gone), Broken("changed", 4, bent))


def test_a_whole_chain_has_nothing_broken() -> None:
    first = seal()
    assert broken_seal(first, None, SEALED) == ()
    assert broken_seal(seal(2, first.digest), first, SEALED) == ()


def test_a_seal_that_is_bent_or_out_of_its_place_is_named() -> None:
    first = seal()
    assert broken_seal(seal(digest="f" * 64), None, SEALED) == (Broken("seal_changed", 1),)
    assert broken_seal(seal(count=3), None, SEALED) == (Broken("seal_changed", 1),)
    assert broken_seal(seal(2, "e" * 64), first, SEALED) == (Broken("seal_changed", 2),)
    assert broken_seal(seal(3, first.digest), first, SEALED) == (Broken("seal_missing", 3),)
    assert broken_seal(seal(2, first.digest), None, SEALED) == (Broken("seal_missing", 2),)
