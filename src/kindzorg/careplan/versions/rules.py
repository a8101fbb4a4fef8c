"""The life of a version of the plan. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from kindzorg.core.errors import Invalid
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
    """A signature as it was given. `party` is a SigningParty word or "approver"."""

    party: str
    relative_id: UUID | None
    signer_id: UUID
    name: str
    role: str
    answer: SignatureAnswer
    reason: str
    at: datetime


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


# The columns that a view of a version and of a signature are read from.
VERSION = (
    *("id", "number", "status", "why", "practical", "created_at"),
    *("offered_at", "agreed_at", "approved_at", "in_force_at", "ended_at", "ended_why"),
)
SIGNATURE = ("party", "relative_id", "by_id", "by", "role", "answer", "reason", "created_at")


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


def version_view(
    row: Mapping[str, Any], signatures: tuple[SignatureView, ...] = ()
) -> VersionView:
    """A version from its row of plain values."""
    kept = {name: row[name] for name in VERSION if name != "status"}
    return VersionView(
        **kept, status=VersionStatus(row["status"]), drafted_by=row["by"], signatures=signatures
    )


def signature_view(row: Mapping[str, Any], prefix: str = "") -> SignatureView:
    """A signature from its row of plain values; `prefix` when it was read beside its version."""
    return SignatureView(
        party=row[f"{prefix}party"],
        relative_id=row[f"{prefix}relative_id"],
        signer_id=row[f"{prefix}by_id"],
        name=row[f"{prefix}by"],
        role=row[f"{prefix}role"],
        answer=SignatureAnswer(row[f"{prefix}answer"]),
        reason=row[f"{prefix}reason"],
        at=row[f"{prefix}created_at"],
    )
