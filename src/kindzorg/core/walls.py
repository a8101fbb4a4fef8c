"""The walls in the database: append-only tables, and on PostgreSQL the coarse row-level wall per child.

Two database roles: the owner, who migrates, and `kindzorg_app`, in which every request runs. The wall shows
`kindzorg_app` only rows of children whom the actor may open; what may be done there is the policy's.
SQLite has no roles: there the queries alone hold the wall, and the append-only triggers stand as well.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager, nullcontext
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, migrations, transaction

APP_ROLE = "kindzorg_app"
FROZEN: dict[str, set[str]] = {}
"""What the migrations declare frozen: table and verbs. A test holds the database to it."""

# What the application may do with tables that come later.
DEFAULT_RIGHTS = f"""
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP_ROLE};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {APP_ROLE};
"""

ROLES = f"""
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APP_ROLE}') THEN
    CREATE ROLE {APP_ROLE} NOLOGIN NOBYPASSRLS;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
DO $$ BEGIN
  EXECUTE format('GRANT {APP_ROLE} TO %I', current_user);
EXCEPTION WHEN OTHERS THEN NULL;
END $$;
GRANT USAGE ON SCHEMA public TO {APP_ROLE};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP_ROLE};
{DEFAULT_RIGHTS}"""

# From these releases on a statement that was prepared in one role shows no more when it runs in another
# (CVE-2024-10976); before them the wall could be left out.
SOUND_FROM = {15: 150009, 16: 160005, 17: 170001}

# plpgsql looks tables up when it runs, so the function can stand before the rooms that it reads.
# SECURITY DEFINER: it must see all grants, whoever asks. The owner stands behind the wall too, and so it looks as a
# system job while it runs.
# A page that is about a few children says which (`sought`): every table of every statement asks this function, and
# then it looks only them up, instead of all whom the actor may see. It can but take children away.
# A file that was merged into another shows to who sees the other, and to nobody else.
# Who is family of one child and works with others acts in one of the two at a time (`hat`): only the grants that go
# with it count. Empty is both: a command, and a job that a person began.
# One plan for all calls: making one anew took ten times as long as looking up.
SEES = """
CREATE OR REPLACE FUNCTION kindzorg_visible_children() RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  who uuid := nullif(current_setting('kindzorg.actor', true), '')::uuid;
  day date := coalesce(nullif(current_setting('kindzorg.on', true), '')::date, current_date);
  moment timestamptz := coalesce(nullif(current_setting('kindzorg.at', true), '')::timestamptz, now());
  sought uuid[] := nullif(current_setting('kindzorg.sought', true), '')::uuid[];
  before text := coalesce(current_setting('kindzorg.system', true), '');
  worn text := coalesce(current_setting('kindzorg.hat', true), '');
BEGIN
  PERFORM set_config('kindzorg.system', 'on', true);
  IF sought IS NULL THEN
    RETURN QUERY {everybody};
  ELSE
    sought := sought || ARRAY(
      SELECT c.merged_into_id FROM people_child c WHERE c.id = ANY(sought) AND c.merged_into_id IS NOT NULL);
    RETURN QUERY {those_sought};
  END IF;
  PERFORM set_config('kindzorg.system', before, true);
END $$;
"""
_WITH_MERGED = """
    WITH own (id) AS ({seen})
    SELECT own.id FROM own
     WHERE own.id NOT IN (SELECT m.id FROM people_child m WHERE m.merged_into_id IS NOT NULL)
    UNION ALL
    SELECT m.id FROM own JOIN people_child m ON m.merged_into_id = own.id
     WHERE m.merged_into_id IS NOT NULL AND m.id NOT IN ({kept})
"""
_KEPT = """
    SELECT r.child_id FROM careteam_courtrestriction r JOIN people_relative p ON p.id = r.relative_id
     WHERE p.user_id = who AND r.kind = 'see' AND r.starts <= day AND (r.until IS NULL OR day < r.until)
"""
_HOLDS = """g.user_id = who AND g.opens_children
       AND g.starts <= day AND (g.until IS NULL OR day < g.until)
       AND g.domains <> '' AND (g.sight_until IS NULL OR day < g.sight_until)
       AND (g.ends_at IS NULL OR moment < g.ends_at)
       AND (worn = '' OR worn = CASE WHEN g.role = ANY('{{family}}') THEN 'family' ELSE 'professional' END)"""
_SEEN = """
    SELECT g.scope_id FROM careteam_grant g
     WHERE g.scope = 'child' AND {holds} {and_child}
    UNION
    SELECT m.child_id FROM careteam_grant g
      JOIN careteam_membership m ON m.organisation_id = g.scope_id
     WHERE g.scope = 'organisation' AND {holds}
       AND m.starts <= day AND (m.until IS NULL OR day < m.until)
       AND m.domains <> '' AND (m.sight_until IS NULL OR day < m.sight_until) {and_member}
    UNION
    SELECT c.id FROM careteam_grant g JOIN people_child c ON c.region_id = g.scope_id
     WHERE g.scope = 'network' AND {holds} {and_of_region}
    EXCEPT {kept}
"""


def _sees(family: Collection[str] = ()) -> str:
    """The function, with the same conditions in both its ways; `family` are the roles of a child's own family."""
    columns = {"and_child": "g.scope_id", "and_member": "m.child_id", "and_of_region": "c.id"}
    sought = {key: f"AND {column} = ANY(sought)" for key, column in columns.items()}
    holds = _HOLDS.replace("{{family}}", f"{{{{{','.join(sorted(family))}}}}}")
    seen = _SEEN.replace("{holds}", holds).replace("{kept}", _KEPT)
    everybody = seen.format(**dict.fromkeys(columns, ""))
    return SEES.format(
        everybody=_WITH_MERGED.format(seen=everybody, kept=_KEPT),
        those_sought=_WITH_MERGED.format(seen=seen.format(**sought), kept=_KEPT),
    )


READS_RESTRICTED = """
CREATE OR REPLACE FUNCTION kindzorg_reads_restricted(of_child uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
DECLARE
  who uuid := nullif(current_setting('kindzorg.actor', true), '')::uuid;
  day date := coalesce(nullif(current_setting('kindzorg.on', true), '')::date, current_date);
  kept uuid := coalesce((SELECT c.merged_into_id FROM people_child c WHERE c.id = of_child), of_child);
BEGIN
  RETURN EXISTS (
    SELECT 1 FROM careteam_grant g
     WHERE g.user_id = who AND g.scope = 'child' AND g.scope_id = kept AND g.role = ANY('{roles}')
       AND NOT g.emergency AND g.ends_at IS NULL
       AND g.starts <= day AND (g.until IS NULL OR day < g.until)
  ) AND NOT EXISTS (SELECT 1 FROM people_relative p WHERE p.child_id IN (of_child, kept) AND p.user_id = who)
    AND NOT EXISTS (SELECT 1 FROM people_child c WHERE c.id IN (of_child, kept) AND c.user_id = who);
END $$;
"""


def sound(version: int) -> bool:
    """Whether the wall holds on this release of PostgreSQL (150009 is 15.9), also for prepared statements."""
    return version >= SOUND_FROM.get(version // 10_000, min(SOUND_FROM.values()))


class Statements(migrations.RunPython):
    """A migration step that speaks to the database alone.

    Django would first make every model of the product as it stood then, for a step that asks for none: half a second
    each, and two thirds of the time in which an empty database is prepared.
    """

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Do it."""
        self.code(None, schema_editor)  # type: ignore[arg-type]

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Undo it. Raises NotImplementedError where that cannot be."""
        if self.reverse_code is None:
            raise NotImplementedError("This step cannot be undone.")
        self.reverse_code(None, schema_editor)  # type: ignore[arg-type]


def postgresql_only(sql: str, undo: str = "") -> Statements:
    """Migration step: SQL that SQLite has no word for."""

    def run(statement: str):  # type: ignore[no-untyped-def]
        def forward(apps, schema_editor):  # type: ignore[no-untyped-def]
            if schema_editor.connection.vendor == "postgresql" and statement:
                schema_editor.execute(statement, params=None)

        return forward

    return Statements(run(sql), run(undo))


def roles_and_sight() -> Statements:
    """Migration step: the application's role and the function that says which children an actor sees."""
    return postgresql_only(ROLES + _sees(), "DROP FUNCTION IF EXISTS kindzorg_visible_children()")


def sight(family: Collection[str] = ()) -> Statements:
    """Migration step: the function anew, as it stands above. `family` are the roles that go with the family's hat."""
    return postgresql_only(_sees(family))


def row_wall(table: str, column: str = "child_id", *, open_insert: bool = False) -> Statements:
    """Migration step: rows of `table` show only where the actor sees the child in `column`.

    System jobs see all. `open_insert` lets a row be added for a child that the actor does not see (the trail
    of a refusal, a child that is being registered). The owner of the table stands behind the wall as well (FORCE):
    whatever forgets to say who acts, finds nothing.
    """
    sees = (
        f"coalesce(current_setting('kindzorg.system', true), '') = 'on' OR {column} IS NULL "
        f"OR {column} IN (SELECT kindzorg_visible_children())"
    )
    check = "true" if open_insert else sees
    return postgresql_only(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"
        f"CREATE POLICY wall_read ON {table} FOR SELECT TO {APP_ROLE} USING ({sees});"
        f"CREATE POLICY wall_add ON {table} FOR INSERT TO {APP_ROLE} WITH CHECK ({check});"
        f"CREATE POLICY wall_change ON {table} FOR UPDATE TO {APP_ROLE} USING ({sees}) WITH CHECK ({sees});"
        f"CREATE POLICY wall_remove ON {table} FOR DELETE TO {APP_ROLE} USING ({sees});",
        f"DROP POLICY wall_read ON {table}; DROP POLICY wall_add ON {table}; DROP POLICY wall_change ON {table};"
        f"DROP POLICY wall_remove ON {table}; ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;"
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )


def walls_for_the_owner_too() -> Statements:
    """Migration step: the walls that stood before the owner was put behind them."""
    return postgresql_only(
        """DO $$ DECLARE walled text; BEGIN
        FOR walled IN SELECT tablename FROM pg_policies WHERE schemaname = 'public' AND policyname = 'wall_read' LOOP
          EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', walled);
        END LOOP; END $$;"""
    )


def restricted_sight(roles: Collection[str]) -> Statements:
    """Migration step: the function that says whose restricted notes an actor reads, anew."""
    return postgresql_only(READS_RESTRICTED.replace("roles", ",".join(sorted(roles))))


def restricted_wall(table: str, roles: Collection[str]) -> Statements:
    """Migration step: rows of `table` show only to who holds one of these roles for the child itself.

    Never to a relative of the child or the child, whatever other grant they hold, nor by emergency access, nor to
    the account in `about_id`.
    """
    function = READS_RESTRICTED.replace("roles", ",".join(sorted(roles)))
    sees = (
        "coalesce(current_setting('kindzorg.system', true), '') = 'on' OR ("
        "child_id IN (SELECT kindzorg_visible_children()) AND kindzorg_reads_restricted(child_id) "
        "AND about_id IS DISTINCT FROM nullif(current_setting('kindzorg.actor', true), '')::uuid)"
    )
    return postgresql_only(
        f"{function} ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"
        f"CREATE POLICY wall_read ON {table} FOR SELECT TO {APP_ROLE} USING ({sees});"
        f"CREATE POLICY wall_add ON {table} FOR INSERT TO {APP_ROLE} WITH CHECK ({sees});",
        f"DROP POLICY wall_read ON {table}; DROP POLICY wall_add ON {table};"
        f"DROP FUNCTION kindzorg_reads_restricted(uuid); ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )


def upkeep_wall(table: str, verbs: tuple[str, ...]) -> migrations.RunPython:
    """Migration step: the owner, as a system job, re-encrypts or deletes rows of a table that no request changes so."""
    sees = "coalesce(current_setting('kindzorg.system', true), '') = 'on'"
    return postgresql_only(
        "".join(
            f"CREATE POLICY wall_upkeep_{verb.lower()} ON {table} FOR {verb} TO {APP_ROLE} USING ({sees});"
            for verb in verbs
        ),
        "".join(f"DROP POLICY wall_upkeep_{verb.lower()} ON {table};" for verb in verbs),
    )


def _trigger_postgresql(table: str, verb: str, when: str) -> str:
    name, stop = f"{table}_frozen_{verb.lower()}", f"RAISE EXCEPTION '{table} is frozen';"
    inner = f"IF {when} THEN {stop} END IF;" if when else stop
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {inner} "
        f"RETURN {'OLD' if verb == 'DELETE' else 'NEW'}; END $$;"
        f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();"
    )


def _trigger_sqlite(table: str, verb: str, when: str) -> str:
    return (
        f"CREATE TRIGGER {table}_frozen_{verb.lower()} BEFORE {verb} ON {table} FOR EACH ROW "
        f"BEGIN SELECT RAISE(ABORT, '{table} is frozen') {f'WHERE {when}' if when else ''}; END;"
    )


def frozen(table: str, *, when: str = "", verbs: tuple[str, ...] = ("UPDATE", "DELETE")) -> Statements:
    """Migration step: database triggers refuse to change or delete rows of `table`.

    `when` narrows it to rows for which this SQL condition on OLD holds (it may hold a subquery).
    """
    FROZEN.setdefault(table, set()).update(verbs)

    def forward(apps, schema_editor):  # type: ignore[no-untyped-def]
        make = _trigger_postgresql if schema_editor.connection.vendor == "postgresql" else _trigger_sqlite
        for verb in verbs:
            schema_editor.execute(make(table, verb, when), params=None)

    def backward(apps, schema_editor):  # type: ignore[no-untyped-def]
        for verb in verbs:
            name = f"{table}_frozen_{verb.lower()}"
            on_table = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")
            if on_table:
                schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}()")

    return Statements(forward, backward)


def frozen_again(table: str, *, when: str = "", verbs: tuple[str, ...] = ("UPDATE", "DELETE")) -> Statements:
    """Migration step after a column of a frozen table changed: SQLite makes the table anew, without triggers."""
    whole = frozen(table, when=when, verbs=verbs)

    def forward(apps, schema_editor):  # type: ignore[no-untyped-def]
        whole.reverse_code(apps, schema_editor)  # type: ignore[misc]
        whole.code(apps, schema_editor)

    return Statements(forward, migrations.RunPython.noop)


# Says what was, and sets what will be, in one statement; PostgreSQL works a list out from left to right.
_CHANGE_WALL = """
SELECT current_setting('kindzorg.actor', true), current_setting('kindzorg.on', true),
       current_setting('kindzorg.at', true), current_setting('kindzorg.system', true),
       current_setting('kindzorg.sought', true), current_setting('kindzorg.hat', true), current_setting('role'),
       set_config('kindzorg.actor', %s, true), set_config('kindzorg.on', %s, true),
       set_config('kindzorg.at', %s, true), set_config('kindzorg.system', %s, true),
       set_config('kindzorg.sought', %s, true), set_config('kindzorg.hat', %s, true),
       set_config('role', %s, true)
"""


@contextmanager
def behind_wall(
    actor_id: UUID,
    on: date,
    *,
    at: datetime | None = None,
    system: bool = False,
    sought: Collection[UUID] | None = None,
    hat: str = "",
) -> Iterator[None]:
    """Run the block as this actor. On PostgreSQL: one transaction, in the application's role; elsewhere: as is.

    `at` is the moment, for access that ends within the day (None: the database's clock). `sought` keeps what the
    actor sees to these children, and `hat` to those whom the grants of that hat reach. Inside a transaction (a
    test, a loader) the block gets a savepoint, and what was before comes back after it.
    """
    nested = connection.in_atomic_block
    if connection.vendor != "postgresql":
        with transaction.atomic() if nested else nullcontext():
            yield
        return
    with transaction.atomic():
        before = _change_wall(
            str(actor_id),
            on.isoformat(),
            at.isoformat() if at else "",
            "on" if system else "",
            _array(sought),
            hat,
            APP_ROLE,
        )
        yield
        if nested and not connection.needs_rollback:
            _change_wall(*before)


def keep_to(children: Collection[UUID] | None) -> None:
    """Until the transaction ends the wall shows, of those whom the actor may see, only these children's rows.

    None: of all of them again, for a page about one child that looks at others too.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('kindzorg.sought', %s, true)", [_array(children)])


def _array(children: Collection[UUID] | None) -> str:
    """As PostgreSQL writes it; empty for no bound at all."""
    return "" if children is None else f"{{{','.join(map(str, children))}}}"


def _change_wall(*after: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_CHANGE_WALL, after)
        return [value or "" for value in cursor.fetchone()[: len(after)]]
