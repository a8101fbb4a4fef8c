"""What a parent tells of the own load and carrying power betrays itself nowhere: docs/privacy-inside.md."""

from datetime import timedelta

import pytest

from kindzorg.access.roles import Role
from kindzorg.careteam.actions import NewMember, add_member
from kindzorg.careteam.authority.actions import record_authority
from kindzorg.careteam.authority.rules import NewAuthority
from kindzorg.careteam.rules import AuthorityKind
from kindzorg.careteam.tests.world import JOB, NOW, TODAY, Family
from kindzorg.needs.definition import Amount
from kindzorg.needs.strain.actions import settle_sign, tell_strain
from kindzorg.needs.strain.rules import NewStrain
from kindzorg.people.actions import NewRelative, register_relative
from kindzorg.people.rules import Relation
from tests.test_privacy_inside import PAGES, Two, Visit, bare, copy_of, two

__all__ = ["two"]
pytestmark = pytest.mark.django_db
# Where the child sees its own note, and the lines of it.
NOTES = ("notes", "child_start", "child_trail", "requests")


def tells(family: Family, *, shared: bool) -> None:
    """The mother tells that it is heavy, with a sign where it is shared; a nurse reads it, and speaks with her."""
    later = NOW + timedelta(minutes=5)
    row = tell_strain(
        *family.as_("mother"), NewStrain(Amount.MUCH, Amount.LITTLE, "Ik ben op.", shared), later
    )
    if shared:
        Visit(family, "nurse").get("strain")
        settle_sign(*family.as_("nurse"), row.id, "Twee nachten vrij.", later)


def test_what_a_parent_tells_of_itself_is_nowhere_for_the_rest_of_the_family(two: Two) -> None:
    for family in (two.hiding, two.plain):
        account = family.world.account("Vader")
        father = register_relative(JOB, family.born, NewRelative("Vader", Relation.FATHER, account.id), NOW)
        joint = NewAuthority(father.id, AuthorityKind.JOINT, "gezagsregister", checked_on=TODAY)
        record_authority(family.world.nurse, family.born, joint, NOW)
        add_member(JOB, family.born, NewMember(Role.AUTHORITY_HOLDER, relative_id=father.id), NOW)
        family.accounts["father"] = account
    tells(two.hiding, shared=True)
    assert "Ik ben op." in Visit(two.hiding).get("strain") and "Twee nachten" in Visit(two.hiding).get(
        "strain"
    )
    assert "Ik ben op." in Visit(two.hiding, "nurse").get("strain")
    for who in ("child", "father"):
        for name in PAGES:
            pages = [bare(Visit(family, who).get(name)) for family in (two.hiding, two.plain)]
            assert (who == "child" and name in NOTES) or pages[0] == pages[1], (who, name)
            assert "Ik ben op" not in pages[0] and "seintje" not in pages[0]
        copies = [str(copy_of(family, who)) for family in (two.hiding, two.plain)]
        assert "Ik ben op" not in copies[0]
    Visit(two.hiding, "child").get("strain", status=404)
    assert "Ik ben op" not in bare(Visit(two.hiding, "father").get("strain"))
    assert "Ik ben op" in str(copy_of(two.hiding, "mother"))


def test_what_a_parent_keeps_to_itself_is_nowhere_for_the_team(two: Two) -> None:
    tells(two.hiding, shared=False)
    assert "Ik ben op." in Visit(two.hiding).get("strain")
    pages = [bare(Visit(family, "nurse").get("strain")) for family in (two.hiding, two.plain)]
    assert pages[0] == pages[1]
