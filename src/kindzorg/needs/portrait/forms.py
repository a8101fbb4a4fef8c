"""One topic of the portrait, as a value."""

from typing import Any

from django import forms

from kindzorg.core.destroyed import cleared
from kindzorg.needs.portrait.rules import LONGEST, NewPiece, Piece, PortraitTopic


class PieceForm(forms.Form):
    """What somebody tells on one topic; empty takes away what stood there."""

    words = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 5, "maxlength": LONGEST}))
    revision = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, topic: PortraitTopic, ask: str, newest: Piece | None) -> None:
        start = cleared({"words": newest.words, "revision": newest.revision}) if newest else {"revision": 0}
        super().__init__(data, initial=start)
        self.topic = topic
        self.fields["words"].label = ask

    def piece(self) -> NewPiece:
        """What was typed."""
        given = self.cleaned_data
        return NewPiece(self.topic, given["words"].replace("\r\n", "\n"), given["revision"] or 0)
