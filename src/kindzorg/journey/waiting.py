"""What waits in the rooms, asked of the database in one statement. Who lets somebody read it says so in the rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import (
    DateField,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    UUIDField,
    Value,
)
from django.db.models.functions import Cast
from django.utils import timezone

from kindzorg.access import policy
from kindzorg.access.policy import Actor
from kindzorg.careteam.queries import OpenedChild
from kindzorg.journey.models import CareJourney
from kindzorg.journey.rules import Phase, Waiting

Told = TypeVar("Told")
# Since when something is new: a moment, or what finds it inside the statement.
Since = datetime | Subquery
COLUMNS = {"at": DateTimeField, "day": DateField, "object_id": UUIDField}


Meaning = Callable[[UUID, str, datetime | None, date | None, UUID | None], Told | None]


@dataclass(frozen=True, slots=True)
class Rows(Generic[Told]):
    """Rows that tell something, not yet asked for, and what one of them means: something that waits, or is new.

    `meaning` gets of a row its child, word, moment, day and id; None where the row does not exist for who asks. So
    the rooms are asked in one statement.
    """

    rows: QuerySet[Any, Any]
    meaning: Meaning[Told]


WaitingRows = Rows[Waiting]


def waiting_rows(
    rows: QuerySet[Any, Any],
    meaning: Meaning[Told],
    *,
    word: Any = None,
    **columns: Any,
) -> Rows[Told]:
    """Rows of any table of a child, with these of its columns (or expressions): word, at, day, object_id."""
    given = {
        name: F(columns[name]) if isinstance(columns.get(name), str) else columns.get(name)
        for name in COLUMNS
    }
    empty = {name: Cast(Value(None), kind()) for name, kind in COLUMNS.items()}
    named = {f"waits_{name}": value or empty[name] for name, value in given.items()}
    told = Cast(word if word is not None else Value(""), TextField())
    return Rows(rows.order_by().values_list("child_id", told, *named.values()), meaning)


def days_ago(on: date, days: int) -> datetime:
    """The first moment of the day that lies so many days back: what is older has stood longer."""
    return datetime.combine(on - timedelta(days=days), time(), timezone.get_current_timezone())


def still_rows_for(
    actor: Actor, children: Sequence[OpenedChild], on: date, days: int
) -> Sequence[WaitingRows]:
    """The journeys in which no step was taken for so long, but for phase 3: a plan in force rests for a year."""
    seen = [one.child.id for one in children if policy.may(actor, "journey.read", one.subject, on)]
    rows = CareJourney.objects.filter(
        child_id__in=seen, closed_at__isnull=True, phase_since__lt=days_ago(on, days)
    )
    return (waiting_rows(rows.exclude(phase=Phase.CAREPLAN), _still, word=F("phase"), at="phase_since"),)


def _still(child_id: UUID, phase: str, since: Any, day: date | None, object_id: UUID | None) -> Waiting:
    return Waiting(child_id, "phase_still", "child_timeline", since, about=phase)


def under_way(children: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """Of these children those with a journey under way: what waits after the end is no longer of use."""
    open_ones = CareJourney.objects.filter(child_id=OuterRef("id"), closed_at__isnull=True)
    return children.filter(Exists(open_ones))


def waiting_in(several: Sequence[Rows[Told]]) -> list[Told]:
    """What waits in all of them (or is new in them), in one statement."""
    if not several:
        return []
    numbered = [one.rows.annotate(which=Value(index)) for index, one in enumerate(several)]
    found = numbered[0].union(*numbered[1:], all=True)
    meant = (several[row[-1]].meaning(*row[:-1]) for row in found)
    return [one for one in meant if one is not None]
