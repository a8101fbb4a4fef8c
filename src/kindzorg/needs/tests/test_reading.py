"""Who reads what on the pages of the scan: the parents' own part stands apart from what the child reads."""

from typing import Any

import pytest

from kindzorg.careteam.actions import correct_identity
from kindzorg.needs.tests.conftest import OWN_WORDS

pytestmark = pytest.mark.django_db


def words_of(response: Any) -> str:
    assert response.status_code == 200
    return str(response.content.decode())


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize(("years", "reads"), [(11, False), (12, True), (16, True)])
def test_a_child_reads_what_is_told_of_it_from_12_and_never_what_parents_tell_of_themselves(
    world, as_, at, years: int, reads: bool
) -> None:
    as_("samira").post(at("topic", "parents_rest"), {"now": "Ik ben op", "needed": "Een vrij weekend"})
    as_("samira").post(at("carrying_of", "other") + "?name=Samira", {"whose": "parents", "load": "very_much"})
    born = world.now.date().replace(year=world.now.year - years)
    correct_identity(world.actor("marit"), world.subject("marit"), {"birth_date": born}, world.now)
    pages = [
        at(),
        at("together", "medical"),
        at("together", "social"),
        at("together_topic", "medical", "nights"),
    ]
    pages.append(at("together_topic", "social", "parents_rest"))
    read = [words_of(as_("noor").get(page)) for page in pages]
    assert not any(
        word in page for page in read for word in ("Ik ben op", "vrij weekend", OWN_WORDS, "Samira (")
    )
    assert any("Nachtzorg" in page for page in read) is reads
    assert any("Ik zie dat zij moe zijn" in page for page in read) is reads
    assert "Ik zie ze weinig" in read[2]
    assert not any("Hier heeft nog niemand" in page for page in read)
    as_("marit").post(at("close"))
    closed = words_of(as_("noor").get(at()))
    assert "vrij weekend" not in closed and OWN_WORDS not in closed and ("Nachtzorg" in closed) is reads
    assert "Een vrij weekend" in words_of(as_("marit").get(at()))


@pytest.mark.usefixtures("begun")
def test_a_page_says_who_may_read_the_answer(as_, at) -> None:
    own = "uw kind leest het niet"
    for page in (at("said", "healthy"), at("topic", "parents_rest"), at("carrying_of", "other")):
        assert own in words_of(as_("samira").get(page))
    assert "Uw kind mag dit lezen vanaf 12 jaar" in words_of(as_("samira").get(at("topic", "nights")))
    assert "Je ouders en je zorgverleners lezen dit" in words_of(as_("noor").get(at("said", "healthy")))
    assert "Wie mag dit zien?" not in words_of(as_("marit").get(at("topic", "nights"))).split("<main")[1]
