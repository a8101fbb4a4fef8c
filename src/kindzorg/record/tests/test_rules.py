"""The file's rules: no database."""

from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kindzorg.core.errors import Invalid
from kindzorg.core.vocabulary import Truth
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
    OrganisationItem,
    ProfessionalItem,
    RelatedPersonItem,
)
from kindzorg.record.rules import (
    FHIR_TYPES,
    ITEM_TYPES,
    FieldDifference,
    Verdict,
    day_of,
    difference,
    item_data,
    item_from,
    same_child,
    title,
    valid_bsn,
    verdict,
)
from kindzorg.record.values import (
    Activity,
    Code,
    Concept,
    Link,
    Member,
    PersonName,
    Quantity,
    Reaction,
    Span,
    Value,
)

SONDE = Concept("Neus-maagsonde", (Code("http://snomed.info/sct", "17102003", "neus-maagsonde"),))
DEVICE = DeviceItem(
    source_key="Device:x/1", source="Ziekenhuis", what=SONDE, note="19 cm", used=Span("2026-11-17")
)


def child(**known: object) -> Identity:
    return Identity(source_key="Patient:x/1", **known)  # type: ignore[arg-type]


@pytest.mark.parametrize("bsn", ["999901230", "111222333", "123456782"])
def test_a_bsn_that_passes_the_eleven_test(bsn: str) -> None:
    assert valid_bsn(bsn)


@pytest.mark.parametrize(
    "bsn", ["", "000000000", "999901231", "12345678", "1234567890", "12345678a", "१२३४५६७८२"]
)
def test_what_is_no_bsn(bsn: str) -> None:
    assert not valid_bsn(bsn)


@given(st.integers(min_value=1, max_value=999_999_999), st.integers(0, 8))
def test_one_wrong_digit_never_passes(number: int, place: int) -> None:
    """The eleven-test is there to catch this: changing one digit breaks it."""
    text = f"{number:09d}"
    if valid_bsn(text):
        other = text[:place] + str((int(text[place]) + 1) % 10) + text[place + 1 :]
        assert not valid_bsn(other)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-07-14", date(2026, 7, 14)),
        ("2026-07-14T10:00:00+02:00", date(2026, 7, 14)),
        ("2026-07", None),
        ("2026", None),
        ("", None),
        ("2026-13-01", None),
    ],
)
def test_the_day_of_a_partial_date(text: str, day: date | None) -> None:
    assert day_of(text) == day


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        ({"bsn": "999901230"}, {"bsn": "999901230", "birth_date": "2026-01-01"}, Truth.YES),
        ({"bsn": "999901230"}, {"bsn": "111222333"}, Truth.NO),
        ({"birth_date": "2026-07-14"}, {"birth_date": "2026-07-15"}, Truth.NO),
        ({"birth_date": "2026-07-14"}, {"birth_date": "2026-07-14"}, Truth.UNKNOWN),  # twins
        ({"birth_date": "2026-07"}, {"birth_date": "2026-08"}, Truth.UNKNOWN),
        ({}, {}, Truth.UNKNOWN),
    ],
)
def test_whether_two_identities_are_one_child(one: dict, other: dict, answer: Truth) -> None:
    assert same_child(child(**one), child(**other)) == answer
    assert same_child(child(**other), child(**one)) == answer


def test_what_was_not_there_is_new_and_what_is_equal_is_the_same() -> None:
    assert verdict(None, DEVICE) == Verdict.NEW
    assert verdict(DEVICE, DEVICE) == Verdict.SAME


def test_the_sending_itself_makes_no_difference() -> None:
    again = replace(DEVICE, source="Other", source_key="Device:y/1", recorded_on="2026-11-21")
    assert difference(DEVICE, again) == ()


def test_silence_and_spacing_and_the_wording_of_a_code_make_no_difference() -> None:
    code = Concept(" Neus-maagsonde ", (Code("http://snomed.info/sct", "17102003", "NG tube"),))
    assert difference(DEVICE, replace(DEVICE, what=code, note="", used=Span())) == ()


def test_another_length_is_a_difference_with_both_sides() -> None:
    longer = replace(DEVICE, note="21 cm")
    assert difference(DEVICE, longer) == (FieldDifference("note", "19 cm", "21 cm"),)
    assert verdict(DEVICE, longer) == Verdict.DIFFERS


def test_order_makes_no_difference_and_one_person_less_does() -> None:
    parents = (Member(Link("Elif", "R:1")), Member(Link("Emre", "R:2")))
    held = DirectiveItem(source_key="k", agreed_by=parents)
    assert difference(held, replace(held, agreed_by=parents[::-1])) == ()
    assert difference(held, replace(held, agreed_by=parents[:1])) != ()


def test_a_link_is_the_same_by_its_key_whatever_it_is_called() -> None:
    held = DeviceItem(source_key="k", device=Link("Pump", "Device:1"))
    assert difference(held, replace(held, device=Link("Feeding pump", "Device:1"))) == ()
    assert difference(held, replace(held, device=Link("Pump", "Device:2"))) != ()
    named = DeviceItem(source_key="k", device=Link("Pump"))
    assert difference(named, replace(named, device=Link("Other pump"))) != ()


def test_a_code_without_a_value_is_compared_by_its_display() -> None:
    held = ConditionItem(source_key="k", what=Concept("x", (Code("", "", "one"),)))
    assert difference(held, replace(held, what=Concept("x", (Code("", "", "two"),)))) != ()


def test_withdrawing_is_a_difference_only_for_what_the_file_holds() -> None:
    gone = replace(DEVICE, withdrawn=True)
    assert verdict(None, gone) == Verdict.SAME
    assert verdict(DEVICE, gone) == Verdict.DIFFERS
    assert verdict(gone, DEVICE) == Verdict.DIFFERS


def test_items_of_two_kinds_cannot_be_compared() -> None:
    with pytest.raises(Invalid) as refusal:
        difference(DEVICE, GoalItem(source_key="k"))
    assert refusal.value.code == "different_kinds"


def test_every_kind_has_one_item_type_and_its_fhir_names() -> None:
    assert set(ITEM_TYPES) == set(FHIR_TYPES) == set(ItemKind)
    assert all(kind == item.kind for kind, item in ITEM_TYPES.items())


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (DEVICE, "Neus-maagsonde"),
        (DeviceItem(source_key="k", device=Link("Pump")), "Pump"),
        (child(name=PersonName("Yusuf")), "Yusuf"),
        (child(), ""),
        (OrganisationItem(source_key="k", name="De Horizon"), "De Horizon"),
        (ProfessionalItem(source_key="k", specialties=(Concept("Kinderarts"),)), "Kinderarts"),
        (ProfessionalItem(source_key="k", organisation=Link("De Horizon")), "De Horizon"),
        (RelatedPersonItem(source_key="k", relationships=(Concept("Moeder"),)), "Moeder"),
        (DirectiveItem(source_key="k", specification="Overleg eerst"), "Overleg eerst"),
        (InterventionItem(source_key="k", activities=(Activity(Concept("Voeden")),)), "Voeden"),
        (EncounterItem(source_key="k", setting=Concept("Opname")), "Opname"),
        (AllergyItem(source_key="k", what=Concept("Koemelk")), "Koemelk"),
    ],
)
def test_the_title_of_an_item(item: Item, words: str) -> None:
    assert title(item) == words


@pytest.mark.parametrize(
    "item",
    [
        DEVICE,
        child(name=PersonName("Yusuf Demir"), bsn="999901230", multiple_birth=Truth.YES),
        DirectiveItem(
            source_key="k", advance=True, agreed_by=(Member(Link("Elif", "R:1"), (Concept("moeder"),)),)
        ),
        AllergyItem(source_key="k", reactions=(Reaction(Concept("melk"), (Concept("uitslag"),)),)),
        MeasurementItem(source_key="k", value=Value("4650 g", Quantity("4650", "g"))),
    ],
)
def test_an_item_survives_storage(item: Item) -> None:
    data = item_data(item)
    assert item_from(item.kind, data) == item
    assert "status" not in data


@pytest.mark.parametrize("kind", ["", "nothing", "device"])
@pytest.mark.parametrize(
    "data",
    [
        {},
        {"source_key": 5},
        {"source_key": "k", "nothing": ""},
        {"source_key": None},
        {"source_key": "k", "what": "x"},
    ],
)
def test_what_is_no_item_is_refused(kind: str, data: dict) -> None:
    with pytest.raises(Invalid) as refusal:
        item_from(kind, data)
    assert refusal.value.code == "not_an_item"


@pytest.mark.parametrize("kind", ItemKind)
def test_items_are_hashable_and_every_field_but_the_key_may_be_unknown(kind: ItemKind) -> None:
    item = ITEM_TYPES[kind](source_key="k")
    assert hash(item) == hash(ITEM_TYPES[kind](source_key="k"))
    assert item_data(item) == {"source_key": "k"}
    assert {"source_key", "source", "recorded_on"} <= {field.name for field in fields(item)}
