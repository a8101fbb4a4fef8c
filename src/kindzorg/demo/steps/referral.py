"""Phase 1: answers, an assessment, a second view, a decision."""

from kindzorg.core.vocabulary import Truth
from kindzorg.demo.story import Deed, Story
from kindzorg.referral import actions
from kindzorg.referral.decision import from_json
from kindzorg.referral.engine import Status
from kindzorg.referral.models import ReferralAssessment
from kindzorg.referral.rules import Facts, age_band, next_questions


def answer(story: Story, deed: Deed) -> None:
    """What is known: `yes`, `no` and `unknown` facts; with `rest: no` every question that is still open too."""
    given = {key: truth for truth in Truth for key in deed.get(truth.value, ())}
    facts = actions.answer_facts(deed.actor, deed.subject, given, deed.now)
    while deed.get("rest") and (still := _open(deed, facts)):
        facts = actions.answer_facts(deed.actor, deed.subject, dict.fromkeys(still, Truth.NO), deed.now)


def _open(deed: Deed, facts: Facts) -> list[str]:
    on = deed.now.date()
    questions = next_questions(facts, age_band(deed.subject.birth_date or on, on), on)
    return [key for key in questions if key not in deed.get("unknown", ())]


def assess(story: Story, deed: Deed) -> None:
    """The rules' outcome is kept, known as `key`."""
    row = actions.assess_child(deed.actor, deed.subject, deed.now)
    story.made[deed.get("key", "assessment")] = row.id


def differ(story: Story, deed: Deed) -> None:
    """A second professional sees it differently."""
    of = story.made[deed.get("of", "assessment")]
    view = (tuple(deed.line["view"]), deed.line["reason"])
    row = actions.record_dissent(deed.actor, deed.subject, of, view, deed.now)
    story.made[deed.get("key", "dissent")] = row.id


def settle(story: Story, deed: Deed) -> None:
    """The professionals settled their difference."""
    dissent = story.made[deed.get("of", "dissent")]
    actions.settle_dissent(deed.actor, deed.subject, dissent, deed.line["outcome"], deed.now)


def decide(story: Story, deed: Deed) -> None:
    """The hand-over of phase 1: the entries in `keep`, or all that are certain."""
    of = story.made[deed.get("of", "assessment")]
    row = ReferralAssessment.objects.get(id=of, child_id=deed.subject.child_id)
    certain = [entry.id for entry in from_json(row.outcome).entries if entry.status is Status.CERTAIN]
    kept = (tuple(deed.get("keep", certain)), deed.get("note"))
    actions.decide_referral(deed.actor, deed.subject, of, kept, deed.now)
