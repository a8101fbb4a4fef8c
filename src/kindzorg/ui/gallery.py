"""Invented examples for the gallery. The people in it do not exist. Dutch or English as the page is read."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kindzorg.ui import fields, marks, pictures

TODAY = date(2026, 11, 26)
MORNING = datetime(2026, 11, 26, 9, 30)

DOMAINS = ("medical", "development", "social", "safety")
TONES = ("neutral", "brand", "alarm", "warning", "success", "info", *DOMAINS)
COLOURS = (
    "paper", "surface", "sunken", "ink", "muted", "line", "edge", "empty",
    *(f"{tone}{kind}" for tone in TONES[1:] for kind in ("", "-tint")),
)  # fmt: skip
ICONS = (
    "arrow-left", "calendar-days", "check", "clock", "file-text", "heart", "house", "message-circle", "moon",
    "phone", "printer", "search", "shield-check", "sprout", "triangle-alert", "users", "volume-2",
)  # fmt: skip


class ExampleForm(forms.Form):
    """Every kind of field that the fields of this room can show."""

    name = forms.CharField(label=gettext_lazy("What do we call your child?"), help_text=gettext_lazy("The name used at home."))
    born = forms.DateField(label=gettext_lazy("Date of birth"), widget=fields.DateInput)
    story = forms.CharField(label=gettext_lazy("How is the night going?"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    place = forms.ChoiceField(
        label=gettext_lazy("Where is care given?"),
        choices=[("home", gettext_lazy("At home")), ("school", gettext_lazy("At school"))],
    )
    wish = forms.ChoiceField(
        label=gettext_lazy("Who arranges the care?"),
        widget=forms.RadioSelect,
        choices=[
            ("organisation", fields.Option(gettext_lazy("An organisation"), gettext_lazy("They plan the nurses."), "building-2")),
            ("self", fields.Option(gettext_lazy("We do"), gettext_lazy("You hire people yourselves, with a budget."), "house")),
            ("unknown", gettext_lazy("I do not know yet")),
        ],
    )
    known = forms.ChoiceField(
        label=gettext_lazy("Does your child need care at night?"),
        widget=fields.OptionsRow,
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No")), ("unknown", gettext_lazy("I do not know"))],
    )
    readers = forms.MultipleChoiceField(
        label=gettext_lazy("Who may see this?"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[("parents", gettext_lazy("Mum and dad")), ("nurse", gettext_lazy("Marit, my nurse")), ("teacher", gettext_lazy("Miss Els"))],
    )
    feeling = fields.faces_field(gettext_lazy("How do you like school?"))
    moment = forms.SplitDateTimeField(label=gettext_lazy("When did it happen?"), required=False)
    photo = forms.FileField(label=gettext_lazy("A photo"), required=False)
    agree = forms.BooleanField(label=gettext_lazy("This is right"), help_text=gettext_lazy("You can change it later."))


def forms_shown() -> dict[str, Any]:
    """The form when it is empty, and when it was sent with mistakes: the error names the field."""
    wrong = ExampleForm({"name": "", "wish": "unknown", "feeling": "3", "readers": ["parents"]}, prefix="wrong")
    wrong.add_error("name", _("Fill in what we call your child"))
    return {"empty_form": ExampleForm(initial={"wish": "self", "readers": ["parents", "nurse"]}), "wrong_form": wrong}


def context(theme: str) -> dict[str, Any]:
    """Everything that the templates of the gallery show."""
    return {
        "theme": theme if theme in {"light", "dark"} else "",
        "form_errors": False,
        "today": TODAY,
        "domains": DOMAINS,
        "tones": TONES,
        "colours": COLOURS,
        "icons": ICONS,
        "animals": pictures.ANIMALS,
        "faces": pictures.FACES,
        "statuses": list(marks.STATUSES),
        "face_choices": fields.FACE_WORDS,
        "moments": [MORNING + timedelta(days=days, hours=4) for days in (-1, 0, 1, 5, 90)],
        **forms_shown(),
    }
