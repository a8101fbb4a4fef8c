"""The policy itself: grants in time and place, what is missing, and days that change rights."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kindzorg.access import policy
from kindzorg.access.ages import age, birthday
from kindzorg.access.assurance import Assurance
from kindzorg.access.policy import Actor, Grant, Subject, explain, may, require, role_for
from kindzorg.access.roles import Role, Scope
from kindzorg.core.errors import Refused
from kindzorg.core.vocabulary import LifeDomain

ON = date(2026, 9, 14)
CHILD, HOME_CARE, REGION = uuid4(), uuid4(), uuid4()
SUBJECT = Subject(CHILD, date(2016, 9, 14), REGION, frozenset({HOME_CARE}))
NURSE = Role.PAEDIATRIC_NURSE
DAYS = some.dates(date(1990, 1, 1), date(2060, 12, 31))


def actor(*grants: Grant, system: bool = False) -> Actor:
    return Actor(UUID(int=7), "Marit", grants, system=system, assurance=Assurance.SUBSTANTIAL)


@given(DAYS, some.integers(0, 30))
def test_somebody_reaches_an_age_on_the_birthday_and_not_a_day_before(born: date, years: int) -> None:
    day = birthday(born, years)
    assert age(born, day) == years
    assert age(born, day - timedelta(days=1)) == years - 1


def test_who_was_born_on_29_february_turns_16_on_1_march_or_on_the_day_itself() -> None:
    assert birthday(date(2008, 2, 29), 16) == date(2024, 2, 29)
    assert birthday(date(2008, 2, 29), 18) == date(2026, 3, 1)


@given(DAYS, DAYS, some.none() | DAYS)
def test_a_grant_holds_from_its_first_day_up_to_its_last(on: date, starts: date, until: date | None) -> None:
    assert Grant(NURSE, Scope.CHILD, CHILD, starts, until).holds(on) == (
        starts <= on and (not until or on < until)
    )


@pytest.mark.parametrize(
    ("scope", "scope_id", "reaches"),
    [
        (Scope.CHILD, CHILD, True),
        (Scope.CHILD, uuid4(), False),
        (Scope.ORGANISATION, HOME_CARE, True),
        (Scope.ORGANISATION, uuid4(), False),
        (Scope.NETWORK, REGION, True),
        (Scope.NETWORK, uuid4(), False),
        (Scope.NETWORK, None, False),
        (Scope.INSTALLATION, None, False),
    ],
)
def test_a_grant_reaches_the_children_of_its_scope(
    scope: Scope, scope_id: UUID | None, reaches: bool
) -> None:
    assert may(actor(Grant(NURSE, scope, scope_id, ON)), "child.open", SUBJECT, ON) == reaches
    nowhere = Subject(CHILD, None)
    assert may(actor(Grant(NURSE, Scope.NETWORK, scope_id, ON)), "child.open", nowhere, ON) is False


def test_a_system_job_reaches_every_child_a_person_with_the_same_grant_none() -> None:
    job = policy.system_actor("worker")
    assert may(job, "child.open", SUBJECT, ON) and role_for(job, SUBJECT, ON) == Role.SYSTEM
    assert not may(actor(*job.grants), "child.open", SUBJECT, ON)


def test_a_system_job_has_one_id_wherever_it_runs() -> None:
    assert policy.system_actor("worker") == policy.system_actor("worker")
    assert policy.system_actor("worker").id != policy.system_actor("demo").id


@pytest.mark.parametrize(
    ("grants", "permission", "missing"),
    [
        ((), "plan.read", "no_grant"),
        ((Grant(NURSE, Scope.CHILD, uuid4(), ON),), "plan.read", "no_grant"),
        ((Grant(NURSE, Scope.CHILD, CHILD, ON + timedelta(1)),), "plan.read", "grant_not_in_force"),
        ((Grant(NURSE, Scope.CHILD, CHILD, date(2020, 1, 1), ON),), "plan.read", "grant_not_in_force"),
        ((Grant(NURSE, Scope.CHILD, CHILD, ON),), "plan.approve", "role_lacks_permission"),
        (
            (Grant(NURSE, Scope.CHILD, CHILD, ON), Grant(NURSE, Scope.CHILD, CHILD, ON, ON)),
            "plan.approve",
            "role_lacks_permission",
        ),
        ((Grant(Role.CHILD, Scope.CHILD, CHILD, ON),), "plan.agree", "condition_from_12"),
        (
            (Grant(Role.AUTHORITY_HOLDER, Scope.CHILD, CHILD, ON),),
            "plan.read",
            "condition_authority",
        ),
    ],
)
def test_a_refusal_names_what_is_missing(grants: tuple[Grant, ...], permission: str, missing: str) -> None:
    explanation = explain(actor(*grants), permission, SUBJECT, ON)
    assert (explanation.allowed, explanation.missing) == (False, missing)
    with pytest.raises(Refused) as refused:
        require(actor(*grants), permission, SUBJECT, ON)
    assert refused.value.data == {
        "permission": permission,
        "child_id": CHILD,
        "missing": missing,
        "needs": None,
    }


def test_what_is_allowed_names_the_grant() -> None:
    grant = Grant(NURSE, Scope.CHILD, CHILD, ON)
    explanation = require(actor(grant), "plan.read", SUBJECT, ON)
    assert (explanation.grant, explanation.condition) == (grant, "always")


def test_without_a_child_a_grant_on_a_child_does_not_count() -> None:
    assert not may(actor(Grant(Role.EMPLOYEE, Scope.CHILD, CHILD, ON)), "child.register", None, ON)
    assert may(actor(Grant(Role.EMPLOYEE, Scope.ORGANISATION, HOME_CARE, ON)), "child.register", None, ON)
    with pytest.raises(Refused) as refused:
        require(actor(), "child.register", None, ON)
    assert refused.value.data["child_id"] is None


def test_a_permission_that_nobody_knows_is_a_mistake_and_not_a_refusal() -> None:
    with pytest.raises(ValueError, match="unknown permission"):
        may(actor(), "plan.raed", SUBJECT, ON)


def test_a_grant_covers_its_domains_only() -> None:
    grant = Grant(NURSE, Scope.CHILD, CHILD, ON, domains=frozenset({LifeDomain.MEDICAL}))
    assert policy.may_domains(actor(grant), "plan.read", SUBJECT, ON) == {LifeDomain.MEDICAL}
    assert explain(actor(grant), "plan.read", SUBJECT, ON, LifeDomain.SOCIAL).missing == "domain_not_covered"


def test_somebody_is_met_in_the_closest_role() -> None:
    employee = Grant(Role.EMPLOYEE, Scope.ORGANISATION, HOME_CARE, ON)
    lead = Grant(Role.TEAM_LEAD, Scope.ORGANISATION, HOME_CARE, ON)
    nurse = Grant(Role.LEVEL5_NURSE, Scope.CHILD, CHILD, ON)
    assert role_for(actor(employee, lead, nurse), SUBJECT, ON) == Role.LEVEL5_NURSE
    assert role_for(actor(employee, lead), SUBJECT, ON) == Role.TEAM_LEAD
    assert role_for(actor(employee), None, ON) == Role.EMPLOYEE
    assert role_for(actor(), SUBJECT, ON) is None


@given(some.sampled_from([Role.CHILD, Role.YOUNG_PERSON]), DAYS, some.none() | DAYS)
def test_a_child_is_a_young_person_from_16_whatever_the_grant_calls_it(
    role: Role, on: date, born: date | None
) -> None:
    expected = Role.YOUNG_PERSON if born and on >= birthday(born, 16) else Role.CHILD
    assert policy.role_now(role, Subject(CHILD, born), on) == expected


def test_a_role_is_held_while_a_grant_holds() -> None:
    nurse = actor(Grant(NURSE, Scope.CHILD, CHILD, ON))
    assert nurse.held(NURSE, ON) and not nurse.held(NURSE, ON - timedelta(1)) and not nurse.held(Role.GP, ON)
    assert policy.is_family(Role.RELATIVE) and not policy.is_family(NURSE) and not policy.is_family(None)


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        (["gp,plan.read,all,when_it_rains"], "unknown condition"),
        (["gp,plan.read,all,always", "gp,plan.read,medical,always"], "stands twice"),
        (["insurer,plan.read,all,always"], "insurer"),
    ],
)
def test_a_matrix_that_cannot_be_read_stops_the_house(
    lines: list[str], complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "matrix.csv"
    path.write_text("\n".join(["role,permission,domain,condition", *lines]), encoding="utf-8")
    monkeypatch.setattr(policy, "MATRIX", path)
    with pytest.raises(ValueError, match=complaint):
        policy.matrix.__wrapped__()


@given(some.dates(date(2005, 1, 1), date(2026, 1, 1)), some.dates(date(2026, 1, 1), date(2045, 1, 1)))
def test_conditions_of_age_change_on_the_birthday(born: date, on: date) -> None:
    subject = Subject(CHILD, born, has_authority=True)
    someone = actor()
    assert policy.CONDITIONS["from_12"](someone, subject, on) == (on >= birthday(born, 12))
    assert policy.CONDITIONS["authority"](someone, subject, on) == (on < birthday(born, 16))
    kept = replace(subject, may_decide=False)
    assert policy.CONDITIONS["authority_decides"](someone, subject, on) == (on < birthday(born, 16))
    assert not policy.CONDITIONS["authority_decides"](someone, kept, on)
    # Who was assessed as not able to decide stays under authority until 18 (BW 7:465(2)).
    unable = replace(subject, can_decide=False)
    assert policy.CONDITIONS["authority"](someone, unable, on) == (on < birthday(born, 18))
    assert not policy.CONDITIONS["from_12"](someone, unable, on)


def test_a_domain_that_consent_closes_is_not_there() -> None:
    medical, social = LifeDomain.MEDICAL, LifeDomain.SOCIAL
    narrow = Grant(
        Role.PAEDIATRIC_NURSE,
        Scope.CHILD,
        CHILD,
        ON,
        domains=frozenset({medical, social}),
        domain_ends={social: ON},
    )
    nurse, subject = actor(narrow), Subject(CHILD, None)
    assert policy.may_domains(nurse, "plan.read", subject, ON - timedelta(1)) == frozenset()
    assert policy.may_domains(nurse, "plan.read", subject, ON) == {medical}
    assert may(nurse, "record.read", subject, ON)
    only_social = actor(replace(narrow, domains=frozenset({social}), domain_ends={}))
    assert may(only_social, "child.open", subject, ON)
    # The hospital's file is medical as a whole.
    assert not may(only_social, "record.read", subject, ON)
    nothing = actor(replace(narrow, domains=frozenset()))
    assert not may(nothing, "child.open", subject, ON)


def test_what_is_closed_to_an_organisation_is_closed_to_who_looks_in_its_name() -> None:
    home = uuid4()
    lead = actor(Grant(Role.TEAM_LEAD, Scope.ORGANISATION, home, ON))
    part = Subject(CHILD, None, organisation_ids=frozenset({home}))
    assert may(lead, "child.open", part, ON)
    narrow = replace(part, organisation_domains={home: frozenset({LifeDomain.SAFETY})})
    assert policy.may_domains(lead, "team.read", narrow, ON) == {LifeDomain.SAFETY}
