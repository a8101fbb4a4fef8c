"""What happens at a procedure, step by step, and how the child wants it: what helps, what it fears, own words. Pure.

The steps tell the order of things, never how an act is done: that stands in the protocol. Which steps there are is our
own choice, to be confirmed by a professional; each can be changed for this child.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from kindzorg.careteam.competences.rules import ACTS
from kindzorg.core.errors import Invalid

MOST_STEPS = 12
LONGEST_TITLE, LONGEST_STEP, LONGEST = 120, 200, 500


class Happening(StrEnum):
    """What is no act of the list, and happens to a child as well."""

    BLOOD_TEST = "blood_test"
    WASHING = "washing"
    OTHER = "other"


KINDS = (*ACTS, *map(str, Happening))


class Moment(StrEnum):
    """When a step comes."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


class WishPart(StrEnum):
    """What a child is asked, in this order: each can be skipped. Fear is a question of its own."""

    HELPS = "helps"
    FEARS = "fears"
    WORDS = "words"


class WishReach(StrEnum):
    """For whom the child says it: parents and carers, its nurses, or nobody."""

    ALL = "all"
    NURSE = "nurse"
    SELF = "self"


NOTHING = "nothing"
"""Afraid of nothing: an answer too, and the only one then."""
CHOICES: Mapping[WishPart, tuple[str, ...]] = {
    WishPart.HELPS: (
        *("cuddly_toy", "holding_hand", "music", "screen", "counting", "blowing"),
        *("pause_sign", "looking", "looking_away", "knowing", "not_knowing"),
    ),
    WishPart.FEARS: (
        *("needle", "pain", "blood", "tube", "noise", "held_tight", "strangers", "alone", "waiting"),
        NOTHING,
    ),
    WishPart.WORDS: (),
}
OPPOSITE = (frozenset({"looking", "looking_away"}), frozenset({"knowing", "not_knowing"}))
"""What cannot both be wanted."""

# Each shipped step with its moment and its picture; what it says stands in the content, under `step_` and `feel_`.
SHIPPED: Mapping[str, tuple[Moment, str]] = {
    "ready": (Moment.BEFORE, "equipment"),
    "hands": (Moment.BEFORE, "wash_hands"),
    "sit": (Moment.BEFORE, "sitting"),
    "door": (Moment.BEFORE, "feeling_safe"),
    "undress": (Moment.BEFORE, "washing"),
    "measure": (Moment.BEFORE, "nasogastric_tube"),
    "band": (Moment.BEFORE, "held_tight"),
    "clean": (Moment.BEFORE, "washing"),
    "tube_nose": (Moment.DURING, "nasogastric_tube"),
    "swallow": (Moment.DURING, "eating"),
    "connect": (Moment.DURING, "tube_feeding"),
    "flow": (Moment.DURING, "clock"),
    "give": (Moment.DURING, "medicine_by_tube"),
    "noise": (Moment.DURING, "noise"),
    "suck": (Moment.DURING, "suctioning"),
    "again": (Moment.DURING, "clock"),
    "loosen": (Moment.DURING, "tracheostomy"),
    "clean_neck": (Moment.DURING, "washing"),
    "air": (Moment.DURING, "oxygen"),
    "breathe": (Moment.DURING, "ventilation"),
    "pump": (Moment.DURING, "infusion_pump"),
    "runs": (Moment.DURING, "medicines"),
    "old_plaster": (Moment.DURING, "plaster"),
    "clean_line": (Moment.DURING, "central_line"),
    "prick": (Moment.DURING, "injection"),
    "drops": (Moment.DURING, "blood"),
    "tube_pee": (Moment.DURING, "bladder_catheter"),
    "pouch_off": (Moment.DURING, "stoma_care"),
    "pouch_on": (Moment.DURING, "stoma_care"),
    "medicine": (Moment.DURING, "seizure_medicine"),
    "wash": (Moment.DURING, "washing"),
    "off": (Moment.AFTER, "tube_feeding"),
    "plaster": (Moment.AFTER, "plaster"),
    "look": (Moment.AFTER, "looking"),
    "dry": (Moment.AFTER, "washing"),
    "rest": (Moment.AFTER, "nights"),
    "done": (Moment.AFTER, "finished"),
}
STEPS: Mapping[str, tuple[str, ...]] = {
    "nasogastric_tube": (
        "ready",
        "hands",
        "sit",
        "measure",
        "tube_nose",
        "swallow",
        "plaster",
        "look",
        "done",
    ),
    "tube_feeding": ("ready", "hands", "sit", "connect", "flow", "off", "done"),
    "medicine_by_tube": ("ready", "hands", "give", "off", "done"),
    "suctioning": ("ready", "hands", "sit", "noise", "suck", "again", "done"),
    "tracheostomy": ("ready", "hands", "sit", "loosen", "clean_neck", "look", "done"),
    "oxygen": ("ready", "hands", "sit", "air", "done"),
    "ventilation": ("ready", "hands", "sit", "noise", "breathe", "done"),
    "infusion_pump": ("ready", "hands", "sit", "pump", "runs", "noise", "done"),
    "central_line": ("ready", "hands", "sit", "old_plaster", "clean_line", "plaster", "done"),
    "injection": ("ready", "hands", "sit", "clean", "prick", "plaster", "done"),
    "bladder_catheter": ("ready", "door", "hands", "sit", "clean", "tube_pee", "done"),
    "seizure_medicine": ("hands", "medicine", "rest", "done"),
    "stoma_care": ("ready", "hands", "sit", "pouch_off", "pouch_on", "done"),
    "blood_test": ("ready", "hands", "sit", "band", "clean", "prick", "drops", "plaster", "done"),
    "washing": ("ready", "door", "undress", "wash", "dry", "done"),
    "other": ("ready", "hands", "done"),
}
# The picture beside a choice, where it is not called after the choice.
PICTURES: Mapping[str, str] = {
    "needle": "injection",
    "pain": "comfort",
    "tube": "nasogastric_tube",
    "strangers": "carers",
    "waiting": "clock",
    NOTHING: "finished",
}
OWN_PICTURE = {Moment.BEFORE: "equipment", Moment.DURING: "care_at_home", Moment.AFTER: "finished"}


@dataclass(frozen=True, slots=True)
class Step:
    """One step: a shipped one by its key, or one in own words."""

    moment: Moment
    key: str = ""
    words: str = ""

    @property
    def picture(self) -> str:
        """What stands beside it."""
        return SHIPPED[self.key][1] if self.key in SHIPPED else OWN_PICTURE[self.moment]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProcedure:
    """What is prepared for this child: which act, what happens, when, where and by whom. `after` is the number of the
    wording it was made from, 0 for a new one (`entry_id` None)."""

    kind: str
    steps: Sequence[Step]
    title: str = ""
    on_day: date | None = None
    where: str = ""
    by_whom: str = ""
    entry_id: UUID | None = None
    after: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWish:
    """What the child answers to one part; with nothing in it, it is taken back."""

    entry_id: UUID
    part: WishPart
    chosen: tuple[str, ...] = ()
    words: str = ""
    reach: WishReach = WishReach.SELF


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the child wants, as it said it; `typed`: who wrote it down for the child, empty where it did that itself."""

    entry_id: UUID
    part: WishPart
    chosen: tuple[str, ...]
    words: str
    reach: WishReach
    typed: str
    at: datetime

    @property
    def says(self) -> bool:
        """Whether it is not taken back."""
        return bool(self.chosen or self.words)

    def same(self, other: "Wish | NewWish") -> bool:
        """Whether the other says the same."""
        return (self.chosen, self.words) == (other.chosen, other.words.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """What is prepared, as it stands now, with the wishes that this reader may see."""

    entry_id: UUID
    number: int
    kind: str
    title: str
    on_day: date | None
    where: str
    by_whom: str
    by: str
    at: datetime
    steps: Sequence[Step] = ()
    wishes: Sequence[Wish] = ()

    def coming(self, on: date) -> bool:
        """Whether it is still to happen, or may happen any day."""
        return self.on_day is None or self.on_day >= on


def steps_of(kind: str) -> tuple[Step, ...]:
    """The shipped steps of an act."""
    return tuple(Step(SHIPPED[key][0], key) for key in STEPS[kind])


def check_procedure(new: NewProcedure) -> None:
    """Raises Invalid: "procedure_unknown", "procedure_title" (something else has no name of itself), "procedure_steps",
    "procedure_long"."""
    if new.kind not in KINDS:
        raise Invalid("procedure_unknown", fields=("kind",), kind=new.kind)
    if new.kind == Happening.OTHER and not new.title.strip():
        raise Invalid("procedure_title", fields=("title",))
    known = all(one.key in SHIPPED if one.key else one.words.strip() for one in new.steps)
    if not known or not 1 <= len(new.steps) <= MOST_STEPS:
        raise Invalid("procedure_steps", most=MOST_STEPS)
    short = all(len(words) <= LONGEST_TITLE for words in (new.title, new.where, new.by_whom))
    if not short or any(len(one.words) > LONGEST_STEP for one in new.steps):
        raise Invalid("procedure_long", longest=LONGEST_STEP)


def check_wish(new: NewWish) -> None:
    """Raises Invalid: "wish_unknown", "wish_both" (opposites, or afraid of nothing beside a fear), "procedure_long"."""
    chosen = set(new.chosen)
    if not chosen <= set(CHOICES[new.part]):
        raise Invalid("wish_unknown", fields=("chosen",))
    if any(both <= chosen for both in OPPOSITE) or (NOTHING in chosen and len(chosen) > 1):
        raise Invalid("wish_both", fields=("chosen",))
    if len(new.words) > LONGEST:
        raise Invalid("procedure_long", fields=("words",), longest=LONGEST)


def wishes_now(said: Iterable[Wish], *, itself: bool, nurse: bool) -> tuple[Wish, ...]:
    """What stands now of each part for this reader: the newest of the child itself, then what was written down for it.

    What the child said itself is not replaced by who writes for it. `said` is oldest first. An earlier wording is never
    shown in the place of a newer one that is not for this reader.
    """
    newest = {(one.part, bool(one.typed)): one for one in said}
    seen = {WishReach.ALL} | ({WishReach.NURSE} if nurse or itself else set())
    seen |= {WishReach.SELF} if itself else set()
    kept = (newest.get((part, typed)) for part in WishPart for typed in (False, True))
    return tuple(one for one in kept if one and one.says and one.reach in seen)


def reach_before(said: Iterable[Wish]) -> WishReach | None:
    """For whom the child last said that a part is; None before it ever did. `said`: its own words on it, oldest first.

    What it says is kept for itself alone first, and once more when it has chosen: the same words twice is a choice too.
    """
    chosen: WishReach | None = None
    last: Wish | None = None
    for one in said:
        if one.says and (one.reach is not WishReach.SELF or (last and last.same(one))):
            chosen = one.reach
        last = one
    return chosen


def first_then_next(found: Iterable[Procedure], on: date) -> tuple[Procedure, ...]:
    """What is still to happen: with a day first, the nearest on top."""
    coming = [one for one in found if one.coming(on)]
    return tuple(sorted(coming, key=lambda one: (one.on_day is None, one.on_day or on, one.at)))
