"""Every page of the product, as everybody who may open it: few statements, whatever the page.

Control of the transaction is not counted; session, account, actor, family and trail are.
"""

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from kindzorg.careteam.queries import actor_for
from kindzorg.people.models import Child, User
from kindzorg.referral.tests.conftest import counted

from .test_doors import (
    CHILDREN,
    EVERYBODY,
    Door,
    address,
    clock,
    doors,
    has_leave,
    one_of_each_kind,
    subject_for,
)

pytestmark = [pytest.mark.django_db, pytest.mark.walk, pytest.mark.once]
assert clock  # a fixture
MOST = 12


@pytest.mark.parametrize("given_name", CHILDREN)
def test_every_page_of_a_child_asks_at_most_12_statements(given_name: str, clock: datetime) -> None:
    child = Child.objects.get(given_name=given_name)
    found = []
    for user in one_of_each_kind(child.id, clock.date()):
        actor = actor_for(user)
        subject = subject_for(actor, child.id, clock.date())
        browser = Client()
        browser.force_login(user)
        for door in doors():
            if "child_id" in door.takes and has_leave(actor, subject, door.leave, clock.date()):
                found += too_many(browser, door, address(door, child.id), user.name)
    assert not found, "\n".join(found)


def test_every_page_of_somebodys_own_asks_at_most_12_statements(clock: datetime) -> None:
    found = []
    kinds = {frozenset(one.role for one in actor_for(user).grants): user for user in User.objects.all()}
    for user in kinds.values():
        browser = Client()
        browser.force_login(user)
        for door in doors():
            if not door.takes and door.leave != EVERYBODY:
                found += too_many(browser, door, reverse(door.name), user.name)
    assert not found, "\n".join(found)


def too_many(browser: Client, door: Door, where: str, who: str) -> Iterator[str]:
    """What a page asks too much of the database. The first look warms up what is kept, and signs life of a session."""
    if "GET" not in door.methods or browser.get(where).status_code != 200:
        return
    with counted(most=999) as asked:
        browser.get(where)
    if len(asked) > MOST:
        yield f"{door.name} as {who}: {len(asked)}"
