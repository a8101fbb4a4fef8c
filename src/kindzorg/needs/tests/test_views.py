"""The pages of phase 2: who sees what, what stays after an error, and how many statements they cost."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from kindzorg.audit.models import AuditLine
from kindzorg.careteam.queries import opened_children
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.needs.models import NeedsAnswer, NeedsScan
from kindzorg.needs.tests.conftest import OWN_WORDS
from kindzorg.needs.tests.world import World
from kindzorg.needs.waiting import waiting_for
from kindzorg.ui.tests.pages import unexplained

pytestmark = pytest.mark.django_db
CONTROL = ("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT", "ROLLBACK")


def words_of(response: Any) -> str:
    assert response.status_code == 200
    return response.content.decode()


def statements(browser: Client, page: str) -> int:
    """What opening a page costs, transaction control not counted."""
    with CaptureQueriesContext(connection) as found:
        assert browser.get(page).status_code == 200
    said = (query["sql"] for query in found.captured_queries)
    return sum(not sql.startswith(CONTROL) and "set_config" not in sql for sql in said)


def names(response: Any) -> set[str]:
    return {template.name for template in response.templates if template.name}


def test_the_scan_begins_with_the_opening_question(as_, at) -> None:
    page = as_("samira").get(at())
    assert "needs/begin.html" in names(page)
    assert "Stel dat uw kind gezond was" in words_of(page)
    went = as_("samira").post(at("open"), follow=True)
    assert went.redirect_chain[-1][0] == at("said", "healthy")
    assert AuditLine.objects.filter(event="needs.question_read").count() == 1


def test_pressing_twice_opens_one_scan(as_, at) -> None:
    as_("samira").post(at("open"))
    assert as_("marit").post(at("open")).status_code == 302
    assert NeedsScan.objects.count() == 1


def test_before_its_phase_the_page_says_so(world, as_, at) -> None:
    from kindzorg.journey.models import CareJourney

    CareJourney.objects.update(phase="referral")
    assert "Hier vertelt u straks" in words_of(as_("samira").get(at()))


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize(
    ("name", "template", "shown"),
    [
        ("samira", "hub_family", "Verder waar u was"),
        ("noor", "hub_child", "Wat heb jij nodig?"),
        ("marit", "hub_domains", "Samen invullen"),
        ("fatma", "hub_domains", "Verpleegkundige"),
        ("joost", "hub_family", "Begin met de eerste vraag"),
    ],
)
def test_each_reader_has_their_own_task_list(as_, at, name: str, template: str, shown: str) -> None:
    page = as_(name).get(at())
    assert f"needs/{template}.html" in names(page)
    assert shown in words_of(page)


@pytest.mark.usefixtures("begun")
def test_pages_cost_twelve_statements_at_most_whatever_was_said(as_, at) -> None:
    for topic in ("school", "play", "moving", "friends", "outings", "travel", "home", "carers"):
        as_("samira").post(at("topic", topic), {"now": f"Over {topic}", "needed": "Hulp"})
    for name in ("samira", "noor", "marit", "fatma", "joost"):
        pages = [
            at(),
            at("together", "social"),
            at("topic", "nights"),
            at("check"),
            at("carrying_of", "child"),
        ]
        pages += [at("close")] if name == "marit" else []
        costs = {page: statements(as_(name), page) for page in pages}
        assert max(costs.values()) <= 12, (name, costs)


@pytest.mark.usefixtures("begun")
def test_resume_goes_straight_to_what_is_open(as_, at) -> None:
    assert as_("samira").get(at("next")).url == at("said", "strengths")
    as_("samira").post(at("said", "strengths"), {"skip": "1"})
    assert as_("samira").get(at("next")).url == at("first", "social")


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize(
    ("page", "key", "data", "kept", "error"),
    [
        ("first", "social", {}, "", "Kies een onderwerp"),
        (
            "first",
            "social",
            {"topics": ["outings"], "nothing_needed": "on"},
            'value="outings"',
            "Kies een van de twee",
        ),
        ("topic", "eating", {"now": " "}, "", "Vul iets in"),
        (
            "topic",
            "eating",
            {"wish": "Samen aan tafel", "nothing_needed": "on"},
            "Samen aan tafel",
            "Er staat dat niets nodig is",
        ),
        ("carrying_of", "other", {"words": "Zij helpt veel"}, "Zij helpt veel", "Schrijf over wie het gaat"),
    ],
)
def test_an_error_is_said_and_keeps_what_was_typed(as_, at, page, key, data, kept, error) -> None:
    given = NeedsAnswer.objects.count()
    shown = words_of(as_("samira").post(at(page, key), data))
    assert "<title>Fout: " in shown
    assert error in shown
    assert kept in shown
    assert NeedsAnswer.objects.count() == given


@pytest.mark.usefixtures("begun")
def test_skipping_is_always_allowed(as_, at) -> None:
    assert as_("noor").post(at("first", "medical"), {"skip": "1"}).url == at("first", "development")
    assert as_("noor").post(at("topic", "friends"), {"skip": "1"}).status_code == 302
    assert as_("noor").post(at("carrying_of", "child"), {"skip": "1"}).url == at("check")
    assert as_("noor").post(at("said", "healthy"), {"skip": "1"}).status_code == 302


@pytest.mark.usefixtures("begun")
def test_passing_on_does_not_wipe_what_was_said(as_, at) -> None:
    as_("samira").post(at("said", "healthy"), {"skip": "1"})
    assert OWN_WORDS in words_of(as_("samira").get(at("check")))


@pytest.mark.usefixtures("begun")
def test_a_child_sees_faces_in_the_colour_of_the_domain_and_who_may_see(as_, at) -> None:
    shown = words_of(as_("noor").get(at("topic", "feeling_safe")))
    assert "kz-faces" in shown
    assert "kz-page--domain" in shown
    assert "Wie mag dit zien?" in shown
    assert "kz-page--domain" not in words_of(as_("samira").get(at("topic", "feeling_safe")))


@pytest.mark.usefixtures("begun")
def test_the_words_stand_beside_one_another(as_, at) -> None:
    shown = words_of(as_("samira").get(at("together_topic", "medical", "nights")))
    for said in ("Nachtzorg", "Ik zie dat zij moe zijn", "Samira", "Marit"):
        assert said in shown
    domain = words_of(as_("samira").get(at("together", "development")))
    assert "Hier is niets nodig" in domain


@pytest.mark.usefixtures("begun")
def test_what_is_for_the_nurse_first_is_on_no_page_of_others(as_, at) -> None:
    pages = [at(), at("together", "safety"), at("together_topic", "safety", "feeling_safe")]
    for name in ("samira", "joost", "fatma"):
        for page in pages:
            assert "ruzie" not in words_of(as_(name).get(page))
    assert "ruzie" in words_of(as_("marit").get(pages[1]))
    assert "ruzie" in words_of(as_("noor").get(at("topic", "feeling_safe")))


@pytest.mark.usefixtures("begun")
def test_a_parent_without_authority_sees_only_their_own_words(as_, at) -> None:
    for page in (at(), at("together", "medical"), at("check")):
        shown = words_of(as_("joost").get(page))
        assert OWN_WORDS not in shown
        assert "Nachtzorg" not in shown


@pytest.mark.usefixtures("begun")
def test_the_nurse_types_for_a_parent(as_, at) -> None:
    shown = words_of(as_("marit").get(at("topic", "nights", person="joost")))
    assert "U vult dit in voor <strong>Joost</strong>" in shown
    went = as_("marit").post(at("topic", "nights", person="joost"), {"now": "Hij slaapt niet"})
    assert went.url.endswith(f"?for={at('topic', 'nights', person='joost').split('=')[1]}")
    assert "ingevuld door Marit" in words_of(as_("samira").get(at("together", "medical")))


@pytest.mark.usefixtures("begun")
def test_an_answer_can_be_undone(as_, at) -> None:
    assert "Maak het laatste antwoord ongedaan" in words_of(as_("samira").get(at("topic", "nights")))
    assert as_("samira").post(at("take_back", "nights")).url == at("topic", "nights")
    assert "Dit is overgeslagen" in words_of(as_("samira").get(at("topic", "nights")))


@pytest.mark.usefixtures("begun")
def test_carrying_power_is_told_per_family_member_as_our_own_tool(world, as_, at) -> None:
    listed = words_of(as_("samira").get(at("carrying")))
    assert "Eigen hulpmiddel, niet gevalideerd" in listed
    assert "Bram" in listed
    who = at("carrying_of", str(world.relatives["bram"]))
    assert "heel weinig" in words_of(as_("samira").get(who))
    assert as_("samira").post(who, {"load": "much", "power": "little"}).url == at("carrying")
    other = {"member": "Oma Ank", "whose": "parents", "load": "some"}
    as_("samira").post(at("carrying_of", "other"), other)
    assert "name=Oma+Ank" in words_of(as_("samira").get(at("carrying")))
    assert "Een reden om te praten" in words_of(as_("marit").get(at()))


@pytest.mark.usefixtures("begun")
def test_answers_are_checked_and_what_happens_next_is_said(as_, at) -> None:
    shown = words_of(as_("samira").get(at("check")))
    assert OWN_WORDS in shown
    assert "Niet ingevuld" in shown
    assert "Daarna maakt u samen het plan" in words_of(as_("samira").get(at("thanks")))


def test_closing_says_what_is_missing(as_, at) -> None:
    as_("samira").post(at("open"))
    as_("samira").post(at("first", "medical"), {"nothing_needed": "on"})
    as_("marit").post(at("topic", "school"), {"now": "Zij mist school"})
    shown = words_of(as_("marit").post(at("close")))
    assert "<title>Fout: " in shown
    assert "Niet elk leefdomein heeft een antwoord" in shown
    assert shown.count("Geen antwoord") == 2
    assert "Hier is het gezin nog niet gehoord" in shown
    assert NeedsScan.objects.filter(closed_at__isnull=True).count() == 1


@pytest.mark.usefixtures("begun")
def test_closing_confirms_and_shows_the_needs(as_, at) -> None:
    assert as_("marit").post(at("close")).url == at("closed")
    assert "De scan is afgesloten" in words_of(as_("marit").get(at("closed")))
    for name in ("samira", "noor", "marit"):
        page = as_(name).get(at())
        assert "needs/overview.html" in names(page)
        assert ("Nachtzorg" in words_of(page)) is (name != "noor")


@pytest.mark.usefixtures("begun")
def test_a_rescan_shows_what_changed(as_, at) -> None:
    as_("samira").post(at("first", "social"), {"nothing_needed": "on"})
    as_("samira").post(at("first", "safety"), {"nothing_needed": "on"})
    as_("marit").post(at("close"))
    as_("marit").post(at("open"))
    assert "Er is nog niets anders" in words_of(as_("samira").get(at("changes")))
    topic = words_of(as_("samira").get(at("topic", "nights")))
    assert "Dit vertelde u de vorige keer" in topic
    assert "Drie keer op" in topic
    as_("samira").post(at("topic", "nights"), {"now": "Nu slapen we", "nothing_needed": "on"})
    assert "Niet meer nodig" in words_of(as_("samira").get(at("changes")))
    assert "de vorige keer" in words_of(as_("samira").get(at("check")))


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize(
    ("name", "page", "keys"),
    [
        ("samira", "close", ()),
        ("els", "", ()),
        ("samira", "topic", ("unknown",)),
        ("samira", "said", ("unknown",)),
        ("samira", "first", ("unknown",)),
        ("samira", "carrying_of", ("unknown",)),
    ],
)
def test_what_is_not_there_or_not_for_you_is_not_found(
    as_, at, name: str, page: str, keys: tuple[str, ...]
) -> None:
    assert as_(name).get(at(page, *keys)).status_code == 404


@pytest.mark.usefixtures("begun")
def test_nobody_of_the_family_types_for_another(as_, at) -> None:
    assert as_("samira").get(at("topic", "nights", person="joost")).status_code == 404
    assert as_("samira").post(at("topic", "nights", person="joost"), {"now": "x"}).status_code == 404


@pytest.mark.usefixtures("begun")
def test_text_is_shown_as_text(as_, at) -> None:
    hostile = "<script>alert(1)</script>"
    as_("samira").post(at("topic", "eating"), {"now": hostile})
    shown = words_of(as_("marit").get(at("together", "medical")))
    assert escape(hostile) in shown
    assert hostile not in shown


def kinds(world: World, name: str) -> list[tuple[str, str]]:
    actor, on = world.actor(name), world.now.date()
    found = waiting_for(actor, opened_children(actor, on), on)
    return [(waiting.kind, waiting.about) for waiting in found]


def test_what_waits_for_whom(world, as_, at) -> None:
    assert kinds(world, "samira") == [("needs_to_answer", "")]
    as_("samira").post(at("open"))
    as_("samira").post(at("first", "medical"), {"nothing_needed": "on"})
    assert kinds(world, "samira") == [("needs_to_answer", "Klaar: 1 van de 4 delen")]
    assert kinds(world, "noor") == [("needs_to_answer", "Klaar: 0 van de 4 delen")]
    assert kinds(world, "marit") == [("needs_to_supplement", "")]
    for domain in LifeDomain:
        as_("samira").post(at("first", domain), {"nothing_needed": "on"})
        as_("marit").post(at("first", domain), {"nothing_needed": "on"})
    assert kinds(world, "samira") == []
    assert kinds(world, "marit") == [("needs_to_close", "")]
    assert kinds(world, "fatma") == []


def test_waiting_is_two_statements_at_most(world, as_, at, django_assert_max_num_queries) -> None:
    as_("samira").post(at("open"))
    actor, on = world.actor("marit"), world.now.date()
    children = opened_children(actor, on)
    with django_assert_max_num_queries(2):
        waiting_for(actor, children, on)
    with django_assert_max_num_queries(0):
        assert waiting_for(actor, [], on) == []


@pytest.mark.usefixtures("begun")
def test_who_answers_reads_below_the_question_who_may_see_it(as_, at) -> None:
    for page in (at("said", "healthy"), at("topic", "nights"), at("carrying_of", "child")):
        assert "De ouders met gezag en de zorgverleners." in unexplained(words_of(as_("samira").get(page))), (
            page
        )
