"""How what comes in compares with what the file holds.

Nothing is overwritten: a difference is for a person to settle.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import Any, cast, get_args, get_origin, get_type_hints

from kindzorg.core.errors import Invalid
from kindzorg.core.vocabulary import Truth
from kindzorg.record.items import (
    AllergyItem,
    ConditionItem,
    DeviceItem,
    DirectiveItem,
    EncounterItem,
    GoalItem,
    Identity,
    InterventionItem,
    Item,
    ItemKind,
    MeasurementItem,
    OrganisationItem,
    ProfessionalItem,
    RelatedPersonItem,
    TeamItem,
)
from kindzorg.record.values import Code, Concept, Link, PartialDate

ITEM_TYPES: Mapping[ItemKind, type[Item]] = {
    item.kind: item
    for item in (
        Identity,
        RelatedPersonItem,
        ProfessionalItem,
        OrganisationItem,
        TeamItem,
        ConditionItem,
        AllergyItem,
        DeviceItem,
        GoalItem,
        EncounterItem,
        DirectiveItem,
        InterventionItem,
        MeasurementItem,
    )
}

FHIR_TYPES: Mapping[ItemKind, tuple[str, ...]] = {
    ItemKind.CHILD: ("Patient",),
    ItemKind.RELATIVE: ("RelatedPerson",),
    ItemKind.PROFESSIONAL: ("Practitioner", "PractitionerRole"),
    ItemKind.ORGANISATION: ("Organization",),
    ItemKind.CARE_TEAM: ("CareTeam",),
    ItemKind.CONDITION: ("Condition",),
    ItemKind.ALLERGY: ("AllergyIntolerance",),
    ItemKind.DEVICE: ("Device", "DeviceUseStatement"),
    ItemKind.GOAL: ("Goal",),
    ItemKind.ENCOUNTER: ("Encounter",),
    ItemKind.DIRECTIVE: ("Consent",),
    ItemKind.INTERVENTION: ("CarePlan",),
    ItemKind.MEASUREMENT: ("Observation",),
}
"""The wire names of each kind, as in the glossary."""

BOOKKEEPING = frozenset({"source_key", "source", "recorded_on"})
"""Fields that tell about the sending, not about the child: they never make a difference by themselves."""


class Verdict(StrEnum):
    NEW = "new"
    SAME = "same"
    DIFFERS = "differs"


@dataclass(frozen=True)
class FieldDifference:
    """One field in which the file and the sender say different things. Values are those of the items."""

    field: str
    current: object
    incoming: object


def valid_bsn(text: str) -> bool:
    """The eleven-test (elfproef) for a citizen service number: nine digits whose weighted sum divides by 11.

    Only zeros passes the sum but is nobody's number.
    """
    if not re.fullmatch(r"[0-9]{9}", text) or not int(text):
        return False
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(int(digit) * weight for digit, weight in zip(text, weights, strict=True)) % 11 == 0


def day_of(text: PartialDate) -> date | None:
    """The day of a date that is known to the day; None where only a month or year is known, or nothing."""
    try:
        return date.fromisoformat(text[:10]) if len(text) >= 10 else None
    except ValueError:
        return None


def same_child(one: Identity, other: Identity) -> Truth:
    """Whether two identities are one child. The BSN decides where both have one; else only a "no" is certain.

    Equal birth date and family name proves nothing: twins have both.
    """
    if one.bsn and other.bsn:
        return Truth.YES if one.bsn == other.bsn else Truth.NO
    born, other_born = day_of(one.birth_date), day_of(other.birth_date)
    if born and other_born and born != other_born:
        return Truth.NO
    return Truth.UNKNOWN


def difference(current: Item, incoming: Item) -> tuple[FieldDifference, ...]:
    """The fields in which the incoming item says something else than the file.

    What the sender leaves out is no difference: silence does not contradict what people know. Order, spacing
    and the official wording of a code do not count. Raises Invalid("different_kinds").
    """
    if current.kind != incoming.kind:
        raise Invalid("different_kinds", current=current.kind, incoming=incoming.kind)
    found = []
    for name in (field.name for field in fields(incoming) if field.name not in BOOKKEEPING):
        held, sent = getattr(current, name), getattr(incoming, name)
        if not _silent(sent) and _plain(held) != _plain(sent):
            found.append(FieldDifference(name, held, sent))
    return tuple(found)


def verdict(current: Item | None, incoming: Item) -> Verdict:
    """What an incoming item is to the file. Withdrawn by its sender and never held: no news."""
    if current is None:
        return Verdict.SAME if incoming.withdrawn else Verdict.NEW
    return Verdict.DIFFERS if difference(current, incoming) else Verdict.SAME


def title(item: Item) -> str:
    """A short name for an item in a list or report: what it is about, in the sender's words; "" where unnamed."""
    name = getattr(item, "name", "")
    shown = name if isinstance(name, str) else name.text
    if isinstance(item, ProfessionalItem):
        return shown or _text_of((*item.roles, *item.specialties)) or item.organisation.text
    if isinstance(item, RelatedPersonItem):
        return shown or _text_of(item.relationships)
    if isinstance(item, DirectiveItem):
        return _text_of(item.what) or item.specification
    if isinstance(item, InterventionItem):
        return item.title or _text_of(tuple(each.what for each in item.activities)) or item.description
    if isinstance(item, EncounterItem):
        return _text_of((*item.types, item.setting, *item.reasons))
    if isinstance(item, DeviceItem):
        return item.what.text or item.device.text or next((each.text for each in item.reasons), "")
    what = getattr(item, "what", None)
    return what.text if isinstance(what, Concept) else shown


def _text_of(concepts: tuple[Concept, ...]) -> str:
    return next((each.text for each in concepts if each.text), "")


def item_data(item: Item) -> dict[str, Any]:
    """An item as plain JSON data, without its empty fields. `item_from` is the way back."""
    full = asdict(item)
    empty = {field.name: field.default for field in fields(item)}
    return {name: value for name, value in full.items() if getattr(item, name) != empty[name]}


def item_from(kind: ItemKind | str, data: Mapping[str, Any]) -> Item:
    """The item that `item_data` wrote. Raises Invalid("not_an_item") when the data is of another shape."""
    try:
        built = _built(ITEM_TYPES[ItemKind(kind)], data)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Invalid("not_an_item", kind=str(kind)) from error
    return cast(Item, built)


def _built(shape: Any, data: Any) -> Any:
    if get_origin(shape) is tuple:
        return tuple(_built(get_args(shape)[0], each) for each in data)
    if is_dataclass(shape):
        shapes = get_type_hints(shape)
        return shape(**{name: _built(shapes[name], value) for name, value in data.items()})  # type: ignore[operator]
    if issubclass(shape, StrEnum):
        return shape(data)
    if not isinstance(data, shape):
        raise TypeError(data)
    return data


def _silent(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    if is_dataclass(value):
        return all(_silent(getattr(value, field.name)) for field in fields(value))
    return value in ("", (), None, Truth.UNKNOWN)


def _plain(value: Any) -> Any:
    """A form in which two values that mean the same are equal."""
    if isinstance(value, str):
        return " ".join(unicodedata.normalize("NFC", value).split())
    if isinstance(value, tuple):
        return frozenset(_plain(each) for each in value)
    if isinstance(value, Code):
        return (value.system, value.code or value.display)
    if isinstance(value, Link) and value.key:
        return value.key
    if is_dataclass(value):
        return tuple(_plain(getattr(value, field.name)) for field in fields(value))
    return value
