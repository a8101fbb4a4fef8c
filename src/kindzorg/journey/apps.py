from django.apps import AppConfig


class JourneyConfig(AppConfig):
    name = "kindzorg.journey"
    label = "journey"
