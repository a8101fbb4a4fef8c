"""The hand-over of a scan after an answer in it was destroyed on request. PURE.

Needs stay, with their ids and their place: what the plan and the closing hang on them still hangs together.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from kindzorg.needs.answers import Given, TopicAnswer, emptied, most_important
from kindzorg.needs.rules import Need, NeedsProfile
from kindzorg.needs.unseen import key_of

G = TypeVar("G", bound=Given)


def _without(part: str, given: Iterable[G], answer_key: UUID, instead: str) -> tuple[G, ...]:
    return tuple(emptied(one, instead) if key_of(part, one) == answer_key else one for one in given)


def without_answer(profile: NeedsProfile, answer_key: UUID, instead: str) -> NeedsProfile:
    """The hand-over without what one person answered to one question, with `instead` where there were words."""

    def voices(given: Iterable[G]) -> tuple[G, ...]:
        return _without("topics", given, answer_key, instead)

    return replace(
        profile,
        needs=tuple(_need(one, voices(one.voices), voices(one.nurse_voices)) for one in profile.needs),
        no_needs=tuple(replace(one, voices=voices(one.voices)) for one in profile.no_needs),
        opening=_without("opening", profile.opening, answer_key, instead),
        strengths=_without("strengths", profile.strengths, answer_key, instead),
        carrying=_without("carrying", profile.carrying, answer_key, instead),
    )


def _need(need: Need, voices: tuple[TopicAnswer, ...], nurses: tuple[TopicAnswer, ...]) -> Need:
    if (voices, nurses) == (need.voices, need.nurse_voices):
        return need
    urgency = most_important(voices) or most_important(nurses)
    return replace(need, voices=voices, nurse_voices=nurses, urgency=urgency)


def spared(parts: Iterable[str], words: Collection[str], instead: str) -> tuple[str, ...]:
    """The parts of which the copy of a need was joined, with `instead` for those that were destroyed."""
    return tuple(instead if one.strip() in words else one for one in parts)


def changed_needs(before: NeedsProfile, after: NeedsProfile) -> Mapping[UUID, tuple[Need, Need]]:
    """The needs that say something else now: as they were, and as they are."""
    pairs = zip(before.needs, after.needs, strict=True)
    return {now.id: (was, now) for was, now in pairs if was != now}
