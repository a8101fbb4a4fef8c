"""FHIR names, addresses and ways to reach somebody, read into values of the file."""

from kindzorg.fhir.elements import Json, concept, extension, objects, text, texts, truth, word
from kindzorg.record.values import NO_NAME, Address, ContactPoint, Language, PersonName

PAST = ("old", "temp")


def name_of(resource: Json) -> PersonName:
    """The name to use: the official one, else the first that is not of the past. A bare text is a name too.

    nl-core gives the call name (roepnaam) as a second name with use "usual".
    """
    names = [each for each in objects(resource, "name") if word(each, "use") not in PAST]
    if not names:
        return PersonName(text(resource.get("name"))) if isinstance(resource.get("name"), str) else NO_NAME
    official = next((each for each in names if word(each, "use") == "official"), names[0])
    usual = next((each for each in names if word(each, "use") == "usual" and each is not official), {})
    given, family = " ".join(texts(official, "given")), word(official, "family")
    whole = word(official, "text") or " ".join(part for part in (given, family) if part)
    call_name = " ".join(texts(usual, "given")) or word(usual, "text")
    return PersonName(whole or call_name, given, family, call_name)


def addresses(resource: Json) -> tuple[Address, ...]:
    """Addresses in use, those of the past left out."""
    read = (
        Address(
            texts(each, "line") or texts(each, "text"),
            word(each, "postalCode"),
            word(each, "city"),
            word(each, "country"),
        )
        for each in objects(resource, "address")
        if word(each, "use") not in PAST
    )
    return tuple(each for each in read if each != Address())


def contacts(resource: Json) -> tuple[ContactPoint, ...]:
    """Telephone numbers, mail addresses and so on that are in use."""
    read = (
        ContactPoint(word(each, "system"), word(each, "value"), word(each, "use"))
        for each in objects(resource, "telecom")
        if word(each, "use") != "old"
    )
    return tuple(each for each in read if each.value)


def languages(resource: Json) -> tuple[Language, ...]:
    read = (
        Language(
            concept(each.get("language")),
            truth(each.get("preferred")),
            text(extension(each, "ext-Comment")),
        )
        for each in objects(resource, "communication")
    )
    return tuple(each for each in read if each.language.text)
