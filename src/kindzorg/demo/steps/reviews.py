"""Looking at the plan together: a day, what everybody prepares, and what came of it."""

from kindzorg.access.policy import EVERY_DOMAIN
from kindzorg.careplan.reviews import actions
from kindzorg.careplan.reviews.rules import NewPreparation, NewReview
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.demo.story import Deed, Story


def plan(story: Story, deed: Deed) -> None:
    """A day for a review, known by `key`; of `domains`, else of the whole plan."""
    domains = frozenset(map(LifeDomain, deed.get("domains") or ())) or EVERY_DOMAIN
    new = NewReview(on_day=story.day(deed.line["day"]), domains=domains)
    key = actions.plan_review(deed.actor, deed.subject, new, deed.now)
    story.made[f"review {deed.line['key']}"] = key


def prepare(story: Story, deed: Deed) -> None:
    """What somebody prepared: `well`, `not_well`, `next`; of a `goal`, of a `domain`, or for the `own` eyes yet."""
    goal, domain = deed.get("goal"), deed.get("domain")
    new = NewPreparation(
        review_id=story.made[f"review {deed.line['key']}"],
        well=deed.get("well"),
        not_well=deed.get("not_well"),
        next=deed.get("next"),
        goal_id=story.made[f"goal {goal}"] if goal else None,
        domain=LifeDomain(domain) if domain else None,
        shared=not deed.get("own"),
    )
    actions.prepare(deed.actor, deed.subject, new, deed.now)


def hold(story: Story, deed: Deed) -> None:
    """The review was held, with its conclusion in `words`."""
    key = story.made[f"review {deed.line['key']}"]
    actions.hold_review(deed.actor, deed.subject, key, deed.get("words"), deed.now)
