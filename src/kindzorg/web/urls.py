"""The addresses of pages that put rooms together."""

from django.urls import include, path

from kindzorg.web import health, home
from kindzorg.web.authority import child_authority
from kindzorg.web.birthday import child_birthday
from kindzorg.web.child_start import child_start
from kindzorg.web.language import set_language
from kindzorg.web.sign_in import choose_person, sign_in, sign_out
from kindzorg.web.team import child_help, child_team
from kindzorg.web.trail import child_trail
from kindzorg.web.way import child_timeline

urlpatterns = [
    path("", home.root),
    path("start", home.home, name="home"),
    path("children/<uuid:child_id>/", child_start, name="child_start"),
    path("children/<uuid:child_id>/birthday", child_birthday, name="child_birthday"),
    path("children/<uuid:child_id>/authority", child_authority, name="child_authority"),
    path("children/<uuid:child_id>/team", child_team, name="child_team"),
    path("children/<uuid:child_id>/help", child_help, name="child_help"),
    path("children/<uuid:child_id>/way", child_timeline, name="child_timeline"),
    path("children/<uuid:child_id>/trail", child_trail, name="child_trail"),
    path("", include("kindzorg.web.coming_in.urls")),
    path("sign-in", sign_in, name="sign_in"),
    path("sign-in/person", choose_person, name="choose_person"),
    path("sign-out", sign_out, name="sign_out"),
    path("language", set_language, name="set_language"),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
]
