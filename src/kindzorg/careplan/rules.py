"""The plan as pages and doors see it, and the words of all its alcoves. Pure. Import everything from here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from kindzorg.careplan.adoption.rules import (
    Changed,
    Content,
    Difference,
    Lack,
    PartChange,
    PlanItem,
    agreement_as_seen,
    agreement_without,
    goal_as_seen,
    goal_without,
    missing_before_offer,
    no_goal_as_seen,
    not_the_childs,
)
from kindzorg.careplan.agreements.rules import (
    AGREEMENT_STEPS,
    AgreementContent,
    AgreementState,
    Carried,
    Occasion,
    Who,
    WhoKind,
)
from kindzorg.careplan.evaluations.rules import (
    Evaluated,
    EvaluationView,
    GoalOutcome,
    Net,
    OpenAgreement,
    OpenNeed,
    PlanOutcome,
    WayOn,
    Works,
    asks_change,
    review_due,
)
from kindzorg.careplan.goals.rules import (
    GOAL_STEPS,
    STEP_KEYS,
    GoalContent,
    GoalKind,
    GoalState,
    NoGoalContent,
    ServedNeed,
    Unseen,
    need_as_seen,
    plan_needs,
    same_need,
)
from kindzorg.careplan.versions.rules import (
    VERSION_STEPS,
    Heard,
    PlanNeed,
    SignatureAnswer,
    SignatureView,
    SignedHow,
    Signer,
    Signing,
    Standing,
    VersionStatus,
    VersionView,
    family_differs,
    may_be_heard,
    ways_to_hear,
)
from kindzorg.careteam.rules import MustAgree, SigningParty
from kindzorg.core.vocabulary import LifeDomain

# fmt: off
__all__ = [  # what stands in the alcoves; what is defined below comes with it
    "AGREEMENT_STEPS", "GOAL_STEPS", "STEP_KEYS", "VERSION_STEPS", "AgreementContent", "AgreementState", "Carried",
    "Changed",
    "Content", "Difference", "Evaluated", "EvaluationView", "GoalContent", "GoalKind", "GoalOutcome", "GoalState",
    "Heard", "Lack", "Net", "NoGoalContent", "Occasion",
    "OpenAgreement", "OpenNeed", "PartChange", "PlanItem", "PlanNeed", "PlanOutcome",
    "ServedNeed", "SignatureAnswer", "SignatureView", "SignedHow", "Signer", "Signing", "Standing", "VersionStatus",
    "VersionView", "WayOn", "Who", "WhoKind", "Works", "asks_change", "family_differs",
    "may_be_heard", "plan_needs",
    "review_due", "same_need", "ways_to_hear",
]
# fmt: on


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementView:
    """An agreement in a version, and where it stands now.

    `since`, `reason` and `by` are of its last step (None and empty while it is only proposed). `asked` says
    whether the reader is the one who is asked, `owned` whether the reader's organisation made it, `stepped` whether the
    reader took that step. `evaluation` is the last one, if anybody looked how it goes.
    """

    id: UUID
    content: AgreementContent
    made_at: datetime
    owner: str
    state: AgreementState
    since: datetime | None
    reason: str
    by: str
    asked: bool
    owned: bool
    revision: int
    changed_by: str
    changed_at: datetime
    evaluation: EvaluationView | None = None
    stepped: bool = False

    def overdue(self, on: date) -> bool:
        """Whether the day on which it was to be looked at again has passed."""
        ended = self.state in (AgreementState.DONE, AgreementState.LAPSED)
        due = None if ended else review_due(None, self.evaluation)
        return due is not None and due < on


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalView:
    """A goal in a version, its life, its last evaluation, and the agreements that serve it."""

    id: UUID
    content: GoalContent
    state: GoalState
    evaluation: EvaluationView | None
    agreements: tuple[AgreementView, ...]
    revision: int
    changed_by: str
    changed_at: datetime

    @property
    def step(self) -> int | None:
        """How far it was at the last evaluation, 1-5; None before the first."""
        return self.evaluation.step if self.evaluation else None

    @property
    def review_due(self) -> date | None:
        """The day on which it is to be looked at again; None for a goal that ended."""
        ended = self.state in (GoalState.COMPLETED, GoalState.CANCELLED)
        return None if ended else review_due(self.content.review_on, self.evaluation)

    def overdue(self, on: date) -> bool:
        """Whether that day has passed."""
        due = self.review_due
        return due is not None and due < on


@dataclass(frozen=True, slots=True, kw_only=True)
class NoGoalView:
    """A need that consciously has no goal, and why."""

    content: NoGoalContent
    revision: int
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanView:
    """A version of the plan, of what the reader may see; each item in the order in which it was made.

    `loose` are the agreements that serve a need directly. `under_way` is the version that waits beside a plan in
    force, if any (a draft only for who may write in it). `restricted`: there are domains the reader may not see,
    or only the reader's own part is here. `evaluation` is the last one of the plan as a whole.
    """

    version: VersionView
    based_on: int | None
    goals: tuple[GoalView, ...]
    loose: tuple[AgreementView, ...]
    no_goals: tuple[NoGoalView, ...]
    needs: tuple[PlanNeed, ...]
    under_way: VersionView | None
    restricted: bool
    evaluation: EvaluationView | None = None

    def overdue(self, on: date) -> bool:
        """Whether the day on which the plan as a whole was to be looked at again has passed."""
        due = review_due(None, self.evaluation)
        return due is not None and due < on

    @property
    def agreements(self) -> tuple[AgreementView, ...]:
        """All agreements, those of the goals first."""
        return (*(one for goal in self.goals for one in goal.agreements), *self.loose)

    @property
    def by_domain(self) -> Mapping[LifeDomain, tuple[GoalView, ...]]:
        """The goals per life domain; a goal over more domains stands under each."""
        return {domain: tuple(g for g in self.goals if domain in g.content.domains) for domain in LifeDomain}

    @property
    def needs_without_answer(self) -> tuple[PlanNeed, ...]:
        """The needs that no goal, agreement or conscious "no goal" answers to."""
        served = [need for goal in self.goals for need in goal.content.needs]
        served += [one.content.need for one in self.agreements if one.content.need]
        served += [choice.content.need for choice in self.no_goals]
        return tuple(need for need in self.needs if not any(same_need(one, need) for one in served))

    def as_seen(self, unseen: Unseen) -> "PlanView":
        """The same for who may not read all of the needs: answers in them are marked. What was made of them stays."""
        if not unseen:
            return self

        def read(rows: Iterable[AgreementView]) -> tuple[AgreementView, ...]:
            return tuple(replace(one, content=agreement_as_seen(one.content, unseen)) for one in rows)

        choices = ((one, no_goal_as_seen(one.content, unseen)) for one in self.no_goals)
        needs = (need_as_seen(one, unseen) for one in self.needs)
        return replace(
            self,
            goals=tuple(
                replace(one, content=goal_as_seen(one.content, unseen), agreements=read(one.agreements))
                for one in self.goals
            ),
            loose=read(self.loose),
            no_goals=tuple(replace(one, content=content) for one, content in choices if content),
            needs=tuple(one for one in needs if one),
        )

    @property
    def as_child_reads(self) -> "PlanView":
        """The same without needs that are not the child's own: their words come from the parents' own part of the
        scan, which stands apart from what the child reads. The goals and agreements made from them stay."""
        hidden = not_the_childs(self.needs)

        def spared(one: AgreementView) -> AgreementView:
            return replace(one, content=agreement_without(one.content, hidden))

        goals = (
            replace(
                goal,
                content=goal_without(goal.content, hidden),
                agreements=tuple(map(spared, goal.agreements)),
            )
            for goal in self.goals
        )
        return replace(
            self,
            goals=tuple(goals),
            loose=tuple(map(spared, self.loose)),
            no_goals=tuple(one for one in self.no_goals if one.content.need.key not in hidden),
            needs=tuple(need for need in self.needs if need.key not in hidden),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A goal or agreement that was left out of a draft: its words elsewhere in the plan, why, or what replaces it."""

    item: PlanItem
    id: UUID
    title: str
    reason: str
    replaced_by: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedDraft:
    """A draft as the reader may see it, who must agree to it, what the whole of it lacks, and what was left out."""

    plan: PlanView
    signing: Signing
    lacks: tuple[Lack, ...]
    left_out: tuple[LeftOut, ...] = ()


def lacks_of(draft: PlanView, signing: Signing, on: date, *, unsettled: bool) -> tuple[Lack, ...]:
    """What a draft that was read whole lacks before it can be offered; `unsettled`: it does not say of every open
    agreement of the plan in force what becomes of it."""
    content = Content(
        goals={one.id: one.content for one in draft.goals},
        agreements={one.id: one.content for one in draft.agreements},
        no_goals={one.content.need.key: one.content for one in draft.no_goals},
        needs=draft.needs,
    )
    asked = [MustAgree(SigningParty(one.party), one.relative_id) for one in signing.asked]
    return missing_before_offer(content, on, must_agree=asked, approver=signing.approver, unsettled=unsettled)
