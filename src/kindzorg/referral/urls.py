"""The addresses of phase 1."""

from django.urls import path

from kindzorg.referral import views
from kindzorg.referral.binding import views as binding
from kindzorg.referral.terms import views as terms

urlpatterns = [
    path("children/<uuid:child_id>/referral", views.referral, name="referral"),
    path("children/<uuid:child_id>/referral/questions", views.first_question, name="referral_questions"),
    path("children/<uuid:child_id>/referral/questions/<slug:fact>", views.question, name="referral_question"),
    path("children/<uuid:child_id>/referral/answers", views.answers, name="referral_answers"),
    path("children/<uuid:child_id>/referral/<uuid:object_id>", views.result, name="referral_result"),
    path("children/<uuid:child_id>/referral/<uuid:object_id>/decide", views.decide, name="referral_decide"),
    path("children/<uuid:child_id>/referral/<uuid:object_id>/differ", views.differ, name="referral_differ"),
    path("children/<uuid:child_id>/referral/<uuid:object_id>/settle", views.settle, name="referral_settle"),
    path("children/<uuid:child_id>/referral/until/<slug:entry>", terms.referral_term, name="referral_term"),
    path(
        "children/<uuid:child_id>/referral/<uuid:object_id>/letter.pdf", views.letter, name="referral_letter"
    ),
    path("children/<uuid:child_id>/binding", binding.bindings, name="bindings"),
    path("children/<uuid:child_id>/binding/new", binding.binding_new, name="binding_new"),
    path("children/<uuid:child_id>/binding/<uuid:binding_id>", binding.binding, name="binding"),
    path(
        "children/<uuid:child_id>/binding/<uuid:binding_id>/answer",
        binding.binding_answer,
        name="binding_answer",
    ),
    path(
        "children/<uuid:child_id>/binding/<uuid:binding_id>/steer",
        binding.binding_steer,
        name="binding_steer",
    ),
    path("network/stuck", binding.bindings_stuck, name="bindings_stuck"),
    path("network/stuck/<uuid:binding_id>", binding.binding_stuck, name="binding_stuck"),
]
