"""The addresses of pages that put rooms together."""

from django.urls import path

from kindzorg.web import health

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
]
