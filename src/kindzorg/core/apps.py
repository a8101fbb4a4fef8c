from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "kindzorg.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Once all apps are there, as each brings its own catalogue."""
        from kindzorg.core.lending import lend

        lend()
