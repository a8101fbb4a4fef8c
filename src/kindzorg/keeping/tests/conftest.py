"""Two files of one child: two worlds, and a nurse of the first who takes part in the second too."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from kindzorg.access.policy import Actor, Subject
from kindzorg.access.roles import Role
from kindzorg.careplan.tests.conftest import NOW, SYSTEM, World, build
from kindzorg.careteam.actions import NewMember, add_member
from kindzorg.careteam.queries import actor_for, child_for
from kindzorg.core.errors import DomainError
from kindzorg.core.walls import behind_wall
from kindzorg.people.models import Child


@dataclass
class Pair:
    """`kept` is the file that goes on, `absorbed` the other. The nurse of `kept` sees both."""

    kept: World
    absorbed: World
    moment: datetime = NOW + timedelta(hours=1)

    @property
    def nurse(self) -> Actor:
        return self.kept.actor("nurse")

    def now(self) -> datetime:
        self.moment += timedelta(minutes=1)
        return self.moment

    def subject(self, child_id: UUID, actor: Actor | None = None) -> Subject:
        return child_for(actor or self.nurse, child_id, self.moment.date()).subject

    def do(self, action: Any, *given: Any) -> Any:
        """Let the nurse do something with the file that goes on, behind the wall as a request is."""
        nurse, moment = self.nurse, self.now()
        with behind_wall(nurse.id, moment.date()):
            return action(nurse, self.subject(self.kept.child_id), *given, moment)

    def client(self, who: str = "nurse") -> Client:
        client = Client()
        client.force_login(self.kept.users[who])
        return client


@pytest.fixture
def pair(db: None) -> Pair:
    one, other = build(), build(without=("aunt",))
    Child.objects.filter(id=other.child_id).update(family_name="Tst")
    subject = child_for(other.actor("nurse"), other.child_id, NOW.date()).subject
    add_member(SYSTEM, subject, NewMember(Role.LEVEL5_NURSE, professional_id=one.professionals["nurse"]), NOW)
    return Pair(one, other)


def seen_by(world: World, who: str, child_id: UUID) -> bool:
    """Whether this person may open this file now."""
    try:
        child_for(actor_for(world.users[who]), child_id, NOW.date())
    except DomainError:
        return False
    return True
