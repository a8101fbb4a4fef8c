"""What an organisation made its own, for who manages it."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Explanation
from kindzorg.access.roles import Scope
from kindzorg.core.errors import Missing, Refused
from kindzorg.people.house.rules import TextPlace, TextVersion
from kindzorg.people.models import HouseStyle, Organisation, OwnText


def house_of(actor: Actor, leave: Explanation) -> UUID:
    """The organisation over which this leave reaches. Raises Refused for a leave over anything else."""
    if leave.grant is None or leave.grant.scope != Scope.ORGANISATION or leave.grant.scope_id is None:
        raise Refused("refused", permission=leave.permission, missing="no_organisation")
    return leave.grant.scope_id


def organisation_managed(actor: Actor, on: date) -> Organisation:
    """The organisation that this actor manages."""
    house_id = house_of(actor, policy.require(actor, "house.change", None, on))
    return Organisation.objects.select_related("style").get(id=house_id)


def own_texts(actor: Actor, on: date) -> Mapping[TextPlace, TextVersion]:
    """The newest version of each text that the actor's organisation ever worded, in one statement."""
    house_id = house_of(actor, policy.require(actor, "house.change", None, on))
    rows = OwnText.objects.filter(organisation_id=house_id).order_by("number")
    return {one.place: one for one in map(_version, rows)}


def versions_of(actor: Actor, place: TextPlace, on: date) -> Sequence[TextVersion]:
    """Every version of one text, the newest first."""
    house_id = house_of(actor, policy.require(actor, "house.change", None, on))
    rows = OwnText.objects.filter(
        organisation_id=house_id, key=place.key, audience=place.audience, language=place.language
    )
    return [_version(one) for one in rows.order_by("-number")]


def styles_of(actor: Actor, on: date) -> Sequence[HouseStyle]:
    """Every style that the actor's organisation kept, the newest first, without their logos."""
    house_id = house_of(actor, policy.require(actor, "house.change", None, on))
    return list(
        HouseStyle.objects.filter(organisation_id=house_id).defer("logo").order_by("-created_at", "-id")
    )


def style_kept(actor: Actor, style_id: UUID, on: date) -> HouseStyle:
    """One style of the actor's organisation. Raises Missing."""
    house_id = house_of(actor, policy.require(actor, "house.change", None, on))
    row = HouseStyle.objects.filter(organisation_id=house_id, id=style_id).first()
    if row is None:
        raise Missing("no_such_style")
    return row


def style_shown(actor: Actor, style_id: UUID) -> HouseStyle:
    """A style as every page of its readers fetches it: how a house looks is no secret. Raises Missing."""
    row = HouseStyle.objects.filter(id=style_id).first()
    if row is None:
        raise Missing("no_such_style")
    return row


def _version(row: OwnText) -> TextVersion:
    place = TextPlace(row.key, row.audience, row.language)
    return TextVersion(place, row.number, row.words, row.of, row.by, row.created_at)
