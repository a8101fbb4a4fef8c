"""What the child needs day and night, which hours nobody covers, and who may be asked. Pure: interval arithmetic."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from uuid import UUID

from kindzorg.careplan.agreements.rules import Who, WhoKind, is_somebody, same_party
from kindzorg.careplan.visits.rules import (
    DAY,
    ZONE,
    Calendar,
    Occurrence,
    Rhythm,
    Window,
    check_rhythm,
    days_of,
    instant,
    overlaps,
    span,
)
from kindzorg.careteam.competences.rules import ACTS, Competence, able_in
from kindzorg.core.errors import Invalid, Refused
from kindzorg.core.vocabulary import Law, LifeDomain
from kindzorg.people.rules import Qualification

AHEAD = timedelta(days=28)
"""How far hours that nobody covers are looked for (own choice, to be confirmed)."""


NURSING = (Law.ZVW, Law.WLZ)
"""The laws under which nursing is given at home."""
DOCTORS = frozenset({Qualification.PAEDIATRICIAN, Qualification.MEDICAL_SPECIALIST, Qualification.GP})
PAEDIATRIC_NURSES = frozenset(
    {
        Qualification.LEVEL5_PAEDIATRIC_NURSE,
        Qualification.NURSE_SPECIALIST,
        Qualification.PAEDIATRIC_NURSE,
    }
)
OTHER_CARE = frozenset({Qualification.THERAPIST, Qualification.TEACHER, Qualification.OFFICIAL})
"""What these give under the same law is no nursing (own reading, to be confirmed)."""


class MayCover(StrEnum):
    """Who may be with the child for a demand: a professional only, or anybody who can do what is needed."""

    PROFESSIONAL = "professional"
    ANYBODY = "anybody"


class Gap(StrEnum):
    """Why hours are not covered: nobody is there, or nobody who can do what is needed."""

    NOBODY = "nobody"
    NOT_ABLE = "not_able"


class CoverState(StrEnum):
    """Where a question to cover hours stands: its last step."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


COVER_STEPS: Mapping[tuple[CoverState, CoverState], str] = {
    (CoverState.ASKED, CoverState.ACCEPTED): "answered",
    (CoverState.ASKED, CoverState.DECLINED): "answered",
    (CoverState.ASKED, CoverState.WITHDRAWN): "withdrawn",
    (CoverState.ASKED, CoverState.LAPSED): "covered_otherwise",
}


def whole_week(monday: date) -> Window:
    """From this Monday to the next, as the clock shows it: on two weeks a year not 168 hours."""
    return Window(instant(monday, time()), instant(monday + 7 * DAY, time()))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDemand:
    """What is needed: when, which acts, who may cover it, why, and of which life domain that is."""

    rhythm: Rhythm
    acts: tuple[str, ...] = ()
    may_cover: MayCover = MayCover.PROFESSIONAL
    domain: LifeDomain = LifeDomain.MEDICAL
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CareDemand:
    """A demand as it was set."""

    id: UUID
    said: NewDemand


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Hours that one demand leaves uncovered, and why; `acts` are those that nobody there can do."""

    demand: CareDemand
    start: datetime
    end: datetime
    gap: Gap
    acts: tuple[str, ...] = ()

    @property
    def window(self) -> Window:
        """The same as time alone."""
        return Window(self.start, self.end)


Held = Mapping[UUID, Sequence[Competence]]
"""What was seen of each professional and relative, in the order in which it was written down."""


def check_demand(new: NewDemand) -> None:
    """An act tells of the child's health, so what asks for one is medical, for who may see that alone.

    Raises Invalid: "act_unknown", "demand_acts_medical", "demand_why", and as `check_rhythm`.
    """
    check_rhythm(new.rhythm)
    if unknown := set(new.acts) - set(ACTS):
        raise Invalid("act_unknown", fields=("acts",), act=min(unknown))
    if new.acts and new.domain is not LifeDomain.MEDICAL:
        raise Invalid("demand_acts_medical", fields=("domain",))
    if not new.why.strip():
        raise Invalid("demand_why", fields=("why",))


def times_of(demand: CareDemand, window: Window, calendar: Calendar) -> Iterator[Window]:
    """When a demand holds, cut to the window, in order."""
    rhythm = demand.said.rhythm
    first = window.start.astimezone(ZONE).date() - DAY
    last = window.end.astimezone(ZONE).date()
    for day in days_of(rhythm, first, last, calendar):
        there = span(day, rhythm.start, rhythm.minutes)
        if overlaps(there, window):
            yield Window(max(there.start, window.start), min(there.end, window.end))


def may_cover(said: NewDemand, there: Occurrence) -> bool:
    """Whether who is there counts at all for this demand. Where a professional is asked, an organisation is one only
    if it gives care: a school does not. Who is not known does not count."""
    if there.cancelled or not is_somebody(there.who):
        return False
    if said.may_cover == MayCover.ANYBODY:
        return True
    return there.who.kind == WhoKind.PROFESSIONAL or (
        there.who.kind == WhoKind.ORGANISATION and there.series.caring
    )


def able(there: Occurrence, acts: Collection[str], held: Held) -> frozenset[str]:
    """Which of these acts who is there can do. An organisation that gives care answers itself for whom it sends."""
    if there.who.kind == WhoKind.ORGANISATION:
        return frozenset(acts) if there.series.caring else frozenset()
    if there.person_id is None:
        return frozenset()
    return able_in(held.get(there.person_id, ()), there.start.astimezone(ZONE).date()) & frozenset(acts)


def _pieces(when: Window, there: Sequence[Occurrence]) -> Iterator[Window]:
    """The window, cut wherever somebody comes or goes."""
    cuts = {when.start, when.end}
    cuts |= {at for one in there for at in (one.start, one.end) if when.start < at < when.end}
    yield from (Window(start, end) for start, end in pairwise(sorted(cuts)))


def _gap(said: NewDemand, there: Sequence[Occurrence], held: Held) -> tuple[Gap, tuple[str, ...]] | None:
    if not there:
        return Gap.NOBODY, ()
    together = frozenset[str]().union(*(able(one, said.acts, held) for one in there))
    lacking = tuple(act for act in said.acts if act not in together)
    return (Gap.NOT_ABLE, lacking) if lacking else None


def uncovered(
    demands: Iterable[CareDemand],
    occurrences: Sequence[Occurrence],
    held: Held,
    window: Window,
    calendar: Calendar,
) -> list[Stretch]:
    """The hours in the window for which a demand has nobody, or nobody who can do what it asks, in order of time.

    Who is there together can do together what is needed. What touches with the same reason is one stretch.
    """
    found: list[Stretch] = []
    for demand in demands:
        counting = [there for there in occurrences if may_cover(demand.said, there)]
        for when in times_of(demand, window, calendar):
            near = [there for there in counting if overlaps(there, when)]
            found += _stretches(demand, when, near, held)
    return sorted(found, key=lambda one: (one.start, one.end, str(one.demand.id)))


def _stretches(demand: CareDemand, when: Window, near: Sequence[Occurrence], held: Held) -> list[Stretch]:
    found: list[Stretch] = []
    for piece in _pieces(when, near):
        gap = _gap(demand.said, [there for there in near if overlaps(there, piece)], held)
        if gap is None:
            continue
        why, acts = gap
        if found and (found[-1].end, found[-1].gap, found[-1].acts) == (piece.start, why, acts):
            start = found.pop().start
        else:
            start = piece.start
        found.append(Stretch(demand=demand, start=start, end=piece.end, gap=why, acts=acts))
    return found


def check_cover(
    said: NewDemand, who: Who, when: Window, held: Iterable[Competence], elsewhere: Iterable[Window]
) -> None:
    """Whether somebody may be asked for, or take, these hours of a demand.

    Raises Invalid: "cover_professional" (a professional is needed), "cover_not_able" with the `acts` that lack,
    "cover_elsewhere" (nobody is in two places at once).
    """
    if said.may_cover == MayCover.PROFESSIONAL and who.kind not in (
        WhoKind.PROFESSIONAL,
        WhoKind.ORGANISATION,
    ):
        raise Invalid("cover_professional", fields=("who",))
    if who.kind != WhoKind.ORGANISATION:
        can = able_in(held, when.start.astimezone(ZONE).date())
        if lacking := tuple(act for act in said.acts if act not in can):
            raise Invalid("cover_not_able", fields=("who",), acts=lacking, name=who.name)
    if any(overlaps(when, there) for there in elsewhere):
        raise Invalid("cover_elsewhere", fields=("who",), name=who.name)


def state_at(steps: Sequence[CoverState], start: datetime, now: datetime) -> CoverState:
    """Where a question stands: its last step; one that nobody answered in time lapsed by itself."""
    last = steps[-1] if steps else CoverState.ASKED
    return CoverState.LAPSED if last == CoverState.ASKED and start <= now else last


def next_step(state: CoverState, end: CoverState, *, asked: bool, asker: bool, reason: str = "") -> str:
    """Why a question may take this step: who is asked answers, who asks withdraws.

    Raises Refused, or Invalid ("cover_step", "reason_required": declining says why).
    """
    answers = end in (CoverState.ACCEPTED, CoverState.DECLINED)
    if not (asked if answers else asker):
        raise Refused("not_your_question", end=end)
    if (state, end) not in COVER_STEPS:
        raise Invalid("cover_step", start=state, end=end)
    if end == CoverState.DECLINED and not reason.strip():
        raise Invalid("reason_required", fields=("reason",))
    return COVER_STEPS[state, end]


def newly(before: Sequence[Stretch], after: Sequence[Stretch]) -> list[Stretch]:
    """The stretches that were not, or not wholly, uncovered before."""

    def known(one: Stretch) -> bool:
        return any(
            old.demand.id == one.demand.id and old.start <= one.start and one.end <= old.end for old in before
        )

    return [one for one in after if not known(one)]


def elsewhere(there: Iterable[Occurrence], who: Who) -> list[Window]:
    """When this one is with the child already. An organisation can send two people."""
    if who.kind == WhoKind.ORGANISATION:
        return []
    return [Window(one.start, one.end) for one in there if not one.cancelled and same_party(one.who, who)]


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherNurse:
    """Nursing by a professional who is no paediatric nurse: who, from which day, with which reserved acts."""

    who: str
    on: date
    acts: tuple[str, ...] = ()


def not_paediatric(
    there: Iterable[Occurrence],
    demands: Sequence[CareDemand],
    trained: Mapping[UUID, str],
    laws: Mapping[UUID, str],
    reserved: Collection[str],
    calendar: Calendar,
) -> list[OtherNurse]:
    """Nursing that condition 8 (randvoorwaarde 8) asks of a paediatric nurse and another professional gives.

    It is nursing where a visit is under a law of nursing, or where reserved acts are needed at that time; what a
    doctor does is none, and what a therapist or teacher gives only with a reserved act. `trained` says what each
    professional is, `laws` under which law each series is given. One line per person and reason, the first day.
    """
    found: dict[tuple[str, tuple[str, ...]], OtherNurse] = {}
    for one in sorted(there, key=lambda one: one.start):
        training = trained.get(one.who.professional_id) if one.who.professional_id else None
        if one.cancelled or training is None or training in PAEDIATRIC_NURSES | DOCTORS:
            continue
        acts = _reserved_at(one, demands, reserved, calendar)
        nursing = laws.get(one.series.id) in NURSING and training not in OTHER_CARE
        if acts or nursing:
            line = OtherNurse(who=one.who.name, on=one.on, acts=acts)
            found.setdefault((line.who, acts), line)
    return list(found.values())


def _reserved_at(
    one: Occurrence, demands: Sequence[CareDemand], reserved: Collection[str], calendar: Calendar
) -> tuple[str, ...]:
    window = Window(one.start, one.end)
    asked = {
        act
        for demand in demands
        for act in demand.said.acts
        if act in reserved and any(times_of(demand, window, calendar))
    }
    return tuple(sorted(asked))
