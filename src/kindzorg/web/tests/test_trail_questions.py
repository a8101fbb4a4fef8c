"""A question of the family about something that somebody did, and the desk of the privacy officer who answers."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from kindzorg.access.policy import system_actor
from kindzorg.access.roles import Role, Scope
from kindzorg.audit.actions import Addressee, answer_question, ask_about, seal_lines, write_line
from kindzorg.audit.events import Kind
from kindzorg.audit.models import AuditLine, AuditSeal, TrailQuestion
from kindzorg.careteam.actions import grant_access
from kindzorg.careteam.tests.world import JOB
from kindzorg.core.errors import Invalid
from kindzorg.core.walls import behind_wall
from kindzorg.notices import worker
from kindzorg.notices.models import Notice
from kindzorg.people.actions import correct_child
from kindzorg.people.models import User
from kindzorg.referral.tests.world import Circle, refusals
from kindzorg.ui.tests.pages import unexplained

pytestmark = pytest.mark.django_db
ASKED = {"words": "Waarom keek de aide in het dossier?"}


def address(circle: Circle, who: str, name: str = "child_trail_ask") -> str:
    """The page to ask about the last thing that somebody did."""
    line = AuditLine.objects.filter(actor_id=circle.users[who].id, child_id=circle.child_id).latest("at")
    about = urlencode({"at": line.at.isoformat(), "who": str(line.actor_id)})
    return f"{reverse(name, args=[circle.child_id])}?{about}"


def looks(circle: Circle, who: str) -> None:
    circle.client(who).get(reverse("child_team", args=[circle.child_id]))


def ask(circle: Circle, asker: str = "mother", about: str = "aide", **words: str) -> TrailQuestion:
    looks(circle, about)
    answer = circle.client(asker).post(address(circle, about), words or ASKED)
    assert answer.status_code == 302 and answer["Location"].endswith("?sent=1")
    return TrailQuestion.objects.latest("asked_at")


def officer(circle: Circle, who: str, house: UUID) -> None:
    """Somebody becomes the privacy officer of an organisation."""
    circle.users[who] = circle.account(who)
    grant_access(JOB, circle.users[who].id, Role.PRIVACY_OFFICER, Scope.ORGANISATION, house, circle.tick())


def own(circle: Circle, reader: str, question: TrailQuestion) -> Any:
    there = reverse("child_trail_question", args=[circle.child_id, question.id])
    return circle.client(reader).get(there)


# --- asking --------------------------------------------------------------------------------------------------


def test_the_page_says_what_it_is_about_who_answers_and_by_when(circle: Circle) -> None:
    looks(circle, "aide")
    words = circle.client("mother").get(address(circle, "aide")).content.decode()
    assert "bekeek wie er om het kind staan" in words and circle.home_care.name in words
    assert "uiterlijk op 14 oktober 2026" in words  # AVG 12(3): within a month of 14 September.


def test_a_question_goes_to_the_officer_of_who_looked_with_a_term(circle: Circle) -> None:
    User.objects.filter(id=circle.users["privacy"].id).update(email="fg@example.org")
    question = ask(circle)
    assert (question.organisation_id, question.asked_by) == (circle.home_care.id, "mother")
    assert (question.about_name, question.about_event) == ("aide", "team.read")
    assert (question.due - question.asked_at.date()).days == 30 and question.words == ASKED["words"]
    told = Notice.objects.filter(kind="trail_question", object_id=question.id)
    assert {one.recipient_id for one in told} == {circle.users["privacy"].id} and len(told) == 2
    words = unexplained(own(circle, "mother", question).content.decode())
    assert ASKED["words"] in words and "uiterlijk op 14 oktober 2026" in words


def test_where_nobody_guards_privacy_the_family_is_told_and_the_question_is_kept(circle: Circle) -> None:
    looks(circle, "doctor")
    words = unexplained(circle.client("mother").get(address(circle, "doctor")).content.decode())
    assert "heeft in Kindzorg nog geen functionaris gegevensbescherming" in words
    question = ask(circle, about="doctor")
    assert (
        question.organisation_id == circle.houses["doctor"]
        and not Notice.objects.filter(kind="trail_question").exists()
    )
    officer(circle, "new", circle.houses["doctor"])
    page = circle.client("new").get(reverse("trail_desk"))
    assert [one.id for one in page.context["waiting"]] == [question.id]


def test_about_somebody_without_an_organisation_the_keeper_of_the_file_answers(circle: Circle) -> None:
    assert ask(circle, about="aunt").organisation_id == circle.home_care.id


@pytest.mark.parametrize("words", ["", "   "])
def test_an_empty_question_comes_back_with_what_lacks(circle: Circle, words: str) -> None:
    looks(circle, "aide")
    page = circle.client("mother").post(address(circle, "aide"), {"words": words})
    assert page.status_code == 200 and "Schrijf op wat de vraag is." in page.content.decode()
    assert not TrailQuestion.objects.exists()


@pytest.mark.parametrize(
    "about",
    [
        "",
        "at=x&who=y",
        "at=2026-09-14T08:00:00%2B00:00&who=y",
        "at=2026-09-14T08:00:00%2B00:00&who=00000000-0000-4000-8000-000000000009",
    ],
)
def test_there_is_no_question_about_nothing(circle: Circle, about: str) -> None:
    there = reverse("child_trail_ask", args=[circle.child_id])
    assert circle.client("mother").get(f"{there}?{about}").status_code == 404


@pytest.mark.parametrize("who", ["nurse", "privacy", "auditor", "father", "aunt", "child", "stranger"])
def test_only_who_may_speak_for_the_child_asks(circle: Circle, who: str) -> None:
    looks(circle, "aide")
    assert circle.client(who).get(address(circle, "aide")).status_code == 404
    assert refusals(circle.subject, circle.users[who]) == 1


# --- between the asker and the officer -----------------------------------------------------------------------


def told_in(page: Any) -> int:
    """How many lines of the page say that a question was read, or that somebody was told of something."""
    told = {"las een vraag over wie er heeft gekeken", "liet iemand weten dat er iets klaarstaat"}
    rows = [row for day in page.context["days"] for visit in day["visits"] for row in visit["rows"]]
    return sum(row["said"] in told for row in rows)


def test_a_childs_question_is_its_own(circle: Circle) -> None:
    born = circle.moment.date().replace(year=circle.moment.year - 13)
    correct_child(*circle.as_("nurse"), {"birth_date": born}, circle.tick())
    trail = reverse("child_trail", args=[circle.child_id])
    readers = ("child", "mother", "auditor")
    before = {reader: told_in(circle.client(reader).get(trail)) for reader in readers}
    question = ask(circle, "child", "mother", words="Waarom las mama dit?")
    assert own(circle, "child", question).status_code == 200
    assert own(circle, "mother", question).status_code == 404
    circle.client("privacy").get(reverse("trail_question", args=[question.id]))
    for reader, sees in (("child", True), ("mother", False), ("auditor", False)):
        page = circle.client(reader).get(trail)
        events = {row["said"] for day in page.context["days"] for v in day["visits"] for row in v["rows"]}
        words = {"vroeg waarom iemand keek", "stelde een vraag over wie er heeft gekeken"}
        assert bool(events & words) == sees, reader
        # That somebody was told of other things stands there for all; of this question only for the child.
        assert (told_in(page) > before[reader]) == sees, reader
    assert circle.client("mother").get(trail).context["questions"] == []


# --- the officer ---------------------------------------------------------------------------------------------


def test_the_officer_sees_it_at_once_reads_and_answers_and_the_family_reads_it(circle: Circle) -> None:
    question, privacy = ask(circle), circle.client("privacy")
    home = privacy.get("/start").content.decode()
    assert "Eén vraag over het logboek wacht op uw antwoord." in home and "Het logboek" in home
    desk = privacy.get(reverse("trail_desk")).content.decode()
    there = reverse("trail_question", args=[question.id])
    assert there in desk and "mother" not in desk  # Who asked stands where a line is left.
    page = privacy.get(there).content.decode()
    assert ASKED["words"] in page and "aide" in page and "mother" in page
    read = AuditLine.objects.get(event="trail.question_read")
    assert (read.child_id, read.actor_role) == (circle.child_id, Role.PRIVACY_OFFICER)
    assert privacy.post(there, {"words": "Zij kwam die dag op bezoek."})["Location"] == reverse("trail_desk")
    assert "Zij kwam die dag op bezoek." in own(circle, "mother", question).content.decode()
    told = Notice.objects.filter(object_id=question.id, recipient_id=circle.users["mother"].id)
    assert told.count() == 1
    page = privacy.get(reverse("trail_desk"))
    assert page.context["waiting"] == [] and [one.id for one in page.context["answered"]] == [question.id]
    assert (
        "Er wacht" in page.content.decode()
        and "wacht op uw antwoord" not in privacy.get("/start").content.decode()
    )


def test_an_officer_answers_also_about_a_child_that_he_does_not_see(circle: Circle) -> None:
    """Whoever looked was perhaps no part of the care: that is what families ask about."""
    officer(circle, "elsewhere", circle.houses["stranger"])
    looks(circle, "stranger")
    line = AuditLine.objects.get(actor_id=circle.users["stranger"].id)
    assert line.organisation_id is None  # Without any grant it is not known where somebody works.
    grant_access(
        JOB,
        circle.users["stranger"].id,
        Role.EMPLOYEE,
        Scope.ORGANISATION,
        circle.houses["stranger"],
        circle.tick(),
    )
    question = ask(circle, about="stranger")
    assert question.organisation_id == circle.houses["stranger"]
    there = reverse("trail_question", args=[question.id])
    browser = circle.client("elsewhere")
    assert browser.get(reverse("child_trail", args=[circle.child_id])).status_code == 404
    assert browser.get(there).status_code == 200
    assert browser.post(there, {"words": "Dat mocht niet."}).status_code == 302
    assert "Dat mocht niet." in own(circle, "mother", question).content.decode()


@pytest.mark.parametrize("who", ["nurse", "mother", "auditor", "stranger", "elsewhere"])
def test_nobody_else_reads_or_answers_it(circle: Circle, who: str) -> None:
    officer(circle, "elsewhere", circle.houses["stranger"])
    question = ask(circle)
    there = reverse("trail_question", args=[question.id])
    assert circle.client(who).get(there).status_code == 404
    assert circle.client(who).post(there, {"words": "x"}).status_code == 404
    if who != "elsewhere":
        assert circle.client(who).get(reverse("trail_desk")).status_code == 404
    question.refresh_from_db()
    assert question.answered_at is None


def test_one_answer_is_given_and_the_slower_officer_keeps_what_was_typed(circle: Circle) -> None:
    officer(circle, "second", circle.home_care.id)
    question = ask(circle)
    there = reverse("trail_question", args=[question.id])
    circle.client("privacy").post(there, {"words": "Het eerste antwoord."})
    page = circle.client("second").post(there, {"words": "Het tweede antwoord."})
    words = page.content.decode()
    assert page.status_code == 200 and "Het eerste antwoord." in words and "Het tweede antwoord." in words
    assert "privacy heeft intussen geantwoord" in words
    assert circle.client("second").post(there, {"words": ""}).status_code == 200


def test_what_is_late_is_said(circle: Circle) -> None:
    ask(circle)
    circle.moment += timedelta(days=31)
    assert "Te laat" in circle.client("privacy").get(reverse("trail_desk")).content.decode()


@pytest.mark.postgresql
def test_the_row_wall_shows_a_question_to_family_and_officer_alone(circle: Circle) -> None:
    officer(circle, "elsewhere", circle.houses["stranger"])
    question = ask(circle)
    seen = {}
    for who in ("mother", "privacy", "elsewhere", "stranger"):
        with behind_wall(circle.users[who].id, circle.moment.date()):
            seen[who] = TrailQuestion.objects.filter(id=question.id).exists()
    assert seen == {"mother": True, "privacy": True, "elsewhere": False, "stranger": False}


# --- the seal ------------------------------------------------------------------------------------------------


@pytest.fixture
def seal(circle: Circle, monkeypatch: pytest.MonkeyPatch) -> AuditSeal:
    """A sealed trail."""
    monkeypatch.setattr("kindzorg.audit.queries._HORIZON", "9223372036854775807")
    job = system_actor("worker")
    write_line(job, "plan.read", Kind.READ, None, timezone.now())
    seal_lines(job, timezone.now())
    return AuditSeal.objects.latest("number")


def test_the_newest_seal_stands_on_the_desk_and_can_be_put_on_paper(circle: Circle, seal: AuditSeal) -> None:
    kept, browser = f"{seal.number}:{seal.digest}", circle.client("privacy")
    assert kept in browser.get(reverse("trail_desk")).content.decode()
    assert kept in browser.get(reverse("trail_seal_paper")).content.decode()
    assert AuditLine.objects.get(event="trail.seal_given").object_id == seal.id


def test_without_a_seal_there_is_nothing_to_give(circle: Circle) -> None:
    browser = circle.client("privacy")
    assert "Er is nog geen zegel." in browser.get(reverse("trail_desk")).content.decode()
    assert browser.get(reverse("trail_seal_paper"))["Location"] == reverse("trail_desk")
    assert browser.post(reverse("trail_seal_mail"))["Location"].endswith("mailed=no")


def test_it_is_mailed_to_who_asks_by_the_outbox(circle: Circle, seal: AuditSeal, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    browser = circle.client("privacy")
    assert browser.post(reverse("trail_seal_mail"))["Location"].endswith("mailed=no")
    User.objects.filter(id=circle.users["privacy"].id).update(email="fg@example.org")
    there = browser.post(reverse("trail_seal_mail"))["Location"]
    assert "Het zegel is onderweg" in browser.get(there).content.decode()
    notice = Notice.objects.get(kind="trail_seal")
    assert (notice.child_id, notice.object_id) == (None, seal.id)
    assert worker.deliver(str(notice.id)) == "sent"
    (letter,) = mail.outbox
    assert letter.to == ["fg@example.org"] and f"{seal.number}:{seal.digest}" in letter.body
    assert "demo" in letter.body and "{" not in letter.body
    line = AuditLine.objects.filter(event="notice.delivered").latest("id")
    assert (line.child_id, line.object_kind) == (None, "trail_seal")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("{seal.number}:{seal.digest}", "Ja. Dit zegel staat hier"),
        (" {seal.number}:{seal.digest} ", "Ja. Dit zegel staat hier"),
        ("1:" + "0" * 64, "Nee. Dit zegel staat hier niet."),
        ("99:" + "0" * 64, "Nee. Dit zegel staat hier niet."),
        ("zegel", "Dit is geen zegel."),
        ("1:abc", "Dit is geen zegel."),
        ("9" * 30 + ":" + "0" * 64, "Dit is geen zegel."),
        ("", "Het zegel dat u bewaarde"),
    ],
)
def test_a_kept_seal_is_held_beside_the_one_that_stands_here(
    circle: Circle, seal: AuditSeal, typed: str, says: str
) -> None:
    page = circle.client("privacy").get(reverse("trail_desk"), {"kept": typed.format(seal=seal)})
    assert page.status_code == 200 and says in page.content.decode()


@pytest.mark.parametrize("name", ["trail_desk", "trail_seal_paper"])
@pytest.mark.parametrize("who", ["mother", "nurse", "auditor"])
def test_the_seal_is_for_who_guards_privacy(circle: Circle, seal: AuditSeal, who: str, name: str) -> None:
    assert circle.client(who).get(reverse(name)).status_code == 404
    assert circle.client(who).post(reverse("trail_seal_mail")).status_code == 404


def test_without_words_nothing_is_asked_and_nothing_answered(circle: Circle) -> None:
    question = ask(circle)
    line, to = AuditLine.objects.latest("id"), Addressee(circle.home_care.id, circle.home_care.name, "Sterre")
    with pytest.raises(Invalid) as empty:
        ask_about(*circle.as_("mother"), line, to, "  ", circle.tick())
    assert empty.value.code == "question_needed" and TrailQuestion.objects.count() == 1
    with pytest.raises(Invalid) as silent:
        answer_question(circle.actor("privacy"), question.id, " ", circle.tick())
    question.refresh_from_db()
    assert silent.value.code == "answer_needed" and question.answered_at is None
