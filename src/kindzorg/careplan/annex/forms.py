"""What is typed in the palliative annex, as values."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms

from kindzorg.careplan.annex.actions import TreatmentSaid
from kindzorg.careplan.annex.rules import (
    AnnexPieceView,
    AnnexQuestion,
    AnnexTopic,
    AnnexVoice,
    Asked,
    NewAnnexPiece,
    NewTreatment,
    TreatmentChoice,
    TreatmentKind,
    TreatmentView,
)
from kindzorg.careplan.talks.rules import LONGEST, SHORT, NewTalk, TalkKind
from kindzorg.careplan.versions.rules import SignedHow
from kindzorg.careplan.wording import Say
from kindzorg.core.destroyed import cleared
from kindzorg.ui.fields import DateInput, Option, OptionsRow

YES, NO = "yes", "no"
FROM_AFAR = (SignedHow.IN_PERSON, SignedHow.TELEPHONE, SignedHow.PAPER)


class Said(forms.Form):
    """A form whose words are content, per reader."""

    def __init__(self, data: Any, audience: str, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.said = Say(audience, "annex")
        for name, field in self.fields.items():
            if name == "revision":
                continue
            field.label = self.said[f"ask_{name}"] if not field.label else field.label
            dated = isinstance(field, forms.DateField)
            field.error_messages["required"] = self.said["day_required" if dated else "required"]

    def choose(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        """What can be chosen."""
        self.fields[name].choices = list(choices)  # type: ignore[attr-defined]


class AnnexPieceForm(forms.Form):
    """What somebody says on one topic; empty takes away what stood there."""

    words = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 6, "maxlength": LONGEST}))
    revision = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, ask: str, newest: AnnexPieceView | None) -> None:
        start = cleared({"words": newest.words, "revision": newest.revision}) if newest else {"revision": 0}
        super().__init__(data, initial=start)
        self.fields["words"].label = ask

    def piece(self, topic: AnnexTopic, voice: AnnexVoice) -> NewAnnexPiece:
        """What was typed, or passed on by its own button."""
        given = self.cleaned_data
        words = given["words"].replace("\r\n", "\n")
        return NewAnnexPiece(topic, voice, words, "skip" in self.data, given["revision"] or 0)


class TreatmentForm(Said):
    """One agreement on a kind of treatment."""

    name = forms.CharField(max_length=SHORT, required=False)
    choice = forms.ChoiceField(widget=forms.RadioSelect)
    why = forms.CharField(required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}))
    discussed_with = forms.CharField(required=False, max_length=SHORT)
    discussed_on = forms.DateField(required=False, widget=DateInput)
    valid_from = forms.DateField(widget=DateInput)
    review_on = forms.DateField(required=False, widget=DateInput)
    revision = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any, audience: str, about: tuple[TreatmentKind, TreatmentView | None], on: date
    ) -> None:
        self.kind, self.one = about
        start: dict[str, Any] = {"valid_from": on, "revision": 0}
        if one := self.one:
            # What is written anew was spoken of anew: on which day is filled in again.
            names = ("name", "choice", "why", "discussed_with", "review_on", "revision")
            start = {"valid_from": on, **cleared({name: getattr(one, name) for name in names})}
        super().__init__(data, audience, initial=start)
        self.choose("choice", [(str(one), self.said[f"choice_{one}"]) for one in TreatmentChoice])
        if self.kind != TreatmentKind.OTHER:
            del self.fields["name"]

    def treatment(self) -> NewTreatment:
        """What was typed."""
        given = dict(self.cleaned_data)
        revision = given.pop("revision") or 0
        entry = self.one.entry_id if self.one else None
        choice = TreatmentChoice(given.pop("choice"))
        return NewTreatment(kind=self.kind, choice=choice, entry_id=entry, revision=revision, **given)


class TreatmentAnswerForm(Said):
    """Yes or no to an agreement, with a reason when no. No stands beside yes, as large."""

    answer = forms.ChoiceField(widget=OptionsRow)
    reason = forms.CharField(required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data: Any, audience: str, **kwargs: Any) -> None:
        super().__init__(data, audience, **kwargs)
        self.choose("answer", [(YES, self.said["agree_yes"]), (NO, self.said["agree_no"])])

    def answered(self) -> TreatmentSaid:
        """What was typed."""
        return TreatmentSaid(self.cleaned_data["answer"] == YES, self.cleaned_data["reason"])


class TreatmentHeardForm(TreatmentAnswerForm):
    """What somebody who must agree said outside: who, how, on which day."""

    who = forms.ChoiceField(widget=forms.RadioSelect)
    how = forms.ChoiceField(widget=forms.RadioSelect)
    said_on = forms.DateField(widget=DateInput)
    field_order = ("who", "answer", "reason", "how", "said_on")

    def __init__(self, data: Any, audience: str, asked: Sequence[Asked], on: date) -> None:
        super().__init__(data, audience, initial={"said_on": on})
        self.fields["answer"].label = self.said["ask_answer_heard"]
        self.choose("who", [(str(one.relative_id or "child"), one.name) for one in asked])
        self.choose("how", [(str(one), self.said[f"how_{one}"]) for one in FROM_AFAR])

    def answered(self) -> TreatmentSaid:
        """What was typed."""
        given = self.cleaned_data
        who = None if given["who"] == "child" else UUID(given["who"])
        how = SignedHow(given["how"])
        return TreatmentSaid(given["answer"] == YES, given["reason"], who, how, given["said_on"])


class ChoicesForm(forms.Form):
    """Who reads along and what may show on the card: each a yes or no; what was not answered stays as it is."""

    mark_optional = False

    def __init__(
        self,
        data: Any,
        said: Mapping[AnnexQuestion, tuple[str, str]],
        own: Mapping[AnnexQuestion, bool],
        words: Any,
    ) -> None:
        super().__init__(data)
        self.own = own
        for question, (label, hint) in said.items():
            self.fields[str(question)] = forms.ChoiceField(
                label=label,
                help_text=hint,
                required=False,
                widget=OptionsRow,
                choices=[(YES, words["choice_yes"]), (NO, words["choice_no"])],
                initial=None if question not in own else YES if own[question] else NO,
            )

    def changed(self) -> Mapping[AnnexQuestion, bool]:
        """What was answered anew."""
        given = {AnnexQuestion(name): value == YES for name, value in self.cleaned_data.items() if value}
        return {key: yes for key, yes in given.items() if self.own.get(key) is not yes}


class TalkForm(Said):
    """A talk that was held or is planned, or the day of the next look."""

    kind = forms.ChoiceField(widget=forms.RadioSelect, initial=TalkKind.HELD)
    on = forms.DateField(widget=DateInput)
    with_whom = forms.CharField(required=False, max_length=SHORT)
    words = forms.CharField(required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, data: Any, audience: str) -> None:
        super().__init__(data, audience)
        self.choose("kind", [(str(one), Option(self.said[f"talk_{one}"])) for one in TalkKind])

    def talk(self) -> NewTalk:
        """What was typed."""
        given = self.cleaned_data
        return NewTalk(TalkKind(given["kind"]), given["on"], given["with_whom"], given["words"])
