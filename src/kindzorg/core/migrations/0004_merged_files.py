from django.db import migrations

from kindzorg.core.walls import sight


class Migration(migrations.Migration):
    dependencies = [("core", "0003_owner_behind_wall")]
    operations = [sight()]
