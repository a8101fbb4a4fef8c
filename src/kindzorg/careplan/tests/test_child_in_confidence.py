"""What a child keeps from its parents leaves them no trace, in the trail or in what is new; nor in another hat."""

from dataclasses import replace

from kindzorg.access import policy
from kindzorg.audit.models import AuditLine
from kindzorg.careplan.procedures.rules import WishReach
from kindzorg.careplan.reviews import actions as reviews
from kindzorg.careplan.reviews.rules import NewPreparation
from kindzorg.careteam.queries import hidden_lines

from . import test_procedures, test_reviews
from .conftest import TODAY, World
from .test_reviews import planned, pytestmark, world

assert pytestmark and world  # the world of reviews, and that it needs a database


def told(world: World, who: str, event: str) -> int:
    """How many lines of this event somebody finds."""
    actor, subject = world.as_(who)
    return AuditLine.objects.filter(event=event).exclude(hidden_lines(actor, subject, TODAY)).count()


def test_a_wish_for_the_nurses_or_for_nobody_leaves_parents_no_trace(world: World) -> None:
    entry = test_procedures.prepares(world)
    for reach in (WishReach.SELF, WishReach.NURSE):
        test_procedures.wishes(world, "child", entry, words="Ik ben bang.", reach=reach)
    assert told(world, "mother", "procedure.wished") == 0
    assert told(world, "child", "procedure.wished") == 2
    test_procedures.wishes(world, "child", entry, words="Muziek aan.", reach=WishReach.ALL)
    test_procedures.wishes(world, "mother", entry, words="Een knuffel.")
    assert told(world, "mother", "procedure.wished") == 2


def test_what_a_child_still_thinks_about_leaves_parents_no_trace(world: World) -> None:
    review = planned(world)
    own = NewPreparation(review_id=review, well="Zeg ik nog niet.", shared=False)
    world.do("child", reviews.prepare, own)
    assert told(world, "mother", "review.prepared") == 0
    assert told(world, "child", "review.prepared") == 1
    test_reviews.prepares(world, "mother", review, "Het slapen.")
    assert told(world, "mother", "review.prepared") == 1


def test_a_nurse_who_is_of_the_family_does_not_hear_what_is_for_the_nurses(world: World) -> None:
    actor, subject = world.as_("nurse")
    assert policy.may(actor, "needs.read_nurse_first", subject, TODAY)
    assert not policy.may(actor, "needs.read_nurse_first", replace(subject, is_relative=True), TODAY)
