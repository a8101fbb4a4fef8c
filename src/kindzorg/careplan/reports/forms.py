"""What is typed in a report or the daybook, as values."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms

from kindzorg.careplan.reports.rules import LONGEST, Asked, Discipline, NewReport, Reach, ReportView
from kindzorg.careplan.wording import Say
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.record.files.forms import AttachmentForm
from kindzorg.record.translated.forms import add_language, written_in
from kindzorg.ui.fields import DateInput, DateTimeInput, whole_number

DAY = "day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What somebody may choose: life domains (and whether the day as a whole), goals and agreements, who reads it;
    and what stands there at first."""

    now: datetime
    domains: Sequence[tuple[str, str]]
    whole: bool
    about: Sequence[tuple[str, str]] = ()
    family: bool = False
    start: dict[str, Any] = field(default_factory=dict)


class ReportForm(AttachmentForm):
    """A report: the words are enough. About what, when and for whom stand ready."""

    words = forms.CharField(widget=forms.Textarea(attrs={"rows": 5}), max_length=LONGEST)
    happened_at = forms.DateTimeField(widget=DateTimeInput)
    about = forms.ChoiceField(required=False)
    domain = forms.ChoiceField(widget=forms.RadioSelect)
    reach = forms.ChoiceField(widget=forms.RadioSelect)

    def __init__(
        self, data: Any, files: Any, audience: str, offered: Offered, one: ReportView | None = None
    ) -> None:
        said = Say(audience, "reports")
        domains = [*([(DAY, said["domain_day"])] if offered.whole else []), *offered.domains]
        start = {"happened_at": offered.now, "domain": domains[0][0] if domains else "", "reach": Reach.TEAM}
        if one:
            start |= {"words": one.words, "happened_at": one.happened_at}
        super().__init__(data, files, audience, initial=start | offered.start)
        self.said, self.one, self.now = said, one, offered.now
        for name in ("words", "happened_at", "about", "domain", "reach"):
            self.fields[name].label = said[f"ask_{name}"]
        self.fields["words"].error_messages["required"] = said["report_says_nothing"]
        self._choose("domain", domains)
        self._choose("about", [("", said["about_day"]), *offered.about] if offered.about else [])
        reaches = [(str(one), said[f"reach_{one}"]) for one in Reach]
        self._choose("reach", reaches if offered.family else [])
        add_language(self, audience)
        if one:
            for name in ("file", "alt", "about", "domain", "reach"):
                self.fields.pop(name, None)

    def _choose(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        self.fields[name].choices = list(choices)  # type: ignore[attr-defined]
        if not choices:
            del self.fields[name]

    field_order = ("words", "file", "alt", "reach", "about", "domain", "happened_at")

    @property
    def folded(self) -> list[forms.BoundField]:
        """What stands ready and is rarely changed: about what, and when."""
        return [self[name] for name in ("about", "domain", "happened_at") if name in self.fields]

    @property
    def unfolded(self) -> bool:
        """Whether that is shown at once: something is wrong with it, or somebody came from a goal or agreement."""
        return bool(self.initial.get("about")) or any(field.errors for field in self.folded)

    def report(self) -> NewReport:
        """What was typed."""
        given = self.cleaned_data
        kind, _, key = (given.get("about") or "").partition(":")
        domain = given.get("domain") or DAY
        # Left as it stood there, it is this very moment.
        shown = self.now.replace(second=0, microsecond=0)
        at = self.now if given["happened_at"] == shown else given["happened_at"]
        return NewReport(
            words=given["words"],
            happened_at=at,
            domain=None if domain == DAY else LifeDomain(domain),
            reach=Reach(given.get("reach") or Reach.TEAM),
            goal_id=UUID(key) if kind == "goal" else None,
            agreement_id=UUID(key) if kind == "agreement" else None,
            attachment=None if self.one else self.attachment(),
            corrects=self.one.id if self.one else None,
            written_in=written_in(self),
        )


class AskForm(forms.Form):
    """Which reports are shown. What cannot be read is as if it was not asked."""

    discipline = forms.ChoiceField(required=False)
    about = forms.ChoiceField(required=False)
    since = forms.DateField(required=False, widget=DateInput)
    until = forms.DateField(required=False, widget=DateInput)
    mark_optional = False

    def __init__(self, data: Any, audience: str, about: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        said = Say(audience, "reports")
        for name in self.fields:
            self.fields[name].label = said[f"filter_{name}"]
        kinds = [(str(one), said[f"discipline_{one}"]) for one in Discipline]
        for name, choices in (("discipline", kinds), ("about", list(about))):
            self.fields[name].choices = [("", said["filter_all"]), *choices]  # type: ignore[attr-defined]

    def asked(self) -> Asked:
        """What is asked for."""
        self.is_valid()
        given = self.cleaned_data
        days: dict[str, date | None] = {name: given.get(name) for name in ("since", "until")}
        key = (given.get("about") or "").partition(":")[2]
        page = whole_number(self.data.get("page", "")) or 1
        return Asked(
            discipline=Discipline(given["discipline"]) if given.get("discipline") else None,
            about_id=UUID(key) if key else None,
            page=min(page, 10_000),
            **days,
        )
