"""Inviting somebody into a child's team, and showing the link once."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from kindzorg.access import policy
from kindzorg.access.parties import asked_first
from kindzorg.access.roles import Role
from kindzorg.careteam.consents.queries import family_for
from kindzorg.careteam.consents.rules import Person, ground_of
from kindzorg.careteam.invitations import queries, rules
from kindzorg.careteam.invitations.actions import Issued, NewInvitation, invite, revoke_invitation, send_again
from kindzorg.careteam.invitations.rules import InvitedAs
from kindzorg.careteam.queries import OpenedChild, open_child
from kindzorg.careteam.rules import AuthorityKind
from kindzorg.core.encryption import decrypt, encrypt
from kindzorg.core.errors import Invalid
from kindzorg.journey.views import child_frame
from kindzorg.people.rules import OrganisationKind, Qualification, Relation
from kindzorg.ui.wording import add_to_form
from kindzorg.web.coming_in.forms import WORDS, ProfessionalForm, RelativeForm, WhomForm
from kindzorg.web.roles import role_name
from kindzorg.web.squares import square_code

ISSUED = "issued"
SHOWN = timedelta(hours=1)


def _open(request: Any, child_id: UUID) -> OpenedChild:
    return open_child(request.actor, child_id, "team.change", "invitation.read", request.now)


def _page(request: Any, opened: OpenedChild, name: str, **context: Any) -> HttpResponse:
    frame = child_frame(request, opened, "child_team")
    return render(request, f"web/coming_in/{name}.html", {**frame, **context})


def _kinds(request: Any, opened: OpenedChild) -> list[InvitedAs]:
    alone = policy.role_now(Role.CHILD, opened.subject, request.today) == Role.YOUNG_PERSON
    return [kind for kind in InvitedAs if rules.may_invite(opened.role, kind, decides_alone=alone)]


def invite_whom(request: Any, child_id: UUID) -> HttpResponse:
    """Whom do you invite?"""
    opened = _open(request, child_id)
    kinds = _kinds(request, opened)
    form = WhomForm(request.POST or None, kinds=kinds)
    if request.method == "POST" and form.is_valid():
        kind = InvitedAs(form.cleaned_data["invited_as"])
        if kind == InvitedAs.PROFESSIONAL:
            return redirect("invite_search", child_id)
        return redirect("invite_relative", child_id, kind)
    return _page(request, opened, "whom", form=form)


def invite_relative(request: Any, child_id: UUID, kind: str) -> HttpResponse:
    """Who it is, what for, until when."""
    opened = _open(request, child_id)
    if kind not in _kinds(request, opened) or kind == InvitedAs.PROFESSIONAL:
        raise Http404
    known = queries.relatives_to_invite(request.actor, opened.subject, request.today)
    family = _speakers(request, opened, [Role.RELATIVE])
    form = RelativeForm(request.POST or None, kind=InvitedAs(kind), relatives=known, family=family)
    if request.method == "POST" and form.is_valid():
        new = _relative(InvitedAs(kind), form.cleaned_data)
        return _issue(request, opened, replace(new, consent=form.told()), form)
    return _page(request, opened, "person", form=form, kind=kind)


def _speakers(request: Any, opened: OpenedChild, roles: Iterable[Role]) -> list[Person]:
    """Who of the family may say yes to a professional who invites for one of these roles; nobody where no yes is."""
    asked = [role for role in roles if asked_first(role)]
    if opened.role not in rules.INVITE_PARENTS or not asked:
        return []
    family = family_for(request.actor, opened.subject, request.today)
    may = frozenset[UUID]().union(*(family.speakers(ground_of(one), request.today) for one in asked))
    return [one for one in family.people if one.id in may]


def _relative(kind: InvitedAs, said: dict[str, Any]) -> NewInvitation:
    return NewInvitation(
        kind,
        relative_id=UUID(said["known"]) if said.get("known") else None,
        name=said["name"],
        relation=Relation(said["relation"]) if said.get("relation") else Relation.OTHER,
        works_for=said.get("works_for", ""),
        task=said.get("task", ""),
        until=said["until"],
        authority=AuthorityKind(said["authority"]) if said.get("authority") else None,
        source=said.get("source", ""),
    )


def invite_search(request: Any, child_id: UUID) -> HttpResponse:
    """Find a professional in the directory."""
    opened = _open(request, child_id)
    words = request.GET.get("q", "").strip()
    found = queries.professionals_named(request.actor, opened.subject, words, request.today)
    short = bool(words) and len(words) < queries.SHORTEST
    return _page(request, opened, "search", words=words, found=found, short=short)


def invite_professional(request: Any, child_id: UUID, professional_id: UUID) -> HttpResponse:
    """In which role, what for, until when."""
    opened = _open(request, child_id)
    work = queries.professional_for(request.actor, opened.subject, professional_id, request.today)
    allowed = rules.roles_for(OrganisationKind(work.organisation.kind), Qualification(work.qualification))
    roles = [(role, role_name(role)) for role in Role if role in allowed]
    family = _speakers(request, opened, [role for role, _ in roles])
    form = ProfessionalForm(request.POST or None, roles=roles, family=family)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        new = NewInvitation(
            InvitedAs.PROFESSIONAL,
            professional_id=work.id,
            role=Role(said["role"]),
            task=said["task"],
            until=said["until"],
            consent=form.told(),
        )
        return _issue(request, opened, new, form)
    return _page(request, opened, "person", form=form, work=work, roles=roles)


def _issue(request: Any, opened: OpenedChild, new: NewInvitation, form: Any) -> HttpResponse:
    try:
        issued = invite(request.actor, opened.subject, new, request.now)
    except Invalid as error:
        add_to_form(form, error, WORDS)
        return _page(request, opened, "person", form=form, kind=new.invited_as)
    return _keep(request, opened, issued)


def _keep(request: Any, opened: OpenedChild, issued: Issued) -> HttpResponse:
    """The link is shown to who invites for an hour, from the own session and encrypted; it is kept nowhere else."""
    kept = {"id": str(issued.invitation.id), "token": issued.token, "code": issued.code}
    request.session[ISSUED] = encrypt(json.dumps({**kept, "at": request.now.isoformat()}).encode())
    return redirect("invitation_link", opened.child.id, issued.invitation.id)


def invitation_link(request: Any, child_id: UUID, invitation_id: UUID) -> HttpResponse:
    """The QR code and the link, to show or to send."""
    opened = _open(request, child_id)
    rows = {row.id: row for row, _ in queries.invitations_for(request.actor, opened.subject, request.now)}
    kept = json.loads(decrypt(request.session[ISSUED])) if ISSUED in request.session else {}
    fresh = kept.get("id") == str(invitation_id) and datetime.fromisoformat(kept["at"]) + SHOWN > request.now
    if invitation_id not in rows:
        raise Http404
    link = request.build_absolute_uri(reverse("invited", args=[kept["token"]])) if fresh else ""
    context = {"invitation": rows[invitation_id], "link": link, "code": kept.get("code", "") if fresh else ""}
    return _page(request, opened, "link", **context, qr=square_code(link) if link else "")


@require_POST
def invitation_revoke(request: Any, child_id: UUID, invitation_id: UUID) -> HttpResponse:
    """Take it back."""
    opened = _open(request, child_id)
    revoke_invitation(request.actor, opened.subject, invitation_id, request.now)
    return redirect("child_team", child_id)


@require_POST
def invitation_again(request: Any, child_id: UUID, invitation_id: UUID) -> HttpResponse:
    """A new link; the old one opens nothing any more."""
    opened = _open(request, child_id)
    issued = send_again(request.actor, opened.subject, invitation_id, request.now)
    return _keep(request, opened, issued)
