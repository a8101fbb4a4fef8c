"""Going through the door as somebody: get, post, and counting what was asked of the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kindzorg.ui.tests.pages import unexplained

from .conftest import World

STATEMENTS = 12


def client(world: World, who: str) -> Client:
    made = Client()
    made.force_login(world.users[who])
    return made


def url(world: World, name: str, *keys: Any) -> str:
    return reverse(name, args=[world.child_id, *keys])


def today(world: World) -> date:
    return world.moment.date()


def get(world: World, who: str, name: str, *keys: Any, status: int = 200) -> str:
    found = client(world, who).get(url(world, name, *keys))
    assert found.status_code == status, found.content.decode()[:500]
    return unexplained(found.content.decode())


def post(world: World, by: str, name: str, *keys: Any, **typed: Any) -> Any:
    return client(world, by).post(url(world, name, *keys), typed)


@contextmanager
def few_statements() -> Iterator[None]:
    """At most twelve, whatever the plan's size: session, user, actor and trail counted, transaction control not."""
    with CaptureQueriesContext(connection) as caught:
        yield
    control = (
        "BEGIN",
        "SAVEPOINT",
        "RELEASE",
        "COMMIT",
        "SELECT JSON(",
    )  # the last: Django tries SQLite, once
    sent = [one["sql"].lstrip() for one in caught]
    # What sets the wall goes with the transaction.
    asked = [
        sql
        for sql in sent
        if not sql.startswith(control)
        and "_config('kindzorg" not in sql
        and "current_setting('kindzorg" not in sql
    ]
    assert len(asked) <= STATEMENTS, "\n".join(sql[:150] for sql in asked)
