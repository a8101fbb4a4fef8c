"""What the words of a resource become, where a mistake in reading would harm. Resources after the published ones."""

from types import ModuleType
from typing import Any

import pytest

from kindzorg.core.vocabulary import Truth
from kindzorg.fhir.elements import Unreadable, concept, day, quantity, schedule, text, value_of
from kindzorg.fhir.persons import name_of
from kindzorg.fhir.references import alone
from kindzorg.fhir.resources import (
    allergy_intolerance,
    care_plan,
    condition,
    consent,
    device_use_statement,
    encounter,
    goal,
    observation,
    organization,
    patient,
    practitioner_role,
)
from kindzorg.record.items import Decision, Matter
from kindzorg.record.values import Concept, Link, PersonName, Quantity, Schedule, Span, Value

SCT = "http://snomed.info/sct"
NICTIZ = "http://nictiz.nl/fhir/StructureDefinition/"
TREATMENT = {"coding": [{"code": "treatment"}]}
RESUSCITATION = [{"coding": [{"system": SCT, "code": "89666000", "display": "Cardiopulmonale resuscitatie"}]}]


def read(module: ModuleType, kind: str, **body: Any) -> Any:
    resource = {"resourceType": kind, "id": "1"} | body
    return module.from_fhir(resource, alone(resource, "Ziekenhuis"))


def directive(**body: Any) -> Any:
    return read(consent, "Consent", **({"status": "active", "scope": TREATMENT} | body))


@pytest.mark.parametrize(
    ("sent", "decision"),
    [("permit", Decision.PERMITTED), ("deny", Decision.REFUSED), (None, Decision.NOT_SAID)],
)
def test_yes_and_no_on_resuscitation(sent: str | None, decision: Decision) -> None:
    item = directive(provision={"type": sent, "code": RESUSCITATION})
    assert (item.decision, item.what[0].text) == (decision, "Cardiopulmonale resuscitatie")


def test_a_condition_on_a_directive_is_not_read_as_yes_or_no() -> None:
    words = {"url": NICTIZ + "ext-TreatmentDirective2.SpecificationOther", "valueString": "eerst overleg"}
    item = directive(modifierExtension=[words], provision={"type": "permit", "code": RESUSCITATION})
    assert (item.decision, item.specification) == (Decision.CONDITIONAL, "eerst overleg")
    nested = directive(provision={"type": "permit", "code": RESUSCITATION, "provision": [{"type": "deny"}]})
    assert nested.decision == Decision.CONDITIONAL


@pytest.mark.parametrize(
    "provision",
    [{"type": "maybe", "code": RESUSCITATION}, {"type": ["deny"], "code": RESUSCITATION}, "deny", [{}, {}]],
)
def test_a_directive_that_may_mean_the_opposite_is_not_read(provision: Any) -> None:
    with pytest.raises(Unreadable, match="unreadable_status"):
        directive(provision=provision)


def test_an_advance_directive_and_other_consents() -> None:
    assert directive(scope={"coding": [{"code": "adr"}]}, provision={"code": RESUSCITATION}).advance
    assert directive(
        scope=None, category=[{"coding": [{"code": "acd"}]}], provision={"code": RESUSCITATION}
    ).advance
    with pytest.raises(Unreadable, match="other_consent"):
        directive(scope={"coding": [{"code": "patient-privacy"}]})


@pytest.mark.parametrize(
    ("code", "matter"),
    [
        ("303186005", Matter.LEGAL_STATUS),
        ("151701000146105", Matter.REPRESENTATION),
        ("404684003", Matter.HEALTH),
    ],
)
def test_supervision_by_the_court_is_not_a_diagnosis(code: str, matter: Matter) -> None:
    item = read(
        condition, "Condition", code={"text": "x"}, category=[{"coding": [{"system": SCT, "code": code}]}]
    )
    assert item.matter == matter


def test_what_is_refuted_or_withdrawn_says_so() -> None:
    refuted = {"coding": [{"code": "refuted"}]}
    assert read(condition, "Condition", code={"text": "x"}, verificationStatus=refuted).certainty == "refuted"
    gone = {"coding": [{"code": "entered-in-error"}]}
    item = read(allergy_intolerance, "AllergyIntolerance", code={"text": "melk"}, verificationStatus=gone)
    assert item.withdrawn
    with pytest.raises(Unreadable, match="unreadable_status"):
        read(condition, "Condition", code={"text": "x"}, verificationStatus={"coding": "refuted"})
    for lenient in ("refuted", [refuted]):
        assert (
            read(condition, "Condition", code={"text": "x"}, verificationStatus=lenient).certainty
            == "refuted"
        )


def test_an_allergy_is_named_by_its_substance_where_it_has_no_code() -> None:
    item = read(allergy_intolerance, "AllergyIntolerance", reaction=[{"substance": {"text": "Bijengif"}}])
    assert item.what.text == "Bijengif"


def test_what_must_not_be_done_is_marked() -> None:
    def activity(value: Any) -> Any:
        detail = {"code": {"text": "Sonde wisselen"}, "doNotPerform": value}
        return read(care_plan, "CarePlan", activity=[{"detail": detail}]).activities[0]

    assert activity(True).forbidden
    assert not activity(None).forbidden
    with pytest.raises(Unreadable, match="unreadable_status"):
        activity("true")


def test_the_components_of_a_measurement_are_kept_apart() -> None:
    item = read(
        observation,
        "Observation",
        status="final",
        meta={"profile": [NICTIZ + "nl-core-BloodPressure|0.12"]},
        code={"text": "Bloeddruk"},
        effectivePeriod={"start": "2026-11-20", "end": "2026-11-21"},
        component=[
            {"code": {"text": "boven"}, "valueQuantity": {"value": 85, "unit": "mmHg"}},
            {"code": {"text": "onder"}, "dataAbsentReason": {"text": "onrustig"}},
        ],
    )
    assert item.profile == "BloodPressure"
    assert item.measured == Span("2026-11-20", "2026-11-21")
    assert [(c.value.text, c.absent_reason.text) for c in item.components] == [
        ("85 mmHg", ""),
        ("", "onrustig"),
    ]


def test_a_measurement_without_any_finding_says_nothing() -> None:
    with pytest.raises(Unreadable, match="says_nothing"):
        read(observation, "Observation", code={"text": "Gewicht"})


def test_a_device_outside_the_file_is_linked_by_its_key() -> None:
    item = read(
        device_use_statement, "DeviceUseStatement", device={"reference": "Device/7", "display": "Pomp"}
    )
    assert (item.what.text, item.device) == ("Pomp", Link("Pomp", "Device:Ziekenhuis/7"))
    inside = {"resourceType": "Device", "id": "p", "type": {"text": "Voedingspomp"}}
    item = read(device_use_statement, "DeviceUseStatement", contained=[inside], device={"reference": "#p"})
    assert item.what.text == "Voedingspomp"


def test_a_goal_and_its_target() -> None:
    item = read(
        goal,
        "Goal",
        lifecycleStatus="active",
        target=[{"detailString": "zelf drinken", "dueDate": "2027-03"}],
    )
    assert (item.status, item.targets[0].detail.text, item.targets[0].due) == (
        "active",
        "zelf drinken",
        "2027-03",
    )


def test_where_a_child_goes_after_a_stay() -> None:
    item = read(
        encounter,
        "Encounter",
        **{"class": {"code": "IMP", "display": "inpatient"}},
        hospitalization={"dischargeDisposition": {"text": "Naar huis"}},
    )
    assert (item.setting.text, item.discharged_to.text) == ("inpatient", "Naar huis")


@pytest.mark.parametrize("module", [practitioner_role, organization, goal, encounter, care_plan])
def test_an_empty_resource_says_nothing(module: ModuleType) -> None:
    with pytest.raises(Unreadable, match="says_nothing"):
        read(module, "X")


def test_a_newborn_without_anything_is_still_a_child() -> None:
    item = read(patient, "Patient")
    assert (item.name, item.bsn, item.birth_date, item.deceased) == (PersonName(), "", "", Truth.UNKNOWN)
    assert read(patient, "Patient", deceasedDateTime="2026-11-20").deceased == Truth.YES
    assert read(patient, "Patient", multipleBirthInteger=2).multiple_birth == Truth.YES


@pytest.mark.parametrize(
    ("names", "read_as"),
    [
        (
            [
                {"use": "official", "text": "Hendrik Schemer", "family": "Schemer", "given": ["Hendrik"]},
                {"use": "usual", "given": ["Henk"]},
            ],
            PersonName("Hendrik Schemer", "Hendrik", "Schemer", "Henk"),
        ),
        (
            [{"use": "old", "text": "Jansen"}, {"given": ["A."], "family": "de Boer"}],
            PersonName("A. de Boer", "A.", "de Boer"),
        ),
        ("Yusuf Demir", PersonName("Yusuf Demir")),
        ([], PersonName()),
        ([{"use": "old", "text": "Jansen"}], PersonName()),
    ],
)
def test_names(names: Any, read_as: PersonName) -> None:
    assert name_of({"name": names}) == read_as


@pytest.mark.parametrize(
    ("sent", "read_as"),
    [
        ("2026", "2026"),
        ("2026-02-28T10:00:00+01:00", "2026-02-28T10:00:00+01:00"),
        ("2026-02-30", ""),
        ("20 november", ""),
        (20261120, ""),
        (None, ""),
    ],
)
def test_dates_as_precise_as_sent(sent: Any, read_as: str) -> None:
    assert day(sent) == read_as


@pytest.mark.parametrize(
    ("sent", "read_as"),
    [(4650, "4650"), (38.5, "38.5"), (37.0, "37"), (1e-7, "0.0000001"), (0.1, "0.1"), (True, ""), ([], "")],
)
def test_numbers_as_text(sent: Any, read_as: str) -> None:
    assert text(sent) == read_as


def test_concepts_keep_their_codes_and_what_is_said_beside_them() -> None:
    side = {"url": NICTIZ + "ext-AnatomicalLocation.Laterality", "valueCodeableConcept": {"text": "links"}}
    arm = concept(
        {"extension": [side], "coding": [{"system": SCT, "code": "14975008", "display": "onderarm"}]}
    )
    assert (arm.text, arm.codes[0].code) == ("onderarm (links)", "14975008")
    assert concept("onderarm") == Concept("onderarm")
    assert concept(None) == concept([]) == concept(False) == Concept()


@pytest.mark.parametrize(
    ("holder", "read_as"),
    [
        (
            {"valueQuantity": {"value": 2, "unit": "l", "comparator": "<"}},
            Value("<2 l", Quantity("2", "l", comparator="<")),
        ),
        ({"valueBoolean": False}, Value(truth=Truth.NO)),
        ({"valueInteger": 14}, Value("14")),
        ({"valueString": "rustig"}, Value("rustig")),
        ({"valuePeriod": {"start": "2026"}}, Value("2026")),
        ({"valueRange": {"low": {"value": 1}, "high": {"value": 3}}}, Value("1 - 3")),
        ({"valueRatio": {"numerator": {"value": 1}, "denominator": {"value": 3}}}, Value("1 / 3")),
        ({"value": 3}, Value()),
    ],
)
def test_values_of_each_type(holder: dict[str, Any], read_as: Value) -> None:
    assert value_of(holder) == read_as


def test_an_unreadable_comparator_is_not_dropped() -> None:
    with pytest.raises(Unreadable, match="unreadable_status"):
        quantity({"value": 2, "comparator": ["<"]})


def test_when_something_is_done() -> None:
    timing = {"repeat": {"frequency": 1, "period": 3, "periodUnit": "h", "timeOfDay": ["08:00:00"]}}
    assert schedule({"xTiming": timing}, "x") == Schedule("", "1", "3", "h", ("08:00:00",))
    assert schedule({"xString": "dag en nacht"}, "x").text == "dag en nacht"
