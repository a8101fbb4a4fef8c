"""About whom a file is: one child, or it is refused."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kindzorg.fhir.elements import Json, identifiers, objects, word
from kindzorg.fhir.payload import Refusal, refused
from kindzorg.fhir.persons import name_of
from kindzorg.fhir.references import ADDRESS, BSN, Arrival, Entry, addresses_of
from kindzorg.record.rules import valid_bsn

Token = tuple[str, str]
"""One way in which a file names a child: an address, or an identifier."""

BSN_MARK = "bsn"
SUBJECT = ("subject", "patient", "beneficiary", "for")
"""The names under which FHIR types say whom they are about."""


@dataclass(frozen=True)
class Mention:
    """One place of a file that names a child."""

    position: int
    tokens: frozenset[Token]


def references(resource: Json) -> tuple[Json, ...]:
    return tuple(each for name in SUBJECT for each in objects(resource, name))


def elsewhere(arrival: Arrival) -> bool:
    """Whether a resource is about something or someone other than a patient: a group, a place, the mother."""
    kinds = {_type_of(each, arrival) for each in references(arrival.entry.resource)}
    if arrival.entry.type == "Observation":
        kinds |= {_type_of(each, arrival) for each in objects(arrival.entry.resource, "focus")}
    return bool(kinds - {"Patient", ""})


def mentions(arrivals: Sequence[Arrival]) -> list[Mention]:
    """All places of a file that name a child, the Patients themselves first."""
    patients = [each.entry for each in arrivals if each.entry.type == "Patient"]
    found = [Mention(each.position, _of_patient(each, alone=len(patients) == 1)) for each in patients]
    for arrival in arrivals:
        for reference in references(arrival.entry.resource):
            tokens = _of_reference(reference, arrival)
            if tokens and _type_of(reference, arrival) in ("Patient", ""):
                found.append(Mention(arrival.entry.position, tokens))
    return found


def one_child(found: list[Mention]) -> frozenset[Token]:
    """All names of the one child of a file. Raises Invalid (TWO_CHILDREN, with the places)."""
    by_token: dict[Token, list[Mention]] = {}
    for each in found:
        for token in each.tokens:
            by_token.setdefault(token, []).append(each)
    reached = set(found[:1])
    queue = found[:1]
    for each in queue:  # grows while it is read: every mention that shares a name with one before
        for other in (other for token in each.tokens for other in by_token.pop(token, ())):
            if other not in reached:
                reached.add(other)
                queue.append(other)
    known = frozenset(token for each in reached for token in each.tokens)
    pending = [each for each in found if each not in reached]
    if pending or len(bsns(known)) > 1:
        strangers = tuple(sorted({each.position for each in pending or found}))
        raise refused(Refusal.TWO_CHILDREN, positions=strangers)
    return known


def bsns(tokens: Iterable[Token]) -> frozenset[str]:
    """The valid BSNs among the names."""
    return frozenset(value for kind, value in tokens if kind == BSN_MARK)


def _type_of(reference: Json, arrival: Arrival) -> str:
    """The type a reference points to; "" where it does not say."""
    if found := arrival.find(reference):
        return found.type
    match = ADDRESS.fullmatch(word(reference, "reference"))
    return match["type"] if match else word(reference, "type")


def _of_patient(patient: Entry, *, alone: bool) -> frozenset[Token]:
    """Two Patients of one name and birth date may be twins without a name: then the person proves nothing."""
    addresses = {("address", address) for address in addresses_of(patient)}
    return frozenset(addresses | _numbers(patient.resource) | (_person(patient.resource) if alone else set()))


def _of_reference(reference: Json, arrival: Arrival) -> frozenset[Token]:
    address = word(reference, "reference")
    tokens = _numbers(reference)
    found = arrival.find(reference)
    if address.startswith("#"):
        return frozenset(tokens | (_numbers(found.resource) | _person(found.resource) if found else set()))
    if found:
        tokens |= {("address", each) for each in addresses_of(found)}
    elif address:
        tokens.add(("address", address.partition("/_history/")[0]))
    return frozenset(tokens)


def _numbers(holder: Json) -> set[Token]:
    return {
        (BSN_MARK if each.system in BSN and valid_bsn(each.value) else each.system, each.value)
        for each in identifiers(holder)
    }


def _person(patient: Json) -> set[Token]:
    name, born = name_of(patient).text.casefold(), word(patient, "birthDate")
    return {("person", f"{name} {born}")} if name and born else set()
