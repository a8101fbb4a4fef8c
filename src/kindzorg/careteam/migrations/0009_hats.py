from django.db import migrations

from kindzorg.access.roles import FAMILY
from kindzorg.core.walls import sight


class Migration(migrations.Migration):
    dependencies = [("careteam", "0008_invitation_said"), ("core", "0004_merged_files")]
    operations = [sight(FAMILY)]
