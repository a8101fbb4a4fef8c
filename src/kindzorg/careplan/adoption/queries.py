"""Content of versions, who must agree, what is missing, what changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Concat

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.access.roles import Role
from kindzorg.careplan.adoption import rules
from kindzorg.careplan.adoption.rules import Content, Difference, Lack
from kindzorg.careplan.agreements.queries import last_state, unsettled
from kindzorg.careplan.agreements.rules import (
    AgreementContent,
    AgreementState,
    Carried,
    agreement_content,
    ground_of,
)
from kindzorg.careplan.goals.queries import unseen_needs, unseen_with
from kindzorg.careplan.goals.rules import NoGoalContent, goal_content, served_need
from kindzorg.careplan.models import (
    AgreementTerms,
    DomainChoice,
    GoalText,
    PlanVersion,
    Removal,
)
from kindzorg.careplan.versions import rules as version_rules
from kindzorg.careplan.versions.rules import (
    APPROVER,
    UNDER_WAY,
    VERSION,
    Signing,
    VersionStatus,
    VersionView,
    plan_need,
    unoffered,
    version_seen,
    version_view,
)
from kindzorg.careteam.models import Membership, ParentalAuthority, Representation
from kindzorg.careteam.queries import no_court_keeps, side_of
from kindzorg.careteam.representation.rules import InForce, RepresentationKind, first_in_line
from kindzorg.careteam.rules import MustAgree, must_agree
from kindzorg.core.errors import Missing, Refused
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.needs.marked import handovers_kept
from kindzorg.people.models import Child, User

HOLDER, REPRESENTS = "holds_authority", "represents:"


def content_of(actor: Actor, version: PlanVersion) -> Content:
    """All content of a version by identity, in four statements whatever its size."""
    return contents_of(actor, {version.id: version.needs})[version.id]


def contents_of(actor: Actor, needs: Mapping[UUID, Sequence[Mapping[str, Any]]]) -> dict[UUID, Content]:
    """All content of these versions, in four statements however many; `needs` are what each of them keeps."""
    parts: tuple[dict[UUID, dict[Any, Any]], ...] = tuple({key: {} for key in needs} for _ in range(6))
    goals, agreements, no_goals, removed, replaced, carried = parts
    row: Mapping[str, Any]
    for row in GoalText.objects.filter(version__in=needs).order_by("goal_id").values():
        goals[row["version_id"]][row["goal_id"]] = goal_content(row)
    for row in AgreementTerms.objects.filter(version__in=needs).order_by("agreement_id").values():
        agreements[row["version_id"]][row["agreement_id"]] = agreement_content(row)
        if row["carried"]:
            carried[row["version_id"]][row["agreement_id"]] = Carried(row["carried"])
    for row in DomainChoice.objects.filter(version__in=needs).order_by("id").values():
        no_goals[row["version_id"]][row["need_key"]] = NoGoalContent(
            need=served_need(row["need"]), domain=LifeDomain(row["domain"]), why=row["why"]
        )
    lost = Removal.objects.filter(version__in=needs).annotate(key=Coalesce("goal_id", "agreement_id"))
    for row in lost.values("version_id", "key", "reason", "replaced_by_id"):
        removed[row["version_id"]][row["key"]] = row["reason"]
        if row["replaced_by_id"] is not None:
            replaced[row["version_id"]][row["key"]] = row["replaced_by_id"]
    return {
        key: Content(
            goals=goals[key],
            agreements=agreements[key],
            no_goals=no_goals[key],
            needs=tuple(map(plan_need, stored)),
            removed=removed[key],
            replaced=replaced[key],
            carried=carried[key],
        )
        for key, stored in needs.items()
    }


@dataclass(frozen=True, slots=True)
class Deciders:
    """Who decides on the plan of a child on a day: who must agree, the names of the holders and representatives, who
    approves.

    `accounts` are those of the family by relative, `approvers` those of the members in the approving role.
    """

    must_agree: tuple[MustAgree, ...]
    names: Mapping[UUID, str]
    accounts: Mapping[UUID, UUID]
    approver: Role | None
    approvers: tuple[UUID, ...]


def deciders_for(actor: Actor, subject: Subject, on: date) -> Deciders:
    """Who must agree, and which role approves (None without paediatrician and GP in the team). One statement."""
    policy.require(actor, "child.open", subject, on)
    now = Q(child_id=subject.child_id, starts__lte=on) & (Q(until__isnull=True) | Q(until__gt=on))
    roles = Membership.objects.filter(now).values_list(
        "role", F("child_id"), Value(""), F("professional__user_id"), F("starts")
    )
    holders = ParentalAuthority.objects.filter(now, no_court_keeps(on)).values_list(
        Value(HOLDER), "relative_id", "relative__name", "relative__user_id", F("starts")
    )
    grown = Representation.objects.filter(now, no_court_keeps(on)).values_list(
        Concat(Value(REPRESENTS), "kind"), "relative_id", "relative__name", "relative__user_id", F("starts")
    )
    rows = sorted(roles.union(holders, grown), key=lambda row: (row[4], str(row[1])))
    held = [row for row in rows if row[0] == HOLDER]
    first = first_in_line(
        InForce(RepresentationKind(word.removeprefix(REPRESENTS)), key, name, user)
        for word, key, name, user, _ in rows
        if word.startswith(REPRESENTS)
    )
    approver = version_rules.approver_role(row[0] for row in rows if row[0] in set(Role))
    names = {key: name for _, key, name, _, _ in held}
    for_it = {one.relative_id: one.name for one in first}
    people = [(key, user) for _, key, _, user, _ in held] + [(one.relative_id, one.user_id) for one in first]
    return Deciders(
        must_agree=must_agree(
            subject.birth_date, names, on, can_decide=subject.can_decide, representatives=for_it
        ),
        names={**names, **for_it},
        accounts={key: user for key, user in people if user is not None},
        approver=approver,
        approvers=tuple(user for word, _, _, user, _ in rows if word == approver and user is not None),
    )


@dataclass(frozen=True, slots=True)
class ToHear:
    """Somebody who must agree and whose answer may be recorded: in which quality, the name, the account if any."""

    asked: MustAgree
    name: str
    account: UUID | None


def signer_to_hear(actor: Actor, subject: Subject, relative_id: UUID | None, on: date) -> ToHear:
    """Who must agree, by relative or the child itself (None). An account that is closed counts as none.

    Raises Missing for who need not agree; Refused when the actor must agree as well: then others hear.
    """
    policy.require(actor, "plan.record_answer", subject, on)
    deciders = deciders_for(actor, subject, on)
    asked = next((one for one in deciders.must_agree if one.relative_id == relative_id), None)
    if asked is None:
        raise Missing("not_asked_to_agree", child_id=subject.child_id)
    child = Child.objects.get(id=subject.child_id)

    def account_of(one: MustAgree) -> UUID | None:
        return deciders.accounts.get(one.relative_id) if one.relative_id else child.user_id

    if actor.id in map(account_of, deciders.must_agree):
        raise Refused("signs_own", child_id=subject.child_id)
    name = deciders.names[relative_id] if relative_id else str(child)
    account = account_of(asked)
    open_one = account is not None and User.objects.filter(id=account, is_active=True).exists()
    return ToHear(asked, name, account if open_one else None)


def signing_for(actor: Actor, subject: Subject, version: VersionView, on: date) -> Signing:
    """Who must agree to a version and what each last said, who approves, and where it waits. One statement.

    Once the deciding is over: who said something, not who would be asked today.
    """
    policy.require(actor, "plan.read", subject, on)
    deciders = deciders_for(actor, subject, on)
    asked = tuple(
        replace(one, name=deciders.names.get(one.relative_id, "") if one.relative_id else "")
        for one in version_rules.signers(deciders.must_agree, version.signatures)
    )
    if version.status not in UNDER_WAY:
        asked = version_rules.signers_of(version.signatures)
    approvals = [one for one in version.signatures if one.party == APPROVER]
    return Signing(
        asked=asked,
        approver=deciders.approver,
        approval=approvals[-1] if approvals else None,
        standing=version_rules.standing(version.status, version.practical, asked, version.signatures),
    )


def lacks_of(
    actor: Actor, subject: Subject, content: Content, on: date, *, unsettled: bool
) -> tuple[Lack, ...]:
    """What this content lacks, with who must agree and who approves looked up.

    A need that is not there for the actor lacks nothing: else the refusal would tell of it.
    """
    content = rules.content_as_seen(content, unseen_needs(actor, subject, on))
    deciders = deciders_for(actor, subject, on)
    return rules.missing_before_offer(
        content, on, must_agree=deciders.must_agree, approver=deciders.approver, unsettled=unsettled
    )


def leaves_unsettled(actor: Actor, draft: PlanVersion) -> bool:
    """Whether a draft does not say yet of every open agreement of the plan in force what becomes of it."""
    rows = PlanVersion.objects.filter(id=draft.id).values_list(unsettled(), flat=True)
    return bool(rows[0])


@dataclass(frozen=True, slots=True)
class VersionChanges:
    """What changed in a version, from the one it was made from (`based_on`; None: from nothing).

    `goals` are the words of the goals in it that the reader may see, `agreements` what its agreements say.
    """

    version: VersionView
    based_on: int | None
    goals: Mapping[UUID, str]
    agreements: Mapping[UUID, AgreementContent]
    differences: tuple[Difference, ...]


def changes_in(actor: Actor, subject: Subject, number: int, on: date) -> VersionChanges:
    """What changed in a version by its number, of what the actor may read. Five statements. Raises Missing."""
    policy.require(actor, "plan.read", subject, on)
    rows = PlanVersion.objects.filter(child_id=subject.child_id, number=number).order_by("-plan_id")
    old = {f"old_{name}": F(f"based_on__{name}") for name in ("id", "number", "needs")}
    side = side_of(actor, subject, on)
    kept = {"kept": handovers_kept(subject.child_id, side, on)} if side else {}
    row = rows.values("by", "needs", *VERSION, **old, **kept).first()
    hidden = row is not None and unoffered(row["status"], row["offered_at"])
    if row is None or (hidden and not policy.may(actor, "plan.draft", subject, on)):
        raise Missing("no_such_version", number=number)
    needs = {row["id"]: row["needs"], row["old_id"]: row["old_needs"]}
    found = contents_of(actor, {key: value for key, value in needs.items() if key})
    before, after = found.get(row["old_id"], Content()), found[row["id"]]
    seen, unseen = policy.may_domains(actor, "plan.read", subject, on), unseen_with(actor, row.get("kept"))
    before, after = rules.content_as_seen(before, unseen), rules.content_as_seen(after, unseen)
    if policy.role_for(actor, subject, on) in (Role.CHILD, Role.YOUNG_PERSON):
        before, after = rules.content_as_child_reads(before), rules.content_as_child_reads(after)
        before, after = (_inspected(actor, subject, on, one) for one in (before, after))
    touched = [one for one in rules.differences(before, after) if _touches(one.id, before, after) & seen]
    told = {key for key in after.agreements if _touches(key, before, after) & seen}
    touched = [one if one.replaced_by in told else replace(one, replaced_by=None) for one in touched]
    return VersionChanges(
        version=version_seen(version_view(row), seen, actor.id),
        based_on=row["old_number"],
        goals={key: goal.words for key, goal in after.goals.items() if seen & set(goal.domains)},
        agreements=after.agreements,
        differences=tuple(touched),
    )


def _inspected(actor: Actor, subject: Subject, on: date, content: Content) -> Content:
    """Without the agreements whose legal ground keeps them from a child of this age."""
    shown = {
        key: one
        for key, one in content.agreements.items()
        if policy.may_inspect(actor, subject, ground_of(one.law), on)
    }
    return replace(content, agreements=shown)


def _touches(key: UUID | str, before: Content, after: Content) -> frozenset[LifeDomain]:
    """The domains of an item in either version; of an agreement those of its why."""
    found = rules.domains_of(before, key) | rules.domains_of(after, key)
    return found or frozenset(LifeDomain)


def content_in_force(
    actor: Actor, subject: Subject, plan_id: UUID
) -> tuple[PlanVersion | None, Content | None]:
    """The version in force of this plan with its content, if there is one."""
    version = PlanVersion.objects.filter(plan_id=plan_id, status=VersionStatus.IN_FORCE).first()
    return version, content_of(actor, version) if version else None


def agreement_states(actor: Actor, version: PlanVersion | None) -> Mapping[UUID, AgreementState]:
    """Where the agreements of a version stand now, those that were ever asked."""
    rows = AgreementTerms.objects.filter(version=version).annotate(state=last_state())
    return {key: AgreementState(state) for key, state in rows.values_list("agreement_id", "state") if state}
