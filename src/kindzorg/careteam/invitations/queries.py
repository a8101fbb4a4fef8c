"""Reading invitations: what the door may show, what stands open, who never came in, and whose part may be ended."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.access.roles import FAMILY, Role
from kindzorg.audit.queries import who_came
from kindzorg.careteam.invitations import rules
from kindzorg.careteam.invitations.rules import InvitationState, InvitedAs, Kept
from kindzorg.careteam.models import (
    CourtRestriction,
    Grant,
    Invitation,
    Membership,
    ParentalAuthority,
    Representation,
)
from kindzorg.careteam.queries import OpenedChild, in_force
from kindzorg.core.errors import Missing
from kindzorg.people.models import Child, Professional, Relative

FOUND = 20
SHORTEST = 3


@dataclass(frozen=True, slots=True)
class AtTheDoor:
    """What the door shows before the birth date was right: nothing of the child, and nothing of care."""

    state: InvitationState
    person: str
    invited_by: str
    expires_at: datetime
    spoken_code: bool
    tries_left: int
    used_by_id: UUID | None


@dataclass(frozen=True, slots=True)
class InvitedTo:
    """What somebody is invited to, for who gave the right birth date or code."""

    invitation: Invitation
    child: Child
    role: Role
    sees: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody's part in the care: whose account, whether it is the actor's own, and why it may not be ended here."""

    member: Membership
    user_id: UUID | None
    own: bool
    kept: Kept | None


@dataclass(frozen=True, slots=True)
class Assisted:
    """A family member for whom a care coach may enter something, in the role that this person holds now."""

    relative: Relative
    role: Role


@dataclass(frozen=True, slots=True)
class NotIn:
    """Somebody who was asked to come in and never did: the invitation that was not used, or the idle account."""

    child: Child
    name: str
    invitation: Invitation | None
    state: InvitationState | None
    member: Membership | None


def _by_token(token: str) -> Invitation:
    row = Invitation.objects.filter(token_hash=rules.token_hash(token)).select_related("child").first()
    if row is None:
        raise Missing("no_such_invitation")
    return row


def at_the_door(actor: Actor, token: str, now: datetime) -> AtTheDoor:
    """What whoever holds the link may know at once. Raises Missing for a token that is none."""
    policy.require(actor, "invitation.answer", None, now.date())
    row = _by_token(token)
    left = max(0, rules.TRIES - row.wrong)
    return AtTheDoor(
        rules.state_of(row, now),
        row.person,
        row.invited_by,
        row.expires_at,
        bool(row.code_hash),
        left,
        row.used_by_id,
    )


def invited_to(actor: Actor, token: str, now: datetime) -> InvitedTo:
    """What the invitation is to; only for who has given the right answer. Raises Missing for one that is not open."""
    policy.require(actor, "invitation.answer", None, now.date())
    row = _by_token(token)
    if rules.state_of(row, now) != InvitationState.OPEN:
        raise Missing("no_such_invitation")
    role = role_offered(actor, row, now.date())
    allowed = {permission for one, permission in policy.matrix() if one == role}
    return InvitedTo(row, row.child, role, rules.sees_of(role, allowed))


def role_offered(actor: Actor, row: Invitation, on: date) -> Role:
    """The role in which whoever accepts comes in: a parent's by the authority that is recorded now, and for who was
    recorded to represent the grown child that one, from the day that it begins.
    """
    policy.require(actor, "invitation.answer", None, on)
    holds = ParentalAuthority.objects.filter(in_force(on), child_id=row.child_id, relative=row.relative)
    has_authority = row.relative is not None and holds.exists()
    recorded = Representation.objects.filter(child_id=row.child_id, relative=row.relative, until=None).first()
    if row.relative and recorded and (recorded.starts <= on or not has_authority):
        return Role.REPRESENTATIVE
    role = Role(row.role) if row.role else None
    return rules.role_at_the_door(InvitedAs(row.invited_as), role, has_authority=has_authority)


def invitations_for(
    actor: Actor, subject: Subject, now: datetime
) -> Sequence[tuple[Invitation, InvitationState]]:
    """The invitations of a child that were not used and not taken back, newest first, with where each stands."""
    policy.require(actor, "team.read", subject, now.date())
    rows = Invitation.objects.filter(child_id=subject.child_id, used_at=None, revoked_at=None)
    return [(row, rules.state_of(row, now)) for row in rows.order_by("-created_at", "-id")]


def relatives_to_invite(actor: Actor, subject: Subject, on: date) -> Sequence[Relative]:
    """The relatives who are known and have no access now."""
    policy.require(actor, "team.change", subject, on)
    inside = Grant.objects.filter(in_force(on), scope_id=subject.child_id).values("user_id")
    rows = Relative.objects.filter(child_id=subject.child_id).exclude(user_id__in=inside)
    return list(rows.order_by("created_at", "id"))


def professionals_named(actor: Actor, subject: Subject, words: str, on: date) -> Sequence[Professional]:
    """The professionals whose name or organisation holds these words (at least three letters), at most twenty."""
    policy.require(actor, "team.change", subject, on)
    if len(words.strip()) < SHORTEST:
        return ()
    rows = Professional.objects.select_related("organisation")
    for word in words.split():
        rows = rows.filter(Q(name__icontains=word) | Q(organisation__name__icontains=word))
    return list(rows.order_by("name", "id")[:FOUND])


def professional_for(actor: Actor, subject: Subject, professional_id: UUID, on: date) -> Professional:
    """A professional of the directory, with the organisation. Raises Missing."""
    policy.require(actor, "team.change", subject, on)
    row = Professional.objects.select_related("organisation").filter(id=professional_id).first()
    if row is None:
        raise Missing("no_such_professional", professional_id=professional_id)
    return row


def _user_of(member: Membership) -> UUID | None:
    person = member.professional or member.relative
    return person.user_id if person else None


def parts_for(actor: Actor, subject: Subject, on: date) -> Sequence[Part]:
    """Everybody's part in the child's care now, and what this actor may do about it."""
    policy.require(actor, "child.open", subject, on)
    rows = Membership.objects.filter(in_force(on), child_id=subject.child_id)
    members = list(rows.select_related("professional", "relative", "organisation").order_by("starts", "id"))
    keepers = [one.id for one in members if one.organisation_id == one.owner_id]
    ender = policy.role_for(actor, subject, on)
    return [_part(actor, ender, member, keepers == [member.id]) for member in members]


def _part(actor: Actor, ender: Role | None, member: Membership, last: bool) -> Part:
    user_id = _user_of(member)
    own = user_id == actor.id
    kept = rules.kept_by_law(ender, Role(member.role), own=own, keeps_the_file=last)
    return Part(member, user_id, own, kept)


def part_for(actor: Actor, subject: Subject, membership_id: UUID, on: date) -> Part:
    """One part. Raises Missing for who is not in now."""
    found = next((one for one in parts_for(actor, subject, on) if one.member.id == membership_id), None)
    if found is None:
        raise Missing("no_such_part", membership_id=membership_id)
    return found


def family_to_assist(actor: Actor, subject: Subject, on: date) -> Sequence[Assisted]:
    """The family members of a child for whom a care coach may enter something: those who take part now."""
    policy.require(actor, "family.assist", subject, on)
    rows = Membership.objects.filter(in_force(on), child_id=subject.child_id, relative__isnull=False)
    found = [
        Assisted(row.relative, Role(row.role))
        for row in rows.select_related("relative").order_by("starts", "id")
        if row.relative
    ]
    return [one for one in found if one.role in FAMILY]


def families_to_assist(
    actor: Actor, children: Iterable[OpenedChild], on: date
) -> Mapping[UUID, Sequence[Assisted]]:
    """Of each of these children that the actor coaches the family members who take part now. One statement."""
    ids = [one.child.id for one in children if policy.may(actor, "family.assist", one.subject, on)]
    rows = Membership.objects.filter(in_force(on), child_id__in=ids, relative__isnull=False, role__in=FAMILY)
    found: dict[UUID, list[Assisted]] = {}
    for row in rows.select_related("relative").order_by("starts", "id"):
        if row.relative:
            found.setdefault(row.child_id, []).append(Assisted(row.relative, Role(row.role)))
    return found


def assisted(actor: Actor, subject: Subject, relative_id: UUID, on: date) -> Assisted:
    """The family member for whom a care coach enters something. Raises Missing for anybody else."""
    found = [one for one in family_to_assist(actor, subject, on) if one.relative.id == relative_id]
    if not found:
        raise Missing("no_such_family_member", relative_id=relative_id)
    one, of = found[0], {"child_id": subject.child_id, "relative_id": relative_id}
    holds = ParentalAuthority.objects.filter(in_force(on), **of).exists()
    kept_from = CourtRestriction.objects.filter(in_force(on), **of).exists()
    if one.role == Role.AUTHORITY_HOLDER and (kept_from or not holds):
        return replace(one, role=Role.PARENT_WITHOUT_AUTHORITY)
    if one.role == Role.REPRESENTATIVE:  # Only itself: who enters for it says so in its own name.
        return replace(one, role=Role.RELATIVE)
    return one


def visiting(actor: Actor, subject: Subject, relative_id: UUID, on: date) -> Actor:
    """The care coach while she enters on behalf of somebody. Raises Missing and Refused, as `assisted`."""
    person = assisted(actor, subject, relative_id, on)
    return replace(actor, on_behalf_of=person.relative.name, speaks_as=person.role)


def never_came_in(actor: Actor, children: Iterable[OpenedChild], now: datetime) -> Sequence[NotIn]:
    """Who was invited and did not come, or has an account and never opened this child's pages. For care coaches."""
    coached = [one for one in children if policy.may(actor, "family.assist", one.subject, now.date())]
    ids = [one.child.id for one in coached]
    by_id = {one.child.id: one.child for one in coached}
    waiting = Invitation.objects.filter(child_id__in=ids, used_at=None, revoked_at=None)
    found = [
        NotIn(by_id[row.child_id], row.person, row, rules.state_of(row, now), None)
        for row in waiting.order_by("created_at", "id")
    ]
    rows = Membership.objects.filter(in_force(now.date()), child_id__in=ids, relative__user__isnull=False)
    members = list(rows.select_related("relative").order_by("starts", "id"))
    came = who_came(actor, [one.subject for one in coached], now.date())
    return found + [
        NotIn(by_id[one.child_id], one.relative.name, None, None, one)
        for one in members
        if one.relative and (one.child_id, one.relative.user_id) not in came
    ]
