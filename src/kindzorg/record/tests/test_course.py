"""Medicines and measurements: written down by family and team, read as they were said, compared with the own range."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kindzorg.careplan.tests.conftest import World, build
from kindzorg.core.errors import Missing, Refused
from kindzorg.core.ids import new_id
from kindzorg.record.actions import enter_item
from kindzorg.record.course.queries import course_for
from kindzorg.record.course.rules import OwnRange, decimal_of, kind_of, range_at
from kindzorg.record.items import Item, ItemKind, MeasurementItem, MedicationItem, RangeItem
from kindzorg.record.models import RecordItem
from kindzorg.record.values import Concept, Quantity, Span, Value
from kindzorg.record.wording import tag_of
from kindzorg.ui.charts import Dot, draw

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = build()
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: made.moment)
    return made


def own(low: str, high: str, unit: str = "kg", at: datetime = NOON) -> OwnRange:
    return OwnRange(decimal_of(low), decimal_of(high), unit, "Karin", at)


def test_a_number_is_read_as_people_write_it() -> None:
    assert decimal_of(" 12,5 ") == Decimal("12.5") == decimal_of("12.5")
    assert [decimal_of(one) for one in ("", "twaalf", "1e9", "-3", "12,", "1" * 9)] == [None] * 6


def test_a_range_holds_with_its_ends_and_from_its_own_day() -> None:
    assert own("10", "12").holds(Decimal(10))
    assert own("10", "12").holds(Decimal(12))
    assert not own("10", "12").holds(Decimal("12.1"))
    assert not own("10", "").holds(Decimal("9.9"))
    assert own("", "12").holds(Decimal(0))
    first, later = own("10", "12"), own("11", "13", at=NOON + timedelta(days=2))
    assert range_at([first, later], NOON - timedelta(days=1), "kg") is None
    assert range_at([first, later], NOON + timedelta(days=1), "KG") == first
    assert range_at([first, later], NOON + timedelta(days=3), "kg") == later
    assert range_at([first], NOON, "g") is None


def test_what_belongs_together_is_told_by_profile_or_words() -> None:
    weight = MeasurementItem(source_key="", what=Concept("Body weight"), profile="BodyWeight")
    assert kind_of(weight) == "BodyWeight"
    assert kind_of(RangeItem(source_key="", what=Concept("Plassen  per DAG"))) == "plassen per dag"


@pytest.mark.parametrize("values", [(12.0, 12.0), (0.1, 0.2), (3.0, 4800.0), (95.0, 99.0), (36.4, 39.9)])
def test_a_chart_holds_every_amount_and_its_band(values: tuple[float, float]) -> None:
    dots = [Dot(NOON + timedelta(days=number), value) for number, value in enumerate(values)]
    chart = draw(dots, (values[0], None))
    assert all(0 <= y <= 172.1 for _x, y, _apart in chart.marks)
    assert chart.band is not None
    assert chart.band[1] >= 0
    assert len(chart.rows) == 6
    assert draw(dots[:1], (None, 5000.0)).marks[0][0] == 176.0
    assert draw(dots, None).band is None


def weighed(value: str, at: str = "2026-09-10T10:00:00+00:00", unit: str = "kg") -> MeasurementItem:
    amount = Quantity(value, unit)
    return MeasurementItem(
        source_key="",
        what=Concept("Gewicht"),
        profile="BodyWeight",
        measured=Span(at),
        value=Value(f"{value} {unit}", quantity=amount),
    )


def enter(world: World, who: str, item: Item) -> RecordItem:
    return world.do(who, enter_item, item)  # type: ignore[no-any-return]


def test_a_professional_sets_the_range_and_nobody_else(world: World) -> None:
    item = RangeItem(source_key="", what=Concept("Gewicht"), profile="BodyWeight", low="10", unit="kg")
    for who in ("mother", "teacher"):
        with pytest.raises(Refused):
            enter(world, who, item)
    assert enter(world, "nurse", item).kind == ItemKind.RANGE


def test_a_course_says_by_which_range_something_lies_outside(world: World) -> None:
    early = enter(world, "mother", weighed("9"))
    first = RangeItem(
        source_key="", what=Concept("Gewicht"), profile="BodyWeight", low="10", high="12", unit="kg"
    )
    enter(world, "nurse", first)
    moment = (world.moment + timedelta(hours=1)).isoformat()
    enter(world, "nurse", weighed("12.5", moment))
    enter(world, "nurse", weighed("11", moment))
    enter(world, "nurse", weighed("9000", moment, "g"))
    for at, value in (("2026-09", "9"), ("2026-09-11", "9"), ("2026-09-11T10:00:00", ""), ("x", "9")):
        enter(world, "nurse", weighed(value, at))
    actor, subject = world.as_("mother")
    found = course_for(actor, subject, early.id, world.moment.date())
    assert [(str(one.value), one.outside) for one in found.measured] == [
        ("9", False),
        ("9", False),
        ("12.5", True),
        ("11", False),
        ("9000", False),
    ]
    assert found.now is not None
    with pytest.raises(Missing):
        course_for(actor, subject, new_id(), world.moment.date())


def beats(unit: str, code: str, comparator: str = "") -> MeasurementItem:
    amount = Quantity("190", unit, "http://unitsofmeasure.org", code, comparator)
    return MeasurementItem(
        source_key="",
        what=Concept("Hartslag"),
        profile="HeartRate",
        measured=Span("2026-12-01T10:00:00+00:00"),
        value=Value(f"{comparator}190 {unit}", quantity=amount),
    )


def test_the_unit_of_a_hospital_is_known_by_its_code_and_what_is_not_exact_is_not_judged(
    world: World,
) -> None:
    usual = RangeItem(
        source_key="", what=Concept("Hartslag"), profile="HeartRate", high="160", unit="per minuut"
    )
    first = enter(world, "nurse", usual)
    for sent in (beats("/min", "/min"), beats("bpm", "/min"), beats("/min", "/min", "<"), beats("beats", "")):
        enter(world, "nurse", sent)
    enter(world, "nurse", beats("/min", "/min"))
    actor, subject = world.as_("mother")
    found = course_for(actor, subject, first.id, world.moment.date()).measured
    assert [(one.unit, one.outside) for one in found] == [
        ("per minuut", True),
        ("per minuut", True),
        ("per minuut", False),
        ("beats", False),
        ("per minuut", True),
    ]
    # What is not exact stands in the table, and is no point of the picture.
    shown = page(world, "mother", "record_course", first.id)
    assert shown.count("kz-chart__apart") == 3
    assert "kz-curves__mark" not in shown
    assert "&lt;190 per minuut" in shown


@pytest.mark.parametrize(
    "at", ["0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59Z", "0001-01-01", "9999-12-31T23:59:59"]
)
def test_a_year_that_cannot_be_does_not_close_the_page(world: World, at: str) -> None:
    row = enter(world, "nurse", weighed("11", at))
    enter(world, "nurse", weighed("12"))
    actor, subject = world.as_("mother")
    found = course_for(actor, subject, row.id, world.moment.date())
    assert [str(one.value) for one in found.measured] == ["12"]
    assert "12 kg" in page(world, "mother", "record_course", row.id)


@pytest.mark.parametrize("at", ["0001-01-01T00:00", "1026-09-10T10:00"])
def test_a_slip_in_the_year_is_told_and_kept(world: World, at: str) -> None:
    wrong = page(world, "mother", "record_measure", measure="BodyWeight", value="11", at=at)
    assert "Kijk naar het jaar" in wrong
    assert at in wrong
    assert not RecordItem.objects.filter(kind=ItemKind.MEASUREMENT).exists()


def page(world: World, who: str, name: str, *more: Any, status: int = 200, **typed: str) -> str:
    browser = Client()
    browser.force_login(world.users[who])
    where = reverse(name, args=[world.child_id, *more])
    answer = browser.post(where, typed) if typed else browser.get(where)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return str(answer.content.decode()) if status == 200 else str(answer.get("Location", ""))


def test_a_family_writes_a_weight_and_reads_it_in_words_and_as_a_picture(world: World) -> None:
    enter(world, "nurse", weighed("11"))
    wrong = page(world, "mother", "record_measure", measure="BodyWeight", value="elf", at="2026-09-10T10:00")
    assert "Schrijf een getal" in wrong
    assert 'value="elf"' in wrong
    later = page(world, "mother", "record_measure", measure="BodyWeight", value="11", at="2099-01-01T10:00")
    assert "moet nog komen" in later
    unnamed = page(world, "mother", "record_measure", measure="own", value="3", at="2026-09-10T10:00")
    assert "Schrijf op wat het is" in unnamed
    typed = {"measure": "BodyWeight", "value": "12,5", "at": "2026-09-12T10:00", "note": "Zonder luier."}
    where = page(world, "mother", "record_measure", status=302, **typed)
    row = RecordItem.objects.get(id=where.split("/")[-2])
    assert row.data["value"]["quantity"]["value"] == "12.5"
    page(world, "mother", "record_range", status=404)
    assert "allebei" in page(world, "nurse", "record_range", measure="BodyWeight", low="", high="")
    assert "minder dan" in page(world, "nurse", "record_range", measure="BodyWeight", low="12", high="10")
    page(world, "nurse", "record_range", status=302, measure="BodyWeight", low="10", high="12")
    shown = page(world, "mother", "record_course", row.id)
    assert "<svg" in shown
    assert "12,5 kg" in shown
    assert "10 tot en met 12 kg, ingesteld door" in shown
    assert "Zonder luier." in shown
    assert shown.count("/retract") == 1
    assert page(world, "nurse", "record_course", row.id).count("/retract") == 2
    own = {
        "measure": "own",
        "what": "Natte luiers",
        "unit": "per dag",
        "value": "5",
        "at": "2026-09-12T10:00",
    }
    page(world, "nurse", "record_measure", status=302, **own)
    assert "Natte luiers" in page(world, "nurse", "record")
    assert "kz-chart__band" in shown


@pytest.mark.parametrize(
    ("status", "end", "at_home", "tag"),
    [
        ("on-hold", "", False, "tijdelijk gestopt"),
        ("on-hold", "", True, "tijdelijk gestopt"),
        ("draft", "", False, "nog niet begonnen"),
        ("intended", "", False, "nog niet begonnen"),
        ("unknown", "", False, "nog niet zeker"),
        ("active", "2026-08-09", False, "einddatum is voorbij"),
        ("", "2026-08", True, "einddatum is voorbij"),
    ],
)
def test_a_medicine_that_is_not_plainly_given_says_so(
    world: World, status: str, end: str, at_home: bool, tag: str
) -> None:
    item = MedicationItem(
        source_key="", what=Concept("Baclofen"), status=status, used=Span("", end), at_home=at_home
    )
    enter(world, "nurse", item)
    for name in ("child_medication", "child_card", "record"):
        shown = page(world, "mother", name)
        assert tag in shown[shown.index("Baclofen") :], name
    assert "geven wij thuis" not in page(world, "mother", "child_medication")


@pytest.mark.parametrize("end", ["", "2100", "2100-01", "2100-01-01T08:00:00Z"])
def test_a_medicine_of_now_has_no_tag(world: World, end: str) -> None:
    item = MedicationItem(source_key="", what=Concept("Baclofen"), status="active", used=Span("", end))
    assert tag_of(item, "parent", world.moment.date()) == ("", "")
    assert tag_of(
        replace(item, used=Span("", f"{world.moment:%Y-%m-%d}")), "parent", world.moment.date()
    ) == (
        "",
        "",
    )


def test_medicines_stand_by_source_with_who_gives_them(world: World) -> None:
    world.in_force(goals=1, agreements=1)
    sent = MedicationItem(
        source_key="",
        what=Concept("Levetiracetam 100 mg/ml"),
        dosage=("2 keer per dag 4 ml",),
        status="active",
    )
    enter(world, "nurse", sent)
    stopped = MedicationItem(
        source_key="",
        what=Concept("Amoxicilline"),
        status="not-taken",
        reason_ended="uitslag",
        used=Span("2026-01-01"),
    )
    enter(world, "nurse", stopped)
    told = {"what": "levetiracetam drank", "dosage": "2 keer per dag 5 ml\n", "since": "", "note": ""}
    page(world, "mother", "record_enter", "medication", status=302, **told)
    shown = page(world, "mother", "child_medication")
    assert "2 keer per dag 4 ml" in shown
    assert "2 keer per dag 5 ml" in shown
    assert "meer dan één bron" in shown
    assert "geven wij thuis" in shown
    assert "wordt niet gegeven" in shown
    assert "gestopt: uitslag" in shown
    assert shown.index("Gestopt of niet meer") < shown.index("Amoxicilline")
    assert "Levetiracetam" in page(world, "nurse", "child_card")
    assert "Levetiracetam" in page(world, "nurse", "record")
    page(world, "teacher", "child_medication", status=404)
