"""The addresses at which data comes in."""

from django.urls import path

from kindzorg.fhir import views

urlpatterns = [
    path("handover", views.handover_new, name="handover_new"),
    path("children/<uuid:child_id>/record/import", views.record_import, name="record_import"),
    path(
        "children/<uuid:child_id>/record/uploads/<uuid:upload_id>",
        views.handover_progress,
        name="handover_progress",
    ),
]
