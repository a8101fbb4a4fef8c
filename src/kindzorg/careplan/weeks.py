"""What is read of the weeks of children, whole, before anything is kept from somebody: for `cover.queries`."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce, JSONObject

from kindzorg.access.policy import Actor
from kindzorg.careplan.agreements.rules import AgreementState, Who, who_from
from kindzorg.careplan.cover.models import CoverRequest, CoverStep, Demand
from kindzorg.careplan.cover.rules import (
    CareDemand,
    CoverState,
    MayCover,
    NewDemand,
)
from kindzorg.careplan.goals.rules import served_need
from kindzorg.careplan.models import Evaluation, GoalText, PlanVersion
from kindzorg.careplan.versions.rules import VersionStatus, plan_need
from kindzorg.careplan.visits.queries import (
    WHO,
    agreements_planned,
    visits_between,
)
from kindzorg.careplan.visits.rules import (
    DAY,
    NOBODY,
    ZONE,
    Series,
    Window,
    instant,
    rhythm_from,
    series_from,
)
from kindzorg.careteam.competences.models import Competence as CompetenceRow
from kindzorg.careteam.competences.rules import Competence
from kindzorg.core.plain import day, key, moment
from kindzorg.core.statements import Listed, Nested
from kindzorg.core.vocabulary import Ground, LifeDomain
from kindzorg.referral.terms.queries import term_items
from kindzorg.referral.terms.rules import TermView, term_from

OVER = (AgreementState.LAPSED, AgreementState.DONE, AgreementState.DECLINED)
WHOLE: frozenset[LifeDomain] = frozenset()
"""Of no domain in particular: for who sees every one."""
SEEN = (
    *("id", "by_id", "by", "organisation"),
    *("step", "works", "family_view", "words", "way_on", "next_review_on"),
)
"""What is read of an evaluation."""
NET = {
    **{f"net_{name}": f"net__{name}" for name in ("id", "watch", "call", "until")},
    "net_back_by": "net__back__by",
    "net_back_at": "net__back__created_at",
    "net_back_words": "net__back__words",
    "net_proposal_id": "net__back__proposal_id",
}
"""And of the safety net under a step down, with who took the way back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question to cover hours, and where it stands."""

    id: UUID
    demand_id: UUID
    window: Window
    who: Who
    user_id: UUID | None
    by_id: UUID
    by: str
    since: datetime
    state: CoverState
    reason: str


@dataclass(frozen=True, slots=True)
class GoalLine:
    """What a start page says of a goal of the plan in force: its words, its domains, the last step that was seen."""

    words: str
    domains: frozenset[LifeDomain]
    step: int | None


@dataclass(slots=True)
class Week:
    """Everything of one child that has to do with its weeks, as it was read: nothing is kept from anybody yet.

    A start page is about both the week and the goals: they come in the same statement. `laws` says under which law a
    series is given, `trained` what a professional is, `people` the name and account of who was seen to do an act.
    """

    demands: list[CareDemand] = field(default_factory=list)
    series: dict[UUID, Series] = field(default_factory=dict)
    about: dict[UUID, frozenset[LifeDomain]] = field(default_factory=dict)
    grounds: dict[UUID, Ground] = field(default_factory=dict)
    what: dict[UUID, str] = field(default_factory=dict)
    laws: dict[UUID, str] = field(default_factory=dict)
    trained: dict[UUID, str] = field(default_factory=dict)
    held: dict[UUID, list[Competence]] = field(default_factory=dict)
    people: dict[UUID, tuple[str, UUID | None]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    goals: list[GoalLine] = field(default_factory=list)


def _requests(first: date) -> QuerySet[Any, Any]:
    steps = CoverStep.objects.filter(request_id=OuterRef("id")).order_by("created_at", "id")
    told = Listed(steps.values(item=JSONObject(state="state", reason="reason")))
    names = ("id", "demand_id", "starts_at", "ends_at", "by_id", "by", "created_at", *WHO)
    user = {"professional_user": F("professional__user_id"), "relative_user": F("relative__user_id")}
    user["organisation_id"] = F("who_house_id")
    return CoverRequest.objects.filter(ends_at__gte=instant(first, time())).annotate(
        item=JSONObject(**{name: name for name in names}, **user, steps=Nested(told))
    )


def _demands(first: date, last: date) -> QuerySet[Any, Any]:
    rows = Demand.objects.filter(starts_on__lte=last)
    rows = rows.filter(Q(until__isnull=True) | Q(until__gt=first - DAY))
    rows = rows.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=first - DAY))
    names = ("id", "starts_on", "start", "minutes", "rule", "until", "ended_on", "may_cover", "domain", "why")
    return rows.annotate(item=JSONObject(**{name: name for name in names}, acts=Nested(F("acts"))))


def _competences() -> QuerySet[Any, Any]:
    names = ("act", "professional_id", "relative_id", "seen_on", "until", "able", "created_at")
    people = {
        "name": Coalesce("professional__name", "relative__name"),
        "user_id": Coalesce("professional__user_id", "relative__user_id"),
    }
    return CompetenceRow.objects.annotate(item=JSONObject(**{name: name for name in names}, **people))


def _needs() -> QuerySet[Any, Any]:
    there = PlanVersion.objects.filter(status=VersionStatus.IN_FORCE)
    return there.annotate(item=JSONObject(needs=Nested(F("needs"))))


def _goals() -> QuerySet[Any, Any]:
    seen = Evaluation.objects.filter(goal_id=OuterRef("goal_id")).order_by("-created_at", "-id")
    later = PlanVersion.objects.filter(
        child_id=OuterRef("child_id"), status=VersionStatus.IN_FORCE, plan_id__gt=OuterRef("version__plan_id")
    )
    there = GoalText.objects.filter(~Exists(later), version__status=VersionStatus.IN_FORCE)
    step = Subquery(seen.values("step")[:1])
    return there.annotate(
        item=JSONObject(id="goal_id", words="words", domains=Nested(F("domains")), step=step)
    )


def weeks_of(actor: Actor, children: Collection[UUID], first: date, last: date) -> Mapping[UUID, Week]:
    """What there is to know of the weeks of these children, whole, in one statement.

    Nothing is kept from the reader here: that is for who shows it.
    """
    wanted = {
        "needs": _needs(),
        "agreement": agreements_planned(actor, children),
        "visit": visits_between(actor, Q(), first, last),
        "demand": _demands(first, last),
        "competence": _competences(),
        "asked": _requests(first),
        "goal": _goals(),
    }
    return {child_id: _week(rows) for child_id, rows in _together(children, wanted).items()}


def agreement_weeks(
    actor: Actor, child_id: UUID, agreement_id: UUID, first: date, last: date
) -> tuple[Week, list[Mapping[str, Any]], list[TermView]]:
    """The visits for one agreement, what was seen of it over time, newest first, and until when payers' decisions for
    the child hold, in one statement.

    Nothing is kept from the reader here: that is for who shows it.
    """
    seen = {**{name: name for name in SEEN}, "at": "created_at", **NET}
    wanted = {
        "needs": _needs(),
        "agreement": agreements_planned(actor, [child_id]).filter(agreement_id=agreement_id),
        "visit": visits_between(actor, Q(agreement_id=agreement_id), first, last),
        "term": term_items(actor),
        "evaluation": Evaluation.objects.filter(agreement_id=agreement_id).annotate(item=JSONObject(**seen)),
    }
    rows = _together([child_id], wanted).get(child_id, [])
    found = [item for kind, item in rows if kind == "evaluation"]
    found.sort(key=lambda one: (moment(one["at"]), str(key(one["id"]))), reverse=True)
    terms = sorted((term_from(item) for kind, item in rows if kind == "term"), key=lambda one: one.id)
    return _week(rows), found, terms


def _together(
    children: Collection[UUID], wanted: Mapping[str, QuerySet[Any, Any]]
) -> Mapping[UUID, list[tuple[str, Any]]]:
    """The rows of these kinds per child, each kind with its `item`, in one statement."""
    several = [
        rows.filter(child_id__in=children)
        .order_by()
        .values_list("child_id", Cast(Value(kind), TextField()), "item")
        for kind, rows in wanted.items()
    ]
    found: dict[UUID, list[tuple[str, Any]]] = {}
    for child_id, kind, item in several[0].union(*several[1:], all=True):
        found.setdefault(child_id, []).append((kind, item))
    return found


def _week(rows: Sequence[tuple[str, Any]]) -> Week:
    """One child's rows as the rules read them."""
    of: dict[str, list[Any]] = {}
    for kind, item in rows:
        of.setdefault(kind, []).append(item)
    week = Week()
    needs = {plan_need(one).key: plan_need(one).domain for row in of.get("needs", ()) for one in row["needs"]}
    agreements = {key(row["id"]): row for row in of.get("agreement", ())}
    for row in of.get("demand", ()):
        week.demands.append(_demand(row))
    for row in sorted(of.get("visit", ()), key=lambda row: str(row["id"])):
        terms = agreements.get(key(row["agreement_id"]))
        one = series_from(row, _ends(terms))
        week.series[one.id] = one
        week.about[one.id] = _domains(row, terms, needs)
        week.grounds[one.id] = Ground(row["ground"])
        week.what[one.id] = terms["what"] if terms else ""
        week.laws[one.id] = terms["law"] if terms else ""
        for came in (row, *row["changes"]):
            if came["trained"]:
                week.trained[key(came["professional_id"]) or NOBODY] = came["trained"]
    for row in sorted(of.get("competence", ()), key=lambda row: row["created_at"]):
        held = _held(row)
        week.held.setdefault(held.person_id, []).append(held)
        week.people[held.person_id] = (row["name"], key(row["user_id"]))
    week.asked = [_asked(row) for row in of.get("asked", ())]
    week.goals = [
        GoalLine(row["words"], frozenset(map(LifeDomain, row["domains"])), row["step"])
        for row in sorted(of.get("goal", ()), key=lambda row: str(key(row["id"])))
    ]
    return week


def _demand(row: Mapping[str, Any]) -> CareDemand:
    rhythm = rhythm_from(row)
    ended = day(row["ended_on"])
    if ended is not None and (rhythm.until is None or ended < rhythm.until):
        rhythm = replace(rhythm, until=ended)
    said = NewDemand(
        rhythm=rhythm,
        acts=tuple(row["acts"]),
        may_cover=MayCover(row["may_cover"]),
        domain=LifeDomain(row["domain"]),
        why=row["why"],
    )
    return CareDemand(id=key(row["id"]) or NOBODY, said=said)


def _ends(terms: Mapping[str, Any] | None) -> date | None:
    """From which day an agreement brings no visit any more: it lapsed, was done, or was declined."""
    if terms is None or terms["state"] not in OVER:
        return None
    return moment(terms["since"]).astimezone(ZONE).date() + DAY


def _domains(
    row: Mapping[str, Any], terms: Mapping[str, Any] | None, needs: Mapping[str, LifeDomain]
) -> frozenset[LifeDomain]:
    """Of which domains a visit is: of the why of its agreement as the plan says it now, or of the hours it covers."""
    if row["needed"]:
        return frozenset({LifeDomain(row["needed"])})
    if terms is None:
        return WHOLE
    if terms["domains"]:
        return frozenset(map(LifeDomain, terms["domains"]))
    about = needs.get(served_need(terms["need"]).key) if terms["need"] else None
    return frozenset({about}) if about else WHOLE


def _held(row: Mapping[str, Any]) -> Competence:
    person = key(row["professional_id"]) or key(row["relative_id"]) or NOBODY
    return Competence(
        row["act"], person, day(row["seen_on"]) or date.min, day(row["until"]), bool(row["able"])
    )


def _asked(row: Mapping[str, Any]) -> Asked:
    last = row["steps"][-1]
    return Asked(
        id=key(row["id"]) or NOBODY,
        demand_id=key(row["demand_id"]) or NOBODY,
        window=Window(moment(row["starts_at"]), moment(row["ends_at"])),
        who=who_from(row) or Who(),
        user_id=key(row["professional_user"]) or key(row["relative_user"]),
        by_id=key(row["by_id"]) or NOBODY,
        by=row["by"],
        since=moment(row["created_at"]),
        state=CoverState(last["state"]),
        reason=last["reason"],
    )
