"""Telling how it goes with oneself, and speaking about a sign."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.careteam.rules import strain_key
from kindzorg.core.errors import Invalid
from kindzorg.needs.models import StrainCheck, StrainTalk
from kindzorg.needs.strain.queries import own_course, person_for, sign_for, who_gets_signs
from kindzorg.needs.strain.rules import LONGEST, NewStrain, Told, check, signs, thresholds
from kindzorg.notices.actions import tell
from kindzorg.people.models import Child

SIGN = "strain_sign"


@transaction.atomic
def tell_strain(actor: Actor, subject: Subject, new: NewStrain, now: datetime) -> StrainCheck:
    """Tell how much rests on oneself and how much one can carry.

    Shared, and a reason to talk: then the care coach is told that there is something, or the nurses. Not shared is
    read by nobody else, and gives no sign. In the trail it stands under one id per child, which the family does not
    see of each other. Raises Invalid, and Missing for who is none of the family.
    """
    leave = policy.require(actor, "strain.write", subject, now.date())
    load, power = check(new)
    person = person_for(actor, subject, now.date())
    before = [one for one in own_course(actor, subject, now.date(), person).told if one.shared]
    found = signs([*before, Told(now, load, power)], thresholds()) if new.shared else ()
    row = StrainCheck.objects.create(
        child_id=subject.child_id,
        owner_id=Child.objects.values_list("owner_id", flat=True).get(id=subject.child_id),
        relative_id=person.relative_id,
        person=person.name,
        by_id=actor.id,
        load=load,
        power=power,
        words=new.words.strip(),
        shared=new.shared,
        signs="|".join(found),
        created_at=now,
    )
    key = strain_key(subject.child_id)
    if found:
        listeners = [user_id for user_id, _, _ in who_gets_signs(actor, subject, now.date())]
        if listeners:
            tell(actor, subject, SIGN, listeners, key, now)
    write_line(
        actor, "strain.told", Kind.CREATE, subject, now, leave=leave, object_kind="strain", object_id=key
    )
    return row


@transaction.atomic
def settle_sign(actor: Actor, subject: Subject, check_id: UUID, agreed: str, now: datetime) -> StrainTalk:
    """Write down what was agreed after a sign. Raises Invalid, and Missing for one that was spoken about already."""
    leave = policy.require(actor, "strain.settle", subject, now.date())
    Child.objects.select_for_update().get(id=subject.child_id)
    course, _sign = sign_for(actor, subject, check_id, now.date())
    if not agreed.strip():
        raise Invalid("strain_agreed", fields=("agreed",))
    if len(agreed) > LONGEST:
        raise Invalid("strain_long", fields=("agreed",), longest=LONGEST)
    row = StrainTalk.objects.create(
        child_id=subject.child_id,
        owner_id=Child.objects.values_list("owner_id", flat=True).get(id=subject.child_id),
        relative_id=course.person_id,
        check_told_id=check_id,
        agreed=agreed.strip(),
        by=actor.name,
        by_id=actor.id,
        created_at=now,
    )
    about = {"object_kind": "strain", "object_id": strain_key(subject.child_id)}
    write_line(actor, "strain.settled", Kind.CREATE, subject, now, leave=leave, **about)
    return row
