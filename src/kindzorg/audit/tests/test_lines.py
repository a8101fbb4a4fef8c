"""What a line says: the fields of NEN 7513, and nothing of what was written or read."""

import platform
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from kindzorg.access import policy
from kindzorg.access.assurance import Assurance
from kindzorg.access.policy import Actor, Grant, Subject, system_actor
from kindzorg.access.roles import Role, Scope
from kindzorg.audit.actions import (
    check_trail,
    note_backup,
    read_newest,
    write_line,
    write_reads,
    write_refusal,
)
from kindzorg.audit.events import AccessPoint, Kind, Lifecycle, Outcome, Purpose
from kindzorg.audit.models import AuditLine
from kindzorg.audit.queries import since_last_visit
from kindzorg.core.errors import Refused
from kindzorg.core.ids import new_id

pytestmark = pytest.mark.django_db
JOB, OTHER = system_actor("worker"), system_actor("import")
STRANGER = Actor(uuid4(), "Somebody")
SUBJECT = Subject(uuid4(), None)


def nurse(**about: Any) -> Actor:
    """A nurse of the child, with a right of entry that is a day old."""
    grant = Grant(
        Role.LEVEL5_NURSE,
        Scope.CHILD,
        SUBJECT.child_id,
        timezone.now().date() - timedelta(days=1),
        emergency=about.pop("emergency", False),
    )
    about |= {"organisation": "Thuis", "qualification": "nurse", "assurance": Assurance.HIGH}
    return Actor(uuid4(), "Marit", (grant,), **about)


def test_a_line_says_who_as_what_from_where_for_what_and_by_which_right() -> None:
    now, plan = timezone.now(), uuid4()
    actor = nurse(on_behalf_of="de vader", access_point="192.0.2.7")
    leave = policy.require(actor, "plan.read", SUBJECT, now.date())
    write_line(
        actor,
        "plan.printed",
        Kind.READ,
        SUBJECT,
        now,
        leave=leave,
        object_kind="plan",
        object_id=plan,
        page=2,
    )
    line = AuditLine.objects.get()
    assert (line.at, line.event, line.kind, line.outcome) == (now, "plan.printed", Kind.READ, Outcome.DONE)
    assert (line.actor_id, line.actor_name, line.actor_role) == (actor.id, "Marit", Role.LEVEL5_NURSE)
    assert (line.qualification, line.organisation, line.on_behalf_of) == ("nurse", "Thuis", "de vader")
    assert (line.purpose, line.permission, line.basis) == (
        Purpose.CARE,
        "plan.read",
        "level5_nurse/child/always",
    )
    assert (line.access_point, line.access_point_type) == ("192.0.2.7", AccessPoint.ADDRESS)
    assert (line.child_id, line.object_kind, line.object_id) == (SUBJECT.child_id, "plan", plan)
    assert (line.lifecycle, line.emergency, line.consent) == (Lifecycle.PRINTED, False, "all")
    assert (line.source, line.detail) == ("demo", {"page": "2"}) and "plan.printed" in str(line)


def test_what_a_program_does_is_done_from_the_machine() -> None:
    write_line(JOB, "notice.sent", Kind.EXECUTE, None, timezone.now())
    line = AuditLine.objects.get()
    assert (line.access_point, line.access_point_type) == (platform.node(), AccessPoint.MACHINE)
    assert (line.actor_role, line.purpose) == (Role.SYSTEM, Purpose.UPKEEP)
    assert (line.lifecycle, line.basis, line.permission) == ("", "", "")


def test_who_has_no_role_here_came_for_nothing_that_we_know() -> None:
    write_line(STRANGER, "session.begun", Kind.EXECUTE, None, timezone.now())
    line = AuditLine.objects.get()
    assert (line.actor_role, line.purpose) == ("", "")


def test_an_emergency_stands_on_the_line() -> None:
    now, actor = timezone.now(), nurse(emergency=True)
    leave = policy.require(actor, "plan.read", SUBJECT, now.date())
    write_line(actor, "plan.read", Kind.READ, SUBJECT, now, leave=leave)
    line = AuditLine.objects.get()
    assert (line.emergency, line.purpose, line.consent) == (True, Purpose.EMERGENCY, "emergency")


def test_a_list_of_children_leaves_one_line_per_child_in_one_statement(
    django_assert_num_queries: Any,
) -> None:
    subjects = [Subject(uuid4(), None) for _ in range(5)]
    with django_assert_num_queries(1):
        write_reads(JOB, "child.listed", subjects, timezone.now())
    lines = AuditLine.objects.all()
    assert {line.child_id for line in lines} == {one.child_id for one in subjects}
    assert {(line.permission, line.basis, line.lifecycle) for line in lines} == {
        ("child.open", "system/installation/always", "used")
    }


def test_a_page_costs_one_insert(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        write_line(JOB, "plan.read", Kind.READ, SUBJECT, timezone.now())


def test_a_refusal_is_a_line_of_its_own() -> None:
    write_refusal(STRANGER, "refused GET plan", timezone.now(), SUBJECT.child_id, "plan.read")
    line = AuditLine.objects.get()
    assert (line.outcome, line.kind, line.permission) == (Outcome.REFUSED, Kind.EXECUTE, "plan.read")
    assert (line.child_id, line.purpose, line.basis) == (SUBJECT.child_id, "", "")


def test_what_others_changed_since_somebody_was_here(django_assert_num_queries: Any) -> None:
    now, me = timezone.now(), nurse()

    def line(event: str, kind: Kind, minutes_ago: int, actor: Actor = OTHER, **about: Any) -> None:
        write_line(actor, event, kind, SUBJECT, now - timedelta(minutes=minutes_ago), **about)

    def seen(hidden: tuple[UUID, ...] = (), at: datetime = now) -> tuple[datetime | None, list[str]]:
        before, lines = since_last_visit(me, SUBJECT, at, hidden=hidden)
        return before, [one.event for one in lines]

    shut = new_id()
    assert seen() == (None, [])
    line("before.visit", Kind.UPDATE, 90)
    assert seen() == (None, [])
    line("child.start_read", Kind.READ, 80, me)
    line("child.start_read", Kind.READ, 60, me)
    assert seen() == (now - timedelta(minutes=60), [])
    assert seen(at=now - timedelta(minutes=70)) == (now - timedelta(minutes=80), [])
    line("child.start_read", Kind.READ, 50)
    line("made", Kind.CREATE, 40)
    line("my.own", Kind.UPDATE, 30, me)
    line("kept.apart", Kind.UPDATE, 20, object_kind="note", object_id=shut)
    line("changed", Kind.UPDATE, 10)
    line("child.start_read", Kind.READ, 0, me)
    with django_assert_num_queries(1):
        assert seen((shut,)) == (now - timedelta(minutes=60), ["changed", "made"])
    assert seen()[1] == ["changed", "kept.apart", "made"]
    for _ in range(30):
        line("more", Kind.UPDATE, 5)
    assert seen() == (now - timedelta(minutes=60), ["more"] * 20)


def test_checking_and_looking_stand_in_the_trail() -> None:
    now = timezone.now()
    write_line(JOB, "plan.read", Kind.READ, SUBJECT, now)
    assert check_trail(JOB, now).broken == ()
    assert [line.event for line in read_newest(JOB, now, 2)] == ["trail.checked", "plan.read"]
    line = AuditLine.objects.latest("id")
    assert (line.event, line.kind, line.detail) == ("trail.read", Kind.READ, {"lines": "2"})


def test_a_backup_stands_in_the_trail() -> None:
    note_backup(JOB, "backup.made", timezone.now(), digest="0a1b")
    line = AuditLine.objects.latest("id")
    assert (line.event, line.kind, line.permission) == ("backup.made", Kind.EXECUTE, "backup.make")
    assert line.detail == {"digest": "0a1b"} and line.child_id is None
    with pytest.raises(Refused):
        note_backup(nurse(), "backup.made", timezone.now())


@pytest.mark.parametrize("act", [check_trail, lambda who, now: read_newest(who, now, 1)])
def test_only_who_keeps_the_trail_looks_into_all_of_it(act: Any) -> None:
    with pytest.raises(Refused):
        act(STRANGER, timezone.now())
