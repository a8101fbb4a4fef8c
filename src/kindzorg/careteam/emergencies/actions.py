"""Looking along in an emergency, and judging it afterwards."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kindzorg.access import policy
from kindzorg.access.policy import EVERY_DOMAIN, Actor, Subject, system_actor
from kindzorg.access.policy import Grant as AccessGrant
from kindzorg.access.roles import Role, Scope
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.careteam.emergencies import queries, rules
from kindzorg.careteam.emergencies.rules import Sought
from kindzorg.careteam.models import EmergencyAccess, EmergencyReview, Grant
from kindzorg.careteam.queries import child_for
from kindzorg.careteam.telling import tell
from kindzorg.core.errors import Conflict, Invalid, Missing, Refused
from kindzorg.core.walls import behind_wall
from kindzorg.people.models import Child

BELL = system_actor("emergency")


@transaction.atomic
def take_emergency_access(actor: Actor, sought: Sought, reason: str, now: datetime) -> UUID | None:
    """Look along with the child that is meant, four hours long; None where there is not exactly one.

    Every attempt stays in the trail, without what was looked for. The family and the privacy officer of the
    organisation (where it has none, of who keeps the file) are told. Who sees all of it already, or
    looks along already, goes on as before. Raises Refused, Invalid: "emergency_reason", "emergency_too_often".
    """
    leave = policy.require(actor, "emergency.take", None, now.date())
    house = queries.house_for(actor, now.date())
    if house is None:
        raise Refused("refused", permission="emergency.take")
    if len(reason.strip()) < rules.REASON_AT_LEAST:
        raise Invalid("emergency_reason", fields=("reason",))
    if rules.too_often(queries.attempts_of(actor, now)):
        raise Invalid("emergency_too_often")
    write_line(actor, "emergency.sought", Kind.EXECUTE, None, now, leave=leave)
    child = queries.child_meant(actor, sought, now)
    if child is None:
        return None
    if queries.sees_all(actor, child.id, now.date()):
        return child.id
    grant = Grant.objects.create(
        user_id=actor.id,
        role=Role.EMERGENCY_CARER,
        scope=Scope.CHILD,
        scope_id=child.id,
        opens_children=True,
        emergency=True,
        starts=now.date(),
        ends_at=rules.ends_at(now),
        created_at=now,
    )
    _make_known(actor, child, (grant, house, reason.strip()), now)
    return child.id


def _make_known(actor: Actor, child: Child, taken: tuple[Grant, UUID, str], now: datetime) -> None:
    """Keep why it was, and tell the family and who reviews it, in the same transaction as the right itself."""
    grant, house, reason = taken
    right = AccessGrant(
        Role.EMERGENCY_CARER, Scope.CHILD, child.id, now.date(), domains=EVERY_DOMAIN, emergency=True
    )
    inside = replace(actor, grants=(*(one for one in actor.grants if one.scope != Scope.CHILD), right))
    subject = child_for(inside, child.id, now.date()).subject
    access = EmergencyAccess.objects.create(
        child_id=child.id,
        owner_id=child.owner_id,
        grant=grant,
        organisation_id=house,
        taken_by_id=actor.id,
        taken_by=actor.name,
        reason=reason,
        ends_at=rules.ends_at(now),
        review_by=rules.review_by(now),
        created_at=now,
    )
    leave = policy.require(inside, "child.open", subject, now.date())
    about = {"leave": leave, "object_kind": "emergency", "object_id": access.id}
    write_line(inside, "emergency.taken", Kind.CREATE, subject, now, **about)
    tell(inside, subject, "emergency.taken", queries.family_to_tell(actor, child, now.date()), access.id, now)
    officers = queries.officers_of(actor, (house, child.owner_id), now.date())
    tell(inside, subject, "emergency.to_review", officers, access.id, now)


@transaction.atomic
def review_emergency(actor: Actor, access_id: UUID, justified: bool, note: str, now: datetime) -> UUID:
    """The privacy officer says whether it was justified, and why; the family reads it. Gives back the review.

    Raises Missing (not of the own organisation), Conflict (judged already), Invalid: "review_note", "review_own".
    """
    leave = policy.require(actor, "emergency.review", None, now.date())
    if not note.strip():
        raise Invalid("review_note", fields=("note",))
    # The officer's organisation need not take part in the care: the wall would hide the row.
    with behind_wall(BELL.id, now.date(), at=now, system=True):
        access = (
            EmergencyAccess.objects.filter(
                queries.judged_at(queries.watched(actor, now.date()), now.date()), id=access_id
            )
            .select_for_update()
            .first()
        )
        if access is None:
            raise Missing("no_such_emergency")
        if access.taken_by_id == actor.id:
            raise Invalid("review_own")
        if EmergencyReview.objects.filter(access=access).exists():
            raise Conflict("reviewed_already")
        review = EmergencyReview.objects.create(
            child_id=access.child_id,
            owner_id=access.owner_id,
            access=access,
            justified=justified,
            note=note.strip(),
            reviewed_by_id=actor.id,
            reviewed_by=actor.name,
            created_at=now,
        )
        subject = Subject(access.child_id, None)
        about = {"leave": leave, "object_kind": "emergency", "object_id": access.id}
        write_line(actor, "emergency.reviewed", Kind.CREATE, subject, now, **about)
        family = queries.family_to_tell(BELL, Child.objects.get(id=access.child_id), now.date())
        tell(BELL, subject, "emergency.reviewed", family, access.id, now)
    return review.id
