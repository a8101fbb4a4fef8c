"""How-to cards in the reader's words."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst

from kindzorg.access import policy
from kindzorg.careplan.howto.queries import cards_for
from kindzorg.careplan.howto.rules import HowTo, not_seen
from kindzorg.careplan.learning.queries import learning_for
from kindzorg.careplan.procedures.pages import Words, wished
from kindzorg.careplan.schedule.pages import act_words
from kindzorg.careplan.wording import Say
from kindzorg.careteam.competences.rules import ACTS
from kindzorg.careteam.queries import OpenedChild
from kindzorg.core.errors import DomainError
from kindzorg.core.vocabulary import LifeDomain

ERRORS = ("card_title", "card_steps", "card_too_long", "card_changed", "tip_says_nothing")


def errors_for(error: DomainError, audience: str) -> Mapping[str, Any]:
    """The sentence for one error, as `add_to_form` takes it."""
    known = error.code in ERRORS
    return {error.code: Say(audience, "howto")[error.code].format(**error.data)} if known else {}


def act_title(act: str, audience: str) -> str:
    """The act, as a heading."""
    return str(capfirst(act_words([act], audience)))


def rights(request: Any, opened: OpenedChild) -> dict[str, bool]:
    """What the reader may do with cards."""

    def may(permission: str) -> bool:
        return policy.may(request.actor, permission, opened.subject, request.today, LifeDomain.MEDICAL)

    return {
        "may_write": may("howto.write"),
        "may_tip": may("howto.tip"),
        "sees_who": may("competence.read"),
    }


def list_page(request: Any, opened: OpenedChild) -> dict[str, Any]:
    """The cards that there are, and for who writes them the acts without one."""
    found = cards_for(request.actor, opened.subject, request.today)
    said, may = Say(opened.audience, "howto"), rights(request, opened)
    have = {one.act for one in found if one.number}
    lacking = [(act, act_title(act, opened.audience)) for act in ACTS if act not in have]
    return {
        "rows": [_row(one, request, opened, said) for one in found],
        "lacking": lacking if may["may_write"] else [],
        **may,
    }


def _row(one: HowTo, request: Any, opened: OpenedChild, said: Say) -> dict[str, Any]:
    return {
        "act": one.act,
        "title": act_title(one.act, opened.audience),
        "line": one.title or said["no_card"],
        "to_see": bool(one.number) and not one.seen_by(request.actor.id),
    }


def card_page(request: Any, opened: OpenedChild, card: HowTo) -> dict[str, Any]:
    """One card, who has seen it, and for who sees how everybody stands who has not yet."""
    may = rights(request, opened)
    lacking: Sequence[str] = ()
    if card.number and may["sees_who"]:
        people = learning_for(request.actor, opened.subject, request.today)
        doing = [
            (one.name, one.user_id)
            for one in people
            if one.act == card.act and one.here and not one.standing.declined
        ]
        lacking = not_seen(doing, card.seen)
    said = Say(opened.audience, "howto")
    made = {"who": ", ".join(filter(None, (card.by, card.organisation))), "number": card.number}
    day = date_format(card.at, "j E Y") if card.at else ""
    return {
        "card": card,
        "act_title": act_title(card.act, opened.audience),
        "made": said["made"].format(day=day, **made) if card.number else "",
        "mine": card.seen_by(request.actor.id),
        "lacking": lacking,
        "wished": wished(request, opened, [card.act]),
        "said_of_wishes": Words(opened),
        **may,
    }
