"""When a check is due, how long an assessment holds, who may confirm, and when parents disagree. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from kindzorg.access.ages import age, birthday
from kindzorg.careteam.rules import AuthorityKind, RestrictionKind, WishKind
from kindzorg.core.errors import Invalid

CHECKED_EVERY = timedelta(days=365)
"""Authority can change without anybody telling us: the register is looked at again each year (own choice)."""
ASSESSMENT_LASTS = timedelta(days=365)
"""An assessment of capacity is about a decision and a moment: it is made anew each year (own choice)."""
CONFIRMED_WITHIN = timedelta(days=7)
"""How soon a second professional looks at the source of a court's restriction (own choice)."""
WISH_FROM: Mapping[WishKind, int] = {WishKind.REFUSES_TREATMENT: 16, WishKind.CLOSED_AFTER_DEATH: 12}
"""From which age a written wish counts. Source: BW 7:450(3), 7:458a(4)."""


@dataclass(frozen=True, slots=True)
class NewAuthority:
    """That a relative holds authority: of what kind, how that is known, and when it was looked up.

    `organisation_id` is the institution for which this relative stands: an institution acts through a named person.
    """

    relative_id: UUID
    kind: AuthorityKind
    source: str
    organisation_id: UUID | None = None
    checked_on: date | None = None


@dataclass(frozen=True, slots=True)
class NewRestriction:
    """What a court decided about a relative, and where that stands: the court, the date and number of its decision."""

    relative_id: UUID
    kind: RestrictionKind
    source: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class NewCapacity:
    """What a professional assessed, why, and on which day it is looked at again."""

    can_decide: bool
    reason: str
    until: date


class Stand(StrEnum):
    """What a holder of authority answered."""

    YES = "yes"
    NO = "no"
    SILENT = "silent"


def check_authority_row(new: NewAuthority, on: date) -> None:
    """Refuse an authority without a source, checked in the future, or an institution without a name.

    Raises Invalid. Not being in the register of authority is no proof of having none (BW 1:251b).
    """
    if not new.source.strip():
        raise Invalid("authority_without_source", fields=("source",))
    if new.checked_on and new.checked_on > on:
        raise Invalid("checked_in_the_future", fields=("checked_on",))
    if (new.kind == AuthorityKind.INSTITUTION) != (new.organisation_id is not None):
        raise Invalid("institution_not_named", fields=("organisation",))


def check_is_due(checked_on: date | None, on: date) -> bool:
    """Whether somebody should look again whether this authority still holds."""
    return checked_on is None or on - checked_on > CHECKED_EVERY


def check_restriction(new: NewRestriction, on: date) -> None:
    """Refuse a restriction that names no decision of a court, or that is over already. Raises Invalid."""
    if not new.source.strip():
        raise Invalid("restriction_without_source", fields=("source",))
    if new.until and new.until <= on:
        raise Invalid("ends_in_the_past", fields=("until",))


def may_confirm(recorded_by_id: UUID, actor_id: UUID, confirmed_by_id: UUID | None) -> bool:
    """Whether this professional is the second one: not who recorded it, and nobody did before."""
    return confirmed_by_id is None and recorded_by_id != actor_id


def confirmation_is_late(starts: date, confirmed_by_id: UUID | None, on: date) -> bool:
    """Whether the second professional should have looked by now. The restriction goes on holding all the same."""
    return confirmed_by_id is None and on - starts > CONFIRMED_WITHIN


def check_capacity(new: NewCapacity, birth_date: date | None, on: date) -> None:
    """Refuse an assessment without a reason or a day to look again, or of a child under 12. Raises Invalid.

    Under 12 the holders of authority decide already (BW 7:465(1)).
    """
    if birth_date is None or age(birth_date, on) < 12:
        raise Invalid("capacity_under_12")
    if not new.reason.strip():
        raise Invalid("capacity_without_reason", fields=("reason",))
    if not on < new.until <= on + ASSESSMENT_LASTS:
        raise Invalid("review_not_within_a_year", fields=("until",))


def check_wish(kind: WishKind, words: str, birth_date: date | None, on: date) -> None:
    """Refuse a wish before its age, or one that says nothing. Raises Invalid."""
    if birth_date is None or on < birthday(birth_date, WISH_FROM[kind]):
        raise Invalid("wish_too_early", years=WISH_FROM[kind])
    if not words.strip():
        raise Invalid("wish_says_nothing", fields=("words",))


def parents_differ(stands: Iterable[Stand]) -> bool:
    """Whether holders of authority stand against one another: one said yes and another no to the same thing.

    Silence is no disagreement. It is settled as soon as the last word of each is the same. Both decide together; what
    they cannot settle themselves the court can (BW 1:253a(1)).
    """
    said = set(stands)
    return {Stand.YES, Stand.NO} <= said
