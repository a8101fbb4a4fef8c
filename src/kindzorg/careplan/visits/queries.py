"""Reading series of visits: the rows of several children as part of one statement, and somebody's own visits."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from kindzorg.access.policy import Actor
from kindzorg.careplan.agreements.queries import last_moment, last_state
from kindzorg.careplan.models import AgreementTerms, GoalText
from kindzorg.careplan.versions.rules import VersionStatus
from kindzorg.careplan.visits.models import Visit, VisitChange
from kindzorg.careplan.visits.rules import (
    DAY,
    ZONE,
    Calendar,
    Occurrence,
    SchoolRegion,
    VisitChangeKind,
    Window,
    expand,
    series_from,
)
from kindzorg.careteam.queries import children_for
from kindzorg.core.statements import Listed, Nested
from kindzorg.core.texts import content

SLACK = timedelta(days=60)
"""How far from its own day a visit can be moved and still be found."""
SHOWN = (VersionStatus.IN_FORCE, VersionStatus.SUPERSEDED)
WHO = ("who_kind", "who_name", "who_organisation", "professional_id", "relative_id")
RHYTHM = ("starts_on", "start", "minutes", "rule", "until")


def calendar(actor: Actor) -> Calendar:
    """The school holidays that are known, per region. No statement."""
    known = content("careplan", "school_holidays")
    return {region: [tuple(one) for one in known[region]] for region in SchoolRegion}


def _user() -> dict[str, Any]:
    users = {"professional_user": F("professional__user_id"), "relative_user": F("relative__user_id")}
    return {**users, "organisation_id": F("who_house_id"), "trained": F("professional__qualification")}


def _changes(first: date) -> QuerySet[Any, Any]:
    rows = VisitChange.objects.filter(
        Q(on__gte=first - SLACK) | Q(kind=VisitChangeKind.ENDED), visit_id=OuterRef("id")
    ).order_by("created_at", "id")
    names = ("on", "kind", "reason", "to_day", "to_start", *WHO)
    return rows.values(item=JSONObject(**{name: name for name in names}, **_user()))


def visits_between(actor: Actor, wanted: Q, first: date, last: date) -> QuerySet[Any, Any]:
    """The series of these visits that may have an occurrence from `first` to `last`, each with its changes, as `item`.

    A part of a statement: whose visits the actor may see is for who asks.
    """
    gone = VisitChange.objects.filter(
        visit_id=OuterRef("id"), kind=VisitChangeKind.ENDED, on__lt=first - SLACK
    )
    rows = Visit.objects.filter(wanted, ~Exists(gone), starts_on__lte=last + SLACK)
    rows = rows.filter(Q(until__isnull=True) | Q(until__gt=first - SLACK))
    names = ("id", "agreement_id", "request_id", "place", "holidays", "region", "ground", *RHYTHM, *WHO)
    return rows.annotate(
        item=JSONObject(
            **{name: name for name in names},
            **_user(),
            house=F("who_house__kind"),
            needed=F("request__demand__domain"),
            changes=Nested(Listed(_changes(first))),
        )
    )


def agreements_planned(actor: Actor, children: Collection[UUID]) -> QuerySet[Any, Any]:
    """What the newest plan says of agreements that have visits, and where each stands. Part of a statement."""
    terms = AgreementTerms.objects.filter(version__status__in=SHOWN, child_id__in=children)
    newer = terms.filter(
        agreement_id=OuterRef("agreement_id"), version__number__gt=OuterRef("version__number")
    )
    planned = Visit.objects.filter(agreement_id=OuterRef("agreement_id"))
    goal = GoalText.objects.filter(version_id=OuterRef("version_id"), goal_id=OuterRef("goal_id"))
    return terms.filter(Exists(planned), ~Exists(newer)).annotate(
        item=JSONObject(
            id="agreement_id",
            what="what",
            law="law",
            need=Nested(F("need")),
            domains=Nested(Subquery(goal.values("domains")[:1])),
            state=last_state(),
            since=last_moment(),
            owner=F("agreement__owner_id"),
        )
    )


def comes(actor: Actor) -> Q:
    """Visits of which the actor is the one who comes, or to whom one was handed over."""
    own = Q(professional__user_id=actor.id) | Q(relative__user_id=actor.id)
    handed = VisitChange.objects.filter(
        Q(professional__user_id=actor.id) | Q(relative__user_id=actor.id), visit_id=OuterRef("id")
    )
    return own | Q(Exists(handed))


def moments_of(actor: Actor, start: datetime, end: datetime) -> Sequence[tuple[UUID, Occurrence]]:
    """The actor's own visits over all children, from a moment up to another, each with its child; cancelled ones too.

    With no word of what is done there, so that a calendar outside can hold it. One statement.
    """
    window = Window(start, end)
    first, last = start.astimezone(ZONE).date() - DAY, end.astimezone(ZONE).date()
    rows = visits_between(actor, comes(actor), first, last)
    rows = rows.filter(child_id__in=children_for(actor, first + DAY).values("id"))
    found = []
    for child_id, item in rows.values_list("child_id", "item"):
        there = expand([series_from(item)], window, calendar(actor))
        found += [(child_id, one) for one in there if one.user_id == actor.id]
    return sorted(found, key=lambda one: (one[1].start, str(one[0])))
