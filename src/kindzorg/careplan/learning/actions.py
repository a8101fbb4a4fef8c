"""Writing down a step that somebody learned, and the own word of who learns."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Explanation, Subject
from kindzorg.access.roles import Role
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.careplan.cover.actions import tell_gaps
from kindzorg.careplan.cover.queries import gaps_ahead
from kindzorg.careplan.learning import rules
from kindzorg.careplan.learning.models import LearningStep
from kindzorg.careplan.learning.queries import ENDS, able_then, ending_with, person_of, standing_at
from kindzorg.careplan.learning.rules import ABLE, LearningMove, NewStep
from kindzorg.careteam.competences.actions import record_competence
from kindzorg.careteam.competences.models import Competence
from kindzorg.careteam.models import Membership
from kindzorg.careteam.queries import actor_for, arranging, child_for, in_force
from kindzorg.careteam.sharing import open_to
from kindzorg.core.errors import Invalid, Missing, Refused
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.notices.actions import tell
from kindzorg.notices.models import Notice
from kindzorg.people.models import Child, Professional, Relative, User

Person = Mapping[str, UUID | None]
"""Of a professional or a relative the id, under the name of its column."""
NURSES = (Role.LEVEL5_NURSE, Role.PAEDIATRIC_NURSE)
"""Who is told that somebody wants to learn or is not sure any more."""


@transaction.atomic
def record_step(actor: Actor, subject: Subject, new: NewStep, now: datetime) -> UUID:
    """Write down a step that the actor, a professional, saw; one that counts is a competence too, in this transaction.

    A step back takes the competence back, and who arranges the week is told of hours that fall open by it. Nobody
    writes a step of himself. Raises Invalid, Missing.
    """
    leave = policy.require(actor, "competence.record", subject, now.date(), LifeDomain.MEDICAL)
    person, row = _recorded(actor, subject, new, leave, now)
    if new.move in ABLE or able_then(actor, subject, new.act, person, new.happened_on, now.date()):
        _count(actor, subject, new, now)
    return row.id


@transaction.atomic
def teach_step(actor: Actor, subject: Subject, new: NewStep, now: datetime) -> UUID:
    """Write down that the actor, who teaches this act, showed it to another or did it together.

    Whether somebody can be relied on is for a professional to see. Raises Refused, Invalid, Missing.
    """
    leave = policy.require(actor, "learning.say", subject, now.date(), LifeDomain.MEDICAL)
    on = now.date()
    teacher, _able = standing_at(actor, subject, new.act, person_of(actor, subject, on), on)
    learner, able = standing_at(actor, subject, new.act, _named(new), on)
    rules.check_teacher(teacher, learner, new, able=able)
    return _recorded(actor, subject, new, leave, now)[1].id


def _recorded(
    actor: Actor, subject: Subject, new: NewStep, leave: Explanation, now: datetime
) -> tuple[Person, LearningStep]:
    rules.check_step(new, now.date())
    person = _named(new)
    user_id = _account(subject, person, now.date())
    if user_id == actor.id:
        raise Invalid("competence_own", fields=("who",))
    about: dict[str, object] = {"act": new.act, "move": new.move, "happened_on": new.happened_on}
    row = _keep(actor, subject, person, about, new.words, now)
    line = {"leave": leave, "object_kind": "learning", "object_id": row.id}
    write_line(actor, "learning.recorded", Kind.CREATE, subject, now, **line)
    if user_id and (told := open_to(subject.child_id, [user_id], LifeDomain.MEDICAL, now.date())):
        tell(actor, subject, "learning_step", told, row.id, now)
    return person, row


@transaction.atomic
def say_own(actor: Actor, subject: Subject, act: str, move: LearningMove, words: str, now: datetime) -> UUID:
    """Say oneself: I want to learn this, I do not want to, I am not sure (any more). The nurses are told of a wish and
    of a doubt, and of a no of somebody who counts for the act: whether that stays so is for who looks at it then.

    Raises Invalid, Missing.
    """
    leave = policy.require(actor, "learning.say", subject, now.date(), LifeDomain.MEDICAL)
    rules.check_own(act, move, words)
    about: dict[str, object] = {"act": act, "move": move, "happened_on": now.date()}
    person = person_of(actor, subject, now.date())
    _standing, able = standing_at(actor, subject, act, person, now.date())
    row = _keep(actor, subject, person, about, words, now)
    line = {"leave": leave, "object_kind": "learning", "object_id": row.id}
    write_line(actor, "learning.said", Kind.CREATE, subject, now, **line)
    if move is not LearningMove.NOT_WANTED or able:
        rows = Membership.objects.filter(in_force(now.date()), child_id=subject.child_id, role__in=NURSES)
        nurses = set(rows.values_list("professional__user_id", flat=True)) - {None, actor.id}
        told = open_to(subject.child_id, nurses, LifeDomain.MEDICAL, now.date())
        tell(actor, subject, f"learning_{move}", told, row.id, now)
    return row.id


def _named(new: NewStep) -> Person:
    if new.professional_id:
        return {"professional_id": new.professional_id}
    return {"relative_id": new.relative_id}


def _account(subject: Subject, person: Person, on: date) -> UUID | None:
    """The account of who learns, which must take part in the care. Raises Missing."""
    if not Membership.objects.filter(in_force(on), child_id=subject.child_id, **person).exists():
        raise Missing("not_in_team", child_id=subject.child_id)
    if "relative_id" in person:
        return Relative.objects.values_list("user_id", flat=True).get(id=person["relative_id"] or "")
    return Professional.objects.values_list("user_id", flat=True).get(id=person["professional_id"] or "")


def _keep(
    actor: Actor,
    subject: Subject,
    person: Person,
    about: Mapping[str, object],
    words: str,
    now: datetime,
) -> LearningStep:
    return LearningStep.objects.create(
        child_id=subject.child_id,
        owner_id=Child.objects.values_list("owner_id", flat=True).get(id=subject.child_id),
        by_id=actor.id,
        by=actor.name,
        organisation=actor.organisation,
        words=words.strip(),
        created_at=now,
        **person,
        **about,
    )


def _count(actor: Actor, subject: Subject, new: NewStep, now: datetime) -> None:
    """The same as a competence, given or taken back; hours that fall open by it are told."""
    plans = policy.may(actor, "schedule.answer", subject, now.date())
    before = gaps_ahead(actor, subject, now) if plans else []
    record_competence(actor, subject, new.competence, now)
    if plans:
        tell_gaps(actor, subject, before, now)


@transaction.atomic
def remind_of_end(actor: Actor, subject: Subject, competence_id: UUID, now: datetime) -> int:
    """The job's: tell whose competences end on the day on which this one does, and who coordinates (else who leads the
    nursing), that they do; each once, in one notice. Gives back how many were told. Raises Missing."""
    leave, on = policy.require(actor, "notice.send", None, now.date()), now.date()
    # Another worker that reminds of the same waits here, and then finds that somebody was told.
    rows = Competence.objects.select_for_update().filter(child_id=subject.child_id)
    row = rows.filter(id=competence_id).first()
    if row is None:
        raise Missing("no_such_competence", child_id=subject.child_id)
    whose, same = ending_with(actor, row, on)
    if Notice.objects.filter(kind=ENDS, object_id__in=same).exists():
        return 0
    users = User.objects.filter(id__in=whose | arranging(actor, subject, on), is_active=True)
    told = {user.id for user in users if _reads(user, subject, on)}
    if told:
        tell(actor, subject, ENDS, told, competence_id, now)
        about = {"leave": leave, "object_kind": "competence", "object_id": competence_id, "told": len(told)}
        write_line(actor, "competence.reminded", Kind.EXECUTE, subject, now, **about)
    return len(told)


def _reads(user: User, subject: Subject, on: date) -> bool:
    """Whether the page that it leads to opens for this account."""
    reader = actor_for(user)
    try:
        seen = child_for(reader, subject.child_id, on).subject
    except (Missing, Refused):
        return False
    return any(
        policy.may(reader, one, seen, on, LifeDomain.MEDICAL) for one in ("competence.read", "learning.say")
    )
