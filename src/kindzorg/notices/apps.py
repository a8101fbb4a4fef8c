from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "kindzorg.notices"
    label = "notices"

    def ready(self) -> None:
        """The care team tells people through us."""
        from kindzorg.careteam.telling import plug_in
        from kindzorg.notices.actions import tell

        plug_in(tell)
