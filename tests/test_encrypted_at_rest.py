"""No citizen service number stands readable anywhere in the database, the logs or the trail."""

import logging

import orjson
import pytest
from django.db import IntegrityError, connection, transaction

from kindzorg.careteam.queries import child_for
from kindzorg.careteam.tests.world import NOW, TODAY, World
from kindzorg.core.errors import Invalid
from kindzorg.core.walls import behind_wall
from kindzorg.fhir.handover import Sent, import_for_child, import_new
from kindzorg.people.actions import NewChild, correct_child, register_child
from kindzorg.people.models import Child
from kindzorg.record.actions import Settlement, settle_difference
from kindzorg.record.models import Difference

SYSTEM = "http://fhir.nl/fhir/NamingSystem/bsn"
CHILD, PARENT, NEWER = "999990019", "123456782", "111222333"


def handover(number: str, reference: str) -> bytes:
    """A hospital's file in which the child and a parent stand with their numbers."""
    patient = {
        "resourceType": "Patient",
        "id": reference,
        "birthDate": "2020-03-01",
        "name": [{"family": "V"}],
    }
    mother = {"resourceType": "RelatedPerson", "id": "m", "patient": {"reference": f"Patient/{reference}"}}
    for who, its in ((patient, number), (mother, PARENT)):
        who["identifier"] = [{"system": SYSTEM, "value": its}]
    entries = [{"resource": patient}, {"resource": mother}]
    return orjson.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries})


def whole_database() -> str:
    """Every cell of every table as one text."""
    with connection.cursor() as cursor:
        cells = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608
            cells += [_text(cell) for row in cursor.fetchall() for cell in row]
    return "\n".join(cells)


def _text(cell: object) -> str:
    if isinstance(cell, bytes | bytearray | memoryview):
        return bytes(cell).decode("utf-8", "replace")
    return str(cell)


@pytest.fixture
def world(db: None) -> World:
    return World()


def test_no_number_stands_readable_after_all_ways_in(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    assert "Sterre" in whole_database()
    report = import_new(world.nurse, Sent("a.json", handover(CHILD, "1"), "Ziekenhuis"), NOW)
    assert Child.objects.get(id=report.child_id).bsn == CHILD
    import_for_child(world.nurse, world.subject.child_id, Sent("b.json", handover(NEWER, "2"), "Elders"), NOW)
    asked = Difference.objects.get(child_id=world.subject.child_id, field="bsn")
    settle_difference(world.nurse, world.subject, asked.id, Settlement(True), NOW)
    assert child_for(world.nurse, world.subject.child_id, TODAY).child.bsn == NEWER
    for number in (CHILD, PARENT, NEWER):
        assert number not in whole_database()
        assert not [one for one in caplog.records if number in one.getMessage()]


def test_a_number_in_use_is_refused_without_naming_it(world: World) -> None:
    register_child(world.nurse, NewChild(bsn=CHILD), world.home_care.id, NOW)
    with pytest.raises(Invalid) as refused:
        correct_child(world.nurse, world.subject, {"bsn": CHILD}, NOW)
    assert refused.value.__cause__ is None and refused.value.__suppress_context__
    assert CHILD not in repr(refused.value) + str(refused.value.data)
    assert child_for(world.nurse, world.subject.child_id, TODAY).child.bsn is None


@pytest.mark.postgresql
def test_a_number_of_a_child_whom_the_nurse_does_not_see_is_in_use_too(world: World) -> None:
    """The wall hides the other child, so that only the database can say it."""
    elsewhere = World()
    register_child(elsewhere.nurse, NewChild("Sterre", bsn=CHILD), elsewhere.home_care.id, NOW)
    with behind_wall(world.nurse.id, TODAY), pytest.raises(Invalid) as refused:
        register_child(world.nurse, NewChild("Sterre", bsn=CHILD), world.home_care.id, NOW)
    assert refused.value.code == "bsn_in_use"


def test_a_file_that_was_merged_leaves_its_number_to_the_other(world: World) -> None:
    one = register_child(world.nurse, NewChild(bsn=CHILD), world.home_care.id, NOW)
    Child.objects.filter(id=one.id).update(merged_into_id=world.subject.child_id)
    correct_child(world.nurse, world.subject, {"bsn": CHILD}, NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Child.objects.filter(id=one.id).update(merged_into_id=None)
