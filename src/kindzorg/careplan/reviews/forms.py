"""What is typed about a review, as values."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import get_language

from kindzorg.access.policy import EVERY_DOMAIN
from kindzorg.careplan.reviews.pages import face_words
from kindzorg.careplan.reviews.rules import (
    CYCLE,
    LONGEST,
    ChildAsk,
    NewPreparation,
    NewReview,
    PreparationView,
)
from kindzorg.careplan.wording import Say
from kindzorg.core.texts import text
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.needs.answers import Feeling
from kindzorg.ui.fields import DateInput, faces_field

TOPIC = "reviews"
ALL, OWN, NOT_PARENTS = "all", "own", "not_parents"


def _domains(audience: str, seen: Sequence[LifeDomain]) -> list[tuple[str, str]]:
    language = (get_language() or "nl")[:2]
    return [(str(one), text(f"ui.domains.{one}", audience, language)) for one in seen]


class _Said(forms.Form):
    """A form whose labels stand in the content of reviews."""

    def __init__(self, data: Any, audience: str, **more: Any) -> None:
        super().__init__(data, **more)
        self.said, self.audience = Say(audience, TOPIC), audience
        for name, field in self.fields.items():
            field.label = self.said[f"ask_{name}"]

    def choose(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        """Give a field its choices; without any it goes."""
        self.fields[name].choices = list(choices)  # type: ignore[attr-defined]
        if not choices:
            del self.fields[name]


class PlanForm(_Said):
    """On which day, and of which life domains: all of them unless somebody takes some away."""

    on_day = forms.DateField(widget=DateInput)
    domains = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Any, audience: str, seen: Sequence[LifeDomain], on_day: date) -> None:
        start = {"on_day": on_day, "domains": [str(one) for one in seen]}
        super().__init__(data, audience, initial=start)
        self.fields["on_day"].error_messages["required"] = self.said["review_other_day"]
        self.fields["domains"].error_messages["required"] = self.said["review_of_nothing"]
        self.choose("domains", _domains(audience, seen))

    def review(self) -> NewReview:
        """What was typed."""
        domains = map(LifeDomain, self.cleaned_data["domains"])
        return NewReview(on_day=self.cleaned_data["on_day"], domains=frozenset(domains))


class EndForm(_Said):
    """That it was held, with what was concluded and when to look again; or another day; or that it does not go on."""

    words = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), max_length=LONGEST, required=False)
    next_on = forms.DateField(widget=DateInput, required=False)
    on_day = forms.DateField(widget=DateInput)

    def __init__(self, data: Any, audience: str, what: str, on: date) -> None:
        super().__init__(data, audience, initial={"next_on": on + CYCLE, "on_day": on + timedelta(days=7)})
        wanted = {"hold": ("words", "next_on"), "move": ("on_day",), "drop": ("words",)}[what]
        for name in set(self.fields) - set(wanted):
            del self.fields[name]
        if what == "drop":
            self.fields["words"].label = self.said["ask_why_not"]
        if what == "move":
            self.fields["on_day"].error_messages["required"] = self.said["review_other_day"]


class PrepareForm(_Said):
    """Three questions: what goes well, what does not, what next; and for whom it is."""

    well = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=LONGEST, required=False)
    not_well = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=LONGEST, required=False)
    next = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=LONGEST, required=False)
    domain = forms.ChoiceField(widget=forms.RadioSelect)
    reach = forms.ChoiceField(widget=forms.RadioSelect)
    from_parents = forms.BooleanField(required=False)

    def __init__(
        self,
        data: Any,
        audience: str,
        seen: frozenset[LifeDomain],
        before: PreparationView | None,
        about: tuple[UUID | None, bool | None],
    ) -> None:
        """`about`: of which goal it is, if of one; and whether it is kept from the parents, None for who may not."""
        self.goal_id, kept = about
        self.face = before.face if before else None
        start: dict[str, Any] = {"reach": ALL}
        if before:
            start = {name: getattr(before, name) for name in ("well", "not_well", "next")}
            start |= {"reach": ALL if before.shared else OWN, "domain": before.domain}
        super().__init__(data, audience, initial={**start, "from_parents": kept})
        self.choose("reach", [(ALL, self.said["reach_all"]), (OWN, self.said["reach_own"])])
        whole = self.goal_id or seen == EVERY_DOMAIN
        self.choose("domain", [] if whole else _domains(audience, [one for one in LifeDomain if one in seen]))
        if kept is None:
            del self.fields["from_parents"]

    def preparation(self, review_id: UUID) -> NewPreparation:
        """What was typed."""
        given = self.cleaned_data
        return NewPreparation(
            review_id=review_id,
            well=given["well"],
            not_well=given["not_well"],
            next=given["next"],
            goal_id=self.goal_id,
            face=self.face,
            domain=LifeDomain(given["domain"]) if given.get("domain") else None,
            shared=given["reach"] == ALL,
            from_parents=bool(given.get("from_parents")),
        )


class MineForm(forms.Form):
    """One question to a child: a face for a goal, or words."""

    mark_optional = False

    def __init__(
        self, data: Any, audience: str, ask: ChildAsk | None, before: PreparationView | None
    ) -> None:
        super().__init__(data)
        said = Say(audience, TOPIC)
        if ask is None:
            faces = [(str(one), face_words(one)) for one in Feeling]
            self.fields["face"] = faces_field(said["mine_goal"], faces)
            self.initial["face"] = str(before.face) if before and before.face else None
        else:
            self.fields["words"] = forms.CharField(
                required=False,
                label=said["mine_ask_next" if ask is ChildAsk.NEXT else f"mine_{ask}"],
                max_length=LONGEST,
                widget=forms.Textarea(attrs={"rows": 4}),
                initial=getattr(before, ask) if before else "",
            )

    @property
    def question(self) -> Any:
        """Its one field."""
        return self["face"] if "face" in self.fields else self["words"]


class MineWhoForm(forms.Form):
    """For whom it is what a child said: for all who look along, not for its parents (from 12), or for itself."""

    mark_optional = False
    reach = forms.ChoiceField(widget=forms.RadioSelect)

    def __init__(self, data: Any, audience: str, before: str | None, *, keeps: bool) -> None:
        super().__init__(data, initial={"reach": before})
        said = Say(audience, TOPIC)
        self.fields["reach"].error_messages["required"] = said["mine_choose"]
        self.fields["reach"].label = said["ask_reach"]
        ways = (ALL, NOT_PARENTS, OWN) if keeps else (ALL, OWN)
        self.fields["reach"].choices = [(one, said[f"mine_reach_{one}"]) for one in ways]  # type: ignore[attr-defined]


def shared_as(one: PreparationView, review_id: UUID, reach: str) -> NewPreparation:
    """The same words, for whom the child chose."""
    return NewPreparation(
        review_id=review_id,
        well=one.well,
        not_well=one.not_well,
        next=one.next,
        goal_id=one.goal_id,
        face=one.face,
        shared=reach != OWN,
        from_parents=reach == NOT_PARENTS,
    )
