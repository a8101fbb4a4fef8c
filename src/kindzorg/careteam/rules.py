"""Authority, agreement and the ends of grants, by age. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID, uuid5

from kindzorg.access.ages import age, birthday
from kindzorg.access.roles import Role


class AuthorityKind(StrEnum):
    """How somebody holds parental authority (gezag). Source: BW 1:245, 251, 251b, 253n, 280, 302."""

    JOINT = "joint"
    SOLE = "sole"
    GUARDIAN = "guardian"
    INSTITUTION = "institution"


class RestrictionKind(StrEnum):
    """What a court keeps a relative from: looking, or deciding. Looking is then deciding too."""

    SEE = "see"
    DECIDE = "decide"


class MarkedKind(StrEnum):
    """What can be marked: a note, a thing in the file, an answer in the needs scan, a report, a proposal, what somebody
    prepared for a review."""

    NOTE = "note"
    RECORD_ITEM = "record_item"
    NEEDS_ANSWER = "needs_answer"
    REPORT = "report"
    PROPOSAL = "proposal"
    PREPARATION = "preparation"


class HidesFrom(StrEnum):
    """From whom a mark keeps an entry: the family around the child, or the child itself."""

    PARENTS = "parents"
    CHILD = "child"


class WishKind(StrEnum):
    """What a child puts in writing for a day on which it cannot say it.

    A treatment that it refuses, from 16 (BW 7:450(3)); that nobody looks after its death, from 12 (BW 7:458a(4)).
    """

    REFUSES_TREATMENT = "refuses_treatment"
    CLOSED_AFTER_DEATH = "closed_after_death"


def wishes_key(child_id: UUID) -> UUID:
    """Under which id the trail speaks of the wishes of one child: its parents read of none."""
    return uuid5(child_id, "wishes")


def requests_key(child_id: UUID) -> UUID:
    """Under which id the trail speaks of what one child asks to correct or destroy: its parents read of none."""
    return uuid5(child_id, "requests")


def strain_key(child_id: UUID) -> UUID:
    """Under which id the trail speaks of what one of the family told of its own load: the family reads of none."""
    return uuid5(child_id, "strain")


def annex_key(child_id: UUID) -> UUID:
    """Under which id the trail speaks of the palliative annex: who may not read it finds no trace of it."""
    return uuid5(child_id, "annex")


def daybook_key(child_id: UUID) -> UUID:
    """Under which id the trail speaks of what a family wrote for itself alone: nobody else reads of it."""
    return uuid5(child_id, "daybook")


class ConsentPurpose(StrEnum):
    """What the information is shared for. Research is not asked here: it is an objection, kept apart."""

    CARE = "care"
    EDUCATION = "education"
    SUPPORT = "support"


class ConsentWay(StrEnum):
    """How a decision was given: by the person, or to somebody who wrote it down."""

    SELF = "self"
    IN_PERSON = "in_person"
    TELEPHONE = "telephone"
    PAPER = "paper"


class CoachMove(StrEnum):
    """What happened: a care coach was offered, or the family said yes or no."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class ConsentDecision(StrEnum):
    """What was decided about sharing."""

    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class SigningParty(StrEnum):
    """In which quality a family member agrees."""

    CHILD = "child"
    AUTHORITY_HOLDER = "authority_holder"
    YOUNG_PERSON = "young_person"
    REPRESENTATIVE = "representative"


@dataclass(frozen=True, slots=True)
class MustAgree:
    """One person who must agree: a relative (by id) or the child itself (None)."""

    party: SigningParty
    relative_id: UUID | None


def must_agree(
    birth_date: date | None,
    holders: Iterable[UUID],
    on: date,
    *,
    can_decide: bool = True,
    representatives: Iterable[UUID] = (),
) -> tuple[MustAgree, ...]:
    """Who must agree to the plan on this day. `holders` are the relatives with authority, `representatives` those who
    represent the child from 18.

    Under 12 the holders; from 12 the child and the holders; from 16 the young person alone; a minor who cannot
    weigh his interests counts as under 12; at 18 authority ends, and who represents such an adult agrees for him.
    Source: BW 7:447(1), 7:450(2), 7:465(1)-(3);
    the same scheme in Jeugdwet 7.3.4-7.3.5.
    """
    years = 0 if birth_date is None else age(birth_date, on)
    adults = tuple(MustAgree(SigningParty.AUTHORITY_HOLDER, holder) for holder in holders)
    if years >= 16 and can_decide:
        return (MustAgree(SigningParty.YOUNG_PERSON, None),)
    if years >= 18:
        return tuple(MustAgree(SigningParty.REPRESENTATIVE, one) for one in representatives)
    if years >= 12 and can_decide:
        return (MustAgree(SigningParty.CHILD, None), *adults)
    return adults


@dataclass(frozen=True, slots=True)
class Known:
    """What the end of a holder's grant follows from.

    `unable_until`: up to when it was assessed that the child cannot weigh its own interests.
    """

    birth_date: date | None
    unable_until: date | None = None
    died_on: date | None = None


def grant_end(role: Role, known: Known, until: date | None) -> date | None:
    """The day on which a grant ends: what was agreed, or the 16th birthday for a holder of authority, if earlier.

    From 16 the young person decides who looks along (BW 7:447(1), 7:457); for who cannot decide authority goes on
    as long as the assessment holds, until 18 at most (BW 7:465(2)). Who held authority over a child that died before
    it was 16 goes on looking (BW 7:458a(2)).
    """
    if role != Role.AUTHORITY_HOLDER or known.birth_date is None:
        return until
    own = birthday(known.birth_date, 16)
    if known.died_on and known.died_on < own:
        return until
    if known.unable_until and known.unable_until > own:
        own = min(known.unable_until, birthday(known.birth_date, 18))
    return own if until is None else min(until, own)


def grant_end_corrected(held: date | None, agreed: date | None, before: Known, after: Known) -> date | None:
    """The day on which a holder's grant ends once what is known goes from `before` to `after`.

    `held` is its end until now, `agreed` what was agreed when the holder joined. An end that follows from neither
    the agreement nor what was known was set by a person: it can come sooner, but nothing moves it later.
    """
    by_rule = held == grant_end(Role.AUTHORITY_HOLDER, before, agreed)
    return grant_end(Role.AUTHORITY_HOLDER, after, agreed if by_rule else held)
