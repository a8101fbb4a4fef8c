from django.apps import AppConfig


class CareplanConfig(AppConfig):
    name = "kindzorg.careplan"
    label = "careplan"
