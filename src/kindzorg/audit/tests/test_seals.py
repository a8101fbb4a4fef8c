"""Lines cannot be changed; what somebody changes past the triggers, the seals show."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone

from kindzorg.access.policy import Actor, Subject, system_actor
from kindzorg.audit import actions
from kindzorg.audit.actions import give_seal, prune_lines, seal_lines, write_line
from kindzorg.audit.events import Kind
from kindzorg.audit.models import AuditLine, AuditSeal, Pruning, SealedLines, TrailCounter
from kindzorg.audit.queries import (
    Verdict,
    newest_seal,
    seal_by_id,
    seal_numbered,
    verify_trail,
    waiting_to_be_sealed,
)
from kindzorg.audit.tests.owner import owner_of_the_database
from kindzorg.core.errors import Refused

pytestmark = pytest.mark.django_db
JOB = system_actor("worker")
STRANGER = Actor(uuid4(), "Somebody")
SUBJECT = Subject(uuid4(), None)


@pytest.fixture(autouse=True)
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole test is one transaction, which PostgreSQL never takes for settled. How it is told when one is
    settled is tried in `test_late_lines`."""
    monkeypatch.setattr("kindzorg.audit.queries._HORIZON", "9223372036854775807")


def some_lines(count: int) -> list[UUID]:
    now = timezone.now()
    return [write_line(JOB, "plan.read", Kind.READ, SUBJECT, now, page=number).id for number in range(count)]


def seal(count: int) -> list[UUID]:
    """Some lines, sealed now."""
    lines = some_lines(count)
    assert seal_lines(JOB, timezone.now()) == count
    return lines


def verdict(*kept: tuple[int, str]) -> Verdict:
    return verify_trail(JOB, timezone.now(), kept)


def broken(*kept: tuple[int, str]) -> list[tuple[str, int | None, UUID | None]]:
    return [(one.what, one.seal, one.line_id) for one in verdict(*kept).broken]


# --- append-only ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "field"), [(AuditLine, "actor_name"), (AuditSeal, "digest"), (SealedLines, "packed")]
)
def test_the_trail_cannot_be_changed_nor_cut(table: Any, field: str) -> None:
    seal(1)
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        table.objects.update(**{field: b"x" if field == "packed" else "x"})
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        table.objects.all()._raw_delete("default")
    assert table.objects.count() == 1


# --- sealing -------------------------------------------------------------------------------------------------


def test_lines_are_sealed_once() -> None:
    lines = some_lines(3)
    assert verdict().unsealed == waiting_to_be_sealed(JOB, timezone.now().date()) == 3
    assert seal_lines(JOB, timezone.now()) == 3
    assert seal_lines(JOB, timezone.now()) == 0
    found = verdict()
    assert (found.seals, found.lines, found.unsealed, found.unsealed_since) == (1, 3, 0, None)
    assert found.broken == () and len(set(lines)) == 3


def test_what_is_not_sealed_yet_is_a_number_and_since_when() -> None:
    seal(1)
    some_lines(2)
    found = verdict()
    assert found.unsealed == 2 and found.broken == ()
    assert found.unsealed_since is not None
    assert timezone.now() - found.unsealed_since < timedelta(minutes=1)


def test_seals_are_bounded_and_chained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "BATCH", 2)
    monkeypatch.setattr(actions, "BATCHES", 2)
    some_lines(5)
    assert seal_lines(JOB, timezone.now()) == 4
    assert seal_lines(JOB, timezone.now()) == 1
    first, second, third = AuditSeal.objects.order_by("number")
    assert (first.previous, second.previous, third.previous) == ("", first.digest, second.digest)
    found = verdict()
    assert (found.seals, found.lines, found.broken) == (3, 5, ())
    assert found.last is not None and found.last.kept_as == f"3:{third.digest}"


def test_the_slower_of_two_workers_leaves_it_to_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    seal(2)
    some_lines(1)
    original = AuditSeal.objects.order_by

    class Behind:
        """As another worker saw the chain just before our seal."""

        def first(self) -> None:
            return None

    monkeypatch.setattr(AuditSeal.objects, "order_by", lambda *_: Behind())
    assert seal_lines(JOB, timezone.now()) == 0
    monkeypatch.setattr(AuditSeal.objects, "order_by", original)
    assert seal_lines(JOB, timezone.now()) == 1
    assert broken() == []


# --- what is found -------------------------------------------------------------------------------------------


def test_a_changed_line_is_found_and_named() -> None:
    line = seal(3)[1]
    with owner_of_the_database("audit_auditline"):
        AuditLine.objects.filter(id=line).update(actor_name="Somebody else")
    assert broken() == [("changed", 1, line)]


def test_a_removed_line_is_found_and_named_also_when_what_the_seal_kept_goes_with_it() -> None:
    line = seal(3)[1]
    with owner_of_the_database("audit_auditline"):
        AuditLine.objects.filter(id=line)._raw_delete("default")
    assert broken() == [("removed", 1, line)]
    row = SealedLines.objects.get()
    packed = bytes(row.packed)
    with owner_of_the_database("audit_sealedlines"):
        SealedLines.objects.update(packed=packed[:48] + packed[96:])
    assert broken() == [("seal_changed", 1, None)]
    with owner_of_the_database("audit_sealedlines"):
        SealedLines.objects.all()._raw_delete("default")
    assert broken() == [("content_missing", 1, None)]


def test_a_line_put_in_among_sealed_ones_is_found_and_named() -> None:
    seal(2)
    seal(1)
    position = AuditSeal.objects.get(number=1).last_position
    with owner_of_the_database("audit_auditline"):
        added = write_line(JOB, "plan.read", Kind.READ, SUBJECT, timezone.now()).id
        AuditLine.objects.filter(id=added).update(position=position - 1)
    assert broken() == [("inserted", 1, added)]


def test_a_line_without_a_place_is_found() -> None:
    """Only somebody who took the triggers off can leave a line where no seal ever comes."""
    with owner_of_the_database("audit_auditline"):
        line = write_line(JOB, "plan.read", Kind.READ, SUBJECT, timezone.now()).id
        AuditLine.objects.filter(id=line).update(position=None)
    assert broken() == [("inserted", None, line)]


def test_a_line_that_was_moved_is_a_changed_line() -> None:
    line = seal(2)[1]
    with owner_of_the_database("audit_auditline"):
        AuditLine.objects.filter(id=line).update(position=F("position") + 100)
    assert ("changed", 1, line) in broken()


def test_a_line_that_names_another_day_is_found(settings: Any) -> None:
    seal(1)
    settings.KINDZORG_DEMO = False
    line = write_line(JOB, "plan.read", Kind.READ, SUBJECT, timezone.now() - timedelta(days=21)).id
    seal_lines(JOB, timezone.now())
    assert broken() == [("misdated", 2, line)]


def test_a_seal_that_was_changed_or_taken_away_is_found() -> None:
    for _ in range(3):
        seal(1)
    with owner_of_the_database("audit_auditseal"):
        AuditSeal.objects.filter(number=2).update(count=7)
    assert ("seal_changed", 2, None) in broken()
    with owner_of_the_database("audit_auditseal"), owner_of_the_database("audit_sealedlines"):
        SealedLines.objects.filter(seal__number=2)._raw_delete("default")
        AuditSeal.objects.filter(number=2)._raw_delete("default")
    assert ("seal_missing", 3, None) in broken()


# --- a seal that somebody else holds -------------------------------------------------------------------------


def make_the_chain_anew() -> None:
    """Who owns the database removes every seal, bends a line, and seals all again."""
    with owner_of_the_database("audit_auditseal"), owner_of_the_database("audit_sealedlines"):
        SealedLines.objects.all()._raw_delete("default")
        AuditSeal.objects.all()._raw_delete("default")
    with owner_of_the_database("audit_auditline"):
        AuditLine.objects.update(actor_name="Somebody else")
    seal_lines(JOB, timezone.now())


def test_only_a_seal_that_was_kept_elsewhere_shows_that_the_chain_was_made_anew() -> None:
    seal(1)
    seal(1)
    kept = [(one.number, one.digest) for one in AuditSeal.objects.order_by("number")]
    assert broken(*kept) == []
    make_the_chain_anew()
    assert broken() == []
    assert broken(*kept) == [("seal_changed", 1, None), ("seal_missing", 2, None)]


def test_the_newest_seal_is_given_out_and_that_stands_in_the_trail() -> None:
    assert give_seal(JOB, timezone.now()) is None
    seal(1)
    given = give_seal(JOB, timezone.now())
    assert given is not None
    line = AuditLine.objects.latest("id")
    assert (line.event, line.object_id, line.detail) == ("trail.seal_given", given.id, {"seal": "1"})
    on = timezone.now().date()
    assert newest_seal(JOB, on) == seal_by_id(JOB, given.id, on) == seal_numbered(JOB, 1, on) == given
    assert seal_numbered(JOB, 2, on) is None


@pytest.mark.parametrize("act", [seal_lines, give_seal, lambda who, now: prune_lines(who, 5, now)])
def test_only_who_keeps_the_trail_does_so(act: Any) -> None:
    with pytest.raises(Refused):
        act(STRANGER, timezone.now())


# --- what has been kept long enough --------------------------------------------------------------------------

SIX_YEARS = timedelta(days=6 * 366)


def long_ago(count: int) -> list[UUID]:
    """Lines that were written and sealed six years ago."""
    then = timezone.now() - SIX_YEARS
    lines = [write_line(JOB, "plan.read", Kind.READ, SUBJECT, then).id for _ in range(count)]
    seal_lines(JOB, then)
    return lines


def test_what_was_kept_long_enough_goes_and_the_chain_stays_checkable() -> None:
    old = long_ago(3)
    seal(2)
    kept = [(one.number, one.digest) for one in AuditSeal.objects.order_by("number")]
    done = prune_lines(JOB, 5, timezone.now())
    assert done is not None and (done.seal, done.lines, str(done)) == (1, 3, "pruned up to seal 1")
    assert not AuditLine.objects.filter(id__in=old).exists()
    found = verdict(*kept)
    assert (found.broken, found.seals, found.pruned, found.lines, found.unsealed) == ((), 2, 1, 2, 1)
    assert AuditLine.objects.latest("id").event == "trail.pruned"
    assert prune_lines(JOB, 5, timezone.now()) is None


@pytest.mark.parametrize("years", [20, 7])
def test_what_is_kept_longer_stays(years: int) -> None:
    long_ago(1)
    assert prune_lines(JOB, years, timezone.now()) is None


def test_a_pruning_does_not_cover_what_was_removed_before_its_time() -> None:
    lines = seal(2)
    Pruning.objects.create(at=timezone.now(), seal=1, years=5, lines=2)
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        AuditLine.objects.filter(id__in=lines)._raw_delete("default")
    with owner_of_the_database("audit_auditline"), owner_of_the_database("audit_sealedlines"):
        AuditLine.objects.filter(id__in=lines)._raw_delete("default")
        SealedLines.objects.all()._raw_delete("default")
    assert broken() == [("content_missing", 1, None)]


def test_a_line_put_back_under_a_pruned_seal_is_found() -> None:
    long_ago(2)
    prune_lines(JOB, 5, timezone.now())
    with owner_of_the_database("audit_auditline"):
        added = write_line(JOB, "plan.read", Kind.READ, SUBJECT, timezone.now()).id
        AuditLine.objects.filter(id=added).update(position=1)
    assert ("inserted", 1, added) in broken()


def test_fewer_than_five_years_cannot_even_be_written_down() -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Pruning.objects.create(at=timezone.now(), seal=1, years=4, lines=2)


def test_rows_say_what_they_are() -> None:
    seal(1)
    sealed = SealedLines.objects.get()
    assert str(sealed.seal) == "seal 1" and str(sealed) == f"lines of seal {sealed.seal_id}"
    assert str(TrailCounter(cluster="x", base=3)) == "x from 3"
    assert connection.vendor != "postgresql" or TrailCounter.objects.count() == 1
