"""Birthdays that change rights are announced: to the child and the holders, once each, also after a restart."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest

from kindzorg.access.ages import birthday
from kindzorg.access.birthdays import Coming
from kindzorg.access.policy import Actor
from kindzorg.careteam.authority.actions import record_restriction
from kindzorg.careteam.authority.rules import NewRestriction
from kindzorg.careteam.rules import RestrictionKind
from kindzorg.careteam.tests.world import NOW, TODAY, Family
from kindzorg.core.errors import Refused
from kindzorg.notices import worker
from kindzorg.notices.actions import announce_birthday
from kindzorg.notices.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "LOOKED", {})


def born(years: int, days: int) -> date:
    """Who turns this age in so many days."""
    return birthday(TODAY + timedelta(days), -years)


def told(family: Family) -> list[tuple[str, str]]:
    names = {user.id: who for who, user in family.accounts.items()}
    rows = Notice.objects.filter(child_id=family.id).values_list("kind", "recipient_id")
    return sorted((kind, names[who]) for kind, who in rows)


def later(months: int = 0, days: int = 0) -> datetime:
    return NOW + timedelta(days=31 * months + days)


def test_child_and_mother_are_told_three_months_and_one_month_ahead_once_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    family = Family(born(12, 80))
    worker.announce(NOW)
    three = [("birthday_12_in_3_months", "child"), ("birthday_12_in_3_months", "mother")]
    assert told(family) == three
    worker.announce(NOW)
    worker.announce(later(days=1))
    monkeypatch.setattr(worker, "LOOKED", {})
    worker.announce(later(days=1))
    assert told(family) == three
    worker.announce(later(months=2))
    assert told(family) == [
        *(("birthday_12_in_1_months", who) for who in ("child", "mother")),
        *three,
    ]
    worker.announce(later(months=3))
    assert told(family)[-1] == ("consent_own_word", "child") and len(told(family)) == 5
    worker.announce(later(months=5))
    assert len(told(family)) == 5


@pytest.mark.parametrize(("years", "days"), [(16, 0), (12, 120), (11, 20), (18, 400)])
def test_nobody_is_told_of_another_day(years: int, days: int) -> None:
    family = Family(born(years, days))
    worker.announce(NOW)
    assert told(family) == []


def test_whom_a_court_keeps_from_seeing_is_not_told() -> None:
    family = Family(born(12, 20))
    new = NewRestriction(family.mother_row.id, RestrictionKind.SEE, "rechtbank")
    record_restriction(*family.as_("nurse"), new, NOW)
    worker.announce(NOW)
    assert told(family) == [("birthday_12_in_1_months", "child")]


def test_a_second_look_tells_nobody_again_and_a_stranger_tells_nobody() -> None:
    family = Family(born(12, 20))
    worker.announce(NOW)
    soon = Coming(12, TODAY + timedelta(20), 1)
    assert announce_birthday(worker.ACTOR, family.born, soon, NOW) == []
    with pytest.raises(Refused):
        announce_birthday(Actor(uuid4(), "Somebody"), family.born, soon, NOW)
