"""Patient -> Identity of the child, and the people named in it."""

from kindzorg.core.vocabulary import Truth
from kindzorg.fhir.elements import Json, concepts, day, extension, identifiers, objects, span, truth, word
from kindzorg.fhir.persons import addresses, contacts, languages, name_of
from kindzorg.fhir.references import BSN, Arrival
from kindzorg.fhir.resources.items import shared
from kindzorg.record.items import Identity, RelatedPersonItem
from kindzorg.record.rules import valid_bsn
from kindzorg.record.values import NO_NAME


def bsn_of(resource: Json) -> str:
    """The BSN that passes the eleven-test; "" for none or several. Eight digits lack a zero."""
    sent = {i.value.replace(" ", "").zfill(9) for i in identifiers(resource) if i.system in BSN}
    valid = {each for each in sent if valid_bsn(each)}
    return valid.pop() if len(valid) == 1 else ""


def wrong_bsn(resource: Json) -> bool:
    """Whether a BSN was sent but cannot be used."""
    return not bsn_of(resource) and any(i.system in BSN for i in identifiers(resource))


def marks_of(resource: Json, arrival: Arrival) -> Identity:
    """What tells one child from another, whatever else cannot be read."""
    return Identity(
        source_key=arrival.entry.key, bsn=bsn_of(resource), birth_date=day(resource.get("birthDate"))
    )


def from_fhir(resource: Json, arrival: Arrival) -> Identity:
    """Who the child is. Nothing is demanded: a newborn may have neither name nor BSN."""
    died_on = day(resource.get("deceasedDateTime"))
    number = resource.get("multipleBirthInteger")
    return Identity(
        **shared(resource, arrival),
        name=name_of(resource),
        birth_date=day(resource.get("birthDate")),
        bsn=bsn_of(resource),
        gender=word(resource, "gender"),
        addresses=addresses(resource),
        contacts=contacts(resource),
        languages=languages(resource),
        interpreter_needed=truth(extension(resource, "patient-interpreterRequired")),
        multiple_birth=Truth.YES if isinstance(number, int) else truth(resource.get("multipleBirthBoolean")),
        deceased=Truth.YES if died_on else truth(resource.get("deceasedBoolean")),
        deceased_on=died_on,
    )


def contacts_from_fhir(resource: Json, arrival: Arrival) -> tuple[RelatedPersonItem, ...]:
    """The people put inside the Patient (Patient.contact), known by the child's key and their name.

    Without a name their place in the list stands in for it.
    """
    found = []
    for place, contact in enumerate(objects(resource, "contact"), start=1):
        # The name is one object here and a list in RelatedPerson; the readers take both.
        name, relationships = name_of(contact), concepts(contact, "relationship")
        if name == NO_NAME and not relationships and not contacts(contact):
            continue
        mark = " ".join(name.text.casefold().split()) or str(place)
        found.append(
            RelatedPersonItem(
                **(
                    shared(resource, arrival)
                    | {"source_key": f"{arrival.entry.key}/contact:{mark}", "note": ""}
                ),
                name=name,
                relationships=relationships,
                gender=word(contact, "gender"),
                contacts=contacts(contact),
                addresses=addresses(contact),
                period=span(contact.get("period")),
            )
        )
    return tuple(found)
