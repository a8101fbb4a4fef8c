"""The product as the README installs it on PostgreSQL: an owner that is no superuser, and the wall tried by hand.

Raw SQL, past every query of the product: as nobody, as somebody else, and on a connection that was handed on.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.apps import apps
from psycopg import sql

from kindzorg.core.ids import new_id
from kindzorg.core.rotation import encrypted_tables
from kindzorg.core.walls import APP_ROLE
from tests.machine import TODAY
from tests.serving import KINDZORG, PATIENCE

pytestmark = pytest.mark.postgresql


class Installation:
    """A database of a plain owner with the demo families, and the command line as that owner."""

    def __init__(self, address: str, folder: Path) -> None:
        self.address = address
        self.folder = folder

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self._called(KINDZORG, *words)

    def python(self, lines: str) -> subprocess.CompletedProcess[str]:
        """Run these lines as the worker runs its tasks: as the owner, who stands behind the wall too."""
        return self._called(sys.executable, "-c", lines, DJANGO_SETTINGS_MODULE="kindzorg.config.settings")

    def _called(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        quiet = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("COV", "DJANGO", "KINDZORG"))
        }
        own = {
            "KINDZORG_DATABASE_URL": self.address,
            "KINDZORG_DATA_DIR": str(self.folder),
            "KINDZORG_DEMO": "1",
        }
        return subprocess.run(
            [*words], env=quiet | own | more | {"KINDZORG_TODAY": TODAY.isoformat()}, capture_output=True,
            text=True, timeout=PATIENCE * 3, check=False,
        )  # fmt: skip

    def connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.address)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    server = os.environ["KINDZORG_DATABASE_URL"]
    name = f"real_{new_id().hex}"
    parts = urlsplit(server)
    with psycopg.connect(server, autocommit=True) as superuser:
        # What the README asks of the database's superuser, to the letter.
        known = superuser.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP_ROLE]).fetchone()
        if not known:
            superuser.execute(f"CREATE ROLE {APP_ROLE} NOLOGIN")
        superuser.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'plain'")
        superuser.execute(f"GRANT {APP_ROLE} TO {name}")
        superuser.execute(f"CREATE DATABASE {name} OWNER {name}")
        place = f"{name}:plain@{parts.hostname or '127.0.0.1'}:{parts.port or 5432}"
        house = Installation(
            urlunsplit(parts._replace(netloc=place, path=f"/{name}")), tmp_path_factory.mktemp("real")
        )
        try:
            for words in (("migrate",), ("demo", "--load-only")):
                done = house.run(*words)
                assert done.returncode == 0, done.stdout + done.stderr
            yield house
        finally:
            superuser.execute(f"DROP DATABASE {name} WITH (FORCE)")
            superuser.execute(f"DROP ROLE {name}")


def walled() -> list[tuple[str, str]]:
    """Every table with data of a child, and the column that names the child."""
    found = []
    for model in apps.get_models():
        if not model.__module__.startswith("kindzorg."):
            continue
        if model._meta.label == "people.Child":
            found.append((model._meta.db_table, "id"))
        elif any(field.attname == "child_id" for field in model._meta.concrete_fields):
            found.append((model._meta.db_table, "child_id"))
    return found


def count(connection: psycopg.Connection[Any], table: str, column: str) -> int:
    asked = sql.SQL("SELECT count(*) FROM {} WHERE {} IS NOT NULL").format(
        sql.Identifier(table), sql.Identifier(column)
    )
    row = connection.execute(asked).fetchone()
    return int(row[0]) if row else 0


def become(connection: psycopg.Connection[Any], actor: Any, *, system: str = "") -> None:
    """As a request does: in the application's role, as this actor, until the transaction ends."""
    connection.execute(
        "SELECT set_config('kindzorg.actor', %s, true), set_config('kindzorg.on', %s, true), "
        "set_config('kindzorg.system', %s, true), set_config('role', %s, true)",
        [str(actor), TODAY.isoformat(), system, APP_ROLE],
    )


def test_neither_role_is_above_the_wall(real: Installation) -> None:
    with real.connect() as connection:
        rows = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname IN (current_user, %s)",
            [APP_ROLE],
        ).fetchall()
    assert rows == [(False, False, False)] * 2


def test_every_table_with_data_of_a_child_is_walled_for_its_owner_too(real: Installation) -> None:
    with real.connect() as connection:
        rows = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relrowsecurity AND relforcerowsecurity"
        ).fetchall()
    assert sorted({table for table, _ in walled()} - {name for (name,) in rows}) == []


def test_the_owner_as_a_system_job_can_re_encrypt_and_delete_every_row(real: Installation) -> None:
    """Where a policy is missing, nothing happens and nobody is told: a key would go that is still needed."""
    asked = "SELECT DISTINCT tablename, cmd FROM pg_policies WHERE schemaname = 'public'"
    with real.connect() as connection:
        policies = set(connection.execute(asked).fetchall())
    encrypted = {model._meta.db_table for model, _, _ in encrypted_tables()}
    needed = {(table, "DELETE") for table, _ in walled()}
    needed |= {(table, "UPDATE") for table, _ in walled() if table in encrypted}
    assert sorted(needed - policies) == []


def test_whoever_says_not_who_he_is_finds_nothing(real: Installation) -> None:
    with real.connect() as connection:
        as_owner = {table: count(connection, table, column) for table, column in walled()}
        connection.execute(f"SET LOCAL ROLE {APP_ROLE}")
        as_app = {table: count(connection, table, column) for table, column in walled()}
        become(connection, new_id(), system="on")
        there = sum(count(connection, table, column) for table, column in walled())
    assert {table: found for table, found in as_owner.items() if found} == {}
    assert {table: found for table, found in as_app.items() if found} == {}
    assert there > 1000  # It is not for want of rows.


def test_somebody_sees_his_own_children_and_no_others(real: Installation) -> None:
    with real.connect() as connection:
        (samira,) = connection.execute("SELECT id FROM people_user WHERE username = 'samira'").fetchone() or (
            None,
        )
        become(connection, samira)
        names = connection.execute("SELECT given_name FROM people_child").fetchall()
        assert names == [("Yusuf",)]
        for table, column in walled():
            asked = sql.SQL("SELECT DISTINCT {} FROM {} WHERE {} IS NOT NULL").format(
                sql.Identifier(column), sql.Identifier(table), sql.Identifier(column)
            )
            assert len(connection.execute(asked).fetchall()) <= 1, table


def test_a_connection_that_is_handed_on_remembers_nobody(real: Installation) -> None:
    with real.connect() as connection:
        (samira,) = connection.execute("SELECT id FROM people_user WHERE username = 'samira'").fetchone() or (
            None,
        )
        for ending in (connection.commit, connection.rollback):
            become(connection, samira)
            assert count(connection, "people_child", "id") == 1
            ending()
            assert count(connection, "people_child", "id") == 0
            assert connection.execute("SELECT current_user").fetchone() != (APP_ROLE,)
            connection.rollback()


def test_a_request_adds_and_changes_nothing_of_a_child_that_it_does_not_see(real: Installation) -> None:
    with real.connect() as connection:
        become(connection, new_id(), system="on")
        (child,) = connection.execute("SELECT id FROM people_child LIMIT 1").fetchone() or (None,)
        become(connection, new_id())
        changed = connection.execute("UPDATE people_child SET given_name = 'x' WHERE id = %s", [child])
        assert changed.rowcount == 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(
                "INSERT INTO needs_needsscan (id, created_at, child_id, owner_id, ground, number, version, "
                "opened_by_id, opened_by, closed_by) "
                "VALUES (gen_random_uuid(), now(), %s, %s, 'wgbo', 99, '1', gen_random_uuid(), 'x', '')",
                [child, child],
            )


@pytest.mark.parametrize(
    "words",
    [
        ("audit", "verify"),
        ("audit", "prune"),
        ("keys", "rotate"),
        ("migrate", "--check"),
        ("generate", "--children", "3", "--seed", "1"),
    ],
)
def test_the_owners_commands_work_behind_the_wall(real: Installation, words: tuple[str, ...]) -> None:
    done = real.run(*words)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_child_can_be_taken_out_by_the_owner(real: Installation) -> None:
    with real.connect() as connection:
        become(connection, new_id(), system="on")
        (child,) = connection.execute(
            "SELECT id FROM people_child WHERE given_name = 'Yusuf'"
        ).fetchone() or (None,)
    done = real.run("export", "--child", str(child))
    assert done.returncode == 0, done.stderr
    assert "Yusuf" in done.stdout + done.stderr


DESTROYED = """
import django
django.setup()
from kindzorg.access.policy import system_actor
from kindzorg.careteam.queries import actor_for, child_for
from kindzorg.core import clock
from kindzorg.core.walls import behind_wall
from kindzorg.keeping.destroying import destroy
from kindzorg.keeping.requests.actions import decide_request, make_request
from kindzorg.keeping.requests.rules import About, Asked, Decision, NewRequest
from kindzorg.people.models import Child, User
from kindzorg.record.models import RecordItem

now = clock.now()
job = system_actor("test")
with behind_wall(job.id, now.date(), system=True):
    child = Child.objects.get(given_name="Sterre")
    item = RecordItem.objects.filter(child=child, kind="allergy").get()


def act(name, action, *given):
    actor = actor_for(User.objects.get(name=name))
    with behind_wall(actor.id, now.date(), at=now):
        return action(actor, child_for(actor, child.id, now.date()).subject, *given, now)


new = NewRequest(Asked.REMOVE, About.ITEM, "Dit klopt niet.", item.id)
asked = act("Linda de Wit", make_request, new)
act("Marit van der Laan", decide_request, asked.id, Decision(True, all_agree=True))
print(destroy(str(asked.id)))
with behind_wall(job.id, now.date(), system=True):
    left = RecordItem.objects.get(id=item.id)
    print(repr(left.title), sorted(left.data), left.withdrawn)
"""


def test_what_was_granted_to_go_is_destroyed_by_the_owner_and_by_no_request(real: Installation) -> None:
    done = real.python(DESTROYED)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-2:] == ["destroyed", "'' ['source_key', 'withdrawn'] True"]
