from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "kindzorg.ui"
    label = "ui"
    verbose_name = "Kindzorg ui"
