"""Binding referrals in the reader's words."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language

from kindzorg.access import policy
from kindzorg.careteam.queries import OpenedChild
from kindzorg.core.texts import text
from kindzorg.core.vocabulary import Audience, Law
from kindzorg.referral.binding import rules
from kindzorg.referral.binding.queries import BindingView, Receiver, side_for, standings_for
from kindzorg.referral.binding.rules import ANSWERS, BindingMove, BindingSide, BindingStanding
from kindzorg.referral.decision import ReferralDecision
from kindzorg.referral.wording import wording

TONES = {
    "late": "alarm",
    "to_coordinator": "warning",
    "to_network": "warning",
    "more_asked": "warning",
    "accepted": "success",
    "settled": "success",
    "withdrawn": "neutral",
}
# How long a family still reads that something was arranged.
TOLD_FOR = timedelta(days=30)


def say(key: str, audience: str = "professional", **given: object) -> str:
    """A text of binding referrals for a reader."""
    return text(f"referral.binding.{key}", audience, _language()).format(**given)


def _language() -> str:
    return (get_language() or "nl")[:2]


def about_words(law: Law, entry: str, audience: str) -> str:
    """What it is about: the entry of the referral tree, else the law."""
    return wording(f"{entry}.title", audience, _language()) if entry else say(f"law_{law}", audience)


def domain_words(domain: str, audience: str = "professional") -> str:
    """A life domain by name."""
    return text(f"ui.domains.{domain}", audience, _language())


def row(one: BindingView, audience: str, on: date) -> dict[str, Any]:
    """One of them, and in one sentence where it stands."""
    state = rules.family_word(one.standing, on)
    day = date_format(one.standing.answer_by, "j E Y")
    return {
        "view": one,
        "title": about_words(one.law, one.entry, audience),
        "law": say(f"law_{one.law}", audience),
        "tag": say(f"tag_{state}", audience),
        "tone": TONES.get(state, "info"),
        "line": _sentence(one.receiver, one.standing, on),
        "term": _term(one, day),
    }


def _term(one: BindingView, day: str) -> str:
    """Until when an answer is waited for; with the network no term runs any more."""
    if one.standing.over or one.standing.level == BindingMove.TO_NETWORK:
        return ""
    if one.standing.level == BindingMove.TO_COORDINATOR:
        return say("term_second", day=day)
    article = rules.binding_terms()[one.law].article
    return say("term_law", day=day, article=article) if article else say("term_agreed", day=day)


def steps(one: BindingView) -> list[dict[str, Any]]:
    """Its steps as a timeline, oldest first, with their words."""
    found = []
    for number, step in enumerate(one.steps):
        body = [step.words, step.instead]
        if step.move in (BindingMove.TO_COORDINATOR, BindingMove.TO_NETWORK) and not step.words:
            before = one.steps[number - 1].move
            body = [say("cause_refused" if before == BindingMove.REFUSED else "cause_silence")]
        who = ", ".join(filter(None, (step.heard_of, step.by, step.organisation)))
        found.append(
            {
                "when": step.created_at,
                "title": say(f"move_{step.move}"),
                "body": " ".join(filter(None, body)),
                "who": "" if step.by == "binding" else who,
            }
        )
    return found


def one_page(request: Any, opened: OpenedChild, one: BindingView) -> dict[str, Any]:
    """What the page of one offers this reader."""
    side = side_for(request.actor, opened.subject, one, request.today)
    open_to = {side: rules.allowed(one.standing, side, request.today) for side in BindingSide}
    return {
        **row(one, str(opened.audience), request.today),
        "steps": steps(one),
        "may_answer": side == BindingSide.RECEIVER and bool(open_to[BindingSide.RECEIVER]),
        "may_hear": side == BindingSide.SENDER and bool(open_to[BindingSide.RECEIVER]),
        "may_steer": side == BindingSide.SENDER and bool(open_to[BindingSide.SENDER]),
        "status": say("status"),
    }


def move_choices(one: BindingView, side: BindingSide, on: date) -> list[tuple[str, str]]:
    """The steps to choose from, in the order of the method."""
    there = rules.allowed(one.standing, side, on)
    order = (*ANSWERS, *(move for move in BindingMove if move not in ANSWERS))
    return [(str(move), say(f"choose_{move}")) for move in order if move in there]


def about_choices(decision: ReferralDecision | None) -> list[tuple[str, str]]:
    """What it can be about: the entries that were decided, then the laws."""
    kept = decision.entries if decision else ()
    entries = [
        (f"{one.law}/{one.id}", about_words(one.law, one.id, "professional")) for one in kept if one.law
    ]
    return [*entries, *((str(law), say(f"law_{law}")) for law in Law)]


def receiver_choices(receivers: Sequence[Receiver]) -> list[tuple[str, str]]:
    """The organisations to which the family leaves something open, each also by person."""
    found = []
    for one in receivers:
        if one.domains():
            found.append((str(one.id), one.name))
            found += [(f"{one.id}/{key}", f"{one.name}, {name}") for key, name, seen in one.people if seen]
    return found


def binds(request: Any, opened: OpenedChild) -> bool:
    """Whether a professional is offered the page of binding referrals."""
    may = ("binding.read", "binding.answer")
    return any(policy.may(request.actor, one, opened.subject, request.today) for one in may)


def family_lines(request: Any, opened: OpenedChild) -> list[str]:
    """For the start page and the plan: one sentence for each that is open or was just arranged. One statement."""
    if not policy.may(request.actor, "binding.read_standing", opened.subject, request.today):
        return []
    return [
        _sentence(one.receiver, one.standing, request.today)
        for one in standings_for(request.actor, opened.subject, request.today)
        if one.standing.last != BindingMove.WITHDRAWN
        and (not one.standing.over or request.today - one.standing.since < TOLD_FOR)
    ]


def _sentence(receiver: str, standing: BindingStanding, on: date) -> str:
    """Where it stands, in the words of the family."""
    day = date_format(standing.answer_by, "j E Y")
    return say(f"state_{rules.family_word(standing, on)}", Audience.PARENT, receiver=receiver, day=day)


def arranged(request: Any, opened: OpenedChild) -> dict[str, Any]:
    """What a start page shows of binding referrals: sentences for the family, the way to them for professionals."""
    return {"arranging": family_lines(request, opened), "may_bind": binds(request, opened)}
