"""What waits in the rooms, asked of the database in one statement. Who lets somebody read it says so in the rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import DateField, DateTimeField, F, QuerySet, Subquery, TextField, UUIDField, Value
from django.db.models.functions import Cast

from kindzorg.journey.rules import Waiting

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


def waiting_in(several: Sequence[Rows[Told]]) -> list[Told]:
    """What waits in all of them (or is new in them), in one statement."""
    if not several:
        return []
    numbered = [one.rows.annotate(which=Value(index)) for index, one in enumerate(several)]
    found = numbered[0].union(*numbered[1:], all=True)
    meant = (several[row[-1]].meaning(*row[:-1]) for row in found)
    return [one for one in meant if one is not None]
