"""Reading who the child is."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.core.statements import Later
from kindzorg.needs.models import PortraitPiece
from kindzorg.needs.portrait.rules import Piece, PortraitTopic, PortraitVoice, TopicView, portrait, voice_of


def portrait_for(actor: Actor, subject: Subject, on: date) -> tuple[TopicView, ...]:
    """The portrait, for everybody in the team to whom the social domain is open. One statement.

    Earlier wordings are for who may write it.
    """
    return portrait_later(actor, subject, on).now()


def portrait_later(actor: Actor, subject: Subject, on: date) -> Later[tuple[TopicView, ...]]:
    """The same, not asked for yet."""
    policy.require(actor, "portrait.read", subject, on)
    rows = PortraitPiece.objects.filter(child_id=subject.child_id).order_by("revision", "id")
    writes = policy.may(actor, "portrait.write", subject, on)
    return Later((rows,), lambda found: portrait([_piece(row) for row in found], with_earlier=writes))


def wordings_for(actor: Actor, subject: Subject, topic: PortraitTopic, on: date) -> Sequence[Piece]:
    """All wordings of one topic in the voice of who is going to write, oldest first. One statement."""
    policy.require(actor, "portrait.write", subject, on)
    voice = voice_of(policy.role_for(actor, subject, on))
    rows = PortraitPiece.objects.filter(child_id=subject.child_id, topic=topic, voice=voice)
    return [_piece(row) for row in rows.order_by("revision", "id")]


def _piece(row: Any) -> Piece:
    return Piece(
        topic=PortraitTopic(row.topic),
        voice=PortraitVoice(row.voice),
        revision=row.revision,
        words=row.words,
        by=row.by,
        on_behalf_of=row.on_behalf_of,
        at=row.created_at,
        key=row.id,
    )
