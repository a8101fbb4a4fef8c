"""In which language somebody writes, and a translation, as values."""

from collections.abc import Iterable
from typing import Any

from django import forms

from kindzorg.record.translated.pages import field_label, language_choices, say
from kindzorg.record.translated.rules import DUTCH, LONGEST, NewTranslation, Original, offered
from kindzorg.ui.translation import speaking

WRITTEN_IN = "written_in"


def add_language(
    form: forms.Form, audience: str, spoken: Iterable[str] = (), *, types_for_another: bool = False
) -> None:
    """Let who does not write Dutch say in which language the words are; who does, is not asked."""
    ready = offered(speaking(), spoken, types_for_another=types_for_another)
    if ready:
        form.fields[WRITTEN_IN] = forms.ChoiceField(
            label=say("written_in", audience),
            choices=language_choices(audience),
            initial=ready,
            required=False,
        )


def written_in(form: forms.Form) -> str:
    """The language that was said; empty for Dutch, and where it was not asked."""
    said = str(form.cleaned_data.get(WRITTEN_IN, "") or "")
    return "" if said == DUTCH else said


class TranslationForm(forms.Form):
    """A translation: into which language, per field the words, and who of the interpreters read it through."""

    mark_optional = False

    def __init__(self, data: Any, original: Original, audience: str, into: str) -> None:
        super().__init__(data, initial={"into": into})
        self.original = original
        self.fields["into"] = forms.ChoiceField(
            label=say("into", audience), choices=language_choices(audience)
        )
        for name in original.words:
            area = forms.Textarea(attrs={"rows": 3, "dir": "auto"})
            label = field_label(name, audience)
            self.fields[f"words_{name}"] = forms.CharField(
                label=label, widget=area, required=False, max_length=LONGEST
            )
        self.fields["interpreter"] = forms.CharField(
            label=say("interpreter", audience),
            help_text=say("interpreter_hint", audience),
            required=False,
            max_length=200,
        )

    def rows(self) -> list[dict[str, Any]]:
        """Each field with the words as they were written."""
        return [{"words": said, "field": self[f"words_{name}"]} for name, said in self.original.words.items()]

    def translation(self) -> NewTranslation:
        """What was typed."""
        given = self.cleaned_data
        words = {name: given.get(f"words_{name}", "") for name in self.original.words}
        return NewTranslation(given["into"], words, given["interpreter"])
