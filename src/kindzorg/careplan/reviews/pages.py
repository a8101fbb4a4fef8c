"""Reviews in the reader's words: the list, one of them, how the goals go over time, and the net under a step down."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from kindzorg.access import policy
from kindzorg.access.roles import Role
from kindzorg.careplan import queries as plans
from kindzorg.careplan.evaluations.rules import EvaluationView, NetView, success
from kindzorg.careplan.goals.rules import STEP_COUNT, GoalState
from kindzorg.careplan.pages import goal_row
from kindzorg.careplan.reviews import queries
from kindzorg.careplan.reviews.rules import (
    LONGEST,
    ChildAsk,
    Due,
    PreparationView,
    ReviewMove,
    ReviewView,
    child_questions,
    due,
)
from kindzorg.careplan.rules import GoalView, PlanView
from kindzorg.careplan.wording import Say, language
from kindzorg.careteam.queries import OpenedChild
from kindzorg.core.errors import DomainError
from kindzorg.core.texts import text
from kindzorg.core.vocabulary import Audience, LifeDomain
from kindzorg.needs.answers import Feeling
from kindzorg.ui.curves import Point, draw

TOPIC = "reviews"
SCALE = tuple(str(number) for number in range(1, STEP_COUNT + 1))


def errors_for(error: DomainError, audience: str) -> Mapping[str, str]:
    """The sentence for one error, as `add_to_form` takes it."""
    return {error.code: Say(audience, TOPIC)[error.code].format(longest=LONGEST)}


def domain_words(domains: frozenset[LifeDomain], audience: str) -> str:
    """Of which life domains a review is; of all: the whole plan."""
    if domains == frozenset(LifeDomain):
        return Say(audience, TOPIC)["whole"]
    return ", ".join(text(f"ui.domains.{one}", audience, language()) for one in LifeDomain if one in domains)


def review_row(one: ReviewView, audience: str) -> dict[str, Any]:
    """A review as a list shows it."""
    said = Say(audience, TOPIC)
    tones = {
        None: "info",
        ReviewMove.MOVED: "info",
        ReviewMove.HELD: "success",
        ReviewMove.DROPPED: "neutral",
    }
    state = "planned" if one.open else str(one.move)
    return {
        "view": one,
        "id": one.id,
        "about": domain_words(one.domains, audience),
        "state": said[f"state_{state}"],
        "tone": tones[one.move],
    }


def plan_seen(request: Any, opened: OpenedChild) -> PlanView | None:
    """The plan as the reader sees it: whole, or the own part. Three statements."""
    asked = (request.actor, opened.subject, request.today)
    if policy.may(request.actor, "plan.read", opened.subject, request.today):
        return plans.shown_plan_for(*asked)
    return plans.part_for(*asked)


def list_page(request: Any, opened: OpenedChild) -> dict[str, Any]:
    """When the plan is looked at again, what was planned and held, and how each goal goes over time."""
    given = (request.actor, opened.subject)
    found, plan = queries.reviews_for(*given, request.today), plan_seen(request, opened)
    whole = policy.may(request.actor, "plan.read", opened.subject, request.today)
    goals = plan.goals if plan and whole else ()
    seen = queries.goal_evaluations_for(*given, [one.id for one in goals], request.today) if goals else {}
    rows = [goal_course(one, seen.get(one.id, ()), opened, request.today) for one in goals]
    planned = [review_row(one, opened.audience) for one in reversed(found) if one.open]
    return {
        "planned": planned,
        "over": [review_row(one, opened.audience) for one in found if not one.open],
        "due": None if planned or not whole else _due(plan, found),
        "goals": rows,
        "successes": [row for row in rows if row["success"]],
        "may_plan": policy.may(request.actor, "review.plan", opened.subject, request.today),
        "may_prepare": policy.may(request.actor, "review.prepare", opened.subject, request.today),
    }


def _due(plan: PlanView | None, found: Sequence[ReviewView]) -> Due | None:
    if plan is None or plan.version.in_force_at is None:
        return None
    held = max((one.on_day for one in found if one.move is ReviewMove.HELD), default=None)
    last = plan.evaluation.next_review_on if plan.evaluation else None
    said = last if last and (held is None or last > held) else None
    goals = [one.review_due for one in plan.goals if one.review_due]
    return due(timezone.localdate(plan.version.in_force_at), held, said, goals)


def goal_course(
    goal: GoalView, given: Sequence[EvaluationView], opened: OpenedChild, on: date
) -> dict[str, Any]:
    """A goal over time: the picture, the rows of the table, and whether there is a success to show."""
    row, said = goal_row(goal, opened, on), Say(opened.audience, TOPIC)
    return {**row, **course(given, row["steps"], said), "success": success_words(given, goal, said)}


def course(given: Sequence[EvaluationView], steps: Sequence[Mapping[str, Any]], said: Say) -> dict[str, Any]:
    """Evaluations of a goal (newest first) as a picture, and as a table for who does not see pictures."""
    told = [one for one in reversed(given) if one.step]
    points = [Point(timezone.localtime(one.at), ((one.step or 1) - 1,)) for one in told]
    rows = [
        {"at": one.at, "step": one.step, "words": steps[one.step - 1]["words"]} for one in told if one.step
    ]
    drawing = draw(points, SCALE) if len(points) > 1 else None
    return {"drawing": drawing, "course": rows, "names": (said["step_line"],)}


def success_words(given: Sequence[EvaluationView], goal: GoalView, said: Say) -> str:
    """A success of a goal, said as one; empty where there is none to tell."""
    found = success(given, goal.state)
    return said[f"success_{found}"] if found else ""


def prepared_rows(
    found: Sequence[PreparationView], goals: Mapping[UUID, str], opened: OpenedChild
) -> list[dict[str, Any]]:
    """What was prepared, entry by entry: of the plan first, then goal by goal as the plan has them; of a goal only
    where the reader sees that."""
    said = Say(opened.audience, TOPIC)
    asked = ("well", "not_well", "next")
    order: list[UUID | None] = [None, *goals]
    seen = (one for one in found if one.goal_id in order)
    return [
        {
            "view": one,
            "id": one.id,
            "goal": goals[one.goal_id] if one.goal_id else "",
            "face": list(Feeling).index(one.face) if one.face else None,
            "face_said": face_words(one.face) if one.face else "",
            "answers": [(said[f"short_{name}"], getattr(one, name)) for name in asked if getattr(one, name)],
        }
        for one in sorted(seen, key=lambda one: order.index(one.goal_id))
    ]


def by_person(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The same on one card per person, the family first; what is for the reader alone on a card by itself."""
    kept: dict[tuple[UUID, bool], list[Mapping[str, Any]]] = {}
    for row in rows:
        kept.setdefault((row["view"].by_id, row["view"].shared), []).append(row)
    cards = [
        {
            "view": max((row["view"] for row in some), key=lambda view: view.at),
            "said": [row for row in some if row["answers"]],
            "faces": [row for row in some if row["face_said"]],
        }
        for some in kept.values()
    ]
    return sorted(cards, key=lambda card: (not card["view"].family, card["view"].by))


def face_words(face: Feeling) -> str:
    """A face in words, which are a child's for every reader."""
    return text(f"needs.mood.face_{face}", Audience.CHILD, language())


def is_child(opened: OpenedChild) -> bool:
    """Whether the reader is the child itself, below 16: from then it prepares as adults do."""
    return opened.role == Role.CHILD


def running_goals(plan: PlanView | None, review: ReviewView) -> list[GoalView]:
    """The goals that a child is asked about: those that run, of what is looked at."""
    running = (one for one in (plan.goals if plan else ()) if one.state is GoalState.ACTIVE)
    return [one for one in running if set(one.content.domains) & review.domains]


def mine_page(request: Any, opened: OpenedChild, review: ReviewView, number: int) -> dict[str, Any] | None:
    """One question to the child, with what it said before; None after the last."""
    goals = {one.id: one.content.words for one in running_goals(plan_seen(request, opened), review)}
    asked = child_questions(goals)
    if number > len(asked):
        return None
    one = asked[number - 1]
    goal_id = one if isinstance(one, UUID) else None
    ask = one if isinstance(one, ChildAsk) else None
    return {
        "number": number,
        "total": len(asked),
        "goal_id": goal_id,
        "goal": goals[goal_id] if goal_id else "",
        "ask": ask,
        "before": own_preparation(request, opened, review.id, goal_id),
    }


def own_preparation(
    request: Any, opened: OpenedChild, review_id: UUID, goal_id: UUID | None
) -> PreparationView | None:
    """What the reader prepared of the plan, or of one goal."""
    return next((one for one in own_preparations(request, opened, review_id) if one.goal_id == goal_id), None)


def own_preparations(request: Any, opened: OpenedChild, review_id: UUID) -> list[PreparationView]:
    """Everything that the reader prepared for a review."""
    found = queries.preparations_for(request.actor, opened.subject, request.today, review_id)
    return [one for one in found.get(review_id, ()) if one.by_id == request.actor.id]


def one_page(request: Any, opened: OpenedChild, review: ReviewView) -> dict[str, Any]:
    """One review: who prepares and what each prepared, the family first; the goals that are looked at."""
    given = (request.actor, opened.subject)
    plan = plan_seen(request, opened)
    goals = [one for one in (plan.goals if plan else ()) if set(one.content.domains) & review.domains]
    found = queries.preparations_for(*given, request.today, review.id).get(review.id, ())
    done = {one.by_id for one in found if one.shared}
    words = {one.id: one.content.words for one in (plan.goals if plan else ())}
    rows = prepared_rows(found, words, opened)
    may = {
        name: review.open and policy.may(request.actor, f"review.{name}", opened.subject, request.today)
        for name in ("plan", "prepare")
    }
    return {
        "row": review_row(review, opened.audience),
        "people": queries.people_for(*given, review.domains, request.today, done),
        "prepared": by_person(rows),
        "goals": [
            {**_looked(one, review, opened, request.today), "faces": _faces(rows, one.id)} for one in goals
        ],
        "by_child": is_child(opened),
        "mine": any(one.by_id == request.actor.id for one in found),
        "may": may,
        "may_evaluate": policy.may(request.actor, "plan.evaluate", opened.subject, request.today),
    }


def _faces(rows: Sequence[Mapping[str, Any]], goal_id: UUID) -> list[Mapping[str, Any]]:
    """How the child says that a goal goes: it stands beside the step that the adults see."""
    return [row for row in rows if row["face_said"] and row["view"].goal_id == goal_id]


def _looked(goal: GoalView, review: ReviewView, opened: OpenedChild, on: date) -> dict[str, Any]:
    """A goal that is looked at, with what was decided since the review was planned."""
    last = goal.evaluation
    decided = bool(last and last.at >= review.at)
    way = text(f"careplan.plan.way_{last.way_on}", opened.audience, language()) if last and decided else ""
    return {**goal_row(goal, opened, on), "decided": way, "decided_at": last.at if last and decided else None}


def goal_over_time(
    request: Any, opened: OpenedChild, goal: GoalView, given: Sequence[EvaluationView]
) -> dict[str, Any]:
    """What the page of a goal says of it over time, of a success, and of the net under a step down. It costs no
    statement."""
    said, row = Say(opened.audience, TOPIC), goal_row(goal, opened, request.today)
    net = net_box(request, opened, given)
    told = {"over_time": {**row, **course(given, row["steps"], said)}, "reviews_said": said}
    return {**net, **told, "success": success_words(given, goal, said)}


def net_box(request: Any, opened: OpenedChild, given: Sequence[EvaluationView]) -> dict[str, Any]:
    """What the page of a goal or agreement says of the net under its last step down. It costs no statement."""
    net = next((one.net for one in given if one.net), None)
    if net is None:
        return {}
    return {"net": net, **_net(net, request, opened)}


def _net(net: NetView, request: Any, opened: OpenedChild) -> dict[str, Any]:
    may = policy.may(request.actor, "plan.step_back", opened.subject, request.today)
    return {
        "reviews_said": Say(opened.audience, TOPIC),
        "net_open": net.open(request.today),
        "net_succeeded": net.succeeded(request.today),
        "may_step_back": may and net.open(request.today),
    }
