"""Coming in for the first time: a short start with what really is so, explanations that stay closed, help per page."""

import csv
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kindzorg.access import policy
from kindzorg.access.roles import Role
from kindzorg.audit.models import AuditLine
from kindzorg.core.texts import content
from kindzorg.demo import loading
from kindzorg.needs.tests.world import World, build
from kindzorg.people.models import Child, User
from kindzorg.referral.tests.conftest import counted
from kindzorg.ui.tests.pages import unexplained
from kindzorg.web import guidance, page_help

pytestmark = pytest.mark.django_db
DOORS = Path(loading.__file__).parent / "tests" / "doors.csv"
STEPS = range(1, 5)


@pytest.fixture
def world(now: Any) -> World:
    return build(now)


def browser_of(world: World, name: str) -> Client:
    browser = Client()
    browser.force_login(world.users[name])
    return browser


def main_of(page: Any) -> str:
    """What a person reads of the main part of a page."""
    html = unexplained(page.content.decode())
    inside = html[html.index("<main") : html.index("</main>")]
    inside = re.sub(r'<div class="kz-reader.*?</div>', "", inside, flags=re.DOTALL)
    return re.sub(r"<[^>]+>", " ", re.sub(r"<svg.*?</svg>", "", inside, flags=re.DOTALL))


def start(world: World, name: str) -> list[str]:
    browser = browser_of(world, name)
    return [main_of(browser.get(reverse("first_time", args=[world.child_id, one]))) for one in STEPS]


@pytest.mark.parametrize("name", ["samira", "noor", "marit"])
def test_the_whole_start_is_at_most_350_words(world: World, name: str) -> None:
    told = start(world, name)
    assert all(told)
    assert sum(len(page.split()) for page in told) <= 350


def test_it_says_what_is_so_for_this_child(world: World) -> None:
    _, who, seen, _ = start(world, "samira")
    assert "Marit" in who
    assert "Marit" in seen and "Ziet alles" in seen
    assert "Samira" not in re.sub(r"\s+", " ", who)


def test_there_is_no_fifth_page_and_none_for_a_stranger(world: World) -> None:
    mother = browser_of(world, "samira")
    assert mother.get(reverse("first_time", args=[world.child_id, 5])).status_code == 404
    assert mother.get(reverse("first_time", args=[world.child_id, 0])).status_code == 404
    assert browser_of(world, "els").get(reverse("first_time", args=[world.child_id, 1])).status_code == 404


def test_what_one_knows_stays_closed_on_another_device(world: World) -> None:
    telephone, laptop = browser_of(world, "samira"), browser_of(world, "samira")
    page = reverse("child_start", args=[world.child_id])
    assert "Nieuw hier?" in laptop.get(page).content.decode()
    answer = telephone.post(reverse("explained"), {"key": "start", "next": page})
    assert (answer.status_code, answer.headers["Location"]) == (302, page)
    assert User.objects.get(id=world.users["samira"].id).explained == "start"
    assert "Nieuw hier?" not in laptop.get(page).content.decode()
    assert AuditLine.objects.filter(event="account.explanation_closed").count() == 1
    laptop.post(reverse("explained"), {"key": "again", "next": page})
    assert "Nieuw hier?" in telephone.get(page).content.decode()


def test_only_what_there_is_can_be_closed_and_nobody_is_sent_elsewhere(world: World) -> None:
    mother = browser_of(world, "samira")
    assert mother.post(reverse("explained"), {"key": "anything"}).status_code == 404
    sent = mother.post(reverse("explained"), {"key": "goal", "next": "https://elders.example/"})
    assert sent.headers["Location"] == reverse("home")


def test_all_explanations_stand_on_one_page_each_with_its_page(world: World) -> None:
    for name, reader in (("samira", "parent"), ("noor", "child"), ("marit", "professional")):
        page = browser_of(world, name).get(reverse("guidance", args=[world.child_id])).content.decode()
        for guide in guidance.guides():
            assert (f'id="{guide.key}"' in page) == (reader in guide.readers), (name, guide.key)


def test_who_is_sixteen_reads_what_is_so_for_itself(world: World, now: Any) -> None:
    Child.objects.filter(id=world.child_id).update(birth_date=now.date().replace(year=now.year - 17))
    page = browser_of(world, "noor").get(reverse("guidance", args=[world.child_id])).content.decode()
    assert "Vanaf 16 beslis jij" in page
    assert "uw kind" not in unexplained(page).lower()


def test_each_way_on_from_there_and_from_the_start_opens(world: World) -> None:
    for name in ("samira", "joost", "noor", "marit", "fatma"):
        browser = browser_of(world, name)
        pages = [reverse("guidance", args=[world.child_id])]
        pages += [reverse("first_time", args=[world.child_id, one]) for one in STEPS]
        for page in pages:
            html = browser.get(page).content.decode()
            for link in sorted(set(re.findall(r'(?:href|name="next" value)="(/children/[^"#?]+)"', html))):
                assert browser.get(link, follow=True).status_code == 200, (name, link)


@pytest.mark.parametrize("name", ["samira", "noor", "marit"])
def test_the_start_and_the_explanations_ask_few_statements(world: World, name: str) -> None:
    browser = browser_of(world, name)
    pages = [reverse("guidance", args=[world.child_id])]
    pages += [reverse("first_time", args=[world.child_id, one]) for one in STEPS]
    for page in pages:
        browser.get(page)
        with counted(most=12):
            browser.get(page)


def test_each_explanation_has_its_words_and_stands_at_pages_that_exist() -> None:
    names, doors = content("web", "guidance"), {row["door"]: row["leave"] for row in rows()}
    for guide in guidance.guides():
        assert {guide.key, f"{guide.key}_title"} <= set(names)
        assert guide.shown | {guide.about} <= set(doors)
        assert "|".join(guide.leave) == doors[guide.about]
        assert guide.readers <= {"child", "parent", "professional"}


def test_what_rests_on_law_names_its_article() -> None:
    told = {guide.key for guide in guidance.guides() if f"{guide.key}_source" in content("web", "guidance")}
    assert told == {"refuse", "agree", "decides", "differ", "unclear", "ages"}


# --- help in place ---------------------------------------------------------------------------------------------

# No page: a file, a picture, a piece of a page, a way on, or a door before one is known.
NOT_A_PAGE = {
    "None", "attachment", "attachment_small", "annex_pdf", "calendar_feed", "card_pdf", "card_open",
    "house_css", "house_logo",
    "child_trail_file", "closure_letter", "gallery", "invited", "invited_about", "invited_join", "meeting_pdf",
    "needs_paper_file", "onward", "plan_family_pdf", "plan_pdf", "referral_letter", "session_fields",
    "session_left", "session_page", "stronger", "trail_seal_paper",
    "account_login", "account_inactive", "account_confirm_email", "account_reset_password",
    "account_reset_password_done", "account_reset_password_from_key", "mfa_authenticate",
    "mfa_login_webauthn", "mfa_reauthenticate_webauthn", "openid_connect_callback", "sign_in",
    "socialaccount_login_cancelled",
}  # fmt: skip
# Pages of professionals that have no words of their own yet. This list can only become shorter.
WITHOUT: set[str] = set()


def rows() -> list[dict[str, str]]:
    with DOORS.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def readers_of(leave: str) -> set[str]:
    """Who may come there: child, parent, professional."""
    if leave in ("everybody", "signed_in"):
        return {"child", "parent", "professional"}
    roles = {role for role, permission in policy.matrix() if permission in leave.split("|")}
    found = {"child"} if Role.CHILD in roles else set()
    found |= {"parent"} if any(policy.is_family(role) for role in roles - {Role.CHILD}) else set()
    return found | ({"professional"} if any(not policy.is_family(role) for role in roles) else set())


def test_every_page_has_its_help() -> None:
    there = {row["door"] for row in rows() if "GET" in row["to"].split()} - NOT_A_PAGE
    assert sorted(there - set(page_help.pages()) - WITHOUT) == [], "say in page_help.csv what these are for"
    assert sorted(WITHOUT & set(page_help.pages())) == [], "take these from the list"
    assert sorted(set(page_help.pages()) - there) == []


def test_a_child_reads_of_its_pages_in_its_own_words() -> None:
    texts = content("web", "page_help")
    for row in rows():
        page = page_help.pages().get(row["door"])
        # The start page sends a child on to its own; nobody reads it there.
        if page and "child" in readers_of(row["leave"]) and page.text not in ("page_home", "page_stuck"):
            own = row["leave"] in ("everybody", "signed_in") and row["door"] in ("coach", "not_in")
            assert own or "child" in texts[page.text], row["door"]


def test_who_may_see_a_page_is_what_the_matrix_says() -> None:
    for name, page in page_help.pages().items():
        if page.seen and page.seen != page_help.OWN:
            assert set(page.seen.split("|")) <= policy.permissions(), name
            assert page_help.groups_that_see(page.seen), name
    assert page_help.groups_that_see("needs.read") == ["family", "care", "guides", "supervise"]
    assert page_help.groups_that_see("copy.take") == ["family"]
    everybody = ["family", "care", "guides", "supervise", "urgent", "others"]
    assert page_help.groups_that_see("plan.read|plan.read_part") == everybody
    assert page_help.groups_that_see("copy.take") == ["family"]


@pytest.mark.parametrize(
    ("name", "says"),
    [("samira", "Dit is de eerste pagina van dit kind."), ("noor", "Dit is jouw eerste bladzijde.")],
)
def test_the_help_is_in_the_reader_s_words_and_needs_no_script(world: World, name: str, says: str) -> None:
    page = browser_of(world, name).get(reverse("child_start", args=[world.child_id])).content.decode()
    header = page[: page.index("</header>")]
    assert says in header and "<details" in header
    assert reverse("guidance", args=[world.child_id]) in header


def test_what_is_not_there_explains_nothing(world: World) -> None:
    page = browser_of(world, "els").get(reverse("plan", args=[world.child_id]))
    assert page.status_code == 404 and "Uitleg over deze pagina" not in page.content.decode()
