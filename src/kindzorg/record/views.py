"""Pages of the child's file: the file, what came in, and what waits."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from kindzorg.access import policy
from kindzorg.access.roles import Role
from kindzorg.careteam.actions import NewMember, add_member
from kindzorg.careteam.queries import OpenedChild, child_for, open_child, team_for
from kindzorg.core.errors import Conflict, DomainError, Missing, Refused
from kindzorg.core.vocabulary import Audience
from kindzorg.journey.views import child_frame
from kindzorg.record import actions, queries
from kindzorg.record.actions import Settlement
from kindzorg.record.forms import FORMS, WORDS, JoinForm
from kindzorg.record.notes.pages import say as say_of_notes
from kindzorg.record.notes.pages import with_marks, words_for
from kindzorg.record.pages import (
    difference_page,
    entry,
    identity_rows,
    people_named,
    report_groups,
    sections,
)
from kindzorg.record.wording import say
from kindzorg.ui.fields import whole_number
from kindzorg.ui.wording import add_to_form, word

MAY = (
    *("note.read", "record.import", "record.write", "record.decide", "range.set"),
    *("team.change", "child.change"),
)
HEADS = {
    **{name: f"section.{name}" for name in ("identity", "people", "documents")},
    "medication": "medication.more",
}
OFFERED = ("copy.take", "request.make", "request.decide")


def _page(request: Any, opened: OpenedChild, name: str, **context: Any) -> HttpResponse:
    may = {
        one.replace(".", "_"): policy.may(request.actor, one, opened.subject, request.today) for one in MAY
    }
    for one in OFFERED:  # Also to who must sign in more strongly first.
        may[one.replace(".", "_")] = policy.could(request.actor, one, opened.subject, request.today)
    frame = child_frame(request, opened, "record")
    return render(request, f"record/{name}.html", {**frame, "may": may, **context})


def record(request: Any, child_id: UUID) -> HttpResponse:
    """The child's file: what is known, from whom and since when."""
    opened = open_child(request.actor, child_id, "record.read", "record.read", request.now)
    file = queries.file_for(request.actor, opened.subject, request.today)
    team = team_for(request.actor, opened.subject, request.today)
    return _page(
        request,
        opened,
        "record",
        identity=identity_rows(opened.child, file),
        **_marked(request, opened, sections(file, opened.audience)),
        people=people_named(file, team, opened.audience),
        documents=file.documents,
        statements=queries.statements_for(request.actor, opened.subject, request.today),
        waiting_here=file.waiting,
        notes=say_of_notes("title", opened.audience),
        words={name: say(f"file.{key}", opened.audience) for name, key in HEADS.items()},
    )


def _marked(request: Any, opened: OpenedChild, shown: list[dict[str, Any]]) -> dict[str, Any]:
    """The parts of the file, each item with the marks on it, and the words for these."""
    with_marks(request, opened, (row for section in shown for row in section["rows"]))
    return {"sections": shown, "t": words_for(opened.audience)}


def record_measurements(request: Any, child_id: UUID) -> HttpResponse:
    """All measurements, newest first."""
    opened = open_child(request.actor, child_id, "record.read", "record.measurements_read", request.now)
    page = min(max(whole_number(request.GET.get("page", "")) or 1, 1), 10_000)
    found, more = queries.measurements_for(request.actor, opened.subject, page, request.today)
    rows = [entry(one, opened.audience) for one in found]
    return _page(request, opened, "measurements", rows=rows, page=page, more=more)


def record_differences(request: Any, child_id: UUID) -> HttpResponse:
    """What senders say otherwise than the file, side by side."""
    opened = open_child(request.actor, child_id, "record.read", "record.differences_read", request.now)
    found = queries.differences_for(request.actor, opened.subject, request.today)
    return _differences(request, opened, found)


def _differences(request: Any, opened: OpenedChild, found: Any, problem: str = "") -> HttpResponse:
    return _page(
        request,
        opened,
        "differences",
        differences=[difference_page(one) for one in found],
        explain=say("file.differences.explain", opened.audience),
        problem=problem,
    )


def record_settle(request: Any, child_id: UUID, difference_id: UUID) -> HttpResponse:
    """Accept what the sender says, or keep the file as it is."""
    if request.method != "POST":
        return redirect("record_differences", child_id)
    opened = child_for(request.actor, child_id, request.today)
    policy.require(request.actor, "record.decide", opened.subject, request.today)
    if request.POST.get("choice") not in ("accept", "keep"):
        return redirect("record_differences", child_id)
    revision = request.POST.get("revision", "")
    settled = Settlement(request.POST["choice"] == "accept", whole_number(revision))
    try:
        actions.settle_difference(request.actor, opened.subject, difference_id, settled, request.now)
    except (Missing, Refused):
        raise
    except DomainError as error:
        opened = open_child(request.actor, child_id, "record.read", "record.differences_read", request.now)
        found = queries.differences_for(request.actor, opened.subject, request.today)
        return _differences(request, opened, found, word(error, WORDS))
    return redirect("record_differences", child_id)


def record_report(request: Any, child_id: UUID, document_id: UUID) -> HttpResponse:
    """What became of a file that came in."""
    opened = open_child(request.actor, child_id, "record.import", "handover.report_read", request.now)
    report = queries.report_of(request.actor, opened.subject, document_id, request.today)
    again = "again" in request.GET
    return _page(request, opened, "report", report=report, groups=report_groups(report), again=again)


def record_raw(request: Any, child_id: UUID, document_id: UUID) -> HttpResponse:
    """A file exactly as it came in."""
    opened = open_child(request.actor, child_id, "record.import", "handover.raw_read", request.now)
    _name, raw = queries.raw_of(request.actor, opened.subject, document_id, request.today)
    # Never shown in the page, never under a name that the sender chose.
    headers = {"Content-Disposition": f'attachment; filename="{document_id}.json"'}
    return HttpResponse(raw, content_type="application/octet-stream", headers=headers)


def record_enter(request: Any, child_id: UUID, kind: str) -> HttpResponse:
    """Write down something that is known of the child."""
    opened = open_child(request.actor, child_id, "record.write", "record.entry_read", request.now)
    if kind not in FORMS:
        raise Http404
    form = FORMS[kind](request.POST or None)
    form.family = opened.audience != Audience.PROFESSIONAL
    if request.method == "POST" and form.is_valid():
        try:
            actions.enter_item(request.actor, opened.subject, form.item(), request.now)
            return redirect("record", child_id)
        except Conflict as error:
            add_to_form(form, error, WORDS)
    return _page(request, opened, "enter", form=form, title=say(f"file.enter.{kind}", opened.audience))


def record_retract(request: Any, child_id: UUID, item_id: UUID) -> HttpResponse:
    """Say that an item is not right; asked once more before it is done."""
    opened = open_child(request.actor, child_id, "record.write", "record.item_read", request.now)
    filed = queries.item_for(request.actor, opened.subject, item_id, request.today)
    problem = ""
    if request.method == "POST":
        revision = request.POST.get("revision", "")
        try:
            number = whole_number(revision) or 0
            actions.retract_item(request.actor, opened.subject, item_id, number, request.now)
            return redirect("record", child_id)
        except Conflict as error:
            problem = word(error, WORDS)
    return _page(request, opened, "retract", row=entry(filed, opened.audience), problem=problem)


def record_join(request: Any, child_id: UUID, item_id: UUID) -> HttpResponse:
    """Let somebody whom the handover names join the team."""
    opened = open_child(request.actor, child_id, "team.change", "record.person_read", request.now)
    filed = queries.item_for(request.actor, opened.subject, item_id, request.today)
    shown = entry(filed, opened.audience)
    people = queries.professionals_named(request.actor, opened.subject, [shown["title"]], request.today)
    form = JoinForm(request.POST or None, people=people)
    if request.method == "POST" and form.is_valid():
        new = NewMember(
            Role(form.cleaned_data["role"]), professional_id=UUID(form.cleaned_data["professional"])
        )
        add_member(request.actor, opened.subject, new, request.now)
        return redirect("child_team", child_id)
    return _page(request, opened, "join", form=form, row=shown, people=people)
