"""Before something is done to a child: it sees what happens, says how it wants it, and who does it has read that."""

from collections.abc import Callable

import pytest

from tests.journeys.people import Visitor

pytestmark = pytest.mark.browser
OWN = "Papa zit naast me."
FEAR = "Koude gel vind ik niks."


def test_a_girl_of_nine_prepares_alone_and_her_nurse_knows_before_the_visit(
    come_in: Callable[..., Visitor],
) -> None:
    noor = come_in("Noor van Essen", "Noor van Essen", width="narrow")
    noor.reads("Dit gaat er gebeuren")
    noor.follows("Een echo van mijn buik")
    noor.reads("in het ziekenhuis", "Papa gaat mee")
    noor.follows("Kijk wat er gebeurt")
    noor.reads("Ervoor", "Alle spullen liggen klaar.")
    noor.follows("Verder")
    noor.follows("Verder")
    noor.reads("Tijdens", "Er komt koude gel op je buik.")
    noor.follows("Vorige")
    noor.follows("Verder")
    noor.follows("Verder")
    noor.reads("Klaar! Het is voorbij.")
    noor.follows("En wat wil jij?")
    noor.chooses("Mijn knuffel", "Ik wil meekijken")
    noor.writes("Wie houdt je hand vast?", OWN)
    noor.presses_next()
    noor.reads("Wie mag dit zien?", OWN)
    noor.presses("Zo is het goed")
    noor.reads("Kies wie dit mag zien.")
    noor.chooses("Mijn ouders en wie voor mij zorgt")
    noor.presses("Zo is het goed")
    noor.chooses("Het wachten")
    noor.writes("Wil je er iets bij zeggen?", FEAR)
    noor.presses_next()
    noor.chooses("Alleen mijn verpleegkundigen")
    noor.presses("Zo is het goed")
    noor.presses_skip()
    noor.reads(OWN, FEAR, "alleen voor je verpleegkundigen")

    wietske = come_in("Wietske van Essen", "Noor van Essen", width="narrow")
    wietske.follows("Voorbereiden: dit gaat er gebeuren")
    wietske.follows("Een echo van mijn buik")
    wietske.reads("Zo wil Noor het", "Ik wil meekijken", OWN)
    wietske.finds_nothing_of(FEAR)

    jelle = come_in("Jelle Prins", "Noor van Essen")
    jelle.follows("Een echo van mijn buik")
    jelle.reads(OWN, FEAR, "Noor zei dit zelf", "alleen voor de verpleegkundigen, niet voor de ouders")

    noor.presses("Haal weg")
    wietske.goes_to(wietske.page.url)
    wietske.finds_nothing_of(OWN)


def test_a_boy_of_six_points_at_pictures_with_his_mother_beside_him(come_in: Callable[..., Visitor]) -> None:
    chantal = come_in("Chantal Bakkers", "Finn Bakkers", width="narrow")
    chantal.follows("Voorbereiden: dit gaat er gebeuren")
    chantal.follows("Iets voorbereiden")
    chantal.follows("Bloed prikken")
    chantal.writes("Waar?", "bij de huisarts")
    chantal.writes("Wie doet het, en wie is erbij?", "Wim, en mama")
    chantal.writes("Stap 4", "Er komt een band om je arm, als een stoere armband.")
    chantal.presses("Bewaren")
    chantal.reads("als een stoere armband", "nog niet nagekeken door een zorgverlener")
    chantal.follows("Kaart voor kaart")
    chantal.reads("Alle spullen liggen klaar.")
    chantal.follows("Stoppen")
    chantal.follows("Vraag Finn: wat helpt jou?")
    chantal.reads("U schrijft op wat Finn zegt of aanwijst")
    chantal.chooses("Mijn knuffel", "Een filmpje")
    chantal.presses_next()
    chantal.chooses("Ik ben nergens bang voor", "Bloed")
    chantal.presses_next()
    chantal.reads("Dit past niet samen.")
    chantal.unchooses("Ik ben nergens bang voor")
    chantal.presses_next()
    chantal.presses_skip()

    marit = come_in("Marit van der Laan", "Finn Bakkers")
    marit.follows("Bloed prikken")
    marit.follows("Niet meer tonen")
    marit.reads("Dit kunt u niet terughalen.")
    marit.follows("Nee, laat staan")
    marit.reads("Zo wil Finn het", "Een filmpje", "Bloed", "opgeschreven door Chantal Bakkers")
