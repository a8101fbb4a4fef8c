"""The page of what somebody was told: in words of the reader, about what is open to the reader today, read or not."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from kindzorg.audit.models import AuditLine
from kindzorg.careteam.models import Grant
from kindzorg.careteam.tests.world import JOB
from kindzorg.notices.actions import tell
from kindzorg.notices.models import Notice
from kindzorg.referral.tests.world import Circle

pytestmark = pytest.mark.django_db
KINDS = (
    ("consent.asked", "Iemand vraagt om mee te kijken", "sharing"),
    ("emergency.taken", "Iemand keek mee in een noodgeval", "sharing"),
    ("card.opened", "Iemand bekeek de noodkaart", "child_card"),
    ("plan_to_sign", "Er is een plan waar u ja of nee tegen zegt", "plan"),
    ("agreement_to_answer", "Er is een afspraak die op uw antwoord wacht", "plan"),
    ("birthday_12_in_1_months", "Bijna een verjaardag: wat verandert er?", "child_birthday"),
    ("parents_differ", "U bent het niet met elkaar eens", "child_differ"),
    ("consent_own_word", "U mag zelf nee zeggen", "sharing"),
    ("files_merged", "Twee dossiers zijn één geworden", "files"),
    ("something_new", "Er is iets veranderd", "child_start"),
)


def tells(circle: Circle, who: str, kind: str, minutes: int = 0) -> Notice:
    """Tell one of the circle; gives back what stands in the app."""
    now = circle.moment + timedelta(minutes=minutes)
    return tell(JOB, circle.subject, kind, [circle.users[who].id], uuid4(), now)[0]


def shown(browser: Any, *told: Notice) -> list[Any]:
    """What the page shows of these, in its order; the circle was told of consents before."""
    ids = {one.id for one in told}
    found = browser.get(reverse("notices")).context["notices"]
    return [one for one in found if one["notice"].id in ids]


@pytest.mark.parametrize(("kind", "words", "page"), KINDS)
def test_each_kind_is_in_words_and_leads_to_its_page(
    circle: Circle, kind: str, words: str, page: str
) -> None:
    mother = circle.client("mother")
    told = tells(circle, "mother", kind)
    found = mother.get(reverse("notices")).content.decode()
    assert words in found and "nieuw" in found
    answer = mother.post(reverse("notice_open", args=[told.id]))
    assert answer.url == reverse(page, args=[circle.child_id])
    assert [one["unread"] for one in shown(mother, told)] == [False]
    assert AuditLine.objects.filter(event="notice.read", object_id=told.object_id).exists()


def test_the_newest_stands_first_and_nobody_else_reads_or_marks_it(circle: Circle) -> None:
    first, last = tells(circle, "mother", "files_merged"), tells(circle, "mother", "consent.asked", 5)
    found = shown(circle.client("mother"), first, last)
    assert [(one["notice"].id, one["unread"]) for one in found] == [(last.id, True), (first.id, True)]
    father = circle.client("father")
    assert shown(father, first, last) == []
    assert father.post(reverse("notice_open", args=[first.id])).status_code == 404
    assert Notice.objects.get(id=first.id).read_at is None


def test_what_is_no_longer_open_to_the_reader_is_not_there(circle: Circle) -> None:
    told = tells(circle, "teacher", "agreement_to_answer"), tells(circle, "teacher", "plan_to_approve")
    teacher = circle.client("teacher")
    assert [one["notice"].kind for one in shown(teacher, *told)] == ["agreement_to_answer"]
    # What has no page for the reader leads back here.
    assert teacher.post(reverse("notice_open", args=[told[1].id])).url == reverse("notices")
    Grant.objects.filter(user_id=circle.users["teacher"].id).update(until=circle.moment.date())
    teacher = circle.client("teacher")
    assert "Er zijn geen meldingen" in teacher.get(reverse("notices")).content.decode()
    assert teacher.post(reverse("notice_open", args=[told[0].id])).status_code == 404


def test_a_question_leads_to_who_asked_and_to_who_answers(circle: Circle) -> None:
    asked, officers = tells(circle, "mother", "trail_question"), tells(circle, "privacy", "trail_question")
    answer = circle.client("mother").post(reverse("notice_open", args=[asked.id]))
    assert answer.url == reverse("child_trail_question", args=[circle.child_id, asked.object_id])
    answer = circle.client("privacy").post(reverse("notice_open", args=[officers.id]))
    assert answer.url == reverse("trail_question", args=[officers.object_id])
    teachers = tells(circle, "teacher", "trail_question")
    assert circle.client("teacher").post(reverse("notice_open", args=[teachers.id])).url == reverse("notices")


def test_it_costs_the_same_for_one_and_for_many(circle: Circle, statements: Any) -> None:
    mother, counts = circle.client("mother"), []
    mother.get("/account")
    for number in (1, 30):
        for minute in range(number):
            tells(circle, "mother", "consent.asked", minute)
        with statements(most=12) as found:
            mother.get(reverse("notices"))
        counts.append(len(found))
    assert counts[0] == counts[1]
