from django.apps import AppConfig


class RecordConfig(AppConfig):
    name = "kindzorg.record"
    label = "record"
