"""Where a child stands."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import Case, F, Subquery, When
from django.db.models.functions import JSONObject

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.careteam.queries import OpenedChild
from kindzorg.core.plain import moment
from kindzorg.journey.models import CareJourney, JourneyStep, LastLook
from kindzorg.journey.rules import VISIT, Look, Phase
from kindzorg.journey.waiting import Rows, waiting_rows


def journey_for(actor: Actor, subject: Subject, on: date) -> CareJourney | None:
    """The newest journey of the child: the open one if there is one."""
    policy.require(actor, "child.open", subject, on)
    return CareJourney.objects.filter(child_id=subject.child_id).order_by("-opened_at").first()


def steps_for(actor: Actor, subject: Subject, on: date) -> Sequence[JourneyStep]:
    """All steps of all journeys of the child, oldest first; what was noted with them for who sees every domain."""
    policy.require(actor, "journey.read", subject, on)
    steps = list(JourneyStep.objects.filter(child_id=subject.child_id).order_by("created_at", "id"))
    if not policy.sees_all(actor, "journey.read", subject, on):
        for step in steps:
            step.note = ""
    return steps


def phases_for(actor: Actor, children: Sequence[OpenedChild], on: date) -> Mapping[UUID, Phase]:
    """The phase of the open or newest journey of each of these children, in one statement."""
    seen = [one.child.id for one in children if policy.may(actor, "child.open", one.subject, on)]
    rows = (
        CareJourney.objects.filter(child_id__in=seen).order_by("opened_at").values_list("child_id", "phase")
    )
    return {child_id: Phase(phase) for child_id, phase in rows}


def last_looks(actor: Actor, subject: Subject, on: date) -> Rows[Look]:
    """When the actor last came to this child's start page, and before that; asked with what else is asked."""
    policy.require(actor, "child.open", subject, on)
    rows = LastLook.objects.filter(child_id=subject.child_id, user_id=actor.id)
    packed = JSONObject(seen=F("seen_at"), previous=F("previous_at"))

    def told(_child: UUID, word: str, *_more: object) -> Look:
        found = json.loads(word)
        return Look(moment(found["seen"]), moment(found["previous"]) if found["previous"] else None)

    return waiting_rows(rows, told, word=packed)


def since_for(actor: Actor, subject: Subject, now: datetime) -> Subquery:
    """Since when things are new to the actor, as `look_now` says it, inside the statement that asks what is new."""
    policy.require(actor, "child.open", subject, now.date())
    over = When(seen_at__lte=now - VISIT, then="seen_at")
    rows = LastLook.objects.filter(child_id=subject.child_id, user_id=actor.id)
    return Subquery(rows.annotate(since=Case(over, default="previous_at")).values("since")[:1])
