"""What the family did not agree to does not exist: not one page of the child says a word of a closed domain."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.test import Client

from kindzorg.access.policy import system_actor
from kindzorg.access.roles import Role
from kindzorg.careplan.models import GoalText
from kindzorg.careteam.consents.actions import record_consent
from kindzorg.careteam.consents.rules import Decision, Said
from kindzorg.careteam.models import Membership
from kindzorg.careteam.queries import child_for
from kindzorg.careteam.rules import ConsentWay
from kindzorg.careteam.sharing import family_of, party_of
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.demo.tests.test_doors import address, clock, doors
from kindzorg.needs.models import NeedsHandover
from kindzorg.people.models import Child, User

__all__ = ["clock"]
pytestmark = [pytest.mark.django_db, pytest.mark.walk, pytest.mark.once]
JOB = system_actor("test")


def said_about(child: Child, domain: LifeDomain) -> set[str]:
    """Everything that was written about this domain alone, in the plan and in the scan."""
    found = {row.words for row in GoalText.objects.filter(child=child) if row.domains == [domain]}
    for handed in NeedsHandover.objects.filter(child=child):
        for need in handed.profile["needs"]:
            if need["domain"] == domain:
                found |= {voice[word] for voice in need["voices"] for word in ("now", "wish", "needed")}
    elsewhere = {row.words for row in GoalText.objects.filter(child=child) if row.domains != [domain]}
    return {words for words in found - elsewhere if words and len(words) > 12}


def readers(child: Child) -> Iterator[Membership]:
    """A nurse who does not lead, and everybody who sees only a part."""
    roles = (Role.PAEDIATRIC_NURSE, Role.PAEDIATRICIAN, Role.SCHOOL, Role.THERAPIST, Role.CARE_COACH)
    team = Membership.objects.filter(child=child, role__in=roles, professional__user__isnull=False)
    yield from team.select_related("professional__user")


@pytest.mark.parametrize("domain", LifeDomain)
def test_no_page_says_a_word_of_a_closed_domain(domain: LifeDomain, clock: datetime) -> None:
    child = Child.objects.get(given_name="Sterre")
    subject = child_for(JOB, child.id, clock.date()).subject
    holder = family_of(child, clock.date()).holders[0]
    words = said_about(child, domain)
    assert words
    shown_before = 0
    for member in list(readers(child)):
        user: User = member.professional.user
        shown_before += len(leaks(user, child, words))
        no = Decision(False, frozenset({domain}))
        said = Said(ConsentWay.IN_PERSON, (holder.id,))
        record_consent(JOB, subject, party_of(member), no, said, clock)
        assert leaks(user, child, words) == []
    assert shown_before, "before it was closed, these words were to be read"


def leaks(user: User, child: Child, words: set[str]) -> list[str]:
    """Which page shows this reader which of these words."""
    browser = Client()
    browser.force_login(user)
    found = []
    for door in doors():
        if "child_id" in door.takes and "GET" in door.methods:
            page = browser.get(address(door, child.id))
            text = page.content.decode(errors="ignore") if not page.streaming else ""
            found += [f"{user.name} at {door.name}: {one}" for one in words if one in text]
    return found
