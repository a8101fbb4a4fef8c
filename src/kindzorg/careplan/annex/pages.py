"""The palliative annex in the reader's words."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from kindzorg.access import policy
from kindzorg.access.roles import Role
from kindzorg.careplan.annex import rules
from kindzorg.careplan.annex.queries import AnnexOnCard, AnnexRead, alive, annex_for, may_read_annex
from kindzorg.careplan.annex.rules import (
    CHOICES,
    PARTS,
    AnnexPart,
    AnnexPieceView,
    AnnexQuestion,
    AnnexTopic,
    AnnexTopicView,
    AnnexVoice,
    AnnexWordView,
    TreatmentChoice,
    TreatmentKind,
    TreatmentState,
    TreatmentView,
)
from kindzorg.careplan.talks.rules import Talks
from kindzorg.careplan.wording import Say, day, language
from kindzorg.careteam.queries import OpenedChild
from kindzorg.core.errors import DomainError, Refused
from kindzorg.core.vocabulary import Audience

TONES = {
    TreatmentState.CONFIRMED: "success",
    TreatmentState.TO_CONFIRM: "warning",
    TreatmentState.DISAGREED: "alarm",
    TreatmentState.NOT_SPOKEN: "neutral",
}
CHILD_ROLES = (Role.CHILD, Role.YOUNG_PERSON)


def named(key: str, opened: OpenedChild, **given: object) -> str:
    """A text in which the child is named."""
    name = opened.child.given_name or str(opened.child)
    return Say(opened.audience, "annex")[key].format(name=name, **given)


def errors_for(error: DomainError, audience: str) -> Mapping[str, str]:
    """The sentence for one error, as `add_to_form` takes it."""
    return {error.code: Say(audience, "annex")[error.code].format(**error.data)}


def way_to_annex(request: Any, opened: OpenedChild) -> str:
    """What the plan's page calls the way to the annex; "" where it is not to be seen.

    Adults who may read it find it quietly, so that they can begin. A child and who reads along by a yes find it only
    once it was begun: they are asked with one statement.
    """
    given = (request.actor, opened.subject, request.today)
    permission = may_read_annex(*given)
    if not permission:
        return ""
    if permission == "annex.read" and opened.audience != Audience.CHILD:
        return Say(opened.audience, "annex")["way"]
    try:
        found = annex_for(*given)
    except Refused:
        return ""
    return Say(opened.audience, "annex")["way"] if found.standing.open else ""


def allowed(request: Any, opened: OpenedChild, found: AnnexRead) -> dict[str, bool]:
    """What the reader may do here now; nothing after a death."""
    lives = alive(request.actor, opened.subject, request.today)

    def may(name: str) -> bool:
        return lives and policy.could(request.actor, f"annex.{name}", opened.subject, request.today)

    begun = found.standing.open
    return {
        "begin": may("begin"),
        "agree": may("agree"),
        "write": begun and may("write"),
        "treat": begun and may("treat"),
        "choose": begun and may("agree"),
        "hear": begun and may("begin"),
    }


def hub(
    opened: OpenedChild, topics: Sequence[AnnexTopicView], treatments: Sequence[TreatmentView]
) -> dict[str, Any]:
    """The parts, each with how far it is."""
    said = {one.topic for one in topics if one.pieces}
    words = Say(opened.audience, "annex")
    tasks = []
    for part, inside in PARTS.items():
        count = sum(topic in said for topic in inside)
        state = words["state_some"].format(count=count, total=len(inside)) if count else words["state_none"]
        tasks.append({"part": str(part), "title": words[f"part_{part}"], "state": state, "begun": count > 0})
    spoken = [one for one in treatments if one.choice != TreatmentChoice.NOT_SPOKEN]
    return {"tasks": tasks, "spoken": spoken}


def part_page(
    request: Any, opened: OpenedChild, found: Sequence[AnnexTopicView], *, writes: bool
) -> list[dict[str, Any]]:
    """The topics of a part, with what stands there and in whose voice the reader may write."""
    role = policy.role_for(request.actor, opened.subject, request.today)
    rows = []
    for one in found:
        voices = rules.voices_for(role, one.topic) if writes else ()
        rows.append(
            {
                "topic": str(one.topic),
                "title": named(f"topic_{one.topic}", opened),
                "ask": named(f"ask_{one.topic}", opened),
                "pieces": [piece_row(piece, opened) for piece in one.pieces],
                "earlier": [piece_row(piece, opened) for piece in one.earlier],
                "voices": [_voice(one, voice, request, opened) for voice in voices],
            }
        )
    return rows


def _voice(one: AnnexTopicView, voice: AnnexVoice, request: Any, opened: OpenedChild) -> dict[str, Any]:
    speaker = request.actor.id if voice == AnnexVoice.PARENT else opened.subject.child_id
    there = any(piece.voice == voice and piece.speaker == speaker for piece in one.pieces)
    return {"voice": str(voice), "label": named(f"voice_{voice}", opened), "there": there}


def piece_row(piece: AnnexPieceView, opened: OpenedChild) -> dict[str, Any]:
    """One wording with who said it, and who wrote it down where that is another."""
    name = opened.child.given_name or str(opened.child)
    who = piece.by
    if piece.voice == AnnexVoice.CHILD:
        own = piece.by_role in CHILD_ROLES
        who = name if own else named("who_typed", opened, by=piece.by)
    elif piece.voice == AnnexVoice.TOGETHER:
        who = named("who_together", opened, by=piece.by)
    words = Say(opened.audience, "annex")["skipped"] if piece.skipped else piece.words
    return {
        "words": words,
        "skipped": piece.skipped,
        "who": who,
        "at": timezone.localdate(piece.at),
        "own": piece.voice in (AnnexVoice.CHILD, AnnexVoice.PARENT),
        "key": piece.key,
    }


def treatment_title(one: TreatmentView, words: Any) -> str:
    """Its kind, or the name of an own kind."""
    return one.name or str(words[f"kind_{one.kind}"])


def treatment_row(one: TreatmentView, audience: str, on: date) -> dict[str, Any]:
    """An agreement as pages, paper and the emergency card show it."""
    words = Say(audience, "annex")
    spoken = one.choice != TreatmentChoice.NOT_SPOKEN
    lines = [
        words["treatment_with"].format(whom=one.discussed_with, day=day(one.discussed_on)) if spoken else "",
        words["treatment_by"].format(
            by=", ".join(filter(None, (one.by, one.organisation))), day=day(timezone.localdate(one.at))
        ),
        words["treatment_from"].format(day=day(one.valid_from)) if spoken else "",
        words["treatment_review"].format(day=day(one.review_on)) if one.review_on else "",
    ]
    return {
        "id": one.id,
        "kind": str(one.kind),
        "entry": one.entry_id if one.kind == TreatmentKind.OTHER else "",
        "title": treatment_title(one, words),
        "choice": words[f"choice_{one.choice}"],
        "state": words[f"treatment_{one.state}"],
        "tone": TONES[one.state],
        "spoken": spoken,
        "why": one.why,
        "lines": [line for line in lines if line],
        "said": [_said(one, words, who.name, one.answer_of(who)) for who in one.asked] if spoken else [],
        "due": words["treatment_due"] if one.review_due(on) else "",
        "earlier": [treatment_row(before, audience, on) for before in one.earlier],
    }


def _said(one: TreatmentView, words: Any, name: str, word: AnnexWordView | None) -> dict[str, Any]:
    if word is None:
        return {"line": words["treatment_silent"].format(name=name), "reason": "", "silent": True}
    key = "treatment_said_yes" if word.yes else "treatment_said_no"
    at = word.said_on or timezone.localdate(word.at)
    line = words[key].format(name=name, day=day(at))
    if word.said_on:
        line += f" ({words['treatment_heard'].format(by=word.by)})"
    return {"line": line, "reason": word.reason, "silent": False}


def treatment_rows(found: Sequence[TreatmentView], opened: OpenedChild, on: date) -> list[dict[str, Any]]:
    """What was agreed, in the order of the kinds."""
    return [treatment_row(one, opened.audience, on) for one in found]


def kinds_left(found: Sequence[TreatmentView], audience: str) -> list[dict[str, str]]:
    """The kinds of which nothing was written yet; one of one's own can always be added."""
    words = Say(audience, "annex")
    there = {one.kind for one in found}
    return [
        {"kind": str(kind), "title": words[f"kind_{kind}"]}
        for kind in TreatmentKind
        if kind == TreatmentKind.OTHER or kind not in there
    ]


def talk_rows(found: Talks, opened: OpenedChild, on: date) -> dict[str, Any]:
    """The talks, and the next look."""
    words = Say(opened.audience, "annex")
    next_look = words["talk_next"].format(day=day(found.next_look)) if found.next_look else ""
    return {
        "held": found.held,
        "planned": found.planned,
        "next_look": next_look,
        "look_due": words["talk_due"] if found.look_due(on) else "",
    }


def choices_asked(opened: OpenedChild, on: date) -> dict[AnnexQuestion, tuple[str, str]]:
    """The questions to this family: whether the child reads along is only asked as long as its parents decide that."""
    age = opened.subject.age(on)
    young = age is None or age < 12 or not opened.subject.can_decide
    asked = [one for one in CHOICES if one != AnnexQuestion.CHILD or young]
    return {one: (named(f"choice_about_{one}", opened), named(f"choice_hint_{one}", opened)) for one in asked}


def choices_shown(opened: OpenedChild, found: AnnexRead, on: date) -> list[dict[str, str]]:
    """What holds now, per question."""
    words = Say(opened.audience, "annex")
    return [
        {
            "label": label,
            "holds": words["choice_holds_yes" if key in found.standing.yes else "choice_holds_no"],
        }
        for key, (label, _hint) in choices_asked(opened, on).items()
    ]


def own_choices(found: AnnexRead, account: Any) -> dict[AnnexQuestion, bool]:
    """What this person last said."""
    return {one.question: one.yes for one in found.words if one.by_id == account and one.question in CHOICES}


def card_block(found: AnnexOnCard | None, audience: str, on: date) -> dict[str, Any] | None:
    """What of the annex stands on the emergency card."""
    if found is None:
        return None
    words = Say(audience, "annex")
    return {
        "title": words["card_title"] if found.treatments else "",
        "rows": [treatment_row(one, audience, on) for one in found.treatments],
        "confirm": words["card_confirm"],
        "sign_title": words["card_sign_title"] if found.sign else "",
        "sign": words["card_sign" if found.calls else "card_sign_none"],
        "calls": [{"title": words[f"topic_{one.topic}"], "words": one.words} for one in found.calls],
    }


def section_of(word: str) -> AnnexPart | None:
    """The part by its name in an address."""
    return AnnexPart(word) if word in set(AnnexPart) else None


def topic_of(word: str) -> AnnexTopic | None:
    """The topic by its name in an address."""
    return AnnexTopic(word) if word in set(AnnexTopic) else None


def annex_data(
    opened: OpenedChild,
    topics: Sequence[AnnexTopicView],
    treatments: Sequence[TreatmentView],
    talks: Talks,
    on: date,
) -> dict[str, Any]:
    """Everything that stands in it, with who agreed when. The version counts what was written so far."""
    words = Say(opened.audience, "annex")
    version = sum(piece.revision for one in topics for piece in one.pieces)
    version += sum(one.revision for one in treatments)
    rows = treatment_rows(treatments, opened, on)
    return {
        "language": language(),
        "title": f"{words['title']}: {opened.child}",
        "version": words["paper_version"].format(day=day(on), version=version),
        "footer": words["paper_footer"],
        "treatments_title": words["treatments"],
        "treatments_law": words["treatments_law"],
        "treatments_none": words["treatment_none"],
        "treatments": [
            {
                **{name: row[name] for name in ("title", "choice", "state", "why", "due")},
                "lines": row["lines"],
                "said": [
                    one["line"] + (f": {one['reason']}" if one["reason"] else "") for one in row["said"]
                ],
            }
            for row in rows
        ],
        "parts": [_on_paper(part, topics, opened) for part in AnnexPart],
        "talks_title": words["talks"],
        "next_look": words["talk_next"].format(day=day(talks.next_look)) if talks.next_look else "",
        "talks": [
            {"kind": words[f"talk_{one.kind}"], "day": day(one.on), "whom": one.with_whom, "words": one.words}
            for one in (*talks.planned, *talks.held)
        ],
    }


def _on_paper(part: AnnexPart, topics: Sequence[AnnexTopicView], opened: OpenedChild) -> dict[str, Any]:
    inside = [one for one in topics if rules.part_of(one.topic) == part and one.pieces]
    return {
        "title": Say(opened.audience, "annex")[f"part_{part}"],
        "topics": [
            {
                "title": named(f"topic_{one.topic}", opened),
                "pieces": [
                    {
                        "words": row["words"],
                        "who": f"{row['who']}, {day(row['at'])}",
                        "skipped": row["skipped"],
                    }
                    for row in (piece_row(piece, opened) for piece in one.pieces)
                ],
            }
            for one in inside
        ],
    }
