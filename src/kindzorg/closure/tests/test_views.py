"""The pages of phase 4, for each role: what it sees, what it is refused, and what happens to what it types."""

from typing import Any

import pytest
from django.urls import reverse

from kindzorg.audit.models import AuditLine
from kindzorg.closure import actions
from kindzorg.closure.models import (
    ChecklistMark,
    Closure,
    ClosurePreparation,
    NeedSettlement,
    ReceiverAnswer,
    TransitionText,
)
from kindzorg.closure.pages import say
from kindzorg.closure.rules import Answer, Chapter, Disposition, Ending, tree
from kindzorg.closure.tests.ending import WORDS, answered, arranged, asked, need_ids, prepared
from kindzorg.core.ids import new_id
from kindzorg.journey.models import CareJourney
from kindzorg.referral.tests.world import READERS_OF_CLOSURE, Circle, lines, refusals

PREPARING = {"nurse", "colleague", "specialist", "aide", "coach", "coordinator"}
DECIDING = PREPARING - {"coach"}
WRITING = PREPARING | {"mother"}
ACCEPTING = (PREPARING - {"coach"}) | {
    "doctor", "gp", "therapist", "teacher", "municipality", "youth_care",
}  # fmt: skip


def address(circle: Circle, name: str, *more: object) -> str:
    return reverse(name, args=[circle.child_id, *more])


def get(circle: Circle, who: str, name: str, *more: object) -> Any:
    return circle.client(who).get(address(circle, name, *more))


def post(circle: Circle, who: str, name: str, *more: object, **typed: object) -> Any:
    return circle.client(who).post(address(circle, name, *more), typed)


def phase(circle: Circle) -> str:
    return CareJourney.objects.get(child_id=circle.child_id).phase


# --- who sees what -------------------------------------------------------------------------------------------

PAGES = {
    "closure": (READERS_OF_CLOSURE, "closure.read"),
    "closure_question": (PREPARING, "closure.question_read"),
    "closure_need": (PREPARING, "closure.need_read"),
    "closure_requests": (ACCEPTING, "closure.requests_read"),
    "closure_list_18": (READERS_OF_CLOSURE, "transition.read"),
    "closure_chapter": (WRITING, "transition.chapter_read"),
    "closure_decide": (DECIDING, "closure.decision_read"),
    "closure_go_on": (DECIDING, "closure.go_on_read"),
}


@pytest.mark.parametrize("name", PAGES)
def test_each_page_opens_for_its_roles_and_for_nobody_else(circle: Circle, name: str) -> None:
    prepared(circle)
    more = {
        "closure_question": ("why",), "closure_need": (need_ids(circle)[0],), "closure_chapter": ("law",),
    }  # fmt: skip
    allowed, event = PAGES[name]
    for who in circle.users:
        before = len(lines(event, circle.subject))
        answer = get(circle, who, name, *more.get(name, ()))
        if who in allowed:
            assert (who, answer.status_code) == (who, 200)
            assert f"closure/{name.removeprefix('closure_')}.html" in [used.name for used in answer.templates]
            assert len(lines(event, circle.subject)) == before + 1
            assert refusals(circle.subject, circle.users[who]) == 0
        else:
            assert (who, answer.status_code) == (who, 404)
            assert refusals(circle.subject, circle.users[who]) == 1
            assert len(lines(event, circle.subject)) == before


def test_nobody_is_offered_a_page_that_refuses_them(circle: Circle) -> None:
    prepared(circle)
    need_id = need_ids(circle)[0]
    for who in ("auditor", "gp", "mother", "coach", "nurse"):
        page = get(circle, who, "closure").content.decode()
        assert (address(circle, "closure_need", need_id) in page) == (who in PREPARING), who
        assert (address(circle, "closure_decide") in page) == (who in DECIDING), who
        page = get(circle, who, "closure_list_18").content.decode()
        assert (address(circle, "closure_chapter", "law") in page) == (who in WRITING), who
        assert ('name="item"' in page) == (who in PREPARING), who


def test_before_anything_ends_there_is_nothing_but_a_beginning(circle: Circle) -> None:
    assert address(circle, "closure_question", "why") in get(circle, "coach", "closure").content.decode()
    assert "closure/tree" not in get(circle, "mother", "closure").content.decode()
    assert get(circle, "nurse", "closure_need", need_ids(circle)[0]).status_code == 404
    assert get(circle, "nurse", "closure_goodbye")["Location"] == address(circle, "closure")
    assert get(circle, "nurse", "closure_letter").status_code == 404


# --- the tree ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", tree())
def test_every_answer_leads_to_the_next_question_or_to_an_ending(circle: Circle, name: str) -> None:
    browser = circle.client("coach")
    for option, where in tree()[name].options.items():
        answer = browser.post(address(circle, "closure_question", name), {"option": option})
        if isinstance(where, Ending):
            assert answer["Location"] == address(circle, "closure")
            assert ClosurePreparation.objects.get().ending == where
        else:
            assert answer["Location"] == address(circle, "closure_question", where)


def test_an_answer_or_a_question_that_is_not_in_the_tree(circle: Circle) -> None:
    answer = post(circle, "nurse", "closure_question", "why", option="because")
    assert answer.status_code == 200 and answer.context["form"].errors["option"]
    assert get(circle, "nurse", "closure_question", "no-such-question").status_code == 404
    assert phase(circle) == "careplan"


# --- what becomes of a need ----------------------------------------------------------------------------------


def test_a_need_goes_to_an_organisation_of_the_team_which_answers(circle: Circle) -> None:
    prepared(circle)
    need_id = need_ids(circle)[0]
    teacher = circle.houses["teacher"]
    typed = {"disposition": "receiver", "organisation": str(teacher), "note": "Bel juf."}
    assert post(circle, "nurse", "closure_need", need_id, **typed)["Location"] == address(circle, "closure")
    row = NeedSettlement.objects.get()
    assert (row.receiver, row.receiver_organisation_id, row.note) == ("Huis van teacher", teacher, "Bel juf.")
    page = get(circle, "teacher", "closure_requests").content.decode()
    assert WORDS[0] in page and WORDS[1] not in page
    page = get(circle, "teacher", "closure_answer", row.id).content.decode()
    assert WORDS[0] in page and WORDS[1] not in page
    answer = post(circle, "teacher", "closure_answer", row.id, answer="declined", reason=" ")
    assert answer.status_code == 200 and answer.context["form"].errors["reason"]
    assert answer.context["form"]["answer"].value() == "declined"
    answer = post(circle, "teacher", "closure_answer", row.id, answer="accepted")
    assert answer["Location"] == address(circle, "child_start")
    assert get(circle, "teacher", "closure_requests").context["asked"] == []
    assert ReceiverAnswer.objects.get().by == "teacher"


def test_a_receiver_by_name_is_noted_by_who_prepares(circle: Circle) -> None:
    prepared(circle)
    typed = {"disposition": "receiver", "receiver": "Oma"}
    post(circle, "nurse", "closure_need", need_ids(circle)[0], **typed)
    row = NeedSettlement.objects.get()
    assert (row.receiver, row.receiver_organisation_id) == ("Oma", None)
    answer = post(circle, "nurse", "closure_answer", row.id, answer="accepted")
    assert answer["Location"] == address(circle, "closure")


def test_who_changes_what_was_arranged_begins_with_it(circle: Circle) -> None:
    prepared(circle)
    need_id = need_ids(circle)[0]
    teacher, gp = str(circle.houses["teacher"]), str(circle.houses["gp"])
    typed = {"disposition": "receiver", "organisation": teacher, "receiver": "Juf", "note": "Bel juf."}
    post(circle, "nurse", "closure_need", need_id, **typed)
    form = get(circle, "nurse", "closure_need", need_id).context["form"]
    assert {name: form.initial[name] for name in typed} == typed
    # Another organisation is chosen: it is not asked under the name of the one before.
    post(circle, "nurse", "closure_need", need_id, **{**typed, "organisation": gp})
    row = NeedSettlement.objects.latest("created_at", "id")
    assert (row.receiver, str(row.receiver_organisation_id)) == ("Huis van gp", gp)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"disposition": ""}, "disposition"),
        ({"disposition": "death"}, "disposition"),
        ({"disposition": "receiver"}, "receiver"),
        ({"disposition": "receiver", "organisation": "7"}, "organisation"),
        ({"disposition": "family_declines"}, "told"),
    ],
)
def test_what_is_lacking_is_said_and_what_was_typed_stays(
    circle: Circle, typed: dict[str, str], field: str
) -> None:
    prepared(circle)
    answer = post(circle, "nurse", "closure_need", need_ids(circle)[0], note="My note.", **typed)
    assert answer.status_code == 200 and answer.context["form"].errors[field]
    assert "My note." in answer.content.decode()
    assert not NeedSettlement.objects.exists()


def test_an_organisation_outside_the_team_cannot_be_chosen(circle: Circle) -> None:
    prepared(circle)
    typed = {"disposition": "receiver", "organisation": str(circle.houses["stranger"])}
    answer = post(circle, "nurse", "closure_need", need_ids(circle)[0], **typed)
    assert answer.context["form"].errors["organisation"]


def test_what_belongs_to_another_child_is_not_found_here(circle: Circle) -> None:
    prepared(circle)
    need_id = need_ids(circle)[0]
    settlement = asked(circle, need_id)
    other = circle.another_child()
    actions.prepare_closure(circle.nurse, other, Ending.DEATH, circle.tick())
    nurse = circle.client("nurse")
    for where in (
        reverse("closure_need", args=[other.child_id, need_id]),
        reverse("closure_answer", args=[other.child_id, settlement.id]),
        address(circle, "closure_need", new_id()),
        address(circle, "closure_answer", new_id()),
    ):
        assert nurse.get(where).status_code == 404
        typed = {"disposition": "met", "answer": "accepted"}
        assert nurse.post(where, typed).status_code == 404
    assert NeedSettlement.objects.count() == 1 and not ReceiverAnswer.objects.exists()
    for who in ("teacher", "gp", "therapist"):
        assert (get(circle, who, "closure_answer", settlement.id).status_code == 200) == (who == "therapist")
    assert refusals(circle.subject, circle.users["teacher"]) == 1


# --- towards 18 ----------------------------------------------------------------------------------------------


def test_a_point_is_marked_on_the_list(circle: Circle) -> None:
    answer = post(circle, "coach", "closure_list_18", item="ciz", done="1", note="Gedaan.")
    assert answer["Location"] == address(circle, "closure_list_18")
    assert ChecklistMark.objects.get().note == "Gedaan."
    post(circle, "coach", "closure_list_18", item="ciz", done="0")
    assert ChecklistMark.objects.count() == 2


@pytest.mark.parametrize("typed", [{"item": "nothing"}, {}, {"item": "ciz", "done": "1", "note": "x" * 501}])
def test_a_point_that_cannot_be_marked_changes_nothing(circle: Circle, typed: dict[str, str]) -> None:
    before = AuditLine.objects.count()
    answer = post(circle, "nurse", "closure_list_18", **typed)
    assert answer.status_code == 409
    assert "web/cannot.html" in [used.name for used in answer.templates]
    assert not ChecklistMark.objects.exists()
    assert AuditLine.objects.count() == before


def test_who_reads_the_list_does_not_mark_it(circle: Circle) -> None:
    for who in ("gp", "mother", "auditor"):
        assert post(circle, who, "closure_list_18", item="ciz", done="1").status_code == 404
        assert refusals(circle.subject, circle.users[who]) == 1
    assert not ChecklistMark.objects.exists()


def test_a_chapter_is_written_and_shown_again(circle: Circle) -> None:
    empty = post(circle, "mother", "closure_chapter", "law", words=" ")
    assert empty.status_code == 200 and empty.context["form"].errors["words"]
    answer = post(circle, "mother", "closure_chapter", "law", words="Wij vragen bewind.")
    assert answer["Location"] == address(circle, "closure_list_18")
    assert TransitionText.objects.get().chapter == Chapter.LAW
    assert "Wij vragen bewind." in get(circle, "nurse", "closure_chapter", "law").content.decode()
    assert "Wij vragen bewind." in get(circle, "gp", "closure_list_18").content.decode()
    assert get(circle, "mother", "closure_chapter", "no-such-chapter").status_code == 404


# --- closing, and going on -----------------------------------------------------------------------------------


def settled(circle: Circle, ending: Ending = Ending.NOBODY_NEEDED) -> None:
    prepared(circle, ending)
    for need_id in need_ids(circle):
        arranged(circle, need_id, Disposition.MET)


def closed(circle: Circle, ending: Ending = Ending.NOBODY_NEEDED) -> None:
    settled(circle, ending)
    actions.decide_closure(*circle.as_("nurse"), ("Marit, 06", "Dag!"), circle.tick())


def test_closing_is_refused_until_the_receiver_accepts(circle: Circle) -> None:
    prepared(circle)
    first, second = need_ids(circle)
    arranged(circle, second, Disposition.MET)
    settlement = asked(circle, first)
    for answer_given in (None, Answer.DECLINED):
        if answer_given:
            answered(circle, "therapist", settlement.id, answer_given, "Vol.")
        answer = post(circle, "nurse", "closure_decide", contact="Marit", note="My note.")
        assert answer.status_code == 200 and answer.context["form"].non_field_errors()
        page = answer.content.decode()
        assert "My note." in page and WORDS[0] in page
        assert not Closure.objects.exists() and phase(circle) == "closure"
    answered(circle, "therapist", settlement.id, Answer.ACCEPTED)
    empty = post(circle, "nurse", "closure_decide", contact=" ")
    assert empty.context["form"].errors["contact"]
    answer = post(circle, "nurse", "closure_decide", contact="Marit")
    assert answer["Location"] == address(circle, "closure_goodbye")
    assert phase(circle) == "closed"


@pytest.mark.parametrize("who", ["nurse", "mother", "auditor"])
def test_goodbye_and_the_letter(circle: Circle, who: str) -> None:
    closed(circle)
    for name in ("closure", "closure_goodbye"):
        assert get(circle, who, name).status_code == 200
    assert "Marit, 06" in get(circle, who, "closure_goodbye").content.decode()
    answer = get(circle, who, "closure_letter")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF") and b"/MarkInfo" in answer.content
    assert len(lines("closure.letter_printed", circle.subject)) == 1


def test_the_letter_and_the_goodbye_are_for_readers_alone(circle: Circle) -> None:
    closed(circle)
    for who in ("teacher", "privacy", "father", "child", "stranger", "team_lead"):
        for name in ("closure_goodbye", "closure_letter"):
            assert get(circle, who, name).status_code == 404, who


def test_after_a_death_other_words_are_said(circle: Circle) -> None:
    closed(circle, Ending.DEATH)
    said = get(circle, "mother", "closure_goodbye").context["farewell"]
    assert said["body"] == say("goodbye.death", "parent") != say("goodbye.body", "parent")


def test_the_closing_is_given_up_and_care_begins_again(circle: Circle) -> None:
    settled(circle)
    empty = post(circle, "nurse", "closure_go_on", reason="")
    assert empty.status_code == 200
    answer = post(circle, "nurse", "closure_go_on", reason="Toch nodig.")
    assert answer["Location"] == address(circle, "child_start")
    assert phase(circle) == "careplan"
    assert post(circle, "nurse", "closure_go_on", reason="Nog eens.").status_code == 409
    closed(circle)
    post(circle, "coordinator", "closure_go_on", reason="Terug.")
    assert phase(circle) == "needs"
    assert post(circle, "coach", "closure_go_on", reason="Nee.").status_code == 404


def test_a_closed_journey_is_closed_and_prepared_no_more(circle: Circle) -> None:
    closed(circle)
    answer = post(circle, "nurse", "closure_decide", contact="Marit")
    assert answer.status_code == 200 and answer.context["form"].non_field_errors()
    assert post(circle, "nurse", "closure_question", "why", option="died").status_code == 404
    assert Closure.objects.count() == 1


@pytest.mark.parametrize("who", ["nurse", "mother"])
def test_the_pages_take_at_most_12_statements(circle: Circle, who: str, statements: Any) -> None:
    prepared(circle)
    for need_id in need_ids(circle):
        asked(circle, need_id)
    browser = circle.client(who)
    for name in ("closure", "closure_list_18"):
        with statements(most=12):
            browser.get(address(circle, name))


@pytest.mark.parametrize("who", ["nurse", "mother"])
def test_the_goodbye_takes_at_most_12_statements(circle: Circle, who: str, statements: Any) -> None:
    closed(circle)
    browser = circle.client(who)
    # The first look of all is written down, and asks the trail for one from before looks were kept.
    browser.get(address(circle, "child_start"))
    for name in ("closure", "closure_goodbye", "closure_letter", "child_start"):
        with statements(most=12):
            assert browser.get(address(circle, name)).status_code == 200
