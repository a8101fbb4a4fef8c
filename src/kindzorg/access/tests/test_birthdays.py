"""What changes on the 12th, 16th and 18th birthday is what `birthdays.yaml` says: at midnight, and not a day sooner."""

from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import yaml

from kindzorg.access import policy
from kindzorg.access.ages import birthday
from kindzorg.access.assurance import Assurance
from kindzorg.access.policy import Actor, Grant, Subject
from kindzorg.access.roles import Role, Scope
from kindzorg.core.vocabulary import Ground

CHILD, SOMEBODY = UUID(int=1), UUID(int=2)
LINES = yaml.safe_load((Path(__file__).parent / "birthdays.yaml").read_text(encoding="utf-8"))
# An ordinary day, the last of a year, and the day that is there once in four years.
BORN = (date(2014, 9, 14), date(2013, 12, 31), date(2016, 2, 29))


def may(line: dict[str, object], born: date, on: date) -> bool:
    role, state = Role(str(line["role"])), line["state"]
    grants = (Grant(role, Scope.CHILD, CHILD, date.min),)
    actor = Actor(SOMEBODY, "Somebody", grants, assurance=Assurance.SUBSTANTIAL)
    subject = Subject(
        CHILD,
        born,
        has_authority=role == Role.AUTHORITY_HOLDER,
        represents=role == Role.REPRESENTATIVE,
        by_court=state in ("curator", "unable"),
        can_decide=state not in ("unable", "curator", "family"),
        may_decide=state != "no_say",
        may_see=state != "no_sight",
    )
    if "look" in line:
        return policy.may_inspect(actor, subject, Ground(str(line["look"])), on)
    return policy.may(actor, str(line["what"]), subject, on)


@pytest.mark.parametrize("born", BORN, ids=str)
@pytest.mark.parametrize("line", LINES, ids=lambda line: " ".join(str(part) for part in line.values()))
def test_the_day_before_the_day_and_the_day_after(line: dict[str, list[bool]], born: date) -> None:
    day = birthday(born, int(str(line["turns"])))
    days = [day + timedelta(step) for step in (-1, 0, 1)]
    assert [may(line, born, on) for on in days] == line["days"]


def test_each_birthday_and_each_state_has_its_lines() -> None:
    assert {line["turns"] for line in LINES} == {12, 16, 18}
    assert {line["state"] for line in LINES} == {
        *("able", "unable", "no_say", "no_sight"),
        *("curator", "family"),
    }
    assert len(LINES) == len({str(line) for line in LINES})


def test_a_child_that_died_stays_as_old_as_it_was() -> None:
    born, later = date(2014, 9, 14), date(2034, 1, 1)
    grants = (Grant(Role.AUTHORITY_HOLDER, Scope.CHILD, CHILD, date.min),)
    actor = Actor(SOMEBODY, "Somebody", grants, assurance=Assurance.SUBSTANTIAL)
    died = {"has_authority": True, "died_on": date(2027, 1, 1)}
    assert policy.may(actor, "record.read", Subject(CHILD, born, **died), later)
    assert policy.may_inspect(actor, Subject(CHILD, born, **died), Ground.WGBO, later)
    closed = Subject(CHILD, born, closed_after_death=True, **died)
    assert not policy.may(actor, "record.read", closed, later)
    assert policy.may(actor, "record.read", closed, date(2026, 12, 31))
