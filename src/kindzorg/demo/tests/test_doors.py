"""Every door of the product, tried by everybody: who has no leave finds nothing there, and leaves nothing behind.

`doors.csv` says what leave each address asks. A new address fails here until somebody has written that down.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import UUIDConverter

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.audit.models import AuditLine
from kindzorg.careteam.queries import actor_for, child_for
from kindzorg.core.errors import DomainError
from kindzorg.people.models import Child, User

pytestmark = [pytest.mark.django_db, pytest.mark.walk]
EVERYBODY, SIGNED_IN = "everybody", "signed_in"
# The girl whose plan is in its second year, the young man on his way to 18.
CHILDREN = ("Sterre", "Daan")
# What stands in an address beside the child: words that exist, and the tables whose rows an id names.
WORDS = {
    "fact": "nursing", "part": "opening", "domain": "medical", "topic": "breathing", "who": "child",
    "kind": "condition", "state": "dropped", "step": "agreed", "question": "why", "chapter": "health",
    "piece": "comfort", "need_id": "1", "number": 1, "what": "lift", "pk": 1, "on": "2026-09-14",
    "entry": "zvw_nursing", "act": "suctioning",
    "section": "matters", "theme": "body", "voice": "together", "treatment": "admission", "wish": "helps",
    # At this address nobody signs in: the secret in it is the leave. This one was never given out.
    "secret": "unknown",
    "which": "ouders", "of": "report",
    "key": "web.news.plan_in_force", "audience": "professional", "language": "nl",
}  # fmt: skip
ROWS = {
    "entry_id": "record.Note", "attachment_id": "record.Attachment", "mark_id": "careteam.Mark",
    "difference_id": "record.Difference", "document_id": "record.SourceDocument", "item_id": "record.RecordItem",
    "access_id": "careteam.EmergencyAccess", "request_id": "keeping.FileRequest",
    "party_id": "people.Relative", "relative_id": "people.Relative",
    "binding_id": "referral.BindingReferral",
    "object_id": "referral.ReferralAssessment", "goal_id": "careplan.Goal", "agreement_id": "careplan.Agreement",
    "responsibility_id": "careteam.Responsibility",
    "proposal_id": "careplan.Proposal", "check_id": "needs.StrainCheck", "mood_id": "needs.MoodCheck",
    "procedure_id": "careplan.Procedure",
    "visit_id": "careplan.Visit", "demand_id": "careplan.Demand", "cover_id": "careplan.CoverRequest",
    "meeting_id": "careplan.Meeting",
    "review_id": "careplan.Review", "net_id": "careplan.SafetyNet",
    "treatment_id": "careplan.TreatmentAgreement",
    "words": "careplan.Report",
    "report": "careplan.Report", "report_correct": "careplan.Report", "report_keep": "careplan.Report",
    # Where one word names different things at different doors.
    "closure_answer": "closure.NeedSettlement", "plan_version_agreement": "careplan.Agreement",
    "plan_remove": "careplan.Goal", "plan_put_back": "careplan.Goal",
}  # fmt: skip


@dataclass(frozen=True)
class Door:
    """One address of the product: its name, what its pattern asks, which methods, which leave."""

    name: str
    takes: frozenset[str]
    ids: frozenset[str]
    methods: tuple[str, ...]
    leave: str


@cache
def written() -> dict[str, tuple[str, str]]:
    with (Path(__file__).parent / "doors.csv").open(encoding="utf-8", newline="") as lines:
        return {line["door"]: (line["to"], line["leave"]) for line in csv.DictReader(lines)}


def patterns(where: Any = None) -> Iterator[URLPattern]:
    for one in (where or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one)
        else:
            yield one


def doors() -> list[Door]:
    found = {}
    for one in patterns():
        name = str(one.name)
        to, leave = written().get(name, ("", ""))
        takes = one.pattern.converters
        ids = frozenset(key for key, kind in takes.items() if isinstance(kind, UUIDConverter))
        found[name] = Door(name, frozenset(takes), ids, tuple(to.split()), leave)
    return list(found.values())


def test_every_door_is_written_down_and_every_line_is_a_door() -> None:
    names = {door.name for door in doors()}
    assert sorted(names - set(written())) == [], "say in doors.csv what leave these ask"
    assert sorted(set(written()) - names) == []


def test_every_leave_is_one_that_the_matrix_knows() -> None:
    asked = {one for door in doors() for one in door.leave.split("|")} - {EVERYBODY, SIGNED_IN}
    assert sorted(asked - policy.permissions()) == []


def test_a_door_to_a_child_is_open_to_nobody_without_leave() -> None:
    open_doors = [
        door.name for door in doors() if "child_id" in door.takes and door.leave in (EVERYBODY, SIGNED_IN)
    ]
    assert open_doors == []


@pytest.fixture
def clock(families: date, monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The afternoon of the day for which the families stand there."""
    now = datetime.combine(families, time(15), tzinfo=ZoneInfo("Europe/Amsterdam"))
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: now)
    return now


def address(door: Door, child_id: UUID) -> str:
    """The door at this child, with rows of this child in it where it has them."""
    values: dict[str, Any] = {"child_id": child_id}
    for name in door.takes - {"child_id"}:
        values[name] = (
            WORDS[name]
            if name not in door.ids
            else _row(ROWS.get(door.name) or ROWS.get(name, "careplan.Goal"), child_id)
        )
    return reverse(door.name, kwargs={name: values[name] for name in door.takes})


def _row(label: str, child_id: UUID) -> UUID:
    table = apps.get_model(label)
    return table._default_manager.filter(child_id=child_id).values_list("id", flat=True).first() or child_id


def subject_for(actor: Actor, child_id: UUID, on: date) -> Subject | None:
    try:
        return child_for(actor, child_id, on).subject
    except DomainError:
        return None


def has_leave(actor: Actor, subject: Subject | None, leave: str, on: date) -> bool:
    return (
        any(
            policy.may(actor, one, subject, on)
            for one in leave.split("|")
            if one not in (EVERYBODY, SIGNED_IN)
        )
        if subject
        else False
    )


def one_of_each_kind(child_id: UUID, on: date) -> list[User]:
    """Of the people who may do the same with this child one, and of those who may do nothing three."""
    kinds: dict[frozenset[str], list[User]] = {}
    for user in User.objects.order_by("username"):
        actor = actor_for(user)
        subject = subject_for(actor, child_id, on)
        able = frozenset(
            one for one in policy.permissions() if subject and policy.may(actor, one, subject, on)
        )
        kinds.setdefault(able, []).append(user)
    return [user for able, users in kinds.items() for user in users[: 1 if able else 3]]


@pytest.mark.parametrize("given_name", CHILDREN)
def test_who_has_no_leave_finds_no_door_and_leaves_nothing_behind(given_name: str, clock: datetime) -> None:
    child = Child.objects.get(given_name=given_name)
    found = []
    for user in one_of_each_kind(child.id, clock.date()):
        actor = actor_for(user)
        subject = subject_for(actor, child.id, clock.date())
        browser = Client()
        browser.force_login(user)
        for door in (one for one in doors() if "child_id" in one.takes):
            if not has_leave(actor, subject, door.leave, clock.date()):
                found += [f"{user.name} at {one}" for one in ajar(browser, door, child.id)]
    assert not found, "\n".join(found)


def ajar(browser: Client, door: Door, child_id: UUID) -> Iterator[str]:
    """What is wrong with a door that should be shut to this browser."""
    for method in ("GET", "POST"):
        before = done()
        answer = browser.generic(method, address(door, child_id))
        if answer.status_code not in ((404,) if method in door.methods else (302, 404, 405)):
            yield f"{method} {door.name}: {answer.status_code}"
        if done() != before:
            yield f"{method} {door.name}: left a line as if it was allowed"


def done() -> int:
    """How many lines the trail has of what was done; refusals are not counted."""
    return AuditLine.objects.exclude(outcome="refused").count()


@pytest.mark.parametrize("given_name", CHILDREN)
def test_who_has_leave_finds_the_page(given_name: str, clock: datetime) -> None:
    """The pages that always exist for this child; the others depend on where its journey stands."""
    always = (
        "child_start",
        "child_help",
        "child_team",
        "child_timeline",
        "child_trail",
        "child_card",
        "record",
    )
    child = Child.objects.get(given_name=given_name)
    for user in one_of_each_kind(child.id, clock.date()):
        actor = actor_for(user)
        subject = subject_for(actor, child.id, clock.date())
        browser = Client()
        browser.force_login(user)
        for door in (one for one in doors() if one.name in always):
            answer = browser.get(address(door, child.id))
            expected = 200 if has_leave(actor, subject, door.leave, clock.date()) else 404
            assert (user.name, door.name, answer.status_code) == (user.name, door.name, expected)


def test_whoever_is_nobody_is_sent_to_the_front_door(clock: datetime) -> None:
    child = Child.objects.get(given_name=CHILDREN[0])
    browser = Client()
    for door in doors():
        if door.leave == EVERYBODY:
            continue
        where = address(door, child.id)
        for method in ("GET", "POST"):
            answer = browser.generic(method, where)
            assert answer.status_code == 302, f"{method} {door.name}: {answer.status_code}"
            assert answer.headers["Location"].startswith(reverse("sign_in")), door.name
