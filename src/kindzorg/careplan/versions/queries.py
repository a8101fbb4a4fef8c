"""The plan of a child, its versions, and the draft that is written in."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.careplan.models import PlanVersion, Signature
from kindzorg.careplan.versions.rules import (
    SIGNATURE,
    UNDER_WAY,
    VERSION,
    SignatureView,
    VersionStatus,
    VersionView,
    signature_view,
    version_seen,
    version_view,
)
from kindzorg.core.errors import Missing


def never_offered(way: str = "") -> Q:
    """What `unoffered` says, of rows that have their version this `way`."""
    dropped = {f"{way}status": VersionStatus.WITHDRAWN, f"{way}offered_at__isnull": True}
    return Q(**{f"{way}status": VersionStatus.DRAFT}) | Q(**dropped)


def versions_for(actor: Actor, subject: Subject, on: date) -> Sequence[VersionView]:
    """All versions of the newest plan of the child, newest first; a draft, dropped or not, for who may write in it."""
    policy.require(actor, "plan.read", subject, on)
    rows = PlanVersion.objects.filter(child_id=subject.child_id).order_by("-plan_id", "-number")
    if not policy.may(actor, "plan.draft", subject, on):
        rows = rows.exclude(never_offered())
    found = list(rows.values("plan_id", "by", *VERSION))
    seen = policy.may_domains(actor, "plan.read", subject, on)
    newest = [version_view(row) for row in found if row["plan_id"] == found[0]["plan_id"]]
    return [version_seen(one, seen, actor.id) for one in newest]


def signatures_of(actor: Actor, version: PlanVersion) -> list[SignatureView]:
    """All that was signed on a version, in order of time."""
    rows = Signature.objects.filter(version=version).order_by("created_at", "id")
    return [signature_view(row) for row in rows.values(*SIGNATURE)]


def locked_draft(actor: Actor, subject: Subject) -> PlanVersion:
    """The draft, locked until this transaction ends, so that it is not offered meanwhile. Raises Missing."""
    draft = _locked(subject, (VersionStatus.DRAFT,))
    if draft is None:
        raise Missing("no_draft", child_id=subject.child_id)
    return draft


def locked_under_way(actor: Actor, subject: Subject) -> PlanVersion | None:
    """The version between draft and plan in force, locked, if there is one."""
    return _locked(subject, UNDER_WAY)


def locked_version(actor: Actor, subject: Subject, number: int) -> PlanVersion:
    """The version with this number of the newest plan, locked. Raises Missing."""
    version = (
        PlanVersion.objects.select_for_update()
        .filter(child_id=subject.child_id, number=number)
        .order_by("-plan_id")
        .first()
    )
    if version is None:
        raise Missing("no_such_version", number=number)
    return version


def _locked(subject: Subject, statuses: Sequence[VersionStatus]) -> PlanVersion | None:
    """Of the plan of the open journey: what was left lying in an earlier one is not written in any more."""
    rows = PlanVersion.objects.select_for_update(of=("self",)).filter(
        child_id=subject.child_id, status__in=statuses, plan__journey__closed_at__isnull=True
    )
    return rows.first()


def in_force(actor: Actor, subject: Subject) -> PlanVersion | None:
    """The version in force of the newest plan that has one."""
    rows = PlanVersion.objects.filter(child_id=subject.child_id, status=VersionStatus.IN_FORCE)
    return rows.order_by("-plan_id").first()
