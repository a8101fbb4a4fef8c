"""What is typed to give a card away."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kindzorg.careplan.cards.rules import Lasting, NewCard
from kindzorg.core.texts import text


class CardForm(forms.Form):
    """For whom or where, and for how long."""

    words = {
        "card_label_required": _("Write for whom the card is, or where it hangs."),
        "card_too_many": _("There are %(most)s cards already. First take one back."),
    }
    label = forms.CharField(
        label=_("For whom, or where?"),
        help_text=_("For example: grandma, or on the wheelchair. It stands in the list of who looked."),
        max_length=80,
        error_messages={"required": words["card_label_required"]},
    )
    lasting = forms.ChoiceField(label=_("For how long?"), widget=forms.RadioSelect, initial=Lasting.SEASON)

    def __init__(self, *args: Any, audience: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = (get_language() or "nl")[:2]
        choices = [(str(one), text(f"web.card.lasting_{one}", audience, language)) for one in Lasting]
        self.fields["lasting"].choices = choices  # type: ignore[attr-defined]

    def new(self) -> NewCard:
        """What was typed."""
        return NewCard(self.cleaned_data["label"], Lasting(self.cleaned_data["lasting"]))
