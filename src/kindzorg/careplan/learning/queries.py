"""Who learns what with this child, where each stands, and what waits about it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.careplan.learning.models import LearningStep
from kindzorg.careplan.learning.rules import LearningMove, Standing, Step, standings
from kindzorg.careteam.competences.models import Competence as CompetenceRow
from kindzorg.careteam.competences.queries import competence_of
from kindzorg.careteam.competences.rules import ENDS_SOON, LONGEST, Competence, able_in, ends_soon
from kindzorg.careteam.models import Membership
from kindzorg.careteam.queries import OpenedChild, in_force
from kindzorg.core.errors import Missing
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.journey.models import CareJourney
from kindzorg.journey.rules import Waiting
from kindzorg.journey.waiting import WaitingRows, waiting_rows
from kindzorg.notices.models import Notice

ENDS = "competence_ends"
DAY = timedelta(days=1)
WAITS = (LearningMove.WISH, LearningMove.DOUBT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Learner:
    """One person and one act: where it stands, until when somebody can be relied on (None: not now), whether that ends
    soon, whether that person still takes part in the care, and all that was written down, oldest first."""

    act: str
    person_id: UUID
    name: str
    family: bool
    user_id: UUID | None
    own: bool
    standing: Standing
    until: date | None
    soon: bool
    here: bool
    steps: Sequence[Step]

    @property
    def key(self) -> str:
        """How a form names this person."""
        return f"{'relative' if self.family else 'professional'}:{self.person_id}"

    @property
    def needs_card(self) -> bool:
        """Whether this one reads the card of the act: can be relied on for it, or learns it from somebody. A wish of
        one's own does not open it."""
        learns = self.standing.reached is not None and not self.standing.declined
        return learns or self.until is not None


def whole(actor: Actor, subject: Subject, on: date) -> bool:
    """Whether the actor sees how everybody stands; else the own part. Raises Refused for who sees nothing."""
    if policy.may(actor, "competence.read", subject, on, LifeDomain.MEDICAL):
        return True
    policy.require(actor, "learning.say", subject, on, LifeDomain.MEDICAL)
    return False


def person_of(actor: Actor, subject: Subject, on: date) -> Mapping[str, UUID]:
    """Who the actor is in the team of this child: `professional_id` or `relative_id`. One statement. Raises Missing."""
    policy.require(actor, "learning.say", subject, on, LifeDomain.MEDICAL)
    rows = Membership.objects.filter(in_force(on), child_id=subject.child_id)
    rows = rows.filter(Q(professional__user_id=actor.id) | Q(relative__user_id=actor.id))
    found: Any = rows.order_by("starts", "id").values("professional_id", "relative_id").first()
    if found is None:
        raise Missing("not_in_team", child_id=subject.child_id)
    return {name: value for name, value in found.items() if value is not None}


def learning_for(actor: Actor, subject: Subject, on: date) -> Sequence[Learner]:
    """Everybody who learns or can be relied on, per act; the own part for who sees no more. Two statements."""
    seen = Q() if whole(actor, subject, on) else _own(actor)
    return _learners(actor, subject, seen, on)


def _own(actor: Actor) -> Q:
    return Q(professional__user_id=actor.id) | Q(relative__user_id=actor.id)


def _learners(actor: Actor, subject: Subject, seen: Q, on: date) -> list[Learner]:
    steps: dict[tuple[str, UUID], list[Step]] = {}
    held: dict[UUID, list[Competence]] = {}
    people: dict[UUID, Any] = {}
    of_child = Q(child_id=subject.child_id)
    here: dict[UUID, bool] = {}
    for row in _rows(LearningStep, of_child & seen, on):
        one = _step(row)
        steps.setdefault((one.act, one.person_id), []).append(one)
        people[one.person_id] = row.professional or row.relative
        here[one.person_id] = row.here
    for row in _rows(CompetenceRow, of_child & seen, on):
        competence = competence_of(actor, row)
        held.setdefault(competence.person_id, []).append(competence)
        people[competence.person_id] = row.professional or row.relative
        here[competence.person_id] = row.here
    about = {*steps, *((act, person) for person, some in held.items() for act in able_in(some, on))}
    stand = standings(one for some in steps.values() for one in some)
    found = [
        _learner(
            *(actor, people[person], act, held.get(person, ()), steps.get((act, person), ()), stand, on),
            here=here[person],
        )
        for act, person in about
    ]
    return sorted(found, key=lambda one: (one.act, not one.own, not one.family, one.name))


def _same() -> Q:
    """The person of the outer row."""
    professional, relative = OuterRef("professional_id"), OuterRef("relative_id")
    return Q(professional_id=professional) | Q(relative_id=relative)


def _here(on: date) -> Exists:
    """Whether the person of a row takes part in the care of its child on this day."""
    return Exists(Membership.objects.filter(_same(), in_force(on), child_id=OuterRef("child_id")))


def _rows(table: Any, wanted: Q, on: date) -> Iterable[Any]:
    rows = table.objects.filter(wanted).select_related("professional", "relative").annotate(here=_here(on))
    return rows.order_by("created_at", "id")


def _step(row: LearningStep) -> Step:
    return Step(
        act=row.act,
        person_id=row.professional_id or row.relative_id,  # type: ignore[arg-type]
        move=LearningMove(row.move),
        happened_on=row.happened_on,
        words=row.words,
        by=row.by,
    )


def _learner(
    actor: Actor,
    person: Any,
    act: str,
    held: Sequence[Competence],
    steps: Sequence[Step],
    stand: Mapping[tuple[str, UUID], Standing],
    on: date,
    *,
    here: bool,
) -> Learner:
    known = [one for one in sorted(held, key=lambda one: one.seen_on) if one.act == act and one.seen_on <= on]
    until = known[-1].ends if act in able_in(held, on) else None
    return Learner(
        act=act,
        person_id=person.id,
        name=str(person),
        family=hasattr(person, "relation"),
        user_id=person.user_id,
        own=person.user_id == actor.id,
        standing=stand.get((act, person.id), Standing()),
        until=until,
        soon=any(one.act == act for one in ends_soon(held, on)),
        here=here,
        steps=steps,
    )


def standing_at(
    actor: Actor, subject: Subject, act: str, person: Mapping[str, UUID | None], on: date
) -> tuple[Standing, bool]:
    """Where one person stands with one act, and whether that one can be relied on today. Two statements."""
    policy.require(actor, "learning.say", subject, on, LifeDomain.MEDICAL)
    found = _learners(actor, subject, Q(act=act, **person), on)
    return (found[0].standing, found[0].until is not None) if found else (Standing(), False)


def able_then(
    actor: Actor, subject: Subject, act: str, person: Mapping[str, UUID | None], then: date, on: date
) -> bool:
    """Whether one person could be relied on for an act on a day `then`. One statement."""
    policy.require(actor, "competence.record", subject, on, LifeDomain.MEDICAL)
    rows = CompetenceRow.objects.filter(child_id=subject.child_id, act=act, **person)
    return act in able_in([competence_of(actor, row) for row in rows.order_by("created_at", "id")], then)


def ending(actor: Actor, on: date) -> Sequence[tuple[UUID, UUID]]:
    """Child and one competence for every day on which some end soon and of which nobody was told yet; of who takes part
    in the care of a child that lives, is here, and whose journey goes on: for the job that reminds. One statement."""
    policy.require(actor, "notice.send", None, on)
    same = CompetenceRow.objects.filter(_same_end(), child_id=OuterRef(OuterRef("child_id")))
    rows = _counting(on).filter(
        ~Exists(Notice.objects.filter(kind=ENDS, object_id__in=same.values("id"))),
        Exists(CareJourney.objects.filter(child_id=OuterRef("child_id"), closed_at__isnull=True)),
        Q(until__range=(on + DAY, on + ENDS_SOON))
        | Q(until__isnull=True, seen_on__range=(on + DAY - LONGEST, on + ENDS_SOON - LONGEST)),
        child__died_on__isnull=True,
        child__merged_into__isnull=True,
    )
    first: dict[tuple[UUID, date], UUID] = {}
    for row in rows.order_by("until", "seen_on", "id"):
        first.setdefault((row.child_id, competence_of(actor, row).ends), row.id)
    return [(child_id, row_id) for (child_id, _ends), row_id in first.items()]


def _same_end() -> Q:
    """That a competence ends on the same day as that of the row two outside."""
    until, seen_on = OuterRef(OuterRef("until")), OuterRef(OuterRef("seen_on"))
    return Q(until=until) | Q(until__isnull=True, seen_on=seen_on)


def _counting(on: date) -> Any:
    """What was seen last of each person and act, if that one can do it and still takes part in the care."""
    later = CompetenceRow.objects.filter(
        _same(), _newer(), child_id=OuterRef("child_id"), act=OuterRef("act")
    )
    rows = CompetenceRow.objects.filter(_here(on), ~Exists(later.filter(seen_on__lte=on)))
    return rows.filter(able=True, seen_on__lte=on)


def _newer() -> Q:
    return Q(seen_on__gt=OuterRef("seen_on")) | Q(seen_on=OuterRef("seen_on"), id__gt=OuterRef("id"))


def ending_with(actor: Actor, row: CompetenceRow, on: date) -> tuple[frozenset[UUID], frozenset[UUID]]:
    """Of the competences with this child that end on the same day as this one: the accounts of whose they are, and all
    their ids, renewed or not. `actor` was let in by who calls. Two statements."""
    same = Q(until=row.until) if row.until else Q(until__isnull=True, seen_on=row.seen_on)
    of_child = CompetenceRow.objects.filter(same, child_id=row.child_id)
    whose = _counting(on).filter(same, child_id=row.child_id)
    accounts = {
        one for pair in whose.values_list("professional__user_id", "relative__user_id") for one in pair
    }
    return frozenset(accounts - {None}), frozenset(of_child.values_list("id", flat=True))


def waiting_rows_for(actor: Actor, children: Sequence[OpenedChild], on: date) -> Sequence[WaitingRows]:
    """Who wants to learn and who is not sure, and who does not want to and still counts for it, for who can look at it.
    Of who still takes part in the care. Not asked for yet.

    Kinds: `learning_wish`, `learning_doubt`, `learning_not_wanted`.
    """
    mine = [
        one.child.id
        for one in children
        if policy.may(actor, "competence.record", one.subject, on, LifeDomain.MEDICAL)
    ]
    if not mine:
        return ()
    about = {"act": OuterRef("act"), "child_id": OuterRef("child_id")}
    later = LearningStep.objects.filter(_same(), **about, id__gt=OuterRef("id"))
    counts = Q(_counts(about, on), move=str(LearningMove.NOT_WANTED))
    waits = Q(move__in=[str(one) for one in WAITS]) | counts
    rows = LearningStep.objects.filter(waits, ~Exists(later), _here(on), child_id__in=mine)
    return (waiting_rows(rows.exclude(by_id=actor.id), _waits, word="move", at="created_at"),)


def _counts(about: Mapping[str, Any], on: date) -> Exists:
    """Whether the person of a row can be relied on for its act: `able_in` of the rules, asked of the database."""
    later = CompetenceRow.objects.filter(_same(), _newer(), **about, seen_on__lte=on)
    held = Q(until__isnull=True) | Q(until__gt=on)
    rows = CompetenceRow.objects.filter(_same(), held, **about, able=True, seen_on__gt=on - LONGEST)
    return Exists(rows.filter(~Exists(later), seen_on__lte=on))


def _waits(child_id: UUID, move: str, at: datetime | None, day: date | None, object_id: object) -> Waiting:
    return Waiting(child_id, f"learning_{move}", "learning", at)  # type: ignore[arg-type]
