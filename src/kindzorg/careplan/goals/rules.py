"""What a goal says, and where it stands. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from kindzorg.careplan.versions.rules import PlanNeed
from kindzorg.core.errors import Invalid
from kindzorg.core.vocabulary import Audience, LifeDomain
from kindzorg.needs.rules import NeedsProfile, Whose, definition

STEP_COUNT = 5
# The keys of the words for the five steps in content/steps.yaml, lowest first.
STEP_KEYS = ("not_yet", "a_start", "on_the_way", "nearly", "reached")


class GoalKind(StrEnum):
    """A goal may be to reach something, or to keep it: then keeping is success."""

    REACH = "reach"
    KEEP = "keep"


class GoalState(StrEnum):
    """The life of a goal in the plan. How far it is reached is another thing: its last evaluation."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    ON_HOLD = "on_hold"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


GOAL_STEPS: Mapping[tuple[GoalState | None, GoalState], str] = {
    (None, GoalState.PROPOSED): "drafted",
    (GoalState.PROPOSED, GoalState.ACTIVE): "plan_in_force",
    (GoalState.PROPOSED, GoalState.CANCELLED): "left_out",
    (GoalState.ACTIVE, GoalState.ON_HOLD): "put_on_hold",
    (GoalState.ACTIVE, GoalState.COMPLETED): "completed",
    (GoalState.ACTIVE, GoalState.CANCELLED): "left_out",
    (GoalState.ON_HOLD, GoalState.ACTIVE): "taken_up",
    (GoalState.ON_HOLD, GoalState.COMPLETED): "completed",
    (GoalState.ON_HOLD, GoalState.CANCELLED): "left_out",
    (GoalState.COMPLETED, GoalState.ACTIVE): "taken_up",
    (GoalState.CANCELLED, GoalState.PROPOSED): "drafted",
    (GoalState.CANCELLED, GoalState.ACTIVE): "plan_in_force",
}


@dataclass(frozen=True, slots=True)
class ServedNeed:
    """A need that a goal, agreement or conscious "no goal" answers to: its id in the scan and its words then."""

    need_id: UUID
    words: str
    topic: str = ""

    @property
    def key(self) -> str:
        """What ties the same need together over scans: its topic, else its id."""
        return self.topic or str(self.need_id)

    def stored(self) -> dict[str, str]:
        """As plain words, the way it is kept."""
        return {"need_id": str(self.need_id), "words": self.words, "topic": self.topic}


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalContent:
    """What a goal says in one version.

    `steps` are the family's own words for the five steps, lowest first; an empty one has the default words.
    """

    words: str
    domains: tuple[LifeDomain, ...]
    whose: Whose = Whose.CHILD
    kind: GoalKind = GoalKind.REACH
    steps: tuple[str, ...] = ("",) * STEP_COUNT
    review_on: date | None = None
    needs: tuple[ServedNeed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoGoalContent:
    """That a need consciously has no goal ("bewust geen doel"), and why."""

    need: ServedNeed
    domain: LifeDomain
    why: str


def check_goal(content: GoalContent) -> None:
    """Raises Invalid, with the field, when a goal says too little to be kept even in a draft."""
    if not content.words.strip():
        raise Invalid("goal_words_required", fields=("words",))
    if not content.domains:
        raise Invalid("goal_domain_required", fields=("domains",))
    if len(content.steps) != STEP_COUNT:
        raise Invalid("goal_steps_five", fields=("steps",), count=STEP_COUNT)


def goal_step(start: GoalState | None, end: GoalState) -> str:
    """Why a goal may go from one state to another. Raises Invalid when the table has no such step."""
    try:
        return GOAL_STEPS[start, end]
    except KeyError:
        raise Invalid("no_such_goal_step", start=start, end=end) from None


def served_need(stored: Mapping[str, Any]) -> ServedNeed:
    """A served need from the plain words in which it is kept."""
    return ServedNeed(UUID(stored["need_id"]), stored["words"], stored.get("topic", ""))


def goal_values(content: GoalContent) -> dict[str, Any]:
    """The content as the plain values in which a version keeps it."""
    return {
        "words": content.words.strip(),
        "domains": [str(domain) for domain in LifeDomain if domain in content.domains],
        "whose": str(content.whose),
        "kind": str(content.kind),
        "steps": [words.strip() for words in content.steps],
        "review_on": content.review_on,
        "needs": [need.stored() for need in content.needs],
    }


def goal_content(values: Mapping[str, Any]) -> GoalContent:
    """The content from the plain values in which a version keeps it."""
    return GoalContent(
        words=values["words"],
        domains=tuple(map(LifeDomain, values["domains"])),
        whose=Whose(values["whose"]),
        kind=GoalKind(values["kind"]),
        steps=tuple(values["steps"]),
        review_on=values["review_on"],
        needs=tuple(map(served_need, values["needs"])),
    )


def plan_needs(profile: NeedsProfile, language: str = "nl") -> tuple[PlanNeed, ...]:
    """The needs of a closed scan as the plan keeps them: in the family's words, else the nurse's, else the title
    of the topic in this language (a child may have answered with a face alone)."""
    scan = definition(profile.definition_version)
    return tuple(
        PlanNeed(
            need_id=need.id,
            domain=need.domain,
            words="; ".join(need.words or need.nurse_words)
            or scan.topic(need.topic).title(Audience.PARENT, language),
            topic=need.topic,
            whose=str(need.whose),
            urgency=str(need.urgency or ""),
            wish="; ".join(need.wished),
        )
        for need in profile.needs
    )


def needs_as_seen(whole: NeedsProfile, seen: NeedsProfile) -> Mapping[UUID, PlanNeed | None]:
    """The needs that read otherwise in what somebody may see of a hand-over; None for one that is not there."""
    left = {need.need_id: need for need in plan_needs(seen)}
    return {
        need.need_id: left.get(need.need_id) for need in plan_needs(whole) if left.get(need.need_id) != need
    }


Unseen = Mapping[UUID, PlanNeed | None]


def need_as_seen(need: PlanNeed, unseen: Unseen) -> PlanNeed | None:
    """A need of a version as it reads for who may not read all of it; None where it is not there."""
    return unseen.get(need.need_id, need)


def served_as_seen(served: Iterable[ServedNeed], unseen: Unseen) -> tuple[ServedNeed, ...]:
    """The same for what an item answers to, without what is not there."""
    return tuple(
        one if now is one else ServedNeed(one.need_id, now.words, one.topic)
        for one in served
        if (now := unseen.get(one.need_id, one))
    )


def still_served(
    given: Iterable[ServedNeed], before: Iterable[ServedNeed], unseen: Unseen, needs: Iterable[PlanNeed]
) -> tuple[ServedNeed, ...]:
    """What an item answers to after somebody wrote it anew who does not see all of it: what that one could not see
    stays, and every need keeps its whole words."""
    gone = (one for one in before if unseen.get(one.need_id, one) is None)
    return followed((*given, *gone), needs)


def drafted_goal(need: PlanNeed) -> GoalContent:
    """The goal that a need begins with: the wish in the family's words, else the need; to be reworded together."""
    return GoalContent(
        words=need.wish or need.words,
        domains=(need.domain,),
        whose=Whose(need.whose),
        needs=(ServedNeed(need.need_id, need.words, need.topic),),
    )


def same_need(served: ServedNeed, need: PlanNeed) -> bool:
    """Whether this is the same need, also when a later scan gave it another id."""
    return served.need_id == need.need_id or (bool(served.topic) and served.topic == need.topic)


def followed(served: Iterable[ServedNeed], needs: Iterable[PlanNeed]) -> tuple[ServedNeed, ...]:
    """The served needs with the ids and words of the newest scan, where it knows them; others as they were."""
    known = tuple(needs)
    return tuple(
        next((ServedNeed(n.need_id, n.words, n.topic) for n in known if same_need(one, n)), one)
        for one in served
    )
