"""Who the child is, in the reader's words."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from kindzorg.access import policy
from kindzorg.careteam.queries import OpenedChild
from kindzorg.core.destroyed import points
from kindzorg.core.errors import DomainError
from kindzorg.core.texts import text
from kindzorg.needs.portrait.rules import LONGEST, PortraitTopic, PortraitVoice, TopicView, voice_of

WORDS = (
    *("title", "lead", "empty", "write", "change", "earlier", "take_away", "save", "paper", "paper_title"),
    *("who_reads", "how_long", "theirs", "theirs_keep", "on_paper_lead", "on_paper_day", "for_whom"),
)
# A page this full is set in smaller letters, so that it stays one sheet.
DENSE, VERY_DENSE = 1400, 2800


def say(key: str, opened: OpenedChild, **given: object) -> str:
    """A text of this page for this reader."""
    name = opened.child.given_name or str(opened.child)
    language = (get_language() or "nl")[:2]
    return text(f"needs.portrait.{key}", opened.audience, language).format(name=name, **given)


def words_for(opened: OpenedChild) -> Mapping[str, str]:
    """All that the pages say."""
    return {key: say(key, opened) for key in WORDS}


def errors_for(error: DomainError, opened: OpenedChild) -> Mapping[str, str]:
    """The sentence for one error, as `add_to_form` takes it."""
    return {error.code: say(error.code, opened, by=error.data.get("by", ""), longest=LONGEST)}


def asked(topic: PortraitTopic, request: Any, opened: OpenedChild) -> str:
    """The question of one topic: to the child itself, or to who tells about it."""
    own = voice_of(policy.role_for(request.actor, opened.subject, request.today)) == PortraitVoice.CHILD
    return say(f"ask_own_{topic}" if own else f"ask_{topic}", opened)


def cards(
    request: Any, opened: OpenedChild, found: Sequence[TopicView], *, empty: bool
) -> list[dict[str, Any]]:
    """A card per topic. `empty`: also those of which nothing is told yet, for who may tell."""
    return [
        {
            "topic": str(one.topic),
            "icon": ICONS[one.topic],
            "title": say(f"title_{one.topic}", opened),
            "ask": asked(one.topic, request, opened) if empty else "",
            "pieces": [_piece(piece, opened) for piece in one.pieces],
            "earlier": [_piece(piece, opened) for piece in one.earlier],
        }
        for one in found
        if one.pieces or one.earlier or empty
    ]


def _piece(piece: Any, opened: OpenedChild) -> dict[str, Any]:
    child = opened.child.given_name or str(opened.child)
    who = child if piece.voice == PortraitVoice.CHILD else piece.on_behalf_of or piece.by
    typed = say("typed", opened, by=piece.by) if piece.on_behalf_of else ""
    return {
        "words": piece.words,
        "id": piece.key,
        "points": points(piece.words),
        "who": who,
        "typed": typed,
        "at": timezone.localdate(piece.at),
        "own": piece.voice == PortraitVoice.CHILD,
    }


def density(found: Sequence[TopicView]) -> str:
    """How full the sheet is: the word for its class."""
    length = sum(len(piece.words) + 60 for one in found for piece in one.pieces)
    return "" if length < DENSE else "dense" if length < VERY_DENSE else "full"


ICONS = {
    PortraitTopic.FIRST: "star",
    PortraitTopic.COMFORT: "heart-handshake",
    PortraitTopic.WRONG: "message-circle-warning",
    PortraitTopic.TALKING: "message-circle",
    PortraitTopic.SCARY: "cloud-lightning",
    PortraitTopic.LIKES: "smile",
    PortraitTopic.DAY: "sun",
    PortraitTopic.PEOPLE: "paw-print",
    PortraitTopic.LATER: "rocket",
}
