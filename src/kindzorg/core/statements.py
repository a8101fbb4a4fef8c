"""Reads whose SQL is worded once.

Django words a statement anew each time it is asked, which for a large one takes longer than the database's answer.
What is kept here is the text of the statement and the names of its columns: never a row.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from inspect import signature
from typing import Any, Generic, ParamSpec, TypeVar, get_type_hints
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import Expression, Field, Func, QuerySet, Subquery

P = ParamSpec("P")
Found = TypeVar("Found")
Made = TypeVar("Made")

FIELDS: "Mapping[object, type[Field[Any, Any]]]" = {
    UUID: models.UUIDField,
    date: models.DateField,
    datetime: models.DateTimeField,
    str: models.TextField,
    int: models.IntegerField,
}


class Listed(Subquery):
    """The rows of a queryset with one column of JSON, `item`, as one list in their order; empty where there is none.

    What is read with a row of another table then costs no statement of its own. See `core.plain` for its values.
    """

    output_field = models.JSONField()

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> tuple[str, Any]:
        """As PostgreSQL words it."""
        template = "(SELECT COALESCE(JSONB_AGG(one.item), '[]') FROM (%(subquery)s) one)"
        return self.as_sql(compiler, connection, template=template, **more)

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> tuple[str, Any]:
        """As SQLite words it: what comes out of a subquery is text there, until it is said to be JSON."""
        template = "(SELECT JSON_GROUP_ARRAY(JSON(one.item)) FROM (%(subquery)s) one)"
        return self.as_sql(compiler, connection, template=template, **more)


class Nested(Func):
    """JSON inside a `JSONObject`, for the same reason: a column of it, or a subquery that gives it."""

    function = "JSON"
    arity = 1
    output_field = models.JSONField()

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> tuple[str, Any]:
        """Itself."""
        return self.as_sql(compiler, connection, template="%(expressions)s", **more)


class Given(Expression):
    """A value that is known only when the statement is asked; `key` says which argument it is."""

    def __init__(self, key: tuple[str, int | None], output_field: "Field[Any, Any]") -> None:
        super().__init__(output_field=output_field)
        self.key = key

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """A place for a value, and itself where the value will stand."""
        return "%s", [self]

    def value(self, given: Mapping[str, Any]) -> Any:
        """The value as this database wants it."""
        name, index = self.key
        value = given[name] if index is None else given[name][index]
        return self.output_field.get_db_prep_value(value, connection)


class Several(Expression):
    """As many places as a tuple has values: for `__in` as a whole, or one by one."""

    def __init__(self, places: Sequence[Given]) -> None:
        super().__init__(output_field=places[0].output_field)
        self.places = places

    def __iter__(self) -> Iterator[Given]:
        return iter(self.places)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """All of them between brackets."""
        return f"({', '.join(['%s'] * len(self.places))})", list(self.places)


@dataclass(frozen=True, slots=True)
class Worded:
    """A statement as it is sent; how some columns are read, by their number; and what is made of a row."""

    sql: str
    params: tuple[Any, ...]
    readers: tuple[tuple[int, list[Callable[..., Any]], Any], ...]
    made: Callable[[list[Any]], Any]
    columns: "tuple[Field[Any, Any], ...]"

    def ask(self, given: Mapping[str, Any]) -> list[Any]:
        """What is found for these values."""
        params = [one.value(given) if isinstance(one, Given) else one for one in self.params]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, params)
            return [self.made(self.read(row)) for row in cursor.fetchall()]

    def read(self, row: Sequence[Any]) -> list[Any]:
        """A row as it came, each column as Django reads it."""
        values = list(row)
        for position, readers, expression in self.readers:
            for reader in readers:
                values[position] = reader(values[position], expression, connection)
        return values


def worded_once(build: Callable[P, QuerySet[Any, Found]]) -> Callable[P, list[Found]]:
    """Makes of a function that builds a queryset, of `.values()` or of rows of one table, one that gives what it finds.

    `build` runs once per kind of database and per shape. Arguments that are declared as UUID, date, datetime, str or
    int (or as a tuple of one of them) it gets as places for a value: they may stand where a queryset takes an
    expression. Whatever else it gets as it is, and so is part of the shape, as are the length of a tuple and None.
    """
    hints, takes = get_type_hints(build), signature(build)
    kept: dict[Hashable, Worded | None] = {}

    @wraps(build)
    def ask(*args: P.args, **kwargs: P.kwargs) -> list[Found]:
        given = takes.bind(*args, **kwargs).arguments
        shape = tuple(_shape(value, hints[name]) for name, value in given.items())
        key = (connection.vendor, shape)
        if key not in kept:
            places = {name: _place(name, value, hints[name]) for name, value in given.items()}
            kept[key] = _word(build(**places))  # type: ignore[call-arg]
        worded = kept[key]
        return worded.ask(given) if worded else []

    return ask


def _field(hint: Any, value: Any) -> "type[Field[Any, Any]] | None":
    """The kind of value for which the hint keeps a place; None where the value itself belongs to the statement."""
    kinds = {FIELDS[one] for one in (hint, *getattr(hint, "__args__", ())) if one in FIELDS}
    return None if value is None or len(kinds) != 1 else kinds.pop()


def _shape(value: Any, hint: Any) -> Any:
    if _field(hint, value) is None:
        return value
    return len(value) if isinstance(value, tuple) else True


def _place(name: str, value: Any, hint: Any) -> Any:
    kind = _field(hint, value)
    if kind is None:
        return value
    if isinstance(value, tuple):
        return Several([Given((name, at), kind()) for at in range(len(value))]) if value else []
    return Given((name, None), kind())


def _word(rows: Any) -> Worded | None:
    """As it is sent; None for a statement of which Django sees that it finds nothing."""
    compiler = rows.query.get_compiler(using=rows.db)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return None
    readers = compiler.get_converters([column for column, *_ in compiler.select[: compiler.col_count]])
    made = _instance(rows, compiler) if rows._fields is None else _values(rows.query)
    columns = tuple(column.output_field for column, *_ in compiler.select[: compiler.col_count])
    return Worded(sql, tuple(params), tuple((at, *reader) for at, reader in readers.items()), made, columns)


def _values(query: Any) -> Callable[[list[Any]], Any]:
    names = tuple(query.selected or (*query.extra_select, *query.values_select, *query.annotation_select))
    return lambda values: dict(zip(names, values, strict=True))


def _instance(rows: Any, compiler: Any) -> Callable[[list[Any]], Any]:
    if compiler.klass_info.get("related_klass_infos"):
        raise TypeError(f"{rows.model.__name__} with related rows: ask for .values() instead")
    names = [compiler.select[at][0].target.attname for at in compiler.klass_info["select_fields"]]
    added = compiler.annotation_col_map or {}

    def made(values: list[Any]) -> Any:
        row = rows.model.from_db(rows.db, names, values[: len(names)])
        for name, at in added.items():
            setattr(row, name, values[at])
        return row

    return made


@dataclass(frozen=True)
class Later(Generic[Found]):
    """Rows of some tables that are not asked for yet, and what is made of the lists of them."""

    rows: tuple[QuerySet[Any, Any], ...]
    read: Callable[..., Found]

    def now(self) -> Found:
        """Ask for them, in a statement each."""
        return self.read(*map(list, self.rows))

    def then(self, made: "Callable[[Found], Made]") -> "Later[Made]":
        """The same rows, and what is made of what they say."""
        return Later(self.rows, lambda *rows: made(self.read(*rows)))


def joined(*several: "Later[Any]") -> "Later[tuple[Any, ...]]":
    """Several as one: what each of them finds, in this order."""

    def read(*rows: Any) -> tuple[Any, ...]:
        found = iter(rows)
        return tuple(one.read(*(next(found) for _ in one.rows)) for one in several)

    return Later(tuple(rows for one in several for rows in one.rows), read)


def together(several: "Sequence[Later[Any]]") -> list[Any]:
    """What all of them find, in one statement. Each queryset is of `.values()` or of rows of one table."""
    worded = [[_word(rows) for rows in one.rows] for one in several]
    found = iter(_at_once([one for each in worded for one in each if one]))
    lists = [[next(found) if one else [] for one in each] for each in worded]
    return [one.read(*rows) for one, rows in zip(several, lists, strict=True)]


def _at_once(several: Sequence[Worded]) -> list[list[Any]]:
    """Every statement under a name of its own, and all their rows below each other, each with its place."""
    found: list[list[tuple[int, Any]]] = [[] for _ in several]
    if not several:
        return []
    width, text = max(len(one.columns) for one in several), connection.vendor == "postgresql"
    # Columns below each other are of one kind: as text for PostgreSQL; SQLite's driver reads them as what the first was
    # declared, which an expression is not.
    said = "{}::text" if text else "+{}"
    named, asked = [], []
    for which, one in enumerate(several):
        own = [f"c{at}" for at in range(len(one.columns))]
        named.append(f"q{which} ({', '.join(own)}) AS ({one.sql})")
        shown = ", ".join(map(said.format, [*own, *["NULL"] * (width - len(own))]))
        asked.append(f"SELECT {which}, ROW_NUMBER() OVER (), {shown} FROM q{which}")  # noqa: S608
    with connection.cursor() as cursor:
        params = [value for one in several for value in one.params]
        cursor.execute(f"WITH {', '.join(named)} {' UNION ALL '.join(asked)}", params)
        for which, place, *values in cursor.fetchall():
            one = several[which]
            own_values = values[: len(one.columns)]
            if text:
                own_values = [
                    _of_text(kind, value) for kind, value in zip(one.columns, own_values, strict=True)
                ]
            found[which].append((place, one.made(one.read(own_values))))
    return [[row for _place, row in sorted(rows, key=lambda row: row[0])] for rows in found]


def _of_text(kind: "Field[Any, Any]", value: str | None) -> Any:
    """A value that PostgreSQL gave as text, as it gives one of this kind by itself."""
    if value is None:
        return None
    if isinstance(kind, models.UUIDField):
        return UUID(value)
    if isinstance(kind, models.DateTimeField):
        return datetime.fromisoformat(value)
    if isinstance(kind, models.DateField):
        return date.fromisoformat(value)
    if isinstance(kind, models.BooleanField):
        return value == "true"
    return int(value) if isinstance(kind, models.IntegerField) else value
