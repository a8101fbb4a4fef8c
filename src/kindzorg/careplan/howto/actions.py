"""Writing a card, adding a tip, and saying that one has seen and understood a card."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.careplan.howto import rules
from kindzorg.careplan.howto.models import HowToCard, HowToSeen, HowToStep, HowToTip
from kindzorg.careplan.howto.queries import acts_seen, card_for
from kindzorg.careplan.howto.rules import NewCardStep, NewHowTo
from kindzorg.careteam.sharing import open_to
from kindzorg.core.errors import Conflict, Missing
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.notices.actions import tell
from kindzorg.people.models import Child
from kindzorg.record.files.actions import add_attachment
from kindzorg.record.files.rules import NewAttachment


def _given(actor: Actor, subject: Subject, now: datetime) -> dict[str, object]:
    owner_id = Child.objects.select_for_update().values_list("owner_id", flat=True).get(id=subject.child_id)
    by = {"by_id": actor.id, "by": actor.name, "organisation": actor.organisation}
    return {"child_id": subject.child_id, "owner_id": owner_id, "created_at": now, **by}


@transaction.atomic
def write_card(actor: Actor, subject: Subject, new: NewHowTo, now: datetime) -> UUID:
    """A new card for an act, or a changed one: the earlier stays. Who had seen an earlier one is told.

    Raises Invalid, Conflict ("card_changed": somebody else wrote one meanwhile).
    """
    leave = policy.require(actor, "howto.write", subject, now.date(), LifeDomain.MEDICAL)
    rules.check_card(new)
    given = _given(actor, subject, now)
    earlier = HowToCard.objects.filter(child_id=subject.child_id, act=new.act)
    number = earlier.order_by("-number").values_list("number", flat=True).first() or 0
    if number != new.after:
        raise Conflict("card_changed", number=number)
    words = {"title": new.title.strip(), "watch": new.watch.strip(), "call": new.call.strip()}
    card = HowToCard.objects.create(**given, **words, act=new.act, number=number + 1)
    for place, step in enumerate(new.steps, 1):
        HowToStep.objects.create(
            child_id=card.child_id,
            owner_id=card.owner_id,
            created_at=now,
            card=card,
            number=place,
            words=step.words.strip(),
            attachment_id=_photo(actor, subject, new.act, card, step, now),
        )
    line = {"leave": leave, "object_kind": "howto", "object_id": card.id}
    write_line(actor, "howto.written", Kind.CREATE, subject, now, **line)
    told = set(HowToSeen.objects.filter(card__in=earlier).values_list("by_id", flat=True)) - {actor.id}
    if told := open_to(subject.child_id, told, LifeDomain.MEDICAL, now.date()):
        tell(actor, subject, "howto_changed", told, card.id, now)
    return card.id


def _photo(
    actor: Actor, subject: Subject, act: str, card: HowToCard, step: NewCardStep, now: datetime
) -> UUID | None:
    """A photo that is new, or one that hung on an earlier card of the same act. Raises Missing for another."""
    if step.photo:
        file, alt = step.photo
        return add_attachment(actor, subject, NewAttachment(file, alt, card.id), now).id
    hung = HowToStep.objects.filter(card__child_id=subject.child_id, card__act=act)
    if step.kept_id and not hung.filter(attachment_id=step.kept_id).exists():
        raise Missing("attachment_not_found", child_id=subject.child_id)
    return step.kept_id


@transaction.atomic
def add_tip(actor: Actor, subject: Subject, act: str, words: str, now: datetime) -> UUID:
    """An own tip of somebody of the family, or who helps there, beside a card. Raises Invalid, Missing."""
    leave = policy.require(actor, "howto.tip", subject, now.date(), LifeDomain.MEDICAL)
    rules.check_tip(act, words)
    if act not in acts_seen(actor, subject, now.date()):
        raise Missing("no_such_card", child_id=subject.child_id)
    row = HowToTip.objects.create(**_given(actor, subject, now), act=act, words=words.strip())
    line = {"leave": leave, "object_kind": "howto", "object_id": row.id}
    write_line(actor, "howto.tipped", Kind.CREATE, subject, now, **line)
    return row.id


@transaction.atomic
def say_seen(actor: Actor, subject: Subject, act: str, number: int, now: datetime) -> None:
    """The actor has seen and understood this card; once is enough. Raises Missing, Conflict ("card_changed")."""
    leave = policy.require(actor, "child.open", subject, now.date())
    given = _given(actor, subject, now)
    card = card_for(actor, subject, act, now.date())
    if card.id is None:
        raise Missing("no_such_card", child_id=subject.child_id)
    if card.number != number:
        raise Conflict("card_changed", number=card.number)
    if card.seen_by(actor.id):
        return
    HowToSeen.objects.create(**given, card_id=card.id)
    line = {"leave": leave, "object_kind": "howto", "object_id": card.id}
    write_line(actor, "howto.seen", Kind.CREATE, subject, now, **line)
