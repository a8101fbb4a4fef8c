"""A confirmation counts for the term and the holds that were there to see; then somebody looks again."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kindzorg.careplan.tests.conftest import NOW
from kindzorg.careteam.models import Consent, Mark, ParentalAuthority
from kindzorg.core.errors import Conflict
from kindzorg.core.walls import behind_wall
from kindzorg.keeping.removal import last_changes
from kindzorg.keeping.retention.actions import confirm_deletion, delete_file
from kindzorg.keeping.retention.queries import files_due
from kindzorg.keeping.tests.test_retention import JOB, LATER, Desk
from kindzorg.keeping.tests.test_retention import desk as desk
from kindzorg.people.actions import correct_child
from kindzorg.people.models import Child
from kindzorg.record.models import Note, RecordItem
from tests.made_rows import make_row

pytestmark = pytest.mark.django_db


def test_after_a_hold_somebody_looks_again(desk: Desk) -> None:
    desk.do(confirm_deletion, [desk.child_id])
    desk.hold(until=LATER.date() + timedelta(days=1))
    desk.now = LATER + timedelta(days=2)
    assert files_due(JOB, desk.now)[0].confirmed_by == ""
    with pytest.raises(Conflict) as caught:
        delete_file(JOB, desk.child_id, desk.now)
    assert caught.value.code == "not_confirmed"
    assert desk.do(confirm_deletion, [desk.child_id]) == 1
    assert delete_file(JOB, desk.child_id, desk.now)


def test_a_confirmation_ends_when_the_child_comes_back_into_care(desk: Desk) -> None:
    desk.do(confirm_deletion, [desk.child_id])
    make_row(Note, desk.child_id, created_at=LATER + timedelta(days=3))
    desk.now = LATER.replace(year=LATER.year + 20) + timedelta(days=9)
    assert files_due(JOB, desk.now)[0].confirmed_by == ""
    with pytest.raises(Conflict) as caught:
        delete_file(JOB, desk.child_id, desk.now)
    assert caught.value.code == "not_confirmed"


def test_a_hold_at_the_moment_of_deletion_is_seen(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits for the file finds the hold that another set in the meantime."""
    desk.do(confirm_deletion, [desk.child_id])
    lock = Child.objects.select_for_update

    def waits() -> Any:
        monkeypatch.undo()
        desk.hold()
        return lock()

    monkeypatch.setattr(Child.objects, "select_for_update", waits)
    with pytest.raises(Conflict) as caught:
        delete_file(JOB, desk.child_id, LATER)
    assert caught.value.code == "not_due"


@pytest.mark.postgresql
def test_who_holds_a_file_locks_it(desk: Desk) -> None:
    with CaptureQueriesContext(connection) as asked:
        desk.hold()
    assert any("FOR UPDATE" in one["sql"] and "people_child" in one["sql"] for one in asked)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        (RecordItem, "changed_at"),  # Retracted, or a difference accepted.
        (ParentalAuthority, "until"),  # Ended.
        (Mark, "confirmed_on"),
    ],
)
def test_what_was_changed_in_place_keeps_it_where_the_trail_is_gone(
    desk: Desk, table: Any, column: str
) -> None:
    moment = LATER - timedelta(days=365)
    field = table._meta.get_field(column)
    said = {column: moment if field.get_internal_type() == "DateTimeField" else moment.date()}
    table._base_manager.filter(child_id=desk.child_id).delete()
    make_row(table, desk.child_id, created_at=NOW, **said)
    assert files_due(JOB, LATER) == []


def test_who_the_child_is_was_corrected(desk: Desk) -> None:
    moment = LATER - timedelta(days=365)
    nurse, subject = desk.world.as_("nurse")
    correct_child(nurse, subject, {"given_name": "Noor"}, moment)
    with behind_wall(JOB.id, LATER.date(), system=True):
        assert (desk.child_id, moment) in set(last_changes([desk.child_id], LATER))


def test_what_lies_ahead_is_no_change_yet(desk: Desk) -> None:
    make_row(Consent, desk.child_id, created_at=NOW, until=LATER.date() + timedelta(days=9))
    assert files_due(JOB, LATER)


def test_what_only_looks_old_takes_no_place_on_the_list(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kindzorg.keeping.retention.queries.SHOWN", 1)
    owner = Child.objects.get(id=desk.child_id).owner_id
    young = Child.objects.create(created_at=NOW - timedelta(days=9), owner_id=owner)
    make_row(Note, young.id, created_at=LATER - timedelta(days=365))
    assert [one.child_id for one in files_due(JOB, LATER)] == [desk.child_id]
