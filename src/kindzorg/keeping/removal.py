"""All rows that are about a child, found from the tables themselves, so that no new table can be forgotten."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.db.models import DateTimeField, ManyToOneRel, Max, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from kindzorg.access.roles import Scope
from kindzorg.careteam.models import Grant
from kindzorg.core.thawing import thawed
from kindzorg.people.models import Child, Professional, Relative, User

Table = type[models.Model]
Rows = Mapping[Table, set[Any]]
# The trail has a term of its own (docs/trail.md).
STAYS = {"audit.auditline"}
# What comes and goes without the file having changed.
NO_CHANGE = {
    "notices.notice",
    "journey.lastlook",
    "keeping.legalhold",
    "keeping.holdlifting",
    "keeping.deletionorder",
}
# Days, not moments, on which a row was still worked on: what lies ahead of now is no change yet.
ENDED_ON = {"until", "confirmed_on"}
PIECE = 500


def names_a_child(table: Table) -> list[str]:
    """The columns of a table that name a child; none for a table that carries no child's data, and for the trail."""
    if table._meta.label_lower in STAYS or not table._meta.managed or table._meta.proxy:
        return []
    return [
        one.attname
        for one in table._meta.concrete_fields
        if one.attname == "child_id" or (one.related_model is Child and table is not Child)
    ]


def tables_of_children() -> Iterator[Table]:
    """Every table that carries a child, but for the child's own."""
    yield from (table for table in apps.get_models() if names_a_child(table))


def files_of(child_id: UUID) -> list[UUID]:
    """The file and those that were merged into it: they go together."""
    return [child_id, *Child.objects.filter(merged_into_id=child_id).values_list("id", flat=True)]


def last_changes(children: Sequence[UUID], now: datetime) -> QuerySet[Any, Any]:
    """Per child, table and column the last moment up to now, in one statement: child_id, at.

    From the rows alone: what is known of a change in the trail may be gone before the file.
    """
    own = Child._base_manager.filter(id__in=children, changed_at__lte=now).order_by()
    rows = (
        table._base_manager.filter(child_id__in=children, **{f"{column.name}__lte": until})
        .order_by()
        .values("child_id")
        .annotate(at=Max(Cast(column.name, DateTimeField())))
        .values_list("child_id", "at")
        for table in tables_of_children()
        if table._meta.label_lower not in NO_CHANGE
        for column, until in _moments(table, now)
    )
    return own.values_list("id", "changed_at").union(*rows, all=True)


def _moments(table: Table, now: datetime) -> Iterator[tuple[Any, date]]:
    """The columns that say when something in a row was written, changed or ended, each with its now."""
    for column in table._meta.concrete_fields:
        if isinstance(column, DateTimeField):
            yield column, now
        elif column.name in ENDED_ON:
            yield column, timezone.localdate(now)


def rows_about(children: Sequence[UUID]) -> Rows:
    """Every row that carries one of these children, whatever points at such a row, and what only they were here for."""
    found: dict[Table, set[Any]] = {Child: set(children)}
    for table in tables_of_children():
        for column in names_a_child(table):
            _add(found, table, {f"{column}__in": children})
    _add(found, Grant, {"scope": Scope.CHILD, "scope_id__in": children})
    _follow(found)
    found[User] = accounts_left_alone(children)
    _follow(found)
    return {table: keys for table, keys in found.items() if keys}


def accounts_left_alone(children: Sequence[UUID]) -> set[UUID]:
    """The accounts of these children and their relatives that are here for nobody else."""
    own = Child.objects.filter(id__in=children, user__isnull=False).values_list("user_id", flat=True)
    near = Relative.objects.filter(child_id__in=children, user__isnull=False).values_list(
        "user_id", flat=True
    )
    users = {*own, *near}
    busy = {
        *Professional.objects.filter(user_id__in=users).values_list("user_id", flat=True),
        *Grant.objects.filter(user_id__in=users)
        .exclude(scope=Scope.CHILD, scope_id__in=children)
        .values_list("user_id", flat=True),
        *Relative.objects.filter(user_id__in=users)
        .exclude(child_id__in=children)
        .values_list("user_id", flat=True),
        *Child.objects.filter(user_id__in=users).exclude(id__in=children).values_list("user_id", flat=True),
    }
    return users - busy


def _add(found: dict[Table, set[Any]], table: Table, where: Mapping[str, Any]) -> set[Any]:
    there = set(table._base_manager.filter(**where).values_list("pk", flat=True))
    new = there - found.setdefault(table, set())
    found[table] |= new
    return new


def _follow(found: dict[Table, set[Any]]) -> None:
    """Add the rows that point at what was found, until there are no more."""
    waiting = {table: set(keys) for table, keys in found.items()}
    while waiting:
        table, keys = waiting.popitem()
        for relation in table._meta.get_fields(include_hidden=True):
            if (
                not isinstance(relation, ManyToOneRel) or table is Child
            ):  # Who names a child was found already.
                continue
            pointing = relation.related_model
            for piece in _pieces(keys):
                if new := _add(found, pointing, {f"{relation.field.name}__in": piece}):
                    waiting.setdefault(pointing, set()).update(new)


def remove(rows: Rows) -> int:
    """Delete these rows for good, frozen or not; gives back how many. As the owner of the database."""
    with thawed([table._meta.db_table for table in rows]):
        if connection.vendor == "sqlite":
            # Else what was deleted stays readable in the file until it is written over.
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA secure_delete = ON")
        gone = 0
        for table, keys in rows.items():
            for piece in _pieces(keys):
                gone += table._base_manager.filter(pk__in=piece)._raw_delete("default")
    expected = sum(map(len, rows.values()))
    if gone != expected:
        raise RuntimeError(f"{gone} of {expected} rows could be deleted")
    return gone


def _pieces(keys: Iterable[Any]) -> Iterator[list[Any]]:
    ordered = list(keys)
    yield from (ordered[start : start + PIECE] for start in range(0, len(ordered), PIECE))


def years_kept() -> int:
    """How many years this installation keeps a file after its last change."""
    return int(settings.KINDZORG_FILE_YEARS)
