"""Wording a text anew, or as it is shipped again; keeping a style, and saying which counts."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kindzorg.access import policy
from kindzorg.access.policy import Actor
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.core.errors import Conflict, Invalid, Missing
from kindzorg.core.ids import new_id
from kindzorg.people.house.queries import house_of
from kindzorg.people.house.rules import (
    NewStyle,
    NewText,
    check_style,
    check_words,
    dutch_of,
    fixed_reason,
    mark_of,
    shipped_text,
    tidied,
)
from kindzorg.people.models import HouseStyle, Organisation, OwnText


@transaction.atomic
def word_text(actor: Actor, new: NewText, now: datetime) -> int:
    """Word one text as the actor's organisation says it; without words as it is shipped again. Gives its number.

    Raises Invalid for a text that is fixed, is not there, or cannot be filled in so; Conflict ("text_changed") when
    somebody else worded it meanwhile.
    """
    leave = policy.require(actor, "house.change", None, now.date())
    house, place = house_of(actor, leave), new.place
    words, shipped = tidied(new.words), shipped_text(place)
    if reason := fixed_reason(place.key):
        raise Invalid("text_fixed", reason=reason)
    if words:
        check_words(words, dutch_of(place))
    Organisation.objects.select_for_update().get(id=house)
    rows = OwnText.objects.filter(
        organisation_id=house, key=place.key, audience=place.audience, language=place.language
    )
    last = rows.order_by("-number").first()
    if (number := last.number if last else 0) != new.instead_of:
        theirs = last.words if last else ""
        raise Conflict("text_changed", fields=("words",), mine=words, theirs=theirs, number=number)
    row = OwnText.objects.create(
        organisation_id=house,
        key=place.key,
        audience=place.audience,
        language=place.language,
        number=number + 1,
        words="" if words == shipped else words,
        of=mark_of(shipped),
        by_id=actor.id,
        by=actor.name,
        created_at=now,
    )
    Organisation.objects.filter(id=house).update(own_stamp=new_id())
    about = {"leave": leave, "object_kind": "own_text", "object_id": row.id}
    write_line(actor, "house.text_worded", Kind.UPDATE, None, now, **about, key=place.key)
    return row.number


@transaction.atomic
def keep_style(actor: Actor, new: NewStyle, now: datetime) -> UUID:
    """Keep a style of the actor's organisation, to be looked at; it does not count yet. Raises Invalid."""
    leave = policy.require(actor, "house.change", None, now.date())
    house = house_of(actor, leave)
    check_style(new)
    row = HouseStyle.objects.create(
        organisation_id=house,
        name=new.name.strip(),
        logo=new.logo,
        colours=new.colours,
        by_id=actor.id,
        by=actor.name,
        created_at=now,
    )
    about = {"leave": leave, "object_kind": "house_style", "object_id": row.id}
    write_line(actor, "house.style_kept", Kind.CREATE, None, now, **about)
    return row.id


@transaction.atomic
def use_style(actor: Actor, style_id: UUID | None, now: datetime) -> None:
    """From now on this style of the actor's organisation counts; None: that of Kindzorg. Raises Missing."""
    leave = policy.require(actor, "house.change", None, now.date())
    house = house_of(actor, leave)
    if style_id and not HouseStyle.objects.filter(id=style_id, organisation_id=house).exists():
        raise Missing("no_such_style")
    Organisation.objects.filter(id=house).update(style_id=style_id, own_stamp=new_id())
    about = {"leave": leave, "object_kind": "house_style", "object_id": style_id}
    write_line(actor, "house.style_used", Kind.UPDATE, None, now, **about)
