"""Starting a draft and withdrawing a version."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max, QuerySet

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.careplan.models import (
    AgreementTerms,
    CarePlan,
    DomainChoice,
    GoalText,
    PlanVersion,
    Removal,
    VersionContent,
)
from kindzorg.careplan.versions import queries, rules
from kindzorg.careplan.versions.rules import VersionStatus
from kindzorg.core.errors import Conflict, Invalid, Missing
from kindzorg.core.ids import new_id
from kindzorg.journey.models import CareJourney


@transaction.atomic
def start_draft(
    actor: Actor, subject: Subject, now: datetime, *, why: str = "", from_number: int | None = None
) -> PlanVersion:
    """The draft of the plan of the open journey: the one that is there, or a new one.

    A new one is a whole copy of the version in force, or of version `from_number` (to go on with a withdrawn one).
    Raises Missing without an open journey or such a version, Conflict while another version waits to be agreed.
    """
    leave = policy.require(actor, "plan.draft", subject, now.date())
    plan = _plan(subject, now)
    under_way = queries.locked_under_way(actor, subject)
    if under_way:
        if under_way.status == VersionStatus.DRAFT:
            return under_way
        raise Conflict("version_under_way", number=under_way.number, status=under_way.status)
    versions = PlanVersion.objects.filter(plan=plan)
    based_on = _source(versions, from_number)
    draft = PlanVersion.objects.create(
        child_id=subject.child_id,
        owner_id=plan.owner_id,
        plan=plan,
        number=(versions.aggregate(last=Max("number"))["last"] or 0) + 1,
        based_on=based_on,
        why=why,
        needs=based_on.needs if based_on else [],
        by_id=actor.id,
        by=actor.name,
        organisation=actor.organisation,
        created_at=now,
    )
    if based_on:
        _copy_whole(based_on, draft, now)
    about = {"leave": leave, "object_kind": "plan_version", "object_id": draft.id}
    write_line(actor, "version.drafted", Kind.CREATE, subject, now, **about)
    return draft


def _source(versions: QuerySet[PlanVersion], number: int | None) -> PlanVersion | None:
    if number is None:
        return versions.filter(status=VersionStatus.IN_FORCE).first()
    found = versions.filter(number=number).first()
    if found is None:
        raise Missing("no_such_version", number=number)
    return found


def _plan(subject: Subject, now: datetime) -> CarePlan:
    journey = (
        CareJourney.objects.select_for_update()
        .filter(child_id=subject.child_id, closed_at__isnull=True)
        .first()
    )
    if journey is None:
        raise Missing("no_open_journey", child_id=subject.child_id)
    plan, _ = CarePlan.objects.get_or_create(
        journey=journey,
        defaults={"child_id": subject.child_id, "owner_id": journey.owner_id, "created_at": now},
    )
    return plan


def _copy_whole(source: PlanVersion, target: PlanVersion, now: datetime) -> None:
    """All content, two statements per table whatever the size of the plan.

    What was left out and why, and what becomes of open agreements, comes along from a withdrawn version only: it never
    came into force.
    """
    tables: list[type[VersionContent]] = [GoalText, AgreementTerms, DomainChoice]
    if source.status == VersionStatus.WITHDRAWN:
        tables.append(Removal)
    for table in tables:
        rows = list(table._default_manager.filter(version=source).order_by("id"))
        for row in rows:
            row.id, row.version, row.revision, row.created_at = new_id(), target, 1, now
            if isinstance(row, AgreementTerms) and source.status != VersionStatus.WITHDRAWN:
                row.carried = ""
        table._default_manager.bulk_create(rows)


@transaction.atomic
def withdraw_version(actor: Actor, subject: Subject, reason: str, now: datetime) -> PlanVersion:
    """Take back the version that is under way. The plan in force stays in force. Raises Missing, Invalid.

    A draft may be dropped by who writes in it; an offered version is withdrawn by who may offer.
    """
    leave = policy.require(actor, "plan.draft", subject, now.date())
    version = queries.locked_under_way(actor, subject)
    if version is None:
        raise Missing("no_version_under_way", child_id=subject.child_id)
    if version.status != VersionStatus.DRAFT:
        policy.require(actor, "plan.offer", subject, now.date())
        if not reason.strip():
            raise Invalid("reason_required", fields=("reason",))
    step = rules.version_step(VersionStatus(version.status), VersionStatus.WITHDRAWN)
    version.status, version.ended_at, version.ended_why = VersionStatus.WITHDRAWN, now, reason.strip()
    version.save(update_fields=["status", "ended_at", "ended_why"])
    about = {"leave": leave, "object_kind": "plan_version", "object_id": version.id}
    write_line(actor, f"version.{step}", Kind.UPDATE, subject, now, **about)
    return version
