"""Who is meant by a reference, and under which key the file knows a resource again."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from kindzorg.fhir.elements import Json, concept, first, identifiers, objects, text, word
from kindzorg.fhir.persons import name_of
from kindzorg.record.values import NO_LINK, Link

BSN = frozenset({"http://fhir.nl/fhir/NamingSystem/bsn", "urn:oid:2.16.840.1.113883.2.4.6.3"})
ADDRESS = re.compile(r"(?:(?P<base>[a-z]+://.+)/)?(?P<type>[A-Z][A-Za-z]+)/(?P<id>[^/|#?]+)(?:/_history/.+)?")
BY_NAME = ("Organization", "Location", "CareTeam", "HealthcareService", "Endpoint")
NAMING = ("title", "code", "medicationCodeableConcept", "vaccineCode", "type", "class", "description")
BY_PERSON = ("Patient", "RelatedPerson", "Practitioner", "Person")


@dataclass(frozen=True)
class Entry:
    """One resource of a file: its place (from 1), its address if it has one, and its key."""

    position: int
    resource: Json
    full_url: str = ""
    source: str = ""
    key: str = ""

    @property
    def type(self) -> str:
        return word(self.resource, "resourceType")

    @property
    def id(self) -> str:
        return word(self.resource, "id")


def namespace(entry: Entry, source: str) -> str:
    """Within what an id is unique: the server's address, else its system, else the sender."""
    match = ADDRESS.fullmatch(entry.full_url)
    if match and match["base"]:
        return match["base"]
    return word(first(entry.resource, "meta"), "source").partition("#")[0] or source


def own_key(entry: Entry, source: str) -> str:
    """The key by identifier, else by source and id, else by content, so that sending again changes nothing.

    A BSN is never part of a key: keys stand in addresses and in the trail.
    """
    for identifier in identifiers(entry.resource):
        if identifier.system not in BSN:
            return f"{entry.type}:{identifier.system}|{identifier.value}"
    if entry.id:
        return id_key(entry, source)
    if entry.full_url:
        return f"{entry.type}:{entry.full_url}"
    content = orjson.dumps(entry.resource, option=orjson.OPT_SORT_KEYS)
    return f"{entry.type}:sha256:{hashlib.sha256(content).hexdigest()[:32]}"


def id_key(entry: Entry, source: str) -> str:
    return f"{entry.type}:{namespace(entry, source)}/{entry.id}"


def with_keys(entries: Iterable[Entry], source: str) -> tuple[Entry, ...]:
    """The entries with their keys. Two that share an identifier (pumps of one model) keep two keys."""
    keyed = [replace(each, key=own_key(each, source), source=namespace(each, source)) for each in entries]
    ids: dict[str, set[str]] = {}
    for each in keyed:
        ids.setdefault(each.key, set()).add(each.id)
    return tuple(replace(e, key=f"{e.key}#{e.id}") if len(ids[e.key]) > 1 else e for e in keyed)


def title_of(resource: Json) -> str:
    """A short human name for a resource, for links and the report."""
    kind = word(resource, "resourceType")
    if kind in BY_PERSON:
        return name_of(resource).text
    if kind in BY_NAME:
        return word(resource, "name")
    if kind == "Device":
        return word(first(resource, "deviceName"), "name") or concept(resource.get("type")).text
    if kind == "Goal":
        return concept(resource.get("description")).text
    if kind == "CarePlan":
        detail = first(first(resource, "activity"), "detail")
        return word(resource, "title") or concept(detail.get("code")).text
    for name in NAMING:
        shown = concept(resource.get(name)).text or concept(first(resource, name)).text
        if shown:
            return shown
    return ""


@dataclass(frozen=True)
class Directory:
    """All resources of one file, to be found by address or by type and id."""

    source: str = ""
    by_address: dict[str, Entry] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Iterable[Entry], source: str = "") -> "Directory":
        found: dict[str, Entry] = {}
        for entry in entries:
            for address in addresses_of(entry):
                found.setdefault(address, entry)
        return cls(source, found)

    def find(self, address: str) -> Entry | None:
        if found := self.by_address.get(address):
            return found
        match = ADDRESS.fullmatch(address)
        if not match:
            return None
        local = self.by_address.get(f"{match['type']}/{match['id']}")
        base = ADDRESS.fullmatch(local.full_url) if local else None
        if match["base"] and base and base["base"] and base["base"] != match["base"]:
            return None
        return local


def addresses_of(entry: Entry) -> Iterator[str]:
    if entry.full_url:
        yield entry.full_url
    if entry.type and entry.id:
        yield f"{entry.type}/{entry.id}"


NOBODY = Directory()


@dataclass(frozen=True)
class Arrival:
    """A resource as it came in: from whom, under which key, and among which others."""

    entry: Entry
    directory: Directory = NOBODY
    sender: str = ""

    def find(self, reference: Any) -> Entry | None:
        """What a reference points to, in the resource itself (contained) or in the file."""
        address = text(reference.get("reference")) if isinstance(reference, dict) else ""
        if not address.startswith("#"):
            return self.directory.find(address) if address else None
        if address == "#":
            return self.entry
        for inner in objects(self.entry.resource, "contained"):
            if word(inner, "id") == address[1:]:
                key = self.entry.key + address
                return Entry(self.entry.position, inner, source=self.entry.source, key=key)
        return None

    def link(self, reference: Any) -> Link:
        """A reference as name and key, also where it points outside the file. A bare text is a name."""
        if not isinstance(reference, dict):
            return Link(text(reference))
        shown = word(reference, "display")
        if found := self.find(reference):
            return Link(self._title(found) or shown, found.key)
        logical = identifiers({"identifier": reference.get("identifier")})
        shown = shown or next((i.value for i in logical if i.system not in BSN), "")
        match = ADDRESS.fullmatch(word(reference, "reference"))
        if not match:
            return Link(shown)
        return Link(shown, f"{match['type']}:{match['base'] or self.entry.source}/{match['id']}")

    def links(self, holder: Json, name: str) -> tuple[Link, ...]:
        read = (self.link(each) for each in objects(holder, name))
        return tuple(each for each in read if each != NO_LINK)

    def _title(self, found: Entry) -> str:
        """A role is called after its person, a place without a name after its organisation."""
        further = {"PractitionerRole": "practitioner", "Location": "managingOrganization"}.get(found.type)
        shown = title_of(found.resource) if found.type != "PractitionerRole" else ""
        if shown or not further:
            return shown
        reference = first(found.resource, further)
        target = Arrival(found, self.directory).find(reference)
        return (title_of(target.resource) if target else "") or word(reference, "display")


def alone(resource: Json, source: str = "") -> Arrival:
    """The arrival of a single resource that came without a file around it."""
    (entry,) = with_keys([Entry(1, resource)], source)
    return Arrival(entry, NOBODY, source)
