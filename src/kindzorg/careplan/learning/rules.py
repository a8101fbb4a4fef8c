"""Learning an act step by step, where somebody stands, and what the plan warns of. Pure.

Nobody is pressed: not wanting to is a word like any other, and a step back is a step.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from kindzorg.careteam.competences.rules import Act, NewCompetence, check_competence
from kindzorg.core.errors import Invalid, Refused

LONGEST = 1000


class LearningMove(StrEnum):
    """What can be written down: the own word of who learns, or a step that who teaches has seen."""

    WISH = "wish"
    NOT_WANTED = "not_wanted"
    DOUBT = "doubt"
    SHOWN = "shown"
    TOGETHER = "together"
    ALONE = "alone"
    TEACHES = "teaches"


OWN = (LearningMove.WISH, LearningMove.NOT_WANTED, LearningMove.DOUBT)
STEPS = (LearningMove.SHOWN, LearningMove.TOGETHER, LearningMove.ALONE, LearningMove.TEACHES)
ABLE = (LearningMove.ALONE, LearningMove.TEACHES)
"""The steps with which somebody can be relied on for the act."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStep:
    """A step that who teaches has seen, of exactly one person. `until`: when to look again, for a step that counts."""

    act: str
    move: LearningMove
    happened_on: date
    words: str = ""
    until: date | None = None
    professional_id: UUID | None = None
    relative_id: UUID | None = None

    @property
    def competence(self) -> NewCompetence:
        """The same as something that was seen of somebody's skill."""
        able = self.move in ABLE
        until = self.until if able else None
        return NewCompetence(
            self.act, self.happened_on, until, self.professional_id, self.relative_id, able=able
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step or word as it was written down, by whom."""

    act: str
    person_id: UUID
    move: LearningMove
    happened_on: date
    words: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one person stands with one act: the last step that was seen, and the own word that was not answered yet."""

    reached: Step | None = None
    own: Step | None = None

    @property
    def number(self) -> int:
        """How many of the four steps are done."""
        return STEPS.index(self.reached.move) + 1 if self.reached else 0

    @property
    def following(self) -> LearningMove | None:
        """The step that comes next; none after the last, and none for who does not want to."""
        if self.declined or self.number == len(STEPS):
            return None
        return STEPS[self.number]

    @property
    def declined(self) -> bool:
        """Whether this person said not to want this."""
        return self.own is not None and self.own.move is LearningMove.NOT_WANTED


def standing_of(steps: Iterable[Step]) -> Standing:
    """Of one person and one act; `steps` in the order in which they were written down.

    Of what was seen the latest day counts; an own word counts until a step is written down after it.
    """
    reached, own = None, None
    for one in steps:
        if one.move in OWN:
            own = one
            continue
        own = None
        if reached is None or one.happened_on >= reached.happened_on:
            reached = one
    return Standing(reached=reached, own=own)


def standings(steps: Iterable[Step]) -> Mapping[tuple[str, UUID], Standing]:
    """The same for every act and person among these."""
    found: dict[tuple[str, UUID], list[Step]] = {}
    for one in steps:
        found.setdefault((one.act, one.person_id), []).append(one)
    return {about: standing_of(some) for about, some in found.items()}


def check_words(words: str) -> None:
    """Raises Invalid for more than fits."""
    if len(words) > LONGEST:
        raise Invalid("words_too_long", fields=("words",), longest=LONGEST)


def check_step(new: NewStep, on: date) -> None:
    """A step that was seen by now, of one person. Raises Invalid: "not_a_step", and as `check_competence`."""
    if new.move not in STEPS:
        raise Invalid("not_a_step", fields=("move",))
    check_words(new.words)
    check_competence(new.competence, on)


def check_own(act: str, move: LearningMove, words: str) -> None:
    """The own word of who learns. Raises Invalid: "act_unknown", "not_an_own_word", "words_too_long"."""
    if act not in tuple(Act):
        raise Invalid("act_unknown", fields=("act",), act=act)
    if move not in OWN:
        raise Invalid("not_an_own_word", fields=("move",))
    check_words(words)


def check_teacher(teacher: Standing, learner: Standing, new: NewStep, *, able: bool) -> None:
    """Somebody of the family who teaches others shows an act or does it together; that another can be relied on, or no
    more, a professional says, who also answers a doubt and a no: a step would put that word aside.

    Raises Refused ("teaches_not"), Invalid ("professional_sees").
    """
    if teacher.reached is None or teacher.reached.move is not LearningMove.TEACHES or teacher.own:
        raise Refused("teaches_not", act=new.act)
    said = learner.own is not None and learner.own.move is not LearningMove.WISH
    if new.move in ABLE or able or said:
        raise Invalid("professional_sees", fields=("move",))
