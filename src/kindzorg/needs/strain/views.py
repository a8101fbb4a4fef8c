"""How it goes with the family: one's own course, that of the family for who guides it, and speaking about a sign."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from kindzorg.access import policy
from kindzorg.access.policy import Subject
from kindzorg.access.roles import Role
from kindzorg.audit.queries import looks_at
from kindzorg.careteam.queries import OpenedChild, child_for, open_child
from kindzorg.careteam.rules import strain_key
from kindzorg.core.errors import Invalid
from kindzorg.journey.views import child_frame
from kindzorg.needs.strain import queries
from kindzorg.needs.strain.actions import settle_sign, tell_strain
from kindzorg.needs.strain.forms import StrainForm, TalkForm
from kindzorg.needs.strain.pages import errors_for, say, shown, who_hears, words_for
from kindzorg.ui.wording import add_to_form

READ, OWN = "strain.read", "strain.own_read"


def strain(request: Any, child_id: UUID) -> HttpResponse:
    """Over time: one's own, or that of the family for who guides it."""
    opened = _opened(request, child_id, "strain.read", "strain.write")
    if not policy.may(request.actor, "strain.read", opened.subject, request.today):
        return _own(request, opened)
    courses = queries.courses_for(request.actor, opened.subject, request.today)
    settles = policy.could(request.actor, "strain.settle", opened.subject, request.today)
    return _page(request, opened, "strain", courses=[shown(one, opened) for one in courses], settles=settles)


def _own(request: Any, opened: OpenedChild) -> HttpResponse:
    course = queries.own_course(request.actor, opened.subject, request.today)
    key = _about(request, opened.subject)
    looked = looks_at(request.actor, opened.subject, key, READ, request.today) if course.told else []
    return _page(request, opened, "strain_own", course=shown(course, opened), looked=looked)


def strain_new(request: Any, child_id: UUID) -> HttpResponse:
    """Half a minute: how is it now."""
    opened = _opened(request, child_id, "strain.write")
    form = StrainForm(request.POST or None, opened, who_hears(request, opened))
    if request.method == "POST" and form.is_valid():
        try:
            row = tell_strain(request.actor, opened.subject, form.strain(), request.now)
            messages.success(request, _thanks(request, opened, row))
            return redirect("strain", child_id)
        except Invalid as error:
            add_to_form(form, error, errors_for(error, opened))
    return _page(request, opened, "strain_new", form=form)


def _thanks(request: Any, opened: OpenedChild, row: Any) -> str:
    if not row.shared:
        return say("thanks_private", opened)
    return say("thanks", opened) + (f" {who_hears(request, opened, 'thanks')}" if row.signs else "")


def strain_sign(request: Any, child_id: UUID, check_id: UUID) -> HttpResponse:
    """A sign: what the person told, and what was agreed when they spoke."""
    opened = _opened(request, child_id, "strain.settle")
    course, told = queries.sign_for(request.actor, opened.subject, check_id, request.today)
    form = TalkForm(request.POST or None, opened)
    if request.method == "POST" and form.is_valid():
        try:
            settle_sign(request.actor, opened.subject, check_id, form.cleaned_data["agreed"], request.now)
            return redirect("strain", child_id)
        except Invalid as error:
            add_to_form(form, error, errors_for(error, opened))
    return _page(request, opened, "strain_sign", form=form, course=shown(course, opened), told=told)


def _opened(request: Any, child_id: UUID, *permissions: str) -> OpenedChild:
    """Opens the child. Who looks at the own says nothing of anybody else: that is another line than reading what
    others told.
    """
    subject = child_for(request.actor, child_id, request.today).subject
    may = [one for one in permissions if policy.may(request.actor, one, subject, request.today)]
    permission = (may or permissions)[0]
    event = OWN if permission == "strain.write" else READ
    itself = policy.role_for(request.actor, subject, request.today) == Role.YOUNG_PERSON
    about_id = strain_key(child_id) if event == OWN and not itself else _about(request, subject)
    return open_child(request.actor, child_id, permission, event, request.now, about_id=about_id)


def _about(request: Any, subject: Subject) -> UUID:
    """Under which id the trail says that somebody read it. What parents tell of themselves the child does not read of
    in its trail; what a young person tells is the own file, and so is that line.
    """
    young = policy.role_now(Role.CHILD, subject, request.today) == Role.YOUNG_PERSON
    return subject.child_id if young else strain_key(subject.child_id)


def _page(request: Any, opened: OpenedChild, name: str, **context: Any) -> HttpResponse:
    frame = child_frame(request, opened)
    return render(request, f"needs/{name}.html", {**frame, "t": words_for(opened), **context})
