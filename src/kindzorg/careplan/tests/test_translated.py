"""Words in the family's own language, with translations: of reports and proposals, for who reads those alone."""

from uuid import UUID

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from kindzorg.audit.models import AuditLine
from kindzorg.careplan.proposals.actions import make_proposal, translate_proposal
from kindzorg.careplan.proposals.rules import NewProposal, ProposalKind
from kindzorg.careplan.reports.actions import translate_report, write_report
from kindzorg.careplan.reports.queries import report_for, tongues_of
from kindzorg.careplan.reports.rules import NewReport, Reach
from kindzorg.core.errors import Conflict, Invalid, Missing, Refused
from kindzorg.core.ids import new_id
from kindzorg.core.thawing import thawed
from kindzorg.record.erasing import TABLES, destroy_beside
from kindzorg.record.models import WordsIn
from kindzorg.record.translated.rules import NewTranslation, Tongue

from .conftest import World, build
from .doors import client, few_statements, get, post, url

pytestmark = pytest.mark.django_db
ARABIC = "نام طوال الليل"
DUTCH = NewTranslation("nl", {"words": "Hij sliep de hele nacht"})


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = build()
    made.in_force()
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: made.moment)
    return made


def told(world: World, reach: Reach = Reach.TEAM, language: str = "ar") -> UUID:
    new = NewReport(words=ARABIC, happened_at=world.moment, reach=reach, written_in=language)
    made: UUID = world.do("mother", write_report, new)
    return made


def tongue(world: World, who: str, entry: UUID) -> Tongue:
    actor, subject = world.as_(who)
    one, _earlier = report_for(actor, subject, entry, world.moment.date())
    return tongues_of(actor, subject, [one]).get(entry, Tongue())


def test_it_is_kept_as_it_was_written_with_its_language_and_the_translation_below(world: World) -> None:
    entry = told(world)
    assert tongue(world, "nurse", entry).language == "ar"
    world.do("nurse", translate_report, entry, DUTCH)
    (one,) = tongue(world, "mother", entry).translations
    assert (one.words, one.by, one.interpreter) == ("Hij sliep de hele nacht", "Nurse", "")
    page = get(world, "nurse", "reports")
    assert f'lang="ar" dir="auto"><p>{ARABIC}</p>' in page and "In het Arabisch" in page
    assert "vertaald door Nurse" in page and "Niet nagekeken door een tolk." in page
    assert '<p lang="nl" dir="auto">Hij sliep de hele nacht</p>' in page
    events = list(AuditLine.objects.order_by("-id").values_list("event", "object_id")[:1])
    assert events[0][0] == "report.list_read"
    assert AuditLine.objects.filter(event="report.translated", object_id=entry).count() == 1
    assert AuditLine.objects.filter(event="report.language_said", object_id=entry).count() == 1


def test_an_interpreter_reads_it_once_and_a_name_is_needed(world: World) -> None:
    entry = told(world)
    world.do("nurse", translate_report, entry, DUTCH)
    one = tongue(world, "nurse", entry).translations[0]
    with pytest.raises(Invalid):
        world.do("mother", translate_report, entry, (one.id, "  "))
    with pytest.raises(Missing):
        world.do("mother", translate_report, entry, (new_id(), "Layla"))
    world.do("mother", translate_report, entry, (one.id, "Layla"))
    assert tongue(world, "nurse", entry).translations[0].interpreter == "Layla"
    with pytest.raises(Conflict):
        world.do("mother", translate_report, entry, (one.id, "Omar"))
    checked = NewTranslation("tr", {"words": "Bütün gece uyudu"}, "Ayşe")
    world.do("nurse", translate_report, entry, checked)
    assert tongue(world, "nurse", entry).translations[0].interpreter == "Ayşe"


def test_better_words_need_another_translation_and_the_family_stays_among_itself(world: World) -> None:
    entry = told(world)
    world.do("nurse", translate_report, entry, DUTCH)
    again = NewReport(words="نام قليلا", happened_at=world.moment, corrects=entry, written_in="ar")
    world.do("mother", write_report, again)
    assert tongue(world, "nurse", entry) == Tongue("ar")
    own = told(world, Reach.FAMILY)
    with pytest.raises(Missing):
        world.do("nurse", translate_report, own, DUTCH)
    assert get(world, "nurse", "words", "report", own, status=404)
    world.do("father", translate_report, own, DUTCH)
    assert not AuditLine.objects.filter(object_id=own).exists()
    assert tongue(world, "mother", own).translations[0].by == "Father"


def test_who_reads_no_reports_places_no_translation(world: World) -> None:
    entry = told(world)
    with pytest.raises((Refused, Missing)):
        world.do("teacher", translate_report, entry, DUTCH)
    assert not WordsIn.objects.filter(step="translated").exists()


def test_the_words_are_frozen_and_go_when_the_original_is_destroyed(world: World) -> None:
    entry = told(world)
    world.do("nurse", translate_report, entry, DUTCH)
    with pytest.raises(DatabaseError), transaction.atomic():
        WordsIn.objects.update(words="anders")
    with transaction.atomic(), thawed(TABLES):
        assert destroy_beside(world.child_id, entry) == 1
    assert tongue(world, "nurse", entry) == Tongue("ar")


def test_a_proposal_in_her_own_language_on_its_page(world: World) -> None:
    new = NewProposal(
        kind=ProposalKind.GOAL, what="أريد ممرضة ليلا", why="لا أنام", goal_id=world.goals[0], written_in="ar"
    )
    made = world.do("mother", make_proposal, new)
    said = NewTranslation("nl", {"what": "Ik wil een verpleegkundige in de nacht", "why": "Ik slaap niet"})
    world.do("nurse", translate_proposal, made, said)
    page = get(world, "mother", "plan_proposal", made)
    assert "Ik wil een verpleegkundige in de nacht" in page and "Ik slaap niet" in page
    assert 'lang="ar" dir="auto"' in page and url(world, "words", "proposal", made) in page
    form = get(world, "nurse", "words", "proposal", made)
    assert "أريد ممرضة ليلا" in form and "Deze vertalingen zijn er al" in form
    answer = post(world, "nurse", "words", "proposal", made, into="ar", words_what="x")
    assert "Kies een andere taal" in answer.content.decode()
    answer = post(world, "nurse", "words", "proposal", made, into="tr", words_what="Gece hemşire istiyorum")
    assert answer.status_code == 302
    first = WordsIn.objects.filter(step="translated").order_by("created_at", "id").first()
    assert first
    post(world, "nurse", "words", "proposal", made, checks=first.id, interpreter="Layla")
    assert "Nagekeken door tolk Layla." in get(world, "mother", "plan_proposal", made)
    assert post(world, "nurse", "words", "proposal", made, checks="x", interpreter="L").status_code == 404
    assert get(world, "nurse", "words", "elders", made, status=404)


def test_the_choice_stands_only_before_who_writes_no_dutch(world: World) -> None:
    assert "In welke taal schrijft u?" not in get(world, "mother", "report_write")
    browser = client(world, "mother")
    browser.post(reverse("set_language"), {"language": "ar", "next": "/"})
    page = browser.get(url(world, "report_write")).content.decode()
    assert 'name="written_in"' in page and '<option value="ar" selected>' in page


def test_the_pages_stay_within_their_statements(world: World) -> None:
    entry = told(world)
    world.do("nurse", translate_report, entry, DUTCH)
    nurse = client(world, "nurse")
    for name, keys in (("reports", ()), ("report", (entry,)), ("words", ("report", entry))):
        nurse.get(url(world, name, *keys))
        with few_statements():
            assert nurse.get(url(world, name, *keys)).status_code == 200
