"""Pages of the reports and the daybook: reading, writing, correcting, and for whom one is not."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from kindzorg.access import policy
from kindzorg.careplan.reports import actions, queries
from kindzorg.careplan.reports.forms import AskForm, ReportForm
from kindzorg.careplan.reports.pages import about_choices, errors_for, list_page, offered_to, one_page, row
from kindzorg.careplan.reports.rules import ReportView
from kindzorg.careplan.wording import Say
from kindzorg.careteam.queries import OpenedChild, child_for, open_child
from kindzorg.careteam.rules import HidesFrom
from kindzorg.core.errors import DomainError, Invalid, Missing, Refused
from kindzorg.journey.views import child_frame
from kindzorg.record.notes.forms import KeepForm
from kindzorg.record.notes.pages import errors_for as mark_errors
from kindzorg.record.notes.pages import say as say_of_notes
from kindzorg.record.queries import statements_for
from kindzorg.ui.wording import add_to_form


def _page(request: Any, opened: OpenedChild, name: str, **context: Any) -> HttpResponse:
    frame = {**child_frame(request, opened, "reports"), "said": Say(opened.audience, "reports")}
    return render(request, f"careplan/reports/{name}.html", {**frame, **context})


def _read(request: Any, child_id: UUID, event: str, about_id: UUID | None = None) -> OpenedChild:
    opened = child_for(request.actor, child_id, request.today)
    permission = queries.reading(request.actor, opened.subject, request.today)
    return open_child(request.actor, child_id, permission, event, request.now, about_id=about_id)


def reports(request: Any, child_id: UUID) -> HttpResponse:
    """All that was written of the days, newest first, or what is asked for."""
    opened = _read(request, child_id, "report.list_read")
    form = AskForm(request.GET, opened.audience, about_choices(request, opened))
    return _page(request, opened, "list", form=form, **list_page(request, opened, form.asked()))


def report_write(request: Any, child_id: UUID) -> HttpResponse:
    """Write a report, or in the daybook."""
    opened = open_child(request.actor, child_id, "report.write", "report.form_read", request.now)
    offered = offered_to(request, opened, about_choices(request, opened))
    form = ReportForm(_typed(request), request.FILES or None, opened.audience, offered)
    return _written(request, opened, form)


def report_correct(request: Any, child_id: UUID, entry_id: UUID) -> HttpResponse:
    """Say it better; what was written stays below it."""
    opened = open_child(request.actor, child_id, "report.write", "report.form_read", request.now)
    one, _earlier = queries.report_for(request.actor, opened.subject, entry_id, request.today)
    if one.by_id != request.actor.id or not one.words:
        raise Http404
    form = ReportForm(_typed(request), None, opened.audience, offered_to(request, opened, ()), one)
    return _written(request, opened, form)


def _typed(request: Any) -> Any:
    return request.POST if request.method == "POST" else None


def _written(request: Any, opened: OpenedChild, form: ReportForm) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_report(request.actor, opened.subject, form.report(), request.now)
            return redirect("reports", opened.child.id)
        except (Invalid, Missing) as error:
            add_to_form(form, error, errors_for(error, opened.audience))
    return _page(request, opened, "form", form=form, correcting=form.one)


def report(request: Any, child_id: UUID, entry_id: UUID) -> HttpResponse:
    """One entry, with what was said before it was corrected and for whom it is not."""
    opened, one, earlier = _one(request, child_id, entry_id)
    beside = statements_for(request.actor, opened.subject, request.today)
    return _page(request, opened, "one", beside=beside, **one_page(request, opened, one, earlier))


def _one(request: Any, child_id: UUID, entry_id: UUID) -> tuple[OpenedChild, ReportView, Any]:
    """Looked up first: under which id the trail speaks of it follows from what it is."""
    opened = child_for(request.actor, child_id, request.today)
    one, earlier = queries.report_for(request.actor, opened.subject, entry_id, request.today)
    shown = queries.trail_id(request.actor, opened.subject, one.id, one.reach)
    return _read(request, child_id, "report.read", shown), one, earlier


def report_keep(request: Any, child_id: UUID, entry_id: UUID) -> HttpResponse:
    """For whom an entry is not: a child's own, asked once more; a professional's with a reason."""
    opened, one, _earlier = _one(request, child_id, entry_id)
    own = policy.may(request.actor, "mark.set_own", opened.subject, request.today)
    if not own and not policy.may(request.actor, "mark.set", opened.subject, request.today):
        raise Refused("refused", permission="mark.set", child_id=child_id)
    form = KeepForm(request.POST or None, opened.audience)
    if request.method == "POST" and (own or form.is_valid()):
        try:
            _keep(request, opened, entry_id, form, own=own)
            return redirect("reports", child_id)
        except Invalid as error:
            form = _said(form, error, opened.audience)
    words = {
        key: say_of_notes(key, opened.audience) for key in ("keep_title", "keep_lead", "keep_yes", "keep_no")
    }
    return _page(request, opened, "keep", form=form, own=own, t=words, row=row(one, opened))


def _keep(request: Any, opened: OpenedChild, entry_id: UUID, form: KeepForm, *, own: bool) -> None:
    about = (request.actor, opened.subject, entry_id)
    if own:
        actions.keep_report_from_parents(*about, request.now)
        return
    given = HidesFrom(form.cleaned_data["hides_from"]), form.cleaned_data["reason"]
    actions.keep_report_from(*about, given, request.now)


def _said(form: KeepForm, error: DomainError, audience: str) -> KeepForm:
    form = form if form.is_bound else KeepForm({}, audience)
    form.is_valid()
    add_to_form(form, error, mark_errors(error, audience))
    return form
