"""Asking, taking longer, deciding, and destroying what was decided must go."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kindzorg.access import policy
from kindzorg.access.grounds import Side
from kindzorg.access.policy import Actor, Subject
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.careteam.queries import authority_holders, child_for, privacy_officers
from kindzorg.careteam.rules import requests_key
from kindzorg.careteam.sharing import locked_child
from kindzorg.core.errors import Conflict, Invalid
from kindzorg.core.thawing import thawed
from kindzorg.journey.models import CareJourney
from kindzorg.keeping import erasing
from kindzorg.keeping.models import FileRequest, RequestDecision, RequestDelay, RequestDone
from kindzorg.keeping.pointing import Thing, thing_for
from kindzorg.keeping.requests import rules
from kindzorg.keeping.requests.queries import (
    asks_for,
    deciders_of,
    other_holders,
    request_to_decide,
    side_of,
    still_decides,
)
from kindzorg.keeping.requests.rules import (
    About,
    Asked,
    Born,
    Decision,
    NewRequest,
    RequestStanding,
    RequestView,
)
from kindzorg.notices.actions import run_later, tell
from kindzorg.people.models import Child
from kindzorg.record.notes.actions import NewStatement, add_statement

# The worker does this: only the owner of the tables can change what is frozen.
DESTROYS = "kindzorg.keeping.destroying.destroy"


@transaction.atomic
def make_request(actor: Actor, subject: Subject, new: NewRequest, now: datetime) -> FileRequest:
    """Ask to put something right or to destroy it. It goes to the organisation whose it is, else to who keeps the file.

    Raises Invalid("not_yours_to_ask") where age and ground give this right to another, Missing for what is not there,
    Conflict("asked_already") while the same is open.
    """
    leave = policy.require(actor, "request.make", subject, now.date())
    rules.check_words(new.words)
    thing = thing_for(actor, subject, new.about, new.object_id, now.date())
    if new.asked not in asks_for(actor, subject, thing, now.date()):
        raise Invalid("not_yours_to_ask", fields=("asked",))
    side = side_of(actor, subject, now.date())
    _check_asked_once(subject, new.asked, thing, side)
    owner_id, told, officers = _decides(actor, subject, thing, now)
    row = FileRequest.objects.create(
        child_id=subject.child_id,
        owner_id=owner_id,
        ground=thing.ground,
        asked=new.asked,
        about=thing.about,
        object_id=thing.object_id,
        side=side,
        words=new.words.strip(),
        due=rules.due_on(now.date()),
        unseen=not told,
        nurse_first=thing.nurse_first,
        by_id=actor.id,
        by=actor.name,
        created_at=now,
    )
    _tell(actor, subject, "request_made", (told | _parents(actor, subject, side, now)) - {actor.id}, row, now)
    _tell(actor, subject, "request_unseen", officers, row, now)
    about = {"leave": leave, "object_kind": "request", "object_id": _trail_id(row)}
    write_line(actor, "request.made", Kind.CREATE, subject, now, **about)
    return row


def _check_asked_once(subject: Subject, asked: Asked, thing: Thing, side: Side) -> None:
    """Raises Conflict while the same is open on this side: what the other side asks is not said, and blocks nothing.

    The child's row is held, so that two clicks ask it once.
    """
    locked_child(subject)
    same = FileRequest.objects.filter(child_id=subject.child_id, object_id=thing.object_id, side=side)
    if thing.object_id and same.filter(asked=asked, decision__isnull=True).exists():
        raise Conflict("asked_already")


def _decides(
    actor: Actor, subject: Subject, thing: Thing, now: datetime
) -> tuple[UUID, set[UUID], set[UUID]]:
    """The organisation whose it is, where somebody who sees it decides; else the one that keeps the file.

    Then that of the controller of the care. Where nobody sees it, a privacy officer of the keeper, else of the
    controller, is told (the last part), and sees to it that somebody there decides.
    """
    keeper = Child.objects.values_list("owner_id", flat=True).get(id=subject.child_id)
    journeys = CareJourney.objects.filter(child_id=subject.child_id).order_by("-opened_at")
    houses = [keeper, *journeys.values_list("owner_id", flat=True)[:1]]
    for owner_id in dict.fromkeys([thing.owner_id, *houses]):
        if told := deciders_of(actor, subject, thing, owner_id, now.date()):
            return owner_id, set(told), set()
    for owner_id in houses:
        if officers := privacy_officers(actor, now.date(), owner_id):
            return owner_id, set(), set(officers)
    return keeper, set(), set()


def _parents(actor: Actor, subject: Subject, side: Side, now: datetime) -> set[UUID]:
    """The others who hold authority know what one of them asks; what a child asks stays the child's."""
    if side != Side.HOLDER:
        return set()
    held = authority_holders(actor, subject, now.date())
    return {one.relative.user_id for one in held if one.relative.user_id}


def _tell(
    actor: Actor,
    subject: Subject,
    kind: str,
    accounts: set[UUID],
    row: FileRequest | RequestView,
    now: datetime,
) -> None:
    """A notice stands under what it is about, so that who may not know of that does not find it in the trail."""
    tell(actor, subject, kind, accounts, _trail_id(row), now)


def _trail_id(row: FileRequest | RequestView) -> UUID:
    """Under which id the trail and notices speak of a request: what it is about, so that who may not know of that finds
    nothing. What a child asks stands under one id per child, that its parents do not see.
    """
    return requests_key(row.child_id) if row.side == Side.CHILD else row.object_id or row.id


def _open(actor: Actor, subject: Subject, request_id: UUID, now: datetime) -> RequestView:
    """The request, which nobody decided yet, locked; only for who decides for its organisation."""
    FileRequest.objects.select_for_update().filter(child_id=subject.child_id, id=request_id).first()
    row = request_to_decide(actor, subject, request_id, now.date())
    if row.standing not in (RequestStanding.OPEN, RequestStanding.DELAYED):
        raise Conflict("decided_already", by=row.decided_by)
    return row


@transaction.atomic
def delay_request(
    actor: Actor, subject: Subject, request_id: UUID, reason: str, now: datetime
) -> RequestDelay:
    """Say within the first month that it takes up to three, and why. Raises Conflict, Invalid."""
    leave = policy.require(actor, "request.decide", subject, now.date())
    asked = _open(actor, subject, request_id, now)
    rules.check_words(reason)
    if not rules.may_delay(asked.at.date(), now.date(), asked.standing):
        raise Conflict("too_late_to_delay")
    row = RequestDelay.objects.create(
        child_id=subject.child_id,
        owner_id=asked.owner_id,
        request_id=asked.id,
        reason=reason.strip(),
        due=rules.due_on(asked.at.date(), delayed=True),
        by_id=actor.id,
        by=actor.name,
        created_at=now,
    )
    _tell(actor, subject, "request_delayed", {asked.by_id}, asked, now)
    about = {"leave": leave, "object_kind": "request", "object_id": _trail_id(asked)}
    write_line(actor, "request.delayed", Kind.UPDATE, subject, now, **about)
    return row


@transaction.atomic
def decide_request(
    actor: Actor, subject: Subject, request_id: UUID, decision: Decision, now: datetime
) -> RequestDecision:
    """Grant or refuse. Refused: the family's own words stand beside the item from now on. Granted: what must go is
    destroyed by the worker; what must be put right is changed by the ordinary way.

    Raises Conflict("decided_already"), Invalid.
    """
    leave = policy.require(actor, "request.decide", subject, now.date())
    asked = _open(actor, subject, request_id, now)
    others = bool(other_holders(actor, subject, asked.by_id, now.date())) and asked.side == Side.HOLDER
    rules.check_decision(decision, asked.asked, asked.about, others_hold=others)
    _check_law(actor, subject, asked, decision, now)
    row = RequestDecision.objects.create(
        child_id=subject.child_id,
        owner_id=asked.owner_id,
        request_id=asked.id,
        granted=decision.granted,
        reason="" if decision.granted else str(decision.reason),
        words=decision.words.strip(),
        all_agree=decision.all_agree,
        by_id=actor.id,
        by=actor.name,
        created_at=now,
    )
    if not decision.granted and asked.object_id:
        beside = NewStatement(asked.object_id, asked.words, asked.by, asked.by_id, asked.side)
        add_statement(actor, subject, beside, now)
    if decision.granted and asked.asked == Asked.REMOVE:
        run_later(actor, subject, DESTROYS, asked.id, now)
    _tell(actor, subject, "request_decided", {asked.by_id}, asked, now)
    about = {"leave": leave, "object_kind": "request", "object_id": _trail_id(asked)}
    event = "request.granted" if decision.granted else "request.refused"
    write_line(actor, event, Kind.UPDATE, subject, now, **about)
    return row


def _check_law(actor: Actor, subject: Subject, asked: RequestView, decision: Decision, now: datetime) -> None:
    """Who asked must still be the one who decides on a deletion: a child can turn 12 or 16 meanwhile, authority can
    end, and a court can keep a parent from deciding.
    """
    if not (decision.granted and asked.asked == Asked.REMOVE):
        return
    asker = still_decides(actor, subject, asked.by_id, now.date())
    born = Born(subject.birth_date, subject.can_decide, asker is None or asker.by_court)
    theirs = rules.may_ask(Asked.REMOVE, asked.ground, asked.side, born, now.date())
    if not theirs or (asker is None and asked.side != Side.CHILD):
        raise Invalid("not_theirs_any_more", fields=("granted",))


@transaction.atomic
def destroy_content(actor: Actor, request_id: UUID, now: datetime) -> RequestDone | None:
    """Destroy what was decided must go; None when it is gone already. Run by the worker, as owner of the tables."""
    leave = policy.require(actor, "request.destroy", None, now.date())
    with thawed(erasing.TABLES):
        rows = FileRequest.objects.filter(id=request_id, asked=Asked.REMOVE, decision__granted=True)
        row = rows.filter(done__isnull=True).first()
        if row is None or row.object_id is None:
            return None
        subject = child_for(actor, row.child_id, now.date()).subject
        done = RequestDone.objects.create(
            child_id=row.child_id,
            owner_id=row.owner_id,
            request=row,
            rows=_destroy(row, row.object_id, now),
            by_id=actor.id,
            by=actor.name,
            created_at=now,
        )
        _tell(actor, subject, "request_done", {row.by_id}, row, now)
        # What a child told its nurse first, its parents do not find by its id either.
        mine = row.about == About.ANSWER and row.side == Side.CHILD
        about = {
            "leave": leave,
            "object_kind": "request",
            "object_id": _trail_id(row) if mine else row.object_id,
        }
        write_line(actor, "entry.destroyed", Kind.DELETE, subject, now, **about)
    return done


def _destroy(row: FileRequest, object_id: UUID, now: datetime) -> int:
    """Empty the thing, and what was said in requests about it: that can repeat what must be gone."""
    about = FileRequest.objects.filter(child_id=row.child_id, object_id=object_id)
    decisions = RequestDecision.objects.filter(request__in=about)
    delays = RequestDelay.objects.filter(request__in=about)
    talked = about.update(words="") + decisions.update(words="") + delays.update(reason="")
    return erasing.destroy(About(row.about), row.child_id, object_id, now) + talked
