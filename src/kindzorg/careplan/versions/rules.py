"""The life of a version of the plan: its steps, who signed, and where it waits. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from kindzorg.access.roles import Role
from kindzorg.careteam.rules import MustAgree
from kindzorg.core.errors import Invalid
from kindzorg.core.plain import day, key, moment
from kindzorg.core.vocabulary import LifeDomain


class VersionStatus(StrEnum):
    """Where a version stands. Content changes in a draft only."""

    DRAFT = "draft"
    OFFERED = "offered"
    AGREED = "agreed"
    APPROVED = "approved"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


UNDER_WAY = (VersionStatus.DRAFT, VersionStatus.OFFERED, VersionStatus.AGREED, VersionStatus.APPROVED)


def unoffered(status: str, offered_at: datetime | None) -> bool:
    """Whether a version was never offered: a draft, also one that was dropped. It is for who writes in drafts."""
    return status == VersionStatus.DRAFT or (status == VersionStatus.WITHDRAWN and offered_at is None)


# From, to, why. A plan in force ends only because another replaces it.
VERSION_STEPS: Mapping[tuple[VersionStatus | None, VersionStatus], str] = {
    (None, VersionStatus.DRAFT): "drafted",
    (VersionStatus.DRAFT, VersionStatus.OFFERED): "offered",
    (VersionStatus.DRAFT, VersionStatus.WITHDRAWN): "dropped",
    (VersionStatus.OFFERED, VersionStatus.AGREED): "family_agreed",
    (VersionStatus.OFFERED, VersionStatus.WITHDRAWN): "withdrawn",
    (VersionStatus.AGREED, VersionStatus.OFFERED): "agreement_taken_back",
    (VersionStatus.AGREED, VersionStatus.APPROVED): "approved",
    (VersionStatus.AGREED, VersionStatus.IN_FORCE): "practical_change",
    (VersionStatus.AGREED, VersionStatus.WITHDRAWN): "withdrawn",
    (VersionStatus.APPROVED, VersionStatus.IN_FORCE): "came_into_force",
    (VersionStatus.IN_FORCE, VersionStatus.SUPERSEDED): "replaced",
}


class SignatureAnswer(StrEnum):
    """What was signed. An objection is the approver's, against a practical change that is in force already."""

    YES = "yes"
    NO = "no"
    OBJECTS = "objects"


class SignedHow(StrEnum):
    """How an answer was given: by the person in the product, or outside it to somebody who recorded it."""

    SELF = "self"
    IN_PERSON = "in_person"
    TELEPHONE = "telephone"
    PAPER = "paper"


class Standing(StrEnum):
    """Where a version waits, as pages say it. A "no" stays visible: it never disappears into waiting."""

    DRAFTED = "drafted"
    WAITS_FOR_FAMILY = "waits_for_family"
    FAMILY_DISAGREES = "family_disagrees"
    WAITS_FOR_APPROVAL = "waits_for_approval"
    NOT_APPROVED = "not_approved"
    IN_FORCE = "in_force"
    IN_FORCE_TO_LOOK_AT = "in_force_to_look_at"
    IN_FORCE_OBJECTED = "in_force_objected"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


APPROVER = "approver"


@dataclass(frozen=True, slots=True)
class PlanNeed:
    """A need as the plan knows it: a copy of what the scan said, so that the version stands on its own.

    `topic` ties the same need of two scans together (each scan gives its needs new ids). `whose` and `urgency`
    are the scan's words. `wish` is the situation the family wishes for; a drafted goal begins with it.
    """

    need_id: UUID
    domain: LifeDomain
    words: str
    topic: str = ""
    whose: str = "child"
    urgency: str = ""
    wish: str = ""

    @property
    def key(self) -> str:
        """What ties the same need together over scans: its topic, else its id."""
        return self.topic or str(self.need_id)

    def stored(self) -> dict[str, str]:
        """As plain words, the way it is kept in the version."""
        return {
            "need_id": str(self.need_id),
            "domain": str(self.domain),
            "words": self.words,
            "topic": self.topic,
            "whose": self.whose,
            "urgency": self.urgency,
            "wish": self.wish,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureView:
    """A signature as it was given. `party` is a SigningParty word or "approver".

    `name` is whose answer it is, `signer_id` that one's account, if there was one. `recorded_by` is who wrote down
    what that person said outside the product, and `said_on` the day on which it was said.
    """

    party: str
    relative_id: UUID | None
    signer_id: UUID | None
    name: str
    role: str
    answer: SignatureAnswer
    reason: str
    at: datetime
    how: SignedHow = SignedHow.SELF
    said_on: date | None = None
    recorded_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a family member said outside the product: a relative, or the child itself (`relative_id` None)."""

    relative_id: UUID | None
    how: SignedHow
    said_on: date
    yes: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class VersionView:
    """A version as pages see it. `practical` says that it touches only when, where or who within an organisation.

    `signatures` in order of time; of one person the last counts.
    """

    id: UUID
    number: int
    status: VersionStatus
    why: str
    practical: bool
    drafted_by: str
    created_at: datetime
    offered_at: datetime | None = None
    agreed_at: datetime | None = None
    approved_at: datetime | None = None
    in_force_at: datetime | None = None
    ended_at: datetime | None = None
    ended_why: str = ""
    signatures: tuple[SignatureView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """One person who must agree, and what that person last said; None while nothing was said."""

    party: str
    relative_id: UUID | None
    name: str
    signature: SignatureView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """How the deciding on a version stands: the family one by one, the role that approves, and where it waits.

    The child itself has no name here (`relative_id` None): the page knows it.
    """

    asked: tuple[Signer, ...]
    approver: Role | None
    approval: SignatureView | None
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedOfVersion:
    """What somebody may be asked about versions of one child: to sign, to approve, to offer, and to hear what
    those say who must agree and have no account; `guide` to help a family on that does not agree."""

    sign: bool
    approve: bool
    offer: bool
    hear: bool = False
    guide: bool = False


# The columns that a view of a version and of a signature are read from.
VERSION = (
    *("id", "number", "status", "why", "practical", "created_at"),
    *("offered_at", "agreed_at", "approved_at", "in_force_at", "ended_at", "ended_why"),
)
SIGNATURE = (
    *("party", "relative_id", "by_id", "by", "organisation", "role", "answer", "reason", "created_at"),
    *("how", "said_on", "signer", "signer_user_id"),
)


def version_step(start: VersionStatus | None, end: VersionStatus) -> str:
    """Why a version may go from one status to another. Raises Invalid when the table has no such step."""
    try:
        return VERSION_STEPS[start, end]
    except KeyError:
        raise Invalid("no_such_version_step", start=start, end=end) from None


def plan_need(stored: Mapping[str, Any]) -> PlanNeed:
    """A need from the plain words in which a version keeps it."""
    return PlanNeed(
        need_id=UUID(stored["need_id"]),
        domain=LifeDomain(stored["domain"]),
        words=stored["words"],
        topic=stored.get("topic", ""),
        whose=stored.get("whose", "child"),
        urgency=stored.get("urgency", ""),
        wish=stored.get("wish", ""),
    )


def version_view(row: Mapping[str, Any], signatures: tuple[SignatureView, ...] = ()) -> VersionView:
    """A version from its row of plain values."""
    kept = {name: row[name] for name in VERSION if name != "status"}
    return VersionView(
        **kept, status=VersionStatus(row["status"]), drafted_by=row["by"], signatures=signatures
    )


def version_seen(version: VersionView, seen: Collection[LifeDomain], reader_id: UUID) -> VersionView:
    """A version for who sees these domains: reasons, which can be about anything, for who sees all or gave them."""
    if set(seen) == set(LifeDomain):
        return version
    given = (one if one.signer_id == reader_id else replace(one, reason="") for one in version.signatures)
    return replace(version, why="", ended_why="", signatures=tuple(given))


def signature_view(row: Mapping[str, Any], prefix: str = "") -> SignatureView:
    """A signature from its row of plain values, as such or as JSON gives them; `prefix` when it was read beside its
    version."""
    given = {name: row[f"{prefix}{name}"] for name in SIGNATURE}
    recorded = given["how"] != SignedHow.SELF
    by = ", ".join(filter(None, (given["by"], given["organisation"])))
    return SignatureView(
        **{name: given[name] for name in ("party", "role", "reason")},
        relative_id=key(given["relative_id"]),
        said_on=day(given["said_on"]),
        signer_id=key(given["signer_user_id"] if recorded else given["by_id"]),
        name=given["signer"] if recorded else given["by"],
        answer=SignatureAnswer(given["answer"]),
        at=moment(given["created_at"]),
        how=SignedHow(given["how"]),
        recorded_by=by if recorded else "",
    )


def ways_to_hear(has_account: bool) -> tuple[SignedHow, ...]:
    """In which ways an answer may be recorded for somebody.

    Consent asks for no form, and what was said by telephone counts (BW 7:450, 7:454); but who has an account and is
    there in person signs there, so that nobody need ask later whose hand it was.
    """
    from_afar = (SignedHow.TELEPHONE, SignedHow.PAPER)
    return from_afar if has_account else (SignedHow.IN_PERSON, *from_afar)


def may_be_heard(given: Sequence[SignatureView], party: str, relative_id: UUID | None) -> bool:
    """Whether an answer on this version may still be recorded for somebody: what that person signed is that
    person's own, and only that person changes it."""
    own = [one for one in given if (one.party, one.relative_id) == (party, relative_id)]
    return not any(one.how is SignedHow.SELF for one in own)


def check_heard(heard: Heard, has_account: bool, offered_on: date, on: date) -> None:
    """Raises Invalid, with the field, for an answer that cannot have been given like this."""
    if heard.how not in ways_to_hear(has_account):
        raise Invalid("signs_there", fields=("how",))
    if not offered_on <= heard.said_on <= on:
        raise Invalid("said_before_offered", fields=("said_on",), day=offered_on)
    if not heard.yes and not heard.reason.strip():
        raise Invalid("reason_required", fields=("reason",))


def approver_role(team: Iterable[str]) -> Role | None:
    """Who approves: the paediatrician, who is medically responsible, or the GP where there is none in the team."""
    roles = set(team)
    return next((role for role in (Role.PAEDIATRICIAN, Role.GP) if role in roles), None)


def signers(must_agree: Sequence[MustAgree], given: Sequence[SignatureView]) -> tuple[Signer, ...]:
    """Who must agree, each with the last thing that person said. `given` is in order of time."""
    last = {(one.party, one.relative_id): one for one in given}
    rows = [(one, last.get((str(one.party), one.relative_id))) for one in must_agree]
    return tuple(
        Signer(
            party=str(one.party), relative_id=one.relative_id, name=said.name if said else "", signature=said
        )
        for one, said in rows
    )


def signers_of(given: Sequence[SignatureView]) -> tuple[Signer, ...]:
    """The family members who said something, each with the last thing said. `given` is in order of time."""
    last = {(one.party, one.relative_id): one for one in given if one.party != APPROVER}
    return tuple(
        Signer(party=one.party, relative_id=one.relative_id, name=one.name, signature=one)
        for one in last.values()
    )


def family_agrees(asked: Sequence[Signer]) -> bool:
    """Whether everyone who must agree said yes last; nobody to ask is no agreement."""
    said = [one.signature.answer if one.signature else None for one in asked]
    return bool(said) and all(answer is SignatureAnswer.YES for answer in said)


def family_disagrees(asked: Sequence[Signer]) -> bool:
    """Whether somebody who must agree said no last ("ouders zijn het niet eens")."""
    return any(one.signature and one.signature.answer is SignatureAnswer.NO for one in asked)


def family_differs(given: Sequence[SignatureView]) -> bool:
    """Whether of the family one said yes last and another no: they decide together, so the version waits."""
    last = {(one.party, one.relative_id): one.answer for one in given if one.party != APPROVER}
    return {SignatureAnswer.YES, SignatureAnswer.NO} <= set(last.values())


def approver_said(given: Sequence[SignatureView]) -> SignatureAnswer | None:
    """What the approver said last. `given` is in order of time."""
    said = [one.answer for one in given if one.party == APPROVER]
    return said[-1] if said else None


def standing(
    status: VersionStatus, practical: bool, asked: Sequence[Signer], given: Sequence[SignatureView]
) -> Standing:
    """Where a version waits, or what it is."""
    said = approver_said(given)
    match status:
        case VersionStatus.DRAFT:
            return Standing.DRAFTED
        case VersionStatus.OFFERED | VersionStatus.AGREED | VersionStatus.APPROVED:
            if family_disagrees(asked):
                return Standing.FAMILY_DISAGREES
            if said is SignatureAnswer.NO:
                return Standing.NOT_APPROVED
            return Standing.WAITS_FOR_APPROVAL if family_agrees(asked) else Standing.WAITS_FOR_FAMILY
        case VersionStatus.IN_FORCE:
            if said in (SignatureAnswer.OBJECTS, SignatureAnswer.NO):
                return Standing.IN_FORCE_OBJECTED
            return Standing.IN_FORCE_TO_LOOK_AT if practical and said is None else Standing.IN_FORCE
        case _:
            return Standing.SUPERSEDED if status is VersionStatus.SUPERSEDED else Standing.WITHDRAWN


def waits_for(person_id: UUID, version: VersionView, asked: AskedOfVersion) -> tuple[str, ...]:
    """What a version waits for from this person, as codes for the start page."""
    said = approver_said(version.signatures)
    mine = [one.answer for one in version.signatures if one.signer_id == person_id]
    last = {(one.party, one.relative_id): one.answer for one in version.signatures}
    offered = version.status in (VersionStatus.OFFERED, VersionStatus.AGREED)
    in_force = version.status is VersionStatus.IN_FORCE
    codes = {
        "plan_to_offer": asked.offer and version.status is VersionStatus.DRAFT,
        "plan_to_sign": asked.sign and version.status is VersionStatus.OFFERED and not mine,
        "plan_to_hear": asked.hear and version.status is VersionStatus.OFFERED,
        "plan_to_approve": asked.approve and offered and said is None,
        "plan_to_look_at": asked.approve and in_force and version.practical and said is None,
        "plan_disagreed": asked.offer and offered and SignatureAnswer.NO in last.values(),
        "parents_differ": (asked.sign or asked.guide) and offered and family_differs(version.signatures),
        "plan_objected": asked.offer and in_force and said is SignatureAnswer.OBJECTS,
    }
    return tuple(code for code, waits in codes.items() if waits)
