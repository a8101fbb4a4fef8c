"""A handover through the whole way: bytes, the child's file, the report, and what waits for a person."""

import os
from pathlib import Path
from typing import Any

import orjson
import pytest

from kindzorg.audit.models import AuditLine
from kindzorg.careteam.queries import actor_for, child_for
from kindzorg.careteam.tests.world import NOW, TODAY, World
from kindzorg.core.errors import Conflict, Invalid, Refused
from kindzorg.fhir.handover import Sent, import_for_child, import_new
from kindzorg.journey.waiting import waiting_in
from kindzorg.people.models import Child, Relative
from kindzorg.people.rules import Relation
from kindzorg.record.actions import Settlement, enter_item, settle_difference, take_handover
from kindzorg.record.items import AllergyItem, ItemKind
from kindzorg.record.models import Difference, DifferenceDecision, RawResource, RecordItem, SourceDocument
from kindzorg.record.queries import differences_for, file_for, raw_of, waiting_rows_for
from kindzorg.record.values import Concept

YUSUF = (Path(__file__).parents[2] / "demo/handover/yusuf.json").read_bytes()
DATA = os.environ.get("KINDZORG_TEST_DATA", "")
EXAMPLES = sorted(Path(DATA, "nl-core-r4/examples").glob("*.json")) if DATA else []
TABLES = (SourceDocument, RawResource, RecordItem, Difference, DifferenceDecision, Relative, Child, AuditLine)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def rows() -> dict[str, int]:
    return {table.__name__: table.objects.count() for table in TABLES}


def sent(*resources: Any, name: str = "overdracht.json", source: str = "Ziekenhuis") -> Sent:
    entries = [{"resource": each} for each in resources]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    return Sent(name, orjson.dumps(bundle), source)


def patient(**more: Any) -> dict[str, Any]:
    return {"resourceType": "Patient", "id": "1", "birthDate": "2020-03-01", **more}


def allergy(what: str = "Pinda", **more: Any) -> dict[str, Any]:
    about = {"reference": "Patient/1"}
    return {"resourceType": "AllergyIntolerance", "id": "a", "code": {"text": what}, "patient": about, **more}


def taken(world: World, *resources: Any, **how: Any) -> Any:
    return import_for_child(world.nurse, world.subject.child_id, sent(*resources, **how), NOW)


def test_a_handover_of_an_unknown_child_makes_its_file_with_the_nurse_in_the_lead(world: World) -> None:
    report = import_new(world.nurse, Sent("yusuf.json", YUSUF), NOW)
    assert {name: report.counts[name] for name in ("taken", "kept_unread", "rejected", "asked")} == {
        "taken": 39,
        "kept_unread": 1,
        "rejected": 0,
        "asked": 0,
    }
    opened = child_for(world.nurse, report.child_id, TODAY)
    assert (str(opened.child), opened.child.bsn, str(opened.child.birth_date)) == (
        "Yusuf Haddad",
        "999901230",
        "2026-07-22",
    )
    assert opened.child.language == "ar"
    family = Relative.objects.filter(child_id=report.child_id).order_by("name")
    assert [(one.name, one.relation, one.user_id) for one in family] == [
        ("Karim Haddad", Relation.FATHER, None),
        ("Samira Haddad", Relation.MOTHER, None),
    ]
    file = file_for(world.nurse, opened.subject, TODAY)
    assert [each.item.what.text for each in file.of(ItemKind.ALLERGY)] == ["Koemelkeiwit"]
    assert len(file.of(ItemKind.DEVICE)) == 4
    assert raw_of(world.nurse, opened.subject, report.document_id, TODAY) == ("yusuf.json", YUSUF)


def test_the_same_file_twice_changes_nothing_but_the_trail(world: World) -> None:
    first = import_new(world.nurse, Sent("yusuf.json", YUSUF), NOW)
    before = rows()
    again = import_new(world.nurse, Sent("yusuf.json", YUSUF), NOW)
    assert (again.again, again.document_id, again.counts) == (True, first.document_id, first.counts)
    assert rows() == before | {"AuditLine": before["AuditLine"] + 1}


def test_the_same_things_in_another_file_are_known_again(world: World) -> None:
    taken(world, patient(), allergy())
    before = rows()
    report = taken(world, allergy(), patient())
    assert (report.counts["new"], report.counts["asked"]) == (0, 0)
    assert rows()["RecordItem"] == before["RecordItem"]


def test_what_a_sender_says_otherwise_waits_and_overwrites_nothing(world: World) -> None:
    taken(world, patient(), allergy(criticality="low"))
    report = taken(world, patient(), allergy(criticality="high"))
    assert report.counts["asked"] == 1
    (row,) = RecordItem.objects.filter(kind="allergy")
    assert row.data["criticality"] == "low"
    (asked,) = differences_for(world.nurse, world.subject, TODAY)
    assert (asked.field, asked.current, asked.incoming, asked.source) == (
        "criticality",
        "low",
        "high",
        "Ziekenhuis",
    )
    there = [child_for(world.nurse, world.subject.child_id, TODAY)]
    (waits,) = waiting_in(waiting_rows_for(world.nurse, there, TODAY))
    assert waits.kind == "record_differences"
    settle_difference(world.nurse, world.subject, asked.id, Settlement(True, asked.revision), NOW)
    row.refresh_from_db()
    assert (row.data["criticality"], row.revision) == ("high", 2)
    assert differences_for(world.nurse, world.subject, TODAY) == []
    with pytest.raises(Conflict, match="difference_settled"):
        settle_difference(world.nurse, world.subject, asked.id, Settlement(False), NOW)


def test_what_a_person_kept_out_is_not_asked_again(world: World) -> None:
    taken(world, patient(), allergy(criticality="low"))
    taken(world, patient(), allergy(criticality="high"))
    (asked,) = differences_for(world.nurse, world.subject, TODAY)
    settle_difference(world.nurse, world.subject, asked.id, Settlement(False), NOW)
    report = taken(world, allergy(criticality="high"), patient())
    assert report.counts["asked"] == 0
    assert RecordItem.objects.get(kind="allergy").data["criticality"] == "low"


def test_somebody_who_saw_an_older_text_is_told(world: World) -> None:
    taken(world, patient(), allergy(criticality="low"))
    taken(world, patient(), allergy(criticality="high", clinicalStatus={"coding": [{"code": "inactive"}]}))
    one, other = differences_for(world.nurse, world.subject, TODAY)
    settle_difference(world.nurse, world.subject, one.id, Settlement(True, one.revision), NOW)
    with pytest.raises(Conflict, match="item_changed"):
        settle_difference(world.nurse, world.subject, other.id, Settlement(True, other.revision), NOW)


def test_what_a_nurse_entered_is_set_beside_what_the_hospital_says(world: World) -> None:
    item = AllergyItem(source_key="", what=Concept("pinda "), criticality="low", status="active")
    enter_item(world.nurse, world.subject, item, NOW)
    report = taken(world, patient(), allergy("Pinda", criticality="high"))
    assert report.counts["asked"] == 1
    (row,) = RecordItem.objects.filter(kind="allergy")
    assert (row.entered, row.by, row.data["criticality"]) == (True, "Marit", "low")


def test_who_the_child_is_waits_for_a_person_too(world: World) -> None:
    taken(world, patient(name=[{"family": "Anders", "given": ["Sterre"]}], gender="female"))
    asked = {one.field: one for one in differences_for(world.nurse, world.subject, TODAY)}
    assert set(asked) == {"name", "gender"}
    for one in asked.values():
        settle_difference(world.nurse, world.subject, one.id, Settlement(True), NOW)
    child = Child.objects.get(id=world.subject.child_id)
    assert (child.family_name, child.gender) == ("Anders", "female")


def test_another_child_than_the_chosen_one_is_refused(world: World) -> None:
    before = rows()
    with pytest.raises(Invalid, match="handover_other_child"):
        taken(world, {"resourceType": "Patient", "id": "1", "birthDate": "2019-01-01"})
    assert rows() == before


def test_nothing_is_half_written_when_something_breaks_in_the_middle(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any, **named: Any) -> None:
        raise RuntimeError("the disk is full")

    before = rows()
    monkeypatch.setattr("kindzorg.record.actions.register_relative", broken)
    with pytest.raises(RuntimeError):
        import_new(world.nurse, Sent("yusuf.json", YUSUF), NOW)
    assert rows() == before


def test_who_may_not_import_changes_nothing(world: World) -> None:
    stranger = actor_for(world.account("Iemand"))
    before = rows()
    with pytest.raises(Refused):
        import_for_child(stranger, world.subject.child_id, sent(patient()), NOW)
    with pytest.raises(Refused):
        import_new(stranger, sent(patient()), NOW)
    assert rows() == before


def test_a_child_of_the_same_name_and_birth_date_is_not_taken_for_this_one(world: World) -> None:
    told = patient(name=[{"family": "Voorbeeld", "given": ["Sterre"]}])
    with pytest.raises(Invalid, match="handover_known_maybe") as caught:
        import_new(world.nurse, sent(told), NOW)
    assert caught.value.data["children"] == ((world.subject.child_id, "Sterre Voorbeeld"),)
    report = import_new(world.nurse, sent(told), NOW, other_child=True)
    assert report.child_id != world.subject.child_id


@pytest.mark.skipif(not DATA, reason="KINDZORG_TEST_DATA is not set: no published examples to read")
def test_every_published_example_goes_into_a_file_without_a_crash(world: World) -> None:
    assert len(EXAMPLES) == 223
    for path in EXAMPLES:
        subject = world.child(birth_date=None)
        report = import_for_child(
            world.nurse, subject.child_id, Sent(path.name, path.read_bytes(), "nictiz"), NOW
        )
        assert report.rejected == 0
        again = import_for_child(
            world.nurse, subject.child_id, Sent(path.name, path.read_bytes(), "nictiz"), NOW
        )
        assert again.again


def test_take_handover_asks_leave_itself(world: World) -> None:
    from kindzorg.fhir.handover import handover_of
    from kindzorg.fhir.intake import read

    handover = handover_of(read(YUSUF), Sent("yusuf.json", YUSUF))
    with pytest.raises(Refused):
        take_handover(actor_for(world.account("Iemand")), world.subject, handover, NOW)
