"""The page on which a professional invites: who of the family said so, and how, is asked and never assumed."""

from typing import Any

from django.urls import reverse

from kindzorg.careteam.models import Invitation
from kindzorg.people.models import Relative
from kindzorg.referral.tests.world import Circle


def invites(circle: Circle, who: str, **said: Any) -> Any:
    address = reverse("invite_relative", args=[circle.child_id, "relative"])
    filled = {"name": "Anneke", "relation": "grandparent", "task": "past op", **said}
    return circle.client(who).post(address, filled)


def mother(circle: Circle) -> Relative:
    return Relative.objects.get(user=circle.users["mother"])


def test_who_said_it_and_how_is_kept(circle: Circle) -> None:
    answer = invites(circle, "nurse", said_by=[str(mother(circle).id)], said_way="telephone")
    assert answer.status_code == 302
    row = Invitation.objects.get()
    assert (row.said_by, row.said_way) == (str(mother(circle).id), "telephone")


def test_nothing_filled_in_is_nothing_said(circle: Circle) -> None:
    assert invites(circle, "nurse").status_code == 302
    assert (Invitation.objects.get().said_by, Invitation.objects.get().said_way) == ("", "")


def test_half_an_answer_comes_back_with_what_was_typed(circle: Circle) -> None:
    for said, words in (
        ({"said_by": [str(mother(circle).id)]}, "Kies hoe het is gezegd."),
        ({"said_way": "paper"}, "Kies wie het zei"),
    ):
        page = invites(circle, "nurse", **said).content.decode()
        assert words in page and "Anneke" in page
    assert not Invitation.objects.exists()


def test_the_family_itself_is_not_asked_what_the_family_said(circle: Circle) -> None:
    for who, asked in (("nurse", True), ("mother", False)):
        page = circle.client(who).get(reverse("invite_relative", args=[circle.child_id, "relative"]))
        assert ("said_by" in page.content.decode()) is asked


def test_who_treats_the_child_is_invited_without_the_question(circle: Circle) -> None:
    for who, asked in (("doctor", True), ("gp", False), ("teacher", True)):
        page = circle.client("nurse").get(
            reverse("invite_professional", args=[circle.child_id, circle.work[who]])
        )
        assert ("said_by" in page.content.decode()) is asked, who
