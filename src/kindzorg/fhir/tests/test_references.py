"""Who is meant by a reference, and how a resource is known again."""

from typing import Any

import pytest

from kindzorg.fhir.references import Arrival, Directory, Entry, alone, title_of, with_keys
from kindzorg.fhir.validity import LARGEST, faults_in, known_type
from kindzorg.record.values import Link

HOSPITAL, OTHER = "https://a.example/fhir", "https://b.example/fhir"
BSN = "http://fhir.nl/fhir/NamingSystem/bsn"


def organisation(local: str, **more: Any) -> dict[str, Any]:
    return {"resourceType": "Organization", "id": local, "name": f"Organisatie {local}"} | more


def arrival(*resources: dict[str, Any], base: str = HOSPITAL) -> Arrival:
    """The first of several resources that came in one file."""
    numbered = (
        Entry(n, r, f"{base}/{r['resourceType']}/{r['id']}") for n, r in enumerate(resources, start=1)
    )
    entries = with_keys(numbered, "")
    return Arrival(entries[0], Directory.of(entries))


@pytest.mark.parametrize(
    ("reference", "link"),
    [
        ({"reference": "Organization/2"}, Link("Organisatie 2", f"Organization:{HOSPITAL}/2")),
        ({"reference": f"{HOSPITAL}/Organization/2"}, Link("Organisatie 2", f"Organization:{HOSPITAL}/2")),
        (
            {"reference": f"{OTHER}/Organization/2", "display": "Een ander"},
            Link("Een ander", f"Organization:{OTHER}/2"),
        ),
        ({"reference": "Organization/3", "display": "Elders"}, Link("Elders", f"Organization:{HOSPITAL}/3")),
        ({"reference": "#"}, Link("Organisatie 1", f"Organization:{HOSPITAL}/1")),
        ({"reference": "#absent", "display": "Weg"}, Link("Weg")),
        ({"reference": "urn:uuid:absent"}, Link()),
        ({"identifier": {"system": "agb", "value": "0101"}}, Link("0101")),
        ({"identifier": {"system": BSN, "value": "999901230"}}, Link()),
        ("Kinderthuiszorg", Link("Kinderthuiszorg")),
        (None, Link()),
    ],
)
def test_a_reference_becomes_a_name_and_a_key(reference: Any, link: Link) -> None:
    assert arrival(organisation("1"), organisation("2")).link(reference) == link


def test_a_role_is_called_after_its_person_and_a_place_after_its_organisation() -> None:
    person = {"resourceType": "Practitioner", "id": "p", "name": [{"text": "Marit Wolters"}]}
    role = {"resourceType": "PractitionerRole", "id": "r", "practitioner": {"reference": "Practitioner/p"}}
    loose = {"resourceType": "PractitionerRole", "id": "l", "practitioner": {"display": "Joris Hendriks"}}
    place = {"resourceType": "Location", "id": "o", "managingOrganization": {"reference": "Organization/1"}}
    file = arrival(organisation("1"), person, role, loose, place)
    names = [
        file.link({"reference": r}).text for r in ("PractitionerRole/r", "PractitionerRole/l", "Location/o")
    ]
    assert names == ["Marit Wolters", "Joris Hendriks", "Organisatie 1"]


@pytest.mark.parametrize(
    ("resource", "key"),
    [
        (organisation("1", identifier=[{"system": "ura", "value": "7"}]), "Organization:ura|7"),
        (
            organisation("1", identifier=[{"system": "ura", "value": "7", "use": "old"}]),
            "Organization:bron/1",
        ),
        (organisation("1", meta={"source": "urn:epd#request-5"}), "Organization:urn:epd/1"),
        (organisation("1"), "Organization:bron/1"),
    ],
)
def test_how_a_resource_is_known_again(resource: dict[str, Any], key: str) -> None:
    assert alone(resource, "bron").entry.key == key


def test_a_resource_without_any_name_is_known_by_its_content() -> None:
    nameless = {"resourceType": "Condition", "code": {"text": "x"}}
    assert alone(nameless).entry.key == alone(dict(reversed(nameless.items()))).entry.key
    assert alone(nameless).entry.key != alone(nameless | {"code": {"text": "y"}}).entry.key


def test_the_title_of_what_is_not_read() -> None:
    medication = {"resourceType": "MedicationStatement", "medicationCodeableConcept": {"text": "Vitamine D"}}
    assert title_of(medication) == "Vitamine D"
    assert title_of({"resourceType": "Media"}) == ""


def test_types_and_faults() -> None:
    assert known_type("Patient")
    assert not any(
        known_type(word) for word in ("HumanName", "Banaan", "", "Patient/1", "../Patient", "Element")
    )
    assert faults_in({"resourceType": "Patient", "gender": 5}) == ("gender: string_type",)
    assert faults_in({"resourceType": "Patient", "id": "x" * LARGEST}) == ("too_large_to_check",)
