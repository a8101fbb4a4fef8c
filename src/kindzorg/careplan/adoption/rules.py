"""What changed from one version to another, what is missing, and what coming into force does. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from kindzorg.access.roles import Role
from kindzorg.careplan.agreements import rules as agreement_rules
from kindzorg.careplan.agreements.rules import (
    CARRIED_OVER,
    AgreementContent,
    AgreementState,
    Carried,
    WhoKind,
)
from kindzorg.careplan.goals.rules import (
    GoalContent,
    GoalState,
    NoGoalContent,
    ServedNeed,
    Unseen,
    need_as_seen,
    same_need,
    served_as_seen,
)
from kindzorg.careplan.versions.rules import PlanNeed
from kindzorg.careteam.rules import MustAgree
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.needs.rules import Whose


class PlanItem(StrEnum):
    """What can differ between two versions."""

    GOAL = "goal"
    AGREEMENT = "agreement"
    NO_GOAL = "no_goal"


class Changed(StrEnum):
    """How an item differs."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """All content of one version by identity. `removed`: goal or agreement left out in it, with the reason, `replaced`
    by which agreement; `carried`: what becomes of those that go on. `no_goals` are by the key of their need."""

    goals: Mapping[UUID, GoalContent] = field(default_factory=dict)
    agreements: Mapping[UUID, AgreementContent] = field(default_factory=dict)
    no_goals: Mapping[str, NoGoalContent] = field(default_factory=dict)
    needs: tuple[PlanNeed, ...] = ()
    removed: Mapping[UUID, str] = field(default_factory=dict)
    replaced: Mapping[UUID, UUID] = field(default_factory=dict)
    carried: Mapping[UUID, Carried] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartChange:
    """One part of an item that differs, with its values before and after (typed, the page words them)."""

    part: str
    before: object
    after: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One item that differs between two versions. `title` is its words; `asked_anew` an agreement that is asked, also
    where it says the same; `replaced_by` the agreement in place of one that was left out."""

    item: PlanItem
    id: UUID | str
    change: Changed
    title: str
    parts: tuple[PartChange, ...] = ()
    reason: str = ""
    asked_anew: bool = False
    replaced_by: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """Something that is missing before a plan can be offered: a code, what it is about, and that one's words."""

    code: str
    item: PlanItem | None = None
    id: UUID | None = None
    about: str = ""


def differences(old: Content, new: Content) -> tuple[Difference, ...]:
    """What changed, by identity: goals, then agreements, then conscious "no goal"; added, changed and removed."""
    return (
        *_compare(PlanItem.GOAL, old.goals, new.goals, new.removed, {}, {}),
        *_compare(PlanItem.AGREEMENT, old.agreements, new.agreements, new.removed, new.replaced, new.carried),
        *_compare(PlanItem.NO_GOAL, old.no_goals, new.no_goals, {}, {}, {}),
    )


ItemContent = GoalContent | AgreementContent | NoGoalContent
Key = TypeVar("Key", UUID, str)


def _compare(
    item: PlanItem,
    before: Mapping[Key, ItemContent],
    after: Mapping[Key, ItemContent],
    removed: Mapping[Key, str],
    replaced: Mapping[Key, UUID],
    carried: Mapping[Key, Carried],
) -> Iterable[Difference]:
    for key, content in after.items():
        was = before.get(key)
        title = _title(content)
        if was is None:
            asked = item is PlanItem.AGREEMENT
            yield Difference(item=item, id=key, change=Changed.ADDED, title=title, asked_anew=asked)
            continue
        parts, anew = _parts(was, content), carried.get(key) is Carried.ANEW
        if parts or anew:
            changed = bool({part.part for part in parts} & agreement_rules.ASKED_ANEW)
            asked = anew or (changed and item is PlanItem.AGREEMENT)
            yield Difference(
                item=item, id=key, change=Changed.CHANGED, title=title, parts=parts, asked_anew=asked
            )
    for key, content in before.items():
        if key not in after:
            yield Difference(
                item=item,
                id=key,
                change=Changed.REMOVED,
                title=_title(content),
                reason=removed.get(key, ""),
                replaced_by=replaced.get(key),
            )


def _title(content: ItemContent) -> str:
    match content:
        case GoalContent():
            return content.words
        case AgreementContent():
            return content.what
        case _:
            return content.need.words


def _parts(old: ItemContent, new: ItemContent) -> tuple[PartChange, ...]:
    if isinstance(old, AgreementContent) and isinstance(new, AgreementContent):
        names = sorted(agreement_rules.changed_parts(old, new))
        return tuple(
            PartChange(part=n, before=_agreed_part(old, n), after=_agreed_part(new, n)) for n in names
        )
    pairs = [(name, getattr(old, name), getattr(new, name)) for name in _names(new)]
    return tuple(
        PartChange(part=name, before=was, after=now)
        for name, was, now in pairs
        if _comparable(was) != _comparable(now)
    )


def _names(content: ItemContent) -> tuple[str, ...]:
    return tuple(one.name for one in fields(content))


def _comparable(value: object) -> object:
    """Needs are the same need under a later scan's id."""
    if isinstance(value, ServedNeed):
        return value.key
    if isinstance(value, tuple) and value and isinstance(value[0], ServedNeed):
        return tuple(one.key for one in value)
    return value


def _agreed_part(content: AgreementContent, part: str) -> object:
    match part:
        case "who":
            return content.who
        case "why":
            return content.goal_id or content.need
        case "protocol":
            return (content.protocol, content.protocol_link)
        case "period":
            return (content.starts, content.until)
        case "situation":
            return (content.occasion, content.situation)
        case _:
            value: object = getattr(content, part)
            return value


def practical_only(old: Content | None, new: Content) -> bool:
    """Whether a version touches only when, where or who within an organisation, and so may come into force with
    the family's agreement while the approver is told and may object. A first plan never is."""
    if old is None:
        return False
    changes = differences(old, new)
    return bool(changes) and all(
        one.change is Changed.CHANGED
        and isinstance(one.id, UUID)
        and one.item is PlanItem.AGREEMENT
        and agreement_rules.practical(old.agreements[one.id], new.agreements[one.id])
        for one in changes
    )


def steps_in_force(
    old: Content | None, new: Content, states: Mapping[UUID, AgreementState]
) -> Mapping[UUID, tuple[AgreementState, str]]:
    """The steps that agreements get when `new` comes into force in place of `old`, with the reason of lapsing.

    New, changed in who, what, where, when or law, or open and to be asked anew: asked. Gone: lapsed, unless it was done
    or lapsed already. All others keep their state untouched (docs/adr/0010-a-changed-plan-asks.md).
    """
    before = old.agreements if old else {}
    asked = {
        key: (AgreementState.ASKED, "")
        for key, content in new.agreements.items()
        if key not in before
        or agreement_rules.asks_again(before[key], content)
        or (new.carried.get(key) is Carried.ANEW and states.get(key) in CARRIED_OVER)
    }
    gone = {
        key: (AgreementState.LAPSED, new.removed.get(key, ""))
        for key in before
        if key not in new.agreements
        and states.get(key, AgreementState.ASKED) not in (AgreementState.DONE, AgreementState.LAPSED)
    }
    return asked | gone


def goals_in_force(
    old: Content | None, new: Content, states: Mapping[UUID, GoalState]
) -> Mapping[UUID, tuple[GoalState, str]]:
    """The steps that goals get when `new` comes into force: proposed or cancelled ones become active, those gone
    are cancelled unless they were completed or cancelled already. A goal on hold stays on hold."""
    active = {
        key: (GoalState.ACTIVE, "")
        for key in new.goals
        if states.get(key, GoalState.PROPOSED) is GoalState.PROPOSED
        or (states[key] is GoalState.CANCELLED and (old is None or key not in old.goals))
    }
    gone = {
        key: (GoalState.CANCELLED, new.removed.get(key, ""))
        for key in (old.goals if old else {})
        if key not in new.goals and states.get(key) not in (GoalState.COMPLETED, GoalState.CANCELLED)
    }
    return active | gone


def missing_before_offer(
    content: Content,
    on: date,
    *,
    must_agree: Sequence[MustAgree],
    approver: Role | None,
    unsettled: bool = False,
) -> tuple[Lack, ...]:
    """What is lacking before the family can be asked; empty when nothing is.

    Each need has a goal with an agreement, an agreement of its own, or says "bewust geen doel" and why; each goal
    has a review date to come; each agreement says who, where, when and why; somebody can agree and approve; of no open
    agreement of the plan in force it is `unsettled` what becomes of it.
    """
    general = [] if content.goals or content.agreements or content.no_goals else [Lack(code="plan_empty")]
    if not must_agree:
        general.append(Lack(code="nobody_can_agree"))
    if approver is None:
        general.append(Lack(code="no_approver"))
    if unsettled:
        general.append(Lack(code="agreements_unsettled"))
    return (*general, *_need_lacks(content), *_goal_lacks(content, on), *_agreement_lacks(content))


def _need_lacks(content: Content) -> Iterable[Lack]:
    served = [need for goal in content.goals.values() for need in goal.needs]
    served += [agreement.need for agreement in content.agreements.values() if agreement.need]
    served += [choice.need for choice in content.no_goals.values()]
    for need in content.needs:
        if not any(same_need(one, need) for one in served):
            yield Lack(code="need_without_goal", id=need.need_id, about=need.words)
    for choice in content.no_goals.values():
        if not choice.why.strip():
            key, words = choice.need.need_id, choice.need.words
            yield Lack(code="no_goal_without_why", item=PlanItem.NO_GOAL, id=key, about=words)


def _goal_lacks(content: Content, on: date) -> Iterable[Lack]:
    worked_on = {agreement.goal_id for agreement in content.agreements.values()}
    for key, goal in content.goals.items():
        codes = {
            "goal_without_agreement": key not in worked_on,
            "goal_without_review": goal.review_on is None,
            "goal_review_past": goal.review_on is not None and goal.review_on < on,
        }
        yield from (
            Lack(code=code, item=PlanItem.GOAL, id=key, about=goal.words)
            for code, lacks in codes.items()
            if lacks
        )


def _agreement_lacks(content: Content) -> Iterable[Lack]:
    for key, agreement in content.agreements.items():
        paid = agreement.who.kind in (WhoKind.PROFESSIONAL, WhoKind.ORGANISATION)
        usual = agreement.occasion is None  # What is for when something happens has a situation instead.
        codes = {
            "agreement_without_who": not agreement.who.name.strip(),
            "agreement_without_where": usual and not agreement.where.strip(),
            "agreement_without_when": usual and not agreement.when.strip(),
            "agreement_without_why": agreement.goal_id not in content.goals and agreement.need is None,
            "agreement_without_law": paid and agreement.law is None and not agreement.payer.strip(),
        }
        yield from (
            Lack(code=code, item=PlanItem.AGREEMENT, id=key, about=agreement.what)
            for code, lacks in codes.items()
            if lacks
        )


def domains_of(content: Content, key: UUID | str) -> frozenset[LifeDomain]:
    """The life domains of an item; of an agreement those of its goal or need. Empty: of no domain in particular."""
    if isinstance(key, str):
        return frozenset({content.no_goals[key].domain}) if key in content.no_goals else frozenset()
    agreement = content.agreements.get(key)
    goal = content.goals.get(agreement.goal_id if agreement and agreement.goal_id else key)
    if goal:
        return frozenset(goal.domains)
    if agreement and agreement.need:
        return frozenset(need.domain for need in content.needs if same_need(agreement.need, need))
    return frozenset()


def not_the_childs(needs: Iterable[PlanNeed]) -> frozenset[str]:
    """The keys of needs of parents, brothers and sisters: told in the parents' own part of the scan."""
    return frozenset(need.key for need in needs if need.whose != Whose.CHILD)


def goal_without(goal: GoalContent, hidden: frozenset[str]) -> GoalContent:
    """A goal without these needs quoted in it."""
    return replace(goal, needs=tuple(need for need in goal.needs if need.key not in hidden))


def agreement_without(agreement: AgreementContent, hidden: frozenset[str]) -> AgreementContent:
    """An agreement without its need, where that is one of these."""
    quoted = agreement.need is not None and agreement.need.key in hidden
    return replace(agreement, need=None) if quoted else agreement


def goal_as_seen(goal: GoalContent, unseen: Unseen) -> GoalContent:
    """A goal for who may not read all of the needs quoted in it."""
    return replace(goal, needs=served_as_seen(goal.needs, unseen))


def agreement_as_seen(agreement: AgreementContent, unseen: Unseen) -> AgreementContent:
    """The same of an agreement."""
    if agreement.need is None:
        return agreement
    return replace(agreement, need=next(iter(served_as_seen([agreement.need], unseen)), None))


def no_goal_as_seen(choice: NoGoalContent, unseen: Unseen) -> NoGoalContent | None:
    """The same of a conscious "no goal"; None for one of a need that is not there."""
    left = served_as_seen([choice.need], unseen)
    return replace(choice, need=left[0]) if left else None


def content_as_seen(content: Content, unseen: Unseen) -> Content:
    """Content for who may not read all of the needs; what was made from them stays."""
    if not unseen:
        return content
    choices = {key: no_goal_as_seen(one, unseen) for key, one in content.no_goals.items()}
    needs = (need_as_seen(one, unseen) for one in content.needs)
    return replace(
        content,
        goals={key: goal_as_seen(goal, unseen) for key, goal in content.goals.items()},
        agreements={key: agreement_as_seen(one, unseen) for key, one in content.agreements.items()},
        no_goals={key: one for key, one in choices.items() if one},
        needs=tuple(one for one in needs if one),
    )


def content_as_child_reads(content: Content) -> Content:
    """Content without the needs that are not the child's own; what was made from them stays."""
    hidden = not_the_childs(content.needs)
    return replace(
        content,
        goals={key: goal_without(goal, hidden) for key, goal in content.goals.items()},
        agreements={key: agreement_without(one, hidden) for key, one in content.agreements.items()},
        no_goals={key: one for key, one in content.no_goals.items() if key not in hidden},
        needs=tuple(need for need in content.needs if need.key not in hidden),
    )
