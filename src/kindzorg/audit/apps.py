from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "kindzorg.audit"
    label = "audit"
