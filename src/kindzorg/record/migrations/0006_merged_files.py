from django.db import migrations

from kindzorg.core.walls import restricted_sight


class Migration(migrations.Migration):
    dependencies = [("record", "0005_on_behalf_of")]
    operations = [restricted_sight(("gp", "level5_nurse", "paediatric_nurse", "paediatrician"))]
