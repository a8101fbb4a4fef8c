"""Planning a meeting, bringing something to it, its minutes and decisions, closing it, and the time that was spent."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from kindzorg.access import policy
from kindzorg.access.policy import EVERY_DOMAIN, Actor, Explanation, Subject
from kindzorg.access.roles import FAMILY
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.careplan.agreements.rules import AgreementContent
from kindzorg.careplan.annex.queries import alive
from kindzorg.careplan.meetings import queries, rules
from kindzorg.careplan.meetings.models import (
    Meeting,
    MeetingAnswer,
    MeetingDecision,
    MeetingEnd,
    MeetingNote,
    MeetingPoint,
    TimeSpent,
)
from kindzorg.careplan.meetings.rules import (
    Closing,
    Decided,
    MeetingView,
    NewMeeting,
    NewTime,
    Says,
    Spoken,
    TimeKind,
)
from kindzorg.careplan.proposals.actions import accept_proposal, make_proposal
from kindzorg.careplan.proposals.rules import NewProposal, ProposalKind, Written
from kindzorg.careplan.reviews.queries import people_for
from kindzorg.careplan.reviews.rules import Person
from kindzorg.careteam.models import Membership
from kindzorg.careteam.queries import in_force
from kindzorg.core.errors import Conflict, Invalid, Missing, Refused
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.notices.actions import tell
from kindzorg.notices.queries import told_of
from kindzorg.people.models import Child, Professional

SOON = "meeting_soon"


@transaction.atomic
def plan_meeting(actor: Actor, subject: Subject, new: NewMeeting, now: datetime) -> UUID:
    """Plan a meeting; gives back its id. Everybody around the child who sees something of the plan is asked.

    Raises Refused, Invalid, also after the child's death.
    """
    leave = policy.require(actor, "meeting.plan", subject, now.date())
    if not alive(actor, subject, now.date()):
        raise Invalid("meeting_child_died")
    rules.check_meeting(new, now)
    row = Meeting.objects.create(
        **_of(actor, subject, now),
        starts_at=new.starts_at,
        place=new.place.strip(),
        link=new.link.strip(),
        chair=new.chair.strip() or actor.name,
        scribe=new.scribe.strip() or actor.name,
    )
    _line(actor, subject, "meeting.planned", Kind.CREATE, row.id, now, leave)
    _tell(actor, subject, "meeting_planned", row.id, now)
    return row.id


def _of(actor: Actor, subject: Subject, now: datetime) -> dict[str, Any]:
    return {
        "child_id": subject.child_id,
        "owner_id": Child.objects.values_list("owner_id", flat=True).get(id=subject.child_id),
        "by_id": actor.id,
        "by": actor.name,
        "organisation": actor.organisation,
        "created_at": now,
    }


def _line(
    actor: Actor, subject: Subject, event: str, kind: Kind, about: UUID, now: datetime, leave: Explanation
) -> None:
    write_line(actor, event, kind, subject, now, leave=leave, object_kind="meeting", object_id=about)


def _tell(actor: Actor, subject: Subject, kind: str, about: UUID, now: datetime) -> None:
    people = people_for(actor, subject, EVERY_DOMAIN, now.date())
    tell(actor, subject, kind, {one.user_id for one in people} - {actor.id}, about, now)


def _open(actor: Actor, subject: Subject, meeting_id: UUID, now: datetime) -> MeetingView:
    """The meeting, held until the end: what is said while somebody closes it comes before that, or not at all."""
    Meeting.objects.select_for_update().filter(id=meeting_id, child_id=subject.child_id).first()
    found = queries.meeting_for(actor, subject, meeting_id, now.date())
    rules.check_open(found)
    return found


def _require_domain(
    actor: Actor, subject: Subject, permission: str, domain: LifeDomain | None, now: datetime
) -> None:
    """Of anything: for who sees every domain alone."""
    if domain:
        policy.require(actor, permission, subject, now.date(), domain)
    else:
        policy.require_every_domain(actor, permission, subject, now.date())


def _spoken(
    actor: Actor, subject: Subject, meeting_id: UUID, spoken: Spoken, now: datetime
) -> dict[str, Any]:
    return {
        **_of(actor, subject, now),
        "meeting_id": meeting_id,
        "domain": str(spoken.domain or ""),
        "words": spoken.words.strip(),
        "role": str(policy.role_for(actor, subject, now.date()) or ""),
    }


@transaction.atomic
def put_point(actor: Actor, subject: Subject, meeting_id: UUID, spoken: Spoken, now: datetime) -> None:
    """Put something on the agenda. Raises Refused for a closed domain, Missing, Invalid."""
    leave = policy.require(actor, "meeting.answer", subject, now.date())
    rules.check_words(spoken)
    _require_domain(actor, subject, "meeting.answer", spoken.domain, now)
    _open(actor, subject, meeting_id, now)
    MeetingPoint.objects.create(**_spoken(actor, subject, meeting_id, spoken, now))
    _line(actor, subject, "meeting.point_put", Kind.CREATE, meeting_id, now, leave)


@transaction.atomic
def answer_meeting(
    actor: Actor, subject: Subject, meeting_id: UUID, says: Says, spoken: Spoken, now: datetime
) -> None:
    """Say whether one comes, sends word, or cannot. Raises as `put_point`."""
    leave = policy.require(actor, "meeting.answer", subject, now.date())
    rules.check_answer(says, spoken.words)
    if spoken.words.strip():
        rules.check_words(spoken)
        _require_domain(actor, subject, "meeting.answer", spoken.domain, now)
    _open(actor, subject, meeting_id, now)
    MeetingAnswer.objects.create(says=says, **_spoken(actor, subject, meeting_id, spoken, now))
    _line(actor, subject, "meeting.answered", Kind.CREATE, meeting_id, now, leave)


@transaction.atomic
def write_note(actor: Actor, subject: Subject, meeting_id: UUID, spoken: Spoken, now: datetime) -> None:
    """Write the minutes of one life domain, or of the whole; the last wording counts. Raises as `put_point`."""
    leave = policy.require(actor, "meeting.minutes", subject, now.date())
    rules.check_words(spoken)
    _require_domain(actor, subject, "meeting.minutes", spoken.domain, now)
    _open(actor, subject, meeting_id, now)
    MeetingNote.objects.create(**_spoken(actor, subject, meeting_id, spoken, now))
    _line(actor, subject, "meeting.noted", Kind.CREATE, meeting_id, now, leave)


@transaction.atomic
def decide(actor: Actor, subject: Subject, meeting_id: UUID, decided: Decided, now: datetime) -> None:
    """A decision becomes an agreement at once: in the draft where the actor decides on proposals and no other version
    waits, else a proposal. It is asked of who does it when the draft comes into force: nothing goes around the family.

    Raises Refused, Missing without a plan or for a goal that is not in it, Invalid.
    """
    leave = policy.require(actor, "meeting.minutes", subject, now.date())
    spoken = Spoken(words=decided.what, domain=decided.domain)
    rules.check_words(spoken)
    if decided.goal_id is None or decided.domain:
        _require_domain(actor, subject, "meeting.minutes", decided.domain, now)
    _open(actor, subject, meeting_id, now)
    new = NewProposal(
        kind=ProposalKind.NEW_AGREEMENT,
        goal_id=decided.goal_id,
        domain=None if decided.goal_id else decided.domain,
        what=decided.what,
        words=decided.what,
        where=decided.where,
        when=decided.when,
    )
    made = make_proposal(actor, subject, new, now)
    agreement = _into_draft(actor, subject, made, decided, now)
    row = _spoken(actor, subject, meeting_id, spoken, now)
    MeetingDecision.objects.create(proposal_id=made, agreement_id=agreement, **row)
    _line(actor, subject, "meeting.decided", Kind.CREATE, meeting_id, now, leave)


def _into_draft(
    actor: Actor, subject: Subject, proposal_id: UUID, decided: Decided, now: datetime
) -> UUID | None:
    if not policy.may(actor, "proposal.decide", subject, now.date()):
        return None
    content = AgreementContent(
        what=decided.what,
        who=decided.who,
        where=decided.where,
        when=decided.when,
        goal_id=decided.goal_id,
    )
    try:
        with transaction.atomic():
            return accept_proposal(actor, subject, proposal_id, Written(content=content), now)
    except (Conflict, Invalid, Missing, Refused):
        return None  # Another version waits to be agreed, or somebody else decides: then it stays a proposal.


@transaction.atomic
def close_meeting(actor: Actor, subject: Subject, meeting_id: UUID, closing: Closing, now: datetime) -> None:
    """Close the minutes: from now on they stay as they are, and all who may see a part read that. The time is written
    for each professional who was there. Raises Refused, Missing, Invalid."""
    leave = policy.require(actor, "meeting.minutes", subject, now.date())
    meeting = _open(actor, subject, meeting_id, now)
    people = [
        one for one in people_for(actor, subject, EVERY_DOMAIN, now.date()) if one.user_id in closing.present
    ]
    if not people:
        raise Invalid("meeting_nobody", fields=("present",))
    on_day = min(meeting.starts_at, now).date()
    for one in people:
        if one.role not in FAMILY:
            time = NewTime(
                kind=TimeKind.MEETING,
                minutes=closing.minutes,
                on_day=on_day,
                person_id=one.user_id,
                meeting_id=meeting_id,
            )
            _spend(actor, subject, time, one, now)
    kept = [
        {
            "kind": str(one.kind),
            "words": one.words,
            "domain": str(one.domain or ""),
            "by": one.by,
            "family": one.family,
            "about_id": str(one.about_id or ""),
        }
        for one in closing.agenda
        if one.kind in rules.KEPT
    ]
    names = [one.name for one in people]
    row = _of(actor, subject, now)
    MeetingEnd.objects.create(meeting_id=meeting_id, held=True, present=names, agenda=kept, **row)
    _line(actor, subject, "meeting.closed", Kind.UPDATE, meeting_id, now, leave)
    _tell(actor, subject, "meeting_minutes", meeting_id, now)


@transaction.atomic
def drop_meeting(actor: Actor, subject: Subject, meeting_id: UUID, words: str, now: datetime) -> None:
    """It does not go on, with the reason; everybody is told. Raises Refused, Missing, Invalid."""
    leave = policy.require(actor, "meeting.plan", subject, now.date())
    _open(actor, subject, meeting_id, now)
    MeetingEnd.objects.create(
        meeting_id=meeting_id, held=False, words=words.strip(), **_of(actor, subject, now)
    )
    _line(actor, subject, "meeting.dropped", Kind.UPDATE, meeting_id, now, leave)
    _tell(actor, subject, "meeting_dropped", meeting_id, now)


@transaction.atomic
def remind_of_meeting(actor: Actor, subject: Subject, meeting_id: UUID, now: datetime) -> int:
    """The job's: remind who was asked and has not said whether they come; each once. Gives back how many. Raises
    Missing, Invalid for a meeting that is over."""
    leave = policy.require(actor, "notice.send", None, now.date())
    # Another worker that reminds of the same waits here, and then finds who was told.
    row = Meeting.objects.select_for_update().filter(id=meeting_id, child_id=subject.child_id).first()
    if row is None:
        raise Missing("no_such_meeting", meeting_id=meeting_id)
    if MeetingEnd.objects.filter(meeting_id=meeting_id).exists():
        raise Invalid("meeting_over")
    people = {one.user_id for one in people_for(actor, subject, EVERY_DOMAIN, now.date())}
    told = queries.unanswered(actor, meeting_id, people) - told_of(actor, subject, SOON, meeting_id)
    if told:
        tell(actor, subject, SOON, told, meeting_id, now)
        _line(actor, subject, "meeting.reminded", Kind.EXECUTE, meeting_id, now, leave)
    return len(told)


@transaction.atomic
def write_time(actor: Actor, subject: Subject, new: NewTime, now: datetime) -> None:
    """Write down time that was spent around a child: the own, or that of another for who takes the minutes.

    Raises Refused, Missing for who is not around this child, Invalid.
    """
    leave = policy.require(actor, "time.write", subject, now.date())
    if new.person_id != actor.id:
        policy.require(actor, "meeting.minutes", subject, now.date())
    people = people_for(actor, subject, EVERY_DOMAIN, now.date())
    person = next((one for one in people if one.user_id == new.person_id and one.role not in FAMILY), None)
    if person is None:
        raise Missing("no_such_person", child_id=subject.child_id)
    _spend(actor, subject, new, person, now)
    about = new.meeting_id or new.person_id
    write_line(
        actor, "time.written", Kind.CREATE, subject, now, leave=leave, object_kind="time", object_id=about
    )


def _spend(actor: Actor, subject: Subject, new: NewTime, person: Person, now: datetime) -> None:
    rules.check_time(new, now.date())
    kept = _of(actor, subject, now)
    TimeSpent.objects.create(
        **kept,
        meeting_id=new.meeting_id,
        person_id=person.user_id,
        person=person.name,
        house_id=_house(actor, subject, person, now.date()) or kept["owner_id"],
        kind=new.kind,
        minutes=new.minutes,
        on_day=new.on_day,
    )


def _house(actor: Actor, subject: Subject, person: Person, on: date) -> UUID | None:
    """For which organisation somebody takes part in the care of this child: one person can work in two."""
    work = Professional.objects.filter(user_id=person.user_id).order_by("id")
    here = work.filter(
        id__in=Membership.objects.filter(in_force(on), child_id=subject.child_id).values("professional_id")
    )
    houses = list(here.values_list("organisation_id", flat=True))
    if person.user_id == actor.id and actor.organisation_id in houses:
        return actor.organisation_id
    return next(iter(houses), None) or work.values_list("organisation_id", flat=True).first()
