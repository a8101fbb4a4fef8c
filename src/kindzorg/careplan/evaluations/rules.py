"""How far a goal is, how to go on, and what the plan hands over at its end. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from kindzorg.careplan.agreements.rules import AgreementState
from kindzorg.careplan.goals.rules import (
    STEP_COUNT,
    GoalState,
    ServedNeed,
    Unseen,
    same_need,
    served_as_seen,
    served_need,
)
from kindzorg.careplan.versions.rules import PlanNeed
from kindzorg.core.errors import Invalid
from kindzorg.core.plain import day, key, moment
from kindzorg.core.vocabulary import LifeDomain

# An evaluation this long before the review date counts as that review.
EARLY = timedelta(weeks=4)
# How long the quick way back stays open at most after stepping down. A working figure of this product, to be confirmed.
LONGEST_NET = timedelta(days=366)


class WayOn(StrEnum):
    """How to go on after an evaluation. Stepping down: the same care, done less or by the family itself."""

    CONTINUE = "continue"
    CHANGE = "change"
    STOP = "stop"
    STEP_DOWN = "step_down"


class Works(StrEnum):
    """Whether an agreement, or the plan as a whole, does what it is for. A goal has its five steps instead."""

    WELL = "well"
    PARTLY = "partly"
    NOT = "not"


@dataclass(frozen=True, slots=True, kw_only=True)
class Net:
    """What holds when care is stepped down: what everybody watches, who is called, and until which day there is a
    quick way back (vangnet bij afbouwen)."""

    watch: str = ""
    call: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """What an evaluation says: the step reached (1-5) of a goal, or whether an agreement or the whole plan works;
    the family's view, what the evaluator saw, the way on. Stepping down asks for its safety net."""

    step: int | None = None
    works: Works | None = None
    family_view: str = ""
    words: str = ""
    way_on: WayOn = WayOn.CONTINUE
    next_review_on: date | None = None
    net: Net = Net()


class Success(StrEnum):
    """What may be shown as a success: the goal is reached, or it went a step up."""

    REACHED = "reached"
    STEP_UP = "step_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class NetView:
    """The safety net under a step down, and who took the way back, if somebody did."""

    id: UUID
    watch: str
    call: str
    until: date
    back_by: str = ""
    back_at: datetime | None = None
    back_words: str = ""
    proposal_id: UUID | None = None

    def open(self, on: date) -> bool:
        """Whether the quick way back can be taken on this day."""
        return self.back_at is None and on <= self.until

    def succeeded(self, on: date) -> bool:
        """Whether it went well: the time is over, and nobody needed the way back."""
        return self.back_at is None and on > self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationView:
    """An evaluation as it was given, by whom and when: of a goal with its step, of anything else whether it works."""

    step: int | None
    works: Works | None = None
    family_view: str
    words: str
    way_on: WayOn
    next_review_on: date | None
    by: str
    organisation: str
    at: datetime
    id: UUID | None = None
    net: NetView | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalOutcome:
    """Where a goal ended: its words, state, and last evaluation if there was one."""

    goal_id: UUID
    words: str
    domains: tuple[LifeDomain, ...]
    needs: tuple[ServedNeed, ...]
    state: GoalState
    evaluation: EvaluationView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAgreement:
    """An agreement that still runs or waits when the plan ends: somebody must take it over, or end it."""

    agreement_id: UUID
    what: str
    who: str
    organisation: str
    goal_id: UUID | None
    state: AgreementState


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenNeed:
    """A need that no goal has met: without a goal in the plan, or with one that was not completed."""

    need_id: UUID
    domain: LifeDomain
    words: str
    goal_ids: tuple[UUID, ...]
    no_goal_why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOutcome:
    """The frozen hand-over of phase 3: the version that was in force, the last evaluation per goal, what is open.

    `version` is None when no plan ever came into force: a child can die or move before there is one.
    """

    version: int | None
    goals: tuple[GoalOutcome, ...]
    open_agreements: tuple[OpenAgreement, ...]
    open_needs: tuple[OpenNeed, ...]
    frozen_at: datetime
    frozen_by: UUID


def check_evaluation(given: Evaluated, on: date, *, goal: bool) -> None:
    """Raises Invalid, with the field, for a goal without one of its five steps, anything else without a word on
    whether it works, or a next review in the past."""
    if goal and (given.step is None or not 1 <= given.step <= STEP_COUNT):
        raise Invalid("step_one_to_five", fields=("step",), count=STEP_COUNT)
    if not goal and given.works is None:
        raise Invalid("works_required", fields=("works",))
    if given.next_review_on and given.next_review_on < on:
        raise Invalid("review_in_past", fields=("next_review_on",))
    if given.way_on is WayOn.STEP_DOWN:
        check_net(given.net, on)


def check_net(net: Net, on: date) -> None:
    """Raises Invalid, with the field, for stepping down without what is watched, who is called, or a day until when
    the quick way back is open."""
    for name in ("watch", "call"):
        if not getattr(net, name).strip():
            raise Invalid(f"net_{name}_required", fields=(f"net_{name}",))
    if net.until is None or not on < net.until <= on + LONGEST_NET:
        raise Invalid("net_until_required", fields=("net_until",))


def success(given: Sequence[EvaluationView], state: GoalState) -> Success | None:
    """What may be shown of a goal as a success, by its evaluations (newest first) and its state."""
    steps = [one.step or 0 for one in given[:2]]
    if state is GoalState.COMPLETED or (steps and steps[0] == STEP_COUNT):
        return Success.REACHED
    return Success.STEP_UP if len(steps) > 1 and steps[0] > steps[1] else None


def asks_change(last: EvaluationView | None, since: datetime | None) -> bool:
    """Whether the last evaluation asks for another way on than "continue", and the plan did not change after it.

    `since` is when the version of now came into force: a newer version is taken as the answer.
    """
    if last is None or last.way_on is WayOn.CONTINUE:
        return False
    return since is None or last.at >= since


def review_due(review_on: date | None, last: EvaluationView | None) -> date | None:
    """The day on which a goal is to be looked at again: as the last evaluation says, else as the goal says.

    An evaluation within four weeks before the goal's own day counts as that review.
    """
    if last is None:
        return review_on
    if last.next_review_on:
        return last.next_review_on
    return None if review_on is None or last.at.date() >= review_on - EARLY else review_on


def evaluation_view(given: Mapping[str, Any] | None) -> EvaluationView | None:
    """An evaluation from plain values, its moments as such or as JSON gives them."""
    if given is None:
        return None
    return EvaluationView(
        step=given["step"],
        works=Works(given["works"]) if given.get("works") else None,
        family_view=given["family_view"],
        words=given["words"],
        way_on=WayOn(given["way_on"]),
        next_review_on=day(given["next_review_on"]),
        by=given["by"],
        organisation=given["organisation"],
        at=moment(given["at"]),
        id=key(given.get("id")),
    )


def open_needs(
    needs: Iterable[PlanNeed], goals: Sequence[GoalOutcome], whys: Mapping[UUID, str]
) -> tuple[OpenNeed, ...]:
    """The needs that are not met: no goal serves it, or one that does is not completed. A conscious "no goal" is
    open too, with its why: at closing somebody must still know of it."""
    found = []
    for need in needs:
        serving = [goal for goal in goals if any(same_need(one, need) for one in goal.needs)]
        if not serving or any(goal.state is not GoalState.COMPLETED for goal in serving):
            ids = tuple(goal.goal_id for goal in serving)
            why = whys.get(need.need_id, "")
            found.append(
                OpenNeed(
                    need_id=need.need_id, domain=need.domain, words=need.words, goal_ids=ids, no_goal_why=why
                )
            )
    return tuple(found)


def outcome_as_seen(outcome: PlanOutcome, unseen: Unseen) -> PlanOutcome:
    """The hand-over for who may not read all of the needs."""
    goals = (replace(one, needs=served_as_seen(one.needs, unseen)) for one in outcome.goals)
    needs = ((one, unseen.get(one.need_id, one)) for one in outcome.open_needs)
    return replace(
        outcome,
        goals=tuple(goals),
        open_needs=tuple(replace(one, words=now.words) for one, now in needs if now),
    )


def outcome_as_data(outcome: PlanOutcome) -> dict[str, Any]:
    """The hand-over in words, lists and mappings that any JSON keeps whole; moments in ISO 8601."""
    data: dict[str, Any] = _plain(outcome)
    return data


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, UUID | StrEnum):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def outcome_from_data(data: Mapping[str, Any]) -> PlanOutcome:
    """The outcome that was stored. Raises KeyError or ValueError when the data is not one."""
    return PlanOutcome(
        version=data["version"],
        goals=tuple(_goal_outcome(one) for one in data["goals"]),
        open_agreements=tuple(
            OpenAgreement(
                agreement_id=UUID(one["agreement_id"]),
                what=one["what"],
                who=one["who"],
                organisation=one["organisation"],
                goal_id=UUID(one["goal_id"]) if one["goal_id"] else None,
                state=AgreementState(one["state"]),
            )
            for one in data["open_agreements"]
        ),
        open_needs=tuple(
            OpenNeed(
                need_id=UUID(one["need_id"]),
                domain=LifeDomain(one["domain"]),
                words=one["words"],
                goal_ids=tuple(map(UUID, one["goal_ids"])),
                no_goal_why=one["no_goal_why"],
            )
            for one in data["open_needs"]
        ),
        frozen_at=datetime.fromisoformat(data["frozen_at"]),
        frozen_by=UUID(data["frozen_by"]),
    )


def _goal_outcome(data: Mapping[str, Any]) -> GoalOutcome:
    return GoalOutcome(
        goal_id=UUID(data["goal_id"]),
        words=data["words"],
        domains=tuple(map(LifeDomain, data["domains"])),
        needs=tuple(map(served_need, data["needs"])),
        state=GoalState(data["state"]),
        evaluation=evaluation_view(data["evaluation"]),
    )
