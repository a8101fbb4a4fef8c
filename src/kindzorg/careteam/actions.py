"""Who joins, who holds authority, who is let in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from kindzorg.access import policy
from kindzorg.access.parties import Basis, parties
from kindzorg.access.policy import Actor, Explanation, Subject
from kindzorg.access.roles import Role, Scope
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.careteam import sharing
from kindzorg.careteam.authority.actions import end_anew, record_authority
from kindzorg.careteam.authority.queries import known_of
from kindzorg.careteam.authority.rules import NewAuthority
from kindzorg.careteam.consents.actions import Asked, write_word
from kindzorg.careteam.consents.rules import Decision, Said, ground_of
from kindzorg.careteam.models import Grant, Membership, ParentalAuthority
from kindzorg.careteam.queries import in_force
from kindzorg.careteam.representation.actions import stop_representing
from kindzorg.careteam.rules import ConsentWay, Known, grant_end
from kindzorg.core.errors import Invalid, Missing
from kindzorg.people.actions import NewChild, correct_child, register_child
from kindzorg.people.models import Child, Professional, Relative


@dataclass(frozen=True, slots=True)
class NewMember:
    """Somebody who joins: exactly one of professional, relative or organisation.

    `consent` is what the family said about it to who enters this: whoever is looked along with only after a yes
    sees nothing before it. A member of the family who adds somebody says yes by that.
    """

    role: Role
    professional_id: UUID | None = None
    relative_id: UUID | None = None
    organisation_id: UUID | None = None
    task: str = ""
    reply_time: str = ""
    leads: bool = False
    starts: date | None = None
    until: date | None = None
    through: str = ""
    works_for: str = ""
    consent: Said | None = None


@transaction.atomic
def grant_access(
    actor: Actor, user_id: UUID, role: Role, scope: Scope, scope_id: UUID | None, now: datetime
) -> Grant:
    """Let an account in over an organisation, a network or the installation.

    Raises Invalid for the role of a system job: no person holds it.
    """
    leave = policy.require(actor, "directory.change", None, now.date())
    if role == Role.SYSTEM:
        raise Invalid("role_not_for_people", fields=("role",))
    grant = Grant.objects.create(
        user_id=user_id,
        role=role,
        scope=scope,
        scope_id=scope_id,
        opens_children=policy.opens_children(role),
        starts=now.date(),
        created_at=now,
    )
    about = {"leave": leave, "object_kind": "grant", "object_id": grant.id, "role": role}
    write_line(actor, "grant.given", Kind.CREATE, None, now, **about)
    return grant


def _let_in(actor: Actor, subject: Subject, user_id: UUID, new: NewMember, now: datetime) -> None:
    known = known_of(actor, subject, now.date()) if new.role == Role.AUTHORITY_HOLDER else Known(None)
    Grant.objects.create(
        user_id=user_id,
        role=new.role,
        scope=Scope.CHILD,
        scope_id=subject.child_id,
        opens_children=policy.opens_children(new.role),
        starts=new.starts or now.date(),
        until=grant_end(new.role, known, new.until),
        created_at=now,
    )


@transaction.atomic
def register_child_with_team(
    actor: Actor, new: NewChild, owner_id: UUID, leader: NewMember, now: datetime
) -> Subject:
    """Make a child's file with its first member, who leads. Gives back the subject.

    One action, so that nobody can join a file by naming its id. Raises Invalid as `register_child`.
    """
    leave = policy.require(actor, "child.register", None, now.date())
    child = register_child(actor, new, owner_id, now)
    subject = Subject(child.id, child.birth_date, child.region_id)
    _join(actor, subject, leader, owner_id, now, leave)
    return subject


@transaction.atomic
def add_member(actor: Actor, subject: Subject, new: NewMember, now: datetime) -> Membership:
    """Somebody joins the team; with an account, access begins with it and ends with it."""
    leave = policy.require(actor, "team.change", subject, now.date())
    owner_id = Child.objects.values_list("owner_id", flat=True).get(id=subject.child_id)
    return _join(actor, subject, new, owner_id, now, leave)


def _join(
    actor: Actor, subject: Subject, new: NewMember, owner_id: UUID, now: datetime, leave: Explanation
) -> Membership:
    user_id: UUID | None = None
    organisation_id = new.organisation_id
    if new.professional_id:
        work = Professional.objects.get(id=new.professional_id)
        user_id, organisation_id = work.user_id, work.organisation_id
    elif new.relative_id:
        user_id = Relative.objects.values_list("user_id", flat=True).get(
            id=new.relative_id, child_id=subject.child_id
        )
    if user_id:  # First: the wall lets the membership in only where the child is seen.
        _let_in(actor, subject, user_id, new, now)
    member = Membership.objects.create(
        child_id=subject.child_id,
        owner_id=owner_id,
        role=new.role,
        professional_id=new.professional_id,
        relative_id=new.relative_id,
        organisation_id=organisation_id,
        task=new.task,
        reply_time=new.reply_time,
        leads=new.leads,
        through=new.through or actor.name,
        works_for=new.works_for,
        starts=new.starts or now.date(),
        until=new.until,
        created_at=now,
    )
    about = {"leave": leave, "object_kind": "membership", "object_id": member.id, "role": new.role}
    write_line(actor, "member.added", Kind.CREATE, subject, now, **about)
    _share(actor, subject, member, new.consent, now)
    return member


def _share(
    actor: Actor,
    subject: Subject,
    member: Membership,
    said: Said | None,
    now: datetime,
) -> None:
    """What the family said about who joins; then what that, and what was decided before, leaves open."""
    party = sharing.party_of(member)
    if parties()[Role(member.role)].basis == Basis.ASKED:
        family = sharing.family_of(Child.objects.get(id=subject.child_id), now.date())
        ground, on = ground_of(Role(member.role)), now.date()
        people = family.needed(ground, on)
        if said is None:  # Who of the family lets somebody in says yes by that.
            said = Said(ConsentWay.SELF)
            people = tuple(one for one in {*people, *family.may_speak(ground, on)} if one.user_id == actor.id)
        elif said.by:  # A child that need not say yes, and did beside its mother, is heard too.
            mine = family.speakers(ground, on) & set(said.by)
            heard = (family.child, *family.holders) if any(one.id in mine for one in people) else ()
            people = tuple(one for one in heard if one.id in mine)
        decision = Decision(True, said.domains, said.until)
        together = frozenset(one.id for one in people)
        for person in people:
            asked = Asked(party, decision, person, said.way, "team.change", together, said.heard)
            write_word(actor, subject, asked, now)
    sharing.settle(subject.child_id, party)


@transaction.atomic
def recognise_authority(
    actor: Actor, subject: Subject, new: NewAuthority, now: datetime
) -> ParentalAuthority:
    """Record authority; who takes part already as a parent without it takes part with it from now on.

    Raises as `record_authority`, and Invalid for who holds it already.
    """
    policy.require(actor, "authority.change", subject, now.date())
    today, of = now.date(), {"child_id": subject.child_id, "relative_id": new.relative_id}
    if ParentalAuthority.objects.filter(in_force(today), **of).exists():
        raise Invalid("authority_recorded_already", fields=("relative",))
    row = record_authority(actor, subject, new, now)
    held = Membership.objects.filter(in_force(today), role=Role.PARENT_WITHOUT_AUTHORITY, **of).first()
    ends = grant_end(Role.AUTHORITY_HOLDER, known_of(actor, subject, today), held.until if held else None)
    if held and (ends is None or ends > today):
        leave_team(actor, subject, held.id, now)
        holder = NewMember(
            Role.AUTHORITY_HOLDER, relative_id=new.relative_id, task=held.task, until=held.until
        )
        add_member(actor, subject, holder, now)
    return row


@transaction.atomic
def let_child_in(actor: Actor, subject: Subject, user_id: UUID, now: datetime) -> None:
    """The child gets its own access."""
    leave = policy.require(actor, "team.change", subject, now.date())
    _let_in(actor, subject, user_id, NewMember(Role.CHILD), now)
    about = {"leave": leave, "object_kind": "user", "object_id": user_id, "role": Role.CHILD}
    write_line(actor, "grant.given", Kind.CREATE, subject, now, **about)


@transaction.atomic
def correct_identity(actor: Actor, subject: Subject, values: Mapping[str, object], now: datetime) -> None:
    """Set what is known of who the child is; access that ends on a birthday follows the birth date.

    Raises Invalid as `correct_child`, which knows of no access.
    """
    policy.require(actor, "child.change", subject, now.date())
    before = known_of(actor, subject, now.date())
    correct_child(actor, subject, values, now)
    end_anew(actor, subject, before, "child.change", now)


@transaction.atomic
def leave_team(actor: Actor, subject: Subject, membership_id: UUID, now: datetime) -> Membership:
    """Somebody leaves the team today, and with it ends the access that came with it. Raises Missing."""
    leave = policy.require(actor, "team.change", subject, now.date())
    rows = Membership.objects.filter(child_id=subject.child_id, id=membership_id)
    member = rows.select_related("professional", "relative").first()
    if member is None:
        raise Missing("no_such_member", child_id=subject.child_id)
    today, who = now.date(), member.professional or member.relative
    if member.until is None or member.until > today:
        member.until = today
        member.save(update_fields=["until"])
    if who and who.user_id:
        grants = Grant.objects.filter(
            user_id=who.user_id, role=member.role, scope=Scope.CHILD, scope_id=subject.child_id
        )
        grants.filter(Q(until__isnull=True) | Q(until__gt=today)).update(until=today)
    about = {"leave": leave, "object_kind": "membership", "object_id": member.id}
    write_line(actor, "member.left", Kind.UPDATE, subject, now, **about)
    stop_representing(actor, subject, member, "team.change", now)
    return member
