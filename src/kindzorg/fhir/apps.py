from django.apps import AppConfig


class FhirConfig(AppConfig):
    name = "kindzorg.fhir"
    label = "fhir"
