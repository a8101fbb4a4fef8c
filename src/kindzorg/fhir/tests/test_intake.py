"""Whole files: what is taken, what is refused, and that a second time gives the same."""

import codecs
import gzip
from pathlib import Path
from typing import Any

import orjson
import pytest

from kindzorg.core.errors import Invalid
from kindzorg.fhir.intake import Form, Incoming, Intake, Outcome, Reason, read
from kindzorg.fhir.payload import DEEPEST, LIMIT, MOST, Refusal
from kindzorg.record.items import DeviceItem, Identity, Item, ItemKind, ProfessionalItem, RelatedPersonItem

YUSUF = (Path(__file__).parents[2] / "demo/handover/yusuf.json").read_bytes()
BASE = "https://fhir.delinde.example/r4"
BSN = "http://fhir.nl/fhir/NamingSystem/bsn"
Json = dict[str, Any]


def sent(value: Any) -> bytes:
    return orjson.dumps(value)


def bundle(*resources: Any) -> bytes:
    return sent(
        {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": r} for r in resources]}
    )


def patient(local: str = "1", **more: Any) -> Json:
    return {"resourceType": "Patient", "id": local, **more}


def weight(local: str = "w", subject: Any = "Patient/1", **more: Any) -> Json:
    about = {"reference": subject} if isinstance(subject, str) else subject
    value = {"value": 4650, "unit": "g"}
    return {
        "resourceType": "Observation",
        "id": local,
        "status": "final",
        "code": {"text": "Gewicht"},
        "subject": about,
        "valueQuantity": value,
    } | more


def only(intake: Intake) -> Incoming:
    (resource,) = intake.resources
    return resource


def of_kind(intake: Intake, kind: ItemKind) -> list[Item]:
    return [item for item in intake.items if item.kind == kind]


def refusal(payload: bytes, **options: Any) -> Invalid:
    with pytest.raises(Invalid) as caught:
        read(payload, **options)
    assert caught.value.code in set(Refusal)
    return caught.value


def test_the_handover_of_a_baby_becomes_the_file() -> None:
    intake = read(YUSUF)
    assert (intake.form, intake.sender) == (Form.BUNDLE, "Kinderziekenhuis De Linde")
    assert intake.counts == {Outcome.TAKEN: 39, Outcome.KEPT_UNREAD: 1, Outcome.REJECTED: 0}
    assert {i.kind: len(of_kind(intake, i.kind)) for i in intake.items} == {
        ItemKind.CHILD: 1,
        ItemKind.RELATIVE: 2,
        ItemKind.ORGANISATION: 2,
        ItemKind.PROFESSIONAL: 3,
        ItemKind.CONDITION: 3,
        ItemKind.ALLERGY: 1,
        ItemKind.DEVICE: 4,
        ItemKind.GOAL: 2,
        ItemKind.ENCOUNTER: 1,
        ItemKind.DIRECTIVE: 1,
        ItemKind.INTERVENTION: 4,
        ItemKind.CARE_TEAM: 1,
        ItemKind.MEASUREMENT: 6,
        ItemKind.MEDICATION: 1,
    }
    assert all(line.title and not line.faults for line in intake.report)
    assert {item.source for item in intake.items} == {"Kinderziekenhuis De Linde"}
    assert len({item.source_key for item in intake.items}) == len(intake.items)


def test_the_child_of_the_handover() -> None:
    child = read(YUSUF).child
    assert child
    assert (child.name.text, child.birth_date, child.bsn, child.gender) == (
        "Yusuf Haddad",
        "2026-07-22",
        "999901230",
        "male",
    )
    assert [each.language.text for each in child.languages] == ["Arabisch", "Nederlands"]


def test_a_tube_is_read_with_its_use_and_a_role_with_its_person() -> None:
    intake = read(YUSUF)
    tube = next(
        item for item in of_kind(intake, ItemKind.DEVICE) if "sonde" in item.note or "19 cm" in item.note
    )
    assert isinstance(tube, DeviceItem)
    assert (tube.what.text, tube.used.start, tube.status) == ("Neus-maagsonde 6 Fr", "2026-11-17", "active")
    assert tube.reasons[0].text.startswith("Drinkt nog niet genoeg")
    doctor = of_kind(intake, ItemKind.PROFESSIONAL)[0]
    assert isinstance(doctor, ProfessionalItem)
    assert (doctor.name.text, doctor.organisation.text) == ("Karin van Dijk", "Kinderziekenhuis De Linde")
    folded = [line for line in intake.report if line.reason == Reason.READ_WITH_ANOTHER]
    assert {line.fhir_type for line in folded} == {"Practitioner", "Device"}
    assert all(line.outcome == Outcome.TAKEN for line in folded)


def test_a_bsn_is_never_part_of_a_key() -> None:
    keys = [each.source_key for each in read(YUSUF).resources]
    assert not any("999901230" in key for key in keys)
    assert (
        "999901230"
        not in only(read(sent(patient(identifier=[{"system": BSN, "value": "999901230"}])))).source_key
    )


def test_reading_twice_gives_the_same_and_changes_nothing_of_the_raw() -> None:
    assert read(YUSUF) == read(YUSUF)
    raw = [each.raw for each in read(YUSUF).resources]
    assert raw == [entry["resource"] for entry in orjson.loads(YUSUF)["entry"]]


def test_the_same_as_ndjson_gives_the_same_items_apart_from_their_addresses() -> None:
    lines = b"\n".join(sent(entry["resource"]) for entry in orjson.loads(YUSUF)["entry"])
    for ending in (b"", b"\n", b"\r\n\r\n"):
        intake = read(lines.replace(b"\n", ending or b"\n") + ending, source=BASE)
        assert intake.form == Form.NDJSON
        assert {item.source_key for item in intake.items} == {item.source_key for item in read(YUSUF).items}


def test_a_single_resource_is_taken_for_the_child_the_nurse_chose() -> None:
    intake = read(sent(weight(subject="Patient/elsewhere")), source="Ziekenhuis")
    assert (intake.form, intake.child, only(intake).outcome) == (Form.RESOURCE, None, Outcome.TAKEN)
    assert only(intake).source_key == "Observation:Ziekenhuis/w"


def test_progress_is_told_per_resource() -> None:
    told: list[tuple[int, int]] = []
    read(bundle(patient(), weight()), progress=lambda done, whole: told.append((done, whole)))
    assert told == [(1, 2), (2, 2)]


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (b"", Refusal.EMPTY),
        (b" \n\t", Refusal.EMPTY),
        (codecs.BOM_UTF8, Refusal.EMPTY),
        (bundle(), Refusal.EMPTY),
        (b"<Patient xmlns='http://hl7.org/fhir'/>", Refusal.XML),
        (b"%PDF-1.7", Refusal.BINARY),
        (gzip.compress(YUSUF), Refusal.BINARY),
        (b"Beste collega,", Refusal.NOT_JSON),
        (b'{"resourceType": "Patient",}', Refusal.NOT_JSON),
        (b'{"resourceType": "Patient"} x', Refusal.NOT_JSON),
        (b'{"resourceType":"Observation","valueQuantity":{"value":NaN}}', Refusal.NOT_JSON),
        (b'{"resourceType":"Observation","valueQuantity":{"value":1e999}}', Refusal.NOT_JSON),
        (b'{"resourceType":"Patient","id":"\\ud800"}', Refusal.NOT_JSON),
        (b'{"resourceType":"Patient"}\n{"resourceType":}\n{"resourceType":"Patient"}', Refusal.NOT_JSON),
        (b'{"resourceType":"Patient"}\n{"resourceType":"Pat', Refusal.TRUNCATED),
        (YUSUF[: len(YUSUF) // 2], Refusal.TRUNCATED),
        ('{"resourceType":"Patient","name":"é'.encode()[:-1], Refusal.TRUNCATED),
        (YUSUF.decode().encode("utf-16"), Refusal.ENCODING),
        (YUSUF.decode().encode("utf-16-le"), Refusal.ENCODING),
        (YUSUF.decode().encode("utf-16-be"), Refusal.ENCODING),
        (YUSUF.decode().encode("utf-32"), Refusal.ENCODING),
        ('{"resourceType":"Patient","name":[{"text":"Zoë"}]}'.encode("latin-1"), Refusal.ENCODING),
        (b"[" * 100_000, Refusal.TOO_DEEP),
        (b"[" * 500 + b"]" * 500, Refusal.TOO_DEEP),
        (b'{"resourceType":"Patient","a":' + b"[" * DEEPEST + b"]" * DEEPEST + b"}", Refusal.TOO_DEEP),
        (b'{"resourceType":"Patient","id":"a\\u0000b"}', Refusal.FORBIDDEN_CHARACTER),
        (b'{"resourceType":"Patient","a\\u0000b":1}', Refusal.FORBIDDEN_CHARACTER),
        (b'{"resourceType":"Patient","gender":"male","gender":"female"}', Refusal.DUPLICATE_KEY),
        (b"null", Refusal.NOT_FHIR),
        (b"[]", Refusal.NOT_FHIR),
        (b'{"naam": "Yusuf"}', Refusal.NOT_FHIR),
        (b'{"resourceType": 5}', Refusal.NOT_FHIR),
        (b'{"resourceType": "Banaan"}', Refusal.NOT_FHIR),
        (b'{"resourceType": "HumanName"}', Refusal.NOT_FHIR),
        (b'{"resourceType": "Patient"}\n5', Refusal.NOT_FHIR),
    ],
)
def test_a_file_that_cannot_be_read_whole_is_refused_whole(payload: bytes, code: Refusal) -> None:
    assert refusal(payload).code == code


def test_a_file_over_the_limit_is_refused_before_it_is_read() -> None:
    answer = refusal(b"{" * (LIMIT + 1))
    assert (answer.code, answer.data["limit"]) == (Refusal.TOO_LARGE, 20 * 1024 * 1024)
    assert refusal(YUSUF, limit=100).code == Refusal.TOO_LARGE


def test_too_many_resources_are_refused() -> None:
    answer = refusal(b'{"resourceType":"Basic"}\n' * (MOST + 1))
    assert (answer.code, answer.data["count"]) == (Refusal.TOO_MANY, MOST + 1)


def test_where_a_mistake_stands_is_said() -> None:
    answer = refusal(b'{"resourceType":"Patient"}\n{"resourceType":"Patient",,}')
    assert (answer.data["line"], answer.data["column"]) == (2, 27)


def test_a_mark_of_utf8_is_accepted() -> None:
    assert read(codecs.BOM_UTF8 + YUSUF) == read(YUSUF)


@pytest.mark.parametrize(
    "payload",
    [
        bundle(patient("1"), patient("2")),
        bundle(
            patient("1", birthDate="2026-07-14"), patient("2", birthDate="2026-07-14")
        ),  # twins without names
        bundle(patient("1"), weight(subject="Patient/2")),
        bundle(weight("a", "Patient/1"), weight("b", "Patient/2")),
        bundle(weight("a", "https://one.example/Patient/1"), weight("b", "https://two.example/Patient/1")),
        bundle(
            patient("1", identifier=[{"system": BSN, "value": "999901230"}]),
            patient("1", identifier=[{"system": BSN, "value": "111222333"}]),
        ),
        bundle(
            patient("1", identifier=[{"system": "n", "value": "7"}], birthDate="2026-07-14"),
            patient("2", identifier=[{"system": "n", "value": "7"}], birthDate="2026-07-15"),
        ),
        bundle(
            patient("1", identifier=[{"system": BSN, "value": "999901230"}]),
            weight(subject={"identifier": {"system": BSN, "value": "111222333"}}),
        ),
        bundle(
            patient("1", name=[{"text": "Yusuf"}], birthDate="2026-07-14"),
            weight(
                subject={"reference": "#p"},
                contained=[patient("p", name=[{"text": "Ali"}], birthDate="2026-01-01")],
            ),
        ),
        sent(patient("1")) + b"\n" + sent(patient("2")),
        # What we do not read is kept in the file of the child too.
        bundle(patient("1"), {"resourceType": "MedicationStatement", "subject": {"reference": "Patient/2"}}),
    ],
)
def test_a_file_about_two_children_is_refused(payload: bytes) -> None:
    answer = refusal(payload)
    assert answer.code == Refusal.TWO_CHILDREN
    assert answer.data["positions"]


@pytest.mark.parametrize(
    "payload",
    [
        bundle(patient("1"), weight(subject="Patient/1/_history/3")),
        bundle(
            patient("1", identifier=[{"system": "n", "value": "7"}]),
            weight(subject={"identifier": {"system": "n", "value": "7"}}),
        ),
        bundle(
            patient("1", identifier=[{"system": BSN, "value": "999901230"}]),
            weight(
                subject={"identifier": {"system": "urn:oid:2.16.840.1.113883.2.4.6.3", "value": "999901230"}}
            ),
        ),
        bundle(
            patient("1", name=[{"text": "Yusuf"}], birthDate="2026-07-14"),
            weight(
                subject={"reference": "#p"},
                contained=[patient("p", name=[{"text": "Yusuf"}], birthDate="2026-07-14")],
            ),
        ),
        bundle(
            weight("a", {"reference": "Patient/1"}),
            weight("b", {"identifier": {"system": "n", "value": "7"}}),
            weight("c", {"reference": "Patient/1", "identifier": {"system": "n", "value": "7"}}),
        ),
        sent(
            {
                "resourceType": "Bundle",
                "entry": [
                    {"fullUrl": "urn:uuid:1", "resource": {"resourceType": "Patient"}},
                    {"fullUrl": "urn:uuid:2", "resource": weight(subject="urn:uuid:1")},
                ],
            }
        ),
    ],
)
def test_one_child_may_be_named_in_several_ways(payload: bytes) -> None:
    assert read(payload).counts[Outcome.REJECTED] == 0


def test_a_file_about_another_child_than_the_nurse_chose_is_refused() -> None:
    chosen = Identity(source_key="k", bsn="111222333", birth_date="2026-07-14")
    assert refusal(YUSUF, subject=chosen).code == Refusal.OTHER_CHILD
    logical = sent(weight(subject={"identifier": {"system": BSN, "value": "999901230"}}))
    assert refusal(logical, subject=chosen).code == Refusal.OTHER_CHILD
    elder = Identity(source_key="k", birth_date="2020-07-14")
    assert refusal(YUSUF, subject=elder).code == Refusal.OTHER_CHILD
    nameless = Identity(source_key="k", birth_date="2026-07-22")
    assert read(YUSUF, subject=nameless).child == read(YUSUF).child


@pytest.mark.parametrize(
    ("resource", "outcome", "reason"),
    [
        ({"resourceType": "Banaan"}, Outcome.REJECTED, Reason.UNKNOWN_TYPE),
        ({"id": "7"}, Outcome.REJECTED, Reason.NO_RESOURCE),
        ("text", Outcome.REJECTED, Reason.NO_RESOURCE),
        ({"resourceType": "Condition"}, Outcome.REJECTED, Reason.SAYS_NOTHING),
        (weight(status=["final"]), Outcome.REJECTED, Reason.UNREADABLE_STATUS),
        (weight(implicitRules="http://x"), Outcome.KEPT_UNREAD, Reason.UNKNOWN_MODIFIER),
        (weight(modifierExtension=[{"url": "http://x/not"}]), Outcome.KEPT_UNREAD, Reason.UNKNOWN_MODIFIER),
        (
            weight(component=[{"modifierExtension": [{"url": "http://x/not"}]}]),
            Outcome.KEPT_UNREAD,
            Reason.UNKNOWN_MODIFIER,
        ),
        (weight(subject="Group/1"), Outcome.KEPT_UNREAD, Reason.NOT_ABOUT_THE_CHILD),
        (weight(focus=[{"reference": "RelatedPerson/1"}]), Outcome.KEPT_UNREAD, Reason.NOT_ABOUT_THE_CHILD),
        (weight(focus=[{"reference": "Patient/1"}]), Outcome.TAKEN, Reason.NONE),
        (weight(status="entered-in-error"), Outcome.TAKEN, Reason.WITHDRAWN),
        (
            {"resourceType": "Consent", "scope": {"coding": [{"code": "research"}]}},
            Outcome.KEPT_UNREAD,
            Reason.OTHER_CONSENT,
        ),
    ],
)
def test_what_becomes_of_a_resource(resource: Any, outcome: Outcome, reason: Reason) -> None:
    line = read(bundle(patient(), resource)).report[1]
    assert (line.outcome, line.reason) == (outcome, reason)


def test_not_valid_is_not_rejected_when_the_meaning_is_clear() -> None:
    line = only(
        read(sent(weight(subject={"reference": "Patient/1"}, nonsense=True, note={"text": "stabiel"})))
    )
    assert (line.outcome, line.items[0].note) == (Outcome.TAKEN, "stabiel")
    assert any(fault.startswith("nonsense") for fault in line.faults)


def test_a_copy_is_set_aside_and_two_versions_are_not_guessed() -> None:
    dated = [{"meta": {"lastUpdated": f"2026-11-{day}T10:00:00Z"}} for day in (19, 20)]
    copy = read(bundle(patient(), weight(), weight())).report
    assert [line.reason for line in copy] == [Reason.NONE, Reason.NONE, Reason.DUPLICATE]
    versions = read(
        bundle(patient(), weight(**dated[0]), weight(valueQuantity={"value": 1}, **dated[1]))
    ).report
    assert [line.reason for line in versions[1:]] == [Reason.OLDER_VERSION, Reason.NONE]
    unclear = read(bundle(patient(), weight(), weight(valueQuantity={"value": 1}))).report
    assert [line.outcome for line in unclear[1:]] == [Outcome.REJECTED] * 2


def test_two_pumps_of_one_model_stay_two() -> None:
    pumps = [
        {
            "resourceType": "Device",
            "id": local,
            "identifier": [{"system": "gtin", "value": "1"}],
            "type": {"text": "Pomp"},
        }
        for local in ("a", "b")
    ]
    assert len({item.source_key for item in read(bundle(*pumps)).items}) == 2


def test_people_named_inside_the_patient_are_relatives_once() -> None:
    mother = {"name": {"text": "Samira Haddad"}, "relationship": [{"text": "moeder"}]}
    alone = read(sent(patient(contact=[mother, {"relationship": [{"text": "oma"}]}, {}])))
    relatives = [item for item in alone.items if isinstance(item, RelatedPersonItem)]
    assert [(each.name.text, each.relationships[0].text) for each in relatives] == [
        ("Samira Haddad", "moeder"),
        ("", "oma"),
    ]
    person = {
        "resourceType": "RelatedPerson",
        "id": "m",
        "patient": {"reference": "Patient/1"},
        "name": [mother["name"]],
    }
    both = read(bundle(patient(contact=[mother]), person))
    assert len(of_kind(both, ItemKind.RELATIVE)) == 1


def test_a_bsn_that_fails_the_test_is_left_out_and_said() -> None:
    intake = read(sent(patient(identifier=[{"system": BSN, "value": "123456789"}])))
    assert intake.child and not intake.child.bsn
    assert intake.bsn_not_valid
    assert not read(YUSUF).bsn_not_valid


def test_a_bundle_in_a_bundle_is_read_too() -> None:
    inner = {"resourceType": "Bundle", "entry": [{"resource": weight()}]}
    assert read(bundle(patient(), inner)).counts[Outcome.TAKEN] == 2
