"""A row for any table, made from what the table says of itself, so that a test needs no list of tables."""

import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import DatabaseError, models, transaction

from kindzorg.core.fields import EncryptedBytesField, EncryptedJSONField
from kindzorg.core.ids import new_id

MOMENT = datetime(2026, 1, 5, 12, tzinfo=UTC)
# Each number once: many a table counts per child.
NUMBERS = itertools.count(500)
PLAIN: dict[str, Any] = {
    "CharField": "x", "TextField": "x", "DateField": date(2026, 1, 5), "DateTimeField": MOMENT,
    "BooleanField": False, "JSONField": {}, "BinaryField": b"x", "EmailField": "x@example.org", "TimeField": time(12),
}  # fmt: skip


def carries_a_child(table: type[models.Model]) -> bool:
    """Whether a table of the house has a column for the child."""
    return any(field.attname == "child_id" for field in table._meta.concrete_fields)


def row_for(table: type[models.Model], child_id: UUID) -> models.Model:
    """A row of this child in this table: the first that is there, or else one that is made."""
    there = table._base_manager.filter(child_id=child_id).first() if carries_a_child(table) else None
    return there or make_row(table, child_id)


def make_row(table: type[models.Model], child_id: UUID, **given: Any) -> models.Model:
    """A new row of this child in this table; what may be empty is, unless the table then refuses the row."""
    refused = None
    for filled, which in itertools.product(_fillings(table), (0, -1)):
        try:
            with transaction.atomic():
                return table._base_manager.create(**(_values(table, child_id, filled, which) | given))
        except (DatabaseError, ValueError) as error:
            refused = error
    raise AssertionError(f"{table._meta.label}: no row could be made: {refused}")


def _fillings(table: type[models.Model]) -> Iterator[tuple[str, ...]]:
    """Which of the fields that may be empty are filled: none, one, two."""
    empty = [field.name for field in table._meta.concrete_fields if field.null]
    for number in range(3):
        yield from itertools.combinations(empty, number)


def _values(table: type[models.Model], child_id: UUID, filled: tuple[str, ...], which: int) -> dict[str, Any]:
    words = _words(table, which)
    values: dict[str, Any] = {}
    for field in table._meta.concrete_fields:
        if field.name in words:
            values[field.name] = words[field.name]
        elif field.name in filled or not (field.null or field.has_default() or field.primary_key):
            values[field.attname] = _value(field, child_id)
    return values


def _words(table: type[models.Model], which: int) -> dict[str, str]:
    """The first or the last word of each field that may hold only some words."""
    found = {}
    for constraint in table._meta.constraints:
        condition = getattr(constraint, "condition", None)
        for part in condition.children if condition and len(condition.children) == 1 else ():
            if isinstance(part, tuple) and part[0].endswith("__in"):
                found[part[0].removesuffix("__in")] = [one for one in part[1] if one][which]
    return found


def _value(field: Any, child_id: UUID) -> Any:
    related = field.related_model
    if related is not None:
        if related._meta.label == "people.Child":
            return child_id
        if carries_a_child(related):
            taken = field.unique
            return (make_row if taken else row_for)(related, child_id).pk
        return related._base_manager.values_list("pk", flat=True).first() or make_row(related, child_id).pk
    if field.attname == "child_id":
        return child_id
    if isinstance(field, EncryptedBytesField):
        return b"x"
    if isinstance(field, EncryptedJSONField):
        return {}
    kind = field.get_internal_type()
    if kind == "UUIDField":
        return new_id()
    if kind == "CharField" and field.max_length >= 64:  # What may have to be its own.
        return new_id().hex
    if field.name.startswith("ends_at"):
        return MOMENT + timedelta(hours=1)
    return PLAIN[kind] if kind in PLAIN else next(NUMBERS)


def tables_with_a_child() -> list[type[models.Model]]:
    """Every table that carries a child, but for the trail."""
    return [
        table
        for table in apps.get_models()
        if carries_a_child(table) and table._meta.label != "audit.AuditLine"
    ]
