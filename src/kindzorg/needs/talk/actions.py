"""Saying whether what was told is understood well, and putting it right in one's own words."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.core.errors import Missing
from kindzorg.needs import actions, queries
from kindzorg.needs.models import NeedsAnswer, SummaryCheck
from kindzorg.needs.rules import Answers, Carrying, Said, TopicAnswer, current
from kindzorg.needs.talk.queries import original_for, original_of
from kindzorg.needs.talk.rules import NewCheck, Point, Understood, corrected, point_for, points_of
from kindzorg.needs.unseen import key_of
from kindzorg.record.translated.actions import keep_translation, say_language
from kindzorg.record.translated.rules import NewTranslation

CORRECTS: dict[str, Callable[..., NeedsAnswer]] = {
    "opening": actions.say_opening,
    "strengths": actions.say_strengths,
    "carrying": actions.tell_carrying,
    "topics": actions.answer_topic,
}


@transaction.atomic
def answer_in(
    actor: Actor,
    subject: Subject,
    given: TopicAnswer | Said | Carrying,
    part: str,
    language: str,
    now: datetime,
) -> NeedsAnswer:
    """Answer a part of the scan in the writer's own language; empty: in Dutch. Raises as the action of that part."""
    policy.require(actor, queries.permission_to_answer(actor, subject, now.date()), subject, now.date())
    row = CORRECTS[part](actor, subject, given, now)
    original = original_of(actor, subject, key_of(part, given), given, now.date())
    if language and original.words:
        say_language(actor, subject, original, language, now)
    return row


@transaction.atomic
def translate_answer(
    actor: Actor, subject: Subject, key: UUID, new: NewTranslation | tuple[UUID, str], now: datetime
) -> None:
    """Place a translation beside an answer that one reads, or note that an interpreter read one. Raises Missing,
    Refused, and as `place_translation` and `note_interpreter`."""
    policy.require(actor, queries.permission_to_answer(actor, subject, now.date()), subject, now.date())
    keep_translation(actor, subject, original_for(actor, subject, key, now.date()), new, now)


@transaction.atomic
def check_summary(
    actor: Actor, subject: Subject, person_id: UUID | None, checks: Sequence[NewCheck], now: datetime
) -> None:
    """Keep what somebody says of the summary of what they told; own words become their answer, beside the one before.

    Who types it for them is kept with it. Raises Missing without an open scan or for an answer that is not theirs,
    Conflict when it was answered anew in between, Invalid as `point_for`.
    """
    leave = policy.require(
        actor, queries.permission_to_answer(actor, subject, now.date()), subject, now.date()
    )
    voice = queries.voice_for(actor, subject, now.date(), person_id)
    filled = queries.scan_for(actor, subject, now.date())
    if filled is None or not filled.open:
        raise Missing("no_open_scan", child_id=subject.child_id)
    points = points_of(current(_of(filled.answers, voice)))
    for one in checks:
        _check(actor, subject, voice, filled.row, one, point_for(one, points), now)
    speaks = replace(actor, on_behalf_of=voice.name) if voice.entered_by else actor
    about = {"leave": leave, "object_kind": "needs_scan", "object_id": filled.row.id}
    write_line(speaks, "needs.summary_checked", Kind.CREATE, subject, now, **about)


def _of(answers: Answers, voice: queries.Voice) -> Answers:
    def own(given: Sequence[Any]) -> Any:
        whose = (voice.respondent, voice.person_id)
        return tuple(one for one in given if (one.respondent, one.person_id) == whose)

    parts = ("opening", "strengths", "first_pass", "topics", "carrying")
    return replace(answers, **{part: own(getattr(answers, part)) for part in parts})


def _check(
    actor: Actor,
    subject: Subject,
    voice: queries.Voice,
    scan: Any,
    new: NewCheck,
    point: Point,
    now: datetime,
) -> None:
    """One row, with the answer that own words became. The answer of then is the row that was given at that moment."""
    given = queries.rows_of_answer(actor, subject, new.key)
    row = next(one for one in reversed(given) if one.created_at == new.of)
    better = corrected(point.given, new.words) if new.verdict is Understood.NOT_QUITE else None
    became = None
    if better is not None:
        said = replace(
            better, **{name: value for name, value in voice.given(now).items() if name != "beside"}
        )
        became = answer_in(actor, subject, said, point.part, new.language, now)
    SummaryCheck.objects.create(
        child_id=subject.child_id,
        owner_id=scan.owner_id,
        ground=scan.ground,
        scan=scan,
        answer=row,
        verdict=new.verdict,
        correction=became,
        entered_by_id=voice.entered_by,
        entered_by=actor.name if voice.entered_by else "",
        created_at=now,
    )
