"""The desk of who guards the terms: what may go, what is held, and why."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kindzorg.access.policy import Subject
from kindzorg.audit.actions import write_reads
from kindzorg.core.errors import DomainError
from kindzorg.keeping.removal import years_kept
from kindzorg.keeping.retention import actions, queries
from kindzorg.keeping.retention.forms import CAUSES, WORDS, GoForm, HoldForm, ReasonForm
from kindzorg.keeping.retention.rules import HoldCause, KeptFile
from kindzorg.ui.wording import add_to_form


def retention(request: Any) -> HttpResponse:
    """The files whose term is over, and the holds; here somebody confirms which files may go."""
    due = queries.files_due(request.actor, request.now)
    holds = queries.holds_for(request.actor, request.today)
    form = GoForm(request.POST or None, files=_choices(due))
    if request.method == "POST" and form.is_valid() and _confirmed(request, form):
        return redirect("retention")
    shown = [Subject(one.child_id, one.birth_date) for one in due]
    shown += [Subject(one.row.child_id, None) for one in holds]
    write_reads(request.actor, "retention.listed", shown, request.now)
    context = {
        "form": form if form.fields["going"].choices else None,  # type: ignore[attr-defined]
        "held": [one for one in due if one.held],
        "confirmed": [one for one in due if one.confirmed_by and not one.held],
        "holds": [(one, CAUSES[HoldCause(one.row.cause)]) for one in holds],
        "years": years_kept(),
    }
    return render(request, "keeping/retention.html", context)


def _choices(due: Any) -> list[tuple[str, str]]:
    return [(str(one.child_id), _said(one)) for one in due if not one.held and not one.confirmed_by]


def _said(one: KeptFile) -> str:
    return _("%(name)s, born %(born)s. Last changed on %(changed)s; kept long enough since %(over)s.") % {
        "name": one.name,
        "born": date_format(one.birth_date, "j E Y") if one.birth_date else _("not known"),
        "changed": date_format(one.changed_on, "j E Y"),
        "over": date_format(one.over_on, "j E Y"),
    }


def _confirmed(request: Any, form: GoForm) -> bool:
    try:
        number = actions.confirm_deletion(
            request.actor, [UUID(one) for one in form.cleaned_data["going"]], request.now
        )
    except DomainError as error:
        add_to_form(form, error, WORDS)
        return False
    words = ngettext("Confirmed: one file goes.", "Confirmed: %(number)s files go.", number)
    messages.success(request, words % {"number": number})
    return True


def retention_hold(request: Any) -> HttpResponse:
    """Keep a file longer."""
    form = HoldForm(request.POST or None)
    reach = queries.holds_for(request.actor, request.today)  # Asks leave, also before anything is typed.
    if request.method == "POST" and form.is_valid() and _held(request, form):
        return redirect("retention")
    return render(request, "keeping/retention_hold.html", {"form": form, "number": len(reach)})


def _held(request: Any, form: HoldForm) -> bool:
    given = form.cleaned_data
    child_id = queries.file_meant(request.actor, given["family_name"], given["birth_date"], request.today)
    if child_id is None:
        form.add_error("family_name", str(WORDS["no_such_file"]))
        return False
    try:
        actions.hold_file(request.actor, child_id, form.hold(), request.now)
    except DomainError as error:
        add_to_form(form, error, WORDS)
        return False
    messages.success(request, _("This file is kept until the day that you wrote."))
    return True


def retention_lift(request: Any, hold_id: UUID) -> HttpResponse:
    """Let a hold go before its day."""
    holds = queries.holds_for(request.actor, request.today)
    one = next((held for held in holds if held.row.id == hold_id), None)
    if one is None:
        raise Http404
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.lift_hold(request.actor, hold_id, form.cleaned_data["reason"], request.now)
            return redirect("retention")
        except DomainError as error:
            add_to_form(form, error, WORDS)
    write_reads(request.actor, "retention.listed", [Subject(one.row.child_id, None)], request.now)
    cause = CAUSES[HoldCause(one.row.cause)]
    return render(request, "keeping/retention_lift.html", {"held": one, "cause": cause, "form": form})
