"""Lines cannot be changed; what somebody changes past the triggers, the seals show."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from kindzorg.access.assurance import Assurance
from kindzorg.access.policy import Actor, Grant, Subject, system_actor
from kindzorg.access.roles import Role, Scope
from kindzorg.audit import actions
from kindzorg.audit.actions import (
    check_trail,
    read_newest,
    seal_lines,
    write_line,
    write_reads,
    write_refusal,
)
from kindzorg.audit.events import Kind, Outcome
from kindzorg.audit.models import AuditLine, AuditSeal, SealedLine
from kindzorg.audit.queries import last_visit, lines_for, verify_trail
from kindzorg.audit.rules import SEALED_WITHIN, STRAGGLES
from kindzorg.core.errors import Refused

pytestmark = pytest.mark.django_db
JOB = system_actor("worker")
STRANGER = Actor(uuid4(), "Somebody")
SUBJECT = Subject(uuid4(), None)
# Ids carry the real clock, whatever day the tests take place on.
SOON = timedelta(seconds=10)


def some_lines(count: int) -> list[AuditLine]:
    now = timezone.now()
    return [write_line(JOB, "plan.read", Kind.READ, SUBJECT, now, page=number) for number in range(count)]


@contextmanager
def owner_of_the_database(table: str) -> Iterator[None]:
    """What only the owner can do: take the triggers off, change rows, and put them back."""
    verbs = ("update", "delete")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE {table} DISABLE TRIGGER USER")
            yield
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        else:
            names = [f"{table}_frozen_{verb}" for verb in verbs]
            cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
            made = [row[0] for row in cursor.fetchall()]
            for name in names:
                cursor.execute(f"DROP TRIGGER {name}")
            yield
            for statement in made:
                cursor.execute(statement)


def verdict(after: timedelta = SOON) -> list[str]:
    return [one.what for one in verify_trail(JOB, timezone.now() + after).broken]


@pytest.mark.parametrize("table", [AuditLine, AuditSeal, SealedLine])
def test_the_trail_cannot_be_changed_nor_cut(table: type) -> None:
    some_lines(1)
    seal_lines(JOB, timezone.now() + SOON)
    field = {AuditLine: "actor_name", AuditSeal: "digest", SealedLine: "digest"}[table]
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        table.objects.update(**{field: "x"})
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        table.objects.all()._raw_delete("default")
    assert table.objects.count() == 1


def test_lines_are_sealed_once_in_the_order_of_their_making() -> None:
    lines = some_lines(3)
    assert seal_lines(JOB, timezone.now() + SOON) == 3
    assert seal_lines(JOB, timezone.now() + SOON) == 0
    assert list(SealedLine.objects.order_by("line_id").values_list("line_id", flat=True)) == [
        line.id for line in lines
    ]
    assert verdict() == []


def test_a_line_that_may_not_have_settled_waits() -> None:
    some_lines(1)
    assert seal_lines(JOB, timezone.now()) == 0


def test_seals_are_bounded_and_chained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "BATCH", 2)
    monkeypatch.setattr(actions, "BATCHES", 2)
    some_lines(5)
    assert seal_lines(JOB, timezone.now() + SOON) == 4
    assert seal_lines(JOB, timezone.now() + SOON) == 1
    first, second, third = AuditSeal.objects.order_by("number")
    assert (first.previous, second.previous, third.previous) == ("", first.digest, second.digest)
    found = verify_trail(JOB, timezone.now() + SOON)
    assert (found.seals, found.lines, found.broken) == (3, 5, ())
    assert found.last is not None and found.last.digest == third.digest


def test_a_line_that_shows_itself_late_is_sealed_too() -> None:
    first, late, last = (AuditLine(**fields) for fields in bare_lines(3))
    first.save(force_insert=True)
    last.save(force_insert=True)
    seal_lines(JOB, timezone.now() + SOON)
    late.save(force_insert=True)
    assert seal_lines(JOB, timezone.now() + SOON) == 1
    assert verdict() == []


def bare_lines(count: int) -> list[dict[str, object]]:
    about = {
        "at": timezone.now(),
        "event": "x.done",
        "kind": Kind.READ,
        "actor_id": JOB.id,
        "actor_name": "x",
    }
    return [dict(about) for _ in range(count)]


def test_sealing_does_not_read_the_whole_trail_each_minute() -> None:
    first, late, last = (AuditLine(**fields) for fields in bare_lines(3))
    first.save(force_insert=True)
    last.save(force_insert=True)
    seal_lines(JOB, timezone.now() + SOON)
    late.save(force_insert=True)
    later = timezone.now() + SOON + STRAGGLES
    assert seal_lines(JOB, later) == 0
    assert [one.what for one in verify_trail(JOB, later).broken] == ["unsealed"]


def test_the_slower_of_two_workers_leaves_it_to_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    some_lines(2)
    seal_lines(JOB, timezone.now() + SOON)
    some_lines(1)
    original = AuditSeal.objects.order_by

    class Behind:
        """As another worker saw the chain just before our seal."""

        def first(self) -> None:
            return None

    monkeypatch.setattr(AuditSeal.objects, "order_by", lambda *_: Behind())
    assert seal_lines(JOB, timezone.now() + SOON) == 0
    monkeypatch.setattr(AuditSeal.objects, "order_by", original)
    assert seal_lines(JOB, timezone.now() + SOON) == 1
    assert verdict() == []


def test_a_changed_line_is_found() -> None:
    line = some_lines(3)[1]
    seal_lines(JOB, timezone.now() + SOON)
    with owner_of_the_database("audit_auditline"):
        AuditLine.objects.filter(id=line.id).update(actor_name="Somebody else")
    found = verify_trail(JOB, timezone.now() + SOON)
    assert [(one.what, one.seal, one.line_id) for one in found.broken] == [("changed", 1, line.id)]


def test_a_removed_line_is_found_also_when_its_mark_goes_with_it() -> None:
    line = some_lines(3)[1]
    seal_lines(JOB, timezone.now() + SOON)
    with owner_of_the_database("audit_auditline"):
        AuditLine.objects.filter(id=line.id)._raw_delete("default")
    assert verdict() == ["removed"]
    with owner_of_the_database("audit_sealedline"):
        SealedLine.objects.filter(line_id=line.id)._raw_delete("default")
    assert verdict() == ["seal_changed"]


def test_a_line_that_stays_open_is_found() -> None:
    some_lines(1)
    assert verdict() == []
    assert verdict(SEALED_WITHIN + SOON) == ["unsealed"]


def test_the_end_of_the_chain_cannot_go_unseen_by_who_kept_a_seal() -> None:
    some_lines(1)
    seal_lines(JOB, timezone.now() + SOON)
    some_lines(1)
    seal_lines(JOB, timezone.now() + SOON)
    now = timezone.now() + SOON
    last = verify_trail(JOB, now).last
    assert last is not None
    kept = (last.number, last.digest)
    assert verify_trail(JOB, now, kept).broken == ()
    assert [one.what for one in verify_trail(JOB, now, (2, "0" * 64)).broken] == ["seal_changed"]
    assert [one.what for one in verify_trail(JOB, now, (3, "0" * 64)).broken] == ["seal_missing"]


def test_checking_and_looking_stand_in_the_trail() -> None:
    some_lines(2)
    assert check_trail(JOB, timezone.now()).broken == ()
    assert [line.event for line in read_newest(JOB, timezone.now(), 2)] == ["trail.checked", "plan.read"]
    line = AuditLine.objects.latest("id")
    assert (line.event, line.kind, line.detail) == ("trail.read", Kind.READ, {"lines": "2"})


@pytest.mark.parametrize("act", [seal_lines, check_trail, lambda who, now: read_newest(who, now, 1)])
def test_only_who_keeps_the_trail_seals_and_checks_it(act: object) -> None:
    with pytest.raises(Refused):
        act(STRANGER, timezone.now())  # type: ignore[operator]


def test_a_line_says_who_in_which_role_and_nothing_medical() -> None:
    actor = Actor(uuid4(), "Marit", organisation="Thuis", on_behalf_of="de vader")
    line = write_line(
        actor,
        "plan.read",
        Kind.READ,
        SUBJECT,
        timezone.now(),
        object_kind="plan",
        object_id=uuid4(),
        permission="x",
    )
    line.refresh_from_db()
    assert (line.actor_name, line.organisation, line.on_behalf_of) == ("Marit", "Thuis", "de vader")
    assert (line.actor_role, line.child_id, line.object_kind, line.permission) == (
        "",
        SUBJECT.child_id,
        "plan",
        "x",
    )
    assert line.outcome == Outcome.DONE and "plan.read" in str(line) and line.detail == {}


def test_a_list_of_children_leaves_one_line_per_child_in_one_statement(
    django_assert_num_queries: object,
) -> None:
    subjects = [Subject(uuid4(), None) for _ in range(5)]
    with django_assert_num_queries(1):  # type: ignore[operator]
        write_reads(JOB, "children.listed", subjects, timezone.now())
    assert set(AuditLine.objects.values_list("child_id", flat=True)) == {one.child_id for one in subjects}


def test_a_refusal_is_a_line_of_its_own() -> None:
    write_refusal(STRANGER, "refused GET plan", timezone.now(), SUBJECT.child_id, "plan.read")
    line = AuditLine.objects.get()
    assert (line.outcome, line.kind, line.permission) == (Outcome.REFUSED, Kind.EXECUTE, "plan.read")


def test_who_may_read_the_trail_of_a_child_sees_its_lines_newest_first() -> None:
    now = timezone.now()
    write_line(JOB, "child.start_read", Kind.READ, SUBJECT, now - timedelta(hours=1))
    write_line(JOB, "plan.read", Kind.READ, SUBJECT, now)
    write_line(JOB, "plan.read", Kind.READ, Subject(uuid4(), None), now)
    with pytest.raises(Refused):
        lines_for(STRANGER, SUBJECT, now.date())
    grants = (Grant(Role.AUDITOR, Scope.CHILD, SUBJECT.child_id, now.date()),)
    auditor = Actor(uuid4(), "A", grants, assurance=Assurance.SUBSTANTIAL)
    assert [one.event for one in lines_for(auditor, SUBJECT, now.date())] == ["plan.read", "child.start_read"]
    assert last_visit(JOB, SUBJECT, now) == now - timedelta(hours=1)
    assert last_visit(JOB, SUBJECT, now - timedelta(days=1)) is None


def test_seals_say_what_they_are() -> None:
    some_lines(1)
    seal_lines(JOB, timezone.now() + SOON)
    sealed = SealedLine.objects.get()
    assert str(sealed.seal) == "seal 1" and str(sealed).endswith(f"in {sealed.seal_id}")
