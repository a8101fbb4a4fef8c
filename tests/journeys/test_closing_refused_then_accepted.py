"""Jesse moves to the Wlz. The care ends only when each need is in good hands."""

from collections.abc import Callable

import pytest

from tests.journeys.people import Visitor
from tests.journeys.scenes import close_the_care

pytestmark = pytest.mark.browser

WEEKEND = "Wij zijn op."


def test_closing_waits_for_everybody_who_takes_over(come_in: Callable[..., Visitor]) -> None:
    marit = come_in("Marit van der Laan", "Jesse Molenaar")
    petra = come_in("Petra Molenaar", "Jesse Molenaar", width="narrow", javascript=False)
    petra.goes_to("closure")
    petra.reads("De zorg gaat over naar de Wet langdurige zorg", WEEKEND)

    # One has not answered, two needs were forgotten: the care stays open.
    close_the_care(marit)
    marit.reads(
        "De zorg kan nog niet worden afgesloten", "We wachten op antwoord", "Hiervoor is nog niets geregeld."
    )

    # The municipality cannot do it. Closing is refused again, in plain words.
    peter = come_in("Peter Scholten", "Jesse Molenaar")
    peter.reads("U wordt gevraagd iets over te nemen")
    peter.goes_to("closure/requests")
    peter.follows("Antwoord")
    peter.chooses("Nee, dat kunnen wij niet")
    peter.writes(
        "Waarom niet, of wat heeft u nog nodig?", "Het logeerhuis valt vanaf volgende maand onder de Wlz."
    )
    peter.presses("Stuur het antwoord")
    close_the_care(marit)
    marit.reads("Wie gevraagd is, zei nee. Vraag iemand anders.")
