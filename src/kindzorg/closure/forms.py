"""What is typed in phase 4, as values."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kindzorg.closure.rules import Answer, Disposition

WORDS = {
    "no_such_answer": _("Choose one of the answers."),
    "receiver_not_named": _("Fill in who takes this over."),
    "need_not_found": _("This need is no longer in the scan."),
    "reason_needed": _("Write the reason, so that the others understand."),
    "contact_needed": _("Fill in whom the family may call afterwards."),
    "closing_not_ready": _("The care cannot be closed yet. See below what is still missing."),
    "ending_not_chosen": _("First choose how the care ends."),
    "need_not_settled": _("Nothing was arranged for this yet."),
    "receiver_asked": _("Waiting for an answer of whoever takes this over."),
    "receiver_declined": _("Whoever was asked declined. Ask somebody else."),
    "family_not_told": _("Record that the family knows what it means to decline."),
    "reason_does_not_fit": _("This reason does not fit how the care ends."),
}


class OptionForm(forms.Form):
    """One question of the tree."""

    option = forms.ChoiceField(
        widget=forms.RadioSelect, error_messages={"required": _("Choose one of the answers.")}
    )

    def __init__(self, *args: Any, label: str = "", choices: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["option"].label = label
        self.fields["option"].choices = choices  # type: ignore[attr-defined]


class NeedForm(forms.Form):
    """What becomes of one need."""

    disposition = forms.ChoiceField(
        label=_("What happens with this?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what happens with this.")},
    )
    organisation = forms.ChoiceField(label=_("Which organisation of the team takes over?"), required=False)
    receiver = forms.CharField(
        label=_("Who takes over?"),
        help_text=_("Name and organisation. Leave empty when you chose an organisation above."),
        required=False,
        max_length=200,
    )
    told = forms.BooleanField(label=_("The family knows what it means to decline this help"), required=False)
    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}), required=False)

    def __init__(self, *args: Any, choices: Any = (), organisations: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["disposition"].choices = choices  # type: ignore[attr-defined]
        self.fields["organisation"].choices = [("", _("Somebody else")), *organisations]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("disposition") == Disposition.RECEIVER:
            other = "organisation" in self.changed_data and "receiver" not in self.changed_data
            if values.get("organisation") and (other or not values.get("receiver")):  # not the name of before
                names = dict(self.fields["organisation"].choices)  # type: ignore[attr-defined]
                values["receiver"] = str(names[values["organisation"]])
            if not values.get("receiver"):
                self.add_error("receiver", WORDS["receiver_not_named"])
        if values.get("disposition") == Disposition.FAMILY_DECLINES and not values.get("told"):
            self.add_error("told", WORDS["family_not_told"])
        return values


class AnswerForm(forms.Form):
    """What a receiver says."""

    answer = forms.ChoiceField(
        label=_("Do you take this over?"),
        choices=[(Answer.ACCEPTED, _("Yes, we take this over")), (Answer.DECLINED, _("No, we cannot"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no.")},
    )
    reason = forms.CharField(
        label=_("Why not, or what do you still need?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )


class ChapterForm(forms.Form):
    """Words in a chapter of the transition plan."""

    words = forms.CharField(
        label=_("What do you want to write down?"),
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write something, or go back.")},
    )


class CloseForm(forms.Form):
    """The last words."""

    contact = forms.CharField(
        label=_("Whom may the family call afterwards?"),
        max_length=200,
        error_messages={"required": WORDS["contact_needed"]},
    )
    note = forms.CharField(
        label=_("What do you want to give along?"), widget=forms.Textarea(attrs={"rows": 4}), required=False
    )


class ReasonForm(forms.Form):
    """Why the care goes on."""

    reason = forms.CharField(
        label=_("Why does the care go on?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": WORDS["reason_needed"]},
    )
