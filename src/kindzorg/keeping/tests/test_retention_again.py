"""A confirmation counts for the term and the holds that were there to see; then somebody looks again."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kindzorg.core.errors import Conflict
from kindzorg.keeping.retention.actions import confirm_deletion, delete_file
from kindzorg.keeping.retention.queries import files_due
from kindzorg.keeping.tests.test_retention import JOB, LATER, Desk
from kindzorg.keeping.tests.test_retention import desk as desk
from kindzorg.people.models import Child
from kindzorg.record.models import Note
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
