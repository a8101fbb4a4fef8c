"""Sterre: the night nurse reports with a photo, her mother reads it and writes in the daybook, and finds it again."""

from collections.abc import Callable

import pytest

from kindzorg.record.tests.test_files import of_a_telephone
from tests.journeys.people import Visitor

pytestmark = pytest.mark.browser

NIGHT = "Rustig geslapen na 01.00 uur. Bandje is droog."
HOME = "Vandaag zelf de trap op gekropen."
OURS = "Wij waren zo trots dat we taart haalden."


def test_a_night_is_reported_and_the_day_goes_into_the_daybook(come_in: Callable[..., Visitor]) -> None:
    # Sanne writes on her telephone at the end of the night. Words, a photo and what is on it are enough.
    sanne = come_in("Sanne Kok", "Sterre de Wit", width="narrow", javascript=False)
    sanne.goes_to("reports")
    sanne.reads("Verpleging")
    sanne.follows("Schrijf een verslag")
    sanne.writes("Wat zag of deed u?", NIGHT)
    photo = {"name": "IMG_0001.JPG", "mimeType": "image/jpeg", "buffer": of_a_telephone()}
    sanne.page.locator("input[type=file]").set_input_files(photo)
    sanne.presses("Bewaren")
    sanne.reads("Schrijf op wat hier te zien is", NIGHT)
    sanne.page.locator("input[type=file]").set_input_files(photo)
    sanne.writes("Wat is hier te zien?", "Het nieuwe bandje")
    sanne.presses("Bewaren")
    sanne.reads(NIGHT, "Het nieuwe bandje")

    # Linda reads it and sees the photo.
    linda = come_in("Linda de Wit", "Sterre de Wit", width="narrow")
    linda.goes_to("reports")
    linda.reads(NIGHT)
    assert linda.page.get_by_alt_text("Het nieuwe bandje").evaluate("one => one.naturalWidth") > 0

    # She writes in the daybook: once for everyone, once for the family alone.
    for words, alone in ((HOME, False), (OURS, True)):
        linda.follows("Schrijf in het dagboek")
        linda.writes("Hoe ging het?", words)
        if alone:
            linda.chooses("Alleen ons gezin")
        linda.presses("Bewaren")
        linda.reads(words)

    # Sanne reads the one, and finds nothing of the other.
    sanne.goes_to("reports")
    sanne.reads(HOME)
    sanne.finds_nothing_of(OURS)

    # Weeks later Linda looks for what the nurses wrote.
    linda.unfolds("Zoek op wie, wat of wanneer")
    linda.page.get_by_label("Van wie?").select_option("nursing")
    linda.presses("Laat zien")
    linda.reads(NIGHT, "U ziet een deel van de verslagen")
    linda.finds_nothing_of(HOME)
