"""Which files may be of one child, how two of them compare, and what was merged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.careplan.queries import plan_for
from kindzorg.careplan.rules import PlanView
from kindzorg.careteam.authority.queries import capacity_for, restrictions_for, wishes_for
from kindzorg.careteam.models import CourtRestriction, Membership, ParentalAuthority
from kindzorg.careteam.queries import OpenedChild, authority_holders, team_for
from kindzorg.journey.models import CareJourney
from kindzorg.journey.queries import journey_for
from kindzorg.journey.rules import Waiting
from kindzorg.keeping.merging import rules
from kindzorg.keeping.merging.rules import FileState, Identified, MergeReason
from kindzorg.keeping.models import FileMerge, TwoChildren
from kindzorg.people.models import Child
from kindzorg.record.queries import file_for, numbers_told


@dataclass(frozen=True, slots=True)
class Double:
    """Two files that may be of one child."""

    one: OpenedChild
    other: OpenedChild
    reason: MergeReason


@dataclass(frozen=True, slots=True)
class ShownMerge:
    """A merge, and how the other file is called: empty once it was undone, as not everybody may know of that file."""

    row: FileMerge
    name: str


@dataclass(frozen=True, slots=True)
class ComparedFile:
    """One of two files beside one another: where it stands, its journey, its plan, its team, who has authority (by
    relative), and what a court forbids."""

    opened: OpenedChild
    state: FileState
    journey: CareJourney | None
    plan: PlanView | None
    items: int
    team: Sequence[Membership]
    holders: Mapping[UUID, ParentalAuthority]
    restrictions: Sequence[CourtRestriction]


def doubles_for(
    actor: Actor, children: Sequence[OpenedChild], on: date, *, by_numbers: bool = True
) -> Sequence[Double]:
    """Among these children the pairs that may be one child, of whom the actor may merge both.

    Comparing the numbers that senders tell costs a statement, and so does a pair.
    """
    mine = {one.child.id: one for one in children if policy.may(actor, "child.merge", one.subject, on)}
    if len(mine) < 2:
        return ()
    told = numbers_told(actor, list(mine.values()), on) if by_numbers else {}
    pairs = rules.doubles(identified(actor, one.child, told.get(one.child.id)) for one in mine.values())
    if not pairs:
        return ()
    ids = {child_id for one, other, _ in pairs for child_id in (one, other)}
    rows = TwoChildren.objects.filter(child_id__in=ids, other_id__in=ids).values_list("child_id", "other_id")
    settled = {frozenset(pair) for pair in rows}
    return [
        Double(mine[one], mine[other], reason)
        for one, other, reason in pairs
        if frozenset((one, other)) not in settled
    ]


def identified(actor: Actor, child: Child, told: frozenset[str] | None = None) -> Identified:
    """Who this file says the child is. `actor` has been let in by who calls."""
    return Identified(
        child.id,
        child.given_name,
        child.family_name,
        child.birth_date,
        child.bsn_hash or "",
        told or frozenset(),
    )


def waiting_for(actor: Actor, children: Sequence[OpenedChild], on: date) -> Sequence[Waiting]:
    """Suspicions of two files by birth date and name, at the older file. No statement where there is none.

    Whoever accepts a number that another file has is told then.
    """
    return [
        Waiting(
            double.one.child.id,
            "file_double",
            "file_compare",
            double.other.child.created_at,
            object_id=double.other.child.id,
            about=str(double.other.child),
        )
        for double in doubles_for(actor, children, on, by_numbers=False)
    ]


def compared_file(actor: Actor, opened: OpenedChild, on: date) -> ComparedFile:
    """One file as it stands beside another."""
    policy.require(actor, "child.merge", opened.subject, on)
    subject, child = opened.subject, opened.child
    journey = journey_for(actor, subject, on)
    plan = plan_for(actor, subject, on)
    told = numbers_told(actor, [opened], on)
    state = FileState(
        identified(actor, child, told.get(child.id)),
        child.created_at,
        merged=child.merged_into_id is not None,
        holds_others=Child.objects.filter(merged_into_id=child.id).exists(),
        journey_open=journey is not None and journey.closed_at is None,
        plan_in_force=plan is not None,
        child_spoke=bool(wishes_for(actor, subject, on) or capacity_for(actor, subject, on)),
    )
    held = {one.relative_id: one for one in authority_holders(actor, subject, on)}
    now = [one for one in restrictions_for(actor, subject, on) if one.until is None or one.until > on]
    items = sum(map(len, file_for(actor, subject, on).items.values()))
    team = team_for(actor, subject, on)
    return ComparedFile(opened, state, journey, plan, items, team, held, now)


def merges_for(actor: Actor, subject: Subject, on: date) -> Sequence[ShownMerge]:
    """The merges into this child's file, newest first. Two statements."""
    policy.require(actor, "record.read", subject, on)
    rows = FileMerge.objects.filter(child_id=subject.child_id).select_related("parting")
    merges = list(rows.order_by("-created_at", "-id"))
    merged = Child.objects.filter(merged_into_id=subject.child_id)
    names = {child.id: str(child) for child in merged.only("given_name", "family_name")} if merges else {}
    return [
        ShownMerge(one, "" if hasattr(one, "parting") else names.get(one.absorbed_id, "")) for one in merges
    ]


def merge_for(actor: Actor, subject: Subject, merge_id: UUID, on: date) -> FileMerge | None:
    """A merge into this child's file."""
    policy.require(actor, "child.merge", subject, on)
    return FileMerge.objects.filter(child_id=subject.child_id, id=merge_id).first()
