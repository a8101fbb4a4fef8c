"""The fields of NEN 7513 that were missing, and seals over a range of positions.

A seal covers a range: the lines after the range of the seal before it. For that every line has a position, and what
commits later must never fall into a range that was sealed before. The database gives it itself:

- SQLite has one writer at a time, so the next number is later than all that was written before.
- On PostgreSQL it is the number of the inserting transaction (xid8). The worker takes only lines whose transaction is
  older than every running one (`pg_snapshot_xmin`), so whatever is still under way has a higher number than all that
  was sealed. These numbers are counted per database server and begin low on another; `TrailCounter` says from where
  they count since the data came here, so that they go on above all that came along.

A position that is given is kept only from the owner of the table, who puts back a copy.

Seals of before are dropped (no release had them): the worker seals all lines anew.
"""

import django.db.models.deletion
from django.db import migrations, models

import kindzorg.core.ids
from kindzorg.core.walls import APP_ROLE, frozen

LINES, SEALS, CONTENT, PRUNINGS = "audit_auditline", "audit_auditseal", "audit_sealedlines", "audit_pruning"

NEW = {
    "lifecycle": 10,
    "qualification": 30,
    "purpose": 10,
    "basis": 120,
    "consent": 80,
    "access_point": 100,
    "access_point_type": 8,
    "source": 100,
}
LIFECYCLES = ("made", "taken_in", "changed", "used", "printed", "exported", "removed", "destroyed")
PURPOSES = ("care", "own_file", "school", "support", "oversight", "upkeep", "emergency")

NUMBER_THEM = """
UPDATE audit_auditline SET position = (
  SELECT numbered.place FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM audit_auditline) AS numbered
  WHERE numbered.id = audit_auditline.id)
"""
NUMBER_THEM_POSTGRESQL = """
UPDATE audit_auditline SET position = numbered.place
  FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM audit_auditline) AS numbered
 WHERE numbered.id = audit_auditline.id
"""

# SECURITY DEFINER: it must see all lines, and add a row that the application may not.
COUNT_FROM_HERE = """
CREATE FUNCTION kindzorg_count_from_here(here text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE start bigint;
BEGIN
  SELECT greatest(coalesce((SELECT max(position) FROM audit_auditline), 0),
                  coalesce((SELECT max(last_position) FROM audit_auditseal), 0)) INTO start;
  INSERT INTO audit_trailcounter (cluster, base) VALUES (here, start);
  RETURN start;
END $$;
"""
PLACE_POSTGRESQL = """
CREATE FUNCTION kindzorg_place_line() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  here text;
  counter record;
BEGIN
  IF NEW.position IS NOT NULL
     AND current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
    RETURN NEW;
  END IF;
  SELECT system_identifier::text INTO here FROM pg_control_system();
  SELECT cluster, base INTO counter FROM audit_trailcounter ORDER BY number DESC LIMIT 1;
  IF counter.cluster IS DISTINCT FROM here THEN
    counter.base := kindzorg_count_from_here(here);
  END IF;
  NEW.position := pg_current_xact_id()::text::bigint + counter.base;
  RETURN NEW;
END $$;
CREATE TRIGGER kindzorg_place_line BEFORE INSERT ON audit_auditline
FOR EACH ROW EXECUTE FUNCTION kindzorg_place_line();
"""
PLACE_SQLITE = """
CREATE TRIGGER kindzorg_place_line AFTER INSERT ON audit_auditline FOR EACH ROW WHEN NEW.position IS NULL
BEGIN
  UPDATE audit_auditline SET position = (SELECT coalesce(max(position), 0) + 1 FROM audit_auditline)
   WHERE id = NEW.id;
END;
"""

# Lines and what a seal keeps of them may go only under a pruning, and only after five years (Besluit vaststelling
# bewaartermijn logging): also the owner's own mistake is stopped.
PRUNED_LINE = """NOT EXISTS (
SELECT 1 FROM audit_pruning AS pruning JOIN audit_auditseal AS seal ON seal.number <= pruning.seal
 WHERE seal.at < {five_years_ago} AND (OLD.position, OLD.id) <= (seal.last_position, seal.last_id))
"""
PRUNED_CONTENT = """NOT EXISTS (
SELECT 1 FROM audit_pruning AS pruning JOIN audit_auditseal AS seal ON seal.number <= pruning.seal
 WHERE seal.at < {five_years_ago} AND seal.id = OLD.seal_id)
"""
FIVE_YEARS_AGO = {"postgresql": "now() - interval '5 years'", "sqlite": "datetime('now', '-5 years')"}

TRUNCATE = "".join(
    f"CREATE TRIGGER {table}_frozen_truncate BEFORE TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION kindzorg_never_truncate();"
    for table in (LINES, SEALS, CONTENT, PRUNINGS)
)
NEVER_TRUNCATE = f"""
CREATE FUNCTION kindzorg_never_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is frozen', TG_TABLE_NAME; END $$;
{TRUNCATE}
"""
APPEND_ONLY = f"""
REVOKE UPDATE, DELETE, TRUNCATE ON {LINES}, {SEALS}, {CONTENT} FROM {APP_ROLE};
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {PRUNINGS}, audit_trailcounter FROM {APP_ROLE};
"""


# The release before this one writes lines too while they change places. A default of Django's own would make every
# insert read back what it wrote, which the wall refuses for a child that the actor does not see.
FOR_THE_RELEASE_BEFORE = "".join(f"ALTER TABLE {LINES} ALTER COLUMN {name} SET DEFAULT '';" for name in NEW)


def melt(apps, schema_editor):
    """Take the triggers off while the tables change."""
    for table in (LINES, SEALS, "audit_sealedline"):
        frozen(table).reverse_code(apps, schema_editor)
    schema_editor.execute("DELETE FROM audit_sealedline")
    schema_editor.execute("DELETE FROM audit_auditseal")


def number_lines(apps, schema_editor):
    """The lines that are there, in the order in which they were made."""
    postgresql = schema_editor.connection.vendor == "postgresql"
    schema_editor.execute(NUMBER_THEM_POSTGRESQL if postgresql else NUMBER_THEM)


def freeze(apps, schema_editor):
    """Positions, and triggers that stop every change; on PostgreSQL the application has no right to one either."""
    vendor = schema_editor.connection.vendor
    postgresql = vendor == "postgresql"
    for statement in (COUNT_FROM_HERE, PLACE_POSTGRESQL) if postgresql else (PLACE_SQLITE,):
        schema_editor.execute(statement, params=None)
    for table, when, verbs in frozen_rows(FIVE_YEARS_AGO[vendor]):
        frozen(table, when=when, verbs=verbs).code(apps, schema_editor)
    if postgresql:
        schema_editor.execute(FOR_THE_RELEASE_BEFORE, params=None)
        schema_editor.execute(NEVER_TRUNCATE, params=None)
        schema_editor.execute(APPEND_ONLY, params=None)


def frozen_rows(five_years_ago):
    """Table, condition on the row, verbs."""
    return (
        (LINES, "OLD.position IS NOT NULL", ("UPDATE",)),
        (LINES, PRUNED_LINE.format(five_years_ago=five_years_ago), ("DELETE",)),
        (CONTENT, "", ("UPDATE",)),
        (CONTENT, PRUNED_CONTENT.format(five_years_ago=five_years_ago), ("DELETE",)),
        (SEALS, "", ("UPDATE", "DELETE")),
        (PRUNINGS, "", ("UPDATE", "DELETE")),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_initial"),
        ("core", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(melt, migrations.RunPython.noop),
        migrations.DeleteModel("SealedLine"),
        migrations.DeleteModel("AuditSeal"),
        *(
            migrations.AddField(
                "auditline", name, models.CharField(blank=True, default="", max_length=length)
            )
            for name, length in NEW.items()
        ),
        migrations.AddField("auditline", "position", models.BigIntegerField(editable=False, null=True)),
        migrations.RunPython(number_lines, migrations.RunPython.noop),
        migrations.AddIndex("auditline", models.Index(fields=["position", "id"], name="audit_position")),
        *(
            migrations.AddConstraint(
                "auditline",
                models.CheckConstraint(condition=models.Q((f"{field}__in", [*words, ""])), name=name),
            )
            for field, words, name in (
                ("lifecycle", LIFECYCLES, "audit_line_lifecycle"),
                ("purpose", PURPOSES, "audit_line_purpose"),
                ("access_point_type", ("address", "machine"), "audit_line_access_point"),
            )
        ),
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kindzorg.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveBigIntegerField(unique=True)),
                ("at", models.DateTimeField()),
                ("previous", models.CharField(blank=True, max_length=64)),
                ("count", models.PositiveIntegerField()),
                ("first_position", models.BigIntegerField()),
                ("last_position", models.BigIntegerField()),
                ("last_id", models.UUIDField()),
                ("content", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="SealedLines",
            fields=[
                (
                    "seal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="lines",
                        serialize=False,
                        to="audit.auditseal",
                    ),
                ),
                ("packed", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Pruning",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kindzorg.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField()),
                ("seal", models.PositiveBigIntegerField()),
                ("years", models.PositiveSmallIntegerField()),
                ("lines", models.PositiveBigIntegerField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("years__gte", 5)), name="audit_pruning_years"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TrailCounter",
            fields=[
                ("number", models.BigAutoField(primary_key=True, serialize=False)),
                ("cluster", models.CharField(max_length=40)),
                ("base", models.BigIntegerField()),
            ],
        ),
        migrations.RunPython(freeze, migrations.RunPython.noop),
    ]
