"""The pages on which an organisation words texts anew, and who then reads what."""

from collections.abc import Iterator
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from kindzorg.access.roles import Role, Scope
from kindzorg.careplan.tests.conftest import World, build
from kindzorg.careteam.models import Grant
from kindzorg.core.texts import content
from kindzorg.people import own
from kindzorg.people.house.rules import TextPlace, shipped_text
from kindzorg.people.models import Organisation, OwnText
from kindzorg.ui.tests.pages import unexplained

pytestmark = pytest.mark.django_db
# What a parent reads at the head of the page of what is new... and one with a place to fill in.
LEAD = TextPlace("web.search.lead", "parent", "nl")
PLACED = TextPlace("web.news.plan_in_force", "professional", "nl")
MINE = "Zoek hier in alles over uw kind."


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    own._KEPT.clear()
    made = build()
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: made.moment)
    nurse = made.users["nurse"]
    work = nurse.professionals.get()
    Grant.objects.create(
        user=nurse,
        role=Role.TEAM_LEAD,
        scope=Scope.ORGANISATION,
        scope_id=work.organisation_id,
        starts=made.moment.date(),
        created_at=made.moment,
        opens_children=True,
    )
    yield made
    own._KEPT.clear()


def browser(world: World, who: str) -> Client:
    found = Client()
    found.force_login(world.users[who])
    return found


def address(place: TextPlace) -> str:
    return reverse("own_text", args=[place.key, place.audience, place.language])


def sends(world: World, place: TextPlace, step: str, **typed: Any) -> Any:
    return browser(world, "nurse").post(address(place), {"step": step, "instead_of": 0, **typed})


def read(world: World, who: str, name: str = "child_search") -> str:
    answer = browser(world, who).get(reverse(name, args=[world.child_id]))
    assert answer.status_code == 200
    return unescape(unexplained(answer.content.decode()))


def test_a_parent_of_the_house_reads_it_until_it_is_undone(world: World) -> None:
    shipped = shipped_text(LEAD)
    keeper = world.users["nurse"].professionals.get().organisation_id
    assert Organisation.objects.get(id=keeper).own_stamp is None
    assert shipped in read(world, "mother")
    assert sends(world, LEAD, "save", words=MINE).status_code == 302
    assert MINE in read(world, "mother") and shipped not in read(world, "mother")
    assert MINE not in read(world, "nurse")
    page = unescape(browser(world, "nurse").get(address(LEAD)).content.decode())
    assert MINE in page and shipped in page
    assert sends(world, LEAD, "standard", instead_of=1).status_code == 302
    assert shipped in read(world, "mother")
    assert sends(world, LEAD, "again", instead_of=2, version=1).status_code == 302
    assert MINE in read(world, "mother")
    assert [one.words for one in OwnText.objects.order_by("number")] == [MINE, "", MINE]


def test_the_keeper_of_the_file_words_it_and_no_other_house(world: World) -> None:
    """Who works elsewhere reads, about this child, what the keeper says; and on other pages what its own house says."""
    keeper = world.users["nurse"].professionals.get().organisation
    elsewhere = Organisation.objects.exclude(id=keeper.id).first()
    assert elsewhere
    for house, words in ((elsewhere, "Elders gezegd."), (keeper, MINE)):
        OwnText.objects.create(
            organisation=house, key=LEAD.key, audience="parent", language="nl", number=1,
            words=words, of="x", by_id=uuid4(), by="x", created_at=world.moment,
        )  # fmt: skip
        Organisation.objects.filter(id=house.id).update(own_stamp=uuid4())
    assert MINE in read(world, "mother") and "Elders gezegd." not in read(world, "mother")


def test_looking_first_saves_nothing_and_says_what_is_hard(world: World) -> None:
    long = "U zoekt hier in alles wat u hier mag lezen en dat is werkelijk heel erg veel meer dan u denkt. XYZ en Wlz."
    answer = sends(world, LEAD, "look", words=long)
    page = unescape(answer.content.decode())
    assert answer.status_code == 200 and not OwnText.objects.exists()
    assert "meer dan 15 woorden" in page and "afkorting zonder uitleg: XYZ" in page
    assert 'class="kz-word" popovertarget="word-wlz"' in page
    assert page.count(long) >= 1


def test_what_is_filled_in_is_kept_and_what_was_typed_too(world: World) -> None:
    answer = sends(world, PLACED, "save", words="Er is een nieuw plan")
    page = unescape(answer.content.decode())
    assert answer.status_code == 200 and not OwnText.objects.exists()
    assert "{title}. Zet dit terug" in page and "Er is een nieuw plan</textarea>" in page
    page = unescape(sends(world, PLACED, "save", words="100% {title} <b>").content.decode())
    assert "kan niet in een tekst staan: <" in page and not OwnText.objects.exists()
    assert sends(world, PLACED, "save", words="100% {title}").status_code == 302
    assert "Typ uw tekst." in sends(world, PLACED, "save", words=" ", instead_of=1).content.decode()


def test_somebody_else_was_first_and_both_are_shown(world: World) -> None:
    sends(world, LEAD, "save", words=MINE)
    page = unescape(sends(world, LEAD, "save", words="Toch anders.").content.decode())
    assert f'Er staat nu: "{MINE}"' in page and "Toch anders.</textarea>" in page
    assert 'name="instead_of" value="1"' in page
    assert sends(world, LEAD, "save", words="Toch anders.", instead_of=1).status_code == 302


def test_a_release_changed_the_standard_text(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    sends(world, LEAD, "save", words=MINE)
    said = content("web", "search")["lead"]
    newer = {**said, "parent": {**said["parent"], "nl": "Zoek in alles wat u mag zien."}}
    monkeypatch.setitem(content("web", "search"), "lead", newer)
    from kindzorg.web.house import catalogue

    catalogue.catalogue.cache_clear()
    page = unescape(browser(world, "nurse").get(address(LEAD)).content.decode())
    assert "De standaardtekst is sindsdien veranderd" in page
    assert MINE in page and "Zoek in alles wat u mag zien." in page
    page = unescape(browser(world, "nurse").get(reverse("own_texts")).content.decode())
    assert "Bij 1 eigen teksten" in page and "standaardtekst is veranderd" in page
    assert MINE in read(world, "mother")
    sends(world, LEAD, "save", words=MINE, instead_of=1)
    assert "sindsdien veranderd" not in browser(world, "nurse").get(address(LEAD)).content.decode()
    catalogue.catalogue.cache_clear()


def test_a_fixed_text_says_why_and_offers_no_field(world: World) -> None:
    name, said = next(iter(content("web", "sharing").items()))
    place = TextPlace(f"web.sharing.{name}", next(iter(said)), "nl")
    page = browser(world, "nurse").get(address(place)).content.decode()
    assert "Deze tekst staat vast" in page and "<textarea" not in page
    sends(world, place, "save", words="Alles mag")
    assert not OwnText.objects.exists()


def test_texts_are_found_by_words_room_and_reader(world: World) -> None:
    page = browser(world, "nurse")
    answer = page.get(
        reverse("own_texts"), {"q": "zoekt alles hier mag", "audience": "parent", "room": "web"}
    )
    text = unescape(answer.content.decode())
    assert shipped_text(LEAD) in text and address(LEAD) in text
    many = page.get(reverse("own_texts"), {"audience": "child", "room": "needs"}).content.decode()
    assert "page=2" in many
    assert "page=1" in page.get(reverse("own_texts"), {"audience": "child", "page": "2"}).content.decode()
    assert "Geen tekst gevonden" in page.get(reverse("own_texts"), {"q": "xyzzy"}).content.decode()
    assert page.get(reverse("own_texts"), {"audience": "zzz", "page": "zz"}).status_code == 200


@pytest.mark.parametrize(
    "place",
    [
        TextPlace("web.nowhere.x", "parent", "nl"),
        TextPlace(LEAD.key, "nobody", "nl"),
        TextPlace(LEAD.key, "parent", "xx"),
    ],
)
def test_what_is_no_text_is_not_found(world: World, place: TextPlace) -> None:
    assert browser(world, "nurse").get(address(place)).status_code == 404


@pytest.mark.parametrize("who", ["mother", "child"])
def test_it_is_not_there_for_others(world: World, who: str) -> None:
    if who in world.users:
        assert browser(world, who).get(reverse("own_texts")).status_code == 404
        assert browser(world, who).post(address(LEAD), {"step": "save", "words": MINE}).status_code == 404
    assert not OwnText.objects.exists()
