"""The pages of phase 1, for each role: what it sees, what it is refused, and what happens to what it types."""

import re
from typing import Any

import pytest
from django.urls import reverse

from kindzorg.audit.models import AuditLine
from kindzorg.careteam.actions import correct_identity
from kindzorg.core.ids import new_id
from kindzorg.core.vocabulary import Truth
from kindzorg.journey.models import CareJourney
from kindzorg.referral import actions
from kindzorg.referral.catalogue import facts
from kindzorg.referral.decision import NURSING
from kindzorg.referral.models import DissentSettlement, ReferralDissent, ReferralDraft, ReferralOutcome
from kindzorg.referral.tests.world import READERS_OF_REFERRAL, Circle, lines, refusals

ASSESSORS = {"nurse", "colleague", "specialist", "aide", "doctor", "coach", "coordinator"}
DIFFERING = ASSESSORS | {"gp"}
Response = Any


def address(circle: Circle, name: str, *more: object) -> str:
    return reverse(name, args=[circle.child_id, *more])


def get(circle: Circle, who: str, name: str, *more: object) -> Response:
    return circle.client(who).get(address(circle, name, *more))


def post(circle: Circle, who: str, name: str, *more: object, **typed: object) -> Response:
    return circle.client(who).post(address(circle, name, *more), typed)


def differed(circle: Circle) -> ReferralDissent:
    assessment_id = circle.made.setdefault("assessment", circle.assessed().id)
    view = ([NURSING], "Zij is te ziek.")
    return actions.record_dissent(*circle.as_("gp"), assessment_id, view, circle.tick())


# --- who sees what -------------------------------------------------------------------------------------------

PAGES = {
    "referral": ("referral/referral.html", READERS_OF_REFERRAL, "referral.read"),
    "referral_result": ("referral/result.html", READERS_OF_REFERRAL, "referral.outcome_read"),
    "referral_question": ("referral/question.html", ASSESSORS, "referral.question_read"),
    "referral_answers": ("referral/answers.html", ASSESSORS, "referral.answers_read"),
    "referral_decide": ("referral/decide.html", ASSESSORS, "referral.decision_read"),
    "referral_differ": ("referral/differ.html", DIFFERING, "referral.outcome_read"),
    "referral_settle": ("referral/settle.html", DIFFERING, "referral.outcome_read"),
}


@pytest.mark.parametrize("name", PAGES)
def test_each_page_opens_for_its_roles_and_for_nobody_else(circle: Circle, name: str) -> None:
    dissent = differed(circle)
    more = {"referral": (), "referral_answers": (), "referral_question": ("has_wlz",)}
    more["referral_settle"] = (dissent.id,)
    template, allowed, event = PAGES[name]
    for who in circle.users:
        before = len(lines(event, circle.subject))
        answer = get(circle, who, name, *more.get(name, (circle.made["assessment"],)))
        if who in allowed:
            assert (who, answer.status_code) == (who, 200)
            assert template in [used.name for used in answer.templates]
            assert len(lines(event, circle.subject)) == before + 1
            assert refusals(circle.subject, circle.users[who]) == 0
        else:
            assert (who, answer.status_code) == (who, 404)
            assert "web/not_found.html" in [used.name for used in answer.templates]
            assert refusals(circle.subject, circle.users[who]) == 1
            assert len(lines(event, circle.subject)) == before


def test_from_sixteen_the_young_person_reads_and_the_mother_does_not(circle: Circle) -> None:
    circle.assessed()
    born = circle.moment.date().replace(year=circle.moment.year - 16)
    correct_identity(*circle.as_("nurse"), {"birth_date": born}, circle.tick())
    assert get(circle, "child", "referral").status_code == 200
    assert get(circle, "mother", "referral").status_code == 404


def test_a_young_person_is_spoken_to_and_a_page_never_raises_dying_with_the_family(circle: Circle) -> None:
    circle.assessed()
    mother = get(circle, "mother", "referral").content.decode()
    born = circle.moment.date().replace(year=circle.moment.year - 16)
    correct_identity(*circle.as_("nurse"), {"birth_date": born}, circle.tick())
    page = get(circle, "child", "referral").content.decode()
    assert "Je hebt verpleging nodig" in page and "Uw kind heeft verpleging nodig" in mother
    assert not re.search(r"\b[Uu]w? kind\b", page)
    for shown in (mother, page):
        assert "Wat zou dit veranderen?" in shown
        assert "Denkt de arts dat" not in shown and "kan overlijden" not in shown
    assert "levensduurverkortende" in get(circle, "nurse", "referral").content.decode()


def test_somebody_who_is_not_signed_in_is_asked_to(circle: Circle, client: Any) -> None:
    answer = client.get(address(circle, "referral"))
    assert answer.status_code == 302 and answer["Location"].startswith("/sign-in")


def test_nobody_is_offered_a_page_that_refuses_them(circle: Circle) -> None:
    dissent = differed(circle)
    for who in ("case_manager", "auditor", "team_lead", "gp", "nurse"):
        page = get(circle, who, "referral").content.decode()
        offered = {
            "decide": address(circle, "referral_decide", circle.made["assessment"]) in page,
            "differ": address(circle, "referral_differ", circle.made["assessment"]) in page,
            "settle": address(circle, "referral_settle", dissent.id) in page,
            "questions": address(circle, "referral_questions") in page,
        }
        assert offered == {
            "decide": who in ASSESSORS, "differ": who in DIFFERING, "settle": who in DIFFERING,
            "questions": who in ASSESSORS,
        }, who  # fmt: skip


def test_parents_are_told_that_it_is_discussed_but_never_asked_to_choose(circle: Circle) -> None:
    differed(circle)
    page = get(circle, "mother", "referral").content.decode()
    assert "Zij is te ziek" not in page
    assert "Zij is te ziek" in get(circle, "nurse", "referral").content.decode()


# --- asking --------------------------------------------------------------------------------------------------


def test_only_questions_that_can_change_the_outcome_are_asked_in_their_order(circle: Circle) -> None:
    asked: list[str] = []
    browser = circle.client("nurse")
    for _ in range(len(facts()) + 1):
        where = browser.get(address(circle, "referral_questions"))["Location"]
        if where == address(circle, "referral_answers"):
            break
        fact = where.rsplit("/", 1)[1]
        asked.append(fact)
        answer = browser.post(where, {"answer": "no"})
        assert answer["Location"] == address(circle, "referral_questions")
    order = list(facts())
    assert asked == sorted(asked, key=order.index)
    assert len(set(asked)) == len(asked) < len(order)
    assert browser.get(address(circle, "referral_answers")).context["still"] == 0


def test_a_question_says_at_which_subject_one_is_and_the_answers_stand_by_subject(circle: Circle) -> None:
    page = get(circle, "nurse", "referral_question", "has_wlz").content.decode()
    assert "onderwerp 2 van 5: Toezicht en oorzaak" in page
    assert "onderwerp 1 van 5" in get(circle, "nurse", "referral_question", "nursing_need").content.decode()
    born = circle.moment.date().replace(year=circle.moment.year - 2)
    correct_identity(*circle.as_("nurse"), {"birth_date": born}, circle.tick())
    assert (
        "onderwerp 4 van 4: Praktische zaken"
        in get(circle, "nurse", "referral_question", "travel_help").content.decode()
    )
    given = {"travel_help": Truth.NO, "has_wlz": Truth.NO, "nursing_need": Truth.YES, "lasting": Truth.YES}
    actions.answer_facts(*circle.as_("nurse"), given, circle.tick())
    shown = get(circle, "nurse", "referral_answers")
    found = {one["title"]: [row["fact"] for row in one["rows"]] for one in shown.context["subjects"]}
    assert list(found) == ["Ziekte en behandeling", "Toezicht en oorzaak", "Praktische zaken"]
    assert found["Toezicht en oorzaak"] == ["lasting", "has_wlz"]
    assert shown.content.decode().count("<h2>") == 3


def test_no_to_all_of_a_subject_answers_that_subject_and_no_more(circle: Circle) -> None:
    browser = circle.client("nurse")
    first = browser.get(address(circle, "referral_questions"))["Location"]
    page = browser.get(first)
    assert page.context["alike"] > 0
    browser.post(first, {"none": "1"})
    stored = ReferralDraft.objects.get().facts
    group = facts()[first.rsplit("/", 1)[1]].group
    assert len(stored) == page.context["alike"] + 1
    assert {facts()[key].group for key in stored} == {group}
    assert set(stored.values()) == {"no"}
    after = browser.get(address(circle, "referral_questions"))["Location"]
    assert facts()[after.rsplit("/", 1)[1]].group != group


def test_an_unknown_question_is_not_found(circle: Circle) -> None:
    for ask in (get, post):
        answer = ask(circle, "nurse", "referral_question", "no-such-fact")
        assert answer.status_code == 404
    assert not ReferralDraft.objects.exists()


@pytest.mark.parametrize("typed", [{"answer": ""}, {"answer": "perhaps"}])
def test_a_question_without_a_real_answer_is_asked_again(circle: Circle, typed: dict[str, str]) -> None:
    answer = post(circle, "nurse", "referral_question", "has_wlz", **typed)
    assert answer.status_code == 200 and answer.context["form"].errors["answer"]
    assert not ReferralDraft.objects.exists()


def test_the_answer_given_before_is_shown(circle: Circle) -> None:
    actions.answer_facts(*circle.as_("nurse"), {"has_wlz": Truth.UNKNOWN}, circle.tick())
    assert get(circle, "nurse", "referral_question", "has_wlz").context["form"].initial["answer"] == "unknown"


def test_the_answers_lead_to_an_outcome_of_their_own(circle: Circle) -> None:
    circle.assessed()
    answer = post(circle, "doctor", "referral_answers")
    assert answer.status_code == 302
    page = circle.client("doctor").get(answer["Location"])
    assert page.context["given"].row.by == "doctor"
    assert NURSING in {entry["id"] for entry in page.context["entries"]}


def test_without_a_date_of_birth_it_says_in_plain_words_that_it_cannot_be_done(circle: Circle) -> None:
    correct_identity(*circle.as_("nurse"), {"birth_date": None}, circle.tick())
    assert get(circle, "nurse", "referral_answers").status_code == 200
    assert get(circle, "nurse", "referral_questions")["Location"] == address(circle, "referral_answers")
    before = AuditLine.objects.count()
    answer = post(circle, "nurse", "referral_answers")
    assert answer.status_code == 409
    assert "web/cannot.html" in [used.name for used in answer.templates]
    assert AuditLine.objects.count() == before


# --- deciding, differing, settling ---------------------------------------------------------------------------


def test_a_nurse_decides_and_the_journey_goes_on(circle: Circle) -> None:
    row = circle.assessed()
    answer = post(circle, "nurse", "referral_decide", row.id, kept=[NURSING], note="Nights.")
    assert answer["Location"] == address(circle, "referral")
    assert CareJourney.objects.get(child_id=circle.child_id).phase == "needs"
    page = get(circle, "mother", "referral")
    assert [entry["id"] for entry in page.context["decided"]] == [NURSING]
    assert "Nights." not in page.content.decode()


@pytest.mark.parametrize("who", ["colleague", "doctor", "aide"])
def test_who_may_not_confirm_nursing_is_told_and_keeps_what_was_typed(circle: Circle, who: str) -> None:
    row = circle.assessed()
    answer = post(circle, who, "referral_decide", row.id, kept=[NURSING], note="My note.")
    assert answer.status_code == 200
    assert "niveau 5" in str(answer.context["form"].errors["kept"])
    assert "My note." in answer.content.decode()
    assert not ReferralOutcome.objects.exists()


@pytest.mark.parametrize("kept", [[], ["no_such_entry"]])
def test_a_decision_that_keeps_nothing_is_asked_again(circle: Circle, kept: list[str]) -> None:
    row = circle.assessed()
    answer = post(circle, "nurse", "referral_decide", row.id, kept=kept, note="My note.")
    assert answer.status_code == 200 and answer.context["form"].errors["kept"]
    assert "My note." in answer.content.decode()


def test_a_colleague_differs_and_it_is_settled(circle: Circle) -> None:
    row = circle.assessed()
    empty = post(circle, "gp", "referral_differ", row.id, kept=[NURSING], reason=" ")
    assert empty.status_code == 200 and empty.context["form"].errors["reason"]
    answer = post(circle, "gp", "referral_differ", row.id, kept=[NURSING], reason="It is palliative.")
    assert answer["Location"] == address(circle, "referral_result", row.id)
    dissent = ReferralDissent.objects.get()
    page = get(circle, "nurse", "referral_settle", dissent.id)
    assert "It is palliative." in page.content.decode()
    empty = post(circle, "nurse", "referral_settle", dissent.id, outcome="")
    assert empty.status_code == 200 and not DissentSettlement.objects.exists()
    answer = post(circle, "nurse", "referral_settle", dissent.id, outcome="We agree.")
    assert answer["Location"] == address(circle, "referral_result", row.id)
    assert get(circle, "nurse", "referral_settle", dissent.id).status_code == 404


def test_what_belongs_to_another_child_is_not_found_here(circle: Circle) -> None:
    other = circle.another_child()
    theirs = circle.assessed(other)
    nurse = circle.actor("nurse")
    dissent = actions.record_dissent(nurse, other, theirs.id, ([], "Because."), circle.tick())
    for name in ("referral_result", "referral_decide", "referral_differ", "referral_letter"):
        assert get(circle, "nurse", name, theirs.id).status_code == 404
    assert post(circle, "nurse", "referral_decide", theirs.id, kept=[NURSING]).status_code == 404
    assert post(circle, "nurse", "referral_differ", theirs.id, reason="Because.").status_code == 404
    for ask in (get, post):
        assert ask(circle, "nurse", "referral_settle", dissent.id, **_outcome(ask)).status_code == 404
    assert get(circle, "nurse", "referral_result", new_id()).status_code == 404
    assert not DissentSettlement.objects.exists() and not ReferralOutcome.objects.exists()


def _outcome(ask: Any) -> dict[str, str]:
    return {"outcome": "Agreed."} if ask is post else {}


# --- the letter ----------------------------------------------------------------------------------------------


def test_the_letter_is_a_tagged_pdf_for_who_reads_the_outcome(circle: Circle) -> None:
    row = circle.assessed()
    answer = get(circle, "mother", "referral_letter", row.id)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF") and b"/MarkInfo" in answer.content
    assert len(lines("referral.letter_printed", circle.subject)) == 1
    for who in ("teacher", "privacy", "father", "stranger"):
        assert get(circle, who, "referral_letter", row.id).status_code == 404


# --- statements ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["nurse", "mother"])
def test_the_page_takes_at_most_12_statements(circle: Circle, who: str, statements: Any) -> None:
    differed(circle)
    browser = circle.client(who)
    with statements(most=12):
        browser.get(address(circle, "referral"))
