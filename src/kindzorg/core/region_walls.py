"""The row wall for who coordinates the network of a region: no child's file, but what is stuck in between."""

from collections.abc import Collection

from django.conf import settings

from kindzorg.core.walls import APP_ROLE, Statements, postgresql_only

# What somebody who coordinates a region's network sees of a child: one table of what is stuck, and its steps.
# The owner, in whose name it looks, sees all while it runs; so it is asked in the policy only where the rest says no.
STUCK = """
CREATE OR REPLACE FUNCTION kindzorg_stuck_in_region() RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
DECLARE
  who uuid := nullif(current_setting('kindzorg.actor', true), '')::uuid;
  day date := coalesce(nullif(current_setting('kindzorg.on', true), '')::date, current_date);
  before text := coalesce(current_setting('kindzorg.system', true), '');
BEGIN
  PERFORM set_config('kindzorg.system', 'on', true);
  RETURN QUERY
    SELECT r.id FROM {table} r JOIN careteam_grant g ON g.scope = 'network' AND g.scope_id = r.region_id
     WHERE g.user_id = who AND g.role = 'network_coordinator'
       AND coalesce(current_setting('kindzorg.hat', true), '') <> 'family'
       AND g.starts <= day AND (g.until IS NULL OR day < g.until)
       AND EXISTS (SELECT 1 FROM {steps} s WHERE s.{column} = r.id AND s.move = '{move}'){left_out};
  PERFORM set_config('kindzorg.system', before, true);
END $$;
"""

LEFT_OUT = """
       AND NOT EXISTS (SELECT 1 FROM people_child c WHERE c.id = r.child_id AND c.died_on IS NOT NULL)
       AND NOT EXISTS (SELECT 1 FROM {steps} s WHERE s.{column} = r.id AND s.move = ANY('{{{over}}}')
                         AND (s.created_at AT TIME ZONE '{zone}')::date < day - {days})"""


def network_wall(table: str, steps: str, column: str, move: str) -> Statements:
    """Migration step: beside the wall per child, rows of `table` and their `steps` show to who coordinates
    the network of the row's region, once a step of this kind brought them there; and that one may add a step.
    """
    sees = (
        "CASE WHEN coalesce(current_setting('kindzorg.system', true), '') = 'on' THEN true "
        "ELSE {column} IN (SELECT kindzorg_stuck_in_region()) END"
    )
    return postgresql_only(
        STUCK.format(table=table, steps=steps, column=column, move=move, left_out="")
        + f"CREATE POLICY wall_network_read ON {table} FOR SELECT TO {APP_ROLE} USING ({sees.format(column='id')});"
        f"CREATE POLICY wall_network_read ON {steps} FOR SELECT TO {APP_ROLE} USING ({sees.format(column=column)});"
        f"CREATE POLICY wall_network_add ON {steps} FOR INSERT TO {APP_ROLE} "
        f"WITH CHECK ({sees.format(column=column)});",
        f"DROP POLICY wall_network_read ON {table}; DROP POLICY wall_network_read ON {steps};"
        f"DROP POLICY wall_network_add ON {steps}; DROP FUNCTION kindzorg_stuck_in_region();",
    )


def network_forgets(
    table: str, steps: str, column: str, move: str, *, over: Collection[str], days: int
) -> Statements:
    """Migration step: the wall leaves out what is `over` for more than so many days, and a child that died."""
    past = LEFT_OUT.format(
        steps=steps, column=column, over=",".join(over), days=days, zone=settings.TIME_ZONE
    )
    told = {"table": table, "steps": steps, "column": column, "move": move}
    return postgresql_only(STUCK.format(**told, left_out=past), STUCK.format(**told, left_out=""))
