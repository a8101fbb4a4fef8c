"""From whom a mark keeps an entry, how long it holds unconfirmed, and who may confirm it. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID, uuid5

from kindzorg.access.roles import Role
from kindzorg.careteam.rules import (
    HidesFrom,
    MarkedKind,
    annex_key,
    daybook_key,
    requests_key,
    strain_key,
    wishes_key,
)
from kindzorg.core.errors import Invalid
from kindzorg.core.vocabulary import Ground

PROVISIONAL = timedelta(days=7)
"""How long a professional's mark holds before a second one confirms it (own choice, to be confirmed)."""
SIDES = {
    Role.CHILD: HidesFrom.CHILD,
    Role.YOUNG_PERSON: HidesFrom.CHILD,
    Role.AUTHORITY_HOLDER: HidesFrom.PARENTS,
    Role.PARENT_WITHOUT_AUTHORITY: HidesFrom.PARENTS,
    Role.REPRESENTATIVE: HidesFrom.PARENTS,
    Role.RELATIVE: HidesFrom.PARENTS,
}
OWN_GROUNDS = frozenset({Ground.WGBO, Ground.JEUGDWET})
"""The grounds on which a file is the child's own to keep from 12 (BW 7:457(3), Jeugdwet 7.3.11); of a file under the
Wmo, the AVG or a school the parents may read too (Wmo 5.3.2, UAVG 5(4), WPO 40a). Own reading, te bevestigen."""


def kept_apart(
    child_id: UUID,
    side: HidesFrom | None,
    *,
    reads_restricted: bool,
    reads_strain: bool,
    reads_annex: bool = True,
) -> frozenset[UUID]:
    """Under which ids the trail speaks of what is not for this reader: restricted notes, marks, the child's own
    requests and wishes, what parents told of themselves, the palliative annex, and what the family wrote for itself
    alone.
    """
    kept = {restricted_key(child_id)} if side or not reads_restricted else set()
    kept |= {strain_key(child_id)} if side or not reads_strain else set()
    kept |= {marks_key(child_id)} if side else set()
    kept |= set() if reads_annex else {annex_key(child_id)}
    # Also for parents: what a child wrote there can be marked as not for them.
    kept |= set() if side == HidesFrom.CHILD else {daybook_key(child_id)}
    of_child = {wishes_key(child_id), requests_key(child_id)}
    return frozenset(kept | (of_child if side == HidesFrom.PARENTS else set()))


@dataclass(frozen=True, slots=True)
class NewMark:
    """What is marked: the entry, who wrote it in which role, from whom it is kept, and why."""

    object_kind: MarkedKind
    object_id: UUID
    author_id: UUID
    author_role: Role
    hides_from: HidesFrom
    reason: str = ""
    ground: Ground = Ground.WGBO


class MarkState(StrEnum):
    """Where a mark stands. Lapsed: no second professional confirmed it in time, so the entry shows again."""

    HOLDS = "holds"
    TO_CONFIRM = "to_confirm"
    LAPSED = "lapsed"
    LIFTED = "lifted"


@dataclass(frozen=True, slots=True)
class MarkView:
    """A mark as its reader sees it."""

    id: UUID
    object_id: UUID
    hides_from: HidesFrom
    state: MarkState
    by: str
    by_id: UUID
    by_child: bool
    reason: str
    confirmed_by: str
    until: date | None


def hidden_side(role: Role | None) -> HidesFrom | None:
    """What a reader in this role does not get to see; None for professionals."""
    return SIDES.get(role) if role else None


def restricted_key(child_id: UUID) -> UUID:
    """Under which id the trail speaks of the restricted notes of one child, whatever their number."""
    return uuid5(child_id, "restricted notes")


def marks_key(child_id: UUID) -> UUID:
    """Under which id the trail speaks of the marks of one child, whatever their number."""
    return uuid5(child_id, "marks")


def check_own_mark(new: NewMark, actor_id: UUID) -> None:
    """A child marks what it said itself or what its own file says of it, and only for its parents. Raises Invalid.

    What parents told they know already; and of a file on another ground they may read as well (`OWN_GROUNDS`).
    """
    in_file = new.object_kind == MarkedKind.RECORD_ITEM
    if new.hides_from != HidesFrom.PARENTS or (new.author_id != actor_id and not in_file):
        raise Invalid("mark_own_only")
    if new.ground not in OWN_GROUNDS:
        raise Invalid("mark_not_by_law")
    if hidden_side(new.author_role) == HidesFrom.PARENTS:
        raise Invalid("mark_hides_from_author")


def check_mark(new: NewMark) -> None:
    """Refuse a professional's mark without a reason, or one that keeps an entry from who wrote it. Raises Invalid.

    To keep something from a patient its interest must ask it, and another care provider must be heard first
    (BW 7:448(4), Jeugdwet 7.3.2(4)); towards parents good care may ask it (BW 7:457(3)).
    """
    if not new.reason.strip():
        raise Invalid("mark_without_reason", fields=("reason",))
    if hidden_side(new.author_role) == new.hides_from:
        raise Invalid("mark_hides_from_author", fields=("hides_from",))


def may_confirm(by_id: UUID, actor_id: UUID, state: MarkState) -> bool:
    """Whether this professional is the second one, and still in time."""
    return state == MarkState.TO_CONFIRM and by_id != actor_id


def state_of(*, sure: bool, lifted: bool, until: date | None, on: date) -> MarkState:
    """Where a mark stands on this day. `sure`: the child's own, or confirmed."""
    if lifted:
        return MarkState.LIFTED
    if sure:
        return MarkState.HOLDS
    return MarkState.TO_CONFIRM if until is None or on < until else MarkState.LAPSED
