"""The pages that put the rooms together, for each role: what they show, what they hide, what they cost."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.urls import reverse

from kindzorg.audit.models import AuditLine
from kindzorg.careteam.queries import opened_children
from kindzorg.core.ids import new_id
from kindzorg.core.texts import text
from kindzorg.core.vocabulary import Audience
from kindzorg.journey.models import LastLook
from kindzorg.journey.rules import Phase, Waiting
from kindzorg.people.models import Child
from kindzorg.referral.tests.world import Circle, lines, refusals
from kindzorg.web import waiting as waiting_page
from kindzorg.web.roles import ROLES, role_name

NOBODY = {"employee", "stranger"}
WITHOUT_PLAN = {"team_lead", "privacy"}
FOLLOWERS = {
    "nurse", "colleague", "specialist", "aide", "doctor", "gp", "coach", "coordinator", "case_manager",
    "team_lead", "auditor", "mother", "child",
}  # fmt: skip


def address(circle: Circle, name: str) -> str:
    return reverse(name, args=[circle.child_id])


def get(circle: Circle, who: str, name: str) -> Any:
    return circle.client(who).get(address(circle, name))


# --- who sees what -------------------------------------------------------------------------------------------

PAGES = {
    "child_start": (lambda who: who not in NOBODY, "child.start_read"),
    "child_help": (lambda who: who not in NOBODY, "help.read"),
    "child_team": (lambda who: who not in NOBODY | {"privacy"}, "team.read"),
    "child_timeline": (lambda who: who in FOLLOWERS, "journey.read"),
    "child_trail": (lambda who: who in {"mother", "auditor", "privacy"}, "trail.read"),
    "child_trail_paper": (lambda who: who in {"mother", "auditor", "privacy"}, "trail.printed"),
    "child_trail_file": (lambda who: who in {"mother", "auditor", "privacy"}, "trail.exported"),
}


@pytest.mark.parametrize("name", PAGES)
def test_each_page_opens_for_its_roles_and_for_nobody_else(circle: Circle, name: str) -> None:
    allowed, event = PAGES[name]
    for who in circle.users:
        before = len(lines(event, circle.subject))
        answer = get(circle, who, name)
        assert (who, answer.status_code) == (who, 200 if allowed(who) else 404)
        assert len(lines(event, circle.subject)) == before + allowed(who)
        # A page that opens asks nothing inside that refuses.
        assert refusals(circle.subject, circle.users[who]) == (not allowed(who))


@pytest.mark.parametrize(
    ("who", "template"),
    [("child", "child"), ("mother", "family"), ("father", "family"), ("aunt", "family"),
     ("nurse", "professional"), ("teacher", "professional"), ("privacy", "professional")],
)  # fmt: skip
def test_the_start_page_has_the_shape_of_its_reader(circle: Circle, who: str, template: str) -> None:
    names = [used.name for used in get(circle, who, "child_start").templates]
    assert f"web/start_{template}.html" in names


KINDS_OF_READER = ("mother", "father", "child", "nurse", "gp", "teacher", "auditor", "privacy", "team_lead")


def test_a_tab_that_is_shown_opens(circle: Circle) -> None:
    for who in KINDS_OF_READER:
        browser = circle.client(who)
        page = browser.get(address(circle, "child_start"))
        for one in (*page.context["tabs"], *page.context["phases"]):
            if one["url"]:
                assert browser.get(one["url"]).status_code == 200, (who, one["url"])


def test_every_link_of_the_start_page_opens(circle: Circle) -> None:
    circle.assessed()
    for who in KINDS_OF_READER:
        browser = circle.client(who)
        page = browser.get(address(circle, "child_start")).content.decode()
        for link in sorted(set(re.findall(r'href="(/children/[^"#?]+)"', page))):
            assert browser.get(link, follow=True).status_code == 200, (who, link)


def test_what_changed_is_for_those_who_follow_the_journey(circle: Circle) -> None:
    for who in ("mother", "teacher", "aunt", "gp"):
        get(circle, who, "child_start")
    circle.assessed()
    LastLook.objects.update(previous_at=F("seen_at"))
    for who in ("mother", "gp"):
        assert get(circle, who, "child_news").context["changes"]
        assert get(circle, who, "child_start").context["changes"]
        assert get(circle, who, "child_news").context["changes"]  # Still the same visit.
    for who in ("teacher", "aunt", "privacy"):
        assert not get(circle, who, "child_news").context["changes"]


def test_the_plan_at_a_glance_is_for_those_who_read_it(circle: Circle) -> None:
    for who in circle.users.keys() - NOBODY:
        assert bool(get(circle, who, "child_start").context["tiles"]) == (who not in WITHOUT_PLAN), who


def test_an_unknown_child_and_another_house_are_the_same_answer(circle: Circle) -> None:
    stranger = circle.client("stranger")
    unknown = stranger.get(reverse("child_start", args=[new_id()]))
    forbidden = stranger.get(address(circle, "child_start"))
    assert unknown.status_code == forbidden.status_code == 404
    assert AuditLine.objects.filter(actor_id=circle.users["stranger"].id, outcome="refused").count() == 2


# --- people --------------------------------------------------------------------------------------------------


def phones(circle: Circle, who: str, name: str = "child_team") -> dict[str, bool]:
    page = get(circle, who, name).content.decode()
    return {"family": "tel:06123" in page, "professional": "tel:0600" in page}


def test_the_family_is_called_by_those_who_read_the_whole_plan(circle: Circle) -> None:
    for who in ("nurse", "gp", "doctor", "mother", "child", "coach"):
        assert phones(circle, who) == {"family": True, "professional": True}, who
    for who in (
        "teacher",
        "municipality",
        "youth_care",
        "therapist",
        "father",
        "aunt",
        "helper",
        "team_lead",
    ):
        assert phones(circle, who) == {"family": False, "professional": True}, who


def test_when_something_is_wrong_professionals_are_called(circle: Circle) -> None:
    for who in ("mother", "teacher", "nurse"):
        assert phones(circle, who, "child_help") == {"family": False, "professional": True}
    assert phones(circle, "privacy", "child_help") == {"family": False, "professional": False}
    assert "tel:112" in get(circle, "privacy", "child_help").content.decode()


def test_a_child_is_not_told_who_holds_authority(circle: Circle) -> None:
    words = "Mother</"
    assert get(circle, "mother", "child_team").context["holders"] == ["Mother"]
    assert words in get(circle, "child", "child_team").content.decode()


def test_every_role_has_a_name() -> None:
    assert all(role_name(role) for role in ROLES)
    assert role_name("") == role_name("no such role") == ""


# --- the start page ------------------------------------------------------------------------------------------


def test_a_parent_of_one_child_goes_straight_to_it(circle: Circle) -> None:
    for who in ("mother", "father", "child", "aunt"):
        assert circle.client(who).get("/start")["Location"] == address(circle, "child_start")


def test_who_has_nobody_is_told_so(circle: Circle) -> None:
    for who in NOBODY:
        page = circle.client(who).get("/start")
        assert page.status_code == 200 and page.context["cards"] == []
    assert not AuditLine.objects.filter(event="child.listed").exists()


def test_each_child_that_is_shown_stands_in_the_trail(circle: Circle) -> None:
    circle.another_child()
    before = {one.child.id for one in opened_children(circle.nurse, circle.moment.date())}
    page = circle.client("nurse").get("/start")
    shown = {card["child"].id for card in page.context["cards"]}
    assert shown == before
    listed = AuditLine.objects.filter(event="child.listed", actor_id=circle.nurse.id)
    assert sorted(listed.values_list("child_id", flat=True)) == sorted(shown)
    assert set(listed.values_list("actor_role", flat=True)) == {"level5_nurse"}


def test_who_is_not_shown_does_not_stand_in_the_trail(
    circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kindzorg.web import home

    circle.another_child()
    monkeypatch.setattr(home, "SHOWN", 1)
    page = circle.client("nurse").get("/start")
    assert len(page.context["cards"]) == 1
    assert page.context["more"] == page.context["count"] - 1
    assert AuditLine.objects.filter(event="child.listed").count() == 1


def test_home_costs_the_same_for_6_children_and_for_40(circle: Circle, statements: Any) -> None:
    browser, counts = circle.client("nurse"), []
    browser.get("/account")  # the first page of a session notes when it began
    have = len(opened_children(circle.nurse, circle.moment.date()))
    for wanted in (6, 40):
        for _ in range(wanted - have):
            circle.another_child()
        have = wanted
        with statements(most=99) as found:
            page = browser.get("/start")
        assert page.context["count"] == wanted
        writes = [sql for sql in found if sql.startswith("INSERT") and "audit" in sql]
        # One statement; SQLite takes a bounded number of values in one.
        rows = connection.ops.bulk_batch_size(AuditLine._meta.concrete_fields, range(wanted))
        assert len(writes) == -(-wanted // rows)
        counts.append(len(found) - len(writes) + 1)
    # All are called alike: one statement asks of which pairs somebody said that it is two children.
    assert counts[0] == counts[1] <= 13, "\n".join(sql[:150] for sql in found)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("who", ["nurse", "mother", "child", "privacy", "teacher"])
def test_a_page_takes_a_bounded_number_of_statements(
    circle: Circle, name: str, who: str, statements: Any
) -> None:
    circle.assessed()
    browser = circle.client(who)
    browser.get(address(circle, name))
    # The aim is 12 everywhere; what waits in the plan takes three, what changed two.
    with statements(most=15 if name == "child_start" else 12):
        browser.get(address(circle, name))


# --- what waits ----------------------------------------------------------------------------------------------

KINDS = {
    "professional": (
        "referral_to_assess", "referral_to_confirm", "referral_to_settle", "needs_to_answer", "needs_to_supplement",
        "needs_to_close", "record_differences", "plan_to_offer", "plan_to_sign", "plan_to_approve", "plan_to_look_at",
        "plan_disagreed", "plan_objected", "agreement_to_answer", "agreement_declined", "agreement_info_asked",
        "agreement_unanswered", "agreement_ended",
        "goal_to_review", "closure_to_answer",
    ),
    "parent": ("needs_to_answer", "plan_to_sign", "agreement_to_answer", "plan_to_offer"),
    "child": ("needs_to_answer", "plan_to_sign", "agreement_to_answer"),
}  # fmt: skip


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("audience", KINDS)
def test_everything_that_can_wait_has_words(audience: str, language: str) -> None:
    for kind in KINDS[audience]:
        for key in (kind, f"{kind}_button"):
            assert text(f"web.waiting.{key}", audience, language)


def test_what_is_asked_comes_first_then_overdue_then_what_waited_longest(
    circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, on = circle.moment, circle.moment.date()
    names = iter(("newer", "older", "due", "overdue", "asked"))

    def one(days: int, due: int | None = None, kind: str = "goal_to_review") -> Waiting:
        when = on + timedelta(days=due) if due is not None else None
        return Waiting(circle.child_id, kind, "referral", now - timedelta(days=days), when, about=next(names))

    found = [one(1), one(9), one(2, 3), one(2, -3), one(0, kind="cover_to_answer")]
    monkeypatch.setattr(waiting_page, "_sources", lambda: [(lambda *given: found, None)])
    children = [child for child in opened_children(circle.nurse, on) if child.child.id == circle.child_id]
    rows = waiting_page.waiting_rows(circle.nurse, children, on, {})[circle.child_id]
    rows = [row for row in rows if row["line"]]  # Without the offer of a care coach, which waits too.
    assert [row["line"] for row in rows] == ["asked", "overdue", "due", "older", "newer"]
    assert [row["overdue"] for row in rows] == [False, True, False, False, False]
    both = waiting_page.first_and_rest(rows)
    assert [row["line"] for row in both["waiting_rest"]] == ["older", "newer"]
    assert rows[0]["url"] == address(circle, "referral")


def test_a_thing_without_a_page_of_its_own_leads_to_its_room(circle: Circle) -> None:
    found = Waiting(circle.child_id, "plan_to_sign", "referral", circle.moment, object_id=new_id())
    assert waiting_page.address_of(found) == address(circle, "referral")
    own = Waiting(circle.child_id, "plan_to_sign", "referral_result", circle.moment, object_id=new_id())
    assert str(own.object_id) in waiting_page.address_of(own)


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("audience", Audience)
def test_every_phase_has_words_for_now(phase: str, audience: str) -> None:
    for language in ("nl", "en"):
        assert text(f"web.now.{phase}", audience, language)


# --- around every page ---------------------------------------------------------------------------------------


def test_every_page_forbids_what_it_does_not_need(circle: Circle) -> None:
    answer = get(circle, "mother", "child_start")
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"


def test_the_language_is_chosen_and_leads_nowhere_else(circle: Circle) -> None:
    browser = circle.client("nurse")
    answer = browser.post("/language", {"language": "en", "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/"
    assert "Hello" in browser.get("/start").content.decode()
    answer = browser.post("/language", {"language": "tlh", "next": "/start"})
    assert answer["Location"] == "/start"
    assert "Hello" in browser.get("/start").content.decode()
    assert browser.get("/language").status_code == 405


def test_without_signing_in_every_page_asks_for_it(circle: Circle, client: Client) -> None:
    for name in PAGES:
        assert client.get(address(circle, name))["Location"].startswith("/sign-in")
    assert client.get("/start")["Location"].startswith("/sign-in")


def test_a_page_that_breaks_says_nothing_of_the_inside(
    circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kindzorg.web import team

    def breaks(*given: Any) -> None:
        raise RuntimeError("the inside")

    monkeypatch.setattr(team, "team_for", breaks)
    browser = circle.client("nurse")
    browser.raise_request_exception = False
    answer = browser.get(address(circle, "child_team"))
    assert answer.status_code == 500
    assert "the inside" not in answer.content.decode()
    assert not lines("team.read", circle.subject)


@pytest.mark.postgresql
def test_behind_a_childs_page_the_database_shows_no_other_child(
    circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kindzorg.web import team

    other, seen = circle.another_child(), []

    def forgets_its_filter(*given: Any) -> list[Any]:
        seen.append(set(Child.objects.values_list("id", flat=True)))
        return []

    monkeypatch.setattr(team, "team_for", forgets_its_filter)
    get(circle, "nurse", "child_team")
    assert seen == [{circle.child_id}]
    assert {one.child.id for one in opened_children(circle.nurse, circle.moment.date())} > {other.child_id}


def test_a_page_that_is_not_there_was_still_looked_for(circle: Circle) -> None:
    answer = circle.client("nurse").get(f"{address(circle, 'closure')}/transition/no-such-chapter")
    assert answer.status_code == 404
    assert len(lines("transition.chapter_read", circle.subject)) == 1
