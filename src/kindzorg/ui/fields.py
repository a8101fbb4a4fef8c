"""Widgets and choices that a form of any room may use; plain Django fields work without them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True)
class Option:
    """The label of a choice with a hint and an icon or a pictogram.

    `choices=[("zin", Option(_("Care in kind"), hint=...))]`.
    """

    label: Words
    hint: Words = ""
    icon: str = ""
    pictogram: str = ""

    def __str__(self) -> str:
        return str(self.label)


class DateInput(forms.DateInput):
    """The date control of the browser, which speaks the reader's language; the value travels as ISO 8601."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """The time control of the browser, to the minute."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class DateTimeInput(forms.DateTimeInput):
    """The date and time control of the browser, to the minute, in local time."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class MomentInput(forms.SplitDateTimeWidget):
    """Date and time as two controls, each with a name of its own; for a SplitDateTimeField."""

    template_name = "ui/widgets/multi.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        parts = (DateInput({"aria-label": _("Date")}), TimeInput({"aria-label": _("Time")}))
        forms.MultiWidget.__init__(self, parts, attrs)


class OptionsRow(forms.RadioSelect):
    """Radio cards beside one another where there is room: for short answers such as yes, no, not known."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["row"] = True
        return context


class Faces(forms.RadioSelect):
    """Five faces from very sad to very happy. The choices give the values and the words, in that order."""

    template_name = "ui/widgets/faces.html"


FACE_WORDS: tuple[tuple[str, Words], ...] = (
    ("1", _("really bad")),
    ("2", _("not nice")),
    ("3", _("okay")),
    ("4", _("nice")),
    ("5", _("super")),
)


def faces_field(
    label: Words, choices: Iterable[tuple[str, Words]] = FACE_WORDS, **values: Any
) -> forms.ChoiceField:
    """A question answered with a face; not required unless said so, as a child may always skip."""
    values.setdefault("required", False)
    values["label"] = label
    return forms.ChoiceField(choices=list(choices), widget=Faces, **values)


def whole_number(written: str) -> int | None:
    """A number as it travels in an address or a hidden field; None for anything else, also for what no row can have."""
    return int(written) if re.fullmatch("[0-9]{1,18}", written) else None
