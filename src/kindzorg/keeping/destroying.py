"""The worker's side of a deletion that was granted."""

from uuid import UUID

from kindzorg.access.policy import system_actor
from kindzorg.core import clock
from kindzorg.keeping.requests.actions import destroy_content

ACTOR = system_actor("worker")


def destroy(request_id: str) -> str:
    """The task: destroy what one request is about. Running it twice destroys it once."""
    done = destroy_content(ACTOR, UUID(request_id), clock.now())
    return "destroyed" if done else "nothing to do"
