"""Phase 2: opening a scan, answering it person by person, and closing it."""

from dataclasses import fields, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Explanation, Subject
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.careteam.marks.actions import mark_entry, mark_own
from kindzorg.careteam.marks.rules import NewMark
from kindzorg.careteam.models import Mark
from kindzorg.careteam.rules import HidesFrom, MarkedKind
from kindzorg.core.errors import Conflict, Invalid, Missing
from kindzorg.journey.actions import take_step
from kindzorg.journey.models import CareJourney
from kindzorg.journey.rules import Phase
from kindzorg.needs import queries
from kindzorg.needs.answers import Given, Seat
from kindzorg.needs.models import AnswerKind, NeedsAnswer, NeedsHandover, NeedsScan
from kindzorg.needs.rules import (
    Carrying,
    FirstPass,
    NeedsProfile,
    Respondent,
    Said,
    TopicAnswer,
    check_answer,
    check_first_pass,
    definition,
    profile,
    profile_as_data,
)
from kindzorg.needs.unseen import SAID_AS, key_of

# What a row keeps in columns of its own; the rest of an answer is its `given`.
COLUMNS = {field.name for field in fields(Given)} - {"beside"}


def _journey(subject: Subject) -> CareJourney:
    journey = CareJourney.objects.filter(child_id=subject.child_id, closed_at__isnull=True).first()
    if journey is None:
        raise Missing("no_open_journey", child_id=subject.child_id)
    return journey


@transaction.atomic
def open_scan(actor: Actor, subject: Subject, now: datetime) -> NeedsScan:
    """Begin a scan, or a rescan of the last one. Raises Conflict when one is open, Invalid in another phase.

    A rescan while there is a plan leads the journey back to the needs; the plan in force stays in force.
    """
    leave = policy.require(
        actor, queries.permission_to_answer(actor, subject, now.date()), subject, now.date()
    )
    journey = _journey(subject)
    earlier = NeedsScan.objects.filter(child_id=subject.child_id).order_by("-number").first()
    if earlier and earlier.closed_at is None:
        raise Conflict("scan_already_open", child_id=subject.child_id)
    if journey.phase == Phase.CAREPLAN and earlier:
        take_step(actor, subject, Phase.NEEDS, now)
    elif journey.phase != Phase.NEEDS:
        raise Invalid("needs_not_now", phase=journey.phase)
    scan = NeedsScan.objects.create(
        child_id=subject.child_id,
        owner_id=actor.organisation_id or journey.owner_id,
        number=earlier.number + 1 if earlier else 1,
        version=definition().version,
        opened_by_id=actor.id,
        opened_by=actor.name,
        created_at=now,
    )
    about = {"leave": leave, "object_kind": "needs_scan", "object_id": scan.id}
    write_line(actor, "needs.scan_opened", Kind.CREATE, subject, now, **about)
    return scan


def _open_scan_of(subject: Subject) -> NeedsScan:
    scan = NeedsScan.objects.filter(child_id=subject.child_id, closed_at__isnull=True).first()
    if scan is None:
        raise Missing("no_open_scan", child_id=subject.child_id)
    return scan


def _keep(
    actor: Actor,
    subject: Subject,
    kind: AnswerKind,
    given: Given,
    event: str,
    now: datetime,
    leave: Explanation,
    as_voice: queries.Voice | None = None,
) -> NeedsAnswer:
    """One row, as given. The one who speaks must be the actor, or somebody for whom the actor may type.

    The trail speaks of it under the id that a mark on it carries, so that a line about a hidden answer is hidden too.
    """
    voice = as_voice or queries.voice_for(actor, subject, now.date(), given.person_id)
    if voice.respondent is not given.respondent or voice.entered_by != given.entered_by:
        raise Invalid("not_your_answer", child_id=subject.child_id)
    scan = _open_scan_of(subject)
    row = NeedsAnswer.objects.create(
        child_id=subject.child_id,
        owner_id=actor.organisation_id or scan.owner_id,
        scan=scan,
        kind=kind,
        respondent=given.respondent,
        person_id=given.person_id,
        person=voice.name,
        entered_by_id=given.entered_by,
        entered_by=actor.name if given.entered_by else "",
        nurse_first=getattr(given, "nurse_first", False),
        given={f.name: getattr(given, f.name) for f in fields(given) if f.name not in COLUMNS},
        created_at=now,
    )
    speaks = replace(actor, on_behalf_of=voice.name) if given.entered_by else actor
    about = {"leave": leave, "object_kind": "needs_answer", "object_id": key_of(kind, given)}
    write_line(speaks, event, Kind.CREATE, subject, now, **about)
    return row


@transaction.atomic
def say_opening(actor: Actor, subject: Subject, said: Said, now: datetime) -> NeedsAnswer:
    """Answer the opening question, or pass on it with empty words. Raises Missing without an open scan."""
    leave = policy.require(
        actor, queries.permission_to_answer(actor, subject, now.date()), subject, now.date()
    )
    return _keep(actor, subject, AnswerKind.OPENING, said, "needs.opening_answered", now, leave)


@transaction.atomic
def say_strengths(actor: Actor, subject: Subject, said: Said, now: datetime) -> NeedsAnswer:
    """Tell what goes well, or pass on it with empty words. Raises Missing without an open scan."""
    leave = policy.require(
        actor, queries.permission_to_answer(actor, subject, now.date()), subject, now.date()
    )
    return _keep(actor, subject, AnswerKind.STRENGTHS, said, "needs.strengths_told", now, leave)


@transaction.atomic
def give_first_pass(actor: Actor, subject: Subject, given: FirstPass, now: datetime) -> NeedsAnswer:
    """Choose the topics of one domain, or say that nothing is needed there. Raises Invalid as `check_first_pass`."""
    leave = policy.require(
        actor, queries.permission_to_answer(actor, subject, now.date()), subject, now.date()
    )
    check_first_pass(given, definition(_open_scan_of(subject).version))
    policy.require(actor, leave.permission, subject, now.date(), given.domain)
    return _keep(actor, subject, AnswerKind.FIRST_PASS, given, "needs.domain_chosen", now, leave)


@transaction.atomic
def answer_topic(actor: Actor, subject: Subject, answer: TopicAnswer, now: datetime) -> NeedsAnswer:
    """Answer one topic, or pass on it (`skipped`). Raises Invalid as `check_answer`, and when it says nothing."""
    leave = policy.require(
        actor, queries.permission_to_answer(actor, subject, now.date()), subject, now.date()
    )
    scan = definition(_open_scan_of(subject).version)
    check_answer(answer, scan)
    policy.require(actor, leave.permission, subject, now.date(), scan.topic(answer.topic).domain)
    if not (answer.answered or answer.skipped):
        raise Invalid("answer_empty", fields=("now",), topic=answer.topic)
    return _keep(actor, subject, AnswerKind.TOPICS, answer, "needs.topic_answered", now, leave)


@transaction.atomic
def take_back_topic(
    actor: Actor, subject: Subject, topic: str, now: datetime, person_id: UUID | None = None
) -> NeedsAnswer:
    """Undo the last answer on a topic: the one before it counts again, or none. Every row stays.

    Raises Missing when this person has not answered the topic in the open scan.
    """
    leave = policy.require(
        actor, queries.permission_to_answer(actor, subject, now.date()), subject, now.date()
    )
    voice = queries.voice_for(actor, subject, now.date(), person_id)
    filled = queries.scan_for(actor, subject, now.date())
    given = [a for a in filled.answers.topics if a.topic == topic] if filled and filled.open else []
    own = [a for a in given if (a.respondent, a.person_id) == (voice.respondent, voice.person_id)]
    if not own:
        raise Missing("no_answer_to_take_back", child_id=subject.child_id)
    who = {name: value for name, value in voice.given(now).items() if name != "beside"}
    said = [replace(answer, **who) for answer in own]
    earlier = next((answer for answer in reversed(said) if answer != said[-1]), None)
    again = earlier or TopicAnswer(**who, topic=topic, skipped=True)
    return _keep(actor, subject, AnswerKind.TOPICS, again, "needs.topic_taken_back", now, leave)


@transaction.atomic
def tell_carrying(actor: Actor, subject: Subject, given: Carrying, now: datetime) -> NeedsAnswer:
    """Tell how much rests on a family member and how much they can carry. Raises Invalid without a name or a word."""
    leave = policy.require(
        actor, queries.permission_to_answer(actor, subject, now.date()), subject, now.date()
    )
    if not given.member.strip():
        raise Invalid("member_needed", fields=("member",))
    if given.load is None and given.power is None and not given.words.strip():
        raise Invalid("carrying_empty", fields=("load",))
    return _keep(actor, subject, AnswerKind.CARRYING, given, "needs.carrying_told", now, leave)


@transaction.atomic
def take_seat(actor: Actor, subject: Subject, seat: Seat, now: datetime) -> NeedsAnswer:
    """Say in which form the child answers, and who sits beside it today. The child itself, a nurse, or a parent.

    Raises Missing without an open scan.
    """
    leave = policy.require(
        actor, queries.permission_to_answer(actor, subject, now.date()), subject, now.date()
    )
    voice = queries.seat_voice(actor, subject, now.date())
    return _keep(actor, subject, AnswerKind.SEATS, seat, "needs.seat_taken", now, leave, voice)


@transaction.atomic
def close_scan(actor: Actor, subject: Subject, now: datetime) -> NeedsProfile:
    """Close the scan and hand its profile over; in phase 2 the journey goes on to the plan.

    Raises Incomplete with the domains in which nobody answered, Missing without an open scan.
    """
    leave = policy.require(actor, "needs.close", subject, now.date())
    policy.require_every_domain(actor, "needs.close", subject, now.date())
    scan = (
        NeedsScan.objects.select_for_update()
        .filter(child_id=subject.child_id, closed_at__isnull=True)
        .first()
    )
    filled = queries.scan_for(actor, subject, now.date(), for_hand_over=True)
    if scan is None or filled is None:
        raise Missing("no_open_scan", child_id=subject.child_id)
    handed = profile(filled.holding, scan_id=scan.id, closed_by=actor.id, closed_at=now)
    scan.closed_at, scan.closed_by = now, actor.name
    scan.save(update_fields=["closed_at", "closed_by"])
    NeedsHandover.objects.create(
        child_id=subject.child_id,
        owner_id=scan.owner_id,
        scan=scan,
        profile=profile_as_data(handed),
        by_id=actor.id,
        by=actor.name,
        created_at=now,
    )
    about = {"leave": leave, "object_kind": "needs_scan", "object_id": scan.id}
    write_line(actor, "needs.scan_closed", Kind.EXECUTE, subject, now, **about)
    if _journey(subject).phase == Phase.NEEDS:
        take_step(actor, subject, Phase.CAREPLAN, now)
    return handed


@transaction.atomic
def keep_answer_from_parents(actor: Actor, subject: Subject, answer_key: UUID, now: datetime) -> Mark:
    """A child from 12 keeps an answer of its own from its parents, in every scan. Raises Missing, Invalid."""
    policy.require(actor, "mark.set_own", subject, now.date())
    return mark_own(actor, subject, _new_mark(actor, subject, answer_key, (HidesFrom.PARENTS, ""), now), now)


@transaction.atomic
def keep_answer_from(
    actor: Actor, subject: Subject, answer_key: UUID, given: tuple[HidesFrom, str], now: datetime
) -> Mark:
    """A professional keeps an answer from parents or child (`given`: from whom, why). Raises Missing, Invalid.

    Never from the side that gave it; and it lapses unless a second professional confirms.
    """
    policy.require(actor, "mark.set", subject, now.date())
    return mark_entry(actor, subject, _new_mark(actor, subject, answer_key, given, now), now)


def _new_mark(
    actor: Actor, subject: Subject, answer_key: UUID, given: tuple[HidesFrom, str], now: datetime
) -> NewMark:
    one = queries.answer_for(actor, subject, answer_key, now.date()).given
    voice = queries.respondent_of(actor, subject, now.date())
    own = one.respondent is voice is Respondent.CHILD
    author = actor.id if own else one.person_id
    return NewMark(MarkedKind.NEEDS_ANSWER, answer_key, author, SAID_AS[one.respondent], *given)
