"""What the family decides about a party, and what that leaves open, put where policy, query and row wall read it.

`settle` is the one function that writes it; whoever decides, records or joins ends with it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from kindzorg.access import sight
from kindzorg.access.grounds import Side
from kindzorg.access.parties import ConsentStanding, Decided, consented, refusable
from kindzorg.access.policy import EVERY_DOMAIN, Subject
from kindzorg.access.roles import Role, Scope
from kindzorg.access.sight import Sight
from kindzorg.careteam.consents.rules import (
    Family,
    PartyKind,
    PartyRef,
    Person,
    Said,
    Word,
    ground_of,
    party_role,
)
from kindzorg.careteam.models import (
    Capacity,
    Consent,
    ConsentRequest,
    CourtRestriction,
    Grant,
    Invitation,
    Membership,
    ParentalAuthority,
)
from kindzorg.careteam.queries import in_force
from kindzorg.careteam.representation.rules import decides_itself, first_in_line
from kindzorg.careteam.rules import ConsentDecision, ConsentWay
from kindzorg.careteam.subjects import PERSON, recorded_in, represented
from kindzorg.core.errors import Invalid, Missing
from kindzorg.core.plain import day, key, moment
from kindzorg.core.statements import Listed, worded_once
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.people.models import Child, Relative


def party_of(member: Any) -> PartyRef:
    """Whom a decision about somebody who joins is about: the person, or the organisation that has none here."""
    if member.relative_id:
        return PartyRef(PartyKind.RELATIVE, member.relative_id)
    if member.professional_id:
        return PartyRef(PartyKind.PROFESSIONAL, member.professional_id)
    return PartyRef(PartyKind.ORGANISATION, member.organisation_id)


def about(consent: Any) -> PartyRef:
    """The party of a stored decision or question."""
    if consent.organisation_id:
        return PartyRef(PartyKind.ORGANISATION, consent.organisation_id)
    if consent.professional_id:
        return PartyRef(PartyKind.PROFESSIONAL, consent.professional_id)
    return PartyRef(PartyKind.RELATIVE, consent.relative_id)


def decided(consent: Consent) -> Decided:
    """A stored decision as the policy reads it."""
    return Decided(
        ConsentStanding(consent.standing),
        frozenset(sight.read(consent.domains)),
        consent.until,
        consent.decided_by_id,
    )


def word(consent: Consent) -> Word:
    """A stored decision as the words of one person."""
    return Word(
        consent.decided_by_id,
        ConsentDecision(consent.decision),
        frozenset(sight.read(consent.domains)),
        consent.until,
    )


@dataclass(frozen=True, slots=True)
class Household:
    """One child's family as it decides, and what was asked of it and decided about every party, oldest first.

    Of a decision its reason is not read.
    """

    child_id: UUID
    owner_id: UUID
    family: Family
    consents: Sequence[Consent]
    requests: Sequence[ConsentRequest]


ASKED = (
    "id",
    "domains",
    "until",
    "ground",
    "organisation_id",
    "professional_id",
    "relative_id",
    "created_at",
)
DECIDED = (*ASKED, "standing", "decision", "side", "way", "decided_by_id", "decided_by", "recorded_by")


@worded_once
def _households(children: tuple[UUID, ...], on: date) -> QuerySet[Any, Any]:
    kept = CourtRestriction.objects.filter(in_force(on), child_id=OuterRef("child_id"))
    held = (
        ParentalAuthority.objects.filter(in_force(on), child_id=OuterRef("id"))
        .exclude(Exists(kept.filter(relative_id=OuterRef("relative_id"))))
        .order_by("starts", "id")
    )
    represent = represented(on).exclude(Exists(kept.filter(relative_id=OuterRef("relative_id"))))
    able = Capacity.objects.filter(in_force(on), child_id=OuterRef("id")).order_by("-starts", "-id")
    decided_on = Consent.objects.filter(child_id=OuterRef("id")).order_by("created_at", "id")
    asked = ConsentRequest.objects.filter(child_id=OuterRef("id")).order_by("created_at", "id")
    person = {"id": "relative_id", "name": "relative__name", "user_id": "relative__user_id"}
    return (
        Child.objects.filter(id__in=children)
        .order_by("id")
        .values(
            "id",
            "given_name",
            "birth_date",
            "user_id",
            "owner_id",
            can_decide=Subquery(able.values("can_decide")[:1]),
            holders=Listed(held.values(item=JSONObject(**person))),
            representatives=Listed(represent.values(item=JSONObject(**PERSON))),
            consents=Listed(decided_on.values(item=JSONObject(**{name: name for name in DECIDED}))),
            requests=Listed(asked.values(item=JSONObject(**{name: name for name in (*ASKED, "asked_by")}))),
        )
    )


def households(children: Iterable[UUID], on: date) -> Sequence[Household]:
    """Of these children on this day. One statement."""
    found = []
    for row in _households(tuple(children), on):
        itself = Person(row["id"], row["given_name"], Side.CHILD, row["user_id"])
        people = [
            Person(UUID(one["id"]), one["name"], Side.HOLDER, key(one["user_id"])) for one in row["holders"]
        ]
        holders = {one.id: one for one in people}
        there = recorded_in(row["representatives"])
        represents = tuple(
            Person(one.relative_id, one.name, Side.REPRESENTATIVE, one.user_id, one.by_court)
            for one in first_in_line(there)
        )
        able = decides_itself(row["can_decide"], there)
        found.append(
            Household(
                row["id"],
                row["owner_id"],
                Family(row["birth_date"], able, itself, tuple(holders.values()), represents),
                [_row(Consent, one) for one in row["consents"]],
                [_row(ConsentRequest, one) for one in row["requests"]],
            )
        )
    return found


def _row(table: Any, item: Mapping[str, Any]) -> Any:
    """A row of this table from what JSON gave of it."""
    names = [one.attname for one in table._meta.concrete_fields if one.attname in item]
    read = {"until": day, "created_at": moment, "id": key}
    read |= {name: key for name in names if name.endswith("_id")}
    values = [read[name](item[name]) if name in read else item[name] for name in names]
    return table.from_db(None, names, values)


def family_of(child: Child, on: date) -> Family:
    """Who can decide for this child on this day. One statement."""
    return households([child.id], on)[0].family


def decisions_on(child_id: UUID) -> Sequence[Consent]:
    """Every decision about this child, oldest first."""
    return list(Consent.objects.filter(child_id=child_id).order_by("created_at", "id"))


def sight_of(member: Membership, consents: Iterable[Consent], agreed: Sight = sight.EVERYTHING) -> Sight:
    """What is open to one who takes part: by what was decided about the person, and about the organisation."""
    mine = party_of(member)
    house = PartyRef(PartyKind.ORGANISATION, member.organisation_id) if member.organisation_id else mine
    rows = [one for one in consents if about(one) in (mine, house)]
    own = [decided(one) for one in rows if about(one) == mine != house]
    return consented(Role(member.role), agreed, [decided(one) for one in rows], own)


def sight_of_house(organisation_id: UUID, roles: Iterable[Role], consents: Iterable[Consent]) -> Sight:
    """What is open to an organisation as such: what any of those who take part for it has, who is there or not."""
    house = PartyRef(PartyKind.ORGANISATION, organisation_id)
    rows = [decided(one) for one in consents if about(one) == house]
    found: Sight = {}
    for role in roles:
        found = sight.widened(found, consented(role, sight.EVERYTHING, rows))
    return found


def seen_by(child_id: UUID, on: date) -> Mapping[UUID, frozenset[LifeDomain]]:
    """Per account that is let in to this child, the domains that are open to it on this day. One statement."""
    found: dict[UUID, frozenset[LifeDomain]] = {}
    grants = Grant.objects.filter(in_force(on), scope=Scope.CHILD, scope_id=child_id)
    for user_id, words in grants.values_list("user_id", "domains"):
        found[user_id] = found.get(user_id, frozenset()) | sight.domains_on(sight.read(words), on)
    return found


def open_to(child_id: UUID, accounts: Iterable[UUID], domain: LifeDomain, on: date) -> set[UUID]:
    """Of these accounts those to whom consent does not close this domain: who is told of what lies in it."""
    seen = seen_by(child_id, on)
    return {one for one in accounts if domain in seen.get(one, EVERY_DOMAIN)}


def locked_child(subject: Subject) -> Child:
    """The child's row, held until the end: two who say yes at once are heard one after the other."""
    return Child.objects.select_for_update().get(id=subject.child_id)


def role_of_party(child: Child, party: PartyRef, on: date) -> Role:
    """The role by which a party is judged. Raises Missing, Invalid ("consent_own", "consent_owner")."""
    rows = Membership.objects.filter(child_id=child.id).filter(Q(until__isnull=True) | Q(until__gt=on))
    roles = [Role(role) for role in rows.filter(_is(party)).values_list("role", flat=True)]
    if not roles:
        raise Missing("no_such_party", child_id=child.id)
    asked = [role for role in roles if refusable(role)]
    if not asked:
        raise Invalid("consent_own")
    if party == PartyRef(PartyKind.ORGANISATION, child.owner_id):
        raise Invalid("consent_owner")
    return party_role(asked)


def _is(party: PartyRef) -> Q:
    return Q(**{f"{party.kind}_id": party.id})


def settle(child_id: UUID, party: PartyRef) -> None:
    """Set anew what the members of this party, and its organisation, see. Whoever closes the own door goes last.

    The organisation that keeps the file always sees it: it answers for it (BW 7:454).
    """
    members = list(_members(child_id, party))
    consents = decisions_on(child_id)
    houses: dict[UUID, list[Membership]] = {}
    for member in members:
        if member.organisation_id:
            houses.setdefault(member.organisation_id, []).append(member)
    for house, inside in houses.items():
        word_of_house = sight.ALL
        if house != inside[0].owner_id:
            word_of_house = sight.write(sight_of_house(house, [Role(one.role) for one in inside], consents))
        ends = sight.ends_on(sight.read(word_of_house))
        Membership.objects.filter(child_id=child_id, organisation_id=house).exclude(
            domains=word_of_house, sight_until=ends
        ).update(domains=word_of_house, sight_until=ends)
    for member in members:
        _settle_grants(member, consents)


def _members(child_id: UUID, party: PartyRef) -> Iterable[Membership]:
    rows = Membership.objects.filter(child_id=child_id).select_related("professional", "relative")
    if party.kind == PartyKind.RELATIVE:
        return rows.filter(relative_id=party.id)
    if party.kind == PartyKind.ORGANISATION:
        return rows.filter(organisation_id=party.id)
    house = Membership.objects.filter(child_id=child_id, professional_id=party.id).values("organisation_id")
    return rows.filter(organisation_id__in=house)


def _settle_grants(member: Membership, consents: Sequence[Consent]) -> None:
    person = member.professional or member.relative
    if person is None or person.user_id is None:
        return
    mine = Grant.objects.filter(
        user_id=person.user_id, scope=Scope.CHILD, scope_id=member.child_id, role=member.role, emergency=False
    )
    for grant in mine:
        seen = sight_of(member, consents, sight.read(grant.agreed))
        word_now, ends = sight.write(seen), sight.ends_on(seen)
        if (word_now, ends) != (grant.domains, grant.sight_until):
            grant.domains, grant.sight_until = word_now, ends
            grant.save(update_fields=["domains", "sight_until"])


def check_said(subject: Subject, role: Role, said: Said, on: date) -> None:
    """What was said to a professional names who, among them one whose yes is needed, and how. Raises Invalid."""
    if said.way == ConsentWay.SELF:
        raise Invalid("consent_way", fields=("said_way",))
    if not said.by:
        raise Invalid("consent_nobody", fields=("said_by",))
    family = family_of(Child.objects.get(id=subject.child_id), on)
    ground = ground_of(role)
    needed = {one.id for one in family.needed(ground, on)}
    if not (set(said.by) <= family.speakers(ground, on) and needed & set(said.by)):
        raise Invalid("consent_not_theirs", fields=("said_by",))


def kept_said(said: Said | None) -> Mapping[str, str]:
    """As the invitation keeps it."""
    return {"said_by": "|".join(map(str, said.by)), "said_way": said.way} if said else {}


def refused_since(row: Invitation) -> bool:
    """Whether the family closed the door to this person, or the organisation, after it was said."""
    about = Q(professional_id=row.professional_id) if row.professional_id else Q(relative_id=row.relative_id)
    if row.professional:
        about |= Q(organisation_id=row.professional.organisation_id)
    closed = Consent.objects.filter(
        about, child_id=row.child_id, standing=ConsentStanding.CLOSED, created_at__gt=row.created_at
    )
    return closed.exists()


def said_by_inviter(row: Invitation) -> Said | None:
    """What inviting says about looking along: a holder or young person says yes by it; a professional wrote down who
    of the family said so. None where nobody did, or where the family closed that door since: then it
    is asked.
    """
    if refused_since(row):
        return None
    if row.invited_by_role == Role.YOUNG_PERSON:
        return Said(ConsentWay.SELF, (row.child_id,))
    if row.invited_by_role in (Role.AUTHORITY_HOLDER, Role.REPRESENTATIVE):
        mine = Relative.objects.filter(child_id=row.child_id, user_id=row.invited_by_id)
        ids = tuple(mine.values_list("id", flat=True))
        return Said(ConsentWay.SELF, ids) if ids else None
    people = tuple(UUID(one) for one in row.said_by.split("|") if one)
    return (
        Said(ConsentWay(row.said_way), people, heard=(row.invited_by_id, row.invited_by)) if people else None
    )
