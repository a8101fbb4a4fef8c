"""The scan begun in hospital on one screen, and gone on with at home on another."""

from collections.abc import Callable

import pytest

from tests.journeys.people import Visitor

pytestmark = pytest.mark.browser
CHILD = "Yusuf Haddad"


def test_begun_in_hospital_and_gone_on_with_at_home_on_the_telephone(
    come_in: Callable[..., Visitor],
) -> None:
    tablet = come_in("Samira Haddad", CHILD)
    tablet.goes_to("needs")
    tablet.follows("Verder waar u was")
    begun = tablet.page.url
    tablet.follows("Stoppen en later verder")

    # At home on her telephone, without scripts, she stands at the same question.
    phone = come_in("Samira Haddad", CHILD, width="narrow", javascript=False)
    phone.goes_to("needs")
    phone.follows("Samen invullen: voor u begint")
    phone.reads("U mag elk moment stoppen", "ook op een ander apparaat", "Nog ")
    phone.follows("Naar de eerste vraag")
    assert phone.page.url == begun
    phone.presses_skip()
    assert phone.page.url != begun
    phone.goes_to("needs/answers")
    phone.reads("In het ziekenhuis mag ik de sonde spoelen")
