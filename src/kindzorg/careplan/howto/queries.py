"""How-to cards as somebody may read them: all, or those of the acts that one does or learns."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.careplan.howto.models import HowToCard, HowToSeen, HowToStep, HowToTip
from kindzorg.careplan.howto.rules import CardStep, HowTo, Seen, Tip
from kindzorg.careplan.learning.queries import learning_for
from kindzorg.careteam.competences.rules import ACTS
from kindzorg.core.errors import Missing
from kindzorg.core.plain import key, moment
from kindzorg.core.statements import Later, Listed, together
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.record.files.queries import view_of


def reading(actor: Actor, subject: Subject, on: date) -> str:
    """By which permission the actor reads: every card, or those of the own acts. Raises Refused."""
    whole = policy.may(actor, "howto.read", subject, on, LifeDomain.MEDICAL)
    permission = "howto.read" if whole else "learning.say"
    return policy.require(actor, permission, subject, on, LifeDomain.MEDICAL).permission


def acts_seen(actor: Actor, subject: Subject, on: date) -> frozenset[str]:
    """The acts of which the actor may read the card: two statements for who sees the own ones, else none."""
    if reading(actor, subject, on) == "howto.read":
        return frozenset(ACTS)
    return frozenset(one.act for one in learning_for(actor, subject, on) if one.own and one.needs_card)


def cards_for(actor: Actor, subject: Subject, on: date) -> Sequence[HowTo]:
    """The card of now of each act that has one or a tip. Two statements, two more for who sees the own ones."""
    return _cards(actor, subject, acts_seen(actor, subject, on))


def card_for(actor: Actor, subject: Subject, act: str, on: date) -> HowTo:
    """The card of one act, empty where there is none yet. Raises Missing."""
    if act not in acts_seen(actor, subject, on):
        raise Missing("no_such_card", child_id=subject.child_id)
    found = _cards(actor, subject, frozenset({act}))
    return found[0] if found else _empty(act, ())


def _cards(actor: Actor, subject: Subject, acts: frozenset[str]) -> list[HowTo]:
    about = {"child_id": subject.child_id, "act__in": acts}
    asked = (
        HowToCard.objects.filter(**about).annotate(seen_by=Listed(_seen())).order_by("number"),
        HowToTip.objects.filter(**about).order_by("created_at", "id"),
    )
    rows, told = together([Later((one,), list) for one in asked])
    last = {row.act: row for row in rows}
    tips: dict[str, list[Tip]] = defaultdict(list)
    for tip in told:
        if tip.words:
            tips[tip.act].append(Tip(tip.words, tip.by, tip.created_at))
    ids = [row.id for row in last.values()]
    steps = _steps(actor, ids)
    return [
        _card(last[act], steps, tips[act]) if act in last else _empty(act, tips[act])
        for act in ACTS
        if act in last or act in tips
    ]


def _seen() -> QuerySet[Any, Any]:
    rows = HowToSeen.objects.filter(card_id=OuterRef("id")).order_by("created_at", "id")
    return rows.values(item=JSONObject(by="by", by_id="by_id", at="created_at"))


def _steps(actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, list[CardStep]]:
    found: dict[UUID, list[CardStep]] = defaultdict(list)
    rows = HowToStep.objects.filter(card_id__in=ids).select_related("attachment")
    for row in rows.defer("attachment__raw", "attachment__small").order_by("number"):
        found[row.card_id].append(
            CardStep(row.words, view_of(actor, row.attachment) if row.attachment else None)
        )
    return found


def _card(row: Any, steps: Mapping[UUID, Sequence[CardStep]], tips: Sequence[Tip]) -> HowTo:
    return HowTo(
        id=row.id,
        act=row.act,
        number=row.number,
        title=row.title,
        watch=row.watch,
        call=row.call,
        by=row.by,
        organisation=row.organisation,
        at=row.created_at,
        steps=steps[row.id],
        tips=tips,
        seen=[Seen(one["by"], key(one["by_id"]) or row.id, moment(one["at"])) for one in row.seen_by],
    )


def _empty(act: str, tips: Sequence[Tip]) -> HowTo:
    return HowTo(
        id=None,
        act=act,
        number=0,
        title="",
        watch="",
        call="",
        by="",
        organisation="",
        at=None,
        tips=tips,
    )


def card_of_attachment(actor: Actor, subject: Subject, attachment_id: UUID, on: date) -> UUID | None:
    """The card on which a photo hangs, where the actor may see that. At most three statements."""
    may = any(
        policy.may(actor, one, subject, on, LifeDomain.MEDICAL) for one in ("howto.read", "learning.say")
    )
    if not may:
        return None
    rows = HowToStep.objects.filter(child_id=subject.child_id, attachment_id=attachment_id)
    found = rows.order_by("-card__number").values_list("card_id", "card__act").first()
    return found[0] if found and found[1] in acts_seen(actor, subject, on) else None
