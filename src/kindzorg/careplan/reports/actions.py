"""Writing a report or in the daybook, correcting one's own, and for whom one is not."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Explanation, Subject
from kindzorg.access.roles import Role
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.careplan import queries as plans
from kindzorg.careplan.reports.models import Report
from kindzorg.careplan.reports.queries import original_for, report_for, seen_rows, trail_id
from kindzorg.careplan.reports.rules import NewReport, Reach, check_report, ground_of
from kindzorg.careteam.marks.actions import mark_entry, mark_own
from kindzorg.careteam.marks.rules import NewMark
from kindzorg.careteam.models import Mark
from kindzorg.careteam.rules import HidesFrom, MarkedKind
from kindzorg.core.errors import Missing
from kindzorg.core.ids import new_id
from kindzorg.people.models import Child
from kindzorg.record.files.actions import add_attachment
from kindzorg.record.files.rules import NewAttachment
from kindzorg.record.translated.actions import keep_translation, say_language
from kindzorg.record.translated.rules import NewTranslation


@transaction.atomic
def write_report(actor: Actor, subject: Subject, new: NewReport, now: datetime) -> UUID:
    """Write a report, or correct one's own: the earlier wording stays. Gives back the id of the entry.

    Raises Refused for a life domain that is not open to the actor, Missing for a goal or agreement that the actor
    does not see or an entry of another, Invalid.
    """
    leave = policy.require(actor, "report.write", subject, now.date())
    check_report(new, now)
    if new.corrects:
        return _correct(actor, subject, new, leave, now)
    _require_leave(actor, subject, new, now)
    role, entry_id = _role(actor, subject, leave, now), new_id()
    ground, shown = ground_of(role), trail_id(actor, subject, entry_id, new.reach)
    kept = None
    if new.attachment:
        file, alt = new.attachment
        kept = add_attachment(actor, subject, NewAttachment(file, alt, shown, ground), now).id
    _keep(
        actor,
        subject,
        now,
        id=entry_id,
        entry_id=entry_id,
        ground=ground,
        domain=str(new.domain or ""),
        reach=new.reach,
        goal_id=new.goal_id,
        agreement_id=new.agreement_id,
        attachment_id=kept,
        words=new.words.strip(),
        happened_at=new.happened_at,
        by_role=str(role),
    )
    about = {"leave": leave, "object_kind": "report", "object_id": shown}
    write_line(actor, "report.written", Kind.CREATE, subject, now, **about)
    _say_language(actor, subject, entry_id, new, now)
    return entry_id


def _say_language(actor: Actor, subject: Subject, entry_id: UUID, new: NewReport, now: datetime) -> None:
    if new.written_in:
        original = original_for(actor, subject, entry_id, now.date())
        say_language(actor, subject, original, new.written_in, now)


@transaction.atomic
def translate_report(
    actor: Actor, subject: Subject, entry_id: UUID, new: NewTranslation | tuple[UUID, str], now: datetime
) -> None:
    """Place a translation beside an entry that one reads, or note that an interpreter read one. Raises Missing,
    Refused, and as `place_translation` and `note_interpreter`."""
    policy.require(actor, "report.write", subject, now.date())
    keep_translation(actor, subject, original_for(actor, subject, entry_id, now.date()), new, now)


def _role(actor: Actor, subject: Subject, leave: Explanation, now: datetime) -> Role | None:
    return policy.role_for(actor, subject, now.date()) or (leave.grant.role if leave.grant else None)


def _keep(actor: Actor, subject: Subject, now: datetime, **row: Any) -> None:
    Report.objects.create(
        child_id=subject.child_id,
        owner_id=Child.objects.values_list("owner_id", flat=True).get(id=subject.child_id),
        by=actor.name,
        by_id=actor.id,
        organisation=actor.organisation,
        created_at=now,
        **row,
    )


def _require_leave(actor: Actor, subject: Subject, new: NewReport, now: datetime) -> None:
    """For its life domain and its readers; and what the actor does not see in the plan does not exist for that one."""
    if new.domain:
        policy.require(actor, "report.write", subject, now.date(), new.domain)
    else:
        policy.require_every_domain(actor, "report.write", subject, now.date())
    if new.reach == Reach.FAMILY:
        policy.require(actor, "report.write_family", subject, now.date())
    about = new.goal_id or new.agreement_id
    if about is None:
        return
    whole = policy.may(actor, "plan.read", subject, now.date())
    read = plans.shown_plan_for if whole else plans.part_for
    found = read(actor, subject, now.date())
    shown = {one.id for one in found.goals} | {one.id for one in found.agreements} if found else set()
    if about not in shown:
        raise Missing("not_in_plan", id=about)


def _correct(actor: Actor, subject: Subject, new: NewReport, leave: Explanation, now: datetime) -> UUID:
    mine = seen_rows(actor, subject, now.date()).filter(by_id=actor.id, entry_id=str(new.corrects))
    last = mine.order_by("-id").first()
    if last is None or not last.words:  # Without words: it was destroyed on request, and is not filled again.
        raise Missing("report_not_found", child_id=subject.child_id)
    same = ("entry_id", "ground", "domain", "reach", "goal_id", "agreement_id", "attachment_id", "by_role")
    stays = {name: getattr(last, name) for name in same}
    _keep(actor, subject, now, words=new.words.strip(), happened_at=new.happened_at, **stays)
    shown = trail_id(actor, subject, last.entry_id, last.reach)
    about = {"leave": leave, "object_kind": "report", "object_id": shown}
    write_line(actor, "report.corrected", Kind.CREATE, subject, now, **about)
    _say_language(actor, subject, last.entry_id, new, now)
    return last.entry_id


@transaction.atomic
def keep_report_from_parents(actor: Actor, subject: Subject, entry_id: UUID, now: datetime) -> Mark:
    """A child from 12 keeps an entry of its own from its parents. Raises Missing, Invalid."""
    policy.require(actor, "mark.set_own", subject, now.date())
    one, _earlier = report_for(actor, subject, entry_id, now.date())
    new = NewMark(MarkedKind.REPORT, one.id, one.by_id, one.by_role, HidesFrom.PARENTS, ground=one.ground)
    return mark_own(actor, subject, new, now)


@transaction.atomic
def keep_report_from(
    actor: Actor, subject: Subject, entry_id: UUID, given: tuple[HidesFrom, str], now: datetime
) -> Mark:
    """A professional keeps an entry from parents or child (`given`: from whom, why). Raises Missing, Invalid."""
    policy.require(actor, "mark.set", subject, now.date())
    one, _earlier = report_for(actor, subject, entry_id, now.date())
    new = NewMark(MarkedKind.REPORT, one.id, one.by_id, one.by_role, *given)
    return mark_entry(actor, subject, new, now)
