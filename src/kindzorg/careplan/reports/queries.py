"""Reports as somebody may read them: by life domain, ground, reach and marks, all in the one statement."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from kindzorg.access import policy
from kindzorg.access.policy import EVERY_DOMAIN, Actor, Subject
from kindzorg.access.roles import Role
from kindzorg.careplan.proposals.queries import proposals_later, sight_of
from kindzorg.careplan.proposals.rules import ProposalView, may_see
from kindzorg.careplan.reading import shown_of, with_sight
from kindzorg.careplan.reports.models import Report
from kindzorg.careplan.reports.rules import DISCIPLINES, PAGE, Asked, Reach, ReportView
from kindzorg.careteam.queries import OpenedChild, marked_objects
from kindzorg.careteam.rules import daybook_key
from kindzorg.core.errors import Missing, Refused
from kindzorg.core.statements import Later, joined, together
from kindzorg.core.vocabulary import Ground, LifeDomain
from kindzorg.journey.rules import News
from kindzorg.journey.waiting import Rows, Since, waiting_rows
from kindzorg.record.files.rules import AttachmentKind, AttachmentView
from kindzorg.record.translated.queries import tongues_for
from kindzorg.record.translated.rules import Original, Tongue, WordsOf

ADDED = ("of_agreement", "of_goal", "child_user", "terms", "text", "corrected")
ATTACHED = ("kind", "alt", "size", "width", "height", "created_at", "by")
# How many of them news tells at most: whoever was away for a month reads the page.
NEWEST = 10
# How many of them the page of a goal or agreement shows: the rest is behind its link.
LAST = 3
# In which years days are asked for; one that lies outside, as a mistyped one, leaves nothing out.
YEARS = range(1900, 2200)


def reading(actor: Actor, subject: Subject, on: date) -> str:
    """By which permission the actor reads: all of it, or what is the own. Raises Refused."""
    whole = policy.may(actor, "report.read", subject, on)
    return policy.require(actor, "report.read" if whole else "report.read_part", subject, on).permission


def seen_rows(actor: Actor, subject: Subject, on: date) -> QuerySet[Report]:
    """Every wording that this reader may see; it asks nothing by itself. Raises Refused."""
    permission = reading(actor, subject, on)
    domains = policy.may_domains(actor, permission, subject, on)
    open_to = Q(domain__in=[str(one) for one in domains])
    if domains == EVERY_DOMAIN:
        open_to |= Q(domain="")
    family = policy.sees_all(actor, "report.read_family", subject, on)
    reach = Q() if family else Q(reach=Reach.TEAM)
    grounds = [str(one) for one in Ground if policy.may_inspect(actor, subject, one, on)]
    rows = Report.objects.filter(open_to, reach, child_id=subject.child_id, ground__in=grounds)
    if permission == "report.read_part":
        rows = rows.filter(by_id=actor.id)
    return rows.exclude(entry_id__in=marked_objects(actor, subject, on))


def _newest(rows: QuerySet[Report]) -> QuerySet[Report]:
    later = Report.objects.filter(entry_id=OuterRef("entry_id"), id__gt=OuterRef("id"))
    return rows.filter(~Exists(later))


def reports_for(
    actor: Actor, subject: Subject, asked: Asked, on: date, most: int = PAGE
) -> tuple[Sequence[ReportView], bool]:
    """One page of them, newest first, and whether there are more. One statement, however many there are."""
    rows = _newest(seen_rows(actor, subject, on)).filter(_asked(asked))
    first = (max(asked.page, 1) - 1) * most
    ordered = rows.order_by("-happened_at", "-id")
    found = _views(actor, subject, ordered[first : first + most + 1], on)
    return found[:most], len(found) > most


def about_item(
    actor: Actor, subject: Subject, about_id: UUID, on: date
) -> tuple[Sequence[ProposalView], Sequence[ReportView]]:
    """What was proposed about one goal or agreement, and the last reports of it, for its page. One statement."""
    proposed, told = together([about_later(actor, subject, about_id, on)])[0]
    return proposed, told


def about_later(actor: Actor, subject: Subject, about_id: UUID, on: date) -> Later[tuple[Any, ...]]:
    """The same, not asked for yet."""
    proposed = proposals_later(actor, subject, on, about_id)
    try:
        rows = _newest(seen_rows(actor, subject, on)).filter(_asked(Asked(about_id=about_id)))
    except Refused:
        return joined(proposed, Later((), lambda: ()))
    return joined(proposed, _views_later(actor, subject, rows.order_by("-happened_at", "-id")[:LAST], on))


def every_report_for(actor: Actor, subject: Subject, on: date) -> Sequence[ReportView]:
    """All of them, each as it reads now. One statement."""
    return every_report_later(actor, subject, on).now()


def every_report_later(actor: Actor, subject: Subject, on: date) -> Later[Sequence[ReportView]]:
    """The same, not asked for yet."""
    ordered = _newest(seen_rows(actor, subject, on)).order_by("-happened_at", "-id")
    return _views_later(actor, subject, ordered, on)


def _asked(asked: Asked) -> Q:
    found = Q()
    if asked.discipline:
        found &= Q(by_role__in=[str(role) for role in DISCIPLINES[asked.discipline]])
    if asked.about_id:
        found &= Q(goal_id=asked.about_id) | Q(agreement_id=asked.about_id)
    if asked.since and asked.since.year in YEARS:
        found &= Q(happened_at__gte=_midnight(asked.since))
    if asked.until and asked.until.year in YEARS:
        found &= Q(happened_at__lt=_midnight(asked.until + timedelta(days=1)))
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), timezone.get_current_timezone())


def _views(actor: Actor, subject: Subject, rows: QuerySet[Report], on: date) -> Sequence[ReportView]:
    return _views_later(actor, subject, rows, on).now()


def _views_later(
    actor: Actor, subject: Subject, rows: QuerySet[Report], on: date
) -> Later[Sequence[ReportView]]:
    sight = _plan_sight(actor, subject, on)
    named = with_sight(rows).annotate(corrected=~Q(id=F("entry_id")))
    columns = (*(one.attname for one in Report._meta.concrete_fields), *ADDED)
    found = named.values(*columns, *(f"attachment__{name}" for name in ATTACHED))
    return Later((found,), lambda rows: [_view(actor, row, sight) for row in rows])


def _plan_sight(actor: Actor, subject: Subject, on: date) -> Any:
    try:
        return sight_of(actor, subject, on)
    except Refused:
        return None


def _view(actor: Actor, row: Mapping[str, Any], sight: Any) -> ReportView:
    linked = row["goal_id"] or row["agreement_id"]
    # The words of a goal or agreement are for who sees that, whatever the report itself says of its domain.
    of_plan = {**row, "domain": "", "by_id": None}
    seen = bool(linked and sight and may_see(sight, shown_of(actor, of_plan)))
    terms, text = row["terms"] or {}, row["text"] or {}
    said = terms.get("what", "") if row["agreement_id"] else text.get("words", "")
    return ReportView(
        id=row["entry_id"],
        domain=LifeDomain(row["domain"]) if row["domain"] else None,
        ground=Ground(row["ground"]),
        words=row["words"].open(),
        by=row["by"],
        by_id=row["by_id"],
        by_role=Role(row["by_role"]),
        organisation=row["organisation"],
        happened_at=row["happened_at"],
        written_at=row["created_at"],
        reach=Reach(row["reach"]),
        goal_id=row["goal_id"] if seen else None,
        agreement_id=row["agreement_id"] if seen else None,
        about=said if seen else "",
        attachment=_attached(row),
        corrected=row["corrected"],
    )


def _attached(row: Mapping[str, Any]) -> AttachmentView | None:
    if row["attachment_id"] is None:
        return None
    kept = {name: row[f"attachment__{name}"] for name in ATTACHED}
    return AttachmentView(
        id=row["attachment_id"],
        kind=AttachmentKind(kept["kind"]),
        alt=kept["alt"].open(),
        at=kept["created_at"],
        by=kept["by"],
        gone=not kept["size"],
        **{name: kept[name] for name in ("size", "width", "height")},
    )


def report_for(
    actor: Actor, subject: Subject, entry_id: UUID, on: date
) -> tuple[ReportView, Sequence[ReportView]]:
    """One entry, and its earlier wordings, newest first. Raises Missing, also for one that is not for this reader."""
    rows = seen_rows(actor, subject, on).filter(entry_id=entry_id)
    found = _views(actor, subject, rows.order_by("-id"), on)
    if not found:
        raise Missing("report_not_found", child_id=subject.child_id)
    return found[0], found[1:]


def original_for(actor: Actor, subject: Subject, entry_id: UUID, on: date) -> Original:
    """The words of an entry that this actor may read. Raises Missing, also where they were destroyed."""
    one, _earlier = report_for(actor, subject, entry_id, on)
    if not one.words:
        raise Missing("report_not_found", child_id=subject.child_id)
    return original_of(actor, subject, one)


def original_of(actor: Actor, subject: Subject, one: ReportView) -> Original:
    """The same of an entry that was read."""
    return Original(
        of=WordsOf.REPORT,
        object_id=one.id,
        said_at=one.written_at,
        words={"words": one.words},
        permission="report.write",
        shown_id=trail_id(actor, subject, one.id, one.reach),
    )


def tongues_of(actor: Actor, subject: Subject, found: Sequence[ReportView]) -> Mapping[UUID, Tongue]:
    """In which language these entries are that this actor read, and their translations. One statement at most."""
    return tongues_for(actor, subject, WordsOf.REPORT, {one.id: one.written_at for one in found})


def reports_seen(actor: Actor, subject: Subject, ids: Collection[UUID], on: date) -> frozenset[UUID]:
    """Of these entries those that this reader may see. One statement at most."""
    if not (
        policy.may(actor, "report.read", subject, on) or policy.may(actor, "report.read_part", subject, on)
    ):
        return frozenset()
    rows = seen_rows(actor, subject, on).filter(entry_id__in=ids)
    return frozenset(rows.values_list("entry_id", flat=True))


def report_of_attachment(actor: Actor, subject: Subject, attachment_id: UUID, on: date) -> UUID | None:
    """The entry on which a photo or document hangs, if this reader may see it; under that the trail speaks of it.

    Of the family alone: under the one id per child that nobody else finds.
    """
    try:
        rows = seen_rows(actor, subject, on)
    except Refused:
        return None
    found = rows.filter(attachment_id=attachment_id).values_list("entry_id", "reach").first()
    return trail_id(actor, subject, *found) if found else None


def trail_id(actor: Actor, subject: Subject, entry_id: UUID, reach: str) -> UUID:
    """Under which id the trail speaks of an entry. `actor` was let in by who calls."""
    return daybook_key(subject.child_id) if reach == Reach.FAMILY else entry_id


def report_news(actor: Actor, opened: OpenedChild, since: Since, on: date) -> Sequence[Rows[News]]:
    """The newest entries of others since that moment, in one line together. Not yet asked of the database."""
    try:
        rows = seen_rows(actor, opened.subject, on)
    except Refused:
        return ()
    newest = rows.filter(created_at__gt=since, id=F("entry_id")).exclude(by_id=actor.id)
    told = Report.objects.filter(id__in=Subquery(newest.order_by("-created_at", "-id").values("id")[:NEWEST]))

    def meaning(_child: UUID, word: str, at: datetime | None, _day: object, _id: UUID | None) -> News | None:
        if at is None:
            return None
        told = {"item": "report", "title": "", "kind": "report_written", "address": "reports"}
        return News(item_id=None, at=at, by=word, **told)

    return (waiting_rows(told, meaning, word=F("by"), at="created_at", object_id="entry_id"),)
