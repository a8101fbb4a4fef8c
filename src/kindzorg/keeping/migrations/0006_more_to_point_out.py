from django.db import migrations, models

from kindzorg.core.walls import frozen_again


class Migration(migrations.Migration):

    dependencies = [("keeping", "0005_words_of_scan_and_plan")]

    operations = [
        migrations.RemoveConstraint(model_name="filerequest", name="keeping_request_about"),
        migrations.AddConstraint(
            model_name="filerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "about__in",
                        [
                            *("item", "note", "family_note", "answer", "goal", "agreement", "evaluation"),
                            *("portrait", "binding", "general"),
                        ],
                    )
                ),
                name="keeping_request_about",
            ),
        ),
        frozen_again("keeping_filerequest"),
    ]
