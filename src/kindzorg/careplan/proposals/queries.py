"""Proposals as somebody may see them: who sees the thing it is about sees the proposal."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.access.roles import Role
from kindzorg.careplan.models import AgreementTerms, GoalText, PlanVersion
from kindzorg.careplan.proposals import rules
from kindzorg.careplan.proposals.models import Proposal, ProposalStep
from kindzorg.careplan.proposals.rules import (
    Drafted,
    PlanSight,
    ProposalKind,
    ProposalState,
    ProposalView,
    VersionRow,
)
from kindzorg.careplan.reading import SIGHT, shown_of, with_sight
from kindzorg.careplan.versions.rules import VersionStatus
from kindzorg.careteam.models import Mark, Membership
from kindzorg.careteam.queries import OpenedChild, in_force, side_of
from kindzorg.careteam.rules import HidesFrom
from kindzorg.core.errors import Missing, Refused
from kindzorg.core.plain import key, moment
from kindzorg.core.statements import Later, Listed, Nested
from kindzorg.core.vocabulary import Ground, LifeDomain
from kindzorg.journey.rules import Waiting
from kindzorg.journey.waiting import WaitingRows, waiting_rows
from kindzorg.record.translated.rules import Original, WordsOf, fields_with_words

FIELDS = ("id", "goal_id", "agreement_id", "what", "why", "words", "where", "when")
SAID = ("by", "role", "organisation", "on_behalf_of")


def sight_of(actor: Actor, subject: Subject, on: date) -> PlanSight:
    """What of the plan the actor may see. Costs no statement. Raises Refused for who sees nothing of it."""
    whole = policy.may(actor, "plan.read", subject, on)
    leave = policy.require(actor, "plan.read" if whole else "plan.read_part", subject, on)
    closed: Iterable[Ground] = ()
    if policy.role_for(actor, subject, on) in (Role.CHILD, Role.YOUNG_PERSON):
        closed = (one for one in Ground if not policy.may_inspect(actor, subject, one, on))
    return PlanSight(
        domains=policy.may_domains(actor, leave.permission, subject, on),
        whole=whole,
        closed_grounds=frozenset(map(str, closed)),
        parental=side_of(actor, subject, on) == HidesFrom.PARENTS,
    )


def _last_step() -> Subquery:
    """The last step of a proposal as JSON, inside the statement that reads the proposals."""
    steps = ProposalStep.objects.filter(proposal_id=OuterRef("id")).order_by("-created_at", "-id")
    names = ("state", "reason", "by", "version_id", "goal_id", "agreement_id")
    return Subquery(steps.values(json=JSONObject(**{n: F(n) for n in names}, at=F("created_at")))[:1])


def _kept(on: date) -> Subquery:
    """The mark by which a child keeps the proposal of the row outside from its parents."""
    marks = Mark.objects.filter(in_force(on), object_id=OuterRef("id"), hides_from=HidesFrom.PARENTS)
    return Subquery(marks.order_by("id").values("id")[:1])


def proposals_for(
    actor: Actor, subject: Subject, on: date, about: UUID | None = None, *, open_only: bool = False
) -> tuple[ProposalView, ...]:
    """The proposals for the plan that the actor may see, newest first; with `about` those on one goal or agreement,
    or that it was made from. One statement, however many there are."""
    return proposals_later(actor, subject, on, about, open_only=open_only).now()


def proposals_later(
    actor: Actor, subject: Subject, on: date, about: UUID | None = None, *, open_only: bool = False
) -> Later[tuple[ProposalView, ...]]:
    """The same, not asked for yet."""
    rows = Proposal.objects.filter(child_id=subject.child_id)
    if about:
        became = ProposalStep.objects.filter(
            Q(goal_id=about) | Q(agreement_id=about), child_id=subject.child_id
        )
        rows = rows.filter(Q(goal_id=about) | Q(agreement_id=about) | Q(id__in=became.values("proposal_id")))
    return _later(actor, subject, on, sight_of(actor, subject, on), _rows(rows, on, open_only=open_only))


def _later(
    actor: Actor, subject: Subject, on: date, sight: PlanSight, rows: QuerySet[Any, Any]
) -> Later[tuple[ProposalView, ...]]:
    def read(found: Iterable[Mapping[str, Any]]) -> tuple[ProposalView, ...]:
        seen = [row for row in found if rules.may_see(sight, shown_of(actor, row))]
        return _views(actor, subject, on, seen)

    return Later((rows,), read)


def proposal_for(actor: Actor, subject: Subject, proposal_id: UUID, on: date) -> ProposalView:
    """One proposal. Raises Missing, also where the actor may not see what it is about."""
    sight = sight_of(actor, subject, on)
    found = _rows(Proposal.objects.filter(child_id=subject.child_id, id=proposal_id), on)
    seen = [row for row in found if rules.may_see(sight, shown_of(actor, row))]
    if not seen:
        raise Missing("no_such_proposal", proposal_id=proposal_id)
    return _views(actor, subject, on, seen)[0]


def original_for(actor: Actor, subject: Subject, proposal_id: UUID, on: date) -> Original:
    """The words of a proposal that this actor may read. Raises Missing."""
    return original_of(actor, proposal_for(actor, subject, proposal_id, on))


def original_of(actor: Actor, one: ProposalView) -> Original:
    """The same of a proposal that this actor read."""
    names = ("what", "why", "words", "where", "when")
    return Original(
        of=WordsOf.PROPOSAL,
        object_id=one.id,
        said_at=one.at,
        words=fields_with_words({name: getattr(one, name) for name in names}, names),
        permission="proposal.make",
        shown_id=one.id,
    )


def _rows(rows: QuerySet[Proposal], on: date, *, open_only: bool = False) -> QuerySet[Any, Any]:
    if open_only:
        rows = rows.exclude(steps__isnull=False)
    named = with_sight(rows).annotate(last=_last_step(), versions=Listed(_versions()), kept=_kept(on))
    names = ("kind", "domain", "by_id", "created_at", *FIELDS, *SAID)
    added = (*SIGHT, "last", "versions", "members", "kept")
    return named.annotate(members=_members(on)).order_by("-created_at", "-id").values(*names, *added)


def _views(
    actor: Actor, subject: Subject, on: date, rows: Iterable[Mapping[str, Any]]
) -> tuple[ProposalView, ...]:
    may = policy.may(actor, "proposal.decide", subject, on)
    return tuple(_view(actor, row, may) for row in rows)


def _versions() -> QuerySet[Any, Any]:
    """The versions of the plans of the child of the row outside, as far as they say where a proposal went."""
    rows = PlanVersion.objects.filter(child_id=OuterRef("child_id")).order_by("id")
    return rows.values(item=JSONObject(id="id", number="number", status="status", based_on="based_on_id"))


def _members(on: date) -> Listed:
    """Organisation and role of those who take part in the care of the child of the row outside and could decide."""
    rows = Membership.objects.filter(in_force(on), child_id=OuterRef("child_id"), role__in=rules.DECIDERS)
    return Listed(rows.order_by("id").values(item=JSONObject(house="organisation_id", role="role")))


def _team(row: Mapping[str, Any]) -> list[tuple[UUID | None, str]]:
    return [(key(one["house"]), one["role"]) for one in row["members"]]


def members_of(actor: Actor, subject: Subject, on: date) -> tuple[tuple[UUID | None, str], ...]:
    """Organisation and role of those who take part in the care of a child and could decide. One statement."""
    rows = Membership.objects.filter(in_force(on), child_id=subject.child_id, role__in=rules.DECIDERS)
    return tuple(rows.values_list("organisation_id", "role"))


def _version(one: Mapping[str, Any]) -> VersionRow:
    status, made = VersionStatus(one["status"]), UUID(one["id"])
    return VersionRow(id=made, number=one["number"], status=status, based_on=key(one["based_on"]))


def _view(actor: Actor, row: Mapping[str, Any], may: bool) -> ProposalView:
    last, terms, text = row["last"] or {}, row["terms"] or {}, row["text"] or {}
    decides = may and not last and _decides(actor, key(terms.get("owner")), _team(row))
    goal, agreement = key(last.get("goal_id")), key(last.get("agreement_id"))
    return ProposalView(
        **{name: row[name] for name in ("id", "what", "why", "words", "where", "when", *SAID)},
        kind=ProposalKind(row["kind"]),
        goal_id=row["goal_id"] or goal,
        agreement_id=row["agreement_id"] or agreement,
        domain=LifeDomain(row["domain"]) if row["domain"] else None,
        about=terms.get("what") or text.get("words", ""),
        now_where=terms.get("where", ""),
        now_when=terms.get("when", ""),
        at=row["created_at"],
        state=ProposalState(last.get("state", ProposalState.OPEN)),
        reason=last.get("reason", ""),
        answered_by=last.get("by", ""),
        answered_at=moment(last["at"]) if last else None,
        landed=rules.landed(key(last.get("version_id")), map(_version, row["versions"])),
        mine=row["by_id"] == actor.id,
        decides=decides,
        kept=row["kept"],
    )


def _decides(actor: Actor, owner: UUID | None, members: Iterable[tuple[UUID | None, str]]) -> bool:
    try:
        rules.check_decider(rules.deciding_houses(owner, members), actor.organisation_id)
    except Refused:
        return False
    return True


def deciders_of(actor: Actor, subject: Subject, owner: UUID | None, on: date) -> set[UUID]:
    """The accounts of those who decide on a proposal about an agreement of this owner, or of nobody's."""
    rows = Membership.objects.filter(in_force(on), child_id=subject.child_id, role__in=rules.DECIDERS)
    found = list(rows.values_list("organisation_id", "role", "professional__user_id"))
    houses = rules.deciding_houses(owner, ((house, role) for house, role, _ in found))
    return {user for house, _, user in found if houses is None or house in houses} - {None}


def domains_of(actor: Actor, proposal_id: UUID) -> frozenset[LifeDomain]:
    """The life domains of what a proposal is about; empty: of anything. One statement."""
    (row,) = with_sight(Proposal.objects.filter(id=proposal_id)).values("domain", "by_id", *SIGHT)
    return frozenset(shown_of(actor, row).domains)


def drafted_for(actor: Actor, subject: Subject, found: ProposalView, on: date) -> Drafted:
    """How what a proposal is about reads in the draft, for who takes it in. One statement."""
    policy.require(actor, "proposal.decide", subject, on)
    of_draft = {"version__status": VersionStatus.DRAFT, "child_id": subject.child_id}
    row: Mapping[str, Any] | None
    if found.kind is ProposalKind.GOAL and found.goal_id:
        row = GoalText.objects.filter(**of_draft, goal_id=found.goal_id).values("revision", "words").first()
    elif found.kind is ProposalKind.AGREEMENT and found.agreement_id:
        named = {"words": F("what")}
        terms = AgreementTerms.objects.filter(**of_draft, agreement_id=found.agreement_id)
        row = terms.values("revision", "where", "when", **named).first()
    else:
        row = None
    return Drafted(**row) if row else Drafted(words=found.about, where=found.now_where, when=found.now_when)


def waiting_rows_for(actor: Actor, children: Sequence[OpenedChild], on: date) -> Sequence[WaitingRows]:
    """Open proposals on which the actor decides: in the statement in which all rooms are asked."""
    mine = {
        one.child.id: sight_of(actor, one.subject, on)
        for one in children
        if policy.may(actor, "proposal.decide", one.subject, on)
    }
    if not mine:
        return ()
    rows = with_sight(Proposal.objects.filter(child_id__in=mine, steps__isnull=True)).annotate(kept=_kept(on))
    packed = JSONObject(
        what=F("what"),
        domain=F("domain"),
        by_id=F("by_id"),
        terms=Nested(F("terms")),
        text=Nested(F("text")),
        child_user=F("child_user"),
        members=Nested(_members(on)),
        kept=F("kept"),
    )

    def meaning(child_id: UUID, word: str, at: Any, _day: object, object_id: UUID | None) -> Waiting | None:
        row = json.loads(word)
        row |= {"by_id": key(row["by_id"]), "child_user": key(row["child_user"])}
        owner = key((row["terms"] or {}).get("owner"))
        if not rules.may_see(mine[child_id], shown_of(actor, row)) or not _decides(actor, owner, _team(row)):
            return None
        kind, address = "proposal_to_decide", "plan_proposal"
        return Waiting(child_id, kind, address, at, object_id=object_id, about=row["what"][:120])

    return (waiting_rows(rows, meaning, word=packed, at="created_at", object_id="id"),)
