"""Meetings as somebody may see them, in one statement, and the time that was spent."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils import timezone

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.access.roles import Role, Scope
from kindzorg.careplan.meetings import rules
from kindzorg.careplan.meetings.models import (
    Meeting,
    MeetingAnswer,
    MeetingDecision,
    MeetingNote,
    MeetingPoint,
    MeetingWords,
    TimeSpent,
)
from kindzorg.careplan.meetings.rules import MeetingView, Point, PointKind, SaidView, Says, Sight, TimeKind
from kindzorg.careplan.proposals.queries import proposals_for
from kindzorg.careteam.queries import OpenedChild
from kindzorg.core.encryption import Sealed
from kindzorg.core.errors import Missing
from kindzorg.core.plain import key, moment
from kindzorg.core.statements import Listed
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.journey.models import CareJourney
from kindzorg.journey.rules import Waiting
from kindzorg.journey.waiting import WaitingRows, waiting_rows

SAID = ("id", "words", "domain", "by", "by_id", "role", "organisation")
PARTS: Mapping[str, tuple[type[MeetingWords], tuple[str, ...]]] = {
    "points": (MeetingPoint, ()),
    "answers": (MeetingAnswer, ("says",)),
    "notes": (MeetingNote, ()),
    "decisions": (MeetingDecision, ("proposal_id", "agreement_id")),
}
END = ("held", "words", "present", "agenda", "by", "created_at")


def sight_of(actor: Actor, subject: Subject, on: date) -> Sight:
    """What of meetings the actor may see. Costs no statement. Raises Refused."""
    whole = policy.may(actor, "meeting.read", subject, on)
    leave = policy.require(actor, "meeting.read" if whole else "meeting.read_part", subject, on)
    return Sight(actor.id, policy.may_domains(actor, leave.permission, subject, on), whole)


def _part(table: type[MeetingWords], names: Sequence[str]) -> Listed:
    """What was said for the meeting of the row outside, to come along with it."""
    rows: QuerySet[Any, Any] = table._default_manager.filter(meeting_id=OuterRef("id"))
    item = JSONObject(**{name: F(name) for name in (*SAID, *names)}, at=F("created_at"))
    return Listed(rows.order_by("created_at", "id").values(item=item))


def meetings_for(actor: Actor, subject: Subject, on: date) -> tuple[MeetingView, ...]:
    """The meetings about a child, the newest first, with what the actor may see of each. One statement; one more where
    a proposal stood on the agenda of one that is over."""
    return _seen(actor, subject, on, Meeting.objects.filter(child_id=subject.child_id))


def meeting_for(actor: Actor, subject: Subject, meeting_id: UUID, on: date) -> MeetingView:
    """One meeting. Raises Missing. Statements as `meetings_for`."""
    found = _seen(actor, subject, on, Meeting.objects.filter(child_id=subject.child_id, id=meeting_id))
    if not found:
        raise Missing("no_such_meeting", meeting_id=meeting_id)
    return found[0]


def _seen(actor: Actor, subject: Subject, on: date, rows: QuerySet[Meeting]) -> tuple[MeetingView, ...]:
    sight = sight_of(actor, subject, on)
    parts = {name: _part(table, names) for name, (table, names) in PARTS.items()}
    ends = {f"end_{name}": F(f"end__{name}") for name in END}
    found = rows.annotate(**parts, **ends).order_by("-starts_at", "-id").values()
    return _without_hidden(actor, subject, on, [_view(row, sight) for row in found])


def _without_hidden(
    actor: Actor, subject: Subject, on: date, views: Sequence[MeetingView]
) -> tuple[MeetingView, ...]:
    """Without the proposals on a closed agenda that the reader does not see in the plan; who closed it may have."""
    if not any(_proposed(point) for view in views for point in view.agenda):
        return tuple(views)
    seen = {one.id for one in proposals_for(actor, subject, on)}
    return tuple(
        replace(view, agenda=tuple(one for one in view.agenda if not _proposed(one) or one.about_id in seen))
        for view in views
    )


def _proposed(point: Point) -> bool:
    return point.kind is PointKind.PROPOSAL


def _said(row: Mapping[str, Any]) -> SaidView:
    return SaidView(
        id=UUID(row["id"]),
        words=Sealed(row["words"]).open() if row["words"] else "",
        domain=LifeDomain(row["domain"]) if row["domain"] else None,
        by=row["by"],
        by_id=UUID(row["by_id"]),
        role=Role(row["role"]),
        organisation=row["organisation"],
        at=moment(row["at"]),
        says=Says(row["says"]) if row.get("says") else None,
        proposal_id=key(row.get("proposal_id")),
        agreement_id=key(row.get("agreement_id")),
    )


def _view(row: Mapping[str, Any], sight: Sight) -> MeetingView:
    """That somebody comes is no secret; the word that one sends is as the rest."""
    said = {name: [_said(one) for one in row[name]] for name in PARTS}
    answers = rules.last_of(said["answers"], "by_id")
    there = any(one.by_id == sight.actor_id and one.says is not Says.CANNOT for one in answers)
    seen: dict[str, Any] = {
        name: tuple(one for one in rows if sight.sees(one, there))
        for name, rows in (
            ("points", said["points"]),
            ("notes", rules.last_of(said["notes"], "domain")),
            ("decisions", said["decisions"]),
        )
    }
    names = ("id", "starts_at", "place", "link", "chair", "scribe", "by")
    return MeetingView(
        **{name: row[name] for name in names},
        **seen,
        answers=tuple(one if sight.sees(one, there) else _without(one) for one in answers),
        **_end(row, sight, rules.own_points(seen["points"])),
    )


def _without(one: SaidView) -> SaidView:
    """An answer without its words: who may not read them reads whether somebody comes."""
    return SaidView(
        id=one.id,
        words="",
        domain=one.domain,
        by=one.by,
        by_id=one.by_id,
        role=one.role,
        organisation=one.organisation,
        at=one.at,
        says=one.says,
    )


def _end(row: Mapping[str, Any], sight: Sight, own: tuple[Point, ...]) -> dict[str, Any]:
    """How it ended: who was there, why it did not go on, and of the agenda as it was what is open to the reader: what
    people put on it, and of the plan what was due then, for who reads the plan. See `_without_hidden`."""
    if row["end_held"] is None:
        return {}
    kept = json.loads(row["end_agenda"].open())
    points = [
        Point(
            kind=PointKind(one["kind"]),
            words=one["words"],
            domain=LifeDomain(one["domain"]) if one["domain"] else None,
            by=one["by"],
            family=one["family"],
            # A goal or an agreement may have left the plan since: a proposal stays where it is.
            about_id=key(one.get("about_id") or None) if one["kind"] == PointKind.PROPOSAL else None,
        )
        for one in kept
        if sight.whole and one["kind"] in rules.KEPT
    ]
    return {
        "held": row["end_held"],
        "why_not": row["end_words"].open() if row["end_words"] and sight.all else "",
        "present": tuple(row["end_present"]),
        "agenda": (*own, *(one for one in points if sight.sees_domain(one.domain, took_part=True))),
        "closed_by": row["end_by"],
        "closed_at": row["end_created_at"],
    }


def to_answer_rows(actor: Actor, children: Sequence[OpenedChild], on: date) -> Sequence[WaitingRows]:
    """Meetings to come to which the actor has yet to say whether that one comes."""
    asked = [one.child.id for one in children if policy.may(actor, "meeting.answer", one.subject, on)]
    if not asked:
        return ()
    mine = MeetingAnswer.objects.filter(meeting_id=OuterRef("id"), by_id=actor.id)
    start = timezone.make_aware(datetime.combine(on, datetime.min.time()))
    rows = Meeting.objects.filter(
        ~Exists(mine),
        child_id__in=asked,
        child__died_on__isnull=True,
        child__merged_into__isnull=True,
        starts_at__gte=start,
        end__isnull=True,
    ).exclude(by_id=actor.id)

    def meaning(child_id: UUID, word: str, at: Any, _day: object, object_id: UUID | None) -> Waiting | None:
        return Waiting(child_id, "meeting_to_answer", "meeting", at, object_id=object_id)

    return (waiting_rows(rows, meaning, at="created_at", object_id="id"),)


def near(actor: Actor, on: date) -> Sequence[tuple[UUID, UUID]]:
    """Child and id of every open meeting of which who has not answered is reminded now, of a child that lives, is here,
    and whose journey goes on: for the job that does so. One statement."""
    policy.require(actor, "notice.send", None, on)
    start = timezone.make_aware(datetime.combine(on, datetime.min.time()))
    rows = Meeting.objects.filter(
        Exists(CareJourney.objects.filter(child_id=OuterRef("child_id"), closed_at__isnull=True)),
        starts_at__range=(start, start + rules.REMIND + timedelta(days=1)),
        end__isnull=True,
        child__died_on__isnull=True,
        child__merged_into__isnull=True,
    )
    return [
        (child_id, meeting_id)
        for child_id, meeting_id, starts, asked in rows.order_by("starts_at", "id").values_list(
            "child_id", "id", "starts_at", "created_at"
        )
        if rules.reminds(timezone.localdate(starts), timezone.localdate(asked), on)
    ]


def unanswered(actor: Actor, meeting_id: UUID, people: Iterable[UUID]) -> frozenset[UUID]:
    """Of these accounts those that have not said whether they come, without who planned it: for the job that reminds.
    One statement."""
    said = MeetingAnswer.objects.filter(meeting_id=meeting_id).values_list("by_id")
    return frozenset(people) - {
        one for (one,) in said.union(Meeting.objects.filter(id=meeting_id).values_list("by_id"))
    }


def own_time(actor: Actor, subject: Subject, on: date) -> Sequence[TimeSpent]:
    """What the actor spent around this child, newest day first; the last twenty. One statement."""
    policy.require(actor, "time.write", subject, on)
    rows = TimeSpent.objects.filter(child_id=subject.child_id, person_id=actor.id)
    return list(rows.order_by("-on_day", "-id")[:20])


def time_totals(actor: Actor, on: date) -> Mapping[tuple[date, TimeKind], int]:
    """Minutes per month and kind in the actor's organisations, of the last twelve months; of no child, of nobody by
    name. One statement. Raises Refused."""
    policy.require(actor, "time.read", None, on)
    houses = [
        one.scope_id
        for one in actor.grants
        if one.scope == Scope.ORGANISATION and one.role == Role.TEAM_LEAD and one.holds(on)
    ]
    since = (on - timedelta(days=365)).replace(day=1)
    rows = TimeSpent.objects.filter(house_id__in=houses, on_day__gte=since)
    return rules.totals(rows.values_list("on_day", "kind", "minutes"))
