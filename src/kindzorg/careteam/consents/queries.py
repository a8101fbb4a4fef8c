"""Who may see what of a child, and which answer of the family is awaited."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from kindzorg.access import policy, sight
from kindzorg.access.grounds import Side
from kindzorg.access.parties import ConsentStanding, parties, refusable
from kindzorg.access.policy import Actor, Subject
from kindzorg.access.roles import Role
from kindzorg.access.sight import Sight
from kindzorg.careteam import sharing
from kindzorg.careteam.consents.rules import (
    Family,
    PartyKind,
    PartyRef,
    Person,
    differ,
    disagree,
    ground_of,
    missing_yes,
    party_role,
)
from kindzorg.careteam.models import (
    Consent,
    ConsentRequest,
    Membership,
)
from kindzorg.careteam.queries import in_force
from kindzorg.careteam.rules import ConsentDecision, ConsentWay
from kindzorg.careteam.sharing import Household
from kindzorg.core.errors import Missing
from kindzorg.core.vocabulary import LifeDomain


@dataclass(frozen=True, slots=True)
class PartyStanding:
    """One party as the family sees it: what is open to it now, what was said, and what is awaited.

    `awaits` are those whose yes is still missing for what somebody said yes to or was asked; `mine` whether the
    reader is one of them. `people` are the members of an organisation, each a party of its own.
    """

    ref: PartyRef
    name: str
    role: Role
    members: tuple[Membership, ...]
    seen: Sight
    closable: bool
    decisions: tuple[Consent, ...]
    request: ConsentRequest | None
    awaits: tuple[Person, ...]
    differ: bool
    mine: bool
    may_speak: bool
    people: tuple["PartyStanding", ...] = ()

    @property
    def basis(self) -> str:
        """On what the looking along rests."""
        return parties()[self.role].basis

    @property
    def asked_for(self) -> frozenset[LifeDomain]:
        """The domains of the question that waits, if there is one."""
        return frozenset(sight.read(self.request.domains)) if self.request and self.awaits else frozenset()

    def standing_on(self, on: date) -> str:
        """In one word: "open", "part", "closed", or "awaited" where nothing is open and somebody must still answer."""
        is_open = self.open_on(on)
        if is_open:
            return "open" if is_open == frozenset(LifeDomain) else "part"
        return "awaited" if self.awaits else "closed"

    def open_on(self, on: date) -> frozenset[LifeDomain]:
        """The domains that are open on this day."""
        return sight.domains_on(self.seen, on)


def _members(children: Any, on: date) -> Mapping[UUID, Sequence[Membership]]:
    """Per child those about whom the family decides. One statement."""
    found: dict[UUID, list[Membership]] = {}
    rows = Membership.objects.filter(in_force(on), child_id__in=children)
    rows = rows.select_related("professional__organisation", "relative", "organisation")
    for one in rows.order_by("starts", "created_at", "id"):
        if refusable(Role(one.role)):
            found.setdefault(one.child_id, []).append(one)
    return found


def family_for(actor: Actor, subject: Subject, on: date) -> Family:
    """Who of the family can decide, for who writes down what was said."""
    policy.require(actor, "consent.read", subject, on)
    return sharing.households([subject.child_id], on)[0].family


def parties_for(actor: Actor, subject: Subject, on: date) -> Sequence[PartyStanding]:
    """Every party of the child about which the family decides, organisations with their people. Two statements."""
    policy.require(actor, "consent.read", subject, on)
    (around,) = sharing.households([subject.child_id], on)
    return _standings(actor, around, _members([subject.child_id], on).get(subject.child_id, ()), on)


def party_for(actor: Actor, subject: Subject, ref: PartyRef, on: date) -> PartyStanding:
    """One party: an organisation, one of its people, or somebody near the child. Raises Missing."""
    return party_by_id(actor, subject, ref.id, on)


def party_by_id(actor: Actor, subject: Subject, party_id: UUID, on: date) -> PartyStanding:
    """The party with this id, of whatever kind. Raises Missing."""
    for party in parties_for(actor, subject, on):
        for one in (party, *party.people):
            if one.ref.id == party_id:
                return one
    raise Missing("no_such_party", child_id=subject.child_id)


def _standings(
    actor: Actor, around: Household, everybody: Sequence[Membership], on: date
) -> list[PartyStanding]:
    groups: dict[PartyRef, list[Membership]] = {}
    for member in everybody:
        house = member.organisation_id
        ref = PartyRef(PartyKind.ORGANISATION, house) if house else sharing.party_of(member)
        groups.setdefault(ref, []).append(member)
    found = []
    for ref, members in groups.items():
        inside: dict[PartyRef, list[Membership]] = {}
        for member in members:
            if sharing.party_of(member) != ref:
                inside.setdefault(sharing.party_of(member), []).append(member)
        people = tuple(_standing(actor, around, one, rows, on) for one, rows in inside.items())
        found.append(_standing(actor, around, ref, members, on, people))
    return found


def _standing(
    actor: Actor,
    around: Household,
    ref: PartyRef,
    members: Sequence[Membership],
    on: date,
    people: tuple[PartyStanding, ...] = (),
) -> PartyStanding:
    role = party_role(Role(one.role) for one in members)
    ground = ground_of(role)
    decisions = tuple(one for one in around.consents if sharing.about(one) == ref)
    words = [sharing.word(one) for one in decisions]
    asked = [one for one in around.requests if sharing.about(one) == ref]
    request = asked[-1] if asked else None
    seen: Sight = {}
    sights = [sharing.sight_of(member, around.consents) for member in members]
    for one in sights:
        seen = sight.widened(seen, one)
    awaits = _awaited(around.family, decisions, request, sights, on)
    speakers = {one.user_id for one in around.family.may_speak(ground, on)}
    return PartyStanding(
        ref=ref,
        name=_name(members[0], ref),
        role=role,
        members=tuple(members),
        seen=seen,
        closable=ref != PartyRef(PartyKind.ORGANISATION, around.owner_id),
        decisions=decisions,
        request=request,
        awaits=awaits,
        differ=disagree(around.family, ground, words, on),
        mine=actor.id in {one.user_id for one in awaits},
        may_speak=actor.id in speakers | {one.user_id for one in around.family.needed(ground, on)},
        people=people,
    )


def _awaited(
    family: Family,
    decisions: Sequence[Consent],
    request: ConsentRequest | None,
    sights: Sequence[Sight],
    on: date,
) -> tuple[Person, ...]:
    """Whose yes is missing: for what the last yes was given for, or for what was asked and not answered since.

    Nobody's, where the last yes took back a no and all that it is about is open again (`sights`: to each member).
    """
    if not decisions and request is None:
        return ()
    words = [sharing.word(one) for one in decisions]
    last = decisions[-1] if decisions else None
    ground = (last or request).ground  # type: ignore[union-attr]
    asks = request is not None and (last is None or last.created_at < request.created_at)
    if last is not None and not asks and last.standing != ConsentStanding.AWAITED:
        return ()
    wanted: Iterable[LifeDomain] = sight.read(request.domains if asks else last.domains)  # type: ignore[union-attr]
    if last is not None and not asks and all(_covers(one, wanted, last.until) for one in sights):
        return ()
    found: dict[UUID, Person] = {}
    for domain in wanted:
        for person in missing_yes(family, ground, words, domain, on):  # type: ignore[arg-type]
            found[person.id] = person
    spoke = {one.decided_by_id for one in decisions if request and one.created_at >= request.created_at}
    return tuple(one for one in found.values() if not asks or one.id not in spoke)


def _covers(seen: Sight, wanted: Iterable[LifeDomain], until: date | None) -> bool:
    """Whether all of it is open already, as long as was said."""
    return all(domain in seen and sight.earlier(seen[domain], until) == until for domain in wanted)


def _name(member: Membership, ref: PartyRef) -> str:
    if ref.kind == PartyKind.ORGANISATION:
        organisation: Any = member.organisation
        return str(organisation)
    return str(member.professional or member.relative)


def _later(**more: Any) -> Any:
    """What was decided later about the same party as the outer row."""
    same = (
        Q(organisation=OuterRef("organisation"))
        | Q(professional=OuterRef("professional"))
        | Q(relative=OuterRef("relative"))
    )
    return Consent.objects.filter(same, child=OuterRef("child"), **more)


def _unanswered(children: Iterable[UUID]) -> Any:
    """The children with a question to which nobody answered."""
    asked = ConsentRequest.objects.filter(child__in=children)
    return asked.exclude(Exists(_later(created_at__gte=OuterRef("created_at")))).values_list(
        "child_id", flat=True
    )


def _unheard(children: Iterable[UUID]) -> Any:
    """The children with a yes that waits for the yes of another."""
    later = _later(created_at__gt=OuterRef("created_at")).exclude(standing=ConsentStanding.AWAITED)
    waits = Consent.objects.filter(child__in=children, standing=ConsentStanding.AWAITED)
    return waits.exclude(Exists(later)).values_list("child_id", flat=True)


def _divided(children: Iterable[UUID]) -> Any:
    """The children about whom one person said yes to a party and another no."""
    other = _later().exclude(decided_by_id=OuterRef("decided_by_id")).exclude(decision=ConsentDecision.GIVEN)
    yes = Consent.objects.filter(child__in=children, decision=ConsentDecision.GIVEN)
    return yes.filter(Exists(other)).values_list("child_id", flat=True)


@dataclass(frozen=True, slots=True)
class OpenQuestions:
    """What a family has yet to say about looking along, for one reader.

    `answers` that wait for the reader, as a member of the family: child, party, name, since when. `differences` per
    child: the parties about whom who decides now stands against one another, for the family and for who guides it.
    """

    answers: Sequence[tuple[UUID, PartyRef, str, datetime]] = ()
    differences: Mapping[UUID, Sequence[tuple[PartyRef, str, datetime]]] = field(default_factory=dict)


GUIDES = ("consent.decide", "consent.record", "family.assist")


def open_questions(actor: Actor, subjects: Iterable[Subject], on: date) -> OpenQuestions:
    """What waits about these children. One statement where nothing does, else two."""
    there = list(subjects)
    mine = {one.child_id for one in there if policy.may(actor, "consent.decide", one, on)}
    guided = [one.child_id for one in there if any(policy.may(actor, may, one, on) for may in GUIDES)]
    if not guided:
        return OpenQuestions()
    waits = _unanswered(mine).union(_unheard(mine), _divided(guided))
    members = _members(waits, on)
    answers, differences = [], {}
    for around in sharing.households(members, on) if members else ():
        everybody = members[around.child_id]
        for party in _standings(actor, around, everybody, on) if around.child_id in mine else ():
            for one in (party, *party.people):
                if one.mine:
                    since = one.decisions[-1].created_at if one.decisions else one.request.created_at  # type: ignore[union-attr]
                    answers.append((around.child_id, one.ref, one.name, since))
        if found := _differences(around, everybody):
            differences[around.child_id] = found
    return OpenQuestions(answers, differences)


def waiting_answers(
    actor: Actor, subjects: Iterable[Subject], on: date
) -> Sequence[tuple[UUID, PartyRef, str, datetime]]:
    """The answers that wait for the actor: see OpenQuestions."""
    return open_questions(actor, subjects, on).answers


def differences_for(
    actor: Actor, subjects: Iterable[Subject], on: date
) -> Mapping[UUID, Sequence[tuple[PartyRef, str, datetime]]]:
    """About whom a family does not agree: see OpenQuestions."""
    return open_questions(actor, subjects, on).differences


def _differences(
    around: Household, everybody: Sequence[Membership]
) -> Sequence[tuple[PartyRef, str, datetime]]:
    """Of what the child and who holds authority now said about who takes part now."""
    names = {sharing.party_of(one): _name(one, sharing.party_of(one)) for one in everybody}
    houses = {
        PartyRef(PartyKind.ORGANISATION, one.organisation_id): one for one in everybody if one.organisation_id
    }
    names |= {party: _name(one, party) for party, one in houses.items()}
    deciders = {one.id for one in around.family.people}
    said: dict[PartyRef, list[Consent]] = {}
    for row in around.consents:
        if row.decided_by_id in deciders and sharing.about(row) in names:
            said.setdefault(sharing.about(row), []).append(row)
    return [
        (party, names[party], rows[-1].created_at)
        for party, rows in said.items()
        if differ(map(sharing.word, rows))
    ]


def agreed_by_others(actor: Actor, subjects: Iterable[Subject], on: date) -> frozenset[UUID]:
    """Of these children, who may decide, those for whom others agreed to something and who said nothing yet.

    One statement at most.
    """
    mine = [one.child_id for one in subjects if policy.may(actor, "consent.decide", one, on)]
    if not mine:
        return frozenset()
    said = Consent.objects.filter(child_id__in=mine)
    spoke = said.filter(side=Side.CHILD, way=ConsentWay.SELF).values("child_id")
    given = said.filter(decision=ConsentDecision.GIVEN).exclude(child_id__in=spoke)
    return frozenset(given.values_list("child_id", flat=True).distinct())


def guides_for(actor: Actor, subject: Subject, on: date) -> Sequence[Membership]:
    """Who helps a family on that does not agree: the care coach, where there is none who leads the care."""
    policy.require(actor, "child.open", subject, on)
    guides = Q(role=Role.CARE_COACH) | Q(leads=True)
    rows = Membership.objects.filter(in_force(on), guides, child_id=subject.child_id)
    found = list(rows.select_related("professional", "relative", "organisation").order_by("starts", "id"))
    return [one for one in found if one.role == Role.CARE_COACH] or found


def standing_by_member(actor: Actor, subject: Subject, on: date) -> Mapping[UUID, str]:
    """Per membership "open", "part", "closed" or "awaited", for the team page of who may read consents."""
    found: dict[UUID, str] = {}
    for party in parties_for(actor, subject, on):
        for one in party.people or (party,):
            word = one.standing_on(on)
            word = "awaited" if word == "closed" and party.awaits else word
            found.update({member.id: word for member in one.members})
    return found
