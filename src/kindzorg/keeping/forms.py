"""What is typed on these pages, as values."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

WORDS = {
    "same_file": _("This is one and the same file."),
    "already_merged": _("One of these files was merged by somebody else. Look again."),
    "different_numbers": _("The files have different citizen service numbers: these are two children."),
    "other_way_round": _("An earlier file was merged into the other one. Let that one go on."),
    "both_hold_others": _("Earlier files were merged into both. Undo one of those merges first."),
    "child_spoke": _(
        "The child wrote down a wish in the other file, or was assessed there. Let that file go on."
    ),
    "not_merged": _("This merge was undone already."),
    "term_over": _("The term in which this could be undone is over."),
    "reason_needed": _("Write the reason, so that the others understand."),
}


class OtherForm(forms.Form):
    """Which other child may be the same one."""

    other = forms.ChoiceField(label=_("The other file"), error_messages={"required": _("Choose a file.")})

    def __init__(self, *args: Any, choices: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].choices = [("", "–"), *choices]  # type: ignore[attr-defined]


class GoesOnForm(forms.Form):
    """Which of two files goes on."""

    goes_on = forms.ChoiceField(
        label=_("Which file goes on?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose which file goes on.")},
    )

    def __init__(self, *args: Any, choices: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["goes_on"].choices = choices  # type: ignore[attr-defined]


class MergeForm(forms.Form):
    """Why it is one child, and who comes along."""

    why = forms.ChoiceField(
        label=_("How do you know that this is one child?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how you know that this is one child.")},
    )
    along = forms.MultipleChoiceField(
        label=_("Who comes along?"),
        help_text=_(
            "They join the team of the file that goes on, and can see it. Who stays behind sees neither file."
        ),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}), required=False)

    def __init__(self, *args: Any, reasons: Any = (), people: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].choices = reasons  # type: ignore[attr-defined]
        self.fields["along"].choices = people  # type: ignore[attr-defined]
        if not people:
            del self.fields["along"]


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=_("Why?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": WORDS["reason_needed"]},
    )
