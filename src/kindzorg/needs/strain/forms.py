"""What somebody tells of itself, and what was agreed after a sign, as values."""

from typing import Any

from django import forms

from kindzorg.careteam.queries import OpenedChild
from kindzorg.needs.definition import Amount
from kindzorg.needs.strain.pages import amount, say
from kindzorg.needs.strain.rules import LONGEST, NewStrain
from kindzorg.ui.fields import OptionsRow


class StrainForm(forms.Form):
    """Three taps: how much is asked, how much one can carry, and for whom it is. A sentence may come with it."""

    mark_optional = False
    load = forms.ChoiceField(widget=OptionsRow)
    power = forms.ChoiceField(widget=OptionsRow)
    words = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2, "maxlength": LONGEST}))
    share = forms.ChoiceField(widget=forms.RadioSelect)

    def __init__(self, data: Any, opened: OpenedChild, hears: str) -> None:
        super().__init__(data)
        scale = [(str(one), amount(one, opened)) for one in Amount]
        for name in ("load", "power"):
            self.fields[name].label = say(f"ask_{name}", opened)
            self.fields[name].choices = scale  # type: ignore[attr-defined]
            self.fields[name].error_messages["required"] = say("strain_choose", opened)
        self.fields["words"].label = say("ask_words", opened)
        share = self.fields["share"]
        share.label, share.help_text = say("ask_share", opened), hears
        share.choices = [(one, say(f"share_{one}", opened)) for one in ("yes", "no")]  # type: ignore[attr-defined]
        share.error_messages["required"] = say("choose_share", opened)

    def strain(self) -> NewStrain:
        """What was chosen."""
        given = self.cleaned_data
        return NewStrain(
            Amount(given["load"]), Amount(given["power"]), given["words"], given["share"] == "yes"
        )


class TalkForm(forms.Form):
    """What was agreed."""

    agreed = forms.CharField(widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST}))

    def __init__(self, data: Any, opened: OpenedChild) -> None:
        super().__init__(data)
        self.fields["agreed"].label = say("agreed", opened)
        self.fields["agreed"].error_messages["required"] = say("strain_agreed", opened)
