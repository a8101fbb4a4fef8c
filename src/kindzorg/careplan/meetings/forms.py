"""What is typed about a meeting, as values."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import get_language

from kindzorg.access.policy import EVERY_DOMAIN
from kindzorg.careplan.forms import typed_who
from kindzorg.careplan.meetings.rules import (
    LONGEST,
    USUAL_MINUTES,
    Closing,
    Decided,
    MeetingView,
    NewMeeting,
    NewTime,
    Point,
    Says,
    Spoken,
    TimeKind,
)
from kindzorg.careplan.wording import Say
from kindzorg.core.texts import text
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.ui.fields import DateInput, DateTimeInput

TOPIC = "meetings"
ALL = "all"


class _Said(forms.Form):
    """A form whose labels stand in the content of meetings."""

    def __init__(self, data: Any, audience: str, **more: Any) -> None:
        super().__init__(data, **more)
        self.said, self.audience = Say(audience, TOPIC), audience
        for name, field in self.fields.items():
            field.label = self.said[f"ask_{name}"]

    def choose(self, name: str, choices: Sequence[Any]) -> None:
        """Give a field its choices; without any it goes."""
        self.fields[name].choices = list(choices)  # type: ignore[attr-defined]
        if not choices:
            del self.fields[name]

    def domains(self, seen: frozenset[LifeDomain]) -> None:
        """The life domains to choose from; of anything only for who sees every one."""
        language = (get_language() or "nl")[:2]
        found = [
            (str(one), text(f"ui.domains.{one}", self.audience, language))
            for one in LifeDomain
            if one in seen
        ]
        whole = [(ALL, self.said["whole"])] if seen == EVERY_DOMAIN else []
        self.choose("domain", [*whole, *found])
        self.fields["domain"].initial = (*(key for key, _ in whole), *(key for key, _ in found), "")[0]

    @property
    def of_domain(self) -> LifeDomain | None:
        """The life domain that was chosen; None is the whole."""
        chosen = self.cleaned_data.get("domain") or ALL
        return None if chosen == ALL else LifeDomain(chosen)


class MeetingForm(_Said):
    """When and where; who chairs and who takes notes."""

    starts_at = forms.DateTimeField(widget=DateTimeInput)
    place = forms.CharField(max_length=200, required=False)
    link = forms.CharField(max_length=250, required=False)
    chair = forms.CharField(max_length=200, required=False)
    scribe = forms.CharField(max_length=200, required=False)

    def __init__(self, data: Any, audience: str, starts_at: datetime, name: str) -> None:
        super().__init__(data, audience, initial={"starts_at": starts_at, "chair": name, "scribe": name})
        self.fields["starts_at"].error_messages["required"] = self.said["meeting_other_time"]

    def meeting(self) -> NewMeeting:
        """What was typed."""
        return NewMeeting(**self.cleaned_data)


class WordsForm(_Said):
    """Words, of a life domain or of the whole: for the agenda, or in the minutes."""

    words = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), max_length=LONGEST)
    domain = forms.ChoiceField(widget=forms.RadioSelect)

    def __init__(self, data: Any, audience: str, seen: frozenset[LifeDomain], **start: Any) -> None:
        super().__init__(data, audience, initial=start)
        self.fields["words"].error_messages["required"] = self.said["meeting_says_nothing"]
        self.domains(seen)

    def spoken(self) -> Spoken:
        """What was typed."""
        return Spoken(words=self.cleaned_data["words"], domain=self.of_domain)


class AnswerForm(_Said):
    """Comes, sends word, or cannot."""

    says = forms.ChoiceField(widget=forms.RadioSelect)
    words = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=LONGEST, required=False)
    domain = forms.ChoiceField(widget=forms.RadioSelect, required=False)

    def __init__(self, data: Any, audience: str, seen: frozenset[LifeDomain]) -> None:
        super().__init__(data, audience)
        self.choose("says", [(str(one), self.said[f"says_{one}"]) for one in Says])
        self.fields["says"].error_messages["required"] = self.said["says_required"]
        self.fields["words"].label = self.said["ask_word"]
        self.domains(seen)
        if seen == EVERY_DOMAIN:
            del self.fields["domain"]

    def spoken(self) -> Spoken:
        """The word that goes with it."""
        return Spoken(words=self.cleaned_data["words"], domain=self.of_domain)


class DecisionForm(_Said):
    """What was decided: who does what, where and when, for which goal or life domain."""

    what = forms.CharField(max_length=500)
    about = forms.ChoiceField()
    who = forms.ChoiceField(required=False)
    when = forms.CharField(max_length=300, required=False)
    where = forms.CharField(max_length=300, required=False)

    def __init__(self, data: Any, audience: str, about: Sequence[Any], people: Sequence[Any]) -> None:
        super().__init__(data, audience)
        self.fields["what"].error_messages["required"] = self.said["meeting_says_nothing"]
        self.choose("about", about)
        self.choose("who", [("", self.said["who_later"]), *people])

    def decided(self) -> Decided:
        """What was typed."""
        given = self.cleaned_data
        kind, _, key = given["about"].partition(" ")
        return Decided(
            what=given["what"],
            goal_id=UUID(key) if kind == "goal" else None,
            domain=None if kind == "goal" else LifeDomain(key),
            who=typed_who(given["who"], ""),
            where=given["where"],
            when=given["when"],
        )


class CloseForm(_Said):
    """Who was there, and how long it took."""

    present = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)
    minutes = forms.IntegerField(min_value=1, max_value=1440)

    def __init__(
        self, data: Any, audience: str, people: Sequence[tuple[str, str]], meeting: MeetingView
    ) -> None:
        coming = [str(one.by_id) for one in meeting.answers if one.says is Says.COMES]
        super().__init__(data, audience, initial={"present": coming, "minutes": USUAL_MINUTES})
        self.fields["present"].error_messages["required"] = self.said["meeting_nobody"]
        self.choose("present", people)
        for code in ("required", "invalid", "min_value", "max_value"):
            self.fields["minutes"].error_messages[code] = self.said["time_minutes"]

    def closing(self, agenda: Sequence[Point]) -> Closing:
        """What was typed, with the agenda as it was."""
        given = self.cleaned_data
        return Closing(
            present=tuple(map(UUID, given["present"])), minutes=given["minutes"], agenda=tuple(agenda)
        )


class TimeForm(_Said):
    """Time that somebody spent, beside the care itself."""

    kind = forms.ChoiceField(widget=forms.RadioSelect)
    minutes = forms.IntegerField(min_value=1, max_value=1440)
    on_day = forms.DateField(widget=DateInput)
    person = forms.ChoiceField(required=False)

    def __init__(self, data: Any, audience: str, on: date, people: Sequence[tuple[str, str]]) -> None:
        super().__init__(data, audience, initial={"on_day": on, "kind": str(TimeKind.PREPARATION)})
        self.choose("kind", [(str(one), self.said[f"time_{one}"]) for one in TimeKind])
        self.choose("person", people)
        for code in ("required", "invalid", "min_value", "max_value"):
            self.fields["minutes"].error_messages[code] = self.said["time_minutes"]

    def time(self, actor_id: UUID, meeting_id: UUID | None) -> NewTime:
        """What was typed."""
        given = self.cleaned_data
        return NewTime(
            kind=TimeKind(given["kind"]),
            minutes=given["minutes"],
            on_day=given["on_day"],
            person_id=UUID(given["person"]) if given.get("person") else actor_id,
            meeting_id=meeting_id,
        )
