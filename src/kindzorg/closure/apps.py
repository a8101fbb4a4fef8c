from django.apps import AppConfig


class ClosureConfig(AppConfig):
    name = "kindzorg.closure"
    label = "closure"
