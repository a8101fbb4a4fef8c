"""Medicines of a handover: the sender's words, and never more than was said."""

import json
from typing import Any

import pytest

from kindzorg.fhir import intake
from kindzorg.fhir.elements import Unreadable
from kindzorg.fhir.intake import Outcome, Reason
from kindzorg.fhir.references import alone
from kindzorg.fhir.resources.medication import from_fhir
from kindzorg.record.items import MedicationItem
from kindzorg.record.values import Span


def read(kind: str = "MedicationRequest", **said: Any) -> MedicationItem:
    resource = {"resourceType": kind, "id": "m", **said}
    return from_fhir(resource, alone(resource))


NAMED = {"medicationCodeableConcept": {"text": "Vitamine D druppels"}}


def test_the_dose_is_the_text_that_came_else_the_amount_as_sent() -> None:
    dosage = [
        {"text": "1 keer per dag 10 microgram", "patientInstruction": "Bij het eten."},
        {
            "doseAndRate": [{"doseQuantity": {"value": 5, "unit": "ml"}}],
            "timing": {"code": {"text": "2 keer per dag"}},
        },
        {},
    ]
    item = read(**NAMED, dosageInstruction=dosage, status="active", authoredOn="2026-09-01")
    assert item.dosage == ("1 keer per dag 10 microgram", "Bij het eten.", "5 ml, 2 keer per dag")
    assert (item.what.text, item.status, item.recorded_on) == ("Vitamine D druppels", "active", "2026-09-01")
    assert read("MedicationStatement", **NAMED, dosage=dosage[:1]).dosage == item.dosage[:2]


@pytest.mark.parametrize(
    ("said", "used"),
    [
        ({"effectivePeriod": {"start": "2026-08-01"}}, Span("2026-08-01")),
        ({"effectiveDateTime": "2026-08-01"}, Span("2026-08-01")),
        (
            {"dosageInstruction": [{"timing": {"repeat": {"boundsPeriod": {"end": "2026-08-09"}}}}]},
            Span("", "2026-08-09"),
        ),
        ({"dispenseRequest": {"validityPeriod": {"start": "2026-08-02"}}}, Span("2026-08-02")),
        ({}, Span()),
    ],
)
def test_when_it_is_given_is_said_in_several_places(said: dict[str, Any], used: Span) -> None:
    assert read(**NAMED, **said).used == used


def test_the_product_is_found_in_the_resource_or_named_by_its_reference() -> None:
    product = {"resourceType": "Medication", "id": "p", "code": {"text": "Salbutamol"}}
    inside = read(medicationReference={"reference": "#p"}, contained=[product])
    assert inside.what.text == "Salbutamol"
    assert read(medicationReference={"display": "Macrogol"}).what.text == "Macrogol"
    with pytest.raises(Unreadable, match="says_nothing"):
        read()


def test_an_order_not_to_give_it_is_no_medicine_that_is_given() -> None:
    item = read(**NAMED, doNotPerform=True, status="active", statusReason={"text": "allergisch"})
    assert (item.status, item.reason_ended) == ("not-taken", "allergisch")
    assert read("MedicationStatement", **NAMED, statusReason=[{"text": "klaar"}]).reason_ended == "klaar"


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"intent": "order", "status": "active"}, "active"),
        ({"intent": "plan", "status": "active"}, "intended"),
        ({"intent": "option"}, "intended"),
        ({"intent": "proposal", "status": "stopped"}, "stopped"),
        ({"intent": "plan", "status": "on-hold"}, "on-hold"),
        ({"intent": "plan", "status": "active", "doNotPerform": True}, "not-taken"),
    ],
)
def test_what_is_only_planned_is_no_medicine_that_is_given(said: dict[str, Any], status: str) -> None:
    assert read(**NAMED, **said).status == status


def test_an_intent_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(Unreadable, match="unreadable_status"):
        read(**NAMED, status="active", intent=["plan"])


@pytest.mark.parametrize(
    ("kind", "outcome", "reason"),
    [
        ("MedicationDispense", Outcome.KEPT_UNREAD, Reason.TYPE_NOT_USED),
        ("MedicationStatement", Outcome.REJECTED, Reason.SAYS_NOTHING),
    ],
)
def test_what_was_handed_out_is_kept_unread_and_what_names_no_medicine_is_refused(
    kind: str, outcome: Outcome, reason: Reason
) -> None:
    (line,) = intake.read(json.dumps({"resourceType": kind}).encode()).report
    assert (line.outcome, line.reason) == (outcome, reason)
