"""Telling people, and what the worker does with the outbox."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django_q.tasks import async_task

from kindzorg.access import policy
from kindzorg.access.birthdays import Coming
from kindzorg.access.policy import Actor, Explanation, Subject
from kindzorg.access.roles import Role, Scope
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.audit.models import AuditSeal
from kindzorg.audit.queries import seal_by_id
from kindzorg.careteam.models import Grant
from kindzorg.careteam.queries import in_force, kept_from_seeing
from kindzorg.core.errors import Missing
from kindzorg.core.own_words import House
from kindzorg.core.vocabulary import Audience
from kindzorg.notices import rules
from kindzorg.notices.models import Notice, WorkerBeat
from kindzorg.notices.rules import State, Way, birthday_kind
from kindzorg.people.models import Child, Professional, User

# By name, so that the queue can be filled without loading the worker.
SEAL = "trail_seal"
DELIVERS = "kindzorg.notices.worker.deliver"


@dataclass(frozen=True, slots=True)
class Letter:
    """One attempt at one mail: to which address, for whom it is worded, and the how-manieth attempt it is.

    `words` names its text where that is not the usual one, `given` what is filled in there; `house` who keeps the file
    of the child that it is about: in whose own words it is.
    """

    notice_id: UUID
    attempt: int
    address: str
    audience: Audience
    language: str
    words: str = ""
    given: Mapping[str, str] = field(default_factory=dict)
    house: House | None = None


@transaction.atomic
def tell(
    actor: Actor,
    subject: Subject,
    kind: str,
    recipients: Iterable[UUID],
    object_id: UUID | None,
    now: datetime,
) -> Sequence[Notice]:
    """Tell these accounts that there is something of this kind about this child; who has an address gets a mail too.

    Whom a court keeps from seeing the child's file is not told that there is anything.

    Outbox and queue are written in the caller's transaction: what is rolled back was never told.
    """
    leave = policy.require(actor, "child.open", subject, now.date())
    owner_id = Child.objects.values_list("owner_id", flat=True).get(id=subject.child_id)
    fields = {"child_id": subject.child_id, "owner_id": owner_id, "kind": kind, "object_id": object_id}
    shut_out = kept_from_seeing(actor, subject, now.date())
    users = User.objects.filter(id__in=set(recipients) - shut_out, is_active=True).order_by("id")
    notices = [
        _notice(user, way, now, fields)
        for user in users
        for way in ((Way.IN_APP, Way.MAIL) if user.email else (Way.IN_APP,))
    ]
    Notice.objects.bulk_create(notices)
    for notice in notices:
        if notice.way == Way.MAIL:
            async_task(DELIVERS, str(notice.id), save=False)
    about = {"object_kind": kind, "object_id": object_id, "notices": len(notices)}
    write_line(actor, "notice.told", Kind.CREATE, subject, now, leave=leave, **about)
    return notices


@transaction.atomic
def run_later(actor: Actor, subject: Subject, task: str, key: UUID, now: datetime) -> None:
    """Let the worker run `task`(id) once this transaction is there. It must bear being run twice, and count itself."""
    leave = policy.require(actor, "child.open", subject, now.date())
    async_task(task, str(key), save=False)
    about = {"leave": leave, "object_kind": "task", "object_id": key}
    write_line(actor, "task.queued", Kind.EXECUTE, subject, now, **about)


def _notice(user: User, way: Way, now: datetime, fields: Mapping[str, Any]) -> Notice:
    """In the app it is there as soon as the transaction is; a mail waits for the worker."""
    notice = Notice(recipient=user, way=way, created_at=now, **fields)
    if way == Way.IN_APP:
        notice.state, notice.delivered_at = State.DELIVERED, now
    else:
        notice.next_try_at = now
    return notice


@transaction.atomic
def announce_birthday(actor: Actor, subject: Subject, soon: Coming, now: datetime) -> Sequence[Notice]:
    """Tell the child and who holds authority of a birthday that changes rights: each once, also after a restart.

    On the 12th birthday itself the child alone: it may take back what was agreed to for it.
    """
    leave = policy.require(actor, "notice.send", None, now.date())
    Child.objects.select_for_update().get(id=subject.child_id)
    kind = birthday_kind(soon.years, soon.months)
    told = Notice.objects.filter(child_id=subject.child_id, kind=kind).values_list("recipient_id", flat=True)
    itself = (Role.CHILD, Role.YOUNG_PERSON)
    roles = (*itself, Role.AUTHORITY_HOLDER) if soon.months else itself
    grants = Grant.objects.filter(
        in_force(now.date()), scope=Scope.CHILD, scope_id=subject.child_id, role__in=roles
    )
    recipients = set(grants.values_list("user_id", flat=True)) - set(told)
    if not recipients:
        return []
    about = {"leave": leave, "object_kind": kind, "object_id": subject.child_id}
    write_line(actor, "birthday.announced", Kind.EXECUTE, subject, now, **about)
    return tell(actor, subject, kind, recipients, None, now)


@transaction.atomic
def mail_seal(actor: Actor, seal: AuditSeal, to: Mapping[UUID, UUID], now: datetime) -> int:
    """Mail a seal of the trail to these accounts, each with its organisation; gives back how many have an address.

    It is no medical content: a number and a digest, which are worth keeping outside this database.
    """
    leave = policy.require(actor, "trail.keep", None, now.date())
    users = User.objects.filter(id__in=to, is_active=True).exclude(email="").order_by("id")
    notices = [
        Notice(recipient=user, owner_id=to[user.id], kind=SEAL, object_id=seal.id, way=Way.MAIL)
        for user in users
    ]
    for notice in notices:
        notice.created_at = notice.next_try_at = now
    Notice.objects.bulk_create(notices)
    for notice in notices:
        async_task(DELIVERS, str(notice.id), save=False)
    about = {"leave": leave, "object_kind": "seal", "object_id": seal.id, "notices": len(notices)}
    write_line(actor, "trail.seal_mailed", Kind.EXECUTE, None, now, **about)
    return len(notices)


@transaction.atomic
def mark_read(actor: Actor, subject: Subject, notice_id: UUID, now: datetime) -> Notice:
    """The recipient has read it. Raises Missing for a notice of somebody else."""
    leave = policy.require(actor, "child.open", subject, now.date())
    notice = (
        Notice.objects.select_for_update()
        .filter(id=notice_id, child_id=subject.child_id, recipient_id=actor.id, way=Way.IN_APP)
        .first()
    )
    if notice is None:
        raise Missing("no_such_notice", notice_id=notice_id)
    if notice.state != State.READ:
        notice.state, notice.read_at = State.READ, now
        notice.save(update_fields=["state", "read_at"])
        about = {"leave": leave, "object_kind": notice.kind, "object_id": notice.object_id}
        write_line(actor, "notice.read", Kind.UPDATE, subject, now, **about)
    return notice


@transaction.atomic
def claim_notice(actor: Actor, notice_id: UUID, now: datetime) -> Letter | None:
    """Take a waiting notice for one attempt; None when it was sent, is held by another or has had its attempts.

    The attempt is counted before it is made, so that a notice whose worker dies each time ends as failed.
    """
    leave = policy.require(actor, "notice.send", None, now.date())
    notice = (
        Notice.objects.select_for_update()
        .filter(id=notice_id, way=Way.MAIL, state=State.WAITING, next_try_at__lte=now)
        .first()
    )
    if notice is None:
        return None
    if rules.exhausted(notice.attempts):
        _close(actor, notice, State.FAILED, now, leave)
        return None
    notice.attempts += 1
    notice.next_try_at = now + rules.HELD
    notice.save(update_fields=["attempts", "next_try_at"])
    return _letter(actor, notice, now)


def _letter(actor: Actor, notice: Notice, now: datetime) -> Letter:
    works = Professional.objects.filter(user_id=OuterRef("id"))
    user = User.objects.annotate(works=Exists(works)).select_related("as_child").get(id=notice.recipient_id)
    child = getattr(user, "as_child", None)
    if user.works:
        audience = Audience.PROFESSIONAL
    else:
        young = child is not None and rules.is_young(child.birth_date, now.date())
        audience = Audience.CHILD if young else Audience.PARENT
    letter = Letter(notice.id, notice.attempts, user.email, audience, user.language, house=_house(notice))
    if notice.kind != SEAL or notice.object_id is None:
        return letter
    seal = seal_by_id(actor, notice.object_id, now.date())
    given = {"seal": f"{seal.number}:{seal.digest}", "at": f"{timezone.localtime(seal.at):%Y-%m-%d %H:%M}"}
    return replace(letter, words="seal_", given=given | {"source": settings.KINDZORG_SOURCE})


def _house(notice: Notice) -> House | None:
    if notice.child_id is None:
        return None
    keeper = Child.objects.filter(id=notice.child_id).values_list("owner_id", "owner__own_stamp").first()
    return House(*keeper) if keeper else None


@transaction.atomic
def settle_notice(actor: Actor, letter: Letter, sent: bool, now: datetime) -> None:
    """Write down how an attempt ended. A failed one waits for the next, or is the last."""
    leave = policy.require(actor, "notice.send", None, now.date())
    notice = Notice.objects.select_for_update().filter(id=letter.notice_id, state=State.WAITING).first()
    if notice is None:
        return
    if sent:
        _close(actor, notice, State.DELIVERED, now, leave)
    elif notice.attempts == letter.attempt:  # Else another attempt is under way, and decides.
        notice.next_try_at = rules.next_attempt(notice.attempts, now)
        if notice.next_try_at is None:
            _close(actor, notice, State.FAILED, now, leave)
        else:
            notice.save(update_fields=["next_try_at"])


def _close(actor: Actor, notice: Notice, state: State, now: datetime, leave: Explanation) -> None:
    notice.state, notice.next_try_at = state, None
    notice.delivered_at = now if state == State.DELIVERED else None
    notice.save(update_fields=["state", "next_try_at", "delivered_at"])
    subject = Subject(notice.child_id, None) if notice.child_id else None
    # The line is about what it was about, so that it hides where that hides.
    about = {"leave": leave, "object_kind": notice.kind, "object_id": notice.object_id, "way": notice.way}
    write_line(actor, f"notice.{state}", Kind.EXECUTE, subject, now, **about)


@transaction.atomic
def note_beat(actor: Actor, name: str, now: datetime) -> None:
    """A worker's sign of life, in one statement. Leaves no line: it would fill the trail with nothing."""
    policy.require(actor, "notice.send", None, now.date())
    WorkerBeat.objects.bulk_create(
        [WorkerBeat(name=name, at=now)], update_conflicts=True, unique_fields=["name"], update_fields=["at"]
    )
