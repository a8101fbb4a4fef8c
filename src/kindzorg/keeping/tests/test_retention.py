"""Files go when their term is over, somebody confirmed it and nothing holds them; and then nothing of them is left."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from kindzorg.access.policy import Actor, system_actor
from kindzorg.access.roles import Role, Scope
from kindzorg.audit.models import AuditLine
from kindzorg.audit.queries import verify_trail
from kindzorg.careplan.tests.conftest import NOW, SYSTEM, World, build
from kindzorg.careteam.actions import grant_access
from kindzorg.careteam.queries import actor_for
from kindzorg.core.errors import Conflict, Invalid, Missing, Refused
from kindzorg.core.ids import new_id
from kindzorg.core.walls import behind_wall
from kindzorg.keeping.models import DeletionOrder, FileMerge, LegalHold
from kindzorg.keeping.retention.actions import confirm_deletion, delete_file, hold_file, lift_hold
from kindzorg.keeping.retention.queries import file_meant, files_due, holds_for
from kindzorg.keeping.retention.rules import HoldCause, NewHold
from kindzorg.people.models import Child, Relative, User
from kindzorg.record.models import Note
from kindzorg.referral.tests.conftest import counted
from tests.made_rows import make_row, row_for, tables_with_a_child

JOB = system_actor("command line")
LATER = NOW.replace(year=NOW.year + 21)
pytestmark = pytest.mark.django_db


@dataclass
class Desk:
    """A file, and the privacy officer of the organisation that keeps it, twenty-one years later."""

    world: World
    officer: User
    now: datetime = LATER

    @property
    def child_id(self) -> UUID:
        return self.world.child_id

    @property
    def actor(self) -> Actor:
        return actor_for(self.officer)

    def do(self, action: Any, *given: Any) -> Any:
        """As a request does: as this person, behind the wall."""
        actor = self.actor
        with behind_wall(actor.id, self.now.date()):
            return action(actor, *given, self.now)

    def hold(self, **other: Any) -> LegalHold:
        said = {"cause": HoldCause.CLAIM, "reason": "case 12", "until": self.now.date() + timedelta(days=90)}
        return self.do(hold_file, self.child_id, NewHold(**{**said, **other}))


def officer_of(organisation_id: UUID, name: str = "Officer") -> User:
    user = User.objects.create(username=str(new_id()), name=name, created_at=NOW)
    grant_access(SYSTEM, user.id, Role.PRIVACY_OFFICER, Scope.ORGANISATION, organisation_id, NOW)
    return user


@pytest.fixture
def desk(db: None) -> Desk:
    world = build()
    # The file was written on the day of the test, whatever the calendar says.
    Child.objects.filter(id=world.child_id).update(created_at=NOW)
    return Desk(world, officer_of(Child.objects.get(id=world.child_id).owner_id))


def test_a_file_is_due_twenty_years_after_its_last_change_and_not_a_day_earlier(desk: Desk) -> None:
    for table in tables_with_a_child():
        if any(field.name == "created_at" for field in table._meta.concrete_fields):
            assert not table._base_manager.filter(
                child_id=desk.child_id, created_at__gt=NOW + timedelta(days=2)
            )
    last = max(
        line.at for line in AuditLine.objects.filter(child_id=desk.child_id, kind__in="CUD", outcome="done")
    )
    day_before = last.replace(year=last.year + 20) - timedelta(days=1)
    assert files_due(JOB, day_before) == []
    (due,) = files_due(JOB, last.replace(year=last.year + 20) + timedelta(days=1))
    assert due.child_id == desk.child_id and due.changed_on == last.date()


def test_a_setting_can_keep_it_longer(desk: Desk, settings: Any) -> None:
    settings.KINDZORG_FILE_YEARS = 30
    assert files_due(JOB, LATER) == []


def test_a_later_change_keeps_it_even_where_the_trail_knows_nothing_of_it(desk: Desk) -> None:
    assert files_due(JOB, LATER)
    make_row(Note, desk.child_id, created_at=LATER - timedelta(days=365))
    assert files_due(JOB, LATER) == []


def test_only_the_privacy_officer_of_the_organisation_reaches_it(desk: Desk) -> None:
    other = Desk(desk.world, officer_of(new_id(), "Other"))
    assert desk.do(files_due)
    assert other.do(files_due) == []
    for action, given in (
        (hold_file, (desk.child_id, NewHold(HoldCause.CLAIM, "x", LATER.date() + timedelta(days=9)))),
        (lift_hold, (desk.hold().id, "x")),
    ):
        with pytest.raises(Missing):
            other.do(action, *given)
    with pytest.raises(Missing):
        desk.do(lift_hold, new_id(), "x")
    with pytest.raises(Conflict):
        other.do(confirm_deletion, [desk.child_id])
    for who in ("nurse", "mother"):
        with pytest.raises(Refused):
            files_due(desk.world.actor(who), LATER)
    with pytest.raises(Refused):
        delete_file(desk.actor, desk.child_id, LATER)


def test_nothing_goes_that_nobody_confirmed(desk: Desk) -> None:
    with pytest.raises(Conflict) as caught:
        delete_file(JOB, desk.child_id, LATER)
    assert caught.value.code == "not_confirmed"
    assert desk.do(confirm_deletion, []) == 0
    assert desk.do(confirm_deletion, [desk.child_id]) == 1
    assert desk.do(confirm_deletion, [desk.child_id]) == 0
    assert DeletionOrder.objects.count() == 1
    assert files_due(JOB, LATER)[0].confirmed_by == desk.officer.name
    assert delete_file(JOB, desk.child_id, LATER) > 30
    assert not Child.objects.filter(id=desk.child_id).exists()


def test_what_is_held_does_not_go_until_it_is_lifted(desk: Desk) -> None:
    desk.do(confirm_deletion, [desk.child_id])
    hold = desk.hold()
    assert holds_for(JOB, LATER.date())[0].row == hold and files_due(JOB, LATER)[0].held
    for action in (
        lambda: delete_file(JOB, desk.child_id, LATER),
        lambda: desk.do(confirm_deletion, [desk.child_id]),
    ):
        with pytest.raises(Conflict) as caught:
            action()
        assert caught.value.code == "not_due"
    with pytest.raises(Invalid):
        desk.do(lift_hold, hold.id, " ")
    desk.do(lift_hold, hold.id, "settled")
    with pytest.raises(Conflict):
        desk.do(lift_hold, hold.id, "settled")
    assert holds_for(JOB, LATER.date()) == [] and not files_due(JOB, LATER)[0].held


def test_a_hold_ends_on_its_day(desk: Desk) -> None:
    desk.hold(until=LATER.date() + timedelta(days=1))
    assert files_due(JOB, LATER)[0].held
    assert not files_due(JOB, LATER + timedelta(days=1))[0].held


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"reason": " "}, "reason_needed"),
        ({"until": LATER.date()}, "until_past"),
        ({"until": LATER.date().replace(year=LATER.year + 6)}, "until_too_far"),
    ],
)
def test_a_hold_has_a_reason_and_an_end(desk: Desk, other: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as caught:
        desk.hold(**other)
    assert caught.value.code == code


def test_what_was_decided_stays_in_the_trail_without_what_it_said(desk: Desk) -> None:
    hold = desk.hold()
    desk.do(lift_hold, hold.id, "settled")
    desk.do(confirm_deletion, [desk.child_id])
    lines = AuditLine.objects.filter(event__startswith="retention.").order_by("id")
    assert [line.event for line in lines] == [
        "retention.held",
        "retention.hold_lifted",
        "retention.confirmed",
    ]
    assert {line.permission for line in lines} == {"retention.hold", "retention.confirm"}
    assert "case 12" not in str([line.detail for line in lines])


def test_the_file_that_is_meant_is_found_by_name_and_birth_date(desk: Desk) -> None:
    child = Child.objects.get(id=desk.child_id)
    on = LATER.date()
    assert file_meant(desk.actor, f" {child.family_name.upper()} ", child.birth_date, on) == child.id
    assert file_meant(desk.actor, "Nobody", child.birth_date, on) is None
    assert file_meant(desk.actor, child.family_name, date(1999, 1, 1), on) is None


# --- nothing is left ----------------------------------------------------------------------------------------


def everything() -> Iterator[tuple[str, str]]:
    """Every row of every table, as text, by raw SQL."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            for row in cursor.fetchall():
                yield table, " ".join(str(value).replace("-", "") for value in row)


def mentioning(*marks: str) -> set[str]:
    """The tables in which one of these stands anywhere."""
    wanted = [mark.replace("-", "") for mark in marks]
    with behind_wall(JOB.id, LATER.date(), system=True):
        return {table for table, row in everything() if any(mark in row for mark in wanted)}


def test_of_a_deleted_file_no_row_is_left_in_any_table(desk: Desk) -> None:
    """Rows are made in every table that carries a child, from the tables themselves: a new one cannot be forgotten."""
    child = Child.objects.get(id=desk.child_id)
    with behind_wall(JOB.id, LATER.date(), system=True):
        for table in tables_with_a_child():
            if table is not DeletionOrder:
                row_for(table, desk.child_id)
        absorbed = Child.objects.create(
            created_at=NOW, owner_id=child.owner_id, merged_into_id=child.id, family_name="Overgenomen"
        )
        for table in tables_with_a_child():
            row_for(table, absorbed.id)
    # What was held is not any more.
    for hold in holds_for(JOB, LATER.date()):
        desk.do(lift_hold, hold.row.id, "settled")
    marks = str(desk.child_id), str(absorbed.id)
    there = {table._meta.db_table for table in tables_with_a_child()} - {"keeping_deletionorder"}
    assert there <= mentioning(*marks)
    relatives = list(
        Relative.objects.filter(child_id=desk.child_id, user__isnull=False).values_list("user_id")
    )
    assert relatives
    desk.do(confirm_deletion, [desk.child_id])
    assert delete_file(JOB, desk.child_id, LATER) > 2 * len(there)
    assert mentioning(*marks) == {"audit_auditline"}
    assert mentioning("Overgenomen") == set()
    assert not User.objects.filter(id__in=[one for (one,) in relatives]).exists()
    last = AuditLine.objects.filter(event="file.destroyed").latest("id")
    assert last.lifecycle == "destroyed" and last.kind == "D" and last.detail["files"] == "2"
    assert not any(name in str(vars(last)) for name in (child.family_name, "Overgenomen"))


def test_other_files_stay_as_they_were_and_the_trail_stays_whole(desk: Desk) -> None:
    other = build()
    Child.objects.filter(id=other.child_id).update(created_at=LATER)
    FileMerge.objects.create(
        child_id=other.child_id, owner_id=Child.objects.get(id=other.child_id).owner_id, absorbed_id=desk.child_id,
        why="told", by_id=new_id(), by="Somebody", created_at=NOW,
    )  # fmt: skip
    before = {
        table: table._base_manager.filter(child_id=other.child_id).count() for table in tables_with_a_child()
    }
    desk.do(confirm_deletion, [desk.child_id])
    delete_file(JOB, desk.child_id, LATER)
    after = {table: table._base_manager.filter(child_id=other.child_id).count() for table in before}
    # A merge names the other child: it goes, and it alone.
    assert {table for table in before if before[table] != after[table]} == {FileMerge}
    assert AuditLine.objects.filter(child_id=desk.child_id).count() > 10
    assert not verify_trail(JOB, LATER).broken


def test_somebody_who_is_here_for_another_child_too_keeps_the_account(desk: Desk) -> None:
    other = build()
    Child.objects.filter(id=other.child_id).update(created_at=LATER)
    mother = Relative.objects.filter(child_id=desk.child_id, user__isnull=False).first()
    assert mother is not None
    Relative.objects.create(
        child_id=other.child_id, owner_id=mother.owner_id, user_id=mother.user_id, name="M", relation=mother.relation,
        created_at=NOW,
    )  # fmt: skip
    desk.do(confirm_deletion, [desk.child_id])
    delete_file(JOB, desk.child_id, LATER)
    assert User.objects.filter(id=mother.user_id).exists()


def test_frozen_tables_are_frozen_again_afterwards(desk: Desk) -> None:
    desk.do(confirm_deletion, [desk.child_id])
    delete_file(JOB, desk.child_id, LATER)
    other = build()
    hold = LegalHold.objects.create(
        child_id=other.child_id, owner_id=Child.objects.get(id=other.child_id).owner_id, cause="claim", reason="x",
        until=LATER.date(), by_id=new_id(), by="x", created_at=NOW,
    )  # fmt: skip
    for change in (
        lambda: LegalHold.objects.filter(id=hold.id).update(by="y"),
        lambda: LegalHold.objects.filter(id=hold.id)._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


# --- the page -----------------------------------------------------------------------------------------------


@pytest.fixture
def browser(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: LATER)
    client = Client()
    client.force_login(desk.officer)
    return client


def test_the_officer_confirms_on_the_page(desk: Desk, browser: Client) -> None:
    page = browser.get(reverse("retention"))
    assert page.status_code == 200 and str(desk.child_id) in page.content.decode()
    assert AuditLine.objects.filter(event="retention.listed", child_id=desk.child_id).exists()
    assert browser.post(reverse("retention"), {"going": [desk.child_id]}).status_code == 200
    assert not DeletionOrder.objects.exists()
    sent = browser.post(reverse("retention"), {"going": [desk.child_id], "sure": "on"}, follow=True)
    assert DeletionOrder.objects.get().by == desk.officer.name
    assert f'value="{desk.child_id}"' not in sent.content.decode()


def test_the_page_asks_the_database_little_however_many_files_there_are(browser: Client) -> None:
    browser.get(reverse("retention"))
    owner = Child.objects.get().owner_id
    for _ in range(5):
        Child.objects.create(created_at=NOW, owner_id=owner)
    with counted(most=12):
        page = browser.get(reverse("retention"))
    assert page.content.decode().count('name="going"') == 6


def test_the_officer_holds_and_lifts_on_the_page(desk: Desk, browser: Client) -> None:
    child = Child.objects.get(id=desk.child_id)
    typed = {
        "family_name": child.family_name, "birth_date": child.birth_date, "cause": "claim", "reason": "case 12",
        "until": LATER.date() + timedelta(days=40),
    }  # fmt: skip
    wrong = browser.post(reverse("retention_hold"), {**typed, "family_name": "Nobody"})
    assert wrong.status_code == 200 and "case 12" in wrong.content.decode()
    assert browser.post(reverse("retention_hold"), {**typed, "until": LATER.date()}).status_code == 200
    assert browser.get(reverse("retention_hold")).status_code == 200
    assert browser.post(reverse("retention_hold"), typed).status_code == 302
    hold = LegalHold.objects.get()
    assert browser.get(reverse("retention")).status_code == 200
    where = reverse("retention_lift", args=[hold.id])
    assert "case 12" in browser.get(where).content.decode()
    assert browser.post(where, {"reason": ""}).status_code == 200
    assert browser.post(where, {"reason": "settled"}).status_code == 302
    assert browser.get(where).status_code == 404


def test_nobody_else_finds_the_page(desk: Desk) -> None:
    for who in ("nurse", "mother"):
        client = Client()
        client.force_login(desk.world.users[who])
        for door in ("retention", "retention_hold"):
            assert client.get(reverse(door)).status_code == 404
