"""The nurse's page on which a handover comes in."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from kindzorg.access import policy
from kindzorg.careteam.queries import OpenedChild, child_for, open_child
from kindzorg.core.errors import DomainError, Invalid, Missing, Refused
from kindzorg.fhir.forms import WORDS, HandoverForm, NewHandoverForm
from kindzorg.fhir.handover import Sent, Uploaded, send_for_child, send_new
from kindzorg.journey.views import child_frame
from kindzorg.record.queries import HandoverReport, upload_for
from kindzorg.ui.wording import add_to_form, word


def record_import(request: Any, child_id: UUID) -> HttpResponse:
    """A handover about this child."""
    opened = open_child(request.actor, child_id, "record.import", "handover.page_read", request.now)
    form = HandoverForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and (report := _take(request, form, opened)):
        return _to_report(report)
    return render(request, "fhir/import.html", {**child_frame(request, opened, "record"), "form": form})


def handover_new(request: Any) -> HttpResponse:
    """A handover of a child that may be new here."""
    policy.require(request.actor, "record.import", None, request.today)
    form = NewHandoverForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and (report := _take(request, form)):
        return _to_report(report)
    return render(request, "fhir/import_new.html", {"form": form})


def _sent(form: HandoverForm) -> Sent:
    file = form.cleaned_data["file"]
    return Sent(file.name or "", file.read(), form.cleaned_data["source"].strip())


def _take(
    request: Any, form: HandoverForm, opened: OpenedChild | None = None
) -> HandoverReport | Uploaded | None:
    """The report; or None, with the reason in the form."""
    try:
        if opened:
            return send_for_child(request.actor, opened.child.id, _sent(form), request.now)
        other = form.cleaned_data["other_child"]
        return send_new(request.actor, _sent(form), request.now, other_child=other)
    except (Missing, Refused):
        raise
    except DomainError as error:
        add_to_form(form, _at_file(error), WORDS)
        if isinstance(form, NewHandoverForm) and error.code == "handover_known_maybe":
            form.ask_whether_other(error.data["children"])
        return None


def _at_file(error: DomainError) -> Invalid:
    return Invalid(error.code, fields=("file",), **error.data)


def _to_report(report: HandoverReport | Uploaded) -> HttpResponse:
    if isinstance(report, Uploaded):
        return redirect("handover_progress", report.child_id, report.upload_id)
    address = reverse("record_report", args=[report.child_id, report.document_id])
    return redirect(f"{address}?again=1" if report.again else address)


def handover_progress(request: Any, child_id: UUID, upload_id: UUID) -> HttpResponse:
    """How far a large file is; one may leave, and come back. Once it ended: the report, or why it was not taken."""
    opened = _looks_at_progress(request, child_id)
    upload = upload_for(request.actor, opened.subject, upload_id, request.today)
    if upload.document_id or (upload.problem and request.htmx):
        return _onward(request, upload)
    why = word(Invalid(upload.problem, **upload.problem_data), WORDS) if upload.problem else ""
    context = {"upload": upload, "why": why, "poll_url": "?part=1"}
    if request.htmx:
        return render(request, "fhir/progress_bar.html", context)
    return render(request, "fhir/progress.html", {**child_frame(request, opened, "record"), **context})


def _looks_at_progress(request: Any, child_id: UUID) -> OpenedChild:
    """One look is one line: the bar that asks by itself how far it is shows a number, and leaves none of its own."""
    if not (request.htmx and "part" in request.GET):
        return open_child(request.actor, child_id, "record.import", "handover.progress_read", request.now)
    opened = child_for(request.actor, child_id, request.today)
    policy.require(request.actor, "record.import", opened.subject, request.today)
    return opened


def _onward(request: Any, upload: Any) -> HttpResponse:
    """To the report; or, where it was not taken, to the page that says why."""
    address = reverse("handover_progress", args=[upload.child_id, upload.id])
    if upload.document_id:
        address = reverse("record_report", args=[upload.child_id, upload.document_id])
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
