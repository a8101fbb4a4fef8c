"""The page with hard words: for everybody, and every word of the list stands on it."""

from types import SimpleNamespace
from typing import cast

import pytest
from django.test import Client

from kindzorg.access.policy import Actor
from kindzorg.access.roles import Role
from kindzorg.ui.plain.meanings import words
from kindzorg.web.roles import reads_as

pytestmark = pytest.mark.django_db


def test_the_page_needs_no_account_and_holds_every_word(client: Client) -> None:
    page = client.get("/words")
    assert page.status_code == 200
    shown = [row["key"] for _, rows in page.context["letters"] for row in rows]
    assert shown == [word.key for word in words("nl")]
    letters = [letter for letter, _ in page.context["letters"]]
    assert letters == sorted(set(letters))


def test_every_page_links_to_it(client: Client) -> None:
    assert 'href="/words"' in client.get("/sign-in").content.decode()


@pytest.mark.parametrize(
    ("roles", "audience"),
    [
        ([], "parent"),
        ([Role.CHILD], "child"),
        ([Role.YOUNG_PERSON], "parent"),
        ([Role.AUTHORITY_HOLDER, Role.RELATIVE], "parent"),
        ([Role.AUTHORITY_HOLDER, Role.PAEDIATRIC_NURSE], "professional"),
    ],
)
def test_a_page_about_no_child_is_read_as_who_one_is(roles: list[Role], audience: str) -> None:
    actor = SimpleNamespace(grants=[SimpleNamespace(role=role) for role in roles]) if roles else None
    assert reads_as(cast(Actor | None, actor)) == audience


def test_in_a_language_without_these_words_they_are_lent_and_marked_as_dutch(client: Client) -> None:
    page = client.get("/words", headers={"accept-language": "tr"}).content.decode()
    assert '<html lang="tr"' in page and '<span class="kz-lent" lang="nl" dir="ltr">AVG</span>' in page
