from django.db import migrations

from kindzorg.core.walls import sight, walls_for_the_owner_too


class Migration(migrations.Migration):
    dependencies = [("core", "0002_sought")]
    operations = [sight(), walls_for_the_owner_too()]
