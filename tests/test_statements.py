"""A statement that is worded once finds what Django finds each time, for other values too, on both databases."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.test.utils import CaptureQueriesContext

from kindzorg.audit.models import AuditLine
from kindzorg.careplan import actions
from kindzorg.careplan.models import GoalText, PlanVersion
from kindzorg.careplan.tests.conftest import World, build, goal
from kindzorg.careteam.models import Grant, Membership
from kindzorg.core.ids import new_id
from kindzorg.core.plain import day, key, moment
from kindzorg.core.statements import Listed, Nested, worded_once
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.people.models import Child
from tests.machine import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def worlds() -> Iterator[list[World]]:
    """Two families, each with its plan in force."""
    made = [build(), build()]
    for one in made:
        one.in_force(goals=1, agreements=1)
    yield made


def versions(child_id: UUID, before: datetime) -> QuerySet[Any, Any]:
    """With a key, a moment, a list of JSON and a count: each of these a database keeps in its own way."""
    rows = PlanVersion.objects.filter(child_id=child_id, in_force_at__lt=before).annotate(
        signed=Count("signatures")
    )
    return rows.order_by("number").values(
        "id", "in_force_at", "needs", "signed", "by", based=F("based_on__number")
    )


def test_it_finds_what_django_finds_for_every_value(worlds: list[World]) -> None:
    ask = worded_once(versions)
    for one in worlds:
        later = one.moment + timedelta(days=1)
        found = ask(one.child_id, later)
        assert found == list(versions(one.child_id, later)) != []
        assert ask(child_id=one.child_id, before=one.moment - timedelta(days=999)) == []
    assert ask(new_id(), worlds[0].moment) == []


def test_it_is_worded_once_and_asked_each_time(worlds: list[World]) -> None:
    worded = []

    @worded_once
    def lines(child_id: UUID, event: str) -> QuerySet[Any, Any]:
        worded.append(child_id)
        return AuditLine.objects.filter(child_id=child_id, event=event).order_by("id").values("id", "at")

    events = set(AuditLine.objects.values_list("event", flat=True))
    with CaptureQueriesContext(connection) as caught:
        found = [len(lines(one.child_id, event)) for one in worlds for event in events]
    assert len(worded) == 1
    assert len(caught) == len(worlds) * len(events)
    assert sum(found) == AuditLine.objects.filter(child_id__in=[one.child_id for one in worlds]).count()


def test_a_tuple_of_any_length_is_a_list_of_values(worlds: list[World]) -> None:
    @worded_once
    def grants(children: tuple[UUID, ...], on: date) -> QuerySet[Any, Any]:
        holds = Q(starts__lte=on) & (Q(until=None) | Q(until__gt=on))
        return (
            Grant.objects.filter(holds, scope_id__in=children)
            .order_by("id")
            .values("id", "scope_id", "starts")
        )

    keys = [one.child_id for one in worlds]
    first, both = grants((keys[0],), TODAY), grants(tuple(keys), TODAY)
    assert {row["scope_id"] for row in first} == {keys[0]}
    assert {row["scope_id"] for row in both} == set(keys)
    assert grants(tuple(reversed(keys)), TODAY) == both
    assert grants((keys[1],), TODAY) + first != first
    with CaptureQueriesContext(connection) as caught:
        assert grants((), TODAY) == []
    assert not caught.captured_queries

    @worded_once
    def teams(children: tuple[UUID, ...]) -> QuerySet[Any, Any]:
        return Membership.objects.filter(child_id__in=children).order_by("id").values("child_id")

    assert {row["child_id"] for row in teams(tuple(keys))} == set(keys)
    assert {row["child_id"] for row in teams((keys[1],))} == {keys[1]}


def test_rows_come_along_as_a_list_in_their_order(worlds: list[World]) -> None:
    @worded_once
    def plans(child_id: UUID) -> QuerySet[Any, Any]:
        goals = GoalText.objects.filter(version_id=OuterRef("id")).order_by("-goal_id")
        nothing = goals.filter(words="nowhere").values(item=JSONObject(words="words"))
        parts = JSONObject(id="goal_id", domains=Nested(F("domains")), at="changed_at", on="review_on")
        rows = PlanVersion.objects.filter(child_id=child_id)
        return rows.values("id", goals=Listed(goals.values(item=parts)), nothing=Listed(nothing))

    worlds[0].do("nurse", actions.start_draft)
    worlds[0].do("nurse", actions.add_goal, goal("second", domains=(LifeDomain.SOCIAL,)))
    for row in plans(worlds[0].child_id):
        stored = GoalText.objects.filter(version_id=row["id"]).order_by("-goal_id")
        assert [
            (key(one["id"]), one["domains"], moment(one["at"]), day(one["on"])) for one in row["goals"]
        ] == list(stored.values_list("goal_id", "domains", "changed_at", "review_on"))
        assert row["nothing"] == []


def test_what_is_no_value_belongs_to_the_statement(worlds: list[World]) -> None:
    @worded_once
    def members(child_id: UUID, organisation_id: UUID | None, newest_first: bool) -> QuerySet[Any, Any]:
        rows = Membership.objects.filter(child_id=child_id, organisation_id=organisation_id)
        return rows.order_by("-id" if newest_first else "id").values("id", "organisation_id")

    child_id = worlds[0].child_id
    house = Membership.objects.filter(child_id=child_id).exclude(organisation=None).first().organisation_id
    nowhere = members(child_id, None, False)
    assert nowhere and {row["organisation_id"] for row in nowhere} == {None}
    assert members(child_id, None, True) == nowhere[::-1]
    assert {row["organisation_id"] for row in members(child_id, house, True)} == {house}


def test_a_row_of_a_table_comes_with_what_was_added(worlds: list[World]) -> None:
    @worded_once
    def child(child_id: UUID, on: date) -> QuerySet[Child]:
        team = Membership.objects.filter(child_id=OuterRef("id"), starts__lte=on)
        return Child.objects.filter(id=child_id).annotate(has_team=Exists(team))

    for one in worlds:
        (found,) = child(one.child_id, TODAY)
        stored = Child.objects.get(id=one.child_id)
        names = [field.attname for field in Child._meta.concrete_fields]
        assert [getattr(found, name) for name in names] == [getattr(stored, name) for name in names]
        assert (found, found.has_team, found._state.adding) == (stored, True, False)
        assert not child(one.child_id, date(2001, 1, 1))[0].has_team


def test_rows_with_their_related_rows_are_not_for_it() -> None:
    @worded_once
    def members(child_id: UUID) -> QuerySet[Membership]:
        return Membership.objects.filter(child_id=child_id).select_related("child")

    with pytest.raises(TypeError, match="Membership"):
        members(new_id())
