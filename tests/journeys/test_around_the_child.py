"""Pages around the child that no other story meets: on a telephone and a wide screen, with and without scripts."""

from collections.abc import Callable

import pytest

from tests.journeys.people import Visitor

pytestmark = pytest.mark.browser


def test_who_is_around_sterre_who_she_is_and_who_answers(come_in: Callable[..., Visitor]) -> None:
    linda = come_in("Linda de Wit", "Sterre de Wit", width="narrow", javascript=False)
    for page, words in (
        ("team/map", "Marit van der Laan"),
        ("portrait", "Sterre"),
        ("portrait/comfort", "Bewaren"),
        ("portrait/paper", "Sterre"),
        ("strain", "Hoe gaat het"),
        ("strain/new", "Hoe"),
        ("team/responsibilities", "Dr. Karin van Dijk"),
    ):
        linda.goes_to(page)
        linda.reads(words)
    marit = come_in("Marit van der Laan", "Sterre de Wit")
    for page in ("team/map", "portrait", "team/responsibilities", "team/responsibilities/medical"):
        marit.goes_to(page)


def test_the_child_sees_its_own_words(come_in: Callable[..., Visitor]) -> None:
    noor = come_in("Noor van Essen", "Noor van Essen", width="narrow")
    for page in ("team/map", "portrait", "portrait/likes", "plan/propose"):
        noor.goes_to(page)
    wietske = come_in("Wietske van Essen", "Noor van Essen", width="narrow")
    wietske.goes_to("strain")
    wietske.goes_to("strain/new")


def test_a_swap_over_weeks_and_until_when_a_decision_holds(come_in: Callable[..., Visitor]) -> None:
    marit = come_in("Marit van der Laan", "Sterre de Wit", width="narrow", javascript=False)
    marit.goes_to("week?week=2026-W49")
    marit.goes_by(".kz-day a[href*='/week/visits/']")
    marit.follows("Ruilen")
    marit.follows("Week erna")
    marit.reads("Bezoeken in de week van")
    marit.goes_to("week/needed/new")
    marit.reads("Welk levensdomein?")
    marit.goes_to("referral")
    marit.reads("loopt bijna af")
    marit.follows("Nieuwe datum")
    marit.writes("Laatste dag waarop het geldt", "2027-12-31")
    marit.presses("Bewaren")
    marit.reads("31 december 2027")
    linda = come_in("Linda de Wit", "Sterre de Wit", width="narrow")
    linda.goes_to("referral")
    linda.reads("Dit besluit geldt tot en met 31 december 2027")
    linda.goes_to("plan/full")
    linda.follows("Waken in de nacht")
    linda.reads("De volgende bezoeken")
