"""Merging two files of one child, undoing it, and saying that it is two children."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.access.roles import Role
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.careteam.actions import NewMember, add_member, correct_identity, leave_team
from kindzorg.careteam.authority.actions import record_authority, record_restriction
from kindzorg.careteam.authority.rules import NewAuthority, NewRestriction
from kindzorg.careteam.models import CourtRestriction, Membership, ParentalAuthority
from kindzorg.careteam.queries import child_for
from kindzorg.careteam.rules import AuthorityKind, RestrictionKind
from kindzorg.core.errors import Conflict, Invalid, Missing
from kindzorg.keeping.merging import rules
from kindzorg.keeping.merging.queries import ComparedFile, compared_file, merge_for
from kindzorg.keeping.merging.rules import MergeReason
from kindzorg.keeping.models import FileMerge, FileParting, TwoChildren
from kindzorg.notices.actions import tell
from kindzorg.people.actions import NewRelative, merge_child, part_child, register_relative
from kindzorg.people.models import Child, Relative
from kindzorg.people.rules import Relation
from kindzorg.record.rules import folded

# Stands behind a source that was taken over.
FROM_MERGED = "merged file"
# What a file takes over from the other where it knows nothing itself.
FILLED = ("given_name", "family_name", "birth_date", "gender", "bsn")


@dataclass(frozen=True, slots=True)
class NewMerge:
    """What a person decides: why it is one child, and who of the other file comes along (ids of memberships)."""

    why: MergeReason
    note: str = ""
    along: tuple[UUID, ...] = ()


@transaction.atomic
def merge_files(actor: Actor, subject: Subject, absorbed_id: UUID, new: NewMerge, now: datetime) -> FileMerge:
    """The file of `absorbed_id` is read with that of `subject` from now on. Nothing in it moves or changes.

    Who comes along joins the team of the file that goes on; what that file lacked of who the child is, it takes over.
    Raises Refused or Missing for a file that the actor may not merge, and Conflict with the code of the obstacle.
    """
    leave = policy.require(actor, "child.merge", subject, now.date())
    kept = compared_file(actor, child_for(actor, subject.child_id, now.date()), now.date())
    absorbed = compared_file(actor, child_for(actor, absorbed_id, now.date()), now.date())
    if code := rules.obstacle(kept.state, absorbed.state):
        raise Conflict(code)
    brought = _bring(actor, subject, kept, absorbed, new.along, now)
    accounts = _accounts(kept) | _accounts(absorbed)
    merge_child(actor, subject, absorbed.opened.subject, now)
    filled = _fill(actor, subject, kept.opened.child, absorbed.opened.child, now)
    merge = FileMerge.objects.create(
        child_id=subject.child_id,
        owner_id=kept.opened.child.owner_id,
        absorbed_id=absorbed_id,
        why=new.why,
        note=new.note,
        filled=filled,
        brought=[str(one) for one in brought],
        by_id=actor.id,
        by=actor.name,
        created_at=now,
    )
    tell(actor, subject, "files_merged", accounts - {actor.id}, merge.id, now)
    about = {"leave": leave, "object_kind": "merge", "object_id": merge.id, "brought": len(brought)}
    write_line(actor, "files.merged", Kind.CREATE, subject, now, **about)
    return merge


def _accounts(file: ComparedFile) -> set[UUID]:
    people = [one.professional or one.relative for one in file.team]
    return {one.user_id for one in people if one and one.user_id}


def _fill(actor: Actor, subject: Subject, kept: Child, absorbed: Child, now: datetime) -> list[str]:
    blank = [name for name in FILLED if not getattr(kept, name) and getattr(absorbed, name)]
    if blank:
        correct_identity(actor, subject, {name: getattr(absorbed, name) for name in blank}, now)
    return blank


def _bring(
    actor: Actor,
    subject: Subject,
    kept: ComparedFile,
    absorbed: ComparedFile,
    along: tuple[UUID, ...],
    now: datetime,
) -> list[UUID]:
    """Those who come along join; who is in the team already, in the same role, does not join twice.

    What a court forbids a relative comes along first, whether that relative does or not.
    """
    family = _Family(actor, subject, list(Relative.objects.filter(child_id=subject.child_id)), now)
    for restriction in absorbed.restrictions:
        family.restrict(restriction, kept)
    there = {(one.role, one.professional_id, one.organisation_id, one.relative_id) for one in kept.team}
    joined = []
    for member in (one for one in absorbed.team if one.id in along):
        relative_id = family.known(member.relative).id if member.relative else None
        if (member.role, member.professional_id, member.organisation_id, relative_id) in there:
            continue
        joined.append(_join(actor, subject, member, relative_id, now).id)
        if relative_id and (held := absorbed.holders.get(member.relative.id)):  # type: ignore[union-attr]
            family.hold(relative_id, held, kept)
    return joined


@dataclass
class _Family:
    """The relatives of the file that goes on, to whom those of the other file are added as they are needed."""

    actor: Actor
    subject: Subject
    rows: list[Relative]
    now: datetime

    def known(self, other: Relative) -> Relative:
        """The same relative here: by account, or else by name and relation; registered when there is none."""
        marks = {(folded(one.name), one.relation): one for one in self.rows}
        by_account = {one.user_id: one for one in self.rows if one.user_id}
        same = by_account.get(other.user_id) if other.user_id else None
        same = same or marks.get((folded(other.name), other.relation))
        if same is None:
            same = _register(self.actor, self.subject, other, self.now)
            self.rows.append(same)
        return same

    def hold(self, relative_id: UUID, held: ParentalAuthority, kept: ComparedFile) -> None:
        """Authority comes along where the file that goes on knows of none; how it is known is said."""
        if relative_id not in kept.holders:
            new = NewAuthority(
                relative_id,
                AuthorityKind(held.kind),
                f"{held.source} ({FROM_MERGED})",
                held.organisation_id,
                held.checked_on,
            )
            record_authority(self.actor, self.subject, new, self.now)

    def restrict(self, restriction: CourtRestriction, kept: ComparedFile) -> None:
        """What a court forbids holds in the file that goes on too."""
        relative = self.known(restriction.relative)
        there = {(one.relative_id, one.kind) for one in kept.restrictions}
        if (relative.id, restriction.kind) not in there:
            kind, source = RestrictionKind(restriction.kind), f"{restriction.source} ({FROM_MERGED})"
            new = NewRestriction(relative.id, kind, source, restriction.until)
            record_restriction(self.actor, self.subject, new, self.now)


def _register(actor: Actor, subject: Subject, other: Relative, now: datetime) -> Relative:
    new = NewRelative(
        other.name,
        Relation(other.relation),
        user_id=other.user_id,
        birth_date=other.birth_date,
        phone=other.phone,
        language=other.language,
        source_key=other.source_key,
    )
    return register_relative(actor, subject, new, now)


def _join(
    actor: Actor, subject: Subject, member: Membership, relative_id: UUID | None, now: datetime
) -> Membership:
    new = NewMember(
        Role(member.role),
        professional_id=member.professional_id,
        relative_id=relative_id,
        organisation_id=None if member.professional_id else member.organisation_id,
        task=member.task,
        reply_time=member.reply_time,
        starts=now.date(),
        until=member.until,
    )
    return add_member(actor, subject, new, now)


@transaction.atomic
def part_files(actor: Actor, subject: Subject, merge_id: UUID, reason: str, now: datetime) -> FileParting:
    """Undo a merge: the other file stands by itself again, as it was; who came along through it goes again.

    What was written since stays where it was written. Raises Missing, Invalid("reason_needed"), and
    Conflict("not_merged") or Conflict("term_over").
    """
    leave = policy.require(actor, "child.merge", subject, now.date())
    merge = merge_for(actor, subject, merge_id, now.date())
    if merge is None:
        raise Missing("no_such_merge", child_id=subject.child_id)
    if not reason.strip():
        raise Invalid("reason_needed", fields=("reason",))
    if not rules.can_be_undone(merge.created_at, now):
        raise Conflict("term_over")
    if FileParting.objects.filter(merge_id=merge.id).exists():
        raise Conflict("not_merged")
    _empty(actor, subject, merge, now)
    part_child(actor, subject, merge.absorbed_id, now)
    for member_id in merge.brought:
        leave_team(actor, subject, UUID(member_id), now)
    parting = FileParting.objects.create(
        child_id=subject.child_id,
        owner_id=merge.owner_id,
        merge=merge,
        reason=reason.strip(),
        by_id=actor.id,
        by=actor.name,
        created_at=now,
    )
    about = {"leave": leave, "object_kind": "merge", "object_id": merge.id}
    write_line(actor, "files.parted", Kind.UPDATE, subject, now, **about)
    return parting


def _empty(actor: Actor, subject: Subject, merge: FileMerge, now: datetime) -> None:
    """What was taken over goes again, unless somebody has changed it since."""
    child = Child.objects.get(id=subject.child_id)
    same = [name for name in merge.filled if getattr(child, name) == getattr(merge.absorbed, name)]
    if same:
        nothing = {name: None if name == "birth_date" else "" for name in same}
        correct_identity(actor, subject, nothing, now)


@transaction.atomic
def keep_apart(actor: Actor, subject: Subject, other_id: UUID, now: datetime) -> TwoChildren:
    """Somebody looked: these are two children. The suspicion is not shown again. Raises Refused or Missing."""
    leave = policy.require(actor, "child.merge", subject, now.date())
    other = child_for(actor, other_id, now.date())
    policy.require(actor, "child.merge", other.subject, now.date())
    row, _ = TwoChildren.objects.get_or_create(
        child_id=subject.child_id,
        other_id=other_id,
        defaults={
            "owner_id": Child.objects.values_list("owner_id", flat=True).get(id=subject.child_id),
            "by_id": actor.id,
            "by": actor.name,
            "created_at": now,
        },
    )
    about = {"leave": leave, "object_kind": "child", "object_id": other_id}
    write_line(actor, "files.kept_apart", Kind.CREATE, subject, now, **about)
    return row
