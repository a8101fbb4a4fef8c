from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "kindzorg.web"
    label = "web"
