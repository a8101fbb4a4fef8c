"""A week for the tests: a plan in force, a nurse who comes at night, and what the child needs then."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from kindzorg.careplan.agreements.rules import Who, WhoKind
from kindzorg.careplan.cover import actions as cover
from kindzorg.careplan.cover.queries import WeekView, week_of
from kindzorg.careplan.cover.rules import MayCover, NewDemand
from kindzorg.careplan.schedule import actions
from kindzorg.careplan.schedule.actions import NewVisit, VisitOn
from kindzorg.careplan.visits.rules import ZONE, Change, Rhythm, VisitChangeKind, Window
from kindzorg.careteam.competences.actions import record_competence
from kindzorg.careteam.competences.rules import NewCompetence

from .conftest import TODAY, World

TUESDAY = TODAY + timedelta(days=1)
NIGHT = Rhythm(starts_on=TODAY, start=time(23), minutes=480, rule="FREQ=DAILY")
DAY = timedelta(days=1)


def morning(**parts: Any) -> Rhythm:
    given: dict[str, Any] = {"starts_on": TODAY, "start": time(9), "minutes": 60, "rule": "FREQ=DAILY"}
    return Rhythm(**{**given, **parts})


def professional(world: World, who: str) -> Who:
    return Who(kind=WhoKind.PROFESSIONAL, professional_id=world.professionals[who])


def relative(world: World, who: str) -> Who:
    return Who(kind=WhoKind.RELATIVE, relative_id=world.relatives[who])


def plan(world: World, by: str = "nurse", who: Who | None = None, **parts: Any) -> UUID:
    """A visit of the nurse each night, for the agreement of the plan."""
    given: dict[str, Any] = {"rhythm": NIGHT, "who": who or professional(world, "nurse")}
    given["agreement_id"] = world.agreements[0]
    return world.do(by, actions.plan_visit, NewVisit(**{**given, **parts}))


def need(world: World, *acts: str, by: str = "nurse", **parts: Any) -> UUID:
    """Somebody is needed each night."""
    given: dict[str, Any] = {
        "rhythm": NIGHT,
        "acts": acts,
        "why": "she stops breathing",
        "may_cover": MayCover.PROFESSIONAL,
    }
    return world.do(by, cover.set_demand, NewDemand(**{**given, **parts}))


def able(world: World, who: str, act: str = "suctioning", by: str = "doctor", **parts: Any) -> UUID:
    new = NewCompetence(act, TODAY - DAY, professional_id=world.professionals[who], **parts)
    return world.do(by, record_competence, new)


def off(world: World, visit_id: UUID, on: date = TUESDAY, by: str = "nurse", reason: str = "ill") -> None:
    change = Change(on=on, kind=VisitChangeKind.CANCELLED, reason=reason)
    world.do(by, actions.change_visit, visit_id, change)


def night(on: date = TUESDAY) -> Window:
    start = datetime.combine(on, time(23), ZONE)
    return Window(start, datetime.combine(on + DAY, time(7), ZONE))


def view(world: World, who: str, monday: date = TODAY) -> WeekView:
    actor, subject = world.as_(who)
    return week_of(actor, subject, monday, world.now())


def at(visit_id: UUID, on: date = TUESDAY) -> VisitOn:
    return VisitOn(visit_id, on)
