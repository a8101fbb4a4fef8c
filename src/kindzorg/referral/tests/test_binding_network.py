"""What who coordinates a region's network finds: what is stuck now, and no more of it than it needs."""

from datetime import timedelta
from html import unescape

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse

from kindzorg.core.errors import Missing
from kindzorg.core.walls import behind_wall
from kindzorg.people.models import Child
from kindzorg.referral.binding import actions
from kindzorg.referral.binding.actions import Said
from kindzorg.referral.binding.queries import stuck_for, stuck_one
from kindzorg.referral.binding.rules import NETWORK_REMEMBERS, OVER
from kindzorg.referral.models import BindingReferral, BindingStep
from kindzorg.referral.tests.binding import answers, network_coordinator, sent, steers
from kindzorg.referral.tests.world import Circle

pytestmark = pytest.mark.django_db
BEFORE, INSTEAD, SINCE, WHY = (
    "Te duur voor ons.",
    "Vraag tante Ria.",
    "Wij komen er niet uit.",
    "Het gezin zakt weg.",
)
ENDS = ("accepted", "settled", "withdrawn")


def stuck(circle: Circle) -> BindingReferral:
    """One that was refused and then brought to the network."""
    row = sent(circle, why=WHY)
    actions.hear_binding(
        *circle.as_("coordinator"), row.id, "refused", Said(BEFORE, INSTEAD, "Mevrouw Smit"), circle.tick()
    )
    steers(circle, row, "to_network", SINCE)
    return row


def ended(circle: Circle, row: BindingReferral, end: str) -> None:
    if end == "accepted":
        answers(circle, row, "accepted", Said())
    elif end == "withdrawn":
        steers(circle, row, "withdrawn")
    else:
        actions.settle_stuck(network_coordinator(circle), row.id, "Zo.", circle.tick())


def listed(circle: Circle) -> list[BindingReferral]:
    """What is listed, as the row wall and the query say together, and each opens."""
    actor, on = network_coordinator(circle), circle.moment.date()
    with behind_wall(actor.id, on):
        found = [one.id for one in stuck_for(actor, on)]
        if connection.vendor == "postgresql":
            assert set(BindingReferral.objects.values_list("id", flat=True)) == set(found)
            assert set(BindingStep.objects.values_list("binding_id", flat=True)) == set(found)
    for row_id in BindingReferral.objects.values_list("id", flat=True):
        where = reverse("binding_stuck", args=[row_id])
        if row_id not in found:
            with pytest.raises(Missing):
                stuck_one(actor, row_id, on)
            with pytest.raises(Missing):
                actions.settle_stuck(actor, row_id, "Zo.", circle.tick())
        assert circle.client("network None").get(where).status_code == (200 if row_id in found else 404)
    return found


def test_the_words_from_before_it_came_there_stay_with_both_sides(circle: Circle) -> None:
    row = stuck(circle)
    ingrid = network_coordinator(circle)
    page = unescape(
        circle.client("network None").get(reverse("binding_stuck", args=[row.id])).content.decode()
    )
    assert row.needed in page and SINCE in page
    for words in (BEFORE, INSTEAD, "Mevrouw Smit", WHY):
        assert words not in page
    answers(circle, row, "refused", Said("Nog steeds niet.", "De Wlz."))
    for one in (stuck_one(ingrid, row.id, circle.moment.date()), *stuck_for(ingrid, circle.moment.date())):
        said = [word for step in one.steps for word in (step.words, step.instead, step.heard_of) if word]
        assert said == [SINCE, "Nog steeds niet.", "De Wlz."] and one.why == ""
    kept = BindingStep.objects.filter(binding=row, move="refused").order_by("number").first()
    assert kept is not None and kept.words == BEFORE
    both = circle.client("coordinator").get(reverse("binding", args=[circle.child_id, row.id]))
    assert BEFORE in unescape(both.content.decode())


@pytest.mark.parametrize("end", ENDS)
def test_what_is_over_is_found_for_thirty_days(circle: Circle, end: str) -> None:
    row, still = stuck(circle), stuck(circle)
    ended(circle, row, end)
    circle.moment += NETWORK_REMEMBERS
    assert set(listed(circle)) == {row.id, still.id}
    circle.moment += timedelta(days=1)
    assert listed(circle) == [still.id]
    circle.moment += timedelta(days=300)
    assert listed(circle) == [still.id]


def test_of_a_child_that_died_nothing_is_found(circle: Circle) -> None:
    row = stuck(circle)
    assert listed(circle) == [row.id]
    Child.objects.filter(id=circle.child_id).update(died_on=circle.moment.date())
    assert listed(circle) == []


def test_the_wall_knows_what_is_over_and_how_long() -> None:
    assert set(ENDS) == OVER and timedelta(days=30) == NETWORK_REMEMBERS
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'kindzorg_stuck_in_region'")
            (told,) = cursor.fetchone()
        assert "day - 30" in told and settings.TIME_ZONE in told and all(end in told for end in ENDS)
