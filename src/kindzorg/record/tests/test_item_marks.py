"""Items of the file that are kept from parents or child: where they show, for whom, and who confirms that."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from kindzorg.access.ages import birthday
from kindzorg.access.roles import Role
from kindzorg.audit.models import AuditLine
from kindzorg.careteam.marks.actions import confirm_mark, lift_mark
from kindzorg.careteam.marks.rules import PROVISIONAL, NewMark, check_own_mark, marks_key
from kindzorg.careteam.models import Mark
from kindzorg.careteam.rules import HidesFrom, MarkedKind
from kindzorg.careteam.tests.world import NOW, TODAY, Family
from kindzorg.core.errors import Invalid, Missing, Refused
from kindzorg.core.vocabulary import Ground
from kindzorg.people.models import Child, User
from kindzorg.record import queries
from kindzorg.record.actions import enter_item
from kindzorg.record.items import AllergyItem, ConditionItem, ItemKind
from kindzorg.record.models import RecordItem
from kindzorg.record.notes import actions
from kindzorg.record.values import Concept

pytestmark = pytest.mark.django_db
WHY = "eerst het gesprek op dinsdag"


@pytest.fixture
def family(monkeypatch: pytest.MonkeyPatch) -> Family:
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: NOW)
    return Family(birthday(TODAY, -13))


def enters(family: Family, who: str, what: str) -> UUID:
    return enter_item(*family.as_(who), AllergyItem(source_key="", what=Concept(what)), NOW).id


def keeps(family: Family, item: UUID, side: HidesFrom, who: str = "nurse", why: str = WHY) -> Mark:
    return actions.keep_item_from(*family.as_(who), item, (side, why), NOW)


def file_of(family: Family, who: str, days: int = 0) -> list[str]:
    on = TODAY + timedelta(days)
    file = queries.file_for(*family.as_(who, on), on)
    whole = queries.whole_file_for(*family.as_(who, on), on)
    names = [one.item.what.text for one in file.of(ItemKind.ALLERGY)]  # type: ignore[union-attr]
    assert names == [one.item.what.text for one in whole.of(ItemKind.ALLERGY)]  # type: ignore[union-attr]
    return names


def at(family: Family, who: str, name: str, *more: Any, status: int = 200, **data: Any) -> str:
    browser, url = Client(), reverse(name, args=[family.id, *more])
    browser.force_login(User.objects.get(id=family.accounts[who].id))
    answer = browser.post(url, data) if data else browser.get(url)
    assert answer.status_code == status
    return answer.content.decode()


@pytest.mark.parametrize(
    ("side", "blind", "sees"), [(HidesFrom.PARENTS, "mother", "child"), (HidesFrom.CHILD, "child", "mother")]
)
def test_who_it_is_kept_from_does_not_see_it_and_others_do(
    family: Family, side: HidesFrom, blind: str, sees: str
) -> None:
    item = enters(family, "nurse", "Latex")
    keeps(family, item, side)
    assert file_of(family, blind) == []
    assert file_of(family, sees) == file_of(family, "doctor") == ["Latex"]
    with pytest.raises(Missing):
        queries.item_for(*family.as_(blind), item, TODAY)
    for name in ("record", "child_card", "child_start"):
        assert "Latex" not in at(family, blind, name)
    assert "Latex" in at(family, sees, "record") and WHY not in at(family, sees, "record")


def test_it_lapses_unless_a_second_one_confirms(family: Family) -> None:
    mark = keeps(family, enters(family, "nurse", "Latex"), HidesFrom.PARENTS)
    assert file_of(family, "mother", PROVISIONAL.days) == ["Latex"]
    confirm_mark(*family.as_("doctor"), mark.id, NOW)
    assert file_of(family, "mother", PROVISIONAL.days) == []


def test_nobody_keeps_from_the_family_what_it_told_itself(family: Family) -> None:
    told = enters(family, "mother", "Noten")
    with pytest.raises(Invalid, match="mark_hides_from_author"):
        keeps(family, told, HidesFrom.PARENTS)
    Child.objects.filter(id=family.id).update(user_id=family.accounts["doctor"].id)
    with pytest.raises(Invalid, match="mark_hides_from_author"):
        keeps(family, enters(family, "doctor", "Ei"), HidesFrom.CHILD)
    with pytest.raises(Invalid, match="mark_without_reason"):
        keeps(family, enters(family, "nurse", "Soja"), HidesFrom.PARENTS, why=" ")


def test_a_parent_and_a_child_mark_nothing_as_a_professional_does(family: Family) -> None:
    item = enters(family, "nurse", "Latex")
    for who in ("mother", "child"):
        with pytest.raises(Refused):
            keeps(family, item, HidesFrom.CHILD, who)
    at(family, "mother", "record_keep", item, status=404)


def condition(family: Family, who: str = "nurse", ground: Ground = Ground.WGBO) -> UUID:
    row = enter_item(*family.as_(who), ConditionItem(source_key="", what=Concept("Somber")), NOW)
    RecordItem.objects.filter(id=row.id).update(ground=ground)
    return row.id


def own(family: Family, item: UUID) -> Mark:
    return actions.keep_item_from_parents(*family.as_("child"), item, NOW)


@pytest.mark.parametrize("ground", [Ground.WGBO, Ground.JEUGDWET])
def test_a_child_from_twelve_keeps_an_item_of_its_file_and_puts_it_back(
    family: Family, ground: Ground
) -> None:
    item = condition(family, ground=ground)
    assert "Niet voor mijn ouders" in at(family, "child", "record")
    assert "Ze zien ook niet dat het er is" in at(family, "child", "record_keep", item)
    at(family, "child", "record_keep", item, status=302, x="1")
    mark = Mark.objects.get()
    assert (mark.by_child, mark.until, mark.ground) == (True, None, ground)
    for name in ("record", "child_card", "child_start"):
        assert "Somber" not in at(family, "mother", name)
    shown = at(family, "child", "record")
    assert "Somber" in shown and "Mijn ouders mogen dit weer lezen" in shown
    assert "door het kind zelf" in at(family, "nurse", "record")
    assert "al niet voor je ouders" in at(family, "child", "record_keep", item, x="1")
    with pytest.raises(Missing):  # A professional does not take away what the child marked.
        lift_mark(*family.as_("doctor"), mark.id, NOW)
    at(family, "child", "mark_step", mark.id, "lift", status=302, x="1")
    assert "Somber" in at(family, "mother", "record")
    lines = AuditLine.objects.filter(child_id=family.id, event__startswith="mark.")
    assert {one.object_id for one in lines} == {marks_key(family.id)}


@pytest.mark.parametrize("ground", [Ground.WMO, Ground.AVG, Ground.SCHOOL, Ground.WABVPZ])
def test_a_child_does_not_keep_what_parents_may_read_by_another_law(family: Family, ground: Ground) -> None:
    item = condition(family, ground=ground)
    with pytest.raises(Invalid, match="mark_not_by_law"):
        own(family, item)
    new = NewMark(MarkedKind.RECORD_ITEM, item, uuid4(), Role.EMPLOYEE, HidesFrom.PARENTS, ground=ground)
    with pytest.raises(Invalid, match="mark_not_by_law"):
        check_own_mark(new, uuid4())
    assert "Niet voor mijn ouders" not in at(family, "child", "record")


def test_a_child_does_not_keep_by_itself_what_care_at_home_leans_on(family: Family) -> None:
    item = enters(family, "nurse", "Latex")
    with pytest.raises(Invalid, match="mark_needed_at_home"):
        own(family, item)
    said = at(family, "child", "record_keep", item, x="1")
    assert "Wie thuis voor je zorgt, moet dit weten" in said
    assert file_of(family, "mother") == ["Latex"]


def test_a_child_does_not_keep_from_its_parents_what_they_told(family: Family) -> None:
    with pytest.raises(Invalid, match="mark_hides_from_author"):
        own(family, condition(family, "mother"))
    with pytest.raises(Invalid, match="mark_own_only"):
        told = NewMark(MarkedKind.NOTE, uuid4(), uuid4(), Role.CHILD, HidesFrom.PARENTS)
        check_own_mark(told, uuid4())


def test_a_child_under_twelve_marks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: NOW)
    young = Family(birthday(TODAY, -11))
    item = condition(young)
    assert "Niet voor mijn ouders" not in at(young, "child", "record")
    at(young, "child", "record_keep", item, status=404)
    with pytest.raises(Refused):
        own(young, item)


def test_a_professional_marks_confirms_and_lifts_on_the_pages(family: Family) -> None:
    item = enters(family, "nurse", "Latex")
    assert "Voor wie is dit niet?" in at(family, "nurse", "record_keep", item)
    assert "Waarom" in at(family, "nurse", "record_keep", item, hides_from="parents", reason="")
    at(family, "nurse", "record_keep", item, status=302, hides_from="parents", reason=WHY)
    assert Mark.objects.count() == 1
    again = at(family, "nurse", "record_keep", item, hides_from="parents", reason=WHY)
    assert "kz-error" in again or "aria-invalid" in again or "al" in again
    page = at(family, "doctor", "record")
    assert "Niet voor ouders" in page and WHY in page and "Bevestigen" in page
    mark = Mark.objects.get()
    at(family, "doctor", "mark_step", mark.id, "confirm", status=302, x="1")
    assert "Bevestigen" not in at(family, "doctor", "record")
    at(family, "doctor", "mark_step", mark.id, "lift", status=302, x="1")
    assert "Niet voor ouders ·" not in at(family, "doctor", "record") and file_of(family, "mother") == [
        "Latex"
    ]
