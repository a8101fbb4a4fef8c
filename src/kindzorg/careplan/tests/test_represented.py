"""The plan of a grown child that cannot decide: who represents it agrees, and nobody else of the family."""

from datetime import date, timedelta

import pytest

from kindzorg.careplan import actions
from kindzorg.careplan.adoption.queries import deciders_for
from kindzorg.careplan.tests.conftest import NOW, SYSTEM, TODAY, World, approve, build, sign
from kindzorg.careteam.authority.actions import assess_capacity
from kindzorg.careteam.authority.rules import NewCapacity
from kindzorg.careteam.models import Representation
from kindzorg.careteam.representation.actions import end_representation, record_representation
from kindzorg.careteam.representation.rules import NewRepresentation, RepresentationKind
from kindzorg.careteam.rules import MustAgree, SigningParty
from kindzorg.core.errors import Refused

pytestmark = pytest.mark.django_db


def grown(*kinds: tuple[str, RepresentationKind], assessed: bool = True) -> World:
    world = build(date(2008, 3, 1))
    for who, kind in kinds:
        new = NewRepresentation(world.relatives[who], kind, "beschikking, verzonnen")
        record_representation(SYSTEM, world.as_("nurse")[1], new, NOW)
    if assessed:
        world.do("doctor", assess_capacity, NewCapacity(False, "gesprek", TODAY + timedelta(90)))
    return world


def test_the_mentor_agrees_and_the_plan_comes_into_force() -> None:
    world = grown(("aunt", RepresentationKind.MENTOR), ("mother", RepresentationKind.FAMILY))
    world.draft()
    version = world.do("nurse", actions.offer_version)
    for who in ("child", "mother", "father"):
        with pytest.raises(Refused):
            sign(world, who, version.number)
    sign(world, "aunt", version.number)
    assert approve(world, "doctor", version.number).status == "in_force"


def test_without_a_mentor_the_family_agrees_and_without_an_assessment_the_young_adult() -> None:
    world = grown(("mother", RepresentationKind.FAMILY), ("father", RepresentationKind.FAMILY))
    asked = deciders_for(*world.as_("nurse"), TODAY)
    parents = [world.relatives[who] for who in ("mother", "father")]
    assert {one.relative_id for one in asked.must_agree} == set(parents)
    assert {one.party for one in asked.must_agree} == {SigningParty.REPRESENTATIVE}
    assert set(asked.accounts) >= set(parents)
    able = grown(("mother", RepresentationKind.FAMILY), assessed=False)
    asked = deciders_for(*able.as_("nurse"), TODAY)
    assert asked.must_agree == (MustAgree(SigningParty.YOUNG_PERSON, None),)


def test_who_represents_no_longer_agrees_no_longer() -> None:
    world = grown(("aunt", RepresentationKind.CURATOR), assessed=False)
    world.draft()
    version = world.do("nurse", actions.offer_version)
    row = world.relatives["aunt"]
    (held,) = deciders_for(*world.as_("nurse"), TODAY).must_agree
    assert held == MustAgree(SigningParty.REPRESENTATIVE, row)
    kept = Representation.objects.get(child_id=world.child_id)
    world.do("nurse", end_representation, kept.id, "beschikking")
    with pytest.raises(Refused):
        sign(world, "aunt", version.number)
    sign(world, "child", version.number)
