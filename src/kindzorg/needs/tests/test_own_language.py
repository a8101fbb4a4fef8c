"""Answers of the scan in the family's own language: marked at writing, translated beside, never replaced."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kindzorg.core.vocabulary import Truth
from kindzorg.needs.marked import given_in
from kindzorg.needs.models import NeedsAnswer
from kindzorg.needs.tests.test_talk import points
from kindzorg.needs.tests.test_views import statements
from kindzorg.needs.tests.world import World
from kindzorg.needs.unseen import key_of
from kindzorg.people.models import Relative
from kindzorg.record.models import WordsIn
from kindzorg.ui.tests.pages import unexplained

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("begun")]
ARABIC = "نستيقظ ثلاث مرات"


def page_of(response: Any) -> str:
    assert response.status_code == 200, response
    return unexplained(response.content.decode())


@pytest.fixture
def speaks_arabic(world: World, now: Any) -> None:
    known = {"language": "ar", "interpreter": Truth.YES, "interpreter_at": now}
    Relative.objects.filter(id=world.relatives["samira"]).update(**known)


@pytest.mark.usefixtures("speaks_arabic")
def test_she_writes_arabic_and_the_nurse_places_a_translation_below(world: World, as_, at) -> None:
    page = page_of(as_("samira").get(at("topic", "eating")))
    assert "In welke taal schrijft u?" in page and '<option value="ar" selected>' in page
    as_("samira").post(at("topic", "eating"), {"now": ARABIC, "written_in": "ar"})
    row = WordsIn.objects.get()
    assert (row.language, row.step, row.of) == ("ar", "written", "needs")
    together = at("together", "medical")
    page = page_of(as_("marit").get(together))
    assert f'lang="ar" dir="auto"><span>{ARABIC}</span>' in page and "In het Arabisch" in page
    link = reverse("words", args=[world.child_id, "needs", row.object_id])
    assert link in page
    assert ARABIC in page_of(as_("marit").get(link))
    assert "Schrijf de vertaling op." in page_of(as_("marit").post(link, {"into": "nl", "words_now": " "}))
    assert as_("marit").post(link, {"into": "nl", "words_now": "Wij staan drie keer op"}).status_code == 302
    page = page_of(as_("samira").get(together))
    assert "Wij staan drie keer op" in page and "vertaald door Marit" in page and ARABIC in page
    assert NeedsAnswer.objects.get(given__topic="eating").given["now"] == ARABIC
    # Other words are not what was translated.
    as_("samira").post(at("topic", "eating"), {"now": "مرتين", "written_in": "ar"})
    assert "Wij staan drie keer op" not in page_of(as_("marit").get(together))


@pytest.mark.usefixtures("speaks_arabic")
def test_she_writes_dutch_after_all(as_, at) -> None:
    as_("samira").post(at("topic", "eating"), {"now": "Drie keer", "written_in": "ar"})
    assert not WordsIn.objects.exists()


@pytest.mark.usefixtures("speaks_arabic")
def test_who_types_for_her_is_asked_too_with_dutch_ready(as_, at) -> None:
    page = page_of(as_("marit").get(at("topic", "eating", person="samira")))
    assert "In welke taal schrijft u?" in page and '<option value="nl" selected>' in page
    as_("marit").post(at("topic", "eating", person="samira"), {"now": "Drie keer", "written_in": "nl"})
    assert not WordsIn.objects.exists()


def test_who_writes_dutch_is_not_asked(as_, at) -> None:
    for page in (at("topic", "eating"), at("said", "healthy"), at("carrying_of", "child")):
        assert "In welke taal" not in page_of(as_("samira").get(page))


@pytest.mark.usefixtures("speaks_arabic")
def test_her_opening_words_and_what_rests_on_her_too(world: World, as_, at) -> None:
    as_("samira").post(at("said", "healthy"), {"words": ARABIC, "written_in": "ar"})
    as_("samira").post(at("carrying_of", "child"), {"load": "much", "words": ARABIC, "written_in": "ar"})
    as_("samira").post(at("said", "strengths"), {"skip": "1"})
    assert WordsIn.objects.filter(step="written").count() == 2
    page = page_of(as_("marit").get(at()))
    assert 'lang="ar" dir="auto"' in page and "In het Arabisch" in page
    wrong = as_("samira").post(at("said", "healthy"), {"words": ARABIC, "written_in": "xx"})
    assert wrong.status_code == 200


@pytest.mark.usefixtures("speaks_arabic")
def test_her_own_words_at_the_summary_too(world: World, as_, at) -> None:
    page = at("summary_part", "medical")
    assert '<option value="ar" selected>' in page_of(as_("samira").get(page))
    one = points(world, "samira")["nights"]
    words = {f"words_{one.key}": ARABIC, f"of_{one.key}": one.given.given_at.isoformat()}
    as_("samira").post(page, {**words, "written_in": "ar"})
    assert WordsIn.objects.get().object_id == one.key
    assert f'lang="ar" dir="auto"><span>{ARABIC}</span>' in page_of(
        as_("marit").get(at("together", "medical"))
    )


def test_what_the_child_told_her_nurse_first_has_no_page_for_her_mother(world: World, as_, at) -> None:

    row = NeedsAnswer.objects.get(given__topic="feeling_safe")
    link = reverse("words", args=[world.child_id, "needs", key_of(row.kind, given_in(row))])
    assert as_("samira").get(link).status_code == 404
    assert as_("marit").get(link).status_code == 200


def test_the_pages_stay_within_their_statements(as_, at) -> None:
    for name, page in (("marit", at()), ("samira", at()), ("marit", at("together", "medical"))):
        browser: Client = as_(name)
        browser.get(page)
        assert statements(browser, page) <= 12, page
