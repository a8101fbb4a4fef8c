"""Jesse moves to the Wlz. The care ends only when each need is in good hands."""

from collections.abc import Callable

import pytest

from tests.journeys.people import Visitor
from tests.journeys.scenes import arrange_the_need, close_the_care

pytestmark = pytest.mark.browser

WEEKEND, WLZ, NEARBY = (
    "Logeren op een plek die hem kent.",
    "Hulp bij de Wlz.",
    "Zorg in de nabijheid dag en nacht.",
)


def test_closing_waits_for_everybody_who_takes_over(come_in: Callable[..., Visitor]) -> None:
    marit = come_in("Marit van der Laan", "Jesse Molenaar")
    petra = come_in("Petra Molenaar", "Jesse Molenaar", width="narrow", javascript=False)
    petra.goes_to("closure")
    petra.reads("De zorg gaat over naar de Wet langdurige zorg", WEEKEND)

    # One has not answered, two needs were forgotten: the care stays open.
    close_the_care(marit)
    marit.reads(
        "De zorg kan nog niet worden afgesloten",
        "We wachten op antwoord van wie dit overneemt.",
        "Hiervoor is nog niets geregeld.",
    )

    # The municipality cannot do it. Closing is refused again, in plain words.
    peter = come_in("Peter Scholten", "Jesse Molenaar")
    peter.reads("U wordt gevraagd iets over te nemen")
    peter.goes_to("closure/requests")
    peter.follows(f"Antwoord: {WEEKEND}")
    peter.chooses("Nee, dat kunnen wij niet")
    peter.writes("Waarom niet, of wat heeft u nog nodig?", "Het logeerhuis valt straks onder de Wlz.")
    peter.presses("Stuur het antwoord")
    close_the_care(marit)
    marit.reads("Wie gevraagd is, zei nee. Vraag iemand anders.")

    # Marit calls, asks again, and sees to what was forgotten.
    marit.goes_to("closure")
    arrange_the_need(marit, WEEKEND, "Wijzig", receiver="Gemeente Waterveen")
    arrange_the_need(marit, WLZ, none="Hier is geen hulp meer voor nodig")
    arrange_the_need(marit, NEARBY, receiver="Kinderthuiszorg Veldzicht")
    marit.follows(f"Noteer het antwoord: {NEARBY}")
    marit.chooses("Ja, wij nemen dit over")
    marit.presses("Stuur het antwoord")

    # Until the Wlz begins the municipality goes on after all. Now the care may end.
    peter.goes_to("closure/requests")
    peter.follows(f"Antwoord: {WEEKEND}")
    peter.chooses("Ja, wij nemen dit over")
    peter.presses("Stuur het antwoord")
    marit.goes_to("closure/decide")
    marit.reads("Alles is geregeld.")
    close_the_care(marit)
    marit.reads("Gemeente Waterveen")

    # The goodbye; and should it be needed, the care begins again.
    petra.goes_to("closure")
    petra.reads("De zorg is afgesloten")
    petra.follows("Lees wat er geregeld is")
    petra.reads("Dank u wel", WEEKEND, "Veldzicht: 055 500 02 00")
    marit.goes_to("closure")
    marit.follows("Begin de zorg opnieuw")
    marit.writes("Waarom gaat de zorg door?", "Jesse is weer opgenomen geweest.")
    marit.presses("Bewaren")
    marit.reads("Jesse Molenaar")
