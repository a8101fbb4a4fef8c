"""Questions of the family about lines of the trail.

On PostgreSQL a question shows to who sees the child, and to the privacy officer of the organisation that it was put to:
that one may not see the child, since whoever looked was perhaps no part of the care.
"""

import kindzorg.core.fields
import kindzorg.core.ids
from django.db import migrations, models

from kindzorg.core.walls import APP_ROLE, frozen


# plpgsql looks tables up when it runs: the grants come later than the trail.
GUARDED = """
CREATE FUNCTION kindzorg_guarded_organisations() RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
DECLARE
  who uuid := nullif(current_setting('kindzorg.actor', true), '')::uuid;
  day date := coalesce(nullif(current_setting('kindzorg.on', true), '')::date, current_date);
BEGIN
  RETURN QUERY
    SELECT g.scope_id FROM careteam_grant g
     WHERE g.user_id = who AND g.role = 'privacy_officer' AND g.scope = 'organisation'
       AND g.starts <= day AND (g.until IS NULL OR day < g.until);
END $$;
"""
SEES = """
coalesce(current_setting('kindzorg.system', true), '') = 'on'
  OR child_id IN (SELECT kindzorg_visible_children())
"""
SEES_OR_GUARDS = f"{SEES} OR organisation_id IN (SELECT kindzorg_guarded_organisations())"
WALL = f"""
{GUARDED}
ALTER TABLE audit_trailquestion ENABLE ROW LEVEL SECURITY;
CREATE POLICY wall_read ON audit_trailquestion FOR SELECT TO {APP_ROLE} USING ({SEES_OR_GUARDS});
CREATE POLICY wall_add ON audit_trailquestion FOR INSERT TO {APP_ROLE} WITH CHECK ({SEES});
CREATE POLICY wall_change ON audit_trailquestion FOR UPDATE TO {APP_ROLE}
  USING ({SEES_OR_GUARDS}) WITH CHECK ({SEES_OR_GUARDS});
REVOKE DELETE, TRUNCATE ON audit_trailquestion FROM {APP_ROLE};
"""  # noqa: S608  no value of anybody stands in it


def wall(apps, schema_editor):
    """The row-level wall, where there is one."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(WALL, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0002_nen7513_and_ranges'),
    ]

    operations = [
        migrations.CreateModel(
            name='TrailQuestion',
            fields=[
                ('id', models.UUIDField(default=kindzorg.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('child_id', models.UUIDField()),
                ('child_name', models.CharField(max_length=250)),
                ('organisation_id', models.UUIDField()),
                ('organisation', models.CharField(max_length=200)),
                ('asked_at', models.DateTimeField()),
                ('asked_by_id', models.UUIDField()),
                ('asked_by', models.CharField(max_length=200)),
                ('words', kindzorg.core.fields.EncryptedTextField()),
                ('about_at', models.DateTimeField()),
                ('about_id', models.UUIDField()),
                ('about_name', models.CharField(max_length=200)),
                ('about_role', models.CharField(blank=True, max_length=40)),
                ('about_event', models.CharField(max_length=60)),
                ('due', models.DateField()),
                ('answer', kindzorg.core.fields.EncryptedTextField(blank=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_by_id', models.UUIDField(null=True)),
                ('answered_by', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'indexes': [models.Index(fields=['child_id', 'asked_by_id'], name='audit_question_child'), models.Index(fields=['organisation_id', 'answered_at'], name='audit_question_to')],
            },
        ),
        frozen("audit_trailquestion", when="OLD.answered_at IS NOT NULL", verbs=("UPDATE",)),
        frozen("audit_trailquestion", verbs=("DELETE",)),
        migrations.RunPython(wall, migrations.RunPython.noop),
    ]
