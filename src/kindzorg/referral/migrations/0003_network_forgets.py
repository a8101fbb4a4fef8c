from django.db import migrations

from kindzorg.core.region_walls import network_forgets


class Migration(migrations.Migration):

    dependencies = [("referral", "0002_binding")]

    operations = [
        network_forgets(
            "referral_bindingreferral",
            "referral_bindingstep",
            "binding_id",
            "to_network",
            over=("accepted", "settled", "withdrawn"),
            days=30,
        ),
    ]
