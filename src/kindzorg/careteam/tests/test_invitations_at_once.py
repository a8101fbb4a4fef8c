"""Several people at one door at the same moment, each over a connection of its own (PostgreSQL)."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection

from kindzorg.access.policy import system_actor
from kindzorg.careteam.invitations.actions import NewInvitation, accept, invite
from kindzorg.careteam.invitations.rules import InvitedAs
from kindzorg.careteam.models import Grant, Invitation, Membership
from kindzorg.careteam.tests.world import NOW, TODAY, World
from kindzorg.core.errors import Invalid
from kindzorg.core.walls import behind_wall
from kindzorg.people.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
DOOR = system_actor("invitation")
TABLES = (
    *(
        "audit_auditline",
        "careteam_consentrequest",
        "careteam_invitation",
        "careteam_membership",
        "careteam_grant",
        "people_relative",
    ),
    *("people_child", "people_professional", "people_user", "people_organisation", "people_region"),
)


def elsewhere(act: Callable[[], Any]) -> Any:
    """Run it over a connection of its own, committed."""
    found: list[Any] = []

    def work() -> None:
        try:
            found.append(act())
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(30)
    return found[0]


@pytest.fixture
def cleared() -> Iterator[None]:
    """What these tests commit, the owner of the database removes."""
    yield
    given = connection.get_connection_params()
    known = {key: given[key] for key in ("dbname", "user", "password", "host", "port") if given.get(key)}
    with psycopg.connect(**known) as owner:
        owner.execute("SET session_replication_role = replica")
        for table in TABLES:
            owner.execute(f"DELETE FROM {table}")  # noqa: S608


def test_two_requests_at_once_open_one_door(cleared: None) -> None:
    def prepare() -> tuple[str, list[User]]:
        world = World()
        issued = invite(world.nurse, world.subject, NewInvitation(InvitedAs.PARENT, name="Ricardo"), NOW)
        return issued.token, [world.account() for _ in range(4)]

    token, accounts = elsewhere(prepare)
    ready, came = threading.Barrier(len(accounts)), list[str]()

    def knock(user: User) -> None:
        try:
            ready.wait(20)
            with behind_wall(DOOR.id, TODAY, system=True):
                accept(DOOR, token, user.id, NOW)
            came.append("in")
        except Invalid as error:
            came.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=knock, args=[user]) for user in accounts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(came) == ["in", "invitation_closed", "invitation_closed", "invitation_closed"]

    def counted() -> tuple[int, int, int]:
        used = Invitation.objects.filter(used_at__isnull=False).count()
        return Grant.objects.filter(user__in=accounts).count(), Membership.objects.count(), used

    assert elsewhere(counted) == (1, 2, 1)
