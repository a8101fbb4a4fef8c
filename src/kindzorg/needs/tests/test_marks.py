"""Answers of the scan that are kept from parents or child: for whom they are not there, and who marks them."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kindzorg.access.ages import birthday
from kindzorg.audit.models import AuditLine
from kindzorg.careteam.marks.actions import confirm_mark, lift_own
from kindzorg.careteam.marks.rules import PROVISIONAL, NewMark, check_own_mark, marks_key
from kindzorg.careteam.models import Mark
from kindzorg.careteam.queries import hidden_objects
from kindzorg.careteam.rules import HidesFrom, MarkedKind
from kindzorg.careteam.tests.world import NOW, TODAY, Family
from kindzorg.core.errors import Invalid, Missing, Refused
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.journey.actions import open_journey, take_step
from kindzorg.journey.rules import Phase
from kindzorg.needs import actions, queries
from kindzorg.needs.marked import needs_kept_from
from kindzorg.needs.queries import answer_for, answers_now
from kindzorg.needs.rules import Carrying, FirstPass, Importance, Respondent, Said, Status, TopicAnswer, Whose
from kindzorg.people.models import User

pytestmark = pytest.mark.django_db
WHY = "eerst het gesprek op dinsdag"
TOPIC, OTHER = "friends", "nights"


@pytest.fixture
def family(monkeypatch: pytest.MonkeyPatch) -> Family:
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: NOW)
    return scanned(Family(birthday(TODAY, -13)))


def scanned(found: Family) -> Family:
    open_journey(*found.as_("nurse"), found.world.home_care.id, NOW)
    take_step(*found.as_("nurse"), Phase.NEEDS, NOW)
    actions.open_scan(*found.as_("nurse"), NOW)
    return found


def voice(family: Family, who: str) -> dict[str, Any]:
    return queries.voice_for(*family.as_(who), TODAY).given(NOW)


def says(family: Family, who: str, words: str, topic: str = TOPIC, **more: Any) -> UUID:
    answer = TopicAnswer(**voice(family, who), topic=topic, needed=words, **more)
    actions.answer_topic(*family.as_(who), answer, NOW)
    return key(family, who, words)


def key(family: Family, who: str, words: str) -> UUID:
    filled = queries.scan_for(*family.as_(who), TODAY)
    assert filled
    return next(one.key for one in answers_now(family.as_(who)[0], filled) if words in str(one.given))


def reads(family: Family, who: str) -> str:
    filled = queries.scan_for(*family.as_(who), TODAY)
    every = queries.every_scan_for(*family.as_(who), TODAY)
    return f"{filled and filled.answers}{every}"


def own(family: Family, answer: UUID) -> Mark:
    return actions.keep_answer_from_parents(*family.as_("child"), answer, NOW)


def keeps(family: Family, answer: UUID, side: HidesFrom, who: str = "nurse", why: str = WHY) -> Mark:
    return actions.keep_answer_from(*family.as_(who), answer, (side, why), NOW)


def closes(family: Family) -> None:
    for domain in LifeDomain:
        quiet = FirstPass(**voice(family, "mother"), domain=domain, nothing_needed=True)
        actions.give_first_pass(*family.as_("mother"), quiet, NOW - timedelta(hours=1))
    actions.close_scan(*family.as_("nurse"), NOW)


def at(family: Family, who: str, name: str, *more: Any, status: int = 200, **data: Any) -> str:
    browser, url = Client(), reverse(name, args=[family.id, *more])
    browser.force_login(User.objects.get(id=family.accounts[who].id))
    with CaptureQueriesContext(connection) as found:
        answer = browser.post(url, data) if data else browser.get(url)
    assert answer.status_code == status, answer.status_code
    # Setting the row wall, on PostgreSQL, is no question.
    told = [one["sql"] for one in found if "set_config" not in one["sql"]]
    asked = [one for one in told if one.split()[0] in ("SELECT", "INSERT", "UPDATE", "DELETE")]
    assert data or len(asked) <= 12, "\n".join(asked)
    return answer.content.decode()


def test_a_child_keeps_its_answer_from_its_parents_and_gives_it_back(family: Family) -> None:
    answer = says(family, "child", "geheim")
    assert "geheim" in reads(family, "mother")
    mark = own(family, answer)
    assert (mark.by_child, mark.until, mark.object_kind) == (True, None, MarkedKind.NEEDS_ANSWER)
    assert "geheim" not in reads(family, "mother")
    assert all("geheim" in reads(family, who) for who in ("child", "nurse", "doctor"))
    with pytest.raises(Missing):
        answer_for(*family.as_("mother"), answer, TODAY)
    with pytest.raises(Invalid, match="marked_already"):
        own(family, answer)
    lift_own(*family.as_("child"), mark.id, NOW)
    assert "geheim" in reads(family, "mother")


def test_said_again_it_stays_under_the_mark(family: Family) -> None:
    own(family, says(family, "child", "geheim"))
    says(family, "child", "nog geheimer")
    actions.take_back_topic(*family.as_("child"), TOPIC, NOW)
    assert "gehei" not in reads(family, "mother") and "geheim" in reads(family, "child")


def test_what_the_trail_says_of_it_is_hidden_too(family: Family) -> None:
    answer = says(family, "child", "geheim")
    own(family, answer)
    lines = AuditLine.objects.filter(child_id=family.id, event="needs.topic_answered")
    assert {one.object_id for one in lines} == {answer}
    assert {answer, marks_key(family.id)} <= hidden_objects(*family.as_("mother"), TODAY)
    assert hidden_objects(*family.as_("doctor"), TODAY).isdisjoint({answer, marks_key(family.id)})


def test_every_part_of_the_scan_can_be_kept(family: Family) -> None:
    given = voice(family, "child")
    actions.say_opening(*family.as_("child"), Said(**given, words="opening"), NOW)
    actions.say_strengths(*family.as_("child"), Said(**given, words="kracht"), NOW)
    told = Carrying(**given, member="Kind", whose=Whose.CHILD, words="zwaar")
    actions.tell_carrying(*family.as_("child"), told, NOW)
    for words in ("opening", "kracht", "zwaar"):
        assert f"'{words}'" in reads(family, "mother")
        own(family, key(family, "child", words))
        assert f"'{words}'" not in reads(family, "mother") and words in reads(family, "child")
    actions.say_strengths(*family.as_("child"), Said(**given, words=" "), NOW)
    filled = queries.scan_for(*family.as_("child"), TODAY)
    assert filled and {one.part for one in answers_now(family.as_("child")[0], filled)} == {
        "opening",
        "carrying",
    }


def status(family: Family, who: str) -> Status:
    filled = queries.scan_for(*family.as_(who), TODAY)
    assert filled
    return filled.cells[LifeDomain.SOCIAL][Respondent.CHILD].status


def test_how_far_the_child_is_counts_nothing_that_is_hidden(family: Family) -> None:
    topics = [one.id for one in queries.definition().offered(Respondent.CHILD, LifeDomain.SOCIAL)]
    secret, other = topics[:2]

    def chooses(*chosen: str) -> None:
        given = FirstPass(**voice(family, "child"), domain=LifeDomain.SOCIAL, topics=chosen)
        actions.give_first_pass(*family.as_("child"), given, NOW)

    chooses(secret)
    answer = says(family, "child", "geheim", secret)
    assert status(family, "mother") is Status.DONE
    own(family, answer)  # There is no other topic: this one was chosen, and waits.
    assert status(family, "mother") is Status.BUSY
    chooses(secret, other)
    says(family, "child", "open", other)  # Now it was never chosen, and the rest is done.
    assert status(family, "mother") is status(family, "child") is Status.DONE


@pytest.mark.parametrize(
    ("speaks", "side", "blind", "sees"),
    [
        ("child", HidesFrom.PARENTS, "mother", "child"),
        ("nurse", HidesFrom.PARENTS, "mother", "child"),
        ("nurse", HidesFrom.CHILD, "child", "mother"),
        ("mother", HidesFrom.CHILD, "child", "mother"),
    ],
)
def test_a_professional_keeps_an_answer_with_a_second_one(
    family: Family, speaks: str, side: HidesFrom, blind: str, sees: str
) -> None:
    answer = says(family, speaks, "moeilijk")
    assert "moeilijk" in reads(family, blind)
    mark = keeps(family, answer, side)
    assert "moeilijk" not in reads(family, blind) and "moeilijk" in reads(family, sees)
    later = TODAY + PROVISIONAL
    assert "moeilijk" in str(queries.scan_for(*family.as_(blind, later), later))
    with pytest.raises(Invalid, match="second_one_needed"):
        confirm_mark(*family.as_("nurse"), mark.id, NOW)
    confirm_mark(*family.as_("doctor"), mark.id, NOW)
    assert "moeilijk" not in str(queries.scan_for(*family.as_(blind, later), later))


def test_nothing_is_kept_from_the_side_that_said_it_and_never_without_a_reason(family: Family) -> None:
    told, said = says(family, "mother", "van moeder"), says(family, "child", "van kind")
    for answer, side in ((told, HidesFrom.PARENTS), (said, HidesFrom.CHILD)):
        with pytest.raises(Invalid, match="mark_hides_from_author"):
            keeps(family, answer, side)
    with pytest.raises(Invalid, match="mark_without_reason"):
        keeps(family, told, HidesFrom.CHILD, why=" ")
    with pytest.raises(Invalid, match="mark_own_only"):
        own(family, told)
    with pytest.raises(Invalid, match="mark_own_only"):
        one = NewMark(MarkedKind.NEEDS_ANSWER, told, family.id, NewMark, HidesFrom.CHILD)  # type: ignore[arg-type]
        check_own_mark(one, family.id)


def test_who_may_not_mark_marks_nothing(family: Family) -> None:
    answer = says(family, "child", "geheim")
    for who in ("mother", "child"):
        with pytest.raises(Refused):
            keeps(family, answer, HidesFrom.CHILD, who)
    with pytest.raises(Refused):
        actions.keep_answer_from_parents(*family.as_("mother"), answer, NOW)
    with pytest.raises(Missing):
        own(family, uuid4())
    none = Family(birthday(TODAY, -13))
    with pytest.raises(Missing):
        actions.keep_answer_from_parents(*none.as_("child"), answer, NOW)
    for name, more in (("needs_readers", ()), ("needs_keep", (answer,))):
        at(family, "mother", name, *more, status=404)
    assert "Wie leest" not in at(family, "mother", "needs")


def test_a_child_under_twelve_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: NOW)
    young = scanned(Family(birthday(TODAY, -11)))
    answer = says(young, "child", "geheim")
    with pytest.raises(Refused):
        own(young, answer)
    at(young, "child", "needs_readers", status=404)
    assert "Wie leest" not in at(young, "child", "needs")


def test_the_hand_over_is_whole_and_read_without_what_is_hidden(family: Family) -> None:
    says(family, "mother", "rust", importance=Importance.WELCOME)
    secret = says(family, "child", "geheim", importance=Importance.FIRST)
    alone = says(family, "child", "alleen van mij", OTHER, importance=Importance.FIRST)
    own(family, secret), own(family, alone)
    closes(family)
    whole = queries.profile_for(*family.as_("nurse"), TODAY)
    seen = queries.profile_for(*family.as_("mother"), TODAY)
    assert whole and seen and "geheim" in str(whole) and "alleen van mij" in str(whole)
    assert "geheim" not in str(seen) and "van mij" not in str(seen)
    assert [(one.topic, one.words, one.urgency) for one in seen.needs] == [
        (TOPIC, ("rust",), Importance.WELCOME)
    ]
    assert queries.profile_for(*family.as_("child"), TODAY) == whole
    assert needs_kept_from(*family.as_("nurse"), TODAY) == ()
    (kept,) = needs_kept_from(*family.as_("mother"), TODAY)
    assert (kept.whole, kept.seen) == (whole, seen)
    assert needs_kept_from(*family.as_("child"), TODAY) == []
    (anybody,) = needs_kept_from(*family.as_("nurse"), TODAY, anybody=True)
    assert anybody.seen == seen
    page = at(family, "mother", "needs")
    assert "rust" in page and "geheim" not in page and "van mij" not in page
    assert "geheim" in at(family, "doctor", "needs")


def test_who_is_left_asks_nothing_and_the_topic_is_no_need(family: Family) -> None:
    fine = TopicAnswer(**voice(family, "mother"), topic=TOPIC, nothing_needed=True)
    actions.answer_topic(*family.as_("mother"), fine, NOW)
    own(family, says(family, "child", "geheim"))
    closes(family)
    seen = queries.profile_for(*family.as_("mother"), TODAY)
    assert seen and seen.needs == () and TOPIC in {one.topic for one in seen.no_needs}
    told = queries.profile_for(*family.as_("nurse"), TODAY)
    assert told and [one.topic for one in told.needs] == [TOPIC]


def test_a_child_does_it_on_the_pages_in_few_statements(family: Family) -> None:
    says(family, "mother", "van moeder")
    answer = says(family, "child", "geheim")
    for name in ("needs", "needs_check"):
        assert "Wie leest wat?" in at(family, "child", name)
    page = at(family, "child", "needs_readers")
    assert "geheim" in page and "van moeder" not in page and "Niet voor mijn ouders" in page
    assert "Ook niet in het plan" in at(family, "child", "needs_keep", answer)
    at(family, "child", "needs_keep", answer, status=302, x="1")
    assert "al niet voor je ouders" in at(family, "child", "needs_keep", answer, x="1")
    page = at(family, "child", "needs_readers")
    assert "Mijn ouders mogen dit weer lezen" in page and "van moeder" not in page
    mark = Mark.objects.get()
    at(family, "child", "needs_mark", mark.id, "confirm", status=404, x="1")
    at(family, "child", "needs_mark", mark.id, "lift", status=302, x="1")
    assert "geheim" in reads(family, "mother")


def test_a_professional_does_it_on_the_pages_in_few_statements(family: Family) -> None:
    answer = says(family, "child", "moeilijk")
    for name in ("needs", "needs_readers"):
        assert "Wie leest welk antwoord?" in at(family, "nurse", name)
    assert "Kijk na of hun woorden niets verraden" in at(family, "nurse", "needs_keep", answer)
    assert "Schrijf op waarom" in at(family, "nurse", "needs_keep", answer, hides_from="parents")
    given = {"hides_from": "parents", "reason": WHY}
    at(family, "nurse", "needs_keep", answer, status=302, **given)
    assert "al op" in at(family, "nurse", "needs_keep", answer, **given)
    mark = Mark.objects.get()
    assert "Een ander dan wie" in at(family, "nurse", "needs_mark", mark.id, "confirm", x="1")
    at(family, "nurse", "needs_mark", mark.id, "burn", status=404, x="1")
    page = at(family, "doctor", "needs_readers")
    assert WHY in page and "Bevestigen" in page
    assert reverse("needs_readers", args=[family.id]) in at_home(family, "doctor")
    at(family, "doctor", "needs_mark", mark.id, "confirm", status=302, x="1")
    assert "Bevestigen" not in at(family, "doctor", "needs_readers")
    at(family, "doctor", "needs_mark", mark.id, "lift", status=302, x="1")
    assert "moeilijk" in reads(family, "mother")


def at_home(family: Family, who: str) -> str:
    browser = Client()
    browser.force_login(User.objects.get(id=family.accounts[who].id))
    # The first look of all is written down, which is not counted.
    browser.get(reverse("child_start", args=[family.id]))
    return browser.get(reverse("home"), follow=True).content.decode() + at(family, who, "child_start")
