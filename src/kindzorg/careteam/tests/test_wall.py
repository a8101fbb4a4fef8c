"""The row wall of PostgreSQL goes up and down as a whole, in its one transaction."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Exists, OuterRef

from kindzorg.access import sight
from kindzorg.access.policy import system_actor
from kindzorg.access.roles import Role, Scope
from kindzorg.careteam.models import Membership
from kindzorg.careteam.tests.test_sight import GrantPlan, by_query, one_grant, world
from kindzorg.careteam.tests.world import TODAY
from kindzorg.core.walls import APP_ROLE, behind_wall, keep_to
from kindzorg.people.models import Child


@pytest.mark.postgresql
@pytest.mark.django_db
def test_a_wall_inside_a_transaction_is_taken_down_again() -> None:
    def now() -> tuple[str, str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user, current_setting('kindzorg.actor', true)")
            return cursor.fetchone()

    before = now()
    with world(one_grant(Role.AUDITOR, Scope.NETWORK, 0)) as (actor, children):
        with behind_wall(actor.id, TODAY):
            assert now() == (APP_ROLE, str(actor.id))
            with behind_wall(system_actor("worker").id, TODAY, system=True):
                assert Child.objects.count() == len(children)
            assert (now(), Child.objects.count()) == ((APP_ROLE, str(actor.id)), 1)
        assert now()[0] == before[0] and Child.objects.count() == len(children)
        with pytest.raises(ZeroDivisionError), behind_wall(actor.id, TODAY):
            raise ZeroDivisionError
        assert now()[0] == before[0]


@pytest.mark.postgresql
@pytest.mark.django_db
def test_a_wall_that_keeps_to_some_children_does_so_until_it_is_taken_down() -> None:
    grants = tuple(
        GrantPlan(Role.LEVEL5_NURSE, Scope.CHILD, number, TODAY - timedelta(2), None) for number in range(2)
    )
    with world(one_grant(Role.CHILD, Scope.CHILD, 0, grants=grants)) as (actor, children):
        with behind_wall(actor.id, TODAY):
            assert by_query(actor, TODAY) == set(children)
            keep_to(children[1:])
            assert by_query(actor, TODAY) == set(children[1:])
            with behind_wall(actor.id, TODAY):
                assert by_query(actor, TODAY) == set(children)
            assert by_query(actor, TODAY) == set(children[1:])
        with behind_wall(actor.id, TODAY):
            assert by_query(actor, TODAY) == set(children)


@pytest.mark.postgresql
@pytest.mark.django_db
def test_a_statement_prepared_before_the_wall_shows_no_more_behind_it() -> None:
    def with_a_team() -> int:
        return sum(
            Child.objects.values_list(Exists(Membership.objects.filter(child=OuterRef("id"))), flat=True)
        )

    both = ((0, 0, TODAY, None, sight.EVERYTHING), (0, 1, TODAY, None, sight.EVERYTHING))
    with world(one_grant(Role.CHILD, Scope.CHILD, 0, memberships=both)) as (actor, _):
        for _round in range(9):
            assert with_a_team() == 2
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%EXISTS%'")
            assert cursor.fetchone()[0] >= 1
        for _round in range(9):
            with behind_wall(actor.id, TODAY):
                assert with_a_team() == 1
            assert with_a_team() == 2
