"""Searching: words in any of their forms, in the sentence that shows them, for who may read them now."""

import re
from datetime import timedelta
from time import process_time

import pytest
from django.test import Client
from django.urls import reverse

from kindzorg.careplan.reports.actions import write_report
from kindzorg.careplan.reports.rules import NewReport, Reach
from kindzorg.careplan.tests.conftest import World, build
from kindzorg.careteam.consents.actions import decide_consent
from kindzorg.careteam.consents.rules import Decision, PartyKind, PartyRef
from kindzorg.core.statements import Later, together
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.people.models import Child, User
from kindzorg.web.search import rules
from kindzorg.web.search.rules import SHOWN, Found, Kind, Passage, folded, search, sought_in

pytestmark = pytest.mark.django_db


def stem(word: str) -> str:
    """A stem of three letters is enough to see how words are compared."""
    return {"geslapen": "slaap", "slapen": "slaap"}.get(word, word)


def found(typed: str, *passages: Passage) -> list[Found]:
    return search(passages, sought_in(typed, stem))


def told(text: str, title: str = "", **more: object) -> Passage:
    return Passage(kind=Kind.REPORT, title=title, texts=(text,), **more)  # type: ignore[arg-type]


def shown(one: Found) -> str:
    return "".join(f"[{part.words}]" if part.hit else part.words for part in one.parts)


def test_a_word_is_found_by_its_stem_by_its_beginning_and_without_accents() -> None:
    assert [shown(one) for one in found("Slapen", told("Goed geslapen vannacht. Daarna niet."))] == [
        "Goed [geslapen] vannacht."
    ]
    assert shown(found("sonde", told("De sondevoeding liep."))[0]) == "De [sondevoeding] liep."
    assert shown(found("reintegratie", told("Na de rei\u0308ntegratie."))[0]) == "Na de [reïntegratie]."
    assert not found("so", told("De sondevoeding liep."))
    assert folded("Één") == "een"


def test_every_word_must_be_there_in_the_title_or_the_text() -> None:
    one = told("Slijm weggezogen.", title="Ademen")
    assert [shown(each) for each in found("ademen slijm", one)] == ["[Slijm] weggezogen."]
    assert not found("ademen koorts", one)
    assert not sought_in(" .,! ", stem).words
    assert len(sought_in("a " * 50 + "b c", stem).words) == 3


def test_the_newest_comes_first_and_what_has_no_date_last(world: World) -> None:
    early, late = world.moment, world.moment + timedelta(days=1)
    rows = [told("hoest een"), told("hoest twee", at=early), told("hoest drie", at=late)]
    assert [shown(one) for one in found("hoest", *rows)] == ["[hoest] drie", "[hoest] twee", "[hoest] een"]


@pytest.mark.parametrize("before", [0, 20, 200])
@pytest.mark.parametrize("after", [0, 200])
def test_of_a_long_sentence_the_part_around_the_hit_is_shown(before: int, after: int) -> None:
    text = "woord " * before + "koorts" + " ander" * after
    words = shown(found("koorts", told(text))[0])
    assert "[koorts]" in words
    assert len(words) <= SHOWN + 16
    assert words.startswith("…") is (before * after > 0 or before == 200)
    assert words.endswith("…") is (after == 200)


@pytest.mark.parametrize("between", [" ", "\n", " \n"])
def test_much_empty_room_costs_no_time(between: str) -> None:
    began = process_time()
    one = found("koorts", told("Begin" + between * 60_000 + "koorts gehad"))[0]
    assert "[koorts] gehad" in shown(one)
    assert process_time() - began < 2


def test_the_sentence_with_the_most_of_the_words_is_shown() -> None:
    text = "Koorts gehad.\nIn de nacht koorts en hoest! Verder niets."
    assert shown(found("koorts hoest", told(text))[0]) == "In de nacht [koorts] en [hoest]!"


def test_what_is_asked_together_is_what_is_found_apart(world: World) -> None:
    users = User.objects.order_by("username")
    several = [
        Later((users, users.values("id", "is_active", "last_login", "username")), lambda *rows: rows),
        Later((Child.objects.none(),), list),
        Later((Child.objects.order_by("-id").values("birth_date", "created_at", "given_name"),), list),
    ]
    assert together(several) == [
        tuple(map(list, several[0].rows)),
        [],
        several[2].now(),
    ]
    assert together([Later((Child.objects.none(),), list)]) == [[]]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = build()
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: made.moment)
    return made


def page(world: World, who: str, **asked: object) -> str:
    browser = Client()
    browser.force_login(world.users[who])
    answer = browser.get(reverse("child_search", args=[world.child_id]), asked)
    assert answer.status_code == 200
    return str(answer.content.decode())


def lines(text: str) -> list[str]:
    rows = re.findall(r'kz-list__line">(.*?)</span>', text)
    return [row for row in rows if "<mark>" in row]


def write(world: World, who: str, words: str, domain: LifeDomain | None = None, **more: object) -> None:
    new = NewReport(words=words, happened_at=world.moment, domain=domain, **more)  # type: ignore[arg-type]
    world.do(who, write_report, new)


def test_somebody_finds_what_is_for_them_and_nothing_else(world: World) -> None:
    write(world, "nurse", "Na het slapen weer slijm.", LifeDomain.MEDICAL)
    write(world, "mother", "Slecht geslapen, ik ook.", reach=Reach.FAMILY)
    assert len(lines(page(world, "mother", q="sliep slapen"))) == 0
    assert len(lines(page(world, "mother", q="geslapen"))) == 2
    assert lines(page(world, "nurse", q="geslapen")) == ["Na het <mark>slapen</mark> weer slijm."]
    teacher = PartyRef(PartyKind.PROFESSIONAL, world.professionals["teacher"])
    world.do("mother", decide_consent, teacher, Decision(True, frozenset({LifeDomain.SOCIAL})))
    assert not lines(page(world, "teacher", q="geslapen"))


def test_the_page_filters_by_kind_and_turns_over(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(32):
        write(world, "nurse", f"Koorts gemeten, keer {number}.")
    first = page(world, "nurse", q="koorts")
    assert len(lines(first)) == 30
    assert "page=2" in first
    second = page(world, "nurse", q="koorts", page=2)
    assert len(lines(second)) == 2
    assert "page=" not in re.sub(r"page=2", "", second)
    assert len(lines(page(world, "nurse", q="koorts", kind="report"))) == 30
    worked_out = []
    whole = rules._shown
    monkeypatch.setattr(rules, "_shown", lambda *given: worked_out.append(given) or whole(*given))
    page(world, "nurse", q="koorts", page=2)
    assert len(worked_out) == 2
    other = page(world, "nurse", q="koorts", kind="goal")
    assert not lines(other)
    assert "Alles (32)" in other
    assert len(lines(page(world, "nurse", q="koorts", kind="elsewhere", page="x"))) == 30


def test_nothing_found_helps_along_and_what_is_typed_stays(world: World) -> None:
    none = page(world, "mother", q="ijsbeer pinguin")
    assert "Geen resultaat" in none
    assert "minder woorden" in none
    assert 'value="ijsbeer pinguin"' in none
    assert "minder woorden" not in page(world, "mother", q="ijsbeer")
    empty = page(world, "mother", q="  ")
    assert "Geen resultaat" not in empty
    assert "Typ een woord" in empty
    long = page(world, "mother", q="x" * 300)
    assert "te lang" in long
    assert "x" * 300 in long
    assert "Geen resultaat" not in page(world, "mother")
