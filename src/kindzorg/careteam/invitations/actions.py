"""Inviting, coming in, and ending a part."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from kindzorg.access import policy
from kindzorg.access.parties import asked_first
from kindzorg.access.policy import Actor, Explanation, Subject
from kindzorg.access.roles import Role, Scope
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.careteam import sharing
from kindzorg.careteam.actions import NewMember, add_member
from kindzorg.careteam.authority.actions import record_authority
from kindzorg.careteam.authority.rules import NewAuthority
from kindzorg.careteam.consents.actions import ask_consent
from kindzorg.careteam.consents.rules import Decision, Said
from kindzorg.careteam.invitations import queries, rules
from kindzorg.careteam.invitations.queries import Part
from kindzorg.careteam.invitations.rules import HowTogether, InvitationState, InvitedAs
from kindzorg.careteam.models import CourtRestriction, Grant, Invitation, Membership, ParentalAuthority
from kindzorg.careteam.queries import child_for, in_force
from kindzorg.careteam.representation.actions import let_representatives_in, stop_representing
from kindzorg.careteam.rules import AuthorityKind, RestrictionKind
from kindzorg.core.encryption import keyed_hash
from kindzorg.core.errors import Invalid, Missing
from kindzorg.people.actions import NewRelative, register_relative
from kindzorg.people.models import Child, Professional, Relative, User
from kindzorg.people.rules import OrganisationKind, Qualification, Relation


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """Whom to invite: somebody who is known (`relative_id`, `professional_id`), or a new relative by name.

    `authority` and `source` are what the one who invites a parent has seen of it; without them nothing is recorded.
    `consent` is what the family said to a professional who invites; without it the family is asked once somebody is in.
    """

    invited_as: InvitedAs
    relative_id: UUID | None = None
    professional_id: UUID | None = None
    name: str = ""
    relation: Relation = Relation.OTHER
    role: Role | None = None
    works_for: str = ""
    task: str = ""
    until: date | None = None
    authority: AuthorityKind | None = None
    source: str = ""
    consent: Said | None = None


@dataclass(frozen=True, slots=True)
class Issued:
    """An invitation with the two things that are never kept: its token, and the code where one is spoken."""

    invitation: Invitation
    token: str
    code: str


def _relative(actor: Actor, subject: Subject, new: NewInvitation, now: datetime) -> Relative:
    """The relative who is invited: known already, or from now on. Being known gives no right."""
    if new.relative_id is None:
        if not new.name.strip():
            raise Invalid("name_needed", fields=("name",))
        known = register_relative(actor, subject, NewRelative(new.name.strip(), new.relation), now)
    else:
        row = Relative.objects.filter(id=new.relative_id, child_id=subject.child_id).first()
        if row is None:
            raise Missing("no_such_relative", relative_id=new.relative_id)
        known = row
    if new.authority:
        if ParentalAuthority.objects.filter(in_force(now.date()), relative_id=known.id).exists():
            raise Invalid("authority_recorded_already", fields=("authority",))
        record_authority(actor, subject, NewAuthority(known.id, new.authority, new.source), now)
    return known


def _professional(new: NewInvitation) -> Professional:
    """The professional who is invited, in a role that the organisation and the qualification allow."""
    work = (
        Professional.objects.select_related("organisation")
        .filter(id=new.professional_id or UUID(int=0))
        .first()
    )
    if work is None:
        raise Missing("no_such_professional", professional_id=new.professional_id)
    allowed = rules.roles_for(OrganisationKind(work.organisation.kind), Qualification(work.qualification))
    if new.role not in allowed:
        raise Invalid("role_does_not_fit", fields=("role",))
    return work


def _decides_alone(subject: Subject, on: date) -> bool:
    return policy.role_now(Role.CHILD, subject, on) == Role.YOUNG_PERSON


def _check_may_invite(actor: Actor, subject: Subject, invited: InvitedAs, on: date) -> None:
    role = policy.role_for(actor, subject, on)
    if not rules.may_invite(role, invited, decides_alone=_decides_alone(subject, on)):
        raise Invalid("may_not_invite", fields=("invited_as",))


def _kept_out(relative_id: UUID, on: date) -> bool:
    """Whether a court keeps this relative from looking: no invitation goes past that."""
    return CourtRestriction.objects.filter(
        in_force(on), relative_id=relative_id, kind=RestrictionKind.SEE
    ).exists()


def _has_access(subject: Subject, user_id: UUID, on: date) -> bool:
    return Grant.objects.filter(
        in_force(on), user_id=user_id, scope=Scope.CHILD, scope_id=subject.child_id
    ).exists()


@transaction.atomic
def invite(actor: Actor, subject: Subject, new: NewInvitation, now: datetime) -> Issued:
    """Invite somebody; the token opens the door once, within fourteen days.

    Raises Invalid for whom this person may not invite, a name or authority that lacks, a role that does not fit, an
    end in the past, or somebody who is in already.
    """
    leave = policy.require(actor, "team.change", subject, now.date())
    _check_may_invite(actor, subject, new.invited_as, now.date())
    if new.authority and (new.invited_as != InvitedAs.PARENT or not new.source.strip()):
        raise Invalid("source_needed", fields=("source",))
    if new.until and new.until <= now.date():
        raise Invalid("until_is_past", fields=("until",))
    known = None
    if new.invited_as == InvitedAs.PROFESSIONAL:
        work = _professional(new)
        who: Mapping[str, object] = {"professional": work, "person": work.name, "role": new.role}
    else:
        known = _relative(actor, subject, new, now)
        who = {"relative": known, "person": known.name, "works_for": new.works_for}
    if known is not None and _kept_out(known.id, now.date()):
        raise Invalid("kept_out")
    if new.consent:
        role = rules.role_at_the_door(new.invited_as, new.role, has_authority=False)
        sharing.check_said(subject, role, new.consent, now.date())
    user_id = getattr(who.get("relative") or who["professional"], "user_id", None)
    if user_id and _has_access(subject, user_id, now.date()):
        raise Invalid("in_already")
    return _issue(actor, subject, {**who, **_said(new)}, now, leave)


def _said(new: NewInvitation) -> Mapping[str, object]:
    return {
        "invited_as": new.invited_as,
        "task": new.task,
        "until": new.until,
        **sharing.kept_said(new.consent),
    }


def _issue(
    actor: Actor, subject: Subject, about: Mapping[str, object], now: datetime, leave: Explanation
) -> Issued:
    child = Child.objects.get(id=subject.child_id)
    token = secrets.token_urlsafe(32)
    spoken = child.birth_date is None
    code = f"{secrets.randbelow(10**rules.CODE_DIGITS):0{rules.CODE_DIGITS}}" if spoken else ""
    row = Invitation.objects.create(
        child_id=subject.child_id,
        owner_id=child.owner_id,
        token_hash=rules.token_hash(token),
        code_hash=keyed_hash(code) if code else "",
        invited_by_id=actor.id,
        invited_by=actor.name,
        invited_by_role=policy.role_for(actor, subject, now.date()) or "",
        invited_by_organisation=actor.organisation,
        expires_at=now + rules.LASTS,
        created_at=now,
        **about,
    )
    _note(actor, leave, "invitation.made", Kind.CREATE, row, now)
    return Issued(row, token, code)


def _note(actor: Actor, leave: Explanation, event: str, kind: Kind, row: Invitation, now: datetime) -> None:
    about: dict[str, object] = {
        "leave": leave,
        "object_kind": "invitation",
        "object_id": row.id,
        "invited_as": row.invited_as,
    }
    write_line(actor, event, kind, Subject(row.child_id, None), now, **about)


def _open_one(subject: Subject, invitation_id: UUID) -> Invitation:
    row = (
        Invitation.objects.select_for_update(of=("self",))
        .filter(id=invitation_id, child_id=subject.child_id, used_at=None, revoked_at=None)
        .first()
    )
    if row is None:
        raise Missing("no_such_invitation", invitation_id=invitation_id)
    return row


@transaction.atomic
def revoke_invitation(actor: Actor, subject: Subject, invitation_id: UUID, now: datetime) -> None:
    """Take an invitation back; its link says so from now on. Raises Missing for one that is used or revoked."""
    leave = policy.require(actor, "team.change", subject, now.date())
    row = _open_one(subject, invitation_id)
    row.revoked_at = now
    row.save(update_fields=["revoked_at"])
    _note(actor, leave, "invitation.revoked", Kind.UPDATE, row, now)


@transaction.atomic
def send_again(actor: Actor, subject: Subject, invitation_id: UUID, now: datetime) -> Issued:
    """A new link for the same invitation; the old one opens nothing any more. Raises Missing as `revoke_invitation`."""
    leave = policy.require(actor, "team.change", subject, now.date())
    row = _open_one(subject, invitation_id)
    _check_may_invite(actor, subject, InvitedAs(row.invited_as), now.date())
    revoke_invitation(actor, subject, row.id, now)
    kept = (
        *("invited_as", "role", "person", "relative_id", "professional_id", "works_for", "task", "until"),
        *("said_by", "said_way"),
    )
    about = {name: getattr(row, name) for name in kept}
    if sharing.refused_since(row):
        about |= {"said_by": "", "said_way": ""}
    if row.until and row.until <= now.date():
        about["until"] = None
    return _issue(actor, subject, about, now, leave)


def _at_the_door(token: str, now: datetime) -> Invitation:
    """The invitation behind a token, held until the transaction ends. Raises Missing, or Invalid with its state."""
    row = (
        Invitation.objects.select_for_update(of=("self",)).filter(token_hash=rules.token_hash(token)).first()
    )
    if row is None:
        raise Missing("no_such_invitation")
    state = rules.state_of(row, now)
    if state != InvitationState.OPEN:
        raise Invalid("invitation_closed", state=state)
    return row


@transaction.atomic
def prove(actor: Actor, token: str, answer: str, now: datetime) -> bool:
    """Whether the answer is the child's birth date (ISO 8601) or the spoken code; a wrong one is counted.

    Raises Missing without such an invitation, Invalid where it does not open any more or one has to wait.
    """
    leave = policy.require(actor, "invitation.answer", None, now.date())
    row = _at_the_door(token, now)
    wait = rules.next_try(row.wrong, row.wrong_at)
    if wait and now < wait:
        raise Invalid("wait_first", until=wait)
    born = Child.objects.values_list("birth_date", flat=True).get(id=row.child_id)
    right = (born.isoformat() if born else "") if not row.code_hash else row.code_hash
    given = keyed_hash(answer) if row.code_hash else answer
    if right and secrets.compare_digest(right.encode(), given.encode()):
        _note(actor, leave, "invitation.opened", Kind.READ, row, now)
        return True
    Invitation.objects.filter(id=row.id).update(wrong=F("wrong") + 1, wrong_at=now)
    _note(actor, leave, "invitation.wrong_answer", Kind.EXECUTE, row, now)
    return False


@transaction.atomic
def say_not_me(actor: Actor, token: str, now: datetime) -> None:
    """Whoever holds the link says that it was meant for somebody else: it opens nothing from now on."""
    leave = policy.require(actor, "invitation.answer", None, now.date())
    row = _at_the_door(token, now)
    row.not_me_at = now
    row.save(update_fields=["not_me_at"])
    _note(actor, leave, "invitation.not_me", Kind.UPDATE, row, now)


def _tie(row: Invitation, user: User) -> None:
    """Tie the account to the person who was invited. Raises Invalid where that person has another account."""
    who = row.relative or row.professional
    if who is None or who.user_id not in (None, user.id):
        raise Invalid("other_account")
    if who.user_id is None:
        type(who).objects.filter(id=who.id).update(user_id=user.id)


def _ask_family(actor: Actor, subject: Subject, row: Invitation, member: Membership, now: datetime) -> None:
    """Nobody's yes was written down: none was given, or it was no longer that person's to say."""
    asker = replace(actor, id=row.invited_by_id, name=row.invited_by)
    ask_consent(asker, subject, sharing.party_of(member), Decision(True), now)


@transaction.atomic
def accept(actor: Actor, token: str, user_id: UUID, now: datetime) -> Membership:
    """Come in with this account: one membership and one grant, in one transaction with the trail.

    Raises Missing and Invalid as `prove`, and Invalid for who is in already or whose invitation is another's.
    """
    leave = policy.require(actor, "invitation.answer", None, now.date())
    row = _at_the_door(token, now)
    user = User.objects.get(id=user_id, is_active=True)
    subject = child_for(actor, row.child_id, now.date()).subject
    invited = InvitedAs(row.invited_as)
    if _has_access(subject, user_id, now.date()):
        raise Invalid("in_already")
    if invited == InvitedAs.PARENT and _decides_alone(subject, now.date()):
        raise Invalid("parent_from_16")
    if row.relative_id and _kept_out(row.relative_id, now.date()):
        raise Invalid("kept_out")
    _tie(row, user)
    role = queries.role_offered(actor, row, now.date())
    new = NewMember(
        role,
        professional_id=row.professional_id,
        relative_id=row.relative_id,
        task=row.task,
        until=row.until,
        through=row.invited_by,
        works_for=row.works_for,
        consent=sharing.said_by_inviter(row),
    )
    before = len(sharing.decisions_on(subject.child_id))
    member = add_member(actor, subject, new, now)
    let_representatives_in(actor, subject, "invitation.answer", now)
    row.used_at, row.used_by_id = now, user_id
    row.save(update_fields=["used_at", "used_by_id"])
    person = Actor(user.id, user.name)  # who came in, as the trail names them; not the door
    _note(person, leave, "invitation.used", Kind.UPDATE, row, now)
    if asked_first(role) and len(sharing.decisions_on(subject.child_id)) == before:
        _ask_family(actor, subject, row, member, now)
    return member


@transaction.atomic
def end_part(actor: Actor, subject: Subject, membership_id: UUID, now: datetime) -> Membership:
    """End somebody's part and access; at the next request that one's pages are gone.

    Raises Missing for who is not in now, Invalid `kept_by_law` with the reason where it cannot be ended here.
    """
    leave = policy.require(actor, "team.change", subject, now.date())
    part = queries.part_for(actor, subject, membership_id, now.date())
    return _end(actor, subject, part, now, leave)


@transaction.atomic
def leave(actor: Actor, subject: Subject, membership_id: UUID, now: datetime) -> Membership:
    """End one's own part, which everybody may. Raises as `end_part`."""
    leave = policy.require(actor, "child.open", subject, now.date())
    part = queries.part_for(actor, subject, membership_id, now.date())
    if part.user_id != actor.id:
        raise Missing("no_such_part", membership_id=membership_id)
    return _end(actor, subject, part, now, leave)


def _end(actor: Actor, subject: Subject, part: Part, now: datetime, leave: Explanation) -> Membership:
    if part.kept:
        raise Invalid("kept_by_law", why=part.kept)
    member, on = part.member, now.date()
    held = Grant.objects.filter(in_force(on), scope=Scope.CHILD, scope_id=subject.child_id, role=member.role)
    if part.user_id:
        held.filter(user_id=part.user_id).update(until=on)
    member.until = on
    member.save(update_fields=["until"])
    about = {"leave": leave, "object_kind": "membership", "object_id": member.id, "role": member.role}
    write_line(actor, "member.ended", Kind.UPDATE, subject, now, **about)
    stop_representing(actor, subject, member, leave.permission, now)
    return member


@transaction.atomic
def begin_visit(
    actor: Actor, subject: Subject, relative_id: UUID, how: HowTogether, now: datetime
) -> Relative:
    """A care coach begins to enter on behalf of a family member of a child she coaches. Raises Missing."""
    leave = policy.require(actor, "family.assist", subject, now.date())
    person = queries.assisted(actor, subject, relative_id, now.date()).relative
    speaks = replace(actor, on_behalf_of=person.name)
    about = {"leave": leave, "object_kind": "relative", "object_id": relative_id, "how": how}
    write_line(speaks, "family.visit_begun", Kind.EXECUTE, subject, now, **about)
    return person


@transaction.atomic
def end_visit(actor: Actor, subject: Subject, relative_id: UUID, now: datetime) -> None:
    """The care coach stops entering on behalf of somebody."""
    leave = policy.require(actor, "family.assist", subject, now.date())
    about = {"leave": leave, "object_kind": "relative", "object_id": relative_id}
    write_line(actor, "family.visit_ended", Kind.EXECUTE, subject, now, **about)
