"""Meetings in the reader's words: the agenda that makes itself, the minutes, and the hours."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from kindzorg.access import policy
from kindzorg.access.roles import FAMILY
from kindzorg.careplan import queries as plans
from kindzorg.careplan.agreements.rules import late
from kindzorg.careplan.meetings import queries
from kindzorg.careplan.meetings.rules import (
    LONGEST,
    LOOK_AHEAD,
    MeetingView,
    Point,
    PointKind,
    SaidView,
    TimeKind,
    by_domain,
    own_points,
)
from kindzorg.careplan.pages import people_choices
from kindzorg.careplan.reviews.pages import plan_seen
from kindzorg.careplan.reviews.queries import people_for
from kindzorg.careplan.rules import PlanView
from kindzorg.careplan.wording import Say, day, language
from kindzorg.careteam.queries import OpenedChild, team_for
from kindzorg.core.errors import DomainError
from kindzorg.core.statements import Later, joined, together
from kindzorg.core.texts import text
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.journey.interpreters import interpreter_lines_later
from kindzorg.needs.strain.queries import signs_waiting

TOPIC = "meetings"
PAGES = {
    PointKind.PROPOSAL: "plan_proposal",
    PointKind.AGREEMENT: "plan_agreement",
    PointKind.GOAL: "plan_goal",
}


def errors_for(error: DomainError, audience: str) -> Mapping[str, str]:
    """The sentence for one error, as `add_to_form` takes it."""
    return {error.code: Say(audience, TOPIC)[error.code].format(longest=LONGEST)}


def domain_name(domain: LifeDomain | None, audience: str) -> str:
    """The life domain; the whole where it is none in particular."""
    return text(f"ui.domains.{domain}", audience, language()) if domain else Say(audience, TOPIC)["whole"]


def agenda_of(
    request: Any, opened: OpenedChild, meeting: MeetingView, signs: bool | None = None
) -> list[Point]:
    """What stands on the agenda by itself, as far as this reader sees it, and what people put there. Five statements;
    none for a meeting that is over: that has its agenda as it was. `signs` saves one where it is known."""
    if not meeting.open:
        return list(meeting.agenda)
    asked = (request.actor, opened.subject, request.today)
    plan = plan_seen(request, opened)
    points = list(own_points(meeting.points))
    if plan:
        points += [*_goals(plan, meeting, request.today), *_agreements(plan, request.today)]
        points += _proposals(plans.proposals_for(*asked, open_only=True), plan)
    if _signs(request, opened).now() if signs is None else signs:
        sign = Say(opened.audience, TOPIC)["sign"]
        points.append(Point(kind=PointKind.SIGN, words=sign, domain=LifeDomain.SOCIAL))
    return points


def _signs(request: Any, opened: OpenedChild) -> Later[bool]:
    """Whether there is a sign about which somebody has yet to speak with the family."""
    rows = signs_waiting(request.actor, [opened.subject], request.today)
    return Later((rows.values("id")[:1],), bool)


def _goals(plan: PlanView, meeting: MeetingView, on: date) -> Iterable[Point]:
    until = max(on, timezone.localdate(meeting.starts_at)) + LOOK_AHEAD
    for one in plan.goals:
        if one.review_due and one.review_due <= until:
            yield Point(
                kind=PointKind.GOAL,
                words=one.content.words,
                domain=one.content.domains[0],
                about_id=one.id,
            )


def _of_goal(plan: PlanView, goal_id: UUID | None) -> LifeDomain | None:
    return next((one.content.domains[0] for one in plan.goals if one.id == goal_id), None)


def _agreements(plan: PlanView, on: date) -> Iterable[Point]:
    for one in plan.agreements:
        if one.since and late(one.state, timezone.localdate(one.since), one.content.until, on):
            domain = _of_goal(plan, one.content.goal_id)
            yield Point(kind=PointKind.AGREEMENT, words=one.content.what, domain=domain, about_id=one.id)


def _proposals(found: Iterable[Any], plan: PlanView) -> Iterable[Point]:
    serves = {one.id: one.content.goal_id for one in plan.agreements}
    for one in found:
        domain = one.domain or _of_goal(plan, one.goal_id or serves.get(one.agreement_id))
        family = one.role in set(FAMILY)
        kind = PointKind.PROPOSAL
        yield Point(kind=kind, words=one.what, domain=domain, by=one.by, family=family, about_id=one.id)


def agenda_rows(points: Iterable[Point], audience: str) -> list[dict[str, Any]]:
    """The agenda per life domain."""
    said = Say(audience, TOPIC)
    return [
        {
            "domain": domain or "",
            "name": domain_name(domain, audience),
            "points": [
                {"point": one, "why": said[f"point_{one.kind}"], "page": PAGES.get(one.kind, "")}
                for one in there
            ],
        }
        for domain, there in by_domain(points).items()
    ]


def said_rows(found: Iterable[SaidView], audience: str) -> list[dict[str, Any]]:
    """What was said, with the name of its life domain."""
    order = (None, *LifeDomain)
    rows = sorted(found, key=lambda one: order.index(one.domain))
    return [{"view": one, "name": domain_name(one.domain, audience)} for one in rows]


def one_page(request: Any, opened: OpenedChild, meeting: MeetingView) -> dict[str, Any]:
    """One meeting: its agenda, who comes, the minutes per life domain, and what was decided."""
    said, about = Say(opened.audience, TOPIC), (opened.subject, request.today)
    may = {
        name: policy.may(request.actor, f"meeting.{name}", *about) and meeting.open
        for name in ("answer", "minutes", "plan")
    }
    asked = joined(_signs(request, opened), interpreter_lines_later(request, opened))
    signs, talks = together([asked])[0] if meeting.open else (False, [])
    answers = [{"view": one, "says": said[f"said_{one.says}"]} for one in meeting.answers]
    return {
        "meeting": meeting,
        "agenda": agenda_rows(agenda_of(request, opened, meeting, signs), opened.audience),
        "interpreters": talks,
        "answers": sorted(answers, key=lambda row: not row["view"].family),
        "answered": any(one.by_id == request.actor.id for one in meeting.answers),
        "notes": said_rows(meeting.notes, opened.audience),
        "decisions": said_rows(meeting.decisions, opened.audience),
        "may": may,
        "may_time": policy.may(request.actor, "time.write", *about),
    }


def around(request: Any, opened: OpenedChild, *, work: bool = False) -> list[tuple[str, str]]:
    """The people around the child to tick, the family first; with `work` the professionals alone."""
    people = people_for(request.actor, opened.subject, frozenset(LifeDomain), request.today)
    return [(str(one.user_id), one.name) for one in people if not (work and one.family)]


def decision_choices(request: Any, opened: OpenedChild) -> tuple[list[Any], list[Any]]:
    """What a decision can be for (a goal, a life domain), and who can be asked."""
    plan = plan_seen(request, opened)
    said = Say(opened.audience, TOPIC)
    seen = policy.may_domains(request.actor, "meeting.minutes", opened.subject, request.today)
    goals = [(f"goal {one.id}", one.content.words[:80]) for one in (plan.goals if plan else ())]
    domains = [(f"domain {one}", domain_name(one, opened.audience)) for one in LifeDomain if one in seen]
    groups = [(said["goals"], goals), (said["domains"], domains)]
    people = people_choices(team_for(request.actor, opened.subject, request.today), opened)
    return [one for one in groups if one[1]], people


def totals_page(request: Any) -> dict[str, Any]:
    """Hours per month and kind, for who leads an organisation's team."""
    found = queries.time_totals(request.actor, request.today)
    said = Say("professional", TOPIC)
    months = sorted({month for month, _kind in found}, reverse=True)
    rows: list[dict[str, Any]] = [
        {
            "month": month,
            "minutes": [found.get((month, kind), 0) for kind in TimeKind],
            "all": sum(found.get((month, kind), 0) for kind in TimeKind),
        }
        for month in months
    ]
    kinds = [said[f"time_{kind}"] for kind in TimeKind]
    for row in rows:
        row["cells"] = list(zip(kinds, row["minutes"], strict=True))
    return {"rows": rows, "kinds": kinds, "said": said}


def minutes_data(request: Any, opened: OpenedChild, meeting: MeetingView) -> dict[str, Any]:
    """The closed minutes on paper, as this reader may see them."""
    said = Say(opened.audience, TOPIC)
    whole = queries.sight_of(request.actor, opened.subject, request.today).all
    lines = [("present", ", ".join(meeting.present)), ("chair", meeting.chair), ("scribe", meeting.scribe)]
    if meeting.closed_at:
        lines.append(("closed", f"{meeting.closed_by}, {day(timezone.localdate(meeting.closed_at))}"))
    return {
        "language": language(),
        "title": f"{said['paper_title']}: {opened.child}",
        "when": day(timezone.localdate(meeting.starts_at)),
        "place": meeting.place,
        "lines": [{"name": said[name], "value": value} for name, value in lines if value],
        "restricted": "" if whole else said["paper_part"],
        "footer": said["paper_footer"],
        **{f"{name}_title": said[name] for name in ("minutes", "decisions", "agenda")},
        "minutes_none": said["minutes_none"],
        "minutes": [_on_paper(row) for row in said_rows(meeting.notes, opened.audience)],
        "decisions": [
            {**_on_paper(row), "state": said["in_draft" if row["view"].agreement_id else "as_proposal"]}
            for row in said_rows(meeting.decisions, opened.audience)
        ],
        "sent_title": said["paper_sent"],
        "sent": [
            {"words": one.words, "by": ", ".join(filter(None, (one.by, one.organisation)))}
            for one in meeting.answers
            if one.words
        ],
        "agenda": [_agenda_on_paper(part) for part in agenda_rows(meeting.agenda, opened.audience)],
    }


def _on_paper(row: Mapping[str, Any]) -> dict[str, str]:
    return {"domain": str(row["view"].domain or ""), "name": row["name"], "words": row["view"].words}


def _agenda_on_paper(part: Mapping[str, Any]) -> dict[str, Any]:
    points = [
        {"words": row["point"].words, "why": " · ".join(filter(None, (row["why"], row["point"].by)))}
        for row in part["points"]
    ]
    return {"domain": str(part["domain"]), "name": part["name"], "points": points}
