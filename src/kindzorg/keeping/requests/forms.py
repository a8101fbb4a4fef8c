"""What is asked and decided, as values. What a field is called differs per reader, and stands in content."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kindzorg.keeping.pages import say
from kindzorg.keeping.requests.rules import LONGEST, REASONS, Asked, Decision, RefusalReason, can_be_granted

WORDS = {
    "words_needed": _("Write it down in a few words."),
    "words_too_long": _("This is too long. Make it shorter than %(longest)s characters."),
    "not_yours_to_ask": _("By law somebody else asks this. Below you read who."),
    "asked_already": _("This was asked already. You find it under your requests."),
    "decided_already": _("%(by)s decided on this meanwhile."),
    "too_late_to_delay": _("This can only be said within the first month, and once."),
    "cannot_be_destroyed": _("This cannot be destroyed here. Below you read why."),
    "not_theirs_any_more": _(
        "By law who asked this may not ask it any more: the child is older now. Say no, and who may ask it."
    ),
    "others_not_heard": _("First ask the others who hold authority."),
    "reason_needed": _("Choose why not."),
}
GRANT, REFUSE = "grant", "refuse"


class AskForm(forms.Form):
    """What is asked, in own words."""

    asked = forms.ChoiceField(
        widget=forms.RadioSelect, error_messages={"required": _("Choose what you ask.")}
    )
    words = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=LONGEST,
        error_messages={"required": WORDS["words_needed"]},
    )

    def __init__(self, data: Any, audience: str, choices: Sequence[Asked]) -> None:
        super().__init__(data, initial={"asked": choices[0]} if len(choices) == 1 else None)
        self.fields["asked"].label = say("requests.asked", audience)
        found = [(str(one), say(f"requests.asked_{one}", audience)) for one in choices]
        self.fields["asked"].choices = found  # type: ignore[attr-defined]
        self.fields["words"].label = say("requests.words", audience)
        self.fields["words"].help_text = say("requests.words_help", audience)


class DelayForm(forms.Form):
    """Why it takes longer."""

    words = forms.CharField(
        label=_("Why does it take longer?"),
        help_text=_("The family reads it as you write it. Plain words, short sentences."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST,
        error_messages={"required": WORDS["words_needed"]},
    )


class DecideForm(forms.Form):
    """Yes or no, and why not."""

    granted = forms.ChoiceField(
        label=_("What do you decide?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you decide.")},
    )
    all_agree = forms.BooleanField(required=False)
    reason = forms.ChoiceField(label=_("Why not? (only for a no)"), widget=forms.RadioSelect, required=False)
    words = forms.CharField(
        label=_("Your answer to the family"),
        help_text=_("The family reads it as you write it. Plain words, short sentences."),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=LONGEST,
        required=False,
    )

    def __init__(self, data: Any, request: Any, others: Sequence[str]) -> None:
        super().__init__(data)
        yes = [(GRANT, say(f"requests.grant_{request.asked}", "professional"))]
        choices = [*(yes if can_be_granted(request.asked, request.about) else []), (REFUSE, _("No"))]
        self.fields["granted"].choices = choices  # type: ignore[attr-defined]
        reasons = [
            (str(one), say(f"requests.reason_{one}", "professional")) for one in REASONS[request.asked]
        ]
        self.fields["reason"].choices = reasons  # type: ignore[attr-defined]
        label = _("I asked %(names)s too: they agree.") % {"names": ", ".join(others)}
        self.fields["all_agree"].label = label
        if not others or request.asked == Asked.CORRECT:
            del self.fields["all_agree"]

    def decision(self) -> Decision:
        """What was decided, of a form that is valid."""
        given = self.cleaned_data
        reason = RefusalReason(given["reason"]) if given["reason"] else None
        return Decision(given["granted"] == GRANT, given["words"], reason, bool(given.get("all_agree")))
