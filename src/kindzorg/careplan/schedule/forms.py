"""What is typed on the pages of the week, as values."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from kindzorg.careplan.agreements.rules import Who, WhoKind
from kindzorg.careplan.cover.rules import CoverState, MayCover, NewDemand
from kindzorg.careplan.schedule.pages import act_words, domain_words, say
from kindzorg.careplan.visits.rules import Holidays, Place, Rhythm, SchoolRegion, weekly, within
from kindzorg.careteam.competences.rules import ACTS, NewCompetence
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.ui.fields import DateInput, TimeInput

WORDS = {
    "day_unknown": _("Choose a day that is less far away."),
    "visit_agreement": _("Choose the agreement for which this person comes."),
    "visit_not_theirs": _(
        "This agreement is of somebody else. Choose who does it, or somebody of that organisation."
    ),
    "agreement_over": _("This agreement has ended."),
    "rhythm_until": _("The last day lies before the first."),
    "rhythm_minutes": _("A visit lasts a day at most."),
    "rhythm_region": _("Choose the region of the school holidays."),
    "who_not_known": _("Choose who comes, or write a name."),
    "visit_off": _("This was called off already."),
    "reason_required": _("Write in a few words why."),
    "visit_past": _("This is too long ago to change."),
    "visit_moved_far": _("That is too far away. Plan a new visit."),
    "visit_same": _("This one comes already."),
    "not_in_team": _("This person is not in the team."),
    "swap_same": _("Choose a visit of somebody else."),
    "ended_before": _("Choose today or a later day."),
    "cover_elsewhere": _(
        "%(name)s is with the child already at that time, or elsewhere. Nobody is in two places."
    ),
    "cover_not_able": _("%(name)s is not able for what is needed."),
    "cover_professional": _("This needs a professional."),
    "cover_asked": _("%(name)s was asked already."),
    "cover_past": _("These hours have begun already."),
    "cover_step": _("This question was answered, or is not needed any more."),
    "demand_acts_medical": _("An act is always about health (medical). Choose that, or take the acts away."),
    "demand_why": _("Write in a few words why."),
    "competence_of_one": _("Choose one person."),
    "competence_own": _("A colleague records what you can do."),
    "competence_until": _("Choose a day after this one, three years on at most."),
    "seen_later": _("Choose today or an earlier day."),
    "seen_long_ago": _("What was seen three years ago or longer does not count any more."),
}
DAYS = (
    ("0", _("Monday")), ("1", _("Tuesday")), ("2", _("Wednesday")), ("3", _("Thursday")),
    ("4", _("Friday")), ("5", _("Saturday")), ("6", _("Sunday")),
)  # fmt: skip
NAMED, AS_AGREED, OWN = "name", "agreed", "own"
KINDS = {"p": WhoKind.PROFESSIONAL, "r": WhoKind.RELATIVE, "o": WhoKind.ORGANISATION}


def key_of(who: Who) -> str:
    """How a form names who it is."""
    match who.kind:
        case WhoKind.PROFESSIONAL:
            return f"p:{who.professional_id}"
        case WhoKind.RELATIVE:
            return f"r:{who.relative_id}"
        case WhoKind.ORGANISATION:
            return f"o:{who.organisation_id}"
    return NAMED


def who_named(key: str, name: str = "") -> Who:
    """Who is meant by what a form says."""
    kind, _colon, number = key.partition(":")
    if kind not in KINDS:
        return Who(name=name)
    field = {"p": "professional_id", "r": "relative_id", "o": "organisation_id"}[kind]
    return Who(kind=KINDS[kind], **{field: UUID(number)})  # type: ignore[arg-type]


def who_choices(people: Iterable[Who]) -> list[tuple[str, str]]:
    """The people of the team as choices."""
    return [(key_of(one), one.name) for one in people]


class DayField(forms.DateField):
    """A day that the week knows."""

    widget = DateInput

    def validate(self, value: date | None) -> None:
        """Raises ValidationError."""
        super().validate(value)
        if value is not None and not within(value):
            raise forms.ValidationError(WORDS["day_unknown"])


class ReasonForm(forms.Form):
    """Why, in a few words."""

    reason = forms.CharField(
        label=_("Why?"), max_length=300, error_messages={"required": WORDS["reason_required"]}
    )


class EndForm(ReasonForm):
    """From which day, and why."""

    on = DayField(label=_("From which day?"))
    field_order = ("on", "reason")

    def end(self) -> tuple[date, str]:
        """The day and the reason, of a form that is valid."""
        return self.cleaned_data["on"], self.cleaned_data["reason"]


class OtherForm(forms.Form):
    """Who comes instead."""

    who = forms.ChoiceField(label=_("Who comes?"), widget=forms.RadioSelect)
    name = forms.CharField(label=_("Name, if it is somebody else"), max_length=200, required=False)

    def __init__(self, data: Any, people: Sequence[Who]) -> None:
        super().__init__(data)
        self.fields["who"].choices = [*who_choices(people), (NAMED, _("Somebody else"))]  # type: ignore[attr-defined]


class MoveForm(forms.Form):
    """To which day and time."""

    to_day = DayField(label=_("Which day?"))
    to_start = forms.TimeField(label=_("What time?"), widget=TimeInput)


class SwapForm(forms.Form):
    """With which visit of somebody else."""

    other = forms.ChoiceField(label=_("Swap with"), widget=forms.RadioSelect)

    def __init__(self, data: Any, others: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["other"].choices = others  # type: ignore[attr-defined]


class AskForm(forms.Form):
    """Who is asked, of who can."""

    who = forms.ChoiceField(label=_("Whom do you ask?"), widget=forms.RadioSelect)

    def __init__(self, data: Any, people: Sequence[Who]) -> None:
        super().__init__(data, initial={"who": key_of(people[0])} if people else None)
        self.fields["who"].choices = who_choices(people)  # type: ignore[attr-defined]

    def whom(self) -> Who:
        """Who is asked, of a form that is valid."""
        return who_named(self.cleaned_data["who"])


class AnswerForm(forms.Form):
    """Yes or no, and why not."""

    answer = forms.ChoiceField(label=_("Your answer"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Why not? (only for a no)"), max_length=300, required=False)

    def __init__(self, data: Any, audience: str) -> None:
        super().__init__(data)
        found = [("accepted", say("cover_yes", audience)), ("declined", say("cover_no", audience))]
        self.fields["answer"].choices = found  # type: ignore[attr-defined]

    def said(self) -> tuple[CoverState, str]:
        """The answer and why not, of a form that is valid."""
        return CoverState(self.cleaned_data["answer"]), self.cleaned_data["reason"]


class RhythmForm(forms.Form):
    """On which days, from when until when."""

    days = forms.MultipleChoiceField(
        label=_("On which days?"),
        help_text=_("Leave all empty for one time only."),
        choices=DAYS,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    start = forms.TimeField(label=_("From what time?"), widget=TimeInput)
    end = forms.TimeField(
        label=_("Until what time?"),
        help_text=_("Earlier than the start: the next morning."),
        widget=TimeInput,
    )
    starts_on = DayField(label=_("From which day on?"))
    until = DayField(label=_("Last day, if there is one"), required=False)

    def rhythm(self) -> Rhythm:
        """The rhythm, of a form that is valid."""
        given = self.cleaned_data
        start = datetime.combine(given["starts_on"], given["start"])
        end = datetime.combine(given["starts_on"], given["end"])
        lasts = (end - start) % timedelta(days=1) or timedelta(days=1)
        last: date | None = given["until"]
        holidays = Holidays(given.get("holidays") or Holidays.ALWAYS)
        return Rhythm(
            starts_on=given["starts_on"],
            start=given["start"],
            minutes=int(lasts.total_seconds() // 60),
            rule=weekly(map(int, given["days"])) if given["days"] else "",
            until=last + timedelta(days=1) if last else None,
            holidays=holidays,
            region=SchoolRegion(given["region"])
            if given.get("region") and holidays != Holidays.ALWAYS
            else None,
        )


class PlanForm(RhythmForm):
    """Who comes for which agreement, where the child is then, and whether school holidays count."""

    agreement = forms.ChoiceField(label=_("For which agreement?"), widget=forms.RadioSelect)
    who = forms.ChoiceField(label=_("Who comes?"))
    name = forms.CharField(label=_("Name, if it is somebody else"), max_length=200, required=False)
    place = forms.ChoiceField(label=_("Where is the child then?"))
    holidays = forms.ChoiceField(
        label=_("In the school holidays"),
        choices=[
            (Holidays.ALWAYS, _("as usual")),
            (Holidays.NOT_IN, _("not")),
            (Holidays.ONLY_IN, _("only then")),
        ],
        required=False,
    )
    region = forms.ChoiceField(
        label=_("Region of the school holidays"),
        choices=[
            ("", "–"),
            (SchoolRegion.NORTH, _("North")),
            (SchoolRegion.MIDDLE, _("Middle")),
            (SchoolRegion.SOUTH, _("South")),
        ],
        required=False,
    )
    field_order = ("agreement", "who", "name", "days", "start", "end", "starts_on", "until", "place")

    def __init__(
        self,
        data: Any,
        audience: str,
        agreements: Sequence[tuple[str, str]],
        people: Sequence[Who],
        **initial: Any,
    ) -> None:
        super().__init__(data, initial=initial)
        fields: Any = self.fields
        fields["agreement"].choices = agreements
        fields["who"].choices = [
            (AS_AGREED, _("as the agreement says")),
            *who_choices(people),
            (NAMED, _("Somebody else")),
        ]
        fields["place"].choices = [(str(one), say(f"place_{one}", audience)) for one in Place]


class DemandForm(RhythmForm):
    """What is needed then, who may do it, and why."""

    acts = forms.MultipleChoiceField(
        label=_("What must that person be able to do?"), widget=forms.CheckboxSelectMultiple, required=False
    )
    may_cover = forms.ChoiceField(label=_("Who may do it?"), widget=forms.RadioSelect)
    domain = forms.ChoiceField(widget=forms.RadioSelect)
    why = forms.CharField(label=_("Why is somebody needed?"), max_length=300)
    field_order = ("why", "domain", "days", "start", "end", "starts_on", "until", "acts", "may_cover")

    def __init__(self, data: Any, audience: str, domains: Collection[LifeDomain], **initial: Any) -> None:
        there = [one for one in LifeDomain if one in domains]
        super().__init__(
            data, initial={"may_cover": MayCover.PROFESSIONAL, "domain": next(iter(there), None), **initial}
        )
        fields: Any = self.fields
        fields["domain"].label = say("needed_domain", audience)
        fields["domain"].help_text = say("needed_domain_help", audience)
        fields["domain"].choices = [(str(one), domain_words(one, audience)) for one in there]
        fields["acts"].choices = [(act, act_words([act], audience).capitalize()) for act in ACTS]
        fields["may_cover"].choices = [
            (MayCover.PROFESSIONAL, say("may_professional", audience)),
            (MayCover.ANYBODY, say("may_anybody", audience)),
        ]

    def demand(self) -> NewDemand:
        """The demand, of a form that is valid."""
        given = self.cleaned_data
        return NewDemand(
            rhythm=self.rhythm(),
            acts=tuple(given["acts"]),
            may_cover=MayCover(given["may_cover"]),
            domain=LifeDomain(given["domain"]),
            why=given["why"],
        )


class AbleForm(forms.Form):
    """Who was seen to do which act, when, and until when it counts; or that it counts no more."""

    who = forms.ChoiceField(label=_("Who?"), widget=forms.RadioSelect)
    act = forms.ChoiceField(label=_("Which act?"))
    able = forms.ChoiceField(
        label=_("What did you see?"),
        choices=[("yes", _("does this well")), ("no", _("cannot be relied on for this (any more)"))],
        widget=forms.RadioSelect,
        initial="yes",
    )
    seen_on = DayField(label=_("Seen on"))
    until = DayField(label=_("Counts until"), help_text=_("Leave empty for three years."), required=False)

    def __init__(self, data: Any, audience: str, people: Sequence[Who], **initial: Any) -> None:
        super().__init__(data, initial=initial)
        fields: Any = self.fields
        fields["who"].choices = who_choices(people)
        fields["act"].choices = [(act, act_words([act], audience).capitalize()) for act in ACTS]

    def competence(self) -> NewCompetence:
        """What was seen, of a form that is valid."""
        given, who = self.cleaned_data, who_named(self.cleaned_data["who"])
        return NewCompetence(
            given["act"],
            given["seen_on"],
            given["until"],
            who.professional_id,
            who.relative_id,
            given["able"] == "yes",
        )
