"""What a child wants to say, and to whom: into the daybook, or onto the agenda of a meeting. It always arrives."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import get_language

from kindzorg.access import policy
from kindzorg.careplan.meetings.actions import put_point
from kindzorg.careplan.meetings.queries import meetings_for
from kindzorg.careplan.meetings.rules import LONGEST, MeetingView, Spoken
from kindzorg.careplan.reports.actions import write_report
from kindzorg.careplan.reports.rules import NewReport, Reach
from kindzorg.careteam.queries import OpenedChild, open_child
from kindzorg.core.errors import Missing
from kindzorg.core.texts import text
from kindzorg.core.vocabulary import Audience
from kindzorg.journey.views import child_frame

WORDS = ("title", "lead", "send", "plan")


def say(key: str, **given: object) -> str:
    """A text of this page, which is a child's."""
    return text(f"web.say.{key}", Audience.CHILD, (get_language() or "nl")[:2]).format(**given)


class SayForm(forms.Form):
    """The words, and to whom."""

    mark_optional = False

    def __init__(self, data: Any, meetings: Sequence[MeetingView]) -> None:
        super().__init__(data, initial={"whom": str(Reach.TEAM)})
        self.fields["words"] = forms.CharField(
            label=say("ask"),
            max_length=LONGEST,
            widget=forms.Textarea(attrs={"rows": 4}),
            error_messages={"required": say("empty")},
        )
        days = [
            (str(one.id), say("whom_meeting", day=date_format(one.starts_at, "l j F"))) for one in meetings
        ]
        self.fields["whom"] = forms.ChoiceField(
            label=say("ask_whom"),
            choices=[*((str(one), say(f"whom_{one}")) for one in Reach), *days],
            widget=forms.RadioSelect,
        )


def child_say(request: Any, child_id: UUID) -> HttpResponse:
    """One question, and to whom it goes."""
    opened = open_child(request.actor, child_id, "report.write", "child.say_read", request.now)
    if opened.audience != Audience.CHILD:
        raise Missing("not_the_child", child_id=child_id)
    form = SayForm(request.POST or None, _coming(request, opened))
    if request.method == "POST" and form.is_valid():
        _send(request, opened, form.cleaned_data["words"], form.cleaned_data["whom"])
        messages.success(request, say("sent"))
        return redirect("child_start", child_id)
    words = {key: say(key) for key in WORDS}
    return render(request, "web/say.html", {**child_frame(request, opened), "form": form, "t": words})


def _coming(request: Any, opened: OpenedChild) -> list[MeetingView]:
    """The meetings on whose agenda it can still come."""
    about = (request.actor, "meeting.answer", opened.subject, request.today)
    if not policy.may(*about) or not policy.sees_all(about[0], about[1], about[2], about[3]):
        return []
    found = meetings_for(request.actor, opened.subject, request.today)
    return [one for one in reversed(found) if not one.held and one.starts_at > request.now]


def _send(request: Any, opened: OpenedChild, words: str, whom: str) -> None:
    if whom in set(Reach):
        new = NewReport(words=words, happened_at=request.now, reach=Reach(whom))
        write_report(request.actor, opened.subject, new, request.now)
    else:
        put_point(request.actor, opened.subject, UUID(whom), Spoken(words=words), request.now)
