"""The hand-over as plain data, for the one immutable row in which it is stored. PURE."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from kindzorg.needs.rules import NeedsProfile


def profile_as_data(profile: NeedsProfile) -> dict[str, Any]:
    """The profile in words, lists and mappings that any JSON keeps whole; moments in ISO 8601."""
    data: dict[str, Any] = _plain(profile)
    return data


def profile_from_data(data: Mapping[str, Any]) -> NeedsProfile:
    """The profile that was stored. Raises KeyError or ValueError when the data is not one."""
    profile: NeedsProfile = _restored(NeedsProfile, data)
    return profile


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return value


def _restored(kind: Any, value: Any) -> Any:
    if get_origin(kind) is tuple:
        return tuple(_restored(get_args(kind)[0], part) for part in value)
    if get_origin(kind) in (Union, UnionType):
        return None if value is None else _restored(_which(get_args(kind), value), value)
    if is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        return kind(**{field.name: _restored(hints[field.name], value[field.name]) for field in fields(kind)})
    if kind is datetime:
        return datetime.fromisoformat(value)
    return value if kind in (str, bool) else kind(value)


def _which(kinds: tuple[Any, ...], value: Any) -> Any:
    """The kind that was stored: of two dataclasses the one with these fields, else the one beside None."""
    candidates = [kind for kind in kinds if kind is not type(None)]
    if len(candidates) == 1:
        return candidates[0]
    return next(kind for kind in candidates if {field.name for field in fields(kind)} == set(value))
