"""What people write into a child's file, as values."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kindzorg.access.roles import Role
from kindzorg.record.items import (
    AllergyItem,
    ConditionItem,
    Decision,
    DeviceItem,
    DirectiveItem,
    Item,
    ItemKind,
    MedicationItem,
)
from kindzorg.record.values import Concept, Reaction, Span
from kindzorg.ui.fields import DateInput

WORDS = {
    "item_not_named": _("Write down what it is."),
    "item_changed": _("Somebody changed this a moment ago. Look at it again before you choose."),
    "difference_settled": _("Somebody chose already: %(theirs)s."),
    "handover_other_child": _("This file is about another child than the one you chose."),
}
CRITICALITY = (
    ("", _("Not known")),
    ("low", _("Unpleasant, not dangerous")),
    ("high", _("Can be severe or dangerous")),
)
DECISIONS = (
    (Decision.PERMITTED, _("Yes, may be done")),
    (Decision.REFUSED, _("No, may not be done")),
    (Decision.CONDITIONAL, _("Only on a condition, see the explanation")),
)
ROLES = (
    (Role.PAEDIATRICIAN, _("paediatrician")),
    (Role.GP, _("general practitioner")),
    (Role.PAEDIATRIC_NURSE, _("paediatric nurse")),
    (Role.CARE_COACH, _("care coach")),
    (Role.THERAPIST, _("therapist")),
    (Role.SCHOOL, _("school")),
    (Role.MUNICIPALITY, _("municipality")),
    (Role.YOUTH_CARE, _("youth care")),
)


class EntryForm(forms.Form):
    """What all things in the file share."""

    kind: ItemKind
    # Whether somebody of the family writes.
    family = False
    what = forms.CharField(
        label=_("What is it?"), max_length=200, error_messages={"required": WORDS["item_not_named"]}
    )
    since = forms.DateField(label=_("Since when?"), widget=DateInput, required=False)
    note = forms.CharField(label=_("Explanation"), widget=forms.Textarea(attrs={"rows": 3}), required=False)

    def _since(self) -> str:
        day = self.cleaned_data.get("since")
        return day.isoformat() if day else ""

    def _shared(self) -> dict[str, Any]:
        return {"source_key": "", "note": self.cleaned_data["note"].strip()}

    def item(self) -> Item:
        """What was typed, as an item of the file."""
        raise NotImplementedError


class ConditionForm(EntryForm):
    """A condition or problem."""

    kind = ItemKind.CONDITION

    def item(self) -> Item:
        what = Concept(self.cleaned_data["what"].strip())
        return ConditionItem(**self._shared(), what=what, status="active", period=Span(self._since()))


class AllergyForm(EntryForm):
    """An allergy or intolerance."""

    kind = ItemKind.ALLERGY
    what = forms.CharField(
        label=_("What can the child not stand?"),
        max_length=200,
        error_messages={"required": WORDS["item_not_named"]},
    )
    criticality = forms.ChoiceField(
        label=_("How severe can it become?"), choices=CRITICALITY, widget=forms.RadioSelect, required=False
    )
    reaction = forms.CharField(label=_("What do you see then?"), max_length=300, required=False)

    field_order = ("what", "reaction", "criticality", "since", "note")

    def item(self) -> Item:
        said = self.cleaned_data["reaction"].strip()
        return AllergyItem(
            **self._shared(),
            what=Concept(self.cleaned_data["what"].strip()),
            status="active",
            criticality=self.cleaned_data["criticality"],
            since=self._since(),
            reactions=(Reaction(description=said),) if said else (),
        )


class DeviceForm(EntryForm):
    """An aid or device."""

    kind = ItemKind.DEVICE

    def item(self) -> Item:
        what = Concept(self.cleaned_data["what"].strip())
        return DeviceItem(**self._shared(), what=what, status="active", used=Span(self._since()))


class DirectiveForm(EntryForm):
    """A directive on treatment."""

    kind = ItemKind.DIRECTIVE
    what = forms.CharField(
        label=_("About which treatment is it?"),
        max_length=200,
        error_messages={"required": WORDS["item_not_named"]},
    )
    since = forms.DateField(label=_("When was it decided?"), widget=DateInput, required=False)
    decision = forms.ChoiceField(
        label=_("What was decided?"),
        choices=DECISIONS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what was decided.")},
    )
    specification = forms.CharField(
        label=_("What exactly, and with whom was it discussed?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )

    field_order = ("what", "decision", "specification", "since", "note")

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("decision") == Decision.CONDITIONAL and not values.get("specification", "").strip():
            self.add_error("specification", _("Write the condition down."))
        return values

    def item(self) -> Item:
        return DirectiveItem(
            **self._shared(),
            what=(Concept(self.cleaned_data["what"].strip()),),
            status="active",
            decision=Decision(self.cleaned_data["decision"]),
            specification=self.cleaned_data["specification"].strip(),
            decided_on=self._since(),
        )


class MedicationForm(EntryForm):
    """A medicine that is given: in words, as it stands on the label or in the letter."""

    kind = ItemKind.MEDICATION
    what = forms.CharField(
        label=_("Which medicine?"),
        help_text=_("As it stands on the label."),
        max_length=200,
        error_messages={"required": WORDS["item_not_named"]},
    )
    dosage = forms.CharField(
        label=_("How much, and when?"),
        help_text=_("In your own words. Kindzorg calculates nothing and checks no dose."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        required=False,
    )

    field_order = ("what", "dosage", "since", "note")

    def item(self) -> Item:
        said = self.cleaned_data["dosage"].splitlines()
        return MedicationItem(
            **self._shared(),
            what=Concept(self.cleaned_data["what"].strip()),
            status="active",
            used=Span(self._since()),
            dosage=tuple(line.strip() for line in said if line.strip()),
            at_home=self.family,
        )


FORMS: dict[str, type[EntryForm]] = {
    str(form.kind): form for form in (ConditionForm, AllergyForm, DeviceForm, DirectiveForm, MedicationForm)
}


class JoinForm(forms.Form):
    """In which role somebody whom the handover names joins the team."""

    professional = forms.ChoiceField(
        label=_("Who is it?"), widget=forms.RadioSelect, error_messages={"required": _("Choose who it is.")}
    )
    role = forms.ChoiceField(
        label=_("In which role?"),
        help_text=_("The role decides what this person may see."),
        choices=ROLES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a role.")},
    )

    def __init__(self, *args: Any, people: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(one.id), f"{one.name} · {one.organisation}") for one in people]
        self.fields["professional"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.fields["professional"].initial = choices[0][0]
