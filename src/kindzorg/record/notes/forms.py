"""What people write in a note, and for whom it is not, as values."""

from collections.abc import Sequence
from typing import Any

from django import forms

from kindzorg.careteam.rules import HidesFrom
from kindzorg.core.vocabulary import Ground, LifeDomain
from kindzorg.record.notes.pages import say
from kindzorg.record.notes.rules import LONGEST, NewNote, NoteView, Part


class NoteForm(forms.Form):
    """A note: about what, in which words, and in which part where there is more than one."""

    domain = forms.ChoiceField(widget=forms.RadioSelect)
    words = forms.CharField(widget=forms.Textarea(attrs={"rows": 6, "maxlength": LONGEST}))

    def __init__(
        self, data: Any, audience: str, parts: Sequence[Part], corrects: NoteView | None = None
    ) -> None:
        start = {"domain": corrects.domain, "words": corrects.words} if corrects else {}
        super().__init__(data, initial=start)
        self.corrects, self.audience = corrects, audience
        domain, words = self.fields["domain"], self.fields["words"]
        domain.label, words.label = say("domain", audience), say("words", audience)
        domain.choices = [(str(one), say(f"domain_{one}", audience)) for one in LifeDomain]  # type: ignore[attr-defined]
        words.error_messages["required"] = say("note_says_nothing", audience)
        if len(parts) > 1 and corrects is None:
            choices = [(str(part), say(f"part_{part}", audience)) for part in parts]
            self.fields["part"] = forms.ChoiceField(
                label=say("part", audience), choices=choices, widget=forms.RadioSelect, initial=Part.CHILD
            )

    def clean(self) -> dict[str, Any]:
        """A restricted note is about safety: said at the field, before the policy refuses it."""
        given = super().clean() or {}
        if given.get("part") == Part.RESTRICTED and given.get("domain") not in (None, LifeDomain.SAFETY):
            self.add_error("domain", say("restricted_is_safety", self.audience))
        return given

    def note(self) -> NewNote:
        """What was typed."""
        given = self.cleaned_data
        return NewNote(
            LifeDomain(given["domain"]),
            given["words"],
            part=Part(given.get("part") or Part.CHILD),
            corrects=self.corrects.id if self.corrects else None,
            ground=self.corrects.ground if self.corrects else Ground.WGBO,
        )


class KeepForm(forms.Form):
    """From whom a professional keeps a note, and why."""

    hides_from = forms.ChoiceField(widget=forms.RadioSelect)
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data: Any, audience: str) -> None:
        super().__init__(data)
        side, reason = self.fields["hides_from"], self.fields["reason"]
        side.label, reason.label = say("side", audience), say("reason", audience)
        side.choices = [(str(one), say(f"side_{one}", audience)) for one in HidesFrom]  # type: ignore[attr-defined]
        reason.error_messages["required"] = say("mark_without_reason", audience)
