"""Who may see one life domain finds not a word of the others behind any door, nor of what is about the whole."""

import json
from collections.abc import Iterator
from datetime import datetime
from html import unescape
from uuid import UUID

import pytest
from django.apps import apps
from django.http import HttpResponse
from django.test import Client

from kindzorg.access.parties import refusable
from kindzorg.access.policy import system_actor
from kindzorg.access.roles import Role
from kindzorg.careteam.consents.actions import record_consent
from kindzorg.careteam.consents.rules import Decision, Said, ground_of
from kindzorg.careteam.models import Membership
from kindzorg.careteam.queries import actor_for, child_for
from kindzorg.careteam.rules import ConsentWay
from kindzorg.careteam.sharing import family_of, party_of
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.demo.tests.test_doors import ROWS, WORDS, Door, clock, doors, reverse
from kindzorg.demo.tests.written import domains_of, said_of, tables
from kindzorg.journey.models import JourneyStep
from kindzorg.people.models import Child, User
from kindzorg.record.notes.actions import write_note
from kindzorg.record.notes.rules import NewNote

__all__ = ["clock"]
pytestmark = [pytest.mark.django_db, pytest.mark.walk, pytest.mark.once]
JOB = system_actor("test")
LISTS = ("home", "not_in", "coach", "emergency_reviews", "trail_desk")
ROWS_EACH = 2
OPEN = LifeDomain.DEVELOPMENT
CLOSED = frozenset(LifeDomain) - {OPEN}
FAMILIES = ("Sterre", "Noor", "Daan")


def test_every_table_says_of_which_domain_its_words_are() -> None:
    lacking = []
    for table in tables():
        try:
            domains_of(table._meta.label_lower)
        except KeyError:
            lacking.append(table._meta.label_lower)
    assert lacking == [], "say it in written.py"


@pytest.fixture
def papers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A paper as the words that it is made of."""
    for room in ("careplan.views", "closure.views", "referral.views", "web.emergency_card"):
        monkeypatch.setattr(
            f"kindzorg.{room}.make_pdf",
            lambda room, name, data: json.dumps(data, ensure_ascii=False, default=str).encode(),
        )


@pytest.mark.parametrize("given_name", FAMILIES)
@pytest.mark.usefixtures("papers")
def test_who_sees_one_domain_finds_no_word_of_the_others(given_name: str, clock: datetime) -> None:
    child = Child.objects.get(given_name=given_name)
    plant(child, clock)
    said = said_of(child)
    shut = {words for words, about in said.items() if all(OPEN not in domains for domains in about)}
    assert len(shut) > 40
    found: list[str] = []
    for member in parties(child, clock):
        narrow(child, member, clock)
        found += leaks(member.professional.user if member.professional else member.relative.user, child, shut)
    assert not found, "\n".join(sorted(set(found)))


def plant(child: Child, now: datetime) -> None:
    """What the families hold too little of: a note in each domain, and words with a step of the journey."""
    leads = Membership.objects.get(child=child, leads=True, until=None)
    nurse = actor_for(leads.professional.user)
    subject = child_for(nurse, child.id, now.date()).subject
    for domain in LifeDomain:
        write_note(nurse, subject, NewNote(domain, f"Een notitie over {domain} van vandaag"), now)
    step = JourneyStep.objects.filter(child=child).latest("created_at")
    step.pk, step.note = None, "Waarom het traject een stap zette"
    step.save(force_insert=True)


def parties(child: Child, now: datetime) -> list[Membership]:
    """Everybody about whom the family decides, and who has an account."""
    rows = Membership.objects.filter(child=child, until=None).select_related("professional", "relative")
    there = [one for one in rows if (who := one.professional or one.relative) and who.user_id]
    return list({one.role: one for one in there if refusable(Role(one.role))}.values())


def narrow(child: Child, member: Membership, now: datetime) -> None:
    """The family leaves one domain open to this one."""
    subject = child_for(JOB, child.id, now.date()).subject
    family = family_of(child, now.date())
    by = (*(one.id for one in family.holders), family.child.id)
    ground = ground_of(Role(member.role))
    speakers = {one.id for one in family.may_speak(ground, now.date())}
    said = Said(ConsentWay.IN_PERSON, tuple(one for one in by if one in speakers)[:1])
    record_consent(JOB, subject, party_of(member), Decision(False, CLOSED), said, now)


def leaks(user: User, child: Child, shut: set[str]) -> Iterator[str]:
    """Which page shows this reader which of these words."""
    browser = Client()
    browser.force_login(user)
    for door in doors():
        if "GET" not in door.methods or not (door.name in LISTS or "child_id" in door.takes):
            continue
        for address in addresses(door, child.id):
            answer = browser.get(address)
            text = body(answer)
            for words in shut:
                if words in text:
                    yield f"{user.name} at {door.name} ({address}): {words[:70]}"


def body(answer: HttpResponse) -> str:
    return unescape(answer.content.decode(errors="ignore")) if not answer.streaming else ""


def addresses(door: Door, child_id: UUID) -> Iterator[str]:
    """The door with every row of this child in it."""
    if not door.takes:
        yield reverse(door.name)
        return
    plain = {name: WORDS[name] for name in door.takes - door.ids}
    ids = door.ids - {"child_id"}
    if not ids:
        yield reverse(door.name, kwargs={"child_id": child_id, **plain})
        return
    (name,) = ids
    label = ROWS.get(door.name) or ROWS.get(name, "careplan.Goal")
    for row in (
        apps.get_model(label)
        ._default_manager.filter(child_id=child_id)
        .values_list("id", flat=True)[:ROWS_EACH]
    ):
        yield reverse(door.name, kwargs={"child_id": child_id, name: row, **plain})
