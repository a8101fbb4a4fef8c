"""What somebody was told, what waits to be sent, and whether a worker lives."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Max, Q

from kindzorg.access import policy
from kindzorg.access.ages import birthday
from kindzorg.access.birthdays import AGES, TOLD_FOR, Coming, coming, reached
from kindzorg.access.policy import Actor, Subject
from kindzorg.careteam.queries import children_for
from kindzorg.core.errors import Missing
from kindzorg.notices.models import Notice, WorkerBeat
from kindzorg.notices.rules import State, Way, birthday_kind
from kindzorg.people.models import Child

# The queue delivers within seconds; what waits longer was lost by it or has failed before.
LATE = timedelta(seconds=30)


def notices_for(actor: Actor, on: date, *, unread: bool = False, limit: int = 50) -> Sequence[Notice]:
    """The actor's own notices, newest first, about children who may appear to the actor on this day."""
    rows = Notice.objects.filter(recipient_id=actor.id, way=Way.IN_APP, child__in=children_for(actor, on))
    if unread:
        rows = rows.filter(state=State.DELIVERED)
    return list(rows.order_by("-created_at", "-id")[:limit])


def notice_for(actor: Actor, notice_id: UUID, on: date) -> Notice:
    """One of the actor's own notices, as long as the child may appear to the actor. Raises Missing."""
    rows = Notice.objects.filter(recipient_id=actor.id, way=Way.IN_APP, child__in=children_for(actor, on))
    if (found := rows.filter(id=notice_id).first()) is None:
        raise Missing("no_such_notice", notice_id=notice_id)
    return found


def notices_due(actor: Actor, now: datetime, limit: int = 200) -> Sequence[UUID]:
    """The waiting notices whose moment has passed, longest waiting first."""
    policy.require(actor, "notice.send", None, now.date())
    rows = Notice.objects.filter(way=Way.MAIL, state=State.WAITING, next_try_at__lte=now - LATE)
    return list(rows.order_by("next_try_at").values_list("id", flat=True)[:limit])


def birthdays_near(actor: Actor, on: date) -> Sequence[tuple[UUID, Coming]]:
    """The children with a birthday near that changes rights, of whom nobody was told at this distance yet."""
    policy.require(actor, "notice.send", None, on)
    near = Q()
    for years in AGES:
        since = on - TOLD_FOR if years == 12 else on
        soonest, latest = birthday(since, -years), birthday(on + timedelta(days=95), -years)
        near |= Q(birth_date__gte=soonest - timedelta(days=2), birth_date__lte=latest)
    children = Child.objects.filter(near, died_on__isnull=True, merged_into__isnull=True)
    born = children.order_by("id").values_list("id", "birth_date")
    found = [
        (child_id, soon)
        for child_id, birth_date in born
        if (soon := coming(birth_date, on) or reached(birth_date, on))
    ]
    kinds = {birthday_kind(soon.years, soon.months) for _, soon in found}
    told = set(Notice.objects.filter(kind__in=kinds).values_list("child_id", "kind"))
    return [(one, soon) for one, soon in found if (one, birthday_kind(soon.years, soon.months)) not in told]


def told_of(
    actor: Actor, subject: Subject, kind: str, object_id: UUID, since: datetime | None = None
) -> frozenset[UUID]:
    """Who was told this of one thing already, from a moment on. The caller has let the actor in. One statement."""
    rows = Notice.objects.filter(child_id=subject.child_id, kind=kind, object_id=object_id)
    rows = rows.filter(created_at__gte=since) if since else rows
    return frozenset(rows.values_list("recipient_id", flat=True))


def worker_seen(actor: Actor, on: date) -> datetime | None:
    """When any worker of this installation last gave a sign of life; None when none ever did."""
    policy.require(actor, "notice.send", None, on)
    seen: datetime | None = WorkerBeat.objects.aggregate(at=Max("at"))["at"]
    return seen
