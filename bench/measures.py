"""What is measured: pages through the real server handler, an import, and the referral rules. Imports after setup."""

import gzip
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from statistics import quantiles
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.wsgi import get_wsgi_application
from django.db import connections, transaction
from django.test import RequestFactory
from django.urls import NoReverseMatch, reverse

from kindzorg.careteam.queries import actor_for
from kindzorg.core import clock
from kindzorg.core.walls import behind_wall
from kindzorg.people.models import Child, User

CONTROL = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
WALL = "set_config('kindzorg."


class NotAnswered(Exception):
    """A page answered with something else than 200."""


@dataclass
class Measured:
    """Milliseconds by the clock and of this process's own work, and of one page the statements and bytes.

    The clock counts what the database does, and waiting for a processor that others use; the work does not.
    """

    times: list[float] = field(default_factory=list)
    work: list[float] = field(default_factory=list)
    statements: int = 0
    control: int = 0
    raw: int = 0
    compressed: int = 0

    def percentile(self, which: int) -> float:
        """By the clock; `which` from 1 to 99."""
        return quantiles(self.times, n=100, method="inclusive")[which - 1]

    def time(self, what: Callable[[], object]) -> None:
        """Do it, and keep how long it took."""
        began, worked = time.perf_counter(), time.process_time()
        what()
        self.work.append((time.process_time() - worked) * 1000)
        self.times.append((time.perf_counter() - began) * 1000)


class World:
    """One database of the sizes to compare. `use` makes it the one that the product speaks to."""

    def __init__(self, url: str, children: int) -> None:
        parts = urlsplit(url)
        self.children = children
        self.connection = connections.create_connection("default")
        name = unquote(parts.path)
        # A copy: connections of one alias share their settings, and each world has a name of its own.
        name = name if parts.scheme == "sqlite" else name.lstrip("/")
        self.connection.settings_dict = {**self.connection.settings_dict, "NAME": name}
        self.sessions: dict[str, str] = {}
        with self:
            self.child_id = Child.objects.get(given_name="Meetkind").id

    def __enter__(self) -> "World":
        connections["default"] = self.connection
        return self

    def __exit__(self, *exception: object) -> None:
        return None

    def session(self, username: str) -> str:
        """The key of a session in which this account has signed in."""
        if username not in self.sessions:
            user = User.objects.get(username=username)
            store = SessionStore()
            store[SESSION_KEY] = str(user.pk)
            store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
            store[HASH_SESSION_KEY] = user.get_session_auth_hash()
            store.save()
            self.sessions[username] = store.session_key or ""
        return self.sessions[username]


@dataclass(frozen=True)
class Page:
    """A page to measure: for whom, and the name of its address."""

    title: str
    username: str
    address: str
    of_child: bool = True
    rounds: int = 100
    asked: str = ""

    def path(self, world: World) -> str:
        """Where it is. Raises NoReverseMatch while there is no such page."""
        return reverse(self.address, args=[world.child_id] if self.of_child else []) + self.asked


PAGES = (
    Page("plan page", "bench-nurse", "plan"),
    Page("whole plan", "bench-nurse", "plan_full"),
    Page("plan page, parent", "bench-parent-0-0", "plan"),
    Page("week with 200 visits", "bench-nurse", "week"),
    Page("search in a plan with 500 reports", "bench-nurse", "child_search", asked="?q=koorts+ademen"),
    Page("reports, newest of 500", "bench-nurse", "reports"),
    Page("proposals", "bench-nurse", "plan_proposals"),
    Page("child's start page", "bench-nurse", "child_start"),
    Page("start page, nurse with 40 children", "bench-nurse", "home", of_child=False),
    Page("start page, team lead of one organisation", "bench-lead", "home", of_child=False, rounds=4),
)


class Server:
    """The product's own WSGI application with all its middleware, called without a socket."""

    def __init__(self) -> None:
        self.application = get_wsgi_application()
        self.factory = RequestFactory()

    def get(self, path: str, session: str) -> tuple[bytes, str]:
        """The body as sent (compressed), and the status."""
        said: list[str] = []
        where, _, query = path.partition("?")
        environ = self.factory._base_environ(
            PATH_INFO=where,
            QUERY_STRING=query,
            HTTP_COOKIE=f"{settings.SESSION_COOKIE_NAME}={session}",
            HTTP_ACCEPT_ENCODING="gzip",
        )
        environ["wsgi.input"] = BytesIO()
        response = self.application(environ, lambda status, headers: said.append(status))
        body = b"".join(response)
        response.close()
        return body, said[0]


class Counter:
    """Counts statements; what only controls the transaction (and sets the wall) apart."""

    def __init__(self) -> None:
        self.statements: list[str] = []
        self.control = 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(CONTROL) or WALL in sql:
            self.control += 1
        else:
            self.statements.append(sql)
        return execute(sql, params, many, context)


def measure_pages(worlds: list[World], server: Server, rounds: int) -> dict[tuple[str, int], Measured]:
    """Every page in every world by turns, so that what else the machine does touches all alike.

    A page that is not there or does not answer is said so, and left out.
    """
    found: dict[tuple[str, int], Measured] = {}
    for page in PAGES:
        for world in worlds:
            try:
                found[page.title, world.children] = _look_once(page, world, server)
            except (NoReverseMatch, NotAnswered) as error:
                print(f"Not measured: {page.title} at {world.children:,} children: {error}", file=sys.stderr)
        for _ in range(min(rounds, page.rounds)):
            for world in worlds:
                if (page.title, world.children) in found:
                    with world:
                        found[page.title, world.children].time(partial(_get, page, world, server))
    return found


def _get(page: Page, world: World, server: Server) -> bytes:
    body, status = server.get(page.path(world), world.session(page.username))
    if not status.startswith("200"):
        raise NotAnswered(f"{page.title} at {world.children}: {status}")
    return body


def _look_once(page: Page, world: World, server: Server) -> Measured:
    """The first looks warm everything up; the last of them is counted and weighed."""
    with world:
        for _ in range(4 if page.rounds > 10 else 1):
            _get(page, world, server)
        counter = Counter()
        with world.connection.execute_wrapper(counter):
            body = _get(page, world, server)
    return Measured(
        statements=len(counter.statements),
        control=counter.control,
        raw=len(gzip.decompress(body)),
        compressed=len(body),
    )


def measure_import(world: World, rounds: int) -> Measured:
    """A hospital's handover of the demo becomes a new child's file, and is rolled back, again and again.

    Reading, checking and writing; not the commit.
    """
    from kindzorg.demo.handover import handover_on
    from kindzorg.fhir.handover import Sent, import_new

    payload, found = handover_on(clock.today()), Measured()
    for number in range(rounds + 2):
        with world:
            actor, now = actor_for(User.objects.get(username="bench-nurse")), clock.now()
            counter = Counter()
            measured = found if number >= 2 else Measured()
            with (
                behind_wall(actor.id, now.date()),
                world.connection.execute_wrapper(counter),
                transaction.atomic(),
            ):
                sent = Sent("handover.json", payload)
                measured.time(partial(import_new, actor, sent, now, other_child=True))
                transaction.set_rollback(True)
        found.statements, found.control = len(counter.statements), counter.control
    found.raw, found.compressed = len(payload), len(gzip.compress(payload))
    return found


def referral_per_second(count: int = 20_000) -> tuple[float, float]:
    """Outcomes per second of one core's work, without and with reasons: random situations, all different."""
    from datetime import date

    from kindzorg.core.vocabulary import Truth
    from kindzorg.referral import catalogue
    from kindzorg.referral.rules import Facts, age_band, assess, outcome_ids, rule_set_on

    chance, today = random.Random(1), clock.today()
    facts, answers = tuple(catalogue.facts()), tuple(Truth)
    cases = [
        Facts({key: chance.choice(answers) for key in facts if chance.random() < 0.7}) for _ in range(count)
    ]
    births = [date(today.year - chance.randrange(1, 18), chance.randrange(1, 13), 1) for _ in range(count)]
    bands, version = [age_band(birth, today) for birth in births], rule_set_on(today)
    for band in dict.fromkeys(bands):
        outcome_ids(cases[0], band, version)  # the first one of an age compiles the rules

    def bare() -> None:
        for case, band in zip(cases, bands, strict=True):
            outcome_ids(case, band, version)

    def reasoned() -> None:
        for case, birth in zip(cases[: count // 4], births, strict=False):
            assess(case, birth, today)

    measured = Measured()
    measured.time(bare)
    measured.time(reasoned)
    return count / measured.work[0] * 1000, count // 4 / measured.work[1] * 1000
