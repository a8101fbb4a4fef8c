"""Searching finds what the pages show to the same reader, and nothing else: for everybody around every family."""

import re
from datetime import datetime
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kindzorg.audit.models import AuditLine
from kindzorg.careteam.queries import actor_for, child_for
from kindzorg.people.models import Child
from kindzorg.referral.tests.conftest import counted
from kindzorg.web.search.rules import Kind
from kindzorg.web.search.sources import passages

from .test_doors import CHILDREN, clock, has_leave, one_of_each_kind, subject_for

pytestmark = [pytest.mark.django_db, pytest.mark.walk, pytest.mark.once]
assert clock  # a fixture


def words_of(page: str) -> str:
    """What a page says, without its tags and on one line."""
    shown = re.sub(r"(?s)<(script|style).*?</\1>", " ", page)
    return flat(unescape(re.sub(r"<[^>]+>", " ", shown)))


def flat(text: str) -> str:
    return re.sub(r"[^\w]+", " ", text).strip()


@pytest.mark.parametrize("given_name", CHILDREN)
def test_what_is_found_stands_on_the_page_that_it_leads_to(given_name: str, clock: datetime) -> None:
    child = Child.objects.get(given_name=given_name)
    kinds: set[Kind] = set()
    for user in one_of_each_kind(child.id, clock.date()):
        actor = actor_for(user)
        subject = subject_for(actor, child.id, clock.date())
        if not has_leave(actor, subject, "child.open", clock.date()):
            continue
        opened = child_for(actor, child.id, clock.date())
        request = SimpleNamespace(actor=actor, today=clock.date(), now=clock)
        found = passages(request, opened)
        kinds |= {one.kind for one in found}
        pages = shown_pages(user, {one.url.partition("#")[0] for one in found})
        for one in found:
            page = pages[one.url.partition("#")[0]]
            for words in (one.title, *one.texts):
                assert flat(words) in page, (user.name, one.url, words)
    assert {Kind.PERSON, Kind.FILE} <= kinds


def shown_pages(user: Any, addresses: set[str]) -> dict[str, str]:
    browser = Client()
    browser.force_login(user)
    pages = {}
    for address in addresses:
        answer = browser.get(address)
        assert answer.status_code == 200, (user.name, address)
        pages[address] = words_of(answer.content.decode())
    return pages


def test_a_search_asks_few_statements_and_is_written_down_without_its_words(clock: datetime) -> None:
    child = Child.objects.get(given_name="Sterre")
    for user in one_of_each_kind(child.id, clock.date()):
        browser = Client()
        browser.force_login(user)
        address = reverse("child_search", args=[child.id])
        if browser.get(address).status_code != 200:
            continue
        browser.get(address, {"q": "sonde"})
        with counted(most=12):
            assert browser.get(address, {"q": "zuurstof nacht"}).status_code == 200
    lines = AuditLine.objects.filter(child_id=child.id, event="search.made")
    assert lines.exists()
    assert not [one for one in lines.values() if "zuurstof" in str(one)]
