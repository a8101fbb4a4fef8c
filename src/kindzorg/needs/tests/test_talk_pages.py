"""The pages of the scan as a conversation: how long it takes, following along, and what was told read back."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kindzorg.audit.models import AuditLine
from kindzorg.needs.models import NeedsAnswer, SummaryCheck
from kindzorg.needs.talk.rules import NewCheck, Understood
from kindzorg.needs.tests.conftest import OWN_WORDS
from kindzorg.needs.tests.test_talk import check, points
from kindzorg.needs.tests.test_views import words_of
from kindzorg.needs.tests.world import World
from kindzorg.ui.tests.pages import unexplained


def page_of(response):  # type: ignore[no-untyped-def]
    return unexplained(words_of(response))


# --- pages ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.usefixtures("begun")
def test_before_it_begins_the_page_says_how_long_it_takes(as_, at) -> None:
    page = page_of(as_("marit").get(at("talk", person="samira")))
    assert "U vult dit in voor" in page and "U mag elk moment stoppen" in page
    assert "Nog 1 vraag, ongeveer 1 min." in page and "Klaar." in page
    assert "Elk onderwerp dat u kiest" in page
    child = page_of(as_("noor").get(at("talk")))
    assert "Iemand die je kent." in child
    hub = page_of(as_("marit").get(at("", person="samira")))
    assert at("talk", person="samira").replace("&", "&amp;") in hub and "Meekijken" not in hub
    assert at("follow") in page_of(as_("samira").get(at()))
    assert at("talk") not in page_of(as_("marit").get(at()))


@pytest.mark.django_db
@pytest.mark.usefixtures("begun")
def test_the_mothers_telephone_follows_what_is_typed_for_her(world: World, as_, at) -> None:
    first = page_of(as_("samira").get(at("follow")))
    assert "Dit is voor u opgeschreven" not in first
    poll = first.partition('data-hx-get="')[2].partition('"')[0].replace("&amp;", "&")
    lines = AuditLine.objects.count()
    still = as_("samira").get(poll)
    assert (still.status_code, "HX-Refresh" in still) == (204, False)
    assert AuditLine.objects.count() == lines
    as_("marit").post(at("first", "social", person="samira"), {"topics": ["friends"]})
    answered = as_("samira").get(poll)
    assert (answered.status_code, answered["HX-Refresh"]) == (204, "true")
    as_("marit").post(at("topic", "friends", person="samira"), {"now": "Zij mist haar vriendin"})
    page = page_of(as_("samira").get(at("follow")))
    assert "Dit is voor u opgeschreven" in page and "Zij mist haar vriendin" in page and "Marit" in page
    # With every question answered it leads to the summary.
    as_("marit").post(at("first", "safety", person="samira"), {"nothing_needed": "on"})
    for topic in ("eating",):
        as_("marit").post(at("topic", topic, person="samira"), {"nothing_needed": "on"})
    as_("marit").post(at("said", "strengths", person="samira"), {"words": "Zij lacht veel"})
    as_("marit").post(at("carrying_of", "child", person="samira"), {"load": "much"})
    page = page_of(as_("samira").get(at("follow")))
    assert "Alle vragen zijn gesteld" in page and at("summary") in page and "hx-get" not in page


@pytest.mark.django_db
@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize(
    ("open_now", "shown"),
    [
        ({"said": "strengths"}, "Wat gaat er goed"),
        ({"first": "social"}, "Kies"),
    ],
)
def test_each_kind_of_question_can_be_followed(open_now, shown, as_, at) -> None:
    page = page_of(as_("joost").get(at("follow")))
    assert "Dit is de vraag die nu open is" in page
    as_("joost").post(at("said", "healthy"), {"words": "Fietsen"})
    if "first" in open_now:
        as_("joost").post(at("said", "strengths"), {"words": "Voorlezen"})
        assert 'href="' + at("first", "medical") in page_of(as_("joost").get(at("follow")))
    else:
        assert 'href="' + at("said", "strengths") in page_of(as_("joost").get(at("follow")))


@pytest.mark.django_db
@pytest.mark.usefixtures("begun")
def test_the_summary_is_read_back_part_by_part(world: World, as_, at) -> None:
    assert as_("samira").get(at("summary"))["Location"] == at("summary_part", "whole")
    page = page_of(as_("samira").get(at("summary_part", "whole")))
    assert OWN_WORDS in page
    opening, nights = points(world, "samira")["opening"], points(world, "samira")["nights"]
    went = as_("samira").post(at("summary_part", "whole"), {f"says_{opening.key}": "yes"})
    assert went["Location"] == at("summary_part", "medical")
    page = page_of(as_("samira").get(went["Location"]))
    assert "Dit is nodig:" in page and "Nachtzorg" in page
    wrong = as_("samira").post(went["Location"], {f"says_{nights.key}": "not_quite"})
    assert "Schrijf hoe het dan is" in page_of(wrong)
    said = {f"words_{nights.key}": "Twee nachten", f"of_{nights.key}": nights.given.given_at.isoformat()}
    went = as_("samira").post(went["Location"], said)
    assert went["Location"] == at("summary_part", "development")
    quiet = points(world, "samira")["first_pass"]
    went = as_("samira").post(went["Location"], {f"says_{quiet.key}": "not_quite"})
    assert went["Location"] == at("summary_done")
    page = page_of(as_("samira").get(went["Location"]))
    assert "2 van de 3" in page and at("first", "development") in page
    page = page_of(as_("samira").get(at("summary_part", "medical")))
    assert "Samira zei het in eigen woorden." in page and "Twee nachten" in page
    as_("samira").post(at("first", "development"), {"nothing_needed": "on"})
    quiet = points(world, "samira")["first_pass"]
    as_("samira").post(at("summary_part", "development"), {f"says_{quiet.key}": "yes"})
    assert "Alles wat u vertelde, klopt nu." in page_of(as_("samira").get(at("summary_done")))
    # Sent in twice is said once; the wording of before is not agreed to any more.
    count = SummaryCheck.objects.count()
    as_("samira").post(at("summary_part", "whole"), {f"says_{opening.key}": "yes"})
    assert SummaryCheck.objects.count() == count
    stale = {f"says_{nights.key}": "yes", f"of_{nights.key}": nights.given.given_at.isoformat()}
    again = as_("samira").post(at("summary_part", "medical"), stale, follow=True)
    assert "Iemand veranderde net een antwoord" in page_of(again)


@pytest.mark.django_db
@pytest.mark.usefixtures("begun")
def test_a_child_reads_its_faces_back_and_a_nurse_has_no_summary_of_her_own(as_, at) -> None:
    assert as_("noor").get(at("summary"))["Location"] == at("summary_part", "social")
    page = page_of(as_("noor").get(at("summary_part", "social")))
    assert "Ik zie ze weinig" in page and "Klopt dit?" in page
    assert as_("noor").get(at("summary_part", "medical")).status_code == 404
    assert as_("marit").get(at("summary")).status_code == 404
    assert as_("joost").get(at("summary")).status_code == 404


@pytest.mark.django_db
@pytest.mark.usefixtures("begun")
def test_who_reads_the_scan_sees_what_was_read_back(world: World, as_, at) -> None:
    assert "Nog niets is nagelezen" in page_of(as_("marit").get(at()))
    one = points(world, "marit")["nights"]
    check(world, "marit", NewCheck(one.key, one.given.given_at, Understood.YES), whose="samira")
    page = page_of(as_("marit").get(at()))
    assert "Nagelezen met het gezin" in page and "1 van 3 nagelezen en akkoord" in page


@pytest.mark.django_db
@pytest.mark.usefixtures("begun")
def test_the_nurse_adds_her_own_note_while_she_types(world: World, as_, at) -> None:
    page = page_of(as_("marit").get(at("topic", "eating", person="samira")))
    assert "Uw eigen aantekening hierbij" in page
    assert "Uw eigen aantekening" not in page_of(as_("samira").get(at("topic", "eating")))
    said = {"now": "Eet weinig", "note-words": "Diëtist meevragen"}
    as_("marit").post(at("topic", "eating", person="samira"), said)
    rows = {row.person: row for row in NeedsAnswer.objects.filter(given__topic="eating")}
    assert rows["Samira"].given["now"] == "Eet weinig" and rows["Samira"].entered_by == "Marit"
    assert rows["Marit"].given["now"] == "Diëtist meevragen" and rows["Marit"].entered_by_id is None
    assert "Diëtist meevragen" in page_of(as_("marit").get(at("topic", "eating", person="samira")))
    count = NeedsAnswer.objects.count()
    as_("marit").post(at("topic", "eating", person="samira"), said)
    assert NeedsAnswer.objects.count() == count + 1  # hers stays as it was
    as_("marit").post(at("topic", "eating", person="samira"), {**said, "note-words": ""})
    last = NeedsAnswer.objects.filter(person="Marit", given__topic="eating").order_by("-created_at", "-id")[0]
    assert last.given["skipped"]


@pytest.mark.django_db
@pytest.mark.usefixtures("begun")
def test_the_pages_ask_few_statements(world: World, as_, at) -> None:
    one = points(world, "samira")["nights"]
    check(world, "samira", NewCheck(one.key, one.given.given_at, Understood.YES))
    for name, page in (
        ("marit", at("talk", person="samira")),
        ("samira", at("follow")),
        ("samira", at("summary_part", "medical")),
        ("samira", at("summary_done")),
        ("marit", at("topic", "nights", person="samira")),
    ):
        browser: Client = as_(name)
        browser.get(page)
        with CaptureQueriesContext(connection) as found:
            assert browser.get(page).status_code == 200
        asked = [
            one["sql"]
            for one in found
            if not one["sql"].startswith(("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT"))
            and "_config" not in one["sql"]
            and "current_setting" not in one["sql"]
        ]
        assert len(asked) <= 12, "\n".join(asked)
