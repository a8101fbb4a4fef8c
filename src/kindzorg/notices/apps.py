from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "kindzorg.notices"
    label = "notices"
