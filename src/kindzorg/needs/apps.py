from django.apps import AppConfig


class NeedsConfig(AppConfig):
    name = "kindzorg.needs"
    label = "needs"
