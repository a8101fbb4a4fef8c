"""How sure it must be who somebody is: the table, read as a privacy officer would, and what the policy makes of it."""

from dataclasses import replace
from datetime import date
from fnmatch import fnmatchcase
from uuid import UUID, uuid4

import pytest

from kindzorg.access import policy
from kindzorg.access.assurance import Assurance, enough, highest, levels, needed
from kindzorg.access.policy import Actor, Grant, Subject, system_actor
from kindzorg.access.roles import FAMILY, Hat, Role, Scope, hat_of
from kindzorg.core.errors import Refused

ON = date(2026, 9, 14)
CHILD = uuid4()
SUBJECT = Subject(CHILD, date(2016, 9, 14), has_authority=True)
LOW, SUBSTANTIAL, HIGH = Assurance

# hat, permission: what it needs
TABLE = {
    ("family", "child.open"): LOW,
    ("family", "plan.read"): LOW,
    ("family", "plan.read_part"): LOW,
    ("family", "trail.read"): LOW,
    ("family", "agreement.answer"): LOW,
    ("family", "needs.answer_parent"): LOW,
    ("family", "plan.agree"): LOW,
    ("family", "record.write"): LOW,
    ("family", "copy.take"): SUBSTANTIAL,
    ("family", "team.change"): SUBSTANTIAL,
    ("family", "authority.change"): SUBSTANTIAL,
    ("family", "something.new"): SUBSTANTIAL,
    ("professional", "child.open"): SUBSTANTIAL,
    ("professional", "plan.read"): SUBSTANTIAL,
    ("professional", "directory.change"): SUBSTANTIAL,
    ("professional", "something.new"): SUBSTANTIAL,
}


@pytest.mark.parametrize(("hat", "permission"), TABLE)
def test_what_needs_which_level(hat: str, permission: str) -> None:
    assert needed(Hat(hat), permission) == TABLE[hat, permission]


def test_every_line_of_the_table_is_about_something() -> None:
    lines = levels()
    assert len({(line.hat, line.permission) for line in lines}) == len(lines)
    unused = [
        line
        for line in lines
        if not any(
            hat_of(role) == line.hat and fnmatchcase(permission, line.permission)
            for role, permission in policy.matrix()
        )
    ]
    assert unused == []


def test_the_installation_can_ask_more_and_never_less() -> None:
    assert needed(Hat.FAMILY, "child.open", SUBSTANTIAL) == SUBSTANTIAL
    assert needed(Hat.FAMILY, "copy.take", LOW) == SUBSTANTIAL
    assert needed(Hat.PROFESSIONAL, "child.open", HIGH) == HIGH


def test_what_no_line_names_keeps_the_door_shut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kindzorg.access.assurance.levels", lambda: ())
    assert needed.__wrapped__(Hat.FAMILY, "child.open", LOW) == HIGH


def test_levels_have_an_order() -> None:
    assert [(held, asked) for held in Assurance for asked in Assurance if enough(held, asked)] == [
        (LOW, LOW),
        (SUBSTANTIAL, LOW),
        (SUBSTANTIAL, SUBSTANTIAL),
        (HIGH, LOW),
        (HIGH, SUBSTANTIAL),
        (HIGH, HIGH),
    ]
    assert highest(()) == LOW
    assert highest((LOW, HIGH, SUBSTANTIAL)) == HIGH


def test_each_role_goes_with_one_hat() -> None:
    assert {role for role in Role if hat_of(role) == Hat.FAMILY} == FAMILY


def somebody(role: Role, held: Assurance, floor: Assurance = LOW) -> Actor:
    grants = (Grant(role, Scope.CHILD, CHILD, ON),)
    return Actor(UUID(int=7), "Somebody", grants, assurance=held, floor=floor)


@pytest.mark.parametrize(
    ("role", "permission", "held", "floor", "needs"),
    [
        (Role.AUTHORITY_HOLDER, "plan.read", LOW, LOW, None),
        (Role.AUTHORITY_HOLDER, "copy.take", LOW, LOW, SUBSTANTIAL),
        (Role.AUTHORITY_HOLDER, "copy.take", SUBSTANTIAL, LOW, None),
        (Role.AUTHORITY_HOLDER, "plan.read", LOW, SUBSTANTIAL, SUBSTANTIAL),
        (Role.PAEDIATRIC_NURSE, "plan.read", LOW, LOW, SUBSTANTIAL),
        (Role.PAEDIATRIC_NURSE, "plan.read", SUBSTANTIAL, LOW, None),
        (Role.PAEDIATRIC_NURSE, "plan.read", SUBSTANTIAL, HIGH, HIGH),
    ],
)
def test_too_low_a_level_is_named_with_the_one_that_would_do(
    role: Role, permission: str, held: Assurance, floor: Assurance, needs: Assurance | None
) -> None:
    actor = somebody(role, held, floor)
    found = policy.explain(actor, permission, SUBJECT, ON)
    assert found.allowed == policy.may(actor, permission, SUBJECT, ON) == (needs is None)
    assert found.grant == actor.grants[0]
    assert (found.missing, found.needs) == (("assurance_too_low", needs) if needs else ("", None))
    # A page offers what a stronger sign-in would open.
    assert policy.could(actor, permission, SUBJECT, ON)


def test_a_refusal_for_too_low_a_level_says_so() -> None:
    with pytest.raises(Refused) as caught:
        policy.require(somebody(Role.PAEDIATRIC_NURSE, LOW), "plan.read", SUBJECT, ON)
    assert caught.value.data["missing"] == "assurance_too_low"
    assert caught.value.data["needs"] == SUBSTANTIAL


def test_without_a_grant_the_level_is_not_spoken_of() -> None:
    """Otherwise a stranger learns that the child is here."""
    stranger = replace(somebody(Role.PAEDIATRIC_NURSE, LOW), grants=())
    assert policy.explain(stranger, "plan.read", SUBJECT, ON).missing == "no_grant"
    assert not policy.could(stranger, "plan.read", SUBJECT, ON)


def test_a_job_needs_no_level() -> None:
    assert policy.may(system_actor("worker"), "child.open", SUBJECT, ON)


def test_who_was_made_without_a_level_is_trusted_with_nothing_of_a_child() -> None:
    grants = (Grant(Role.PAEDIATRIC_NURSE, Scope.CHILD, CHILD, ON),)
    assert not policy.may(Actor(UUID(int=7), "Somebody", grants), "child.open", SUBJECT, ON)
