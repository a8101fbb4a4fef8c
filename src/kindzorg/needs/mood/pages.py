"""How it goes with the child, in the reader's words."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import get_language

from kindzorg.careteam.queries import OpenedChild
from kindzorg.core.texts import text
from kindzorg.needs.answers import Feeling
from kindzorg.needs.mood.rules import SHOWN, Mood

WORDS = ("title", "lead", "none", "new", "send", "picture", "all", "back", "back_done", "thanks")


def say(key: str, opened: OpenedChild) -> str:
    """A text of these pages for this reader."""
    name = opened.child.given_name or str(opened.child)
    return text(f"needs.mood.{key}", opened.audience, (get_language() or "nl")[:2]).format(name=name)


def face_words(face: Feeling, opened: OpenedChild) -> str:
    """A face in words."""
    return text(f"needs.mood.face_{face}", opened.audience, (get_language() or "nl")[:2])


def words_for(opened: OpenedChild) -> Mapping[str, str]:
    """All that the pages say."""
    return {key: say(key, opened) for key in WORDS}


def rows(moods: Sequence[Mood], opened: OpenedChild) -> list[dict[str, Any]]:
    """Each time: the face and its words, when, and for whom it is."""
    order = list(Feeling)
    return [
        {
            "id": one.id,
            "face": order.index(one.face),
            "said": face_words(one.face, opened),
            "words": one.words,
            "at": one.at,
            "reach": say(f"seen_{one.reach}", opened),
        }
        for one in moods
    ]


def page(moods: Sequence[Mood], opened: OpenedChild) -> dict[str, Any]:
    """The picture (the last ones, oldest first), and all of them as a list."""
    told = rows(moods, opened)
    return {"rows": told, "picture": list(reversed(told[:SHOWN]))}
