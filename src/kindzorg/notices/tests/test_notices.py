"""Telling, reading, and what the worker does with the outbox."""

from datetime import date, timedelta
from smtplib import SMTPException
from uuid import uuid4

import pytest
from django.core import mail
from django.db import transaction
from django_q.models import OrmQ

from kindzorg.access.policy import Actor, system_actor
from kindzorg.access.roles import Role
from kindzorg.audit.models import AuditLine
from kindzorg.careteam.actions import NewMember, add_member, let_child_in
from kindzorg.careteam.models import Grant
from kindzorg.careteam.queries import actor_for
from kindzorg.careteam.tests.world import NOW, TODAY, World
from kindzorg.core import clock
from kindzorg.core.errors import Missing, Refused
from kindzorg.core.vocabulary import Audience
from kindzorg.core.walls import behind_wall
from kindzorg.notices import rules, worker
from kindzorg.notices.actions import Letter, claim_notice, mark_read, note_beat, settle_notice, tell
from kindzorg.notices.models import Notice, WorkerBeat
from kindzorg.notices.queries import notices_due, notices_for, worker_seen
from kindzorg.notices.rules import State, Way
from kindzorg.people.actions import NewRelative, give_child_account, register_relative
from kindzorg.people.models import User
from kindzorg.people.rules import Relation

pytestmark = pytest.mark.django_db
JOB = system_actor("worker")
STRANGER = Actor(uuid4(), "Somebody")


@pytest.fixture
def world() -> World:
    return World()


def mother(world: World, email: str = "moeder@voorbeeld.test") -> User:
    """The mother of the child, with an account that may open the child."""
    user = world.account("Moeder", email)
    new = NewRelative("Moeder", Relation.MOTHER, user_id=user.id)
    row = register_relative(world.nurse, world.subject, new, NOW)
    add_member(world.nurse, world.subject, NewMember(Role.AUTHORITY_HOLDER, relative_id=row.id), NOW)
    return user


def told(world: World, *users: User) -> Notice:
    """A notice by mail to the first of these users, as it waits."""
    tell(world.nurse, world.subject, "plan.offered", [user.id for user in users], uuid4(), NOW)
    return Notice.objects.get(recipient=users[0], way=Way.MAIL)


def events() -> list[str]:
    return list(AuditLine.objects.order_by("id").values_list("event", flat=True))


# --- telling -----------------------------------------------------------------------------------------------


def test_everybody_is_told_in_the_app_and_by_mail_who_gave_an_address(world: World) -> None:
    user, silent = mother(world), world.account("Vader")
    gone = world.account("Weg")
    User.objects.filter(id=gone.id).update(is_active=False)
    thing = uuid4()
    notices = tell(
        world.nurse, world.subject, "plan.offered", [user.id, silent.id, user.id, gone.id], thing, NOW
    )
    assert sorted((one.recipient.name, one.way, one.state) for one in notices) == [
        ("Moeder", Way.IN_APP, State.DELIVERED),
        ("Moeder", Way.MAIL, State.WAITING),
        ("Vader", Way.IN_APP, State.DELIVERED),
    ]
    assert {(one.child_id, one.kind, one.object_id) for one in notices} == {
        (world.subject.child_id, "plan.offered", thing)
    }
    assert OrmQ.objects.count() == 1
    line = AuditLine.objects.latest("id")
    assert (line.event, line.object_kind, line.detail) == ("notice.told", "plan.offered", {"notices": "3"})
    assert "plan.offered" in str(notices[0])


def test_what_is_rolled_back_was_never_told(world: World) -> None:
    user = mother(world)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        tell(world.nurse, world.subject, "plan.offered", [user.id], None, NOW)
        raise ZeroDivisionError
    assert (Notice.objects.count(), OrmQ.objects.count()) == (0, 0)


def test_who_may_not_open_the_child_tells_nothing_about_it(world: World) -> None:
    with pytest.raises(Refused):
        tell(STRANGER, world.subject, "plan.offered", [world.nurse_account.id], None, NOW)
    assert Notice.objects.count() == 0


# --- reading -----------------------------------------------------------------------------------------------


def test_somebody_sees_the_own_notices_newest_first_and_marks_them_read(world: World) -> None:
    user = mother(world)
    for moment in (NOW, NOW + timedelta(hours=1)):
        tell(world.nurse, world.subject, f"told.{moment.hour}", [user.id], None, moment)
    mine = actor_for(user)
    newest, oldest = notices_for(mine, TODAY)
    assert (newest.kind, oldest.kind) == ("told.9", "told.8")
    mark_read(mine, world.subject, newest.id, NOW)
    mark_read(mine, world.subject, newest.id, NOW)
    assert [one.kind for one in notices_for(mine, TODAY, unread=True)] == ["told.8"]
    assert Notice.objects.get(id=newest.id).state == State.READ
    assert events().count("notice.read") == 1
    assert notices_for(world.nurse, TODAY) == []


def test_a_notice_of_somebody_else_is_not_there(world: World) -> None:
    tell(world.nurse, world.subject, "plan.offered", [mother(world).id], None, NOW)
    notice = Notice.objects.get(way=Way.IN_APP)
    with pytest.raises(Missing):
        mark_read(world.nurse, world.subject, notice.id, NOW)
    with pytest.raises(Refused):
        mark_read(STRANGER, world.subject, notice.id, NOW)


def test_who_left_the_team_no_longer_sees_what_was_told_about_the_child(world: World) -> None:
    user = mother(world)
    told(world, user)
    Grant.objects.filter(user=user).update(until=TODAY)
    assert notices_for(actor_for(user), TODAY) == []


@pytest.mark.postgresql
def test_all_of_it_works_behind_the_wall_and_a_stranger_finds_nothing(world: World) -> None:
    user = mother(world)
    with behind_wall(world.nurse.id, TODAY):
        tell(world.nurse, world.subject, "plan.offered", [user.id], None, NOW)
    mine = actor_for(user)
    with behind_wall(mine.id, TODAY):
        (notice,) = notices_for(mine, TODAY)
        mark_read(mine, world.subject, notice.id, NOW)
    with behind_wall(STRANGER.id, TODAY):
        assert Notice.objects.count() == 0
    assert worker.run_queued(worker.get_broker()) and len(mail.outbox) == 1


# --- sending -----------------------------------------------------------------------------------------------


def test_a_mail_says_that_something_is_there_and_nothing_else(world: World) -> None:
    notice = told(world, mother(world))
    assert worker.run_queued(worker.get_broker()) is True
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["moeder@voorbeeld.test"], "Er is een bericht voor u")
    assert not [
        word for word in ("Sterre", "Voorbeeld", "plan", "kind", "http") if word in sent.body + sent.subject
    ]
    assert sent.extra_headers["Message-ID"] == f"<{notice.id}@kindzorg>"
    notice.refresh_from_db()
    assert (notice.state, notice.attempts, notice.next_try_at) == (State.DELIVERED, 1, None)
    assert events()[-1] == "notice.delivered" and OrmQ.objects.count() == 0


def test_delivering_twice_sends_once(world: World) -> None:
    notice = told(world, mother(world))
    assert [worker.deliver(str(notice.id)) for _ in range(2)] == ["sent", "nothing to do"]
    assert len(mail.outbox) == 1 and events().count("notice.delivered") == 1


def test_a_child_a_parent_and_a_professional_are_each_spoken_to(world: World) -> None:
    User.objects.filter(id=world.nurse_account.id).update(email="marit@voorbeeld.test", language="en")
    child = world.account("Sterre", "kind@voorbeeld.test")
    give_child_account(world.nurse, world.subject, child.id, NOW)
    let_child_in(world.nurse, world.subject, child.id, NOW)
    foreign = mother(world)
    User.objects.filter(id=foreign.id).update(language="uk")
    found = {}
    for user in (world.nurse_account, child, foreign):
        letter = claim_notice(JOB, told(world, user).id, NOW)
        assert letter is not None
        found[letter.address] = (letter.audience, letter.language)
        assert worker._send(letter)
    assert found == {
        "marit@voorbeeld.test": (Audience.PROFESSIONAL, "en"),
        "kind@voorbeeld.test": (Audience.CHILD, "nl"),
        "moeder@voorbeeld.test": (Audience.PARENT, "uk"),
    }
    assert [one.subject for one in mail.outbox] == [
        "There is a message for you",
        "Er is een bericht voor je",
        "Для Вас є повідомлення",
    ]


def test_an_attempt_holds_the_notice_until_its_worker_must_be_dead(world: World) -> None:
    notice = told(world, mother(world))
    first = claim_notice(JOB, notice.id, NOW)
    assert first is not None and first.attempt == 1
    assert claim_notice(JOB, notice.id, NOW + rules.HELD - timedelta(seconds=1)) is None
    second = claim_notice(JOB, notice.id, NOW + rules.HELD)
    assert second is not None and second.attempt == 2


def test_a_failed_attempt_waits_longer_each_time_and_then_has_failed(world: World) -> None:
    notice, now, waits = told(world, mother(world)), NOW, []
    for _ in range(len(rules.WAITS) + 1):
        letter = claim_notice(JOB, notice.id, now)
        assert letter is not None
        settle_notice(JOB, letter, False, now)
        notice.refresh_from_db()
        if notice.next_try_at:
            waits.append(notice.next_try_at - now)
            now = notice.next_try_at
    assert (notice.state, tuple(waits)) == (State.FAILED, rules.WAITS)
    assert events()[-1] == "notice.failed"
    assert claim_notice(JOB, notice.id, now) is None


def test_a_notice_whose_worker_dies_each_time_ends_as_failed(world: World) -> None:
    notice, now = told(world, mother(world)), NOW
    letters = []
    while (letter := claim_notice(JOB, notice.id, now)) is not None:
        letters.append(letter)
        now += rules.HELD
    assert len(letters) == len(rules.WAITS) + 1
    assert Notice.objects.get(id=notice.id).state == State.FAILED


def test_the_late_end_of_an_older_attempt_does_not_disturb_the_newer(world: World) -> None:
    notice = told(world, mother(world))
    first = claim_notice(JOB, notice.id, NOW)
    second = claim_notice(JOB, notice.id, NOW + rules.HELD)
    assert isinstance(first, Letter) and isinstance(second, Letter)
    settle_notice(JOB, first, False, NOW + rules.HELD)
    assert Notice.objects.get(id=notice.id).next_try_at == NOW + 2 * rules.HELD
    settle_notice(JOB, first, True, NOW + rules.HELD)
    settle_notice(JOB, second, False, NOW + rules.HELD)
    assert Notice.objects.get(id=notice.id).state == State.DELIVERED


@pytest.mark.parametrize("error", [SMTPException("no"), OSError("away"), ValueError("header")])
def test_a_mail_server_that_says_no_is_asked_again_later(
    world: World, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = told(world, mother(world))

    def refuse(*_: object) -> int:
        raise error

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    assert worker.deliver(str(notice.id)) == "not sent"
    notice.refresh_from_db()
    assert (notice.state, notice.next_try_at) == (State.WAITING, clock.now() + rules.WAITS[0])


def test_what_the_queue_lost_is_found_in_the_outbox(world: World) -> None:
    notice = told(world, mother(world))
    OrmQ.objects.all().delete()
    assert notices_due(JOB, NOW + timedelta(seconds=31)) == [notice.id]
    assert notices_due(JOB, NOW) == []
    worker.keep_house()
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    "act",
    [
        lambda: claim_notice(STRANGER, uuid4(), NOW),
        lambda: settle_notice(STRANGER, Letter(uuid4(), uuid4(), 1, "", Audience.PARENT, "nl"), True, NOW),
        lambda: note_beat(STRANGER, "worker", NOW),
        lambda: notices_due(STRANGER, NOW),
        lambda: worker_seen(STRANGER, TODAY),
    ],
)
def test_only_a_system_job_sends(act: object) -> None:
    with pytest.raises(Refused):
        act()  # type: ignore[operator]


# --- the worker's sign of life -----------------------------------------------------------------------------


def test_a_worker_that_gives_no_sign_is_missed() -> None:
    assert worker_seen(JOB, TODAY) is None
    note_beat(JOB, "worker", NOW)
    note_beat(JOB, "worker", NOW + timedelta(seconds=10))
    assert worker_seen(JOB, TODAY) == NOW + timedelta(seconds=10)
    assert str(WorkerBeat.objects.get()).startswith("worker at 2026")


@pytest.mark.parametrize(
    ("seconds", "state"), [(None, "not running"), (0, "ok"), (90, "ok"), (91, "not seen for 91 s")]
)
def test_the_state_of_the_worker_in_words(seconds: int | None, state: str) -> None:
    seen = None if seconds is None else NOW - timedelta(seconds=seconds)
    assert rules.worker_state(seen, NOW) == state


@pytest.mark.parametrize(
    ("born", "young"), [(None, True), (date(2010, 9, 15), True), (date(2010, 9, 14), False)]
)
def test_a_child_is_spoken_to_as_a_child_until_16(born: date | None, young: bool) -> None:
    assert rules.is_young(born, TODAY) == young
