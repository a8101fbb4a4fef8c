"""Anyone may propose: what a proposal is about, where it stands, who sees it and who decides. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from kindzorg.access.policy import EVERY_DOMAIN
from kindzorg.access.roles import Role
from kindzorg.careplan.agreements.rules import AgreementContent
from kindzorg.careplan.goals.rules import GoalContent
from kindzorg.careplan.versions.rules import VersionStatus
from kindzorg.core.errors import Invalid, Refused
from kindzorg.core.vocabulary import LifeDomain

# Who decides where nobody of the organisation that made an agreement can.
DECIDERS = (Role.LEVEL5_NURSE, Role.PAEDIATRIC_NURSE, Role.COORDINATOR)


class ProposalKind(StrEnum):
    """What a proposal is about."""

    GOAL = "goal"
    AGREEMENT = "agreement"
    NEW_GOAL = "new_goal"
    NEW_AGREEMENT = "new_agreement"
    PLAN = "plan"


class ProposalState(StrEnum):
    """Where a proposal stands: its last step; open while it has none."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


# Accepted means: into the draft. Whether it came into force follows from that draft.
PROPOSAL_STEPS: Mapping[tuple[ProposalState, ProposalState], str] = {
    (ProposalState.OPEN, ProposalState.ACCEPTED): "accepted",
    (ProposalState.OPEN, ProposalState.DECLINED): "declined",
    (ProposalState.OPEN, ProposalState.WITHDRAWN): "withdrawn",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProposal:
    """A proposal as it is made. `goal_id` with a new agreement is the goal that it is to serve; with `keep` a child
    keeps it from its parents from the start. `written_in`: in which language, empty for Dutch."""

    kind: ProposalKind
    what: str
    why: str = ""
    goal_id: UUID | None = None
    agreement_id: UUID | None = None
    domain: LifeDomain | None = None
    words: str = ""
    where: str = ""
    when: str = ""
    keep: bool = False
    written_in: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """How a proposal is taken into the draft: the content as the one who decides worded it, or None for the wording
    of the proposal; and the revision in the draft that was seen then."""

    content: GoalContent | AgreementContent | None = None
    revision: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Landed:
    """The version in which an accepted proposal ended up."""

    number: int
    status: VersionStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalView:
    """A proposal with where it stands. `about` are the words of the goal or agreement that it is about, as they are
    in the plan, `now_*` where and when it is done; `answered_*` and `reason` are of the last step. `landed` is the
    version into which it was accepted.

    `mine`: the reader made it. `decides`: the reader is the one to decide on it. `kept`: the mark by which the child
    keeps it from its parents.
    """

    id: UUID
    kind: ProposalKind
    goal_id: UUID | None
    agreement_id: UUID | None
    domain: LifeDomain | None
    about: str
    what: str
    why: str
    words: str
    where: str
    when: str
    by: str
    role: str
    organisation: str
    on_behalf_of: str
    at: datetime
    state: ProposalState
    reason: str = ""
    answered_by: str = ""
    answered_at: datetime | None = None
    landed: Landed | None = None
    mine: bool = False
    decides: bool = False
    now_where: str = ""
    now_when: str = ""
    kept: UUID | None = None

    @property
    def open(self) -> bool:
        """Whether nobody decided on it yet."""
        return self.state is ProposalState.OPEN

    @property
    def worded(self) -> bool:
        """Whether it says itself how it would read, so that it can be taken over as it stands."""
        return bool(self.words or self.where or self.when)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """How what a proposal is about reads in the draft, and its revision there; of the plan while there is none."""

    words: str = ""
    where: str = ""
    when: str = ""
    revision: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSight:
    """What of a plan somebody may see, as far as proposals go: the life domains, whether the whole plan or only the
    own part of it; the grounds of law, by their word, on which an agreement is kept from that one; and whether what a
    child keeps from its parents is kept from that one."""

    domains: frozenset[LifeDomain]
    whole: bool = True
    closed_grounds: frozenset[str] = frozenset()
    parental: bool = False

    @property
    def all(self) -> bool:
        """Whether nothing is closed."""
        return self.domains == frozenset(LifeDomain)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Of what a proposal is, for who may see it: its domains (none known: of anything), the ground of its agreement,
    whether it is of the reader's own part of the plan, whether the reader made it; and whether a child keeps it from
    its parents."""

    domains: Collection[LifeDomain] = field(default_factory=frozenset)
    ground: str = ""
    own_part: bool = False
    mine: bool = False
    kept: bool = False


def may_see(sight: PlanSight, shown: Shown) -> bool:
    """Whether a proposal shows to somebody: who sees the thing it is about sees it; what can be about anything is for
    who sees every domain; of a plan of which one reads only a part, the own part and what one proposed. What a child
    keeps from its parents shows to none of its family (BW 7:457(3), Jeugdwet 7.3.11)."""
    if shown.ground in sight.closed_grounds or (shown.kept and sight.parental):
        return False
    if not sight.all and not sight.domains & frozenset(shown.domains):
        return False
    return sight.whole or shown.mine or shown.own_part


def hears(open_to: frozenset[LifeDomain], about: frozenset[LifeDomain], *, decides: bool) -> bool:
    """Whether somebody is told of a proposal about these domains; about none by name is about the whole plan.

    Who decides must see all of it; who made it, the thing that it is about, as in `may_see`.
    """
    if decides or not about:
        return (about or EVERY_DOMAIN) <= open_to
    return bool(about & open_to)


def check_proposal(new: NewProposal) -> None:
    """Raises Invalid, with the field, when a proposal says too little."""
    if not new.what.strip():
        raise Invalid("proposal_what_required", fields=("what",))
    of_domain = new.kind is ProposalKind.NEW_GOAL or (
        new.kind is ProposalKind.NEW_AGREEMENT and new.goal_id is None
    )
    if of_domain and new.domain is None:
        raise Invalid("proposal_domain_required", fields=("domain",))


def proposal_step(start: ProposalState, end: ProposalState, reason: str) -> str:
    """Why a proposal may take this step. Raises Invalid for one the table has not, or a "no" without its reason."""
    if (start, end) not in PROPOSAL_STEPS:
        raise Invalid("proposal_answered_already", state=start)
    if end is ProposalState.DECLINED and not reason.strip():
        raise Invalid("reason_required", fields=("reason",))
    return PROPOSAL_STEPS[start, end]


def deciding_houses(owner: UUID | None, members: Iterable[tuple[UUID | None, str]]) -> frozenset[UUID] | None:
    """The organisations whose people decide: the owner of the agreement, where one of its people in the team can;
    else None: the nurse or coordinator of any. `members` are the organisation and role of those in the team."""
    can = {house for house, role in members if role in DECIDERS}
    return frozenset({owner}) if owner is not None and owner in can else None


def check_decider(houses: frozenset[UUID] | None, organisation_id: UUID | None) -> None:
    """Raises Refused when it is for the people of another organisation to decide."""
    if houses is not None and organisation_id not in houses:
        raise Refused("other_house_decides")


def reworded_goal(now: GoalContent, words: str) -> GoalContent:
    """A goal as a proposal words it."""
    return replace(now, words=words or now.words)


def reworded_agreement(now: AgreementContent, proposal: NewProposal) -> AgreementContent:
    """An agreement as a proposal words it; what it leaves open stays."""
    return replace(
        now,
        what=proposal.words or now.what,
        where=proposal.where or now.where,
        when=proposal.when or now.when,
    )


def begun_goal(proposal: NewProposal) -> GoalContent:
    """A new goal as a proposal begins it."""
    domains = (proposal.domain,) if proposal.domain else ()
    return GoalContent(words=proposal.words or proposal.what, domains=domains)


def begun_agreement(proposal: NewProposal) -> AgreementContent:
    """A new agreement as a proposal begins it; who does it and who pays is for who writes the draft."""
    return AgreementContent(
        what=proposal.words or proposal.what,
        where=proposal.where,
        when=proposal.when,
        goal_id=proposal.goal_id,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """A version, as far as it says where a proposal went."""

    id: UUID
    number: int
    status: VersionStatus
    based_on: UUID | None


def landed(version_id: UUID | None, versions: Iterable[VersionRow]) -> Landed | None:
    """Where what was accepted into a draft is now: that version; where it was withdrawn, the one that went on from
    it."""
    rows = tuple(versions)
    found: VersionRow | None = next((one for one in rows if one.id == version_id), None)
    while found is not None and found.status is VersionStatus.WITHDRAWN:
        after = [one for one in rows if one.based_on == found.id]
        if not after:
            break
        found = max(after, key=lambda one: one.number)
    return Landed(number=found.number, status=found.status) if found else None
