"""What PostgreSQL holds by itself: only the owner removes, and what commits late is neither missed nor in the way.

These tests speak to the database over connections of their own, as other processes do, and commit. What they leave
behind the owner removes.
"""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from kindzorg.access.policy import system_actor
from kindzorg.audit.actions import prune_lines, seal_lines, write_line
from kindzorg.audit.events import Kind
from kindzorg.audit.models import AuditLine
from kindzorg.audit.queries import Verdict, verify_trail
from kindzorg.core.ids import new_id
from kindzorg.core.walls import behind_wall

# What other tests have open on the same server is waited for too: these have it to themselves.
pytestmark = [pytest.mark.django_db, pytest.mark.postgresql, pytest.mark.alone]
JOB = system_actor("worker")
TABLES = ("audit_sealedlines", "audit_auditseal", "audit_auditline", "audit_pruning")
INSERT = """
INSERT INTO audit_auditline (id, at, event, kind, outcome, object_kind, actor_id, actor_name, actor_role, organisation,
  on_behalf_of, permission, emergency, demo, detail, position)
VALUES (%s, now(), 'plan.read', 'R', 'done', '', %s, 'Somebody', '', '', '', '', false, true, '{}', %s)
"""


def another_process() -> psycopg.Connection[Any]:
    """A connection of its own to the same database."""
    given = connection.get_connection_params()
    known = {key: given[key] for key in ("dbname", "user", "password", "host", "port") if given.get(key)}
    return psycopg.connect(**known)


@pytest.fixture
def others() -> Iterator[Callable[[], psycopg.Connection[Any]]]:
    """Makes connections that commit for real; afterwards the trail is as empty as before."""
    made: list[psycopg.Connection[Any]] = []

    def make() -> psycopg.Connection[Any]:
        made.append(another_process())
        return made[-1]

    yield make
    for one in made:
        one.close()
    with another_process() as owner:
        owner.execute("SET session_replication_role = replica")  # No trigger, also not of a foreign key.
        for table in (*TABLES, "audit_trailcounter"):
            owner.execute(f"DELETE FROM {table}")  # noqa: S608


def insert(into: psycopg.Connection[Any], position: int | None = None) -> UUID:
    line = new_id()
    into.execute(INSERT, [line, JOB.id, position])
    return line


def by_the_worker(act: Callable[[], Any]) -> Any:
    """Run it as another process would: over a connection of its own, behind the wall, committed."""
    found: list[Any] = []

    def work() -> None:
        try:
            with behind_wall(JOB.id, timezone.now().date(), system=True):
                found.append(act())
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    return found[0]


def seal() -> int:
    count: int = by_the_worker(lambda: seal_lines(JOB, timezone.now()))
    return count


def verdict() -> Verdict:
    found: Verdict = by_the_worker(lambda: verify_trail(JOB, timezone.now()))
    return found


# --- late lines ----------------------------------------------------------------------------------------------


def test_a_long_transaction_is_waited_for_and_its_line_is_never_missed(
    others: Callable[[], psycopg.Connection[Any]],
) -> None:
    slow, quick = others(), others()
    insert(quick)
    quick.commit()
    late = insert(slow)  # Not committed: no other connection sees it.
    insert(quick)
    quick.commit()
    assert seal() == 1  # What came after the slow one waits with it.
    assert seal() == 0
    assert (verdict().unsealed, verdict().broken) == (1, ())
    slow.commit()
    assert seal() == 2
    found = verdict()
    assert (found.seals, found.lines, found.unsealed, found.broken) == (2, 3, 0, ())
    quick.execute("ALTER TABLE audit_auditline DISABLE TRIGGER USER")
    quick.execute("UPDATE audit_auditline SET actor_name = 'x' WHERE id = %s", [late])
    quick.execute("ALTER TABLE audit_auditline ENABLE TRIGGER USER")
    quick.commit()
    assert [(one.what, one.seal, one.line_id) for one in verdict().broken] == [("changed", 2, late)]


def test_a_slow_transaction_that_reads_first_and_writes_late_is_no_different(
    others: Callable[[], psycopg.Connection[Any]],
) -> None:
    slow, quick = others(), others()
    slow.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    slow.execute("SELECT count(*) FROM audit_auditline")
    insert(quick)
    quick.commit()
    assert seal() == 1
    insert(slow)
    slow.commit()
    assert seal() == 1
    assert verdict().broken == ()


def test_what_is_rolled_back_was_never_there(others: Callable[[], psycopg.Connection[Any]]) -> None:
    slow, quick = others(), others()
    insert(slow)
    insert(quick)
    quick.commit()
    slow.rollback()
    assert seal() == 1
    assert (verdict().lines, verdict().unsealed, verdict().broken) == (1, 0, ())


def test_on_another_server_positions_go_on_above_all_that_came_along(
    others: Callable[[], psycopg.Connection[Any]],
) -> None:
    """Transactions are counted per server, and begin low on the next: as after a dump that was put back."""
    there = others()
    insert(there, 5_000_000_000)  # The owner puts back a copy: positions are kept.
    there.execute("INSERT INTO audit_trailcounter (cluster, base) VALUES ('the old server', 0)")
    there.commit()
    assert seal() == 0  # Nothing is known yet of how this server counts.
    slow = others()
    insert(slow)
    insert(there)
    there.commit()
    assert seal() == 1
    slow.commit()
    assert seal() == 2
    assert (verdict().lines, verdict().unsealed, verdict().broken) == (3, 0, ())
    found = there.execute("SELECT min(position), count(*) FROM audit_auditline WHERE position > 5000000000")
    assert found.fetchone()[1] == 2
    there.rollback()


# --- who may what --------------------------------------------------------------------------------------------

FORBIDDEN = [
    "UPDATE audit_auditline SET actor_name = 'x'",
    "UPDATE audit_auditseal SET digest = 'x'",
    "UPDATE audit_sealedlines SET packed = packed",
    "UPDATE audit_pruning SET lines = 0",
    "UPDATE audit_trailcounter SET base = 0",
    "DELETE FROM audit_auditline",
    "DELETE FROM audit_auditseal",
    "DELETE FROM audit_sealedlines",
    "DELETE FROM audit_pruning",
    "DELETE FROM audit_trailcounter",
    *(f"TRUNCATE {table} CASCADE" for table in (*TABLES, "audit_trailcounter")),
    "INSERT INTO audit_trailcounter (cluster, base) VALUES ('x', 1)",
    "INSERT INTO audit_pruning (id, at, seal, years, lines) VALUES (gen_random_uuid(), now(), 1, 5, 1)",
    "ALTER TABLE audit_auditline DISABLE TRIGGER USER",
    "DROP TRIGGER kindzorg_place_line ON audit_auditline",
    "SET session_replication_role = replica",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
@pytest.mark.parametrize("system", [True, False], ids=["worker", "page"])
def test_neither_a_page_nor_the_worker_may_change_or_remove(statement: str, system: bool) -> None:
    words = "permission denied|must be owner"
    with (
        pytest.raises(DatabaseError, match=words),
        behind_wall(JOB.id, timezone.now().date(), system=system),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.parametrize("table", TABLES)
def test_the_owner_does_not_empty_a_table_by_accident(table: str) -> None:
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {table} CASCADE")


def test_a_page_cannot_choose_where_its_line_stands() -> None:
    with behind_wall(JOB.id, timezone.now().date()), connection.cursor() as cursor:
        line = new_id()
        cursor.execute(INSERT, [line, JOB.id, 1])
    assert AuditLine.objects.get(id=line).position > 1


def test_the_worker_cannot_prune(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kindzorg.audit.queries._HORIZON", "9223372036854775807")
    then = timezone.now() - timedelta(days=6 * 366)
    write_line(JOB, "plan.read", Kind.READ, None, then)
    assert seal_lines(JOB, then) == 1
    now = timezone.now()
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        behind_wall(JOB.id, now.date(), system=True),
    ):
        prune_lines(JOB, 5, now)
    assert AuditLine.objects.count() == 1
