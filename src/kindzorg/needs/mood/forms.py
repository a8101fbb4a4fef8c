"""How it goes, as a value."""

from typing import Any

from django import forms

from kindzorg.careteam.queries import OpenedChild
from kindzorg.needs.answers import Feeling
from kindzorg.needs.mood.pages import face_words, say
from kindzorg.needs.mood.rules import LONGEST, MoodReach, NewMood
from kindzorg.ui.fields import faces_field


class MoodForm(forms.Form):
    """A face, words if one likes, and who may see it."""

    mark_optional = False

    def __init__(self, data: Any, opened: OpenedChild) -> None:
        super().__init__(data, initial={"reach": MoodReach.ALL})
        faces = [(str(one), face_words(one, opened)) for one in Feeling]
        choose = {"required": say("choose", opened)}
        self.fields["face"] = faces_field(say("ask", opened), faces, required=True, error_messages=choose)
        self.fields["words"] = forms.CharField(
            label=say("ask_words", opened),
            required=False,
            max_length=LONGEST,
            widget=forms.Textarea(attrs={"rows": 2}),
        )
        self.fields["reach"] = forms.ChoiceField(
            label=say("ask_reach", opened),
            choices=[(str(one), say(f"reach_{one}", opened)) for one in MoodReach],
            widget=forms.RadioSelect,
        )

    def mood(self) -> NewMood:
        """What was chosen."""
        given = self.cleaned_data
        return NewMood(Feeling(given["face"]), given["words"], MoodReach(given["reach"]))
