"""The scan on paper and the cards to talk by: whole, readable aloud, and without a word of any child."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from kindzorg.core.vocabulary import Audience, LifeDomain
from kindzorg.needs.definition import Respondent, definition
from kindzorg.needs.paper.pages import scan_sheets, talk_cards
from kindzorg.needs.paper.views import PAPERS
from kindzorg.people.models import User
from tests.machine import NOW

LANGUAGES = ("nl", "en")


@pytest.mark.once
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("respondent", [Respondent.CHILD, Respondent.PARENT])
def test_the_paper_asks_what_the_scan_asks(respondent: Respondent, language: str) -> None:
    scan, sheets = definition(), scan_sheets(respondent, language)
    titles = [topic["title"] for domain in sheets["domains"] for topic in domain["topics"]]
    assert titles == [
        topic.title(respondent.audience, language)
        for domain in LifeDomain
        for topic in scan.offered(respondent, domain)
    ]
    assert [field["label"] for field in sheets["form"]] == [
        field.label(respondent.audience, language) for field in scan.form(respondent)
    ]


@pytest.mark.once
def test_only_a_child_is_asked_with_faces() -> None:
    faces = {
        who: [
            choice
            for field in scan_sheets(who, "nl")["form"]
            for choice in field["choices"]
            if "picture" in choice
        ]
        for who in (Respondent.CHILD, Respondent.PARENT)
    }
    assert len(faces[Respondent.CHILD]) == 5
    assert faces[Respondent.PARENT] == []


@pytest.mark.once
def test_a_card_has_the_pictogram_of_its_topic_in_the_colour_of_its_domain() -> None:
    cards = {
        topic["title"]: topic["picture"]
        for domain in talk_cards(Audience.CHILD, "nl")["domains"]
        for topic in domain["topics"]
    }
    assert len(cards) == len(definition().offered(Respondent.CHILD))
    assert len(set(cards.values())) == len(cards)
    assert "#2f7336" in cards["School"]
    assert "currentColor" not in "".join(cards.values())


@pytest.mark.django_db
def test_who_signed_in_opens_each_paper_from_the_page(django_user_model: type[User]) -> None:
    browser = Client()
    assert browser.get(reverse("needs_paper")).status_code == 302
    browser.force_login(django_user_model.objects.create(username="samira", name="Samira", created_at=NOW))
    page = browser.get(reverse("needs_paper")).content.decode()
    links = re.findall(r'href="(/paper/[^"]+)"', page)
    assert links == [reverse("needs_paper_file", args=[which]) for which in PAPERS]
    for link in links:
        answer = browser.get(link)
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF")
    assert browser.get(reverse("needs_paper_file", args=["iets"])).status_code == 404
