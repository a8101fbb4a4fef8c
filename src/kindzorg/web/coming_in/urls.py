"""The addresses of coming in."""

from django.urls import path

from kindzorg.web.coming_in import door, inviting, parts, visit

urlpatterns = [
    path("not-in", visit.not_in, name="not_in"),
    path("visit/end", visit.visit_end, name="visit_end"),
    path("children/<uuid:child_id>/visit", visit.visit_begin, name="visit_begin"),
    path("children/<uuid:child_id>/team/<uuid:membership_id>/end", parts.part_end, name="part_end"),
    path("children/<uuid:child_id>/invite", inviting.invite_whom, name="invite"),
    path("children/<uuid:child_id>/invite/search", inviting.invite_search, name="invite_search"),
    path(
        "children/<uuid:child_id>/invite/professional/<uuid:professional_id>",
        inviting.invite_professional,
        name="invite_professional",
    ),
    path("children/<uuid:child_id>/invite/<slug:kind>", inviting.invite_relative, name="invite_relative"),
    path(
        "children/<uuid:child_id>/invitations/<uuid:invitation_id>",
        inviting.invitation_link,
        name="invitation_link",
    ),
    path(
        "children/<uuid:child_id>/invitations/<uuid:invitation_id>/revoke",
        inviting.invitation_revoke,
        name="invitation_revoke",
    ),
    path(
        "children/<uuid:child_id>/invitations/<uuid:invitation_id>/again",
        inviting.invitation_again,
        name="invitation_again",
    ),
    path("invitation/<str:token>", door.invited, name="invited"),
    path("invitation/<str:token>/about", door.invited_about, name="invited_about"),
    path("invitation/<str:token>/join", door.invited_join, name="invited_join"),
    path("invitation/<str:token>/not-me", door.invited_not_me, name="invited_not_me"),
]
