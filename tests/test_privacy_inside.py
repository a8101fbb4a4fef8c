"""What a child keeps from its parents, and what is restricted, betrays itself nowhere: docs/privacy-inside.md.

Two families are made alike. In one a note is marked by the child, one by two professionals, and a restricted note is
written; the mother of that family must see, everywhere, what the other mother sees.
"""

import re
from dataclasses import dataclass
from datetime import time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID
from zipfile import ZipFile

import pytest
from django.core import mail
from django.core.exceptions import FieldError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kindzorg.access.ages import birthday
from kindzorg.audit.models import AuditLine
from kindzorg.audit.queries import since_last_visit
from kindzorg.careplan.actions import draft_from_needs
from kindzorg.careplan.models import PlanVersion
from kindzorg.careplan.reports.actions import keep_report_from, keep_report_from_parents, write_report
from kindzorg.careplan.reports.rules import NewReport, Reach
from kindzorg.careplan.rules import Who, WhoKind, plan_needs
from kindzorg.careplan.schedule.actions import NewVisit, plan_visit
from kindzorg.careplan.visits.rules import Rhythm
from kindzorg.careteam.authority.actions import withdraw_wish, write_wish
from kindzorg.careteam.marks.actions import confirm_mark
from kindzorg.careteam.rules import HidesFrom, WishKind
from kindzorg.careteam.tests.world import NOW, TODAY, Family
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.journey.actions import open_journey, take_step
from kindzorg.journey.rules import Phase
from kindzorg.keeping.requests.actions import decide_request, make_request
from kindzorg.keeping.requests.rules import About, Asked, Decision, NewRequest, RefusalReason
from kindzorg.needs import actions as needs
from kindzorg.needs.queries import profile_for, voice_for
from kindzorg.needs.rules import FirstPass, Importance, TopicAnswer
from kindzorg.needs.unseen import key_of
from kindzorg.notices.models import Notice
from kindzorg.people.models import Child, User
from kindzorg.record.actions import enter_item
from kindzorg.record.items import AllergyItem, ConditionItem
from kindzorg.record.models import Note, RestrictedNote
from kindzorg.record.notes import actions
from kindzorg.record.notes.rules import NewNote, Part
from kindzorg.record.values import Concept

pytestmark = pytest.mark.django_db
LIST = Path(__file__).parent.parent / "docs" / "privacy-inside.md"
THIRTEEN = birthday(TODAY, -13)
IDS = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")
PICTURE = re.compile(r"<svg.*?</svg>", re.DOTALL)  # The child's animal follows from its id.
# A form's secret, and the seconds that a session still has.
TOKEN = re.compile(r'value="\w{64}"|data-left="\d+"')
PAGES = (
    "child_start",
    "notes",
    "note_write",
    "record",
    "child_card",
    "child_team",
    "child_timeline",
    "child_trail",
    "requests",
)


@dataclass(frozen=True)
class Two:
    """The family with something hidden, and the one without."""

    hiding: Family
    plain: Family
    hidden: frozenset[UUID]


def note(family: Family, who: str, words: str, part: Part = Part.CHILD, at: Any = NOW) -> UUID:
    domain = LifeDomain.SAFETY if part == Part.RESTRICTED else LifeDomain.SOCIAL
    row = actions.write_note(*family.as_(who), NewNote(domain, words, part), at)
    return row.entry_id


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> Two:
    hiding, plain = Family(THIRTEEN), Family(THIRTEEN)
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: NOW)
    for family in (hiding, plain):
        Visit(family).get("child_start")  # Her last visit, before it all.
        note(family, "mother", "Hij slaapt beter.", at=NOW + timedelta(minutes=1))
    later = NOW + timedelta(minutes=2)
    own = note(hiding, "child", "geheim", at=later)
    actions.keep_from_parents(*hiding.as_("child"), own, later)
    result = note(hiding, "doctor", "uitslag", at=later)
    mark = actions.keep_note_from(*hiding.as_("doctor"), result, HidesFrom.PARENTS, "eerst praten", later)
    confirm_mark(*hiding.as_("nurse"), mark.id, later)
    worry = note(hiding, "nurse", "zorgen", Part.RESTRICTED, later)
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: NOW + timedelta(hours=1))
    return Two(hiding, plain, frozenset({own, result, worry, mark.id}))


class Visit:
    """The browser of somebody of a family."""

    def __init__(self, family: Family, who: str = "mother") -> None:
        self.family, self.browser = family, Client()
        self.browser.force_login(User.objects.get(id=family.accounts[who].id))

    def get(self, name: str, *more: Any, status: int = 200) -> str:
        answer = self.browser.get(reverse(name, args=[self.family.id, *more]))
        assert answer.status_code == status, (name, answer.status_code)
        return answer.content.decode()


def bare(page: str) -> str:
    """A page without ids, tokens and pictures."""
    return TOKEN.sub("", PICTURE.sub("", IDS.sub("", page)))


def alike(two: Two, name: str, *more: Any, status: int = 200) -> str:
    """The page of both mothers, which must be the same but for ids, tokens and the clock."""
    shown = [bare(Visit(family).get(name, *more, status=status)) for family in (two.hiding, two.plain)]
    assert shown[0] == shown[1]
    return shown[0]


def test_the_page_with_notes_is_the_same(two: Two) -> None:
    page = alike(two, "notes")
    assert "slaapt beter" in page and "geheim" not in page
    assert "geheim" in Visit(two.hiding, "nurse").get("notes")


def test_what_changed_since_the_last_visit_is_the_same(two: Two) -> None:
    later = NOW + timedelta(hours=1)
    lines = [since_last_visit(*family.as_("mother"), later)[1] for family in (two.hiding, two.plain)]
    assert len(lines[0]) > len(lines[1])  # There is something to leave out.
    alike(two, "child_start")


def test_who_looked_is_the_same(two: Two) -> None:
    Visit(two.hiding, "nurse"), Visit(two.plain, "nurse")
    page = alike(two, "child_trail")
    assert "markering" not in page


def test_the_file_and_the_card_are_the_same(two: Two) -> None:
    for name in ("record", "child_card", "child_team", "child_timeline"):
        assert "geheim" not in alike(two, name)


def copy_of(family: Family, who: str) -> dict[str, str]:
    """Every file in the copy that this one takes, by its name."""
    browser = Visit(family, who).browser
    answer = browser.post(reverse("child_copy", args=[family.id]))
    assert answer.status_code == 200
    with ZipFile(BytesIO(answer.content)) as taken:
        return {name: taken.read(name).decode() for name in taken.namelist()}


def test_the_copy_of_everything_is_the_same(two: Two) -> None:
    hiding, plain = (
        {
            name: IDS.sub("", page).replace(family.world.home_care.name, "")
            for name, page in copy_of(family, "mother").items()
        }
        for family in (two.hiding, two.plain)
    )
    assert hiding == plain
    assert (
        "slaapt beter" in hiding["gegevens/notes.json"] and "slaapt beter" in hiding["bladzijden/notes.html"]
    )
    everything = " ".join(hiding.values())
    assert not [
        word for word in ("geheim", "uitslag", "zorgen<", "eerst praten", "markering") if word in everything
    ]


def test_the_copy_of_everything_holds_no_id(two: Two) -> None:
    everything = " ".join(copy_of(two.hiding, "mother").values())
    assert not [one for one in two.hidden if str(one) in everything or one.hex in everything]


def test_the_copy_of_the_child_holds_its_own_and_not_the_familys(two: Two) -> None:
    note(two.hiding, "mother", "Ik ben op.", Part.FAMILY)
    everything = " ".join(copy_of(two.hiding, "child").values())
    assert "geheim" in everything and "Ik ben op" not in everything and "zorgen<" not in everything
    assert "Ik ben op" in " ".join(copy_of(two.hiding, "mother").values())


def test_what_the_child_asks_of_a_hidden_entry_is_the_same(two: Two) -> None:
    own = Note.objects.get(child_id=two.hiding.id, by_id=two.hiding.accounts["child"].id).entry_id
    new = NewRequest(Asked.REMOVE, About.NOTE, "Haal dit weg.", own)
    request = make_request(*two.hiding.as_("child"), new, NOW + timedelta(minutes=5))
    pages = [Visit(family, "child").get("requests") for family in (two.hiding, two.plain)]
    assert ["Een notitie weghalen" in page for page in pages] == [True, False]
    for name in ("requests", "child_trail", "child_start"):
        assert "Een notitie weghalen" not in alike(two, name)
    Visit(two.hiding).get("request", request.id, status=404)


def test_what_the_child_asks_of_an_open_entry_is_the_same(two: Two) -> None:
    entry = Note.objects.get(child_id=two.hiding.id, by_id=two.hiding.accounts["mother"].id).entry_id
    new = NewRequest(Asked.CORRECT, About.NOTE, "Ik slaap niet beter.", entry)
    later = NOW + timedelta(minutes=5)
    request = make_request(*two.hiding.as_("child"), new, later)
    no = Decision(False, "Zo zag je moeder het.", RefusalReason.JUDGEMENT)
    for who in ("child", "nurse"):
        Visit(two.hiding, who).get("request", request.id)
    Visit(two.hiding, "nurse").get("request_decide", request.id)
    decide_request(*two.hiding.as_("nurse"), request.id, no, later)
    for who in ("child", "nurse"):
        assert "Ik slaap niet beter." in Visit(two.hiding, who).get("notes")
    assert "request.made" in {one.event for one in AuditLine.objects.filter(child_id=two.hiding.id)}
    for who in ("child", "nurse"):
        Visit(two.plain, who).get("notes")
    for name in PAGES:
        alike(two, name)
    assert "niet beter" not in str(copy_of(two.hiding, "mother"))


def test_the_familys_own_part_is_not_the_childs(two: Two) -> None:
    note(two.hiding, "mother", "Ik ben op.", Part.FAMILY)
    assert "Ik ben op" in Visit(two.hiding).get("notes")
    for name in ("notes", "child_start", "record"):
        assert "Ik ben op" not in Visit(two.hiding, "child").get(name)


def test_an_item_of_the_file_that_is_kept_from_parents_is_nowhere(two: Two) -> None:
    later = NOW + timedelta(minutes=3)
    latex = AllergyItem(source_key="", what=Concept("Latex"))
    item = enter_item(*two.hiding.as_("nurse"), latex, later)
    mark = actions.keep_item_from(
        *two.hiding.as_("nurse"), item.id, (HidesFrom.PARENTS, "eerst praten"), later
    )
    confirm_mark(*two.hiding.as_("doctor"), mark.id, later)
    assert "Latex" in Visit(two.hiding, "nurse").get("record")
    assert "Latex" not in Visit(two.plain, "nurse").get("record")
    for name in PAGES:
        assert "Latex" not in alike(two, name)
    alike(two, "record_retract", item.id, status=404)
    assert "Latex" not in str(copy_of(two.hiding, "mother"))


def test_an_item_that_the_child_keeps_from_its_parents_is_nowhere(two: Two) -> None:
    later = NOW + timedelta(minutes=3)
    sad = ConditionItem(source_key="", what=Concept("Somber"))
    item = enter_item(*two.hiding.as_("nurse"), sad, later)
    actions.keep_item_from_parents(*two.hiding.as_("child"), item.id, later)
    for name in PAGES:
        assert "Somber" not in alike(two, name)
    assert "Somber" in Visit(two.hiding, "child").get("record")
    alike(two, "record_retract", item.id, status=404)
    assert "Somber" not in str(copy_of(two.hiding, "mother"))


def scanned(family: Family, at: Any) -> None:
    """A scan in which the mother says that she needs rest, and nothing else."""
    nurse, mother = family.as_("nurse"), family.as_("mother")
    open_journey(*nurse, family.world.home_care.id, at)
    take_step(*nurse, Phase.NEEDS, at)
    needs.open_scan(*nurse, at)
    given = voice_for(*mother, TODAY).given(at)
    for domain in LifeDomain:
        needs.give_first_pass(*mother, FirstPass(**given, domain=domain, nothing_needed=True), at)
    needs.answer_topic(*mother, TopicAnswer(**given, topic="friends", needed="rust"), at)


def test_an_answer_of_the_scan_that_is_kept_from_parents_is_nowhere(two: Two) -> None:
    later = NOW + timedelta(minutes=3)
    for family in (two.hiding, two.plain):
        scanned(family, later)
    child = two.hiding.as_("child")
    given = voice_for(*child, TODAY).given(later)
    for topic in ("friends", "nights"):
        answer = TopicAnswer(**given, topic=topic, needed="Dit is van mij.", importance=Importance.FIRST)
        needs.answer_topic(*child, answer, later)
        needs.keep_answer_from_parents(*child, key_of("topics", answer), later)
    places = [("needs",), *(("needs_together", one) for one in LifeDomain), *((one,) for one in PAGES)]
    for closed in (False, True):
        for family in (two.hiding, two.plain):
            if closed:
                needs.close_scan(*family.as_("nurse"), later)
                draft_from_needs(
                    *family.as_("nurse"), plan_needs(profile_for(*family.as_("nurse"), TODAY)), later
                )  # type: ignore[arg-type]
        shown = [alike(two, *place) for place in places]
        assert not any("van mij" in page for page in shown) and "rust" in str(shown)
    assert "van mij" in Visit(two.hiding, "nurse").get("needs")
    alike(two, "needs_readers", status=404)
    alike(two, "plan_draft")
    assert "van mij" not in str(copy_of(two.hiding, "mother"))
    assert "van mij" in str(copy_of(two.hiding, "child"))


def test_what_the_child_put_in_writing_is_nowhere(two: Two) -> None:
    later = NOW + timedelta(minutes=3)
    write_wish(*two.hiding.as_("child"), WishKind.CLOSED_AFTER_DEATH, "Dit is van mij.", later)
    withdraw_wish(*two.hiding.as_("child"), WishKind.CLOSED_AFTER_DEATH, later)
    write_wish(*two.hiding.as_("child"), WishKind.CLOSED_AFTER_DEATH, "Dit is van mij.", later)
    assert "Dit is van mij." in Visit(two.hiding, "nurse").get("child_wishes")
    alike(two, "child_wishes", status=404)
    for name in (*PAGES, "sharing"):
        assert "van mij" not in alike(two, name)
    assert "van mij" not in str(copy_of(two.hiding, "mother"))


def test_nobody_is_told_by_notice_or_mail(two: Two) -> None:
    assert Notice.objects.count() == 0 and not getattr(mail, "outbox", [])


def test_the_words_are_not_searched(two: Two) -> None:
    for table in (Note, RestrictedNote):
        with pytest.raises(FieldError):
            list(table.objects.filter(words__contains="geheim"))


def test_no_revision_or_version_goes_up(two: Two) -> None:
    revisions = {Child.objects.get(id=family.id).revision for family in (two.hiding, two.plain)}
    assert len(revisions) == 1 and not PlanVersion.objects.exists()
    assert not [field.name for field in Note._meta.get_fields() if field.name in ("number", "revision")]


def test_no_page_holds_the_id_of_a_hidden_entry(two: Two) -> None:
    mother = Visit(two.hiding)
    for name in PAGES:
        page = mother.get(name)
        assert not [one for one in two.hidden if str(one) in page or one.hex in page], name


def test_an_error_says_the_same_as_for_what_never_was(two: Two) -> None:
    mother = Visit(two.hiding)
    never = UUID(int=1)
    for name in ("note_correct", "note_keep"):
        said = {TOKEN.sub("", mother.get(name, one, status=404)) for one in (*two.hidden, never)}
        assert len(said) == 1, name


def test_the_same_number_of_statements_is_asked(two: Two) -> None:
    asked = []
    for family in (two.hiding, two.plain):
        mother = Visit(family)
        with CaptureQueriesContext(connection) as counted:
            mother.get("notes")
        asked.append(len(counted))
    assert asked[0] == asked[1]


def test_the_form_offers_no_part_that_is_not_there(two: Two) -> None:
    assert "fgeschermd" not in alike(two, "note_write")
    assert "fgeschermd" in Visit(two.hiding, "nurse").get("note_write")


def test_the_calendar_on_a_telephone_is_the_same(two: Two) -> None:
    rhythm = Rhythm(starts_on=TODAY, start=time(19), minutes=60, rule="FREQ=DAILY")
    bodies = []
    for family in (two.hiding, two.plain):
        visit = NewVisit(rhythm=rhythm, who=Who(kind=WhoKind.RELATIVE, relative_id=family.mother_row.id))
        plan_visit(*family.as_("mother"), visit, NOW + timedelta(minutes=3))
        browser = Visit(family).browser
        address = re.search(r"/calendar/[\w-]{43}\.ics", browser.post(reverse("calendar")).content.decode())
        assert address
        body = Client().get(address[0]).content.decode()
        assert body.count("BEGIN:VEVENT") > 50
        bodies.append(re.sub(r"UID:\w+", "", IDS.sub("", body.replace("\r\n ", ""))))
        assert not re.search("geheim|uitslag|zorgen|slaapt|Moeder", body)
    assert bodies[0] == bodies[1]


def test_the_list_and_the_tests_are_the_same() -> None:
    listed = re.findall(r"`(test_\w+)`(?:, | \|)", LIST.read_text(encoding="utf-8"))
    written = [name for name in globals() if name.startswith("test_") and "the_list" not in name]
    assert sorted(listed) == sorted(written) and len(listed) == len(set(listed))


def test_reports_that_are_kept_from_parents_are_nowhere(two: Two) -> None:
    """A girl's own entries, one for all and one for home alone, and a doctor's: her mother finds no trace of them."""
    later = NOW + timedelta(minutes=30)
    told = {"happened_at": later, "domain": LifeDomain.SOCIAL}
    own = write_report(*two.hiding.as_("child"), NewReport(words="geheim", **told), later)
    alone = NewReport(words="geheim", happened_at=later, reach=Reach.FAMILY)
    diary = write_report(*two.hiding.as_("child"), alone, later)
    result = write_report(*two.hiding.as_("doctor"), NewReport(words="uitslag", **told), later)
    for entry in (own, diary):
        keep_report_from_parents(*two.hiding.as_("child"), entry, later)
    mark = keep_report_from(*two.hiding.as_("doctor"), result, (HidesFrom.PARENTS, "eerst praten"), later)
    confirm_mark(*two.hiding.as_("nurse"), mark.id, later)
    for name in ("reports", "report_write", "child_news", "child_trail", "child_start", "child_timeline"):
        hiding, plain = Visit(two.hiding).get(name), Visit(two.plain).get(name)
        assert bare(hiding) == bare(plain), name
    for entry in (own, diary, result):
        Visit(two.hiding).get("report", entry, status=404)
