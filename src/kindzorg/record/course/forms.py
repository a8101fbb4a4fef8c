"""What is typed of a measurement, or of a range of the child's own."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kindzorg.record.course.rules import AHEAD, UCUM, UNITS, YEARS, Measure, decimal_of
from kindzorg.record.forms import WORDS, EntryForm
from kindzorg.record.items import Item, ItemKind, MeasurementItem, RangeItem
from kindzorg.record.values import Concept, Quantity, Span, Value
from kindzorg.ui.fields import DateTimeInput

MEASURES = {
    Measure.WEIGHT: _("Weight (kg)"),
    Measure.TEMPERATURE: _("Temperature (°C)"),
    Measure.SATURATION: _("Oxygen saturation (%)"),
    Measure.HEART_RATE: _("Heart rate (per minute)"),
    Measure.FEEDING: _("Feeding (ml)"),
    Measure.OWN: _("Something else"),
}


class AmountForm(EntryForm):
    """What a measurement and its range share: of what, and in which unit."""

    what = forms.CharField(
        label=_("What else was measured?"),
        max_length=80,
        required=False,
        help_text=_("Only where you chose something else."),
    )
    measure = forms.ChoiceField(
        label=_("What is it about?"),
        choices=[(str(one), words) for one, words in MEASURES.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it is about.")},
    )
    unit = forms.CharField(
        label=_("In which unit?"),
        max_length=20,
        required=False,
        help_text=_("Only where you chose something else."),
    )
    since: Any = None
    number_fields: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("measure") == Measure.OWN and not values.get("what", "").strip():
            self.add_error("what", WORDS["item_not_named"])
        for name in self.number_fields:
            said = values.get(name, "").strip()
            if said and decimal_of(said) is None:
                self.add_error(name, _("Write a number, for example 12,5."))
        return values

    def about(self) -> dict[str, Any]:
        """Of what it is, as items of both kinds say it."""
        measure = Measure(self.cleaned_data["measure"])
        own = measure is Measure.OWN
        what = self.cleaned_data["what"].strip() if own else str(MEASURES[measure])
        return {"what": Concept(what), "profile": "" if own else str(measure)}

    def in_unit(self) -> tuple[str, str]:
        """The unit in words, and its code."""
        measure = Measure(self.cleaned_data["measure"])
        return (self.cleaned_data["unit"].strip(), "") if measure is Measure.OWN else UNITS[measure]

    def number(self, name: str) -> str:
        """A number as an item keeps it."""
        found = decimal_of(self.cleaned_data[name])
        return "" if found is None else str(found)


class MeasurementForm(AmountForm):
    """What somebody measured."""

    kind = ItemKind.MEASUREMENT
    value = forms.CharField(
        label=_("How much?"), max_length=20, error_messages={"required": _("Write down how much it was.")}
    )
    at = forms.DateTimeField(label=_("When was it measured?"), widget=DateTimeInput)

    field_order = ("measure", "what", "unit", "value", "at", "note")
    number_fields = ("value",)

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"at": now}, **kwargs})
        self.now = now

    def clean_at(self) -> datetime:
        at: datetime = self.cleaned_data["at"]
        if at.year not in YEARS:
            raise forms.ValidationError(_("Look at the year: this cannot be right."))
        if at > self.now + AHEAD:
            raise forms.ValidationError(_("This moment still has to come."))
        return at

    def item(self) -> Item:
        unit, code = self.in_unit()
        amount = Quantity(self.number("value"), unit, UCUM if code else "", code)
        return MeasurementItem(
            **self._shared(),
            **self.about(),
            status="final",
            measured=Span(self.cleaned_data["at"].isoformat()),
            value=Value(f"{amount.value} {unit}".strip(), quantity=amount),
        )


class RangeForm(AmountForm):
    """Between which amounts is usual for this child."""

    kind = ItemKind.RANGE
    low = forms.CharField(label=_("From"), max_length=20, required=False)
    high = forms.CharField(label=_("Up to"), max_length=20, required=False)

    field_order = ("measure", "what", "unit", "low", "high", "note")
    number_fields = ("low", "high")

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        low, high = (decimal_of(values.get(name, "")) for name in ("low", "high"))
        if low is None and high is None and not self.errors:
            self.add_error("low", _("Write down from how much, up to how much, or both."))
        if low is not None and high is not None and low > high:
            self.add_error("high", _("This is less than the first number."))
        return values

    def item(self) -> Item:
        unit, _code = self.in_unit()
        low, high = self.number("low"), self.number("high")
        return RangeItem(**self._shared(), **self.about(), low=low, high=high, unit=unit, status="active")
