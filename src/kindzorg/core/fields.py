"""Columns that are encrypted at rest. Nothing can be looked up in them: beside one stands a `KeyedHashField`."""

import json
from typing import Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.lookups import Exact

from kindzorg.core.encryption import Sealed, decrypt, encrypt, keyed_hash

REFUSED = "this column is encrypted: nothing can be looked up in it"


class _OnlyNone(Exact):
    """`filter(column=None)` asks whether something is there; any other value is refused."""

    def __init__(self, lhs: Any, rhs: Any) -> None:
        if rhs is not None:
            raise FieldError(REFUSED)
        super().__init__(lhs, rhs)


class _Opened:
    """The attribute of an encrypted column: opened when it is first asked, so that a list of rows costs nothing."""

    def __init__(self, field: Any) -> None:
        self.field = field

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        name, kept = self.field.attname, instance.__dict__
        if name not in kept:
            instance.refresh_from_db(fields=[name])  # it was deferred
        if isinstance(kept[name], Sealed):
            kept[name] = self.field.from_bytes(decrypt(kept[name].token))
        return kept[name]

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """A text that stands encrypted in the database.

    On an instance it is the text. `.values()` gives it `Sealed`, which shows itself as dots: `.open()` it on purpose.
    """

    descriptor_class = _Opened

    def from_bytes(self, content: bytes) -> Any:
        """The value from what was encrypted."""
        return content.decode()

    def to_bytes(self, value: Any) -> bytes:
        """What is encrypted of a value."""
        return str(value).encode()

    def from_db_value(self, value: str | None, expression: object, connection: object) -> Sealed | None:
        return None if value is None else Sealed(value)

    def get_db_prep_value(self, value: Any, connection: object, prepared: bool = False) -> str | None:
        if value is None or isinstance(value, Sealed):
            return value.token if value else None
        return encrypt(self.to_bytes(value))

    def get_prep_value(self, value: Any) -> Any:
        return value

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "exact":
            return _OnlyNone
        if lookup_name != "isnull":
            raise FieldError(REFUSED)
        return super().get_lookup(lookup_name)


class EncryptedJSONField(EncryptedTextField):
    """Plain JSON data that stands encrypted in the database."""

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def from_bytes(self, content: bytes) -> Any:
        return json.loads(content)

    def to_bytes(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False).encode()


class EncryptedBytesField(EncryptedTextField):
    """A file that stands encrypted in the database."""

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def from_bytes(self, content: bytes) -> Any:
        return content

    def to_bytes(self, value: Any) -> bytes:
        return bytes(value)


class KeyedHashField(models.CharField):  # type: ignore[type-arg]
    """The keyed hash of the encrypted column `of`: by it the value is found, and can be held to be unique.

    It follows the column in `save` and `bulk_create`; an `update` sets both.
    """

    def __init__(self, *args: Any, of: str, **options: Any) -> None:
        self.of = of
        super().__init__(*args, **{"max_length": 64, "null": True, "editable": False, **options})

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return name, path, args, {**options, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        text = getattr(model_instance, self.of)
        hashed = keyed_hash(text) if text else None
        setattr(model_instance, self.attname, hashed)
        return hashed
