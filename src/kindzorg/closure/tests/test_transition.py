"""The list towards 18 and the transition plan: marked, written, and never lost."""

from datetime import date

import pytest
from django.urls import reverse

from kindzorg.careteam.actions import correct_identity
from kindzorg.careteam.models import Grant
from kindzorg.closure import actions, queries
from kindzorg.closure.models import ChecklistMark, TransitionText
from kindzorg.closure.rules import Chapter
from kindzorg.core.errors import Invalid, Refused
from kindzorg.referral.tests.world import Circle, lines


def test_a_point_is_marked_and_unmarked(circle: Circle) -> None:
    actions.mark_item(*circle.as_("coach"), "ciz", (True, " Aangevraagd. "), circle.tick())
    points = {one.item.id: one for one in queries.checklist_for(*circle.as_("gp"), circle.moment.date())}
    assert points["ciz"].done and not points["wmo"].done
    mark = points["ciz"].mark
    assert mark is not None and (mark.note, mark.by, str(mark)) == ("Aangevraagd.", "coach", "ciz done")
    row = actions.mark_item(*circle.as_("nurse"), "ciz", (False, ""), circle.tick())
    points = {one.item.id: one for one in queries.checklist_for(*circle.as_("gp"), circle.moment.date())}
    assert not points["ciz"].done and str(row) == "ciz not done"
    assert [line.detail for line in lines("transition.marked", circle.subject)] == [{"item": "ciz"}] * 2


def test_a_point_that_is_not_on_the_list_or_too_long_a_note_is_invalid(circle: Circle) -> None:
    with pytest.raises(Invalid, match="item_not_found"):
        actions.mark_item(*circle.as_("nurse"), "no_such_point", (True, ""), circle.tick())
    with pytest.raises(Invalid, match="note_too_long"):
        actions.mark_item(*circle.as_("nurse"), "ciz", (True, "x" * 501), circle.tick())
    correct_identity(*circle.as_("nurse"), {"birth_date": None}, circle.tick())
    with pytest.raises(Invalid, match="item_not_found"):
        actions.mark_item(*circle.as_("nurse"), "ciz", (True, ""), circle.tick())
    assert queries.checklist_for(*circle.as_("nurse"), circle.moment.date()) == ()
    assert not ChecklistMark.objects.exists()


def test_a_chapter_is_written_over_and_nothing_is_lost(circle: Circle) -> None:
    for who, words in (("mother", "School eerst."), ("nurse", " School, dan werk. ")):
        actions.write_chapter(*circle.as_(who), Chapter.SCHOOL_WORK, words, circle.tick())
    texts = queries.transition_for(*circle.as_("gp"), circle.moment.date())
    assert {chapter: (row.words, row.by) for chapter, row in texts.items()} == {
        "school_work": ("School, dan werk.", "Marit")
    }
    assert TransitionText.objects.count() == 2
    assert len(lines("transition.written", circle.subject)) == 2


def test_who_does_not_see_all_reads_no_chapter_and_no_note_and_writes_none(circle: Circle) -> None:
    actions.write_chapter(*circle.as_("mother"), Chapter.RELATIONS, "Van haar alleen.", circle.tick())
    actions.mark_item(*circle.as_("nurse"), "ciz", (True, "Haar diagnose."), circle.tick())
    Grant.objects.filter(user=circle.users["coach"]).update(domains="development|social|safety")
    about = circle.as_("coach")
    assert queries.transition_for(*about, circle.moment.date()) == {}
    marked = [one.mark for one in queries.checklist_for(*about, circle.moment.date()) if one.mark]
    assert [one.note for one in marked] == [""]
    with pytest.raises(Refused):
        actions.write_chapter(*about, Chapter.RELATIONS, "Erover.", circle.tick())
    page = circle.client("coach").get(reverse("closure_list_18", args=[circle.child_id]))
    assert page.status_code == 200 and "closure/chapter" not in page.content.decode()
    for one in ("relations", "nonsense"):
        chapter = circle.client("coach").get(reverse("closure_chapter", args=[circle.child_id, one]))
        assert chapter.status_code == 404


def test_from_sixteen_the_young_person_writes_the_transition_plan_and_the_mother_does_not(
    circle: Circle,
) -> None:
    correct_identity(*circle.as_("nurse"), {"birth_date": date(2010, 1, 1)}, circle.tick())
    actions.write_chapter(*circle.as_("child"), Chapter.LIVING, "Op mezelf.", circle.tick())
    with pytest.raises(Refused):
        actions.write_chapter(*circle.as_("mother"), Chapter.LIVING, "Thuis.", circle.tick())
