"""Three walls, one answer: the policy, the query and the database agree on which children an actor may open.

The policy (`may(child.open)`) is pure; the query (`visible_children`) finds the children; the row wall of
PostgreSQL holds whatever a query forgets. Each is written apart, so each is compared with the others here.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some

from kindzorg.access import policy, sight
from kindzorg.access.ages import birthday
from kindzorg.access.policy import Actor, system_actor
from kindzorg.access.roles import Hat, Role, Scope
from kindzorg.access.sight import Sight
from kindzorg.careteam.models import Capacity, CourtRestriction, Grant, Membership, ParentalAuthority
from kindzorg.careteam.queries import actor_for, child_for, visible_children
from kindzorg.careteam.rules import AuthorityKind, Known, RestrictionKind, grant_end
from kindzorg.careteam.tests.world import NOW, TODAY
from kindzorg.core.errors import Refused
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.core.walls import behind_wall
from kindzorg.people.models import Child, Organisation, Region, Relative, User
from kindzorg.people.rules import OrganisationKind, Relation

NEAR = some.integers(-2, 2).map(lambda days: TODAY + timedelta(days=days))
END = some.none() | NEAR
# Around the 12th, 16th and 18th birthday, and no birth date at all.
BORN = some.none() | some.builds(
    lambda years, days: birthday(TODAY, -years) + timedelta(days=days),
    some.sampled_from([4, 12, 16, 18]),
    some.integers(-2, 2),
)
WHERE = some.integers(0, 1)


@dataclass(frozen=True)
class GrantPlan:
    """A grant to be made; `target` is the number of the child, organisation or region, or none."""

    role: Role
    scope: Scope
    target: int | None
    starts: date
    until: date | None
    domains: Sight = field(default_factory=lambda: sight.EVERYTHING)
    over: bool = False


@dataclass(frozen=True)
class Plan:
    """What the database will hold: two children, two organisations, two regions, one account."""

    born: tuple[date | None, date | None]
    regions: tuple[int | None, int | None]
    memberships: tuple[tuple[int, int, date, date | None, Sight], ...]
    grants: tuple[GrantPlan, ...]
    authorities: tuple[tuple[int, date, date | None], ...]
    on: date
    able: tuple[bool | None, bool | None] = (None, None)
    restrictions: tuple[tuple[int, RestrictionKind, date, date | None], ...] = ()
    merged: bool = False  # the second file into the first


# What the family's consent leaves open, and until when.
SIGHTS = some.just(sight.EVERYTHING) | some.dictionaries(some.sampled_from(LifeDomain), END, max_size=3)
GRANTS = some.builds(
    GrantPlan,
    some.sampled_from(Role),
    some.sampled_from(Scope),
    some.none() | WHERE,
    NEAR,
    END,
    SIGHTS,
    some.booleans(),
)
PLANS = some.builds(
    Plan,
    born=some.tuples(BORN, BORN),
    regions=some.tuples(some.none() | WHERE, some.none() | WHERE),
    memberships=some.lists(some.tuples(WHERE, WHERE, NEAR, END, SIGHTS), max_size=3).map(tuple),
    grants=some.lists(GRANTS, max_size=4).map(tuple),
    authorities=some.lists(some.tuples(WHERE, NEAR, END), max_size=2).map(tuple),
    on=NEAR,
    able=some.tuples(some.none() | some.booleans(), some.none() | some.booleans()),
    restrictions=some.lists(
        some.tuples(WHERE, some.sampled_from(RestrictionKind), NEAR, END), max_size=2
    ).map(tuple),
    merged=some.booleans(),
)
SIXTEEN = birthday(TODAY, -16)


def one_grant(role: Role, scope: Scope, target: int | None, **other: object) -> Plan:
    """A plan with one grant and one membership that holds; `other` changes parts of it."""
    parts = {
        "born": (SIXTEEN, None),
        "regions": (0, None),
        "memberships": ((0, 0, TODAY, None, sight.EVERYTHING),),
        "grants": (GrantPlan(role, scope, target, TODAY - timedelta(2), None),),
        "authorities": ((0, TODAY - timedelta(2), None),),
        "on": TODAY,
    }
    return Plan(**{**parts, **other})  # type: ignore[arg-type]


@contextmanager
def world(plan: Plan) -> Iterator[tuple[Actor, list[UUID]]]:
    """The plan as rows, gone again after the block. Written past the actions: also what they would refuse."""
    with transaction.atomic():
        regions = [Region.objects.create(name=f"Regio {number}", created_at=NOW) for number in range(2)]
        kind = OrganisationKind.HOME_CARE
        houses = [Organisation.objects.create(name=f"Huis {n}", kind=kind, created_at=NOW) for n in range(2)]
        user = User.objects.create(username="somebody", name="Somebody", created_at=NOW)
        children = [
            Child.objects.create(
                birth_date=born, region=None if at is None else regions[at], owner=houses[0], created_at=NOW
            )
            for born, at in zip(plan.born, plan.regions, strict=True)
        ]
        mine = {"owner": houses[0], "created_at": NOW}
        for house, child, starts, until, open_to in consistent(plan.memberships):
            member = {"child": children[child], "organisation": houses[house], "role": Role.LEVEL5_NURSE}
            seen = {"domains": sight.write(open_to), "sight_until": sight.ends_on(open_to)}
            Membership.objects.create(starts=starts, until=until, **seen, **member, **mine)
        for child, able in zip(children, plan.able, strict=True):
            if able is not None:
                write_capacity(child, able, mine)
        for number, starts, until in plan.authorities:
            parent = Relative.objects.create(
                child=children[number], user=user, name="Ouder", relation=Relation.MOTHER, **mine
            )
            held = {"child": children[number], "relative": parent, "kind": AuthorityKind.SOLE}
            ParentalAuthority.objects.create(starts=starts, until=until, **held, **mine)
        for number, kept_from, starts, until in plan.restrictions:
            write_restriction(children[number], user, mine, kind=kept_from, starts=starts, until=until)
        targets = {Scope.CHILD: children, Scope.ORGANISATION: houses, Scope.NETWORK: regions}
        for grant in plan.grants:
            write_grant(grant, user, targets.get(grant.scope, []), plan)
        if plan.merged:
            Child.objects.filter(id=children[1].id).update(merged_into=children[0])
        yield actor_for(user, at=NOW), [child.id for child in children]
        transaction.set_rollback(True)


def consistent(memberships: Iterable[tuple[int, int, date, date | None, Sight]]) -> list[Any]:
    """What is open to an organisation is one thing per child, whoever of it takes part: as consent stores it."""
    first: dict[tuple[int, int], Sight] = {}
    return [(*one[:4], first.setdefault(one[:2], one[4])) for one in memberships]


def write_restriction(child: Child, user: User, mine: dict[str, Any], **what: Any) -> None:
    kept = Relative.objects.create(child=child, user=user, name="Ouder", relation=Relation.FATHER, **mine)
    who = {"recorded_by_id": child.id, "recorded_by": "Verpleegkundige", "source": "beschikking gezien"}
    CourtRestriction.objects.create(child=child, relative=kept, **what, **who, **mine)


def write_capacity(child: Child, able: bool, mine: dict[str, Any]) -> None:
    days = {"starts": TODAY - timedelta(9), "until": TODAY + timedelta(9)}
    who = {"assessed_by_id": child.id, "assessed_by": "Dokter", "reason": "gesproken"}
    Capacity.objects.create(child=child, can_decide=able, **days, **who, **mine)


def write_grant(plan: GrantPlan, user: User, targets: list[Child], world: Plan) -> None:
    """One grant, with its end as the care team's actions store it."""
    target = targets[plan.target] if targets and plan.target is not None else None
    until = plan.until
    open_to = sight.EVERYTHING
    if plan.scope == Scope.CHILD and target is not None and plan.target is not None:
        able = world.able[plan.target] is not False
        known = Known(target.birth_date, None if able else TODAY + timedelta(9))
        until = grant_end(plan.role, known, plan.until)
        open_to = plan.domains
    Grant.objects.create(
        user=user,
        role=plan.role,
        scope=plan.scope,
        scope_id=target.id if target else None,
        opens_children=policy.opens_children(plan.role),
        starts=plan.starts,
        until=until,
        domains=sight.write(open_to),
        sight_until=sight.ends_on(open_to),
        ends_at=NOW if plan.over else None,
        created_at=NOW,
    )


def by_policy(actor: Actor, children: list[UUID], on: date) -> set[UUID]:
    """The children whom the policy lets this actor open."""
    return {one for one in children if may_open(actor, one, on)}


def may_open(actor: Actor, child_id: UUID, on: date) -> bool:
    try:
        return child_for(actor, child_id, on).child.id == child_id
    except Refused:
        return False


def by_query(actor: Actor, on: date) -> set[UUID]:
    """The children whom the query shows this actor."""
    return set(Child.objects.filter(visible_children(actor, on)).values_list("id", flat=True))


def by_wall(
    actor: Actor, on: date, sought: list[UUID] | None = None, hat: str = ""
) -> tuple[set[UUID], set[UUID], set[UUID]]:
    """The children whom the database shows this actor when everything is asked for: themselves, and by their rows."""
    about = {"system": actor.system, "sought": sought, "hat": hat}
    with transaction.atomic(), behind_wall(actor.id, on, at=NOW, **about):
        seen = tuple(
            set(table.objects.values_list(column, flat=True))
            for table, column in ((Child, "id"), (Membership, "child_id"), (Relative, "child_id"))
        )
        transaction.set_rollback(True)  # Takes the actor's role off this connection again.
    return seen  # type: ignore[return-value]


def shut(role: Role, open_to: Sight) -> GrantPlan:
    """A grant on the first child that the family's consent makes narrower."""
    return GrantPlan(role, Scope.CHILD, 0, TODAY - timedelta(2), None, open_to)


NO_SIGHT = (0, RestrictionKind.SEE, TODAY, None)
NO_WORD = (0, RestrictionKind.DECIDE, TODAY, None)
NURSE_OF_THE_OTHER = GrantPlan(Role.LEVEL5_NURSE, Scope.CHILD, 1, TODAY - timedelta(2), None)
CASES = (
    # The 16th birthday: the holder of authority's grant ends on the day itself, the child's own goes on.
    example(one_grant(Role.AUTHORITY_HOLDER, Scope.CHILD, 0)),
    example(one_grant(Role.AUTHORITY_HOLDER, Scope.CHILD, 0, on=TODAY - timedelta(1))),
    example(one_grant(Role.CHILD, Scope.CHILD, 0)),
    example(one_grant(Role.YOUNG_PERSON, Scope.CHILD, 0, on=TODAY - timedelta(1))),
    # An organisation sees a child while its membership holds.
    example(one_grant(Role.TEAM_LEAD, Scope.ORGANISATION, 0)),
    example(
        one_grant(
            Role.TEAM_LEAD,
            Scope.ORGANISATION,
            0,
            memberships=((0, 0, TODAY - timedelta(2), TODAY, sight.EVERYTHING),),
        )
    ),
    example(
        one_grant(
            Role.TEAM_LEAD,
            Scope.ORGANISATION,
            0,
            memberships=((0, 0, TODAY + timedelta(1), None, sight.EVERYTHING),),
        )
    ),
    # What the family closed is not there: for one person, and for an organisation.
    example(one_grant(Role.SCHOOL, Scope.CHILD, 0, grants=(shut(Role.SCHOOL, {}),))),
    example(one_grant(Role.SCHOOL, Scope.CHILD, 0, grants=(shut(Role.SCHOOL, {LifeDomain.SOCIAL: TODAY}),))),
    example(one_grant(Role.TEAM_LEAD, Scope.ORGANISATION, 0, memberships=((0, 0, TODAY, None, {}),))),
    # Who cannot decide stays under authority after 16.
    example(one_grant(Role.AUTHORITY_HOLDER, Scope.CHILD, 0, able=(False, None))),
    # A court that forbids looking goes before every grant; one that forbids deciding leaves looking.
    example(one_grant(Role.AUTHORITY_HOLDER, Scope.CHILD, 0, born=(None, None), restrictions=(NO_SIGHT,))),
    example(one_grant(Role.TEAM_LEAD, Scope.ORGANISATION, 0, restrictions=(NO_SIGHT,))),
    example(one_grant(Role.AUDITOR, Scope.NETWORK, 0, restrictions=(NO_SIGHT,))),
    example(one_grant(Role.TEAM_LEAD, Scope.ORGANISATION, 0, restrictions=(NO_WORD,))),
    # Neither a grant on no region nor one on the installation reaches a child, whoever holds it.
    example(one_grant(Role.AUDITOR, Scope.NETWORK, None)),
    example(one_grant(Role.AUDITOR, Scope.NETWORK, 0)),
    example(one_grant(Role.PRIVACY_OFFICER, Scope.INSTALLATION, None)),
    example(one_grant(Role.SYSTEM, Scope.INSTALLATION, None)),
    # Mother of one child and nurse of the other: in each of the two only that one.
    example(
        one_grant(
            Role.CHILD,
            Scope.CHILD,
            0,
            grants=(shut(Role.AUTHORITY_HOLDER, sight.EVERYTHING), NURSE_OF_THE_OTHER),
            born=(None, None),
        )
    ),
    # A merged file is read through the one that goes on, and a grant on it alone opens nothing.
    example(one_grant(Role.LEVEL5_NURSE, Scope.CHILD, 0, merged=True)),
    example(one_grant(Role.LEVEL5_NURSE, Scope.CHILD, 1, merged=True)),
    example(
        one_grant(
            Role.TEAM_LEAD,
            Scope.ORGANISATION,
            0,
            memberships=((0, 1, TODAY, None, sight.EVERYTHING),),
            merged=True,
        )
    ),
)
COMPARED = settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def with_cases(test: object) -> object:
    """The cases that once went wrong, or nearly, tried each time beside what is generated."""
    for case in CASES:
        test = case(test)  # type: ignore[arg-type]
    return test


@pytest.mark.django_db
@COMPARED
@with_cases
@given(PLANS)
def test_policy_and_query_agree_on_the_children_an_actor_may_open(plan: Plan) -> None:
    with world(plan) as (actor, children):
        for worn in (actor, *(policy.wearing(actor, hat) for hat in Hat)):
            assert by_policy(worn, children, plan.on) == by_query(worn, plan.on)


@pytest.mark.postgresql
@pytest.mark.django_db
@COMPARED
@with_cases
@given(PLANS)
def test_the_row_wall_agrees_with_policy_and_query(plan: Plan) -> None:
    with world(plan) as (actor, children):
        themselves, teams, families = by_wall(actor, plan.on)
        assert themselves == by_policy(actor, children, plan.on) == by_query(actor, plan.on)
        assert teams <= themselves and families <= themselves
        # A page that says whom it is about sees the same children, and of them only those.
        for sought in ([], children[:1], children[1:], children):
            # With a child come the files that were merged into its own, and the other way round.
            with_it = set(children) if plan.merged and sought else set(sought)
            kept = tuple(seen & with_it for seen in (themselves, teams, families))
            assert by_wall(actor, plan.on, sought) == kept
        for hat in Hat:
            worn = policy.wearing(actor, hat)
            shown = by_wall(actor, plan.on, None, hat)
            assert shown[0] == by_policy(worn, children, plan.on) == by_query(worn, plan.on)
            assert shown[1] <= shown[0] and shown[2] <= shown[0]
        assert by_wall(actor, plan.on, None, "none") == (set(), set(), set())


@pytest.mark.django_db
def test_a_system_job_sees_every_child_by_all_three() -> None:
    with world(one_grant(Role.CHILD, Scope.CHILD, 0)) as (_, children):
        job = system_actor("worker")
        assert by_policy(job, children, TODAY) == by_query(job, TODAY) == set(children)
        if connection.vendor == "postgresql":
            assert by_wall(job, TODAY)[0] == set(children)
