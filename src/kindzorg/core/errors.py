"""Errors that rules and actions raise. They carry data; the door that shows them words them."""

from collections.abc import Mapping


class DomainError(Exception):
    """Something that the person can understand and mend.

    `code` names the error for the wording in the door; `data` fills its placeholders;
    `fields` names the form fields it belongs to, if any.
    """

    def __init__(self, code: str, *, fields: tuple[str, ...] = (), **data: object) -> None:
        super().__init__(code)
        self.code = code
        self.fields = fields
        self.data: Mapping[str, object] = data


class Refused(DomainError):
    """The actor may not do this. Shown as "not found": unknown and forbidden are the same answer."""


class Missing(DomainError):
    """The thing asked for does not exist, or not for this actor."""


class Conflict(DomainError):
    """Somebody else changed the item first. `data` carries `mine` and `theirs`, so that both can be shown."""


class Incomplete(DomainError):
    """A step cannot be taken yet; `data["missing"]` lists what is lacking, as codes."""


class Invalid(DomainError):
    """A value that cannot be accepted."""
