"""Phase 1: answers, an assessment, a second view, a decision."""

from kindzorg.careteam.queries import actor_for
from kindzorg.core.vocabulary import Law, LifeDomain, Truth
from kindzorg.core.walls import behind_wall
from kindzorg.demo.story import Deed, Story
from kindzorg.referral import actions
from kindzorg.referral.binding import actions as binding
from kindzorg.referral.binding.rules import BindingMove, NewBinding
from kindzorg.referral.decision import from_json
from kindzorg.referral.engine import Status
from kindzorg.referral.models import ReferralAssessment
from kindzorg.referral.rules import Facts, age_band, next_questions
from kindzorg.referral.terms.actions import record_term
from kindzorg.referral.terms.rules import NewTerm
from kindzorg.referral.watching import ACTOR


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


def term(story: Story, deed: Deed) -> None:
    """Until when the payer's decision for the `entry` holds, and what its letter says."""
    new = NewTerm(deed.line["entry"], story.day(deed.line["until"]), deed.get("letter"))
    record_term(deed.actor, deed.subject, new, deed.now)


def bind(story: Story, deed: Deed) -> None:
    """A binding referral is sent to the organisation `to`, known as `key`."""
    new = NewBinding(
        law=Law(deed.line["law"]),
        domain=LifeDomain(deed.line["domain"]),
        receiver_id=story.directory.organisations[deed.line["to"]],
        needed=deed.line["needed"],
        why=deed.line["why"],
        needed_from=story.day(deed.line["from"]),
        person_id=story.directory.professionals.get(deed.get("person")),
        answer_by=story.day(deed.line["answer_by"]) if deed.get("answer_by") else None,
    )
    story.made[deed.get("key", "binding")] = binding.send_binding(deed.actor, deed.subject, new, deed.now).id


def bind_answer(story: Story, deed: Deed) -> None:
    """The receiver answers: accepted, refused or more_asked."""
    said = binding.Said(deed.get("words"), deed.get("instead"))
    of, move = story.made[deed.get("of", "binding")], BindingMove(deed.line["move"])
    binding.answer_binding(deed.actor, deed.subject, of, move, said, deed.now)


def bind_steer(story: Story, deed: Deed) -> None:
    """Who coordinates goes on with it."""
    of, move = story.made[deed.get("of", "binding")], BindingMove(deed.line["move"])
    binding.steer_binding(deed.actor, deed.subject, of, move, binding.Said(deed.line["words"]), deed.now)


def bind_late(story: Story, deed: Deed) -> None:
    """The worker finds that the term is over."""
    with behind_wall(ACTOR.id, deed.now.date(), system=True):
        binding.escalate_overdue(ACTOR, story.made[deed.get("of", "binding")], deed.now)


def bind_settle(story: Story, deed: Deed) -> None:
    """`network`, who coordinates the region's network and sees no file, settles it; then both sides are told."""
    ingrid, of = actor_for(story.directory.user(deed.line["network"])), story.made[deed.get("of", "binding")]
    with behind_wall(ingrid.id, deed.now.date()):
        binding.settle_stuck(ingrid, of, deed.line["words"], deed.now)
    with behind_wall(ACTOR.id, deed.now.date(), system=True):
        binding.tell_settled(ACTOR, of, deed.now)
