"""Writing down that somebody was seen to do an act, or can be relied on for it no more."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.careteam.competences.models import Competence
from kindzorg.careteam.competences.rules import NewCompetence, check_competence
from kindzorg.careteam.models import Membership
from kindzorg.careteam.queries import in_force
from kindzorg.core.errors import Invalid, Missing
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.people.models import Child, Professional


@transaction.atomic
def record_competence(actor: Actor, subject: Subject, new: NewCompetence, now: datetime) -> UUID:
    """That somebody of the team does this act well, as the actor saw; or, with `able` False, no more.

    Nobody writes this of himself. Raises Invalid, Missing (not in the team).
    """
    leave = policy.require(actor, "competence.record", subject, now.date(), LifeDomain.MEDICAL)
    check_competence(new, now.date())
    _require_in_team(subject, new, now)
    if new.professional_id and Professional.objects.filter(id=new.professional_id, user_id=actor.id).exists():
        raise Invalid("competence_own", fields=("who",))
    row = Competence.objects.create(
        child_id=subject.child_id,
        owner_id=Child.objects.values_list("owner_id", flat=True).get(id=subject.child_id),
        act=new.act,
        professional_id=new.professional_id,
        relative_id=new.relative_id,
        able=new.able,
        seen_on=new.seen_on,
        until=new.until,
        seen_by_id=actor.id,
        seen_by=actor.name,
        organisation=actor.organisation,
        created_at=now,
    )
    about = {"leave": leave, "object_kind": "competence", "object_id": row.id}
    write_line(actor, "competence.recorded", Kind.CREATE, subject, now, **about)
    return row.id


def _require_in_team(subject: Subject, new: NewCompetence, now: datetime) -> None:
    who = Q(professional_id=new.professional_id) if new.professional_id else Q(relative_id=new.relative_id)
    if not Membership.objects.filter(in_force(now.date()), who, child_id=subject.child_id).exists():
        raise Missing("not_in_team", child_id=subject.child_id)
