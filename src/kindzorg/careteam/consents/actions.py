"""Deciding about a party, writing down what was said, and asking."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from kindzorg.access import policy, sight
from kindzorg.access.parties import Decided
from kindzorg.access.policy import Actor, Subject
from kindzorg.access.roles import Role
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.careteam import sharing
from kindzorg.careteam.consents.queries import guides_for
from kindzorg.careteam.consents.rules import (
    Decision,
    Family,
    PartyRef,
    Person,
    Said,
    Word,
    disagree,
    ground_of,
    missing_yes,
    outcomes,
    purpose_of,
)
from kindzorg.careteam.models import Consent, ConsentRequest
from kindzorg.careteam.rules import ConsentDecision, ConsentWay
from kindzorg.careteam.telling import tell
from kindzorg.core.errors import Invalid
from kindzorg.people.models import Child


@dataclass(frozen=True, slots=True)
class Asked:
    """A decision that is being written: about whom, by whom, how it was said, and which permission it asks.

    `together` are those who say it at the same time: none of them need be told of the others. `heard` is who heard it,
    where that is not the actor.
    """

    party: PartyRef
    decision: Decision
    person: Person
    way: ConsentWay
    permission: str
    together: frozenset[UUID] = frozenset()
    heard: tuple[UUID, str] | None = None


@transaction.atomic
def write_word(actor: Actor, subject: Subject, asked: Asked, now: datetime) -> Sequence[Consent]:
    """Keep what one person decided, settle what it leaves open, and tell the others of the family.

    Raises Invalid: "consent_domains", "consent_until", "consent_not_yours", and as `role_of_party`.
    """
    leave = policy.require(actor, asked.permission, subject, now.date())
    on, child = now.date(), sharing.locked_child(subject)
    role = sharing.role_of_party(child, asked.party, on)
    family, ground = sharing.family_of(child, on), ground_of(role)
    _check(family, asked, role, on)
    before = [one for one in sharing.decisions_on(child.id) if sharing.about(one) == asked.party]
    said = _word_for(asked.decision, before)
    words = [sharing.word(one) for one in before]
    words.append(Word(asked.person.id, said, asked.decision.domains, asked.decision.until))
    found = outcomes(family, ground, words, asked.decision, on)
    rows = [_row(actor, child, asked, role, said, one, now) for one in found]
    lines = {"object_kind": "consent", "object_id": rows[0].id, "way": asked.way}
    lines |= {"standing": "|".join(one.standing for one in found), "leave": leave}
    write_line(actor, f"consent.{said}", Kind.CREATE, subject, now, **lines)
    _tell_family(actor, subject, (family, role, words, asked), rows[0].id, now)
    sharing.settle(child.id, asked.party)
    return rows


def _check(family: Family, asked: Asked, role: Role, on: date) -> None:
    decision, ground = asked.decision, ground_of(role)
    if not decision.domains:
        raise Invalid("consent_domains", fields=("domains",))
    if decision.until and decision.until <= on:
        raise Invalid("consent_until", fields=("until",))
    may = {one.id for one in family.may_speak(ground, on)}
    if decision.yes:
        may |= {one.id for one in family.needed(ground, on)}
    if asked.person.id not in may:
        raise Invalid("consent_not_yours")


def _word_for(decision: Decision, before: Sequence[Consent]) -> ConsentDecision:
    """A no is taking back where a yes was given before."""
    if decision.yes:
        return ConsentDecision.GIVEN
    given = any(one.decision == ConsentDecision.GIVEN for one in before)
    return ConsentDecision.WITHDRAWN if given else ConsentDecision.REFUSED


def _row(
    actor: Actor,
    child: Child,
    asked: Asked,
    role: Role,
    said: ConsentDecision,
    found: Decided,
    now: datetime,
) -> Consent:
    heard_by = (None, "") if asked.way == ConsentWay.SELF else asked.heard or (actor.id, actor.name)
    return Consent.objects.create(
        child_id=child.id,
        owner_id=child.owner_id,
        ground=ground_of(role),
        purpose=purpose_of(role),
        domains=sight.write(dict.fromkeys(found.domains)),
        decision=said,
        standing=found.standing,
        side=asked.person.side,
        way=asked.way,
        decided_by_id=asked.person.id,
        decided_by=asked.person.name,
        recorded_by_id=heard_by[0],
        recorded_by=heard_by[1],
        until=found.until,
        reason=asked.decision.reason or None,
        created_at=now,
        **{f"{asked.party.kind}_id": asked.party.id},
    )


def _tell_family(
    actor: Actor,
    subject: Subject,
    context: tuple[Family, Role, Sequence[Word], Asked],
    object_id: UUID,
    now: datetime,
) -> None:
    """Who gave it to a professional is told that it was written down; whose yes is missing, that it is awaited."""
    family, role, words, asked = context
    ground, on = ground_of(role), now.date()
    waits: set[UUID] = set()
    if asked.decision.yes:
        for domain in asked.decision.domains:
            waits |= {one.id for one in missing_yes(family, ground, words, domain, on)}
    everybody = {*family.may_speak(ground, on), *family.needed(ground, on), asked.person}
    if disagree(family, ground, words, on):
        guides = guides_for(actor, subject, on)
        people = {one.professional.user_id for one in guides if one.professional}
        tell(actor, subject, "parents_differ", {one for one in people if one} - {actor.id}, object_id, now)
    told: dict[str, set[UUID]] = {}
    for person in everybody:
        same = person.id == asked.person.id
        if person.user_id and person.user_id != actor.id and (same or person.id not in asked.together):
            kind = "recorded" if same else "awaited" if person.id in waits else "decided"
            told.setdefault(f"consent.{kind}", set()).add(person.user_id)
    for kind, recipients in sorted(told.items()):
        tell(actor, subject, kind, recipients, object_id, now)


@transaction.atomic
def decide_consent(
    actor: Actor, subject: Subject, party: PartyRef, decision: Decision, now: datetime
) -> Sequence[Consent]:
    """A member of the family says yes or no. It holds from the next request on.

    Raises Missing (no such party), Invalid: "consent_not_yours" (this ground asks others), "consent_owner" (it
    keeps the file), "consent_own", "consent_domains", "consent_until".
    """
    policy.require(actor, "consent.decide", subject, now.date())
    family = sharing.family_of(sharing.locked_child(subject), now.date())
    me = next((one for one in family.people if one.user_id == actor.id), None)
    if me is None:
        raise Invalid("consent_not_yours")
    asked = Asked(party, decision, me, ConsentWay.SELF, "consent.decide")
    return write_word(actor, subject, asked, now)


@transaction.atomic
def record_consent(
    actor: Actor, subject: Subject, party: PartyRef, decision: Decision, said: Said, now: datetime
) -> Sequence[Consent]:
    """Write down what somebody of the family said in person, by telephone or on paper; that one is told.

    `said.by` names who said it. Raises as `decide_consent`, and Invalid: "consent_way", "consent_nobody".
    """
    policy.require(actor, "consent.record", subject, now.date())
    if said.way == ConsentWay.SELF:
        raise Invalid("consent_way", fields=("way",))
    family = sharing.family_of(sharing.locked_child(subject), now.date())
    people = [one for one in family.people if one.id in said.by]
    if not people:
        raise Invalid("consent_nobody", fields=("by",))
    rows: list[Consent] = []
    together = frozenset(said.by)
    for person in people:
        asked = Asked(party, decision, person, said.way, "consent.record", together)
        rows += write_word(actor, subject, asked, now)
    return rows


@transaction.atomic
def ask_consent(actor: Actor, subject: Subject, party: PartyRef, decision: Decision, now: datetime) -> UUID:
    """Ask the family for a yes; it finds the question under what waits for it. Raises as `decide_consent`."""
    leave = policy.require(actor, "consent.record", subject, now.date())
    child = sharing.locked_child(subject)
    role = sharing.role_of_party(child, party, now.date())
    if not decision.domains:
        raise Invalid("consent_domains", fields=("domains",))
    asked = ConsentRequest.objects.create(
        child_id=child.id,
        owner_id=child.owner_id,
        ground=ground_of(role),
        domains=sight.write(dict.fromkeys(decision.domains)),
        until=decision.until,
        asked_by_id=actor.id,
        asked_by=actor.name,
        created_at=now,
        **{f"{party.kind}_id": party.id},
    )
    about = {"leave": leave, "object_kind": "consent", "object_id": asked.id}
    write_line(actor, "consent.asked", Kind.CREATE, subject, now, **about)
    people = sharing.family_of(child, now.date()).needed(ground_of(role), now.date())
    tell(actor, subject, "consent.asked", {one.user_id for one in people if one.user_id}, asked.id, now)
    return asked.id
