"""A handover read: bytes in, items of one child's file out, with a report per resource.

Reading is strict on the file as a whole (one child, complete, unambiguous) and lenient on each resource:
not valid is not rejected where the meaning is clear. Nothing is written here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from types import ModuleType
from typing import Any

import orjson

from kindzorg.core.vocabulary import Truth
from kindzorg.fhir.elements import Unreadable, day, first, objects, word
from kindzorg.fhir.payload import LIMIT, Content, Form, Refusal, content, refused
from kindzorg.fhir.references import Arrival, Directory, Entry, title_of, with_keys
from kindzorg.fhir.resources import (
    allergy_intolerance,
    care_plan,
    care_team,
    condition,
    consent,
    device,
    device_use_statement,
    encounter,
    goal,
    medication,
    observation,
    organization,
    patient,
    practitioner,
    practitioner_role,
    related_person,
)
from kindzorg.fhir.subjects import bsns, elsewhere, mentions, one_child
from kindzorg.fhir.validity import faults_in, known_type
from kindzorg.record.items import Identity, Item, RelatedPersonItem
from kindzorg.record.rules import same_child, title

READERS: Mapping[str, ModuleType] = {
    "Patient": patient,
    "RelatedPerson": related_person,
    "Practitioner": practitioner,
    "PractitionerRole": practitioner_role,
    "Organization": organization,
    "CareTeam": care_team,
    "Condition": condition,
    "AllergyIntolerance": allergy_intolerance,
    "Device": device,
    "DeviceUseStatement": device_use_statement,
    "Goal": goal,
    "Encounter": encounter,
    "Consent": consent,
    "CarePlan": care_plan,
    "Observation": observation,
    "MedicationRequest": medication,
    "MedicationStatement": medication,
}
"""The FHIR types that become part of the file. All others are kept unread."""

READ_WITH = {
    "PractitionerRole": ("practitioner", "Practitioner"),
    "DeviceUseStatement": ("device", "Device"),
    "MedicationRequest": ("medicationReference", "Medication"),
    "MedicationStatement": ("medicationReference", "Medication"),
}
"""What is read as part of another resource, so that one person or pump does not stand in the file twice."""

MEANT_MODIFIERS = {"Consent": {"ext-TreatmentDirective2.SpecificationOther"}}
"""Extensions that change the meaning and that we read. Any other means: do not guess, keep unread."""


class Outcome(StrEnum):
    TAKEN = "taken"
    KEPT_UNREAD = "kept_unread"
    REJECTED = "rejected"


class Reason(StrEnum):
    """Why, beside the outcome; "" where nothing needs saying."""

    NONE = ""
    READ_WITH_ANOTHER = "read_with_another"  # taken: a Practitioner within a role, a Device within its use
    WITHDRAWN = "withdrawn"  # taken: the sender says that it was entered in error
    TYPE_NOT_USED = "type_not_used"  # kept unread
    UNKNOWN_MODIFIER = "unknown_modifier"  # kept unread: something in it may change its meaning
    NOT_ABOUT_THE_CHILD = "not_about_the_child"  # kept unread
    OTHER_CONSENT = "other_consent"  # kept unread: not about treatment
    DUPLICATE = "duplicate"  # kept unread: stands in the file before
    OLDER_VERSION = "older_version"  # kept unread
    TWO_VERSIONS = "two_versions"  # rejected: which is the newer cannot be seen
    NO_RESOURCE = "no_resource"  # rejected: no FHIR resource stands there
    UNKNOWN_TYPE = "unknown_type"  # rejected
    SAYS_NOTHING = "says_nothing"  # rejected
    UNREADABLE_STATUS = "unreadable_status"  # rejected: may mean the opposite


@dataclass(frozen=True)
class Incoming:
    """One resource of the file: as it came, what became of it, and what it is in the child's file.

    `items` is empty unless taken; a Patient gives the child and the people named in it. `faults` are the
    places where it does not follow the standard; `field` is where a rejected one cannot be read.
    """

    position: int
    fhir_type: str
    fhir_id: str
    source_key: str
    title: str
    raw: Any
    outcome: Outcome
    reason: Reason = Reason.NONE
    field: str = ""
    faults: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()

    @property
    def line(self) -> "ReportLine":
        return ReportLine(
            self.position,
            self.fhir_type,
            self.fhir_id,
            self.title,
            self.outcome,
            self.reason,
            self.field,
            self.faults,
        )


@dataclass(frozen=True)
class ReportLine:
    """What the report says of one resource: no content beyond its title."""

    position: int
    fhir_type: str
    fhir_id: str
    title: str
    outcome: Outcome
    reason: Reason
    field: str
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Intake:
    """A whole file, read. `child` is the Patient in it, or None where it only refers to one or to nobody."""

    form: Form
    sender: str
    child: Identity | None
    bsn_not_valid: bool
    resources: tuple[Incoming, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for each in self.resources for item in each.items)

    @property
    def report(self) -> tuple[ReportLine, ...]:
        return tuple(each.line for each in self.resources)

    @property
    def counts(self) -> dict[Outcome, int]:
        return {outcome: sum(each.outcome == outcome for each in self.resources) for outcome in Outcome}


@dataclass(frozen=True)
class Looked:
    """What a quick look at a file tells: how many resources stand in it, and who the child is, if it says so."""

    total: int
    child: Identity | None


def look(payload: bytes, *, source: str = "", subject: Identity | None = None, limit: int = LIMIT) -> Looked:
    """All that `read` checks of the file as a whole, in a fraction of the time: each resource stays unread.

    Raises as `read`.
    """
    arrivals = _arrivals(content(payload, limit=limit), source, subject)[1]
    told = (each for each in arrivals if each.entry.type == "Patient")
    items = (item for each in told for item in _incoming(each).items)
    return Looked(len(arrivals), next((item for item in items if isinstance(item, Identity)), None))


def _arrivals(found: Content, source: str, subject: Identity | None) -> tuple[str, tuple[Arrival, ...]]:
    """Who sent the file, and its resources with their links; of one child, the one meant."""
    entries = _entries(found, source)
    if found.form == Form.RESOURCE and not known_type(entries[0].type):
        raise refused(Refusal.NOT_FHIR)
    directory = Directory.of(entries, source)
    sender = source or _custodian(entries, directory)
    arrivals = tuple(Arrival(entry, directory, sender) for entry in entries)
    _of_one_child(arrivals, subject)
    return sender, arrivals


def read(
    payload: bytes,
    *,
    source: str = "",
    subject: Identity | None = None,
    limit: int = LIMIT,
    progress: Callable[[int, int], None] | None = None,
) -> Intake:
    """Reads a resource, a Bundle or NDJSON (FHIR R4 JSON, UTF-8, at most `limit` bytes).

    `source` names who sent it; `subject` is the child the nurse chose; `progress` is told how many of how
    many are read. Raises Invalid with a code of `Refusal` and its data: then nothing is read.
    """
    found = content(payload, limit=limit)
    sender, arrivals = _arrivals(found, source, subject)
    entries = [each.entry for each in arrivals]
    standing = _standing(entries)
    taken = []
    for done, arrival in enumerate(arrivals, start=1):
        taken.append(standing.get(arrival.entry.position) or _incoming(arrival))
        if progress:
            progress(done, len(arrivals))
    child = next((item for each in taken for item in each.items if isinstance(item, Identity)), None)
    whose = next((entry.resource for entry in entries if entry.type == "Patient"), {})
    return Intake(found.form, sender, child, patient.wrong_bsn(whose), _folded(taken, arrivals))


def _entries(found: Content, source: str) -> tuple[Entry, ...]:
    numbered = (
        Entry(position, resource if isinstance(resource, dict) else {"_": resource}, address)
        for position, (address, resource) in enumerate(found.places, start=1)
    )
    return with_keys(numbered, source)


def _custodian(entries: Sequence[Entry], directory: Directory) -> str:
    """Who keeps the document, where the file is one: the sender in human words."""
    for entry in entries:
        if entry.type == "Composition":
            link = Arrival(entry, directory).link(entry.resource.get("custodian") or {})
            return link.text
    return ""


def _of_one_child(arrivals: Sequence[Arrival], subject: Identity | None) -> None:
    """Raises Invalid: TWO_CHILDREN in the file, or OTHER_CHILD than the nurse chose."""
    tokens = one_child(mentions(arrivals))
    sent = [each for each in arrivals if each.entry.type == "Patient"]
    patients = [patient.marks_of(each.entry.resource, each) for each in sent]
    if len({each.birth_date for each in patients} - {""}) > 1:
        raise refused(Refusal.TWO_CHILDREN, positions=tuple(each.entry.position for each in sent))
    if not subject:
        return
    stranger = subject.bsn and bsns(tokens) - {subject.bsn}
    if stranger or any(same_child(subject, each) == Truth.NO for each in patients):
        raise refused(Refusal.OTHER_CHILD)


def _standing(entries: Sequence[Entry]) -> dict[int, Incoming]:
    """What stands in the file more than once: equal copies and older versions are set aside.

    Where two versions differ and their dates do not tell which is newer, neither is taken.
    """
    by_key: dict[str, list[Entry]] = {}
    for entry in entries:
        by_key.setdefault(entry.key, []).append(entry)
    aside: dict[int, Incoming] = {}
    for same in by_key.values():
        first_of = {_content_of(each): each for each in reversed(same)}
        distinct = {each.position: each for each in first_of.values()}
        newest = max(map(_touched, distinct.values()))
        dates = [_touched(each) for each in distinct.values()]
        clear = len(distinct) == 1 or ("" not in dates and dates.count(newest) == 1)
        for each in same:
            if each.position not in distinct:
                aside[each.position] = _plain(each, Outcome.KEPT_UNREAD, Reason.DUPLICATE)
            elif not clear:
                aside[each.position] = _plain(each, Outcome.REJECTED, Reason.TWO_VERSIONS)
            elif _touched(each) != newest:
                aside[each.position] = _plain(each, Outcome.KEPT_UNREAD, Reason.OLDER_VERSION)
    return aside


def _content_of(entry: Entry) -> bytes:
    return orjson.dumps(entry.resource, option=orjson.OPT_SORT_KEYS)


def _touched(entry: Entry) -> str:
    return day(first(entry.resource, "meta").get("lastUpdated"))


def _incoming(arrival: Arrival) -> Incoming:
    """What becomes of one resource."""
    entry = arrival.entry
    if not entry.type:
        return _plain(entry, Outcome.REJECTED, Reason.NO_RESOURCE)
    if not known_type(entry.type):
        return _plain(entry, Outcome.REJECTED, Reason.UNKNOWN_TYPE)
    if entry.type not in READERS:
        return _plain(entry, Outcome.KEPT_UNREAD, Reason.TYPE_NOT_USED)
    unknown = _modifiers(entry.resource) - MEANT_MODIFIERS.get(entry.type, set())
    if unknown or "implicitRules" in entry.resource:
        return _plain(entry, Outcome.KEPT_UNREAD, Reason.UNKNOWN_MODIFIER)
    if elsewhere(arrival):
        return _plain(entry, Outcome.KEPT_UNREAD, Reason.NOT_ABOUT_THE_CHILD)
    try:
        item: Item = READERS[entry.type].from_fhir(entry.resource, arrival)
    except Unreadable as problem:
        reason = Reason(problem.code)
        outcome = Outcome.KEPT_UNREAD if reason == Reason.OTHER_CONSENT else Outcome.REJECTED
        refusal = _plain(entry, outcome, reason)
        return replace(refusal, field=str(problem.data.get("field", "")), faults=faults_in(entry.resource))
    items: tuple[Item, ...] = (item,)
    if entry.type == "Patient":
        items += patient.contacts_from_fhir(entry.resource, arrival)
    mark = Reason.WITHDRAWN if item.withdrawn else Reason.NONE
    taken = _plain(entry, Outcome.TAKEN, mark)
    return replace(taken, title=title(item), faults=faults_in(entry.resource), items=items)


def _plain(entry: Entry, outcome: Outcome, reason: Reason) -> Incoming:
    raw = entry.resource if entry.type or "_" not in entry.resource else entry.resource["_"]
    return Incoming(
        entry.position, entry.type, entry.id, entry.key, title_of(entry.resource), raw, outcome, reason
    )


def _modifiers(value: Any) -> set[str]:
    """The extensions anywhere in a resource that change its meaning."""
    if isinstance(value, list):
        return {found for each in value for found in _modifiers(each)}
    if not isinstance(value, dict):
        return set()
    own = {word(each, "url").rsplit("/", 1)[-1] for each in objects(value, "modifierExtension")}
    return own.union(*(_modifiers(each) for each in value.values()))


def _folded(taken: Sequence[Incoming], arrivals: Sequence[Arrival]) -> tuple[Incoming, ...]:
    """Drops what is told twice: a person within a role, a device within its use, a contact as relative."""
    within: set[int] = set()
    for each, arrival in zip(taken, arrivals, strict=True):
        if each.items and each.fhir_type in READ_WITH:
            name, kind = READ_WITH[each.fhir_type]
            found = arrival.find(arrival.entry.resource.get(name))
            if found and found.type == kind and found.position != each.position:
                within.add(found.position)
    relatives = (item for each in taken if each.fhir_type == "RelatedPerson" for item in each.items)
    named = {_name(item) for item in relatives} - {""}
    result = []
    for each in taken:
        if each.position in within and each.outcome == Outcome.TAKEN:
            each = replace(each, reason=Reason.READ_WITH_ANOTHER, items=())
        if each.fhir_type == "Patient":
            others = tuple(item for item in each.items[1:] if _name(item) not in named)
            each = replace(each, items=each.items[:1] + others)
        result.append(each)
    return tuple(result)


def _name(item: Item) -> str:
    return " ".join(item.name.text.casefold().split()) if isinstance(item, RelatedPersonItem) else ""
