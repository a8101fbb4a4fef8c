"""Giving the emergency card away."""

from kindzorg.careplan.cards.actions import give_card
from kindzorg.careplan.cards.rules import Lasting, NewCard
from kindzorg.demo.story import Deed, Story


def give(story: Story, deed: Deed) -> None:
    """A parent gives a card away. Its secret is in nobody's hands: what the demo shows is that it was given."""
    give_card(deed.actor, deed.subject, NewCard(deed.get("label"), Lasting(deed.get("lasting"))), deed.now)
