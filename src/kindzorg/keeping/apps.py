from django.apps import AppConfig


class KeepingConfig(AppConfig):
    name = "kindzorg.keeping"
    label = "keeping"
