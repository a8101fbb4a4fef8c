"""What becomes of each open agreement when the plan changes: what is suggested, and what may be said. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from kindzorg.careplan.adoption.rules import Content
from kindzorg.careplan.agreements.rules import (
    ASKED_ANEW,
    CARRIED_OVER,
    OPEN,
    AgreementContent,
    AgreementState,
    Carried,
    changed_parts,
)
from kindzorg.core.errors import Invalid


class Look(StrEnum):
    """Why somebody has to look at an agreement before it is said what becomes of it: nothing is suggested then."""

    GOAL_GONE = "goal_gone"
    OVER = "over"
    NOT_HERE = "not_here"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSettle:
    """An open agreement of the plan in force, as the draft has it now.

    `said` is what it says in the plan in force, `drafted` in the draft (None: it is not in it), `changed` the parts
    that differ and are therefore asked anew. `carried` is what was settled, with `reason` or `replaced_by`;
    `suggested` what a page begins with, None where somebody has to `look` first. `mark` is another one as soon as
    somebody changes any of this.
    """

    id: UUID
    said: AgreementContent
    drafted: AgreementContent | None
    state: AgreementState
    goal: str
    changed: frozenset[str]
    carried: Carried | None
    suggested: Carried | None
    look: Look | None
    reason: str
    replaced_by: UUID | None
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What somebody says that becomes of an agreement: why it lapses, or by which other it is replaced.

    `mark` is that of the `ToSettle` somebody looked at; empty: it is said whatever others did meanwhile.
    """

    agreement_id: UUID
    carried: Carried
    reason: str = ""
    replaced_by: UUID | None = None
    mark: str = ""


def to_settle(
    old: Content, draft: Content, states: Mapping[UUID, AgreementState], on: date
) -> tuple[ToSettle, ...]:
    """The open agreements of the plan in force (`old`), each as this draft has it; one that was declined only where the
    draft lacks it, for then it lapses."""
    open_ones = (
        key
        for key in old.agreements
        if states.get(key) in (CARRIED_OVER if key in draft.agreements else OPEN)
    )
    return tuple(_to_settle(key, old, draft, states[key], on) for key in open_ones)


def _to_settle(key: UUID, old: Content, draft: Content, state: AgreementState, on: date) -> ToSettle:
    said, drafted = old.agreements[key], draft.agreements.get(key)
    changed = changed_parts(said, drafted) & ASKED_ANEW if drafted else frozenset()
    reason, instead = draft.removed.get(key, ""), draft.replaced.get(key)
    carried = draft.carried.get(key) if drafted else _gone(reason, instead)
    look = _look(key, said, draft, on)
    usual = Carried.ANEW if changed else None if look else Carried.STAYS
    stays_changed = carried is Carried.STAYS and bool(changed)
    goal = old.goals.get(said.goal_id) if said.goal_id else None
    parts = (drafted, carried, reason, instead)
    return ToSettle(
        id=key,
        said=said,
        drafted=drafted,
        state=state,
        goal=goal.words if goal else "",
        changed=changed,
        carried=carried,
        suggested=usual if carried is None or stays_changed else carried,
        look=None if carried else look,
        reason=reason,
        replaced_by=instead,
        mark=sha256(repr(parts).encode()).hexdigest()[:16],
    )


def _gone(reason: str, instead: UUID | None) -> Carried | None:
    return Carried.REPLACED if instead else Carried.LAPSES if reason else None


def _look(key: UUID, said: AgreementContent, draft: Content, on: date) -> Look | None:
    now = draft.agreements.get(key)
    if now is None:
        return Look.NOT_HERE
    if now.goal_id and now.goal_id not in draft.goals:
        return Look.GOAL_GONE
    return Look.OVER if now.until and now.until < on else None


def same(one: ToSettle, said: Settlement) -> bool:
    """Whether this is what was settled already."""
    if one.carried is not said.carried:
        return False
    if said.carried is Carried.REPLACED and one.replaced_by != said.replaced_by:
        return False
    return said.carried in (Carried.STAYS, Carried.ANEW) or one.reason == said.reason.strip()


def check_settlement(one: ToSettle, said: Settlement, stand: Collection[UUID]) -> None:
    """Raises Invalid, with the agreement: one that changed cannot just stay, one that lapses says why, one that is
    replaced by which of those that `stand` in the draft after this."""
    code = ""
    if said.carried is Carried.STAYS and one.changed:
        code = "changed_is_asked_anew"
    elif said.carried is Carried.LAPSES and not said.reason.strip():
        code = "reason_required"
    elif said.carried is Carried.REPLACED and (
        said.replaced_by not in stand or said.replaced_by == said.agreement_id
    ):
        code = "replacement_required"
    if code:
        raise Invalid(code, agreement_id=one.id)
