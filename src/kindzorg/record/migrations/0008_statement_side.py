import django.db.models as models
from django.db import migrations

from kindzorg.core.walls import frozen_again


class Migration(migrations.Migration):
    dependencies = [("record", "0007_destroyed")]

    operations = [
        migrations.AddField(
            model_name="statement",
            name="side",
            field=models.CharField(db_default="holder", default="holder", max_length=14),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(("side__in", ["child", "holder", "representative"])),
                name="record_statement_side",
            ),
        ),
        frozen_again("record_statement"),
    ]
