"""What a how-to card says, and who has seen the one of now. Pure.

Only the shape is the product's: what stands on a card is the professional's, and a tip is of who gave it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kindzorg.careteam.competences.rules import ACTS
from kindzorg.core.errors import Invalid
from kindzorg.record.files.rules import AttachmentView, Prepared

MOST_STEPS = 12
"""So that a card stays one sheet (own choice)."""
LONGEST_TITLE, LONGEST = 120, 600


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCardStep:
    """One step: its words, and a photo with what is on it: a new one, or that of the card before (`kept_id`)."""

    words: str
    photo: tuple[Prepared, str] | None = None
    kept_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHowTo:
    """A card: for which act, its steps, what to watch, whom to call. `after` is the number of the card it was made
    from, 0 for the first."""

    act: str
    title: str
    steps: Sequence[NewCardStep]
    watch: str = ""
    call: str = ""
    after: int = 0


@dataclass(frozen=True, slots=True)
class CardStep:
    """A step as it reads."""

    words: str
    photo: AttachmentView | None


@dataclass(frozen=True, slots=True)
class Tip:
    """What somebody who cares for the child adds, marked as that one's."""

    words: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """That somebody saw and understood a card."""

    by: str
    by_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HowTo:
    """The card of an act as it is now. Without a number there is none yet, only tips."""

    id: UUID | None
    act: str
    number: int
    title: str
    watch: str
    call: str
    by: str
    organisation: str
    at: datetime | None
    steps: Sequence[CardStep] = ()
    tips: Sequence[Tip] = ()
    seen: Sequence[Seen] = ()

    def seen_by(self, user_id: UUID) -> bool:
        """Whether this one saw and understood the card of now."""
        return any(one.by_id == user_id for one in self.seen)


def check_card(new: NewHowTo) -> None:
    """Raises Invalid: "act_unknown", "card_title", "card_steps" (none, or too many), "card_too_long"."""
    check_act(new.act)
    if not new.title.strip():
        raise Invalid("card_title", fields=("title",))
    steps = [one for one in new.steps if one.words.strip()]
    if not steps or len(steps) != len(new.steps) or len(steps) > MOST_STEPS:
        raise Invalid("card_steps", most=MOST_STEPS)
    long = any(len(words) > LONGEST for words in (new.watch, new.call, *(one.words for one in steps)))
    if len(new.title) > LONGEST_TITLE or long:
        raise Invalid("card_too_long", longest=LONGEST)


def check_act(act: str) -> None:
    """Raises Invalid for an act that is not known."""
    if act not in ACTS:
        raise Invalid("act_unknown", fields=("act",), act=act)


def check_tip(act: str, words: str) -> None:
    """Raises Invalid: "act_unknown", "tip_says_nothing", "card_too_long"."""
    check_act(act)
    if not words.strip():
        raise Invalid("tip_says_nothing", fields=("words",))
    if len(words) > LONGEST:
        raise Invalid("card_too_long", fields=("words",), longest=LONGEST)


def not_seen(people: Collection[tuple[str, UUID | None]], seen: Collection[Seen]) -> list[str]:
    """Of the people who do this act, by name and account, those who have not seen the card of now."""
    known = {one.by_id for one in seen}
    return sorted({name for name, user_id in people if user_id is None or user_id not in known})
