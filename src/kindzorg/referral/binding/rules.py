"""What may happen to a binding referral, by whom, and until when. Pure.

That it binds is a wish of the method (routemap: the overarching coordinator refers, and the receiver may not bounce
the question to the parents). No law says so yet; what is kept here is what professionals agree among themselves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from uuid import UUID

from kindzorg.access.roles import Role
from kindzorg.core.errors import Conflict, Invalid
from kindzorg.core.texts import content
from kindzorg.core.vocabulary import Ground, Law, LifeDomain

LONGEST = 4000
GROUNDS = {Law.JEUGDWET: Ground.JEUGDWET, Law.WMO: Ground.WMO, Law.EDUCATION: Ground.SCHOOL}


class BindingMove(StrEnum):
    """One step of a binding referral. The last one says where it stands."""

    SENT = "sent"
    MORE_ASKED = "more_asked"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    TO_COORDINATOR = "to_coordinator"
    TO_NETWORK = "to_network"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"


class BindingSide(StrEnum):
    """Who takes a step: who sent it (or coordinates), who received it, the region's network, or the passing of time."""

    SENDER = "sender"
    RECEIVER = "receiver"
    NETWORK = "network"
    CLOCK = "clock"


OVER = frozenset({BindingMove.ACCEPTED, BindingMove.SETTLED, BindingMove.WITHDRAWN})
# How long who coordinates a region's network still finds what is over.
NETWORK_REMEMBERS = timedelta(days=30)
ANSWERS = (BindingMove.ACCEPTED, BindingMove.REFUSED, BindingMove.MORE_ASKED)
# From where to where. A refusal never stands still: with the same act it goes on to who coordinates, or stays there.
BINDING_STEPS: Mapping[BindingMove, tuple[BindingMove, ...]] = {
    BindingMove.SENT: (
        BindingMove.MORE_ASKED,
        BindingMove.ACCEPTED,
        BindingMove.REFUSED,
        BindingMove.TO_COORDINATOR,
        BindingMove.WITHDRAWN,
    ),
    BindingMove.MORE_ASKED: (
        BindingMove.ANSWERED,
        BindingMove.ACCEPTED,
        BindingMove.REFUSED,
        BindingMove.SETTLED,
        BindingMove.WITHDRAWN,
    ),
    BindingMove.ANSWERED: (
        BindingMove.MORE_ASKED,
        BindingMove.ACCEPTED,
        BindingMove.REFUSED,
        BindingMove.TO_COORDINATOR,
        BindingMove.TO_NETWORK,
        BindingMove.SETTLED,
        BindingMove.WITHDRAWN,
    ),
    BindingMove.REFUSED: (BindingMove.TO_COORDINATOR, BindingMove.TO_NETWORK),
    BindingMove.TO_COORDINATOR: (
        BindingMove.MORE_ASKED,
        BindingMove.ACCEPTED,
        BindingMove.REFUSED,
        BindingMove.TO_NETWORK,
        BindingMove.SETTLED,
        BindingMove.WITHDRAWN,
    ),
    BindingMove.TO_NETWORK: (
        BindingMove.ACCEPTED,
        BindingMove.REFUSED,
        BindingMove.SETTLED,
        BindingMove.WITHDRAWN,
    ),
}
SENDERS_MOVES = frozenset(
    {BindingMove.ANSWERED, BindingMove.TO_NETWORK, BindingMove.SETTLED, BindingMove.WITHDRAWN}
)


@dataclass(frozen=True, slots=True)
class BindingStanding:
    """Where a binding referral stands: its last step, how high it went, and until when the next one is waited for."""

    last: BindingMove
    since: date
    answer_by: date
    level: BindingMove

    @property
    def over(self) -> bool:
        """Whether nothing is waited for any more."""
        return self.last in OVER

    @property
    def receiver_at_turn(self) -> bool:
        """Whether the term runs: not while the receiver waits for an answer to its own question (Awb 4:15(1))."""
        return not self.over and self.last != BindingMove.MORE_ASKED

    def late(self, on: date) -> bool:
        """Whether the day before which an answer was due has passed."""
        return self.receiver_at_turn and self.answer_by < on


def standing_of(steps: Sequence[tuple[BindingMove, date, date | None]]) -> BindingStanding:
    """Where it stands after these steps, oldest first: what, on which day, and the new last day for an answer."""
    level = BindingMove.SENT
    for move, _, _ in steps:
        if move in (BindingMove.TO_COORDINATOR, BindingMove.TO_NETWORK):
            level = move
    last, since, _ = steps[-1]
    answer_by = next(until for _, _, until in reversed(steps) if until is not None)
    return BindingStanding(last, since, answer_by, level)


def allowed(standing: BindingStanding, side: BindingSide, on: date) -> frozenset[BindingMove]:
    """The steps that this side may take now."""
    ways = frozenset(BINDING_STEPS.get(standing.last, ()))
    with_network = standing.level == BindingMove.TO_NETWORK
    with_coordinator = standing.level == BindingMove.TO_COORDINATOR
    if side == BindingSide.RECEIVER:
        return ways & (frozenset(ANSWERS) - ({BindingMove.MORE_ASKED} if with_network else set()))
    if side == BindingSide.NETWORK:
        return ways & {BindingMove.SETTLED} if with_network else frozenset()
    if side == BindingSide.CLOCK:
        return frozenset({_next_level(standing)}) if standing.late(on) and not with_network else frozenset()
    barred = set() if with_coordinator else {BindingMove.TO_NETWORK, BindingMove.SETTLED}
    return ways & (SENDERS_MOVES - barred)


def _next_level(standing: BindingStanding) -> BindingMove:
    return BindingMove.TO_COORDINATOR if standing.level == BindingMove.SENT else BindingMove.TO_NETWORK


def after_refusal(standing: BindingStanding) -> BindingMove:
    """Where a refusal goes on to: who coordinates; once it is with the network it stays there."""
    return BindingMove.TO_NETWORK if standing.level == BindingMove.TO_NETWORK else BindingMove.TO_COORDINATOR


def check_move(standing: BindingStanding, move: BindingMove, side: BindingSide, on: date) -> None:
    """Raises Conflict when this side may not take this step now: somebody else was first, or it never could."""
    if move not in allowed(standing, side, on):
        raise Conflict("binding_moved_on", last=standing.last)


def check_words(words: str, field: str = "words") -> None:
    """Raises Invalid without words, or with more than fit on a page."""
    if not words.strip():
        raise Invalid("words_needed", fields=(field,))
    if len(words) > LONGEST:
        raise Invalid("words_too_long", fields=(field,), longest=LONGEST)


@dataclass(frozen=True, slots=True)
class NewBinding:
    """What is sent: about which kept entry (or only a law) and life domain, to whom, what is needed and why.

    `answer_by` is the last day for an answer; None for the whole term of the law.
    """

    law: Law
    domain: LifeDomain
    receiver_id: UUID
    needed: str
    why: str
    needed_from: date
    entry: str = ""
    person_id: UUID | None = None
    answer_by: date | None = None


def check_new(new: NewBinding, on: date) -> date:
    """The last day for an answer. Raises Invalid for words or days that cannot be.

    Who sends may ask sooner than the term of the law, not later: the family waits.
    """
    check_words(new.needed, "needed")
    check_words(new.why, "why")
    latest = first_term(new.law, on)
    if new.answer_by is None:
        return latest
    if not on < new.answer_by <= latest:
        raise Invalid("answer_by_out_of_term", fields=("answer_by",), latest=latest)
    return new.answer_by


@dataclass(frozen=True, slots=True)
class BindingTerm:
    """In how many days a binding referral under one law is answered; `article` is empty where no law says so."""

    first: int
    second: int
    article: str
    to_confirm: bool


@cache
def binding_terms() -> Mapping[Law, BindingTerm]:
    """The terms per law (content/binding_terms.yaml). Raises ValueError on a law that it does not know."""
    return {Law(law): BindingTerm(**told) for law, told in content("referral", "binding_terms").items()}


def easter(year: int) -> date:
    """Easter Sunday, by the rule of the Gregorian calendar (Meeus, Jones and Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    s = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 19 * s) // 433
    month = (h + s - 7 * m + 90) // 25
    return date(year, month, (h + s - 7 * m + 33 * month + 19) % 32)


@cache
def holidays(year: int) -> frozenset[date]:
    """The generally recognised holidays, and Good Friday (Algemene termijnenwet 3; te bevestigen).

    The King's birthday is kept on 26 April where the 27th is a Sunday.
    """
    sunday = easter(year)
    kings = date(year, 4, 27)
    moving = (-2, 1, 39, 50)
    return frozenset(
        {
            date(year, 1, 1),
            kings - timedelta(days=1) if kings.weekday() == 6 else kings,
            date(year, 5, 5),
            date(year, 12, 25),
            date(year, 12, 26),
            *(sunday + timedelta(days=days) for days in moving),
        }
    )


def term_end(start: date, days: int) -> date:
    """The last day of a term of calendar days: never a Saturday, Sunday or holiday (Algemene termijnenwet 1(1))."""
    day = start + timedelta(days=days)
    while day.weekday() >= 5 or day in holidays(day.year):
        day += timedelta(days=1)
    return day


def first_term(law: Law, on: date) -> date:
    """The last day for the receiver's answer to what is sent on this day."""
    return term_end(on, binding_terms()[law].first)


def second_term(law: Law, on: date) -> date:
    """The last day for the coordinator, before it goes on to the network."""
    return term_end(on, binding_terms()[law].second)


def resumed(answer_by: date, asked_on: date, on: date) -> date:
    """The last day anew, once the receiver's question was answered: the term stood still meanwhile (Awb 4:15(1))."""
    return term_end(answer_by, max(0, (on - asked_on).days))


def may_send(role: Role | None, *, coordinator: bool) -> bool:
    """Whether somebody in this role sends: the overarching coordinator; a nurse only where the team has none.

    One sender across laws (routemap: a clear owner of the process), so that no receiver hears two.
    """
    nurses = (Role.LEVEL5_NURSE, Role.PAEDIATRIC_NURSE)
    return role == Role.COORDINATOR or (role in nurses and not coordinator)


def side_of(role: Role | None, *, receives: bool, sent: bool) -> BindingSide | None:
    """On which side of one somebody stands, by its role in the child's team: never on both, and often on none.

    `receives`: works for the organisation that was asked; `sent`: sent this one. Who was asked cannot settle, take
    back or take higher what it was asked, whatever it is to the child; nor can who asks answer itself.
    """
    if receives:
        return None if sent else BindingSide.RECEIVER
    return BindingSide.SENDER if sent or role == Role.COORDINATOR else None


def ground_of(law: Law) -> Ground:
    """The legal ground of a binding referral: that of the law that it is about, else the treatment's."""
    return GROUNDS.get(law, Ground.WGBO)


def family_word(standing: BindingStanding, on: date) -> str:
    """In which words the family is told where it stands: one sentence, in which nothing is asked of them."""
    if standing.over or standing.level == BindingMove.TO_NETWORK:
        return str(standing.last if standing.over else standing.level)
    if standing.level == BindingMove.TO_COORDINATOR:
        return str(BindingMove.TO_COORDINATOR)
    return "late" if standing.late(on) else str(standing.last)


def reference(binding_id: UUID) -> str:
    """By what number people speak of it on the telephone: from its key, and so without a name."""
    return f"V-{binding_id.hex[-6:].upper()}"
