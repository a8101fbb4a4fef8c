"""The open agreements that a draft must settle, and the agreements that can replace them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kindzorg.access import policy
from kindzorg.access.policy import EVERY_DOMAIN, Actor, Subject
from kindzorg.access.roles import Role
from kindzorg.careplan.adoption.queries import agreement_states, contents_of
from kindzorg.careplan.adoption.rules import Content, domains_of
from kindzorg.careplan.agreements.rules import AgreementContent, ground_of
from kindzorg.careplan.carrying import rules
from kindzorg.careplan.carrying.rules import ToSettle
from kindzorg.careplan.models import PlanVersion
from kindzorg.careplan.versions.rules import VersionStatus


@dataclass(frozen=True, slots=True)
class Settling:
    """A draft beside the plan in force: the open agreements of that one, and the agreements of the draft. Both only of
    what the actor may see; `number` is that of the draft."""

    number: int
    rows: tuple[ToSettle, ...]
    drafted: Mapping[UUID, AgreementContent]


def settling_for(actor: Actor, subject: Subject, on: date) -> Settling | None:
    """What the draft says of each open agreement of the plan in force; None without a draft, or without such a plan.
    Six statements."""
    policy.require(actor, "plan.draft", subject, on)
    found = PlanVersion.objects.filter(
        child_id=subject.child_id,
        status__in=[VersionStatus.DRAFT, VersionStatus.IN_FORCE],
        plan__journey__closed_at__isnull=True,
    )
    by_status = {version.status: version for version in found}
    draft, now = by_status.get(VersionStatus.DRAFT), by_status.get(VersionStatus.IN_FORCE)
    if draft is None or now is None:
        return None
    contents = contents_of(actor, {one.id: one.needs for one in (draft, now)})
    old, new = contents[now.id], contents[draft.id]
    rows = rules.to_settle(old, new, agreement_states(actor, now), on)
    return Settling(
        number=draft.number,
        rows=tuple(one for one in rows if _shows(actor, subject, old, one.id, on)),
        drafted={key: one for key, one in new.agreements.items() if _shows(actor, subject, new, key, on)},
    )


def _shows(actor: Actor, subject: Subject, content: Content, key: UUID, on: date) -> bool:
    """Whether an agreement is of a domain that is open to who writes the draft, and of a ground that is to a child."""
    domains = domains_of(content, key)
    seen = policy.may_domains(actor, "plan.draft", subject, on)
    if not (seen & domains if domains else seen == EVERY_DOMAIN):
        return False
    ground = ground_of(content.agreements[key].law)
    child = policy.role_for(actor, subject, on) in (Role.CHILD, Role.YOUNG_PERSON)
    return not child or policy.may_inspect(actor, subject, ground, on)
