"""The addresses of phase 1."""

from django.urls import path

from kindzorg.referral import views

urlpatterns = [
    path("children/<uuid:child_id>/referral", views.referral, name="referral"),
    path("children/<uuid:child_id>/referral/questions", views.first_question, name="referral_questions"),
    path("children/<uuid:child_id>/referral/questions/<slug:fact>", views.question, name="referral_question"),
    path("children/<uuid:child_id>/referral/answers", views.answers, name="referral_answers"),
    path("children/<uuid:child_id>/referral/<uuid:object_id>", views.result, name="referral_result"),
    path("children/<uuid:child_id>/referral/<uuid:object_id>/decide", views.decide, name="referral_decide"),
    path("children/<uuid:child_id>/referral/<uuid:object_id>/differ", views.differ, name="referral_differ"),
    path("children/<uuid:child_id>/referral/<uuid:object_id>/settle", views.settle, name="referral_settle"),
    path(
        "children/<uuid:child_id>/referral/<uuid:object_id>/letter.pdf", views.letter, name="referral_letter"
    ),
]
