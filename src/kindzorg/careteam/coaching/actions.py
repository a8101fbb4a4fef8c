"""Offering a care coach, and keeping what the family says."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.access.roles import Role
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.careteam.coaching import rules
from kindzorg.careteam.coaching.models import CoachStep
from kindzorg.careteam.coaching.queries import coaching_for
from kindzorg.careteam.coaching.rules import CoachMove
from kindzorg.careteam.consents.rules import Said
from kindzorg.careteam.rules import ConsentWay
from kindzorg.careteam.sharing import check_said, family_of, locked_child
from kindzorg.careteam.telling import tell
from kindzorg.core.vocabulary import Ground


@dataclass(frozen=True, slots=True)
class CoachAnswer:
    """What the family says: yes or no, in its own words, and after a no when to ask again."""

    yes: bool
    words: str = ""
    again_on: date | None = None


@transaction.atomic
def offer_coach(actor: Actor, subject: Subject, now: datetime) -> CoachStep:
    """Offer the family a care coach; those who decide are told. Raises Conflict where it is open or one is there."""
    leave = policy.require(actor, "coach.offer", subject, now.date())
    step = _step(actor, subject, CoachMove.OFFERED, now)
    family = family_of(locked_child(subject), now.date())
    accounts = {one.user_id for one in family.needed(Ground.AVG, now.date()) if one.user_id}
    tell(actor, subject, "coach_offered", accounts, step.id, now)
    about = {"leave": leave, "object_kind": "coach", "object_id": step.id}
    write_line(actor, "coach.offered", Kind.CREATE, subject, now, **about)
    return step


@transaction.atomic
def answer_coach(actor: Actor, subject: Subject, answer: CoachAnswer, now: datetime) -> CoachStep:
    """The family says yes or no itself. Raises Conflict where nothing is offered, Invalid for a day out of reach."""
    leave = policy.require(actor, "coach.answer", subject, now.date())
    step = _answer(actor, subject, answer, now)
    about = {"leave": leave, "object_kind": "coach", "object_id": step.id}
    write_line(actor, f"coach.{step.move}", Kind.UPDATE, subject, now, **about)
    return step


@transaction.atomic
def hear_coach(actor: Actor, subject: Subject, answer: CoachAnswer, said: Said, now: datetime) -> CoachStep:
    """Write down what the family said, with who said it and how. Raises as `answer_coach` and as `check_said`."""
    leave = policy.require(actor, "coach.offer", subject, now.date())
    check_said(subject, Role.CARE_COACH, said, now.date())
    step = _answer(actor, subject, answer, now, said)
    about = {"leave": leave, "object_kind": "coach", "object_id": step.id}
    write_line(actor, "coach.heard", Kind.UPDATE, subject, now, **about)
    return step


def _answer(
    actor: Actor, subject: Subject, answer: CoachAnswer, now: datetime, said: Said | None = None
) -> CoachStep:
    rules.check_words(answer.words)
    if answer.yes:
        return _step(actor, subject, CoachMove.ACCEPTED, now, answer.words, said=said)
    day = rules.again_on(now.date(), answer.again_on)
    return _step(actor, subject, CoachMove.DECLINED, now, answer.words, said=said, again_on=day)


def _step(
    actor: Actor,
    subject: Subject,
    move: CoachMove,
    now: datetime,
    words: str = "",
    *,
    said: Said | None = None,
    again_on: date | None = None,
) -> CoachStep:
    """The next step. The child's row is held, so that two who act at once are heard one after the other."""
    child = locked_child(subject)
    rules.check_move(coaching_for(actor, subject, now.date()).standing, move)
    return CoachStep.objects.create(
        child_id=subject.child_id,
        owner_id=child.owner_id,
        ground=Ground.AVG,
        move=move,
        words=words.strip(),
        again_on=again_on,
        way=said.way if said else ConsentWay.SELF,
        heard_of=_names(subject, said.by, now.date()) if said else "",
        by_id=actor.id,
        by=actor.name,
        created_at=now,
    )


def _names(subject: Subject, people: tuple[UUID, ...], on: date) -> str:
    family = family_of(locked_child(subject), on)
    return ", ".join(one.name for one in family.people if one.id in people)
