from django.apps import AppConfig


class CareteamConfig(AppConfig):
    name = "kindzorg.careteam"
    label = "careteam"
