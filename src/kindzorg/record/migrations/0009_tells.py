from django.db import migrations, models

from kindzorg.core.walls import frozen_again


class Migration(migrations.Migration):
    dependencies = [("record", "0008_statement_side")]

    operations = [
        migrations.AddField("rawresource", "tells", models.JSONField(db_default=[], default=list)),
        migrations.AddField("recorditem", "other_keys", models.JSONField(db_default=[], default=list)),
        frozen_again("record_rawresource"),
    ]
