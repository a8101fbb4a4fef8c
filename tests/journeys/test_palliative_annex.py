"""Fenna's palliative plan: read by who may, agreed on by both parents, on the emergency card after their yes alone."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.journeys.people import Visitor

pytestmark = pytest.mark.browser


def test_parents_and_doctor_agree_and_decide_what_shows(come_in: Callable[..., Visitor]) -> None:
    marten = come_in("Marten Wijnstra", "Fenna Wijnstra", width="narrow")
    marten.goes_to("plan")
    marten.follows("Samen vooruitkijken")
    marten.reads("Reanimeren: Niet doen", "Voeding en vocht via een slang", "Nog niet bevestigd")
    marten.follows("Wat wij wensen")
    marten.reads("Thuis, in de kamer aan de tuinkant", "Hier willen wij nu niet over praten")
    marten.goes_to("annex/write/after/parent")
    marten.writes(
        "Wat is belangrijk na het overlijden, en wie blijft u zien?", "Dat Aukje nog eens langskomt."
    )
    marten.presses("Bewaren")
    marten.reads("Dat Aukje nog eens langskomt.", "Marten Wijnstra")
    marten.goes_to("card")
    marten.finds_nothing_of("Behandelafspraken", "palliatief")

    # He thought about the feeding by tube, and agrees.
    marten.goes_to("annex/treatments")
    marten.follows("Zeg of u het eens bent")
    marten.reads("Voeding en vocht via een slang: Wel doen")
    marten.presses("Bewaren")
    marten.reads("Kies eerst een antwoord")
    marten.chooses("Ja, eens")
    marten.presses("Bewaren")
    marten.goes_to("annex")
    marten.finds_nothing_of("Nog niet bevestigd")

    # The card shows it after a yes, and not before.
    marten.goes_to("annex/choices")
    marten.reads("Zegt een van u nee, dan blijft het nee")
    marten.page.locator("input[name=card][value=yes]").check(force=True)
    marten.presses("Bewaren")
    marten.goes_to("card")
    marten.reads("Behandelafspraken", "Reanimeren: Niet doen", "Bevestigd")
    # That there is a palliative plan, and whom to call, is a question of its own.
    marten.finds_nothing_of("palliatief", "Kinderthuiszorg De Terp 055 600 02 00")
    marten.goes_to("annex/choices")
    marten.page.locator("input[name=sign][value=yes]").check(force=True)
    marten.presses("Bewaren")
    marten.goes_to("card")
    marten.reads("Er is een palliatief plan", "Kinderthuiszorg De Terp 055 600 02 00")

    with marten.page.expect_download() as waiting:
        marten.page.get_by_role("link", name="Bewaar als pdf").click()
    kept = waiting.value.path().read_bytes()
    assert kept.startswith(b"%PDF")
    found: Any = marten.page.request.get(f"{marten.child}/annex/annex.pdf")
    assert found.ok and found.body().startswith(b"%PDF")
    marten.goes_to("trail")
    marten.reads("bewaarde het palliatief plan als pdf")

    # The care coach reads along only where the family says so: there is nothing here for her.
    mirjam = come_in("Mirjam Wiersma", "Fenna Wijnstra")
    mirjam.goes_to("plan")
    assert not mirjam.page.get_by_role("link", name="Palliatief plan").count()
    mirjam.may_not_open(f"{mirjam.child}/annex")
    mirjam.may_not_open(f"{mirjam.child}/annex/annex.pdf")

    # The paediatrician writes one agreement anew: it is not confirmed until both said yes again.
    henk = come_in("Dr. Henk Zijlstra", "Fenna Wijnstra")
    henk.goes_to("annex/treatments")
    henk.follows("Afspraak opnieuw vastleggen")
    henk.writes("Waarom?", "Zo blijven wij bij haar.")
    henk.writes("Op welke dag besproken?", "2026-09-14")
    henk.presses("Bewaren")
    henk.reads("Nog niet bevestigd")
