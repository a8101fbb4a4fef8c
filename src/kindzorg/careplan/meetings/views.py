"""Pages of the multidisciplinary meeting, and of the time around a child."""

import csv
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from kindzorg.access import policy
from kindzorg.careplan.meetings import actions, queries
from kindzorg.careplan.meetings.forms import (
    AnswerForm,
    CloseForm,
    DecisionForm,
    MeetingForm,
    TimeForm,
    WordsForm,
)
from kindzorg.careplan.meetings.pages import (
    agenda_of,
    around,
    decision_choices,
    errors_for,
    minutes_data,
    one_page,
    totals_page,
)
from kindzorg.careplan.meetings.rules import MeetingView, Says
from kindzorg.careplan.wording import Say
from kindzorg.careteam.queries import OpenedChild, child_for, open_child
from kindzorg.core.errors import Invalid, Missing
from kindzorg.journey.interpreters import interpreter_lines
from kindzorg.journey.views import child_frame
from kindzorg.ui.pdf import make_pdf
from kindzorg.ui.wording import add_to_form


def _page(request: Any, opened: OpenedChild, name: str, **context: Any) -> HttpResponse:
    frame = {**child_frame(request, opened, "plan"), "said": Say(opened.audience, "meetings")}
    return render(request, f"careplan/meetings/{name}.html", {**frame, **context})


def _read(request: Any, child_id: UUID, event: str) -> OpenedChild:
    return open_child(request.actor, child_id, ("meeting.read", "meeting.read_part"), event, request.now)


def _typed(request: Any) -> Any:
    return request.POST if request.method == "POST" else None


def _saved(
    request: Any,
    opened: OpenedChild,
    form: Any,
    save: Callable[[], Any],
    heading: str,
    meeting: MeetingView | None = None,
) -> HttpResponse:
    """Save what was typed and go back to the meeting (or the list); or show the form with what is wrong."""
    if request.method == "POST" and form.is_valid():
        try:
            made = save() or (meeting and meeting.id)
            return (
                redirect("meeting", opened.child.id, made) if made else redirect("meetings", opened.child.id)
            )
        except (Invalid, Missing) as error:
            add_to_form(form, error, errors_for(error, opened.audience))
    words = Say(opened.audience, "meetings")
    about = {"heading": words[f"{heading}_title"], "lead": words[f"{heading}_lead"], "meeting": meeting}
    talks = interpreter_lines(request, opened)
    return _page(request, opened, "form", form=form, interpreters=talks, **about)


def meetings(request: Any, child_id: UUID) -> HttpResponse:
    """The meetings about a child, the newest first; and the own time around it."""
    opened = _read(request, child_id, "meeting.list_read")
    found = queries.meetings_for(request.actor, opened.subject, request.today)
    may_time = policy.may(request.actor, "time.write", opened.subject, request.today)
    times = queries.own_time(request.actor, opened.subject, request.today) if may_time else ()
    may_plan = policy.may(request.actor, "meeting.plan", opened.subject, request.today)
    said = Say(opened.audience, "meetings")
    rows = [(said[f"time_{one.kind}"], one) for one in times]
    talks = interpreter_lines(request, opened)
    shown = {"meetings": found, "may_plan": may_plan, "may_time": may_time, "times": rows}
    return _page(request, opened, "list", interpreters=talks, **shown)


def meeting_new(request: Any, child_id: UUID) -> HttpResponse:
    """Plan a meeting."""
    opened = open_child(request.actor, child_id, "meeting.plan", "meeting.form_read", request.now)
    start = (request.now + timedelta(days=14)).replace(minute=0, second=0, microsecond=0)
    form = MeetingForm(_typed(request), opened.audience, start, request.actor.name)
    given = (request.actor, opened.subject)
    return _saved(
        request, opened, form, lambda: actions.plan_meeting(*given, form.meeting(), request.now), "new"
    )


def meeting(request: Any, child_id: UUID, meeting_id: UUID) -> HttpResponse:
    """One meeting: the agenda, who comes, the minutes, what was decided."""
    opened = _read(request, child_id, "meeting.read")
    found = queries.meeting_for(request.actor, opened.subject, meeting_id, request.today)
    return _page(request, opened, "one", **one_page(request, opened, found))


def meeting_pdf(request: Any, child_id: UUID, meeting_id: UUID) -> HttpResponse:
    """The closed minutes on paper. That they were taken out stands in the trail; looked up first, as there are none
    before they are closed."""
    subject = child_for(request.actor, child_id, request.today).subject
    found = queries.meeting_for(request.actor, subject, meeting_id, request.today)
    if not found.held:
        raise Http404
    opened = _read(request, child_id, "meeting.taken_out")
    data = minutes_data(request, opened, found)
    return HttpResponse(make_pdf("careplan", "minutes", data), content_type="application/pdf")


def _of(
    request: Any, child_id: UUID, meeting_id: UUID, permission: str
) -> tuple[OpenedChild, MeetingView, Any]:
    """The child, the meeting, and the life domains in which the reader may do this."""
    opened = open_child(request.actor, child_id, permission, "meeting.form_read", request.now)
    found = queries.meeting_for(request.actor, opened.subject, meeting_id, request.today)
    return opened, found, policy.may_domains(request.actor, permission, opened.subject, request.today)


def meeting_answer(request: Any, child_id: UUID, meeting_id: UUID) -> HttpResponse:
    """Say whether one comes, sends word, or cannot."""
    opened, found, seen = _of(request, child_id, meeting_id, "meeting.answer")
    form = AnswerForm(_typed(request), opened.audience, seen)
    given = (request.actor, opened.subject, meeting_id)

    def save() -> None:
        actions.answer_meeting(*given, Says(form.cleaned_data["says"]), form.spoken(), request.now)

    return _saved(request, opened, form, save, "answer", found)


def meeting_point(request: Any, child_id: UUID, meeting_id: UUID) -> HttpResponse:
    """Put something on the agenda."""
    opened, found, seen = _of(request, child_id, meeting_id, "meeting.answer")
    form = WordsForm(_typed(request), opened.audience, seen)
    given = (request.actor, opened.subject, meeting_id)
    return _saved(
        request, opened, form, lambda: actions.put_point(*given, form.spoken(), request.now), "point", found
    )


def meeting_note(request: Any, child_id: UUID, meeting_id: UUID) -> HttpResponse:
    """Write the minutes of a life domain; what stands there comes along to be changed."""
    opened, found, seen = _of(request, child_id, meeting_id, "meeting.minutes")
    asked = request.GET.get("domain", "")
    there = (one.words for one in found.notes if str(one.domain or "all") == asked)
    start = {"domain": asked, "words": next(there, "")} if asked else {}
    form = WordsForm(_typed(request), opened.audience, seen, **start)
    given = (request.actor, opened.subject, meeting_id)
    return _saved(
        request, opened, form, lambda: actions.write_note(*given, form.spoken(), request.now), "note", found
    )


def meeting_decide(request: Any, child_id: UUID, meeting_id: UUID) -> HttpResponse:
    """A decision, which becomes an agreement at once."""
    opened, found, _seen = _of(request, child_id, meeting_id, "meeting.minutes")
    form = DecisionForm(_typed(request), opened.audience, *decision_choices(request, opened))
    given = (request.actor, opened.subject, meeting_id)
    return _saved(
        request, opened, form, lambda: actions.decide(*given, form.decided(), request.now), "decide", found
    )


def meeting_close(request: Any, child_id: UUID, meeting_id: UUID) -> HttpResponse:
    """Close the minutes: who was there, and how long it took."""
    opened, found, _seen = _of(request, child_id, meeting_id, "meeting.minutes")
    form = CloseForm(_typed(request), opened.audience, around(request, opened), found)
    given = (request.actor, opened.subject, meeting_id)

    def save() -> None:
        closing = form.closing(agenda_of(request, opened, found))
        actions.close_meeting(*given, closing, request.now)

    return _saved(request, opened, form, save, "close", found)


def meeting_drop(request: Any, child_id: UUID, meeting_id: UUID) -> HttpResponse:
    """It does not go on, with the reason."""
    opened, found, seen = _of(request, child_id, meeting_id, "meeting.plan")
    form = WordsForm(_typed(request), opened.audience, seen)
    del form.fields["domain"]
    given = (request.actor, opened.subject, meeting_id)
    return _saved(
        request,
        opened,
        form,
        lambda: actions.drop_meeting(*given, form.cleaned_data["words"], request.now),
        "drop",
        found,
    )


def time_new(request: Any, child_id: UUID) -> HttpResponse:
    """Write down time around a child: the own, or that of another for who takes minutes."""
    opened = open_child(request.actor, child_id, "time.write", "meeting.form_read", request.now)
    others = policy.may(request.actor, "meeting.minutes", opened.subject, request.today)
    people = around(request, opened, work=True) if others else []
    people.sort(key=lambda one: one[0] != str(request.actor.id))
    form = TimeForm(_typed(request), opened.audience, request.today, people)
    given = (request.actor, opened.subject)

    def save() -> None:
        actions.write_time(*given, form.time(request.actor.id, None), request.now)

    return _saved(request, opened, form, save, "time")


def time_totals(request: Any) -> HttpResponse:
    """Hours per month and kind for who leads a team; as a table or (`?csv`) as a file. Of no child, nobody by name."""
    if not policy.may(request.actor, "time.read", None, request.today):
        raise Http404
    page = totals_page(request)
    if "csv" not in request.GET:
        return render(request, "careplan/meetings/totals.html", page)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="uren.csv"'
    sheet = csv.writer(answer, delimiter=";")
    sheet.writerow([page["said"]["month"], *page["kinds"], page["said"]["sum"]])
    for row in page["rows"]:
        sheet.writerow([row["month"].isoformat()[:7], *row["minutes"], row["all"]])
    return answer
