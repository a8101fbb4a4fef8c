"""The example form of the gallery: every kind of field that this room can show."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kindzorg.ui.fields import DateInput, MomentInput, Option, OptionsRow, faces_field

PLACES = [("home", _("At home")), ("school", _("At school"))]
WISHES = [
    ("organisation", Option(_("An organisation"), _("They plan the nurses."), "building-2")),
    ("self", Option(_("We do"), _("You hire people yourselves, with a budget."), "house")),
    ("unknown", _("I do not know yet")),
]
KNOWN = [("yes", _("Yes")), ("no", _("No")), ("unknown", _("I do not know"))]
READERS = [("parents", _("Mum and dad")), ("nurse", _("Marit, my nurse")), ("teacher", _("Miss Els"))]


class ExampleForm(forms.Form):
    """Shown empty and with errors. Each error names its field."""

    name = forms.CharField(
        label=_("What do we call your child?"),
        help_text=_("The name used at home."),
        error_messages={"required": _("Fill in what we call your child.")},
    )
    born = forms.DateField(
        label=_("Date of birth"),
        widget=DateInput,
        error_messages={"required": _("Fill in the date of birth.")},
    )
    story = forms.CharField(
        label=_("How is the night going?"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    place = forms.ChoiceField(
        label=_("Where is care given?"),
        choices=PLACES,
        error_messages={"required": _("Choose where care is given.")},
    )
    wish = forms.ChoiceField(label=_("Who arranges the care?"), widget=forms.RadioSelect, choices=WISHES)
    known = forms.ChoiceField(
        label=_("Does your child need care at night?"),
        widget=OptionsRow,
        choices=KNOWN,
        error_messages={"required": _("Choose whether your child needs care at night.")},
    )
    readers = forms.MultipleChoiceField(
        label=_("Who may see this?"), widget=forms.CheckboxSelectMultiple, required=False, choices=READERS
    )
    feeling = faces_field(_("How do you like school?"))
    moment = forms.SplitDateTimeField(label=_("When did it happen?"), widget=MomentInput, required=False)
    photo = forms.FileField(label=_("A photo"), required=False)
    agree = forms.BooleanField(
        label=_("This is right"),
        help_text=_("You can change it later."),
        error_messages={"required": _("Say whether this is right.")},
    )

    def clean(self) -> dict[str, Any]:
        if not self.cleaned_data.get("name"):
            raise ValidationError(_("Nothing was sent yet: two answers are missing."))
        return self.cleaned_data
