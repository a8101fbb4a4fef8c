"""Where the care team hands over what people must be told. Telling is a room above it, which plugs itself in here.

An action of the care team tells in its own transaction: what is rolled back was never told.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from kindzorg.access.policy import Actor, Subject

Teller = Callable[[Actor, Subject, str, Iterable[UUID], UUID | None, datetime], Any]
_tellers: list[Teller] = []


def plug_in(teller: Teller) -> None:
    """Let this one tell people: `notices.actions.tell`, at the start of the product."""
    _tellers[:] = [teller]


def tell(
    actor: Actor, subject: Subject, kind: str, accounts: Iterable[UUID], object_id: UUID | None, now: datetime
) -> None:
    """Tell these accounts; nobody to tell is nothing to do. Without a teller it fails: nothing is kept quiet."""
    people = sorted(set(accounts))
    if people:
        (teller,) = _tellers
        teller(actor, subject, kind, people, object_id, now)
