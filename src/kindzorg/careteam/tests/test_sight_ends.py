"""Who looks until when: a parent until the 16th birthday, and nobody writes in a file that was merged away."""

from datetime import timedelta

import pytest

from kindzorg.access import policy
from kindzorg.access.policy import system_actor
from kindzorg.access.roles import Role, Scope
from kindzorg.careteam.queries import child_for, children_for
from kindzorg.careteam.tests.test_sight import by_query, one_grant, world
from kindzorg.careteam.tests.world import TODAY


@pytest.mark.django_db
def test_a_merged_file_stands_in_no_list_and_is_written_by_nobody() -> None:
    with world(one_grant(Role.LEVEL5_NURSE, Scope.CHILD, 0, merged=True)) as (actor, children):
        kept, merged = children
        for who in (actor, system_actor("worker")):
            assert set(children_for(who, TODAY).values_list("id", flat=True)) == {kept}
        opened = child_for(actor, merged, TODAY)
        assert (opened.child.id, opened.subject.child_id, opened.role) == (merged, merged, Role.LEVEL5_NURSE)
        whole = child_for(actor, kept, TODAY)
        for permission in policy.permissions():
            reads = policy.may(actor, permission, whole.subject, TODAY) and policy.only_reads(permission)
            assert policy.may(actor, permission, opened.subject, TODAY) == reads
        assert policy.explain(actor, "plan.draft", opened.subject, TODAY).missing == "file_merged"


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "seen"), [(-1, True), (0, False), (1, False)])
def test_a_holder_of_authority_looks_along_until_the_16th_birthday(days: int, seen: bool) -> None:
    plan = one_grant(Role.AUTHORITY_HOLDER, Scope.CHILD, 0, on=TODAY + timedelta(days))
    with world(plan) as (actor, children):
        assert by_query(actor, plan.on) == (set(children[:1]) if seen else set())
