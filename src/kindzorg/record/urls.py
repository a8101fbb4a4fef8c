"""The addresses of the child's file."""

from django.urls import path

from kindzorg.record import views
from kindzorg.record.course import views as course
from kindzorg.record.notes import views as note_views

BASE = "children/<uuid:child_id>/record"

urlpatterns = [
    path(BASE, views.record, name="record"),
    path(f"{BASE}/measurements", views.record_measurements, name="record_measurements"),
    path(f"{BASE}/measurements/new", course.record_measure, name="record_measure"),
    path(f"{BASE}/ranges/new", course.record_range, name="record_range"),
    path(f"{BASE}/items/<uuid:item_id>/course", course.record_course, name="record_course"),
    path(f"{BASE}/differences", views.record_differences, name="record_differences"),
    path(f"{BASE}/differences/<uuid:difference_id>", views.record_settle, name="record_settle"),
    path(f"{BASE}/handovers/<uuid:document_id>", views.record_report, name="record_report"),
    path(f"{BASE}/handovers/<uuid:document_id>/raw", views.record_raw, name="record_raw"),
    path(f"{BASE}/new/<slug:kind>", views.record_enter, name="record_enter"),
    path(f"{BASE}/items/<uuid:item_id>/keep", note_views.record_keep, name="record_keep"),
    path(f"{BASE}/items/<uuid:item_id>/retract", views.record_retract, name="record_retract"),
    path(f"{BASE}/people/<uuid:item_id>/join", views.record_join, name="record_join"),
    path("children/<uuid:child_id>/notes", note_views.notes, name="notes"),
    path("children/<uuid:child_id>/notes/new", note_views.note_write, name="note_write"),
    path(
        "children/<uuid:child_id>/notes/<uuid:entry_id>/correct", note_views.note_correct, name="note_correct"
    ),
    path("children/<uuid:child_id>/notes/<uuid:entry_id>/keep", note_views.note_keep, name="note_keep"),
    path("children/<uuid:child_id>/marks/<uuid:mark_id>/<slug:what>", note_views.mark_step, name="mark_step"),
]
