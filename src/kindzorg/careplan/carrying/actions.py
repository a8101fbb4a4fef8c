"""Settling the open agreements in a draft, and putting back what was left out of it."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.careplan.adoption.queries import contents_of
from kindzorg.careplan.adoption.rules import domains_of
from kindzorg.careplan.agreements.rules import GOES_ON, Carried
from kindzorg.careplan.carrying import queries, rules
from kindzorg.careplan.carrying.rules import Settlement, ToSettle
from kindzorg.careplan.models import AgreementTerms, GoalText, PlanVersion, Removal
from kindzorg.careplan.versions.queries import in_force, locked_draft
from kindzorg.core.errors import Conflict, Missing
from kindzorg.core.ids import new_id
from kindzorg.core.vocabulary import LifeDomain


@transaction.atomic
def settle_agreements(
    actor: Actor, subject: Subject, settlements: Sequence[Settlement], now: datetime
) -> None:
    """Say in the draft what becomes of open agreements of the plan in force: stays, asked anew, lapses, or replaced.

    One that lapses or is replaced leaves the draft, one that goes on comes back in it. Nothing happens to any of them
    until the version is in force. Raises Missing without a draft or for what is not open, Conflict with `ids` where
    somebody settled or changed some meanwhile, Invalid with `agreement_id` as `check_settlement`.
    """
    leave = policy.require(actor, "plan.draft", subject, now.date())
    draft = locked_draft(actor, subject)
    found = queries.settling_for(actor, subject, now.date())
    rows = {one.id: one for one in found.rows} if found else {}
    given = [(_row(rows, said.agreement_id), said) for said in settlements]
    new = [(one, said) for one, said in given if not rules.same(one, said)]
    if late := [one.id for one, said in new if said.mark not in ("", one.mark)]:
        raise Conflict("settled_meanwhile", ids=late)
    gone = [said for _, said in new if said.carried not in GOES_ON]
    left = {said.agreement_id for _, said in given if said.carried not in GOES_ON}
    stand = {*(found.drafted if found else ()), *(one.id for one, _ in given)} - left
    for one, said in given:
        rules.check_settlement(one, said, stand)
    _go_on(actor, draft, [(one, said.carried) for one, said in new if said.carried in GOES_ON], now)
    _leave(actor, draft, gone, now)
    counts = Counter(str(said.carried) for _, said in given)
    about = {"leave": leave, "object_kind": "plan_version", "object_id": draft.id}
    write_line(actor, "version.agreements_settled", Kind.UPDATE, subject, now, **about, **counts)


def _row(rows: Mapping[UUID, ToSettle], key: UUID) -> ToSettle:
    if key not in rows:
        raise Missing("agreement_not_open", agreement_id=key)
    return rows[key]


def _go_on(actor: Actor, draft: PlanVersion, kept: Sequence[tuple[ToSettle, Carried]], now: datetime) -> None:
    """Those that go on, back in the draft where they had left it; a constant number of statements."""
    back = [one.id for one, _ in kept if one.drafted is None]
    if back:
        _put_back(actor, draft, AgreementTerms, "agreement_id", back, now)
    for carried in GOES_ON:
        keys = [one.id for one, how in kept if how is carried]
        AgreementTerms.objects.filter(version=draft, agreement_id__in=keys).update(carried=carried)


def _put_back(
    actor: Actor, draft: PlanVersion, table: Any, about: str, keys: Collection[UUID], now: datetime
) -> None:
    """As they stand in what the draft was made from, else in the plan in force; what becomes of them is open."""
    subject_version = PlanVersion.objects.filter(plan_id=draft.plan_id, status="in_force")
    sources = [draft.based_on_id, *subject_version.values_list("id", flat=True)]
    rows = table.objects.filter(version_id__in=sources, **{f"{about}__in": keys}).order_by("version__number")
    newest = {getattr(row, about): row for row in rows}
    for row in newest.values():
        row.id, row.version, row.revision = new_id(), draft, 1
        row.changed_by, row.changed_at, row.created_at = actor.name, now, now
        if isinstance(row, AgreementTerms):
            row.carried = ""  # What an earlier round chose is settled anew.
    table.objects.bulk_create(newest.values())
    Removal.objects.filter(version=draft, **{f"{about}__in": keys}).delete()


def _leave(actor: Actor, draft: PlanVersion, gone: Sequence[Settlement], now: datetime) -> None:
    """Those that lapse or are replaced, out of the draft, with why."""
    keys = [said.agreement_id for said in gone]
    if not keys:
        return
    AgreementTerms.objects.filter(version=draft, agreement_id__in=keys).delete()
    Removal.objects.filter(version=draft, agreement_id__in=keys).delete()
    Removal.objects.filter(version=draft, replaced_by_id__in=keys).update(replaced_by=None)
    Removal.objects.bulk_create(
        Removal(
            child_id=draft.child_id,
            owner_id=draft.owner_id,
            version=draft,
            agreement_id=said.agreement_id,
            reason=said.reason.strip(),
            replaced_by_id=said.replaced_by if said.carried is Carried.REPLACED else None,
            changed_by=actor.name,
            changed_at=now,
            created_at=now,
        )
        for said in gone
    )


@transaction.atomic
def put_back(actor: Actor, subject: Subject, item_id: UUID, now: datetime) -> None:
    """Take back that a goal or agreement of the plan was left out of the draft: it stands there again as it was.

    Raises Missing where it was not left out, Refused for what is not open to the actor.
    """
    leave = policy.require(actor, "plan.draft", subject, now.date())
    draft = locked_draft(actor, subject)
    left = Removal.objects.filter(version=draft)
    goal = left.filter(goal_id=item_id).exists()
    if not goal and not left.filter(agreement_id=item_id).exists():
        raise Missing("not_left_out", item_id=item_id)
    for domain in _domains(actor, subject, draft, item_id):
        policy.require(actor, "plan.draft", subject, now.date(), domain)
    table, about = (GoalText, "goal_id") if goal else (AgreementTerms, "agreement_id")
    _put_back(actor, draft, table, about, [item_id], now)
    kind = "goal" if goal else "agreement"
    said = {"leave": leave, "object_kind": kind, "object_id": item_id}
    write_line(actor, f"{kind}.put_back", Kind.CREATE, subject, now, **said)


def _domains(actor: Actor, subject: Subject, draft: PlanVersion, item_id: UUID) -> Iterable[LifeDomain]:
    """The domains of what was left out, as the versions say it from which it can come back."""
    sources = [one for one in (draft.based_on, in_force(actor, subject)) if one]
    contents = contents_of(actor, {one.id: one.needs for one in sources})
    return {domain for one in contents.values() for domain in domains_of(one, item_id)}
