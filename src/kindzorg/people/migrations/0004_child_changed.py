"""When it was last corrected who the child is: the trail may go before the file does."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0003_accounts'),
    ]

    operations = [
        migrations.AddField(
            model_name='child',
            name='changed_at',
            field=models.DateTimeField(null=True),
        ),
    ]
