"""Identifiers: time-ordered for rows, random for links that grant something."""

import secrets
from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A UUIDv7: rows created together stand together. It shows its time of creation, so it never grants access."""
    return uuid7()


def new_token() -> str:
    """A random, unguessable token (256 bits) for links that grant something."""
    return secrets.token_urlsafe(32)
