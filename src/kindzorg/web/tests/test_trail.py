"""The page "Wie heeft gekeken": in the reader's words, taken together, and silent about what is hidden."""

import csv
from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.db.models import F, Q
from django.urls import reverse
from django.utils import translation

from kindzorg.access.policy import system_actor
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.audit.models import AuditLine
from kindzorg.core.ids import new_id
from kindzorg.journey.models import LastLook
from kindzorg.people.actions import correct_child
from kindzorg.referral.tests.world import Circle, lines
from kindzorg.web import trail
from kindzorg.web.visits import said_of

pytestmark = pytest.mark.django_db


def get(circle: Circle, reader: str, name: str = "child_trail", /, **query: str) -> Any:
    address = reverse(name, args=[circle.child_id])
    return circle.client(reader).get(f"{address}?{urlencode(query)}")


def look(circle: Circle, who: str, *names: str) -> None:
    browser = circle.client(who)
    for name in names:
        browser.get(reverse(name, args=[circle.child_id]))


def visits(page: Any) -> list[dict[str, Any]]:
    return [visit for day in page.context["days"] for visit in day["visits"]]


def who_in(page: Any) -> set[str]:
    return {visit["who"] for visit in visits(page)}


def table(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))


# --- what it shows -------------------------------------------------------------------------------------------


def test_ten_pages_in_one_visit_are_one_row_that_opens(circle: Circle) -> None:
    look(circle, "doctor", *["child_start", "child_team", "child_timeline", "record"] * 3)
    page = get(circle, "mother")
    (visit,) = [visit for visit in visits(page) if visit["who"] == "doctor"]
    assert visit["count"] == 12 and len(visit["rows"]) == 12
    assert visit["things"] == ["opende de startpagina", "bekeek wie er om het kind staan"]
    assert visit["more"] == 2 and visit["purpose"] == "voor de zorg"
    assert visit["role"] == "kinderarts" and visit["organisation"].startswith("Huis van doctor")
    assert page.content.decode().count('<details class="kz-visit">') == len(visits(page))


def test_who_comes_back_later_that_day_is_another_row(circle: Circle) -> None:
    look(circle, "doctor", "child_team")
    circle.moment += timedelta(minutes=31)
    look(circle, "doctor", "child_team", "child_team")
    found = [visit["count"] for visit in visits(get(circle, "mother")) if visit["who"] == "doctor"]
    assert found[:2] == [2, 1]


def test_the_same_page_again_is_told_once_with_how_often(circle: Circle) -> None:
    look(circle, "gp", "child_team", "child_team", "child_start")
    (visit,) = [visit for visit in visits(get(circle, "mother")) if visit["who"] == "gp"]
    assert [(row["said"], row["times"]) for row in visit["rows"]] == [
        ("bekeek wie er om het kind staan", 2),
        ("opende de startpagina", 1),
    ]


def test_who_was_refused_is_shown(circle: Circle) -> None:
    look(circle, "stranger", "child_team")
    (visit,) = [visit for visit in visits(get(circle, "mother")) if visit["who"] == "stranger"]
    assert visit["refused"] and visit["things"] == ["probeerde iets dat niet mocht"]
    assert visit["purpose"] == "niet bekend waarvoor"


def test_the_reader_is_called_so_and_a_job_is_no_person(circle: Circle) -> None:
    write_line(system_actor("worker"), "notice.delivered", Kind.EXECUTE, circle.subject, circle.tick())
    get(circle, "mother")
    page = get(circle, "mother")
    assert {visit["shown_as"] for visit in visits(page) if visit["mine"]} == {"mother (u)"}
    job = next(visit for visit in visits(page) if visit["who"] == "Kindzorg zelf")
    assert job["role"] == "" and job["things"] == ["verstuurde een mail zonder inhoud"]


def test_a_child_reads_it_in_its_own_words(circle: Circle) -> None:
    born = circle.moment.date().replace(year=circle.moment.year - 13)
    correct_child(*circle.as_("nurse"), {"birth_date": born}, circle.tick())
    look(circle, "doctor", "record")
    page = get(circle, "child")
    (visit,) = [visit for visit in visits(page) if visit["who"] == "doctor"]
    assert (visit["things"], visit["purpose"]) == (["las jouw dossier"], "om je te helpen")
    assert "Wie keek er naar jou?" in page.content.decode()


@pytest.mark.parametrize(
    ("years", "child", "mother"), [(6, 404, 200), (11, 404, 200), (12, 200, 200), (16, 200, 404)]
)
def test_from_twelve_the_child_reads_along_and_from_sixteen_alone(
    circle: Circle, years: int, child: int, mother: int
) -> None:
    """UAVG 5(4): from twelve the child exercises these rights as well; BW 7:447(1): from sixteen alone."""
    born = circle.moment.date().replace(year=circle.moment.year - years)
    correct_child(*circle.as_("nurse"), {"birth_date": born}, circle.tick())
    assert get(circle, "child").status_code == child
    assert get(circle, "mother").status_code == mother


def test_an_event_without_words_says_what_kind_it_was() -> None:
    with translation.override("nl"):
        assert said_of("x.never_worded", "U", "done", "parent") == "heeft iets gewijzigd"
    with translation.override("en"):
        assert said_of("plan.read", "R", "done", "child") == "looked at your plan"


# --- what is sought ------------------------------------------------------------------------------------------


def test_by_person_organisation_and_without_oneself(circle: Circle) -> None:
    look(circle, "doctor", "child_team")
    look(circle, "gp", "child_team")
    doctor, house = str(circle.users["doctor"].id), str(circle.houses["gp"])
    assert who_in(get(circle, "mother", who=doctor)) == {"doctor"}
    assert who_in(get(circle, "mother", organisation=house)) == {"gp"}
    assert "mother" in who_in(get(circle, "mother"))
    assert "mother" not in who_in(get(circle, "mother", who="others"))


def test_by_period_both_days_included(circle: Circle) -> None:
    first = circle.moment.date()
    look(circle, "doctor", "child_team")
    circle.moment += timedelta(days=2)
    look(circle, "gp", "child_team")
    last = circle.moment.date()
    days = {"since": first.isoformat(), "until": last.isoformat()}
    assert {"doctor", "gp"} <= who_in(get(circle, "mother", **days))
    assert "doctor" not in who_in(get(circle, "mother", since=last.isoformat()))
    between = (first + timedelta(days=1)).isoformat()
    assert who_in(get(circle, "mother", since=between, until=between)) == set()
    assert "gp" not in who_in(get(circle, "mother", until=between))
    # As far as a calendar goes: the days before the first and after the last are no days.
    assert {"doctor", "gp"} <= who_in(get(circle, "mother", since="0001-01-01", until="9999-12-31"))


def test_what_cannot_be_sought_is_said_and_kept(circle: Circle) -> None:
    page = get(circle, "mother", since="2026-09-14", until="2026-09-01")
    assert visits(page) == [] and page.context["form"].errors["until"]
    assert "2026-09-01" in page.content.decode()
    for odd in ({"who": "' OR 1=1"}, {"organisation": str(new_id())}, {"since": "x"}):
        assert visits(get(circle, "mother", **odd)) == []
    assert visits(get(circle, "mother", before="2026-99-99T00:00:00+00:00")) != []
    assert visits(get(circle, "mother", before="yesterday")) != []


def test_a_long_trail_goes_on_where_the_page_ended(circle: Circle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trail, "SHOWN", 5)
    for _ in range(3):
        look(circle, "doctor", "child_team", "child_start")
    browser, seen, address = circle.client("auditor"), [], "?"
    doctor = str(circle.users["doctor"].id)
    for _ in range(3):
        page = browser.get(
            reverse("child_trail", args=[circle.child_id]) + address,
            {"who": doctor} if address == "?" else None,
        )
        seen += [row["at"] for visit in visits(page) for row in reversed(visit["rows"])]
        address = page.context["earlier"]
        if not address:
            break
    assert (
        len(seen)
        == len(set(seen))
        == len(lines("team.read", circle.subject))
        + len([line for line in lines("child.start_read", circle.subject) if line.actor_name == "doctor"])
    )
    assert page.context["later"].startswith("?who=")


def test_lines_of_one_moment_stay_on_one_page(circle: Circle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trail, "SHOWN", 3)
    write_line(circle.actor("gp"), "plan.read", Kind.READ, circle.subject, circle.tick())
    moment = circle.tick()
    for _ in range(2):
        write_line(circle.actor("gp"), "goal.read", Kind.READ, circle.subject, moment)
    write_line(circle.actor("gp"), "record.read", Kind.READ, circle.subject, circle.tick())
    gp = str(circle.users["gp"].id)
    first = get(circle, "auditor", who=gp)
    assert sum(visit["count"] for visit in visits(first)) == 3
    second = circle.client("auditor").get(
        reverse("child_trail", args=[circle.child_id]) + first.context["earlier"]
    )
    assert next(visit["things"] for visit in visits(second)) == ["bekeek het plan"]


def test_more_of_one_moment_than_fits_still_goes_on(circle: Circle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trail, "SHOWN", 2)
    moment = circle.tick()
    for _ in range(4):
        write_line(circle.actor("gp"), "goal.read", Kind.READ, circle.subject, moment)
    page = get(circle, "auditor", who=str(circle.users["gp"].id))
    assert sum(visit["count"] for visit in visits(page)) == 2 and page.context["earlier"]


# --- taken along ---------------------------------------------------------------------------------------------


def test_as_a_file_it_is_a_table_and_that_stands_in_the_trail(circle: Circle) -> None:
    look(circle, "doctor", "child_team")
    answer = get(circle, "mother", "child_trail_file", who=str(circle.users["doctor"].id))
    assert (
        answer["Content-Type"].startswith("text/csv") and "wie-heeft-gekeken" in answer["Content-Disposition"]
    )
    row = table(answer)[0]
    assert (row["wie"], row["als"], row["wat"]) == ("doctor", "kinderarts", "bekeek wie er om het kind staan")
    assert (row["waarvoor"], row["geweigerd"]) == ("voor de zorg", "")
    line = AuditLine.objects.get(event="trail.exported")
    assert line.lifecycle == "exported" and line.child_id == circle.child_id


@pytest.mark.parametrize("name", ["=1+1", "+31", "-2", "@SUM(A1)", "\t=1"])
def test_no_name_runs_in_a_spreadsheet(circle: Circle, name: str) -> None:
    somebody = circle.account(name)
    circle.users["odd"] = somebody
    look(circle, "odd", "child_team")
    found = table(get(circle, "mother", "child_trail_file", who=str(somebody.id)))
    assert found[0]["wie"] == f"'{name}" and found[0]["geweigerd"] == "ja"


def test_on_paper_everything_is_open_and_that_stands_in_the_trail(
    circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(circle, "doctor", "child_team", "child_start")
    page = get(circle, "mother", "child_trail_paper", who=str(circle.users["doctor"].id))
    words = page.content.decode()
    assert "bekeek wie er om het kind staan" in words and "opende de startpagina" in words
    assert "<details" not in words.split("<main")[1] and not page.context["cut"]
    assert AuditLine.objects.get(event="trail.printed").lifecycle == "printed"
    monkeypatch.setattr(trail, "ON_PAPER", 1)
    assert get(circle, "mother", "child_trail_paper").context["cut"]


# --- what is hidden ------------------------------------------------------------------------------------------


@pytest.fixture
def note(circle: Circle, monkeypatch: pytest.MonkeyPatch) -> UUID:
    """Something that the mother may not know of, written and read by the doctor alone."""
    hidden = new_id()
    for event, kind in (("item.entered", Kind.CREATE), ("record.item_read", Kind.READ)):
        about = {"object_kind": "note", "object_id": hidden}
        write_line(circle.actor("doctor"), event, kind, circle.subject, circle.tick(), **about)
    told = {"object_kind": "note", "object_id": hidden}
    write_line(
        system_actor("worker"), "notice.delivered", Kind.EXECUTE, circle.subject, circle.tick(), **told
    )

    def hide(actor: Any, subject: Any, on: Any) -> frozenset[UUID]:
        return frozenset({hidden}) if actor.id == circle.users["mother"].id else frozenset()

    for place in ("trail", "trail_questions"):
        monkeypatch.setattr(f"kindzorg.web.{place}.hidden_objects", hide)
    monkeypatch.setattr("kindzorg.web.news.hidden_lines", lambda *who: Q(object_id__in=hide(*who)))
    return hidden


def test_nothing_on_the_page_betrays_what_is_hidden(circle: Circle, note: UUID) -> None:
    page = get(circle, "mother")
    # Whoever did nothing else is not even named in the list to choose from.
    assert "doctor" not in page.content.decode() and "Huis van doctor" not in page.content.decode()
    assert "doctor" not in who_in(page)
    assert "doctor" in who_in(get(circle, "auditor"))


@pytest.mark.parametrize("name", ["child_trail_file", "child_trail_paper"])
def test_nothing_taken_along_betrays_it(circle: Circle, note: UUID, name: str) -> None:
    assert "doctor" not in get(circle, "mother", name).content.decode()


def test_seeking_for_it_finds_nothing_and_says_no_more_than_for_nobody(circle: Circle, note: UUID) -> None:
    def said(sought: str) -> str:
        page = get(circle, "mother", who=sought)
        return str(page.context["form"].errors).replace(sought, "") + str(page.context["days"])

    assert said(str(circle.users["doctor"].id)) == said(str(new_id()))


def test_no_question_can_be_asked_about_it(circle: Circle, note: UUID) -> None:
    line = AuditLine.objects.get(event="item.entered", object_id=note)
    about = {"at": line.at.isoformat(), "who": str(line.actor_id)}
    assert get(circle, "mother", "child_trail_ask", **about).status_code == 404


def test_what_changed_does_not_betray_it(circle: Circle, note: UUID) -> None:
    get(circle, "mother", "child_start"), get(circle, "gp", "child_start")
    LastLook.objects.update(previous_at=F("seen_at"))
    circle.tick()
    about = {"object_kind": "note", "object_id": note}
    write_line(circle.actor("doctor"), "item.entered", Kind.CREATE, circle.subject, circle.tick(), **about)
    assert get(circle, "mother", "child_start").context["changes"] == []
    assert len(get(circle, "gp", "child_start").context["changes"]) == 1


def test_no_id_of_a_line_or_an_object_stands_on_the_page(circle: Circle) -> None:
    """Ids show when they were made, and how many were made in between."""
    look(circle, "doctor", "child_team")
    words = get(circle, "mother").content.decode()
    found = AuditLine.objects.filter(child_id=circle.child_id).values_list("id", "object_id")
    ids = {str(value) for row in found for value in row if value} - {str(circle.child_id)}
    assert not [one for one in ids if one in words]


# --- what it costs -------------------------------------------------------------------------------------------


def test_it_costs_the_same_however_long_the_trail_is(circle: Circle, statements: Any) -> None:
    counts, browser = [], circle.client("mother")
    for more in (1, 60):
        for _ in range(more):
            write_line(circle.actor("gp"), "plan.read", Kind.READ, circle.subject, circle.tick())
        with statements(most=11) as found:
            browser.get(reverse("child_trail", args=[circle.child_id]))
        # Now and then the session notes that somebody is still there.
        counts.append(len([sql for sql in found if not sql.startswith('UPDATE "django_session"')]))
        assert len([sql for sql in found if sql.startswith('SELECT "audit_auditline"."id"')]) == 1
    assert counts[0] == counts[1]


def test_days_are_those_of_the_calendar_here(circle: Circle) -> None:
    late = datetime.fromisoformat("2026-09-14T22:30:00+00:00")  # 0.30 in the Netherlands, the next day.
    write_line(circle.actor("gp"), "plan.read", Kind.READ, circle.subject, late)
    page = get(circle, "auditor", who=str(circle.users["gp"].id))
    assert page.context["days"][0]["day"] == date(2026, 9, 15)
