"""All that is encrypted, under another key: the columns of every table, found by kind, so none is forgotten."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models

from kindzorg.core.encryption import Unreadable, decrypt, encrypt, is_newest, keyed_hash
from kindzorg.core.fields import EncryptedBytesField, EncryptedTextField, KeyedHashField
from kindzorg.core.thawing import thawed
from kindzorg.core.walls import Statements, behind_wall

# Rows at a time: short transactions, and files that fit in memory.
BATCH, BATCH_OF_FILES = 500, 10
Model = type[models.Model]


def encrypted_tables() -> list[tuple[Model, tuple[EncryptedTextField, ...], tuple[KeyedHashField, ...]]]:
    """Every table with encrypted columns: the table, those columns, and the hashes beside them."""
    found = []
    for model in apps.get_models():
        columns = model._meta.concrete_fields
        sealed = tuple(one for one in columns if isinstance(one, EncryptedTextField))
        if sealed:
            found.append((model, sealed, tuple(one for one in columns if isinstance(one, KeyedHashField))))
    return found


def rotate_keys(actor_id: UUID, on: date, tell: Callable[[str, int, int], None]) -> int:
    """Encrypt all that is under an older key with the newest, and hash it anew; gives back how many rows changed.

    Can be stopped and run again: what is done stays done. `tell` hears table, rows done and rows in all.
    Raises Unreadable for a row of which no key is here, and for rows that cannot be reached; rows before it are done.
    """
    changed = 0
    for model, columns, hashes in encrypted_tables():
        size = BATCH_OF_FILES if any(isinstance(one, EncryptedBytesField) for one in columns) else BATCH
        with behind_wall(actor_id, on, system=True):
            total = model._base_manager.count()
        done, last = 0, None
        while done < total:
            with thawed([model._meta.db_table]), behind_wall(actor_id, on, system=True):
                rows = _batch(model, columns, hashes, last, size)
                changed += _write(model, [new for row in rows if (new := _renewed(row, columns, hashes))])
            if not rows:
                raise Unreadable(f"{total - done} rows of {model._meta.label} could not be changed")
            done, last = done + len(rows), rows[-1]["pk"]
            tell(model._meta.label, done, total)
    return changed


def _batch(model: Model, columns: Any, hashes: Any, after: Any, size: int) -> list[dict[str, Any]]:
    rows = model._base_manager.select_for_update().order_by("pk")
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return list(rows.values("pk", *(one.attname for one in (*columns, *hashes)))[:size])


def _renewed(row: Mapping[str, Any], columns: Any, hashes: Any) -> dict[str, Any] | None:
    """The columns of a row that must change; None when nothing must."""
    new: dict[str, Any] = {}
    for column in columns:
        sealed = row[column.attname]
        if sealed and not is_newest(sealed.token):
            new[column.column] = encrypt(decrypt(sealed.token))
    for one in hashes:
        text = row[one.of].open() if row[one.of] else ""
        hashed = keyed_hash(text) if text else None
        if hashed != row[one.attname]:
            new[one.column] = hashed
    return {"pk": row["pk"], **new} if new else None


def _write(model: Model, rows: list[dict[str, Any]]) -> int:
    quote, key = connection.ops.quote_name, model._meta.pk
    with connection.cursor() as cursor:
        for row in rows:
            pk = key.get_db_prep_value(row.pop("pk"), connection)
            names = ", ".join(f"{quote(name)} = %s" for name in row)
            cursor.execute(
                f"UPDATE {quote(model._meta.db_table)} SET {names} WHERE {quote(str(key.column))} = %s",  # noqa: S608
                [*row.values(), pk],
            )
    return len(rows)


def encrypt_plain(
    table: str, column: str, to_bytes: Callable[[Any], bytes | None], hashed: str = ""
) -> Statements:
    """Migration step: what stands plain in a column that is encrypted from now on.

    `to_bytes` makes of a stored value what the column's field would encrypt; None for nothing. `hashed` names the
    column of the keyed hash.
    """

    def forward(apps: object, schema_editor: object) -> None:
        with thawed([table]), connection.cursor() as cursor:
            cursor.execute(f"SELECT id, {column} FROM {table} WHERE {column} IS NOT NULL")  # noqa: S608
            for row_id, plain in cursor.fetchall():
                content = to_bytes(plain)
                values = {column: None if content is None else encrypt(content)}
                if hashed and content is not None:
                    values[hashed] = keyed_hash(content.decode())
                names = ", ".join(f"{name} = %s" for name in values)
                cursor.execute(f"UPDATE {table} SET {names} WHERE id = %s", [*values.values(), row_id])  # noqa: S608

    return Statements(forward)
