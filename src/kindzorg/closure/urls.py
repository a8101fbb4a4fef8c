"""The addresses of phase 4."""

from django.urls import path

from kindzorg.closure import views

CHILD = "children/<uuid:child_id>/closure"

urlpatterns = [
    path(CHILD, views.closure, name="closure"),
    path(f"{CHILD}/tree/<slug:question>", views.question, name="closure_question"),
    path(f"{CHILD}/needs/<str:need_id>", views.need, name="closure_need"),
    path(f"{CHILD}/requests", views.requests, name="closure_requests"),
    path(f"{CHILD}/requests/<uuid:object_id>", views.answer, name="closure_answer"),
    path(f"{CHILD}/list-18", views.list_18, name="closure_list_18"),
    path(f"{CHILD}/transition/<slug:chapter>", views.chapter, name="closure_chapter"),
    path(f"{CHILD}/decide", views.decide, name="closure_decide"),
    path(f"{CHILD}/go-on", views.go_on, name="closure_go_on"),
    path(f"{CHILD}/goodbye", views.goodbye, name="closure_goodbye"),
    path(f"{CHILD}/letter.pdf", views.letter, name="closure_letter"),
]
