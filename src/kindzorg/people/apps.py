from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "kindzorg.people"
    label = "people"
