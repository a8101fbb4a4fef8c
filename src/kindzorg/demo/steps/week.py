"""The week: who comes when, what is different one day, what is needed, who can, who is asked."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from kindzorg.careplan.cover import actions as cover
from kindzorg.careplan.cover.rules import MayCover, NewDemand
from kindzorg.careplan.schedule import actions
from kindzorg.careplan.schedule.actions import NewVisit, VisitOn
from kindzorg.careplan.visits.models import Visit
from kindzorg.careplan.visits.queries import calendar
from kindzorg.careplan.visits.rules import (
    WEEKDAYS,
    Change,
    Holidays,
    Place,
    Rhythm,
    SchoolRegion,
    VisitChangeKind,
    days_of,
    rhythm_from,
)
from kindzorg.careteam.competences.actions import record_competence
from kindzorg.careteam.competences.rules import NewCompetence
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.demo.steps.careplan import who_of
from kindzorg.demo.story import Deed, Story


def _rhythm(story: Story, said: Mapping[str, Any]) -> Rhythm:
    """`on`: days of the week, or `daily`; `hours`: `23:00-07:00`; `from` and `until`: days as the story counts them."""
    start, end = (time.fromisoformat(one) for one in said["hours"].split("-"))
    minutes = (end.hour * 60 + end.minute - start.hour * 60 - start.minute) % (24 * 60)
    days = WEEKDAYS if said["on"] == "daily" else said["on"].split()
    region = said.get("region")
    return Rhythm(
        starts_on=story.day(said["from"]),
        start=start,
        minutes=minutes,
        rule=f"FREQ=WEEKLY;BYDAY={','.join(days)}",
        until=story.day(said["until"]) if "until" in said else None,
        holidays=Holidays(said.get("holidays", Holidays.ALWAYS)),
        region=SchoolRegion(region) if region else None,
    )


def visits(story: Story, deed: Deed) -> None:
    """Visits that come back, by a key of their own; `agreement` is that of the plan, none for the family itself."""
    for key, said in deed.line["visits"].items():
        agreement = said.get("agreement")
        new = NewVisit(
            rhythm=_rhythm(story, said),
            who=who_of(story, said["who"]),
            place=Place(said.get("place", Place.HOME)),
            agreement_id=story.made[f"agreement {agreement}"] if agreement else None,
        )
        story.made[f"visit {key}"] = actions.plan_visit(deed.actor, deed.subject, new, deed.now)


def demands(story: Story, deed: Deed) -> None:
    """What is needed day and night."""
    for key, said in deed.line["demands"].items():
        new = NewDemand(
            rhythm=_rhythm(story, said),
            acts=tuple(said.get("acts", ())),
            may_cover=MayCover(said.get("may_cover", MayCover.PROFESSIONAL)),
            domain=LifeDomain(said.get("domain", LifeDomain.MEDICAL)),
            why=said["why"],
        )
        story.made[f"demand {key}"] = cover.set_demand(deed.actor, deed.subject, new, deed.now)


def able(story: Story, deed: Deed) -> None:
    """Who was seen to do which `acts` well, until when they count."""
    for key, acts in deed.line["able"].items():
        who = who_of(story, key)
        for act in acts:
            until = story.day(deed.line["until"]) if deed.get("until") else None
            new = NewCompetence(act, deed.now.date(), until, who.professional_id, who.relative_id)
            record_competence(deed.actor, deed.subject, new, deed.now)


def _first(story: Story, deed: Deed) -> tuple[UUID, date]:
    """The first time of a `visit` on or after the day that `on` names."""
    visit_id = story.made[f"visit {deed.line['visit']}"]
    row = Visit.objects.filter(id=visit_id).values().get()
    day = story.day(deed.line["on"])
    return visit_id, next(days_of(rhythm_from(row), day, day + timedelta(days=70), calendar(deed.actor)))


def off(story: Story, deed: Deed) -> None:
    """This time it is off, with why."""
    visit_id, day = _first(story, deed)
    change = Change(on=day, kind=VisitChangeKind.CANCELLED, reason=deed.line["why"])
    actions.change_visit(deed.actor, deed.subject, visit_id, change, deed.now)


def moved(story: Story, deed: Deed) -> None:
    """This time at another hour."""
    visit_id, day = _first(story, deed)
    start = time.fromisoformat(deed.line["to"])
    change = Change(on=day, kind=VisitChangeKind.MOVED, to_start=start, reason=deed.get("why"))
    actions.change_visit(deed.actor, deed.subject, visit_id, change, deed.now)


def other(story: Story, deed: Deed) -> None:
    """This time somebody else comes."""
    visit_id, day = _first(story, deed)
    who = who_of(story, deed.line["who"])
    actions.take_over(deed.actor, deed.subject, VisitOn(visit_id, day), who, deed.get("why"), deed.now)
