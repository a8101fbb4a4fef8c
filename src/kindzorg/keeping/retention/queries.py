"""Which files have been kept long enough, and which are held."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from kindzorg.access import policy
from kindzorg.access.policy import Actor, system_actor
from kindzorg.audit.events import Kind, Outcome
from kindzorg.audit.models import AuditLine
from kindzorg.audit.queries import guarded_by
from kindzorg.core.walls import behind_wall
from kindzorg.keeping.models import DeletionOrder, LegalHold
from kindzorg.keeping.removal import last_changes, years_kept
from kindzorg.keeping.retention import rules
from kindzorg.keeping.retention.rules import KeptFile
from kindzorg.people.models import Child

# Whoever answers for a file that nobody opens any more is no longer in its team.
FINDER = system_actor("retention")
# At a time: somebody reads this list before confirming it.
SHOWN = 100
WRITES = (Kind.CREATE, Kind.UPDATE, Kind.DELETE)
# What is done about the term itself changes nothing in the file.
ABOUT_THE_TERM = "retention."


@dataclass(frozen=True, slots=True)
class Held:
    """A hold in force, and whose file it holds."""

    row: LegalHold
    name: str


def in_reach(actor: Actor, on: date) -> QuerySet[Child]:
    """The files whose term the actor guards: those of the own organisation; for a system job all."""
    policy.require(actor, "retention.read", None, on)
    files = Child.objects.filter(merged_into=None)
    return files if actor.system else files.filter(owner_id__in=guarded_by(actor, on))


def files_due(actor: Actor, now: datetime, only: Sequence[UUID] = ()) -> Sequence[KeptFile]:
    """The files in reach whose term is over, longest ago first, at most `SHOWN`; or of these `only`.

    A merged file counts with the one it was merged into. A handful of statements, constant in the number of files.
    """
    policy.require(actor, "retention.read", None, now.date())
    years = years_kept()
    before = _years_ago(now.date(), years)
    with behind_wall(FINDER.id, now.date(), system=True):
        found = in_reach(actor, now.date()).filter(created_at__lt=before)
        if only:
            found = found.filter(id__in=only)
        recent = AuditLine.objects.filter(
            Q(kind__in=WRITES), child_id=OuterRef("id"), at__gte=before, outcome=Outcome.DONE
        ).exclude(event__startswith=ABOUT_THE_TERM)
        old = found.exclude(Exists(recent)).select_related("owner").order_by("created_at", "id")
        kept: list[KeptFile] = []
        start = 0
        # Piece by piece: none that only looks old takes the place of one that is.
        while len(kept) < SHOWN and (files := list(old[start : start + SHOWN])):
            kept += _kept(actor, files, now, years)
            start += SHOWN
    return sorted(kept, key=lambda file: (file.over_on, file.name))[:SHOWN]


def files_confirmed(actor: Actor, now: datetime) -> Sequence[KeptFile]:
    """The files that somebody confirmed and whose term is still over, at most `SHOWN`."""
    policy.require(actor, "retention.read", None, now.date())
    with behind_wall(FINDER.id, now.date(), system=True):
        ids = list(DeletionOrder.objects.order_by("created_at").values_list("child_id", flat=True))
    return files_due(actor, now, ids) if ids else ()


def _years_ago(on: date, years: int) -> datetime:
    """The first moment of the day so many years ago: what came after it is too young."""
    day = rules.years_later(on, -max(years, rules.SHORTEST_YEARS))
    return timezone.make_aware(datetime.combine(day, time.min))


def _kept(actor: Actor, files: Sequence[Child], now: datetime, years: int) -> list[KeptFile]:
    on = now.date()
    ids = [one.id for one in files]
    merged = dict(Child.objects.filter(merged_into_id__in=ids).values_list("id", "merged_into_id"))
    days: dict[UUID, list[date]] = {}
    for child_id, at in last_changes([*ids, *merged], now):
        days.setdefault(merged.get(child_id) or child_id, []).append(timezone.localdate(at))
    held = set(
        holds_in_force(actor, on).filter(child_id__in=[*ids, *merged]).values_list("child_id", flat=True)
    )
    held = {merged.get(one) or one for one in held}
    orders = _orders(ids, merged)
    found = []
    for one in files:
        last = rules.changed_on(days.get(one.id, ()), timezone.localdate(one.created_at))
        over = rules.over_on(last, years)
        order = orders.get(one.id)
        confirmed = order and rules.still_confirmed(timezone.localdate(order.created_at), over)
        if over <= on:
            found.append(
                KeptFile(
                    one.id, str(one), one.birth_date, str(one.owner), last, over, one.id in held,
                    order.by if order and confirmed else "",
                )
            )  # fmt: skip
    return found


def _orders(ids: Sequence[UUID], merged: Mapping[UUID, UUID | None]) -> Mapping[UUID, DeletionOrder]:
    """The last confirmation of each of these files, where nobody held it since."""
    held: dict[UUID | None, tuple[datetime, UUID]] = {}
    for hold in LegalHold.objects.filter(child_id__in=[*ids, *merged]):
        whole = merged.get(hold.child_id) or hold.child_id
        held[whole] = max(held.get(whole, (hold.created_at, hold.id)), (hold.created_at, hold.id))
    given = DeletionOrder.objects.filter(child_id__in=ids).order_by("created_at", "id")
    last = {one.child_id: one for one in given}
    return {key: one for key, one in last.items() if key not in held or held[key] < (one.created_at, one.id)}


def holds_in_force(actor: Actor, on: date) -> QuerySet[LegalHold]:
    """The holds that keep a file on this day. `actor` has been let in by who calls."""
    return LegalHold.objects.filter(lifting=None, until__gt=on)


def holds_for(actor: Actor, on: date) -> Sequence[Held]:
    """The holds in force on files in reach, the first to end first."""
    policy.require(actor, "retention.read", None, on)
    with behind_wall(FINDER.id, on, system=True):
        rows = holds_in_force(actor, on).filter(child__in=in_reach(actor, on)).select_related("child")
        return [Held(row, str(row.child)) for row in rows.order_by("until", "created_at")]


def file_meant(actor: Actor, family_name: str, birth_date: date, on: date) -> UUID | None:
    """The one file in reach of this name and birth date; None for none, and for more than one."""
    policy.require(actor, "retention.hold", None, on)
    with behind_wall(FINDER.id, on, system=True):
        born = in_reach(actor, on).filter(birth_date=birth_date)
        name = family_name.strip().casefold()
        meant = [one.id for one in born if one.family_name.strip().casefold() == name]
    return meant[0] if len(meant) == 1 else None
