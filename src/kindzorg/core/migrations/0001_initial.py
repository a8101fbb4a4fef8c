from django.db import migrations

from kindzorg.core.walls import roles_and_sight


class Migration(migrations.Migration):
    initial = True
    operations = [roles_and_sight()]
