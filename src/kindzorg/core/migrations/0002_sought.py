from django.db import migrations

from kindzorg.core.walls import sight


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [sight()]
