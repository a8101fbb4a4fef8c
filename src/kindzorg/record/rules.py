"""How what comes in compares with what the file holds.

Nothing is overwritten: a difference is for a person to settle.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import Any, cast, get_args, get_origin, get_type_hints

from kindzorg.core.errors import Invalid
from kindzorg.core.vocabulary import Truth
from kindzorg.people.rules import Relation
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
    MedicationItem,
    OrganisationItem,
    ProfessionalItem,
    RangeItem,
    RelatedPersonItem,
    TeamItem,
)
from kindzorg.record.values import NO_NAME, Code, Concept, Link, PartialDate

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
        RangeItem,
        MedicationItem,
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
    ItemKind.RANGE: (),
    ItemKind.MEDICATION: ("MedicationRequest", "MedicationStatement"),
}
"""The wire names of each kind, as in the glossary."""

BOOKKEEPING = frozenset({"source_key", "source", "recorded_on"})
"""Fields that tell about the sending, not about the child: they never make a difference by themselves."""


ALIKE: Mapping[ItemKind, tuple[str, ...]] = {
    ItemKind.CONDITION: ("status", "certainty", "severity"),
    ItemKind.ALLERGY: ("status", "certainty", "criticality", "reactions"),
    ItemKind.DIRECTIVE: ("status", "decision", "specification"),
}
"""What two senders can tell of one and the same thing, and in what they may contradict each other."""

RELATIONS: tuple[tuple[Relation, tuple[str, ...], tuple[str, ...]], ...] = (
    (Relation.STEP_PARENT, ("STPPRN", "STPMTH", "STPFTH"), ("stief",)),
    (Relation.FOSTER_PARENT, ("PRNFOST", "MTHFOST", "FTHFOST"), ("pleeg",)),
    (Relation.GUARDIAN, ("GUARD", "GUADLTM"), ("voogd",)),
    (
        Relation.GRANDPARENT,
        ("GRPRN", "GRMTH", "GRFTH", "MGRMTH", "MGRFTH", "PGRMTH", "PGRFTH"),
        ("oma", "opa", "groot"),
    ),
    (Relation.SIBLING, ("SIB", "BRO", "SIS", "HSIB", "NSIB", "NBRO", "NSIS"), ("broer", "zus")),
    (Relation.MOTHER, ("MTH", "NMTH", "ADOPTM"), ("moeder",)),
    (Relation.FATHER, ("FTH", "NFTH", "ADOPTF"), ("vader",)),
)
"""A relation, the HL7 codes (v3-RoleCode) that say it, and the Dutch words; the more specific word first."""


class Outcome(StrEnum):
    """What became of a resource that came in."""

    TAKEN = "taken"
    KEPT_UNREAD = "kept_unread"
    REJECTED = "rejected"


@dataclass(frozen=True, kw_only=True)
class HandedOver:
    """One resource of a handover: as it came, what became of it and why, and what it says of the child."""

    position: int
    fhir_type: str
    fhir_id: str
    source_key: str
    title: str
    raw: Any
    outcome: Outcome
    reason: str = ""
    field: str = ""
    faults: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Handover:
    """A file that was read: its bytes, how it is called, who sent it, and all that stands in it."""

    raw: bytes
    name: str
    form: str
    sender: str
    child: Identity | None
    bsn_not_valid: bool
    resources: tuple[HandedOver, ...]


class UploadState(StrEnum):
    """Where a large file is on its way into the file of a child."""

    WAITING = "waiting"
    BUSY = "busy"
    TAKEN = "taken"
    REFUSED = "refused"


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


def identity_differences(held: Identity, told: Identity) -> tuple[FieldDifference, ...]:
    """Where a sender says something else of who the child is than the file: name, birth date, BSN, gender.

    A call name is a name of the child too, and one given name of several is no other name.
    """
    found = []
    if told.name != NO_NAME and not _same_name(held, told):
        found.append(FieldDifference("name", held.name, told.name))
    for name in ("birth_date", "bsn", "gender"):
        said = getattr(told, name)
        if said and said != getattr(held, name):
            found.append(FieldDifference(name, getattr(held, name), said))
    return tuple(found)


def _same_name(held: Identity, told: Identity) -> bool:
    one, other = held.name, told.name
    if folded(one.text) == folded(other.text):
        return True
    names = {folded(other.given), folded(other.call_name), folded(other.given).partition(" ")[0]} - {""}
    return folded(one.family) == folded(other.family) and folded(one.given) in names


def folded(text: str) -> str:
    """Words without regard to capitals, spacing and the way accents are written."""
    return str(_plain(text)).casefold()


def canonical(value: Any) -> str:
    """JSON data as one text: equal data gives equal text."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def digest_of(words: str | bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(words if isinstance(words, bytes) else words.encode("utf-8")).hexdigest()


def corrections(field: str, incoming: Any) -> dict[str, object]:
    """What changes of who the child is when a person accepts a sender's word. Raises Invalid("not_an_item")."""
    told = cast(Identity, item_from(ItemKind.CHILD, {"source_key": "", field: incoming}))
    match field:
        case "name":
            given = told.name.given or told.name.call_name or ("" if told.name.family else told.name.text)
            return {"given_name": given[:120], "family_name": told.name.family[:120]}
        case "birth_date":
            return {"birth_date": day_of(told.birth_date)}
        case "bsn" | "gender":
            return {field: str(incoming)[:10]}
    raise Invalid("not_an_item", kind=field)


def alike(held: Item, told: Item) -> bool:
    """Whether two senders seem to speak of the same thing: the same code, or the same words, at the same place.

    Only for what exists once in a child (`ALIKE`), and only between senders: one sender keeps its own apart.
    """
    if held.kind != told.kind or held.kind not in ALIKE or held.source == told.source:
        return False
    sites = [getattr(each, "body_sites", ()) for each in (held, told)]
    if all(sites) and {folded(each.text) for each in sites[0]} != {folded(each.text) for each in sites[1]}:
        return False
    codes = [_codes_of(each) for each in (held, told)]
    return bool(codes[0] & codes[1]) or (bool(title(held)) and folded(title(held)) == folded(title(told)))


def _codes_of(item: Item) -> set[tuple[str, str]]:
    what = getattr(item, "what", ())
    concepts = what if isinstance(what, tuple) else (what,)
    return {(code.system, code.code) for each in concepts for code in each.codes if code.code}


def relation_of(item: RelatedPersonItem) -> Relation:
    """How a relative stands to the child, by code or else by the sender's words. It gives no right at all."""
    codes = {code.code for each in item.relationships for code in each.codes}
    words = " ".join(each.text.casefold() for each in item.relationships)
    for relation, known, said in RELATIONS:
        if codes & set(known):
            return relation
        if any(word in words for word in said):
            return relation
    return Relation.OTHER


def happened_on(item: Item) -> PartialDate:
    """The date by which an item is put in order: when it was measured, began or was decided; else recorded."""
    for name in ("measured", "period", "used"):
        if start := getattr(getattr(item, name, None), "start", ""):
            return str(start)
    for name in ("since", "decided_on", "start"):
        if day := getattr(item, name, ""):
            return str(day)
    return item.recorded_on


def plain_data(value: Any) -> Any:
    """A value of an item as plain JSON data, as `item_data` writes it."""
    if isinstance(value, tuple):
        return [plain_data(each) for each in value]
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value


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
