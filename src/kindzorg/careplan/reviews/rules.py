"""When the plan is looked at together, who prepares, and how long the way back is open. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from kindzorg.access.policy import EVERY_DOMAIN
from kindzorg.access.roles import FAMILY, Role
from kindzorg.core.errors import Invalid
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.needs.answers import Feeling

# How long after the last one the whole plan is looked at again. MKS asks for evaluation at any moment and names no
# term (integralekindzorgmetmks.nl, fase 3): a working figure of this product, to be confirmed by a professional.
CYCLE = timedelta(weeks=26)
# So long before that it is time to choose a day.
PLAN_AHEAD = timedelta(weeks=4)
FURTHEST = timedelta(days=731)
LONGEST = 3000
# How many days ahead somebody is asked to prepare, and asked once more. The family comes first.
FIRST_FAMILY, FIRST, AGAIN = 14, 12, 3


class ReviewMove(StrEnum):
    """What becomes of a review that was planned: another day, held, or dropped."""

    MOVED = "moved"
    HELD = "held"
    DROPPED = "dropped"


class Ask(StrEnum):
    """How somebody is asked to prepare: in good time, or once more shortly before."""

    PREPARE = "review_prepare"
    SOON = "review_soon"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReview:
    """A day to look at the plan together; of these life domains."""

    on_day: date
    domains: frozenset[LifeDomain] = EVERY_DOMAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPreparation:
    """What somebody prepares. Not shared it is the own; `from_parents`: a child from 12 keeps it from its parents.
    `face`: how a child says that a goal goes; beside the five steps of the adults, and never one of them."""

    review_id: UUID
    well: str = ""
    not_well: str = ""
    next: str = ""
    goal_id: UUID | None = None
    domain: LifeDomain | None = None
    shared: bool = True
    from_parents: bool = False
    face: Feeling | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewView:
    """A review as it stands: on which day, of which life domains, planned by whom, and what became of it."""

    id: UUID
    on_day: date
    domains: frozenset[LifeDomain]
    by: str
    organisation: str
    at: datetime
    move: ReviewMove | None = None
    words: str = ""

    @property
    def open(self) -> bool:
        """Whether it is still to come."""
        return self.move in (None, ReviewMove.MOVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparationView:
    """What somebody prepared, as it reads now."""

    id: UUID
    by: str
    by_id: UUID
    by_role: Role
    organisation: str
    domain: LifeDomain | None
    goal_id: UUID | None
    well: str
    not_well: str
    next: str
    shared: bool
    at: datetime
    face: Feeling | None = None

    @property
    def says(self) -> bool:
        """Whether anything is left of it: a child can take every answer back."""
        return any(self.answers)

    @property
    def answers(self) -> tuple[str | Feeling | None, ...]:
        """Everything that it says."""
        return self.well, self.not_well, self.next, self.face

    @property
    def family(self) -> bool:
        """Whether somebody of the family wrote it."""
        return self.by_role in FAMILY


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who is asked to prepare."""

    user_id: UUID
    name: str
    role: Role
    prepared: bool = False

    @property
    def family(self) -> bool:
        """Whether that one is of the family."""
        return self.role in FAMILY


class DueBecause(StrEnum):
    """Why it is time to look again: somebody said so, a goal says so, or it is half a year ago."""

    SAID = "said"
    GOAL = "goal"
    CYCLE = "cycle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """The day by which the plan is looked at again, and why then."""

    day: date
    because: DueBecause


def check_review(new: NewReview, on: date) -> None:
    """Raises Invalid, with the field, for a day that is over or too far, or of no life domain."""
    check_day(new.on_day, on)
    if not new.domains:
        raise Invalid("review_of_nothing", fields=("domains",))


def check_day(day: date, on: date) -> None:
    """Raises Invalid for a day on which no review can be planned."""
    if not on <= day <= on + FURTHEST:
        raise Invalid("review_other_day", fields=("on_day",))


def check_open(review: ReviewView) -> None:
    """Raises Invalid for a review that is over: what was prepared and what became of it stays."""
    if not review.open:
        raise Invalid("review_over")


def check_preparation(new: NewPreparation) -> None:
    """Raises Invalid, with the field, for one that says nothing or too much."""
    said = {"well": new.well, "not_well": new.not_well, "next": new.next}
    if not new.face and not any(one.strip() for one in said.values()):
        raise Invalid("preparation_says_nothing", fields=("well",))
    for name, words in said.items():
        if len(words) > LONGEST:
            raise Invalid("preparation_too_long", fields=(name,), longest=LONGEST)


class ChildAsk(StrEnum):
    """What a child is asked of its plan as a whole, each by itself."""

    WELL = "well"
    NOT_WELL = "not_well"
    NEXT = "next"


def child_questions(goals: Iterable[UUID]) -> tuple[UUID | ChildAsk, ...]:
    """What a child is asked one by one before a review: how each goal goes, and then three things of the whole."""
    return (*goals, *ChildAsk)


def answered(
    new: NewPreparation,
    before: PreparationView | None,
    ask: ChildAsk | None,
    words: str,
    face: Feeling | None,
) -> NewPreparation:
    """One answer of a child beside those that it gave before; for itself alone until it says for whom, with those it
    stands beside. What it only took away stays for whom it was."""
    kept = {name: getattr(before, name) if before else "" for name in ("well", "not_well", "next")}
    kept |= {str(ask): words} if ask else {}
    said = words if ask else face
    was = (getattr(before, ask) if ask else before.face) if before else None
    return replace(
        new,
        well=kept["well"],
        not_well=kept["not_well"],
        next=kept["next"],
        face=face if ask is None else (before.face if before else None),
        shared=bool(before and before.shared and (said == was or not said)),
    )


def chosen_last(said: Iterable[PreparationView]) -> PreparationView | None:
    """What a child said for whom last, if it ever did: `shared` tells. `said` is every wording of it, oldest first.

    An answer is kept for the child alone first, and once more when it has chosen: the same twice is a choice too. What
    is taken back has no choice any more.
    """
    last: dict[UUID, PreparationView] = {}
    chosen: dict[UUID, PreparationView] = {}
    for one in said:
        same = one.id in last and last[one.id].answers == one.answers
        if one.shared or same or not one.says:
            chosen.pop(one.id, None)
        if one.says and (one.shared or same):
            chosen[one.id] = one
        last[one.id] = one
    return next(reversed(chosen.values()), None)


def newest(said: Iterable[PreparationView]) -> tuple[PreparationView, ...]:
    """How each reads now, where anything is left of it. `said` is every wording of it, oldest first."""
    return prepared_first(one for one in {one.id: one for one in said}.values() if one.says)


def check_net_open(until: date, taken: bool, on: date) -> None:
    """Raises Invalid when the quick way back was taken already, or its time is over."""
    if taken:
        raise Invalid("stepped_back_already")
    if on > until:
        raise Invalid("net_over")


def asked_now(on_day: date, role: Role, on: date) -> Ask | None:
    """How somebody in this role is to be asked to prepare, if it is time; the family first."""
    days = (on_day - on).days
    if not 0 <= days <= (FIRST_FAMILY if role in FAMILY else FIRST):
        return None
    return Ask.SOON if days <= AGAIN else Ask.PREPARE


def family_first(people: Iterable[Person]) -> tuple[Person, ...]:
    """The family before the others; within that as they came in."""
    return tuple(sorted(people, key=lambda one: not one.family))


def prepared_first(found: Iterable[PreparationView]) -> tuple[PreparationView, ...]:
    """What the family prepared before what others did; within that by person, of the plan before of a goal."""
    return tuple(sorted(found, key=lambda one: (not one.family, one.by, bool(one.goal_id), one.at)))


def due(
    begun: date, held: date | None, said: date | None, goals: Sequence[date], cycle: timedelta = CYCLE
) -> Due:
    """The day by which the plan is looked at again: the first of what somebody said of the whole plan, what its goals
    say, and the cycle after the last review (or the beginning of the plan)."""
    after = (held or begun) + cycle
    days = [Due(day=after, because=DueBecause.CYCLE)]
    days += [Due(day=said, because=DueBecause.SAID)] if said else []
    days += [Due(day=day, because=DueBecause.GOAL) for day in goals]
    return min(days, key=lambda one: one.day)
