"""The addresses of what is kept."""

from django.urls import path

from kindzorg.keeping import views
from kindzorg.keeping.requests import views as requests
from kindzorg.keeping.research import views as research
from kindzorg.keeping.retention import views as retention

urlpatterns = [
    path("children/<uuid:child_id>/files", views.files, name="files"),
    path("children/<uuid:child_id>/files/choose", views.choose, name="file_choose"),
    path("children/<uuid:child_id>/files/<uuid:object_id>", views.compare, name="file_compare"),
    path("children/<uuid:child_id>/files/<uuid:object_id>/two", views.two_children, name="file_two_children"),
    path("children/<uuid:child_id>/files/<uuid:object_id>/merge", views.merge, name="file_merge"),
    path("children/<uuid:child_id>/files/merges/<uuid:object_id>/undo", views.undo, name="file_undo"),
    path("children/<uuid:child_id>/research", research.research, name="research"),
    path("retention", retention.retention, name="retention"),
    path("retention/hold", retention.retention_hold, name="retention_hold"),
    path("retention/holds/<uuid:hold_id>/lift", retention.retention_lift, name="retention_lift"),
    path("children/<uuid:child_id>/requests", requests.requests, name="requests"),
    path("children/<uuid:child_id>/requests/new", requests.request_new, name="request_new"),
    path("children/<uuid:child_id>/requests/<uuid:request_id>", requests.request_one, name="request"),
    path(
        "children/<uuid:child_id>/requests/<uuid:request_id>/decide", requests.decide, name="request_decide"
    ),
    path("children/<uuid:child_id>/requests/<uuid:request_id>/delay", requests.delay, name="request_delay"),
]
