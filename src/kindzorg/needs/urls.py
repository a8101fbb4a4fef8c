"""The addresses of phase 2."""

from django.urls import path

from kindzorg.needs import views
from kindzorg.needs.mood import views as mood
from kindzorg.needs.paper import views as paper
from kindzorg.needs.portrait import views as portrait
from kindzorg.needs.strain import views as strain
from kindzorg.needs.talk import views as talk

CHILD = "children/<uuid:child_id>/needs"
PORTRAIT = "children/<uuid:child_id>/portrait"
MOOD = "children/<uuid:child_id>/mood"
STRAIN = "children/<uuid:child_id>/strain"

urlpatterns = [
    path("paper", paper.paper, name="needs_paper"),
    path("paper/<slug:which>.pdf", paper.paper_file, name="needs_paper_file"),
    path(CHILD, views.needs, name="needs"),
    path(f"{CHILD}/open", views.open_scan, name="needs_open"),
    path(f"{CHILD}/next", views.next_thing, name="needs_next"),
    path(f"{CHILD}/seat", views.seat, name="needs_seat"),
    path(f"{CHILD}/who/<slug:domain>", views.who, name="needs_who"),
    path(f"{CHILD}/opening/<slug:part>", views.said, name="needs_said"),
    path(f"{CHILD}/choose/<slug:domain>", views.first_pass, name="needs_first"),
    path(f"{CHILD}/topic/<slug:topic>", views.topic, name="needs_topic"),
    path(f"{CHILD}/topic/<slug:topic>/take-back", views.take_back, name="needs_take_back"),
    path(f"{CHILD}/carrying", views.carrying, name="needs_carrying"),
    path(f"{CHILD}/carrying/<slug:who>", views.carrying_of, name="needs_carrying_of"),
    path(f"{CHILD}/answers", views.check, name="needs_check"),
    path(f"{CHILD}/talk", talk.talk, name="needs_talk"),
    path(f"{CHILD}/follow", talk.follow, name="needs_follow"),
    path(f"{CHILD}/follow/on", talk.follow_on, name="needs_follow_on"),
    path(f"{CHILD}/summary", talk.summary, name="needs_summary"),
    path(f"{CHILD}/summary/done", talk.summary_done, name="needs_summary_done"),
    path(f"{CHILD}/summary/of/<slug:part>", talk.summary_part, name="needs_summary_part"),
    path(f"{CHILD}/thanks", views.thanks, name="needs_thanks"),
    path(f"{CHILD}/together/<slug:domain>", views.together, name="needs_together"),
    path(f"{CHILD}/together/<slug:domain>/<slug:topic>", views.together, name="needs_together_topic"),
    path(f"{CHILD}/changes", views.changes, name="needs_changes"),
    path(f"{CHILD}/readers", views.readers, name="needs_readers"),
    path(f"{CHILD}/readers/<uuid:key>", views.keep, name="needs_keep"),
    path(f"{CHILD}/marks/<uuid:mark_id>/<slug:what>", views.mark_step, name="needs_mark"),
    path(f"{CHILD}/close", views.close, name="needs_close"),
    path(f"{CHILD}/closed", views.closed, name="needs_closed"),
    path(STRAIN, strain.strain, name="strain"),
    path(f"{STRAIN}/new", strain.strain_new, name="strain_new"),
    path(f"{STRAIN}/<uuid:check_id>", strain.strain_sign, name="strain_sign"),
    path(MOOD, mood.mood, name="mood"),
    path(f"{MOOD}/new", mood.mood_new, name="mood_new"),
    path(f"{MOOD}/<uuid:mood_id>/take-back", mood.mood_take_back, name="mood_take_back"),
    path(PORTRAIT, portrait.portrait, name="portrait"),
    path(f"{PORTRAIT}/paper", portrait.portrait_paper, name="portrait_paper"),
    path(f"{PORTRAIT}/<slug:piece>", portrait.portrait_write, name="portrait_write"),
]
