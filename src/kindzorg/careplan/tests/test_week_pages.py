"""The pages of the week: what each reader sees and does there, in few statements, without a script."""

import re
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kindzorg.careplan.cover.models import CoverStep, Demand
from kindzorg.careplan.cover.rules import CoverState
from kindzorg.careplan.visits.models import Visit, VisitChange
from kindzorg.careplan.visits.rules import Place
from kindzorg.careteam.competences.models import Competence
from kindzorg.ui.marks import pictogram

from .conftest import TODAY, World, build
from .weeks import TUESDAY, able, morning, need, night, off, plan, professional

pytestmark = pytest.mark.django_db
WEEK = f"{TODAY:%G-W%V}"


@pytest.fixture
def week() -> World:
    world = build()
    world.in_force()
    for who in ("nurse", "colleague"):
        able(world, who)
    return world


def browser(world: World, who: str) -> Client:
    client = Client()
    client.force_login(world.users[who])
    return client


def get(world: World, by: str, name: str = "week", *args: object, **query: str) -> HttpResponse:
    return browser(world, by).get(reverse(name, args=[world.child_id, *args]), query or {"week": WEEK})


def post(world: World, by: str, door: str, *args: object, query: str = "", **data: object) -> HttpResponse:
    return browser(world, by).post(reverse(door, args=[world.child_id, *args]) + query, data)


def body(answer: HttpResponse) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_a_week_with_an_open_night_is_loud_in_word_and_shape_and_leads_on(week: World) -> None:
    visit = plan(week)
    need(week, "suctioning")
    assert "Alles is ingevuld" in body(get(week, "mother"))
    off(week, visit)
    seen = body(get(week, "mother"))
    assert "Nog niet ingevuld" in seen
    assert "23:00–07:00" in seen
    assert "kz-weekly__open" in seen
    assert 'role="img"' in seen
    assert "Wie kan?" in seen
    assert "style=" not in re.sub(r"<link[^>]*>", "", seen.split("<main")[1])
    child = body(get(week, "child"))
    assert "Nog niemand" in child
    assert "Wie kan?" not in child
    assert "agreement 0.0" not in child
    before = f"{TODAY - timedelta(days=7):%G-W%V}"
    assert "Ook later nog niet ingevuld" in body(get(week, "mother", week=before))
    ahead = body(get(week, "child", week=before))
    assert "kz-open" not in ahead and "Nog niemand" not in ahead


def test_who_is_asked_says_yes_and_the_week_is_whole(week: World) -> None:
    visit = plan(week)
    demand = need(week, "suctioning")
    off(week, visit)
    hours = night()
    stamp = "%Y-%m-%dT%H:%M"
    query = f"?from={hours.start:%Y-%m-%d}T21:00&to={hours.end:%Y-%m-%d}T05:00"
    assert stamp
    page = browser(week, "mother").get(reverse("week_gap", args=[week.child_id, demand]) + query)
    assert "Colleague" in body(page)
    assert "hiervoor is een zorgverlener nodig" in body(page)
    key = f"p:{week.professionals['colleague']}"
    answer = post(week, "mother", "week_gap", demand, query=query, who=key)
    assert answer.status_code == 302
    assert "Gevraagd: Colleague" in body(get(week, "mother"))
    (step,) = CoverStep.objects.all()
    refused = post(week, "colleague", "cover_answer", step.request_id, answer="declined", reason="")
    assert "Schrijf in een paar woorden waarom" in body(refused)
    post(week, "colleague", "cover_answer", step.request_id, answer="accepted", reason="")
    assert CoverStep.objects.latest("id").state == CoverState.ACCEPTED
    assert "Alles is ingevuld" in body(get(week, "mother"))
    again = browser(week, "mother").get(reverse("week_gap", args=[week.child_id, demand]) + query)
    assert "al ingevuld" in body(again)
    assert "niet meer nodig" in body(get(week, "colleague", "cover_answer", step.request_id))


@pytest.mark.parametrize("query", ["", "?from=x&to=y", "?from=2026-09-15T21:00&to=2026-09-15T20:00"])
def test_hours_that_are_no_hours_are_not_found(week: World, query: str) -> None:
    demand = need(week)
    answer = browser(week, "mother").get(reverse("week_gap", args=[week.child_id, demand]) + query)
    assert answer.status_code == 404


def test_a_visit_is_called_off_taken_over_moved_swapped_and_ended(week: World) -> None:
    visit = plan(week)
    other = plan(week, who=professional(week, "colleague"), by="nurse", rhythm=morning())
    day = TUESDAY.isoformat()
    page = body(get(week, "nurse", "week_visit", visit, day))
    assert "Kan niet" in page
    assert "De hele reeks stopt" in page
    later = (TUESDAY + timedelta(days=2)).isoformat()
    steps = (
        ("off", day, {"reason": "ziek"}),
        ("other", day, {"who": "name", "name": "Buurvrouw"}),
        ("move", day, {"to_day": day, "to_start": "22:00"}),
        ("swap", later, {"other": f"{other}/{later}"}),
        ("end", later, {"on": later, "reason": "klaar"}),
    )
    for step, on, data in steps:
        assert get(week, "nurse", "week_visit_step", visit, on, step).status_code == 200, step
        answer = post(week, "nurse", "week_visit_step", visit, on, step, **data)
        assert answer.status_code == 302, (step, body(answer))
    kinds = list(VisitChange.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["cancelled", "taken_over", "moved", "swapped", "swapped", "ended"]
    assert "in plaats van Nurse" in body(get(week, "mother"))
    assert get(week, "nurse", "week_visit_step", visit, day, "juggle").status_code == 404
    for on in ("2026-09-40", (TODAY - timedelta(days=1)).isoformat()):
        assert get(week, "nurse", "week_visit", visit, on).status_code == 404


def test_a_visit_is_planned_for_an_agreement_and_for_the_family_itself(week: World) -> None:
    page = body(get(week, "nurse", "week_plan", agreement=str(week.agreements[0])))
    assert "agreement 0.0" in page
    given = {
        "start": "23:00",
        "end": "07:00",
        "starts_on": TODAY.isoformat(),
        "days": ["0", "1"],
        "place": "home",
    }
    nightly = {**given, "agreement": str(week.agreements[0]), "who": "agreed"}
    assert post(week, "nurse", "week_plan", **nightly).status_code == 302
    own = {
        **given,
        "agreement": "own",
        "who": f"r:{week.relatives['aunt']}",
        "holidays": "not_in",
        "region": "north",
    }
    assert post(week, "mother", "week_plan", **own).status_code == 302
    wrong = {**given, "agreement": "own", "who": f"p:{week.professionals['nurse']}"}
    assert "Kies de afspraak" in body(post(week, "mother", "week_plan", **wrong))
    nobody = post(week, "mother", "week_plan", **{**own, "who": "name", "name": " "})
    assert "schrijf een naam" in body(nobody)
    rows = Visit.objects.order_by("id").values_list("minutes", "rule", "who_name", "holidays")
    rule = "FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,TU"
    assert list(rows) == [(480, rule, "Nurse", "always"), (480, rule, "Aunt", "not_in")]
    seen = body(get(week, "nurse", "plan_agreement", week.agreements[0]))
    assert "Zorgmoment plannen" in seen
    assert "agreement=" in seen


def test_who_has_no_agreement_of_the_own_is_told_so(week: World) -> None:
    assert "nog geen afspraak" in body(get(week, "teacher", "week_plan"))


def test_what_is_needed_is_set_and_ended(week: World) -> None:
    assert "nog niets vastgelegd" in body(get(week, "mother", "week_needed"))
    given = {"start": "23:00", "end": "07:00", "starts_on": TODAY.isoformat(), "days": list("0123456")}
    given |= {"acts": ["suctioning"], "may_cover": "professional", "why": "ze houdt soms de adem in"}
    assert get(week, "mother", "week_needed_new").status_code == 200
    social = post(week, "mother", "week_needed_new", **given, domain="social")
    assert "gaat altijd over gezondheid" in body(social)
    assert "ze houdt soms de adem in" in body(social)
    given["domain"] = "medical"
    assert post(week, "mother", "week_needed_new", **given).status_code == 302
    seen = body(get(week, "mother", "week_needed"))
    assert "slijm uitzuigen" in seen
    demand = Demand.objects.get().id
    assert get(week, "mother", "week_needed_end", demand).status_code == 200
    end = {"on": (TODAY + timedelta(days=400)).isoformat(), "reason": "beter"}
    assert post(week, "mother", "week_needed_end", demand, **end).status_code == 302


def test_who_is_able_is_seen_and_recorded(week: World) -> None:
    assert "Colleague" in body(get(week, "mother", "week_able"))
    assert get(week, "doctor", "week_able_new").status_code == 200
    given = {
        "who": f"p:{week.professionals['nurse']}",
        "act": "injection",
        "able": "yes",
        "seen_on": TODAY.isoformat(),
    }
    assert post(week, "doctor", "week_able_new", **given).status_code == 302
    assert Competence.objects.filter(act="injection").count() == 1
    assert "voorbehouden handeling" in body(get(week, "doctor", "week_able"))


def test_the_start_pages_say_who_comes_and_what_is_open(week: World) -> None:
    plan(week)
    need(week, "oxygen")
    start = body(get(week, "mother", "child_start"))
    assert "Wie komt er vandaag?" in start
    assert "Nurse" in start
    assert "nog niemand is" in start
    assert "Wie komt er?" in body(get(week, "child", "child_start"))
    home = body(browser(week, "nurse").get(reverse("home")))
    assert "Uw momenten vandaag" in home


def test_a_visit_has_the_picture_of_where_it_is_and_one_in_the_small_hours_that_of_the_night(
    week: World,
) -> None:
    plan(week)
    seen = get(week, "mother").content.decode()
    assert pictogram("nights") in seen
    assert pictogram("school") not in seen
    plan(week, rhythm=morning(), place=Place.SCHOOL)
    assert pictogram("school") in get(week, "mother").content.decode()


def test_the_copy_for_the_family_holds_the_week(week: World) -> None:
    visit = plan(week)
    need(week, "suctioning")
    off(week, visit)
    answer = browser(week, "mother").post(reverse("child_copy", args=[week.child_id]))
    files = ZipFile(BytesIO(b"".join(answer.streaming_content) if answer.streaming else answer.content))
    (name,) = (one for one in files.namelist() if one.endswith("/week.html"))
    told = files.read(name).decode()
    for words in (
        "Nurse",
        "ging niet door",
        "ill",
        "she stops breathing",
        "slijm uitzuigen",
        "gezien door Doctor",
    ):
        assert words in told, words


def test_a_week_that_is_no_week_or_is_far_away_is_not_found(week: World) -> None:
    plan(week)
    need(week, "oxygen")
    weeks = (
        "2026-W99",
        "2025-W53",
        "0001-W01",
        "1970-W01",
        "2200-W20",
        "9999-W52",
        "9999-12-31",
        "-1",
        "x",
    )
    for odd in weeks:
        assert get(week, "mother", "week", week=odd).status_code == 404, odd
    for good in ("2026-W40", "2026-W53", "1970-W10", "2199-W52", "2200-W01"):
        assert get(week, "mother", "week", week=good).status_code == 200, good


ODD_DAYS = (
    "0001-01-01",
    "0001-W01",
    "1969-12-31",
    "2200-01-01",
    "9999-12-31",
    "2025-W53-1",
    "2026-02-30",
    "x",
)


def test_odd_days_and_hours_in_an_address_are_not_found(week: World) -> None:
    visit, demand = plan(week), need(week, "oxygen")
    for odd in ODD_DAYS:
        assert get(week, "nurse", "week_visit", visit, odd).status_code == 404, odd
        for step in ("off", "other", "move", "swap", "end"):
            assert get(week, "nurse", "week_visit_step", visit, odd, step).status_code == 404, (odd, step)
            assert post(week, "nurse", "week_visit_step", visit, odd, step).status_code == 404, (odd, step)
    hours = (
        "0001-01-01T00:00",
        "2026-09-15T25:00",
        "2026-09-15T23:60",
        "2200-01-01T00:00",
        "9999-12-31T22:00",
    )
    for odd in hours:
        until = odd[:11] + "23:59"
        assert get(week, "nurse", "week_gap", demand, **{"from": odd, "to": until}).status_code == 404, odd
    ends = {"from": "2199-12-31T21:00", "to": "2200-01-02T05:00"}
    assert "al ingevuld" in body(get(week, "nurse", "week_gap", demand, **ends))


@pytest.mark.parametrize("odd", ["0001-01-01", "1969-12-31", "2200-01-01", "9999-12-31", "9999-12-30"])
def test_odd_days_in_a_form_are_said_and_nothing_is_lost(week: World, odd: str) -> None:
    visit, demand = plan(week), need(week, "oxygen")
    day = TUESDAY.isoformat()
    hours = {"start": "23:00", "end": "07:00", "starts_on": day, "until": "", "days": ["0"]}
    planned = {**hours, "agreement": str(week.agreements[0]), "who": "agreed", "place": "home"}
    needed = {**hours, "may_cover": "professional", "why": "kept words", "domain": "medical"}
    seen = {"who": f"p:{week.professionals['nurse']}", "act": "injection", "able": "yes", "seen_on": day}
    forms: list[tuple[str, str, tuple[object, ...], dict[str, object]]] = [
        ("nurse", "week_visit_step", (visit, day, "end"), {"on": odd, "reason": "kept words"}),
        ("nurse", "week_visit_step", (visit, day, "move"), {"to_day": odd, "to_start": "22:00"}),
        ("nurse", "week_needed_end", (demand,), {"on": odd, "reason": "kept words"}),
        ("doctor", "week_able_new", (), {**seen, "seen_on": odd}),
        ("doctor", "week_able_new", (), {**seen, "seen_on": TODAY.isoformat(), "until": odd}),
    ]
    for name in ("starts_on", "until"):
        forms.append(("nurse", "week_plan", (), {**planned, name: odd}))
        forms.append(("nurse", "week_needed_new", (), {**needed, name: odd}))
    for by, name, args, data in forms:
        answer = post(week, by, name, *args, **data)
        assert (answer.status_code, odd in body(answer)) == (200, True), (name, data)
        assert "Kies een dag die minder ver weg is" in body(answer), (name, data)
        assert "kept words" not in data.values() or "kept words" in body(answer), name
    kept = (Visit.objects.count(), Demand.objects.count(), VisitChange.objects.count())
    assert kept == (1, 1, 0)


@pytest.mark.parametrize("odd", ["25:00", "24:00", "23:60", "-1:00", "99999"])
def test_odd_hours_in_a_form_are_said(week: World, odd: str) -> None:
    visit = plan(week)
    day = TUESDAY.isoformat()
    hours = {"start": odd, "end": "07:00", "starts_on": day, "days": ["0"]}
    planned = {**hours, "agreement": str(week.agreements[0]), "who": "agreed", "place": "home"}
    needed = {**hours, "may_cover": "professional", "why": "why", "domain": "medical"}
    for name, args, data in (
        ("week_plan", (), planned),
        ("week_needed_new", (), needed),
        ("week_visit_step", (visit, day, "move"), {"to_day": day, "to_start": odd}),
    ):
        assert post(week, "nurse", name, *args, **data).status_code == 200, name
    seconds = {**needed, "start": "23:00:10", "end": "23:00:40"}
    assert "hoogstens een dag" in body(post(week, "nurse", "week_needed_new", **seconds))
    assert Demand.objects.count() == 0


@pytest.mark.parametrize("who", ["mother", "nurse", "child", "teacher", "aunt", "doctor"])
def test_each_page_asks_at_most_twelve_statements(week: World, who: str) -> None:
    visit = plan(week)
    need(week, "oxygen")
    names = [
        ("week",),
        ("week_visit", visit, TUESDAY.isoformat()),
        ("week_plan",),
        ("week_needed",),
        ("week_able",),
    ]
    names += [("child_start",), ("plan_agreement", week.agreements[0])]
    client = browser(week, who)
    for name, *args in names:
        where = reverse(name, args=[week.child_id, *args])
        if client.get(where).status_code == 200:
            with CaptureQueriesContext(connection) as found:
                client.get(where)
            control = re.compile("BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE")
            told = [one["sql"] for one in found if not control.match(one["sql"])]
            asked = [one for one in told if "set_config" not in one]
            assert len(asked) <= 12, (name, len(asked), [re.findall("FROM .{30}", one)[:2] for one in asked])
