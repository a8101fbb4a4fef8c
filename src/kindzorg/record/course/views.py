"""Pages of measurements over time: looking, adding one, and setting the child's own range."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from kindzorg.careteam.queries import OpenedChild, open_child
from kindzorg.core.errors import Invalid
from kindzorg.journey.views import child_frame
from kindzorg.record.actions import enter_item
from kindzorg.record.course.forms import AmountForm, MeasurementForm, RangeForm
from kindzorg.record.course.pages import course_page, words_for
from kindzorg.record.course.queries import course_for
from kindzorg.record.forms import WORDS
from kindzorg.ui.wording import add_to_form


def _page(request: Any, opened: OpenedChild, name: str, **context: Any) -> HttpResponse:
    return render(request, f"record/{name}.html", {**child_frame(request, opened, "record"), **context})


def record_course(request: Any, child_id: UUID, item_id: UUID) -> HttpResponse:
    """One kind of measurement over time, beside the child's own range."""
    opened = open_child(request.actor, child_id, "record.read", "record.course_read", request.now)
    found = course_for(request.actor, opened.subject, item_id, request.today)
    return _page(request, opened, "course", **course_page(request, opened, found))


def record_measure(request: Any, child_id: UUID) -> HttpResponse:
    """Write down what was measured."""
    opened = open_child(request.actor, child_id, "record.write", "record.entry_read", request.now)
    return _entered(request, opened, MeasurementForm(request.POST or None, now=request.now), "add_title")


def record_range(request: Any, child_id: UUID) -> HttpResponse:
    """Set between which amounts something is usual for this child."""
    opened = open_child(request.actor, child_id, "range.set", "record.entry_read", request.now)
    return _entered(request, opened, RangeForm(request.POST or None), "set_title")


def _entered(request: Any, opened: OpenedChild, form: AmountForm, title: str) -> HttpResponse:
    words = words_for(str(opened.audience))
    if request.method == "POST" and form.is_valid():
        try:
            row = enter_item(request.actor, opened.subject, form.item(), request.now)
            return redirect("record_course", opened.child.id, row.id)
        except Invalid as error:
            add_to_form(form, error, WORDS)
    lead = words["set_lead"] if title == "set_title" else ""
    return _page(request, opened, "enter", form=form, title=words[title], lead=lead)
