"""The week, further: swapping over weeks, hours of every life domain, and the next visits of an agreement."""

import re
from datetime import timedelta

import pytest

from kindzorg.careplan.cover.models import Demand
from kindzorg.careplan.visits.models import VisitChange
from kindzorg.careteam.models import Grant

from .conftest import TODAY, World, build
from .test_week_pages import body, get, post
from .weeks import TUESDAY, morning, off, plan, professional

pytestmark = pytest.mark.django_db


@pytest.fixture
def week() -> World:
    world = build()
    world.in_force(agreements=2)
    return world


def test_what_is_needed_is_of_a_domain_that_who_says_it_may_change(week: World) -> None:
    Grant.objects.filter(user=week.users["colleague"]).update(domains="social|safety")
    page = body(get(week, "colleague", "week_needed_new"))
    assert re.findall(r'name="domain" value="(\w+)"', page) == ["social", "safety"]
    given = {"start": "15:00", "end": "18:00", "starts_on": TODAY.isoformat(), "days": ["2"]}
    given |= {"may_cover": "anybody", "why": "iemand om mee te spelen"}
    assert post(week, "colleague", "week_needed_new", **given, domain="medical").status_code == 200
    assert Demand.objects.count() == 0
    assert post(week, "colleague", "week_needed_new", **given, domain="social").status_code == 302
    assert Demand.objects.get().domain == "social"
    assert "Samen leven" in body(get(week, "mother", "week_needed"))


def test_a_swap_steps_to_another_week(week: World) -> None:
    visit = plan(week)
    third = TODAY + timedelta(days=16)
    other = plan(week, who=professional(week, "colleague"), rhythm=morning(starts_on=third, rule=""))
    step = (visit, TUESDAY.isoformat(), "swap")
    empty = body(get(week, "nurse", "week_visit_step", *step))
    assert "niemand anders" in empty
    assert f"?week={TODAY + timedelta(days=7):%G-W%V}" in empty
    assert "<button" not in empty.split("<h1")[1].split("</main")[0]
    query = f"?week={third:%G-W%V}"
    page = body(get(week, "nurse", "week_visit_step", *step, week=f"{third:%G-W%V}"))
    assert "Colleague" in page
    answer = post(week, "nurse", "week_visit_step", *step, query=query, other=f"{other}/{third}")
    assert answer.status_code == 302
    assert VisitChange.objects.filter(kind="swapped").count() == 2
    assert get(week, "nurse", "week_visit_step", *step, week="9999-W52").status_code == 404


def test_the_page_of_an_agreement_shows_its_next_five_visits(week: World) -> None:
    visit = plan(week)
    plan(week, who=professional(week, "colleague"), agreement_id=week.agreements[1], rhythm=morning())
    off(week, visit, TUESDAY)
    page = body(get(week, "mother", "plan_agreement", week.agreements[0]))
    told = page.split("De volgende bezoeken")[1].split("</section>")[0]
    assert told.count("23:00–07:00") == 5
    assert "Nurse" in told
    assert "Colleague" not in told
    assert "dinsdag 15 september" not in told
    assert "De volgende" not in body(get(week, "aunt", "plan_agreement", week.agreements[0]))
