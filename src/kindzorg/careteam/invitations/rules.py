"""Who may invite whom, when an invitation still opens the door, and whose part in the care may be ended. Pure."""

import hashlib
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from kindzorg.access.roles import Role
from kindzorg.people.rules import OrganisationKind, Qualification

# Long enough for a family in hospital to get round to it, short enough for a lost paper to become worthless.
LASTS = timedelta(days=14)
# How often a birth date or code may be wrong, and how long one waits after each: a typing error costs nothing.
TRIES = 4
WAITS = (timedelta(0), timedelta(seconds=30), timedelta(minutes=2))
# How long the right answer counts in one session, to read what one is invited to.
PROVEN = timedelta(minutes=30)
# How long somebody enters on behalf of a family member before it ends by itself.
VISIT = timedelta(hours=1)
CODE_DIGITS = 6


class InvitedAs(StrEnum):
    """As what somebody is invited. A parent's authority is another matter, and is recorded apart."""

    PARENT = "parent"
    RELATIVE = "relative"
    PAID_HELPER = "paid_helper"
    PROFESSIONAL = "professional"


class InvitationState(StrEnum):
    """Where an invitation stands."""

    OPEN = "open"
    USED = "used"
    REVOKED = "revoked"
    NOT_ME = "not_me"
    LOCKED = "locked"
    EXPIRED = "expired"


class Kept(StrEnum):
    """Why somebody's part cannot be ended here."""

    FILE = "file"
    AUTHORITY = "authority"
    REPRESENTS = "represents"
    CHILD = "child"


class HowTogether(StrEnum):
    """How a care coach sits with the family member for whom she enters something."""

    TABLE = "table"
    TELEPHONE = "telephone"


class Standing(Protocol):
    """What became of an invitation so far: a row of the table, or a stand-in for it."""

    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None
    not_me_at: datetime | None
    wrong: int


# Somebody who was there in person vouches for who the parent is.
INVITE_PARENTS = frozenset({Role.PAEDIATRIC_NURSE, Role.LEVEL5_NURSE, Role.COORDINATOR})
INVITE_OTHERS = INVITE_PARENTS | {Role.AUTHORITY_HOLDER, Role.YOUNG_PERSON, Role.REPRESENTATIVE}

HANDS_ON = frozenset(
    {
        Qualification.LEVEL5_PAEDIATRIC_NURSE,
        Qualification.NURSE_SPECIALIST,
        Qualification.PAEDIATRIC_NURSE,
        Qualification.NURSE,
    }
)
AROUND = frozenset({Role.CARE_COACH, Role.COORDINATOR, Role.CASE_MANAGER})
# In which roles an organisation takes part. There is none for an insurer (Wabvpz 15f).
ROLES_OF: Mapping[OrganisationKind, frozenset[Role]] = {
    OrganisationKind.HOSPITAL: AROUND
    | {Role.PAEDIATRICIAN, Role.LEVEL5_NURSE, Role.PAEDIATRIC_NURSE, Role.THERAPIST},
    OrganisationKind.HOME_CARE: AROUND | {Role.LEVEL5_NURSE, Role.PAEDIATRIC_NURSE},
    OrganisationKind.DAY_CARE: AROUND | {Role.LEVEL5_NURSE, Role.PAEDIATRIC_NURSE},
    OrganisationKind.ADULT_CARE: AROUND | {Role.LEVEL5_NURSE, Role.PAEDIATRIC_NURSE},
    OrganisationKind.GP_PRACTICE: frozenset({Role.GP}),
    OrganisationKind.THERAPY: frozenset({Role.THERAPIST}),
    OrganisationKind.SCHOOL: frozenset({Role.SCHOOL}),
    OrganisationKind.MUNICIPALITY: frozenset({Role.MUNICIPALITY, Role.CASE_MANAGER}),
    OrganisationKind.YOUTH_CARE: frozenset({Role.YOUTH_CARE, Role.CASE_MANAGER}),
    OrganisationKind.NETWORK: frozenset(),
}
# What a role asks of who takes it; a role that is not named asks nothing more.
ASKS: Mapping[Role, frozenset[Qualification]] = {
    Role.LEVEL5_NURSE: frozenset({Qualification.LEVEL5_PAEDIATRIC_NURSE, Qualification.NURSE_SPECIALIST}),
    Role.PAEDIATRIC_NURSE: HANDS_ON,
    Role.PAEDIATRICIAN: frozenset({Qualification.PAEDIATRICIAN, Qualification.MEDICAL_SPECIALIST}),
    Role.GP: frozenset({Qualification.GP}),
    Role.THERAPIST: frozenset({Qualification.THERAPIST}),
    Role.SCHOOL: frozenset({Qualification.TEACHER}),
}


def may_invite(inviter: Role | None, invited: InvitedAs, *, decides_alone: bool) -> bool:
    """Whether somebody in this role may invite such a person; `decides_alone`: the child decides for itself.

    Parents come in by somebody who met them; the others also by whoever decides about the child's team. From 16 the
    young person decides who looks along, parents too, and then invites them as relatives (BW 7:447(1), 7:457).
    """
    if invited == InvitedAs.PARENT:
        return inviter in INVITE_PARENTS and not decides_alone
    return inviter in INVITE_OTHERS


def roles_for(kind: OrganisationKind, qualification: Qualification) -> frozenset[Role]:
    """In which roles a professional of this organisation can take part: nobody makes a teacher a paediatrician."""
    return frozenset(
        role for role in ROLES_OF[kind] if qualification in ASKS.get(role, frozenset(Qualification))
    )


def role_at_the_door(invited: InvitedAs, role: Role | None, *, has_authority: bool) -> Role:
    """The role in which somebody comes in. A parent's follows from recorded authority, never from the invitation."""
    if invited == InvitedAs.PARENT:
        return Role.AUTHORITY_HOLDER if has_authority else Role.PARENT_WITHOUT_AUTHORITY
    if invited == InvitedAs.PROFESSIONAL and role:
        return role
    return Role.PAID_HELPER if invited == InvitedAs.PAID_HELPER else Role.RELATIVE


def state_of(standing: Standing, now: datetime) -> InvitationState:
    """Where the invitation stands now. What somebody did goes before what the clock did."""
    if standing.used_at:
        return InvitationState.USED
    if standing.revoked_at:
        return InvitationState.REVOKED
    if standing.not_me_at:
        return InvitationState.NOT_ME
    if standing.wrong >= TRIES:
        return InvitationState.LOCKED
    return InvitationState.EXPIRED if now >= standing.expires_at else InvitationState.OPEN


def next_try(wrong: int, last: datetime | None) -> datetime | None:
    """From when the next answer may be given; None when it may be given at once."""
    return last + WAITS[min(wrong, len(WAITS)) - 1] if last and wrong else None


def token_hash(token: str) -> str:
    """What is kept of a token. It holds 256 random bits, so that a plain hash cannot be turned back."""
    return hashlib.sha256(token.encode()).hexdigest()


def sees_of(role: Role, allowed: Collection[str]) -> tuple[tuple[str, bool], ...]:
    """What somebody in this role will see, and what not, in a fixed order.

    `allowed` are the permissions that the matrix gives the role.
    """
    asked = {
        "plan": {"plan.read"},
        "part": {"plan.read_part"},
        "needs": {"needs.read"},
        "record": {"record.read"},
        "team": {"team.read"},
        "sign": {"plan.agree"},
        "trail": {"trail.read"},
    }
    sees = {name: bool(needs & set(allowed)) for name, needs in asked.items()}
    if sees["plan"]:
        del sees["part"]
    return tuple(sees.items())


def kept_by_law(ender: Role | None, role: Role, *, own: bool, keeps_the_file: bool) -> Kept | None:
    """Why this part cannot be ended by this person, or None.

    The organisation that keeps the file stays responsible for it (WGBO, BW 7:454), so its last one hands over first.
    Nobody ends the access of a holder of authority but that holder, and from 16 the young person, who decides who
    looks along (BW 7:457). Who represents an adult stops where it
    was recorded. The child's own access is the child's.
    """
    if keeps_the_file:
        return Kept.FILE
    if own:
        return None
    if role in (Role.CHILD, Role.YOUNG_PERSON):
        return Kept.CHILD
    if role == Role.AUTHORITY_HOLDER and ender != Role.YOUNG_PERSON:
        return Kept.AUTHORITY
    if role == Role.REPRESENTATIVE and ender != Role.YOUNG_PERSON:
        return Kept.REPRESENTS
    return None


def on_visit(began: datetime, now: datetime) -> bool:
    """Whether a visit on behalf of somebody that began then still goes on."""
    return began <= now < began + VISIT
