"""The demo families load through the real actions, whole or not at all, on both databases."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from kindzorg.access.ages import age, birthday
from kindzorg.access.roles import Role
from kindzorg.audit.events import Purpose
from kindzorg.audit.models import AuditLine
from kindzorg.careteam.models import Grant, Membership, ParentalAuthority
from kindzorg.careteam.queries import actor_for, opened_children
from kindzorg.core.texts import content
from kindzorg.demo.loading import load, loaded_for
from kindzorg.journey.models import CareJourney
from kindzorg.people.models import Child, Organisation, Professional, Region, Relative, User
from kindzorg.people.rules import Relation

pytestmark = pytest.mark.django_db

NOT_SIGNING_IN = {Role.EMERGENCY_CARER, Role.EMPLOYEE, Role.SYSTEM, Role.YOUNG_PERSON}


def counts() -> dict[str, int]:
    there = set(connection.introspection.table_names())
    models = [model for model in apps.get_models() if model.__module__.startswith("kindzorg.")]
    return {one.__name__: one._default_manager.count() for one in models if one._meta.db_table in there}


def test_eight_families_of_the_ages_that_the_stories_need(families: date) -> None:
    ages = {child.given_name: age(child.birth_date, families) for child in Child.objects.all()}
    assert ages == {
        "Yusuf": 0, "Sterre": 3, "Finn": 6, "Noor": 8, "Jesse": 9, "Lotte": 11, "Daan": 17, "Fenna": 7,
    }  # fmt: skip
    lotte = Child.objects.get(given_name="Lotte")
    assert age(lotte.birth_date, families + timedelta(days=7)) == 12


def test_loading_again_changes_nothing(families: date) -> None:
    before = counts()
    assert load(families) == 0
    assert counts() == before


def test_it_remembers_its_day(families: date) -> None:
    assert loaded_for() == families


def test_every_child_has_one_open_or_closed_journey(families: date) -> None:
    found = Counter(CareJourney.objects.values_list("child_id", flat=True))
    assert set(found.values()) == {1}
    assert len(found) == Child.objects.count() == 8


def test_enough_organisations_regions_and_roles(families: date) -> None:
    assert Organisation.objects.count() >= 6
    assert Region.objects.count() == 2
    held = set(Grant.objects.values_list("role", flat=True))
    assert set(Role) - NOT_SIGNING_IN <= held


def test_no_time_lies_after_the_day_of_the_demo(families: date) -> None:
    evening = families + timedelta(days=1)
    for model in (AuditLine,):
        latest = model.objects.order_by("-at").first()
        assert timezone.localdate(latest.at) < evening


def test_every_line_of_the_trail_says_that_it_is_a_demo(families: date) -> None:
    assert AuditLine.objects.exists()
    assert not AuditLine.objects.filter(demo=False).exists()


def test_every_line_of_the_trail_says_by_which_right_and_what_for(families: date) -> None:
    done = AuditLine.objects.filter(outcome="done")
    assert not done.filter(basis="").exists() and not done.filter(permission="").exists()
    assert not done.filter(purpose="").exists()
    nurses = done.filter(actor_name="Marit van der Laan").values_list("purpose", flat=True)
    assert set(nurses) == {Purpose.CARE}


def test_the_family_can_read_what_every_line_about_the_child_says(families: date) -> None:
    told = AuditLine.objects.filter(child_id__isnull=False).values_list("event", flat=True)
    assert set(told) - set(content("web", "events")) == set()


def test_people_did_it_themselves(families: date) -> None:
    by_system = AuditLine.objects.filter(actor_name="demo").values_list("event", flat=True)
    assert set(by_system) == {
        "region.registered", "organisation.registered", "account.registered", "professional.registered",
        "grant.given",
    }  # fmt: skip
    assert not AuditLine.objects.filter(actor_name="demo", child_id__isnull=False).exists()


def test_a_parent_without_authority_and_a_divorced_father_with_it(families: date) -> None:
    with_authority = set(ParentalAuthority.objects.values_list("relative__name", flat=True))
    assert "Ricardo Martina" not in with_authority
    assert "Joost van Beek" in with_authority
    for child in Child.objects.all():
        assert ParentalAuthority.objects.filter(child=child).exists()


def test_a_family_that_speaks_another_language_still_reads_pages_that_exist(families: date) -> None:
    assert Relative.objects.get(name="Samira Haddad").language == "ar"
    assert set(User.objects.values_list("language", flat=True)) == {"nl"}


def test_from_sixteen_the_mother_is_there_because_he_let_her_in(families: date) -> None:
    marja = Grant.objects.filter(user__username="marja").order_by("starts")
    sixteen = Child.objects.get(given_name="Daan").birth_date.replace(year=families.year - 1)
    assert [(one.role, one.until is None) for one in marja] == [
        ("authority_holder", False),
        ("relative", True),
        ("representative", False),
    ]
    # What he put on paper for after 18 opens nothing while no doctor assessed that he cannot decide.
    assert marja[2].starts == marja[2].until == birthday(Child.objects.get(given_name="Daan").birth_date, 18)
    assert marja[0].until <= families
    assert sixteen < families
    assert AuditLine.objects.filter(event="member.added", actor_name="Daan Hofstra").exists()


@pytest.mark.parametrize(
    ("username", "names"),
    [
        ("samira", {"Yusuf"}),
        ("anneke", {"Sterre"}),
        ("ricardo", {"Finn"}),
        ("daan", {"Daan"}),
        ("marit", {"Yusuf", "Sterre", "Finn", "Noor", "Jesse", "Lotte"}),
        ("aukje", {"Daan", "Fenna"}),
        ("ruud", {"Yusuf", "Sterre", "Finn", "Noor", "Jesse", "Lotte"}),
        ("sven", set()),
    ],
)
def test_who_sees_whom(families: date, username: str, names: set[str]) -> None:
    actor = actor_for(User.objects.get(username=username))
    assert {one.child.given_name for one in opened_children(actor, families)} == names


def test_everyone_in_a_team_works_there_or_belongs_to_the_family(families: date) -> None:
    assert not Membership.objects.filter(professional=None, relative=None).exists()
    assert Professional.objects.filter(user=None).count() == 0
    assert {one.relation for one in Relative.objects.all()} >= {
        Relation.MOTHER, Relation.FATHER, Relation.SIBLING, Relation.GRANDPARENT,
    }  # fmt: skip
