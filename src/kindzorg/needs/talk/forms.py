"""The summary as a form: of each thing whether it is right, and in own words what it is then."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from kindzorg.core.texts import text
from kindzorg.needs.talk.rules import LONGEST, Check, NewCheck, Point, Understood
from kindzorg.record.translated.forms import written_in
from kindzorg.ui.fields import OptionsRow


def say(key: str, audience: str, language: str) -> str:
    """A text of these pages."""
    return text(f"needs.talk.{key}", audience, language)


class SummaryForm(forms.Form):
    """Per thing: it is right, not quite, or not now; and the own words. Nothing has to be answered."""

    mark_optional = False

    def __init__(
        self, *args: Any, points: Sequence[Point], checks: Mapping[Any, Check], audience: str, language: str
    ) -> None:
        super().__init__(*args)
        self.points, self.checks = points, checks
        choices = [(str(one), say(f"says_{one}", audience, language)) for one in Understood]
        for one in points:
            said = checks.get(one.key)
            self.fields[f"says_{one.key}"] = forms.ChoiceField(
                label=say("right", audience, language),
                choices=choices,
                widget=OptionsRow,
                required=False,
                initial=str(said.verdict) if said and not said.better else "",
            )
            if one.part != "first_pass":
                area = forms.Textarea(attrs={"rows": 2})
                label = say("then", audience, language)
                self.fields[f"words_{one.key}"] = forms.CharField(
                    label=label, widget=area, required=False, max_length=LONGEST
                )
            # Which wording was read: who answers anew meanwhile is not agreed over.
            self.fields[f"of_{one.key}"] = forms.DateTimeField(
                widget=forms.HiddenInput, initial=one.given.given_at.isoformat(), required=False
            )

    def rows(self) -> list[dict[str, Any]]:
        """The fields of each thing, in order."""
        return [
            {
                "point": one,
                "says": self[f"says_{one.key}"],
                "words": self[f"words_{one.key}"] if f"words_{one.key}" in self.fields else None,
                "of": self[f"of_{one.key}"],
            }
            for one in self.points
        ]

    def checks_given(self) -> list[NewCheck]:
        """What is said now and was not said already. Own words mean that it is not quite right."""
        found = []
        for one in self.points:
            words = self.cleaned_data.get(f"words_{one.key}", "").strip()
            verdict = Understood.NOT_QUITE if words else self.cleaned_data.get(f"says_{one.key}", "")
            before = self.checks.get(one.key)
            same = before and not words and before.verdict == verdict
            of = self.cleaned_data.get(f"of_{one.key}") or one.given.given_at
            if verdict and not same:
                found.append(NewCheck(one.key, of, Understood(verdict), words, written_in(self)))
        return found


class NoteForm(forms.Form):
    """What the nurse adds herself to a topic while she types for somebody else."""

    mark_optional = False
    prefix = "note"

    def __init__(self, data: Any, language: str, words: str) -> None:
        super().__init__(data, initial={"words": words})
        area = forms.Textarea(attrs={"rows": 2})
        self.fields["words"] = forms.CharField(
            label=say("note", "professional", language),
            help_text=say("note_hint", "professional", language),
            widget=area,
            required=False,
            max_length=LONGEST,
        )
