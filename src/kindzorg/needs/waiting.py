"""What waits for somebody in the scans of many children at once."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import reduce
from operator import or_
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from kindzorg.access import policy
from kindzorg.access.policy import Actor
from kindzorg.careteam.queries import OpenedChild
from kindzorg.core.plain import key, moment
from kindzorg.core.statements import Listed, Nested, worded_once
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.journey.models import CareJourney
from kindzorg.journey.rules import Phase, Waiting
from kindzorg.journey.waiting import WaitingRows, waiting_rows
from kindzorg.needs.models import AnswerKind, NeedsAnswer, NeedsScan
from kindzorg.needs.queries import answers_of, permission_to_answer, respondent_of
from kindzorg.needs.rules import (
    Respondent,
    Status,
    hub,
    missing_to_close,
)
from kindzorg.needs.strain.queries import signs_waiting
from kindzorg.people.models import Relative


def waiting_for(actor: Actor, children: Sequence[OpenedChild], on: date) -> Sequence[Waiting]:
    """Own parts to answer; for nurses what to supplement and what to close. One statement at most."""
    mine = {
        one.child.id: one.subject
        for one in children
        if policy.may(actor, permission_to_answer(actor, one.subject, on), one.subject, on)
    }
    if not mine:
        return []
    found = []
    for row in _journeys(tuple(mine)):
        subject, scan_id = mine[row["child_id"]], row["scan_id"]
        stored = list(map(_told, row["answers"])) if scan_id else []
        journey = SimpleNamespace(child_id=row["child_id"], version=row["version"])
        now = [one for one in stored if one.scan_id == scan_id]
        own = respondent_of(actor, subject, on)
        kind, about = "needs_to_answer", ""
        if own is Respondent.NURSE:
            may_close = policy.may(actor, "needs.close", subject, on)
            kind = _nurse_waits(actor, journey, now, stored) if scan_id else ""
            kind = "" if kind == "needs_to_close" and not may_close else kind
        elif scan_id:
            kind, about = _family_waits(actor, own, journey, now)
        if kind:
            since = row["scan_since"] or row["phase_since"]
            found.append(Waiting(row["child_id"], kind, "needs", since, about=about))
    return found


def waiting_rows_for(actor: Actor, children: Sequence[OpenedChild], on: date) -> Sequence[WaitingRows]:
    """Signs of families about which somebody has yet to speak with them; for who gets the signs."""
    able = [one.subject for one in children if policy.may(actor, "strain.settle", one.subject, on)]
    if not able:
        return ()
    return (
        waiting_rows(
            signs_waiting(actor, able, on), _to_discuss, word=F("person"), at="created_at", object_id="id"
        ),
    )


def _to_discuss(child_id: UUID, name: str, at: Any, day: object, check_id: Any) -> Waiting:
    return Waiting(child_id, "strain_to_discuss", "strain_sign", at, object_id=check_id, about=name)


@worded_once
def _journeys(children: tuple[UUID, ...]) -> QuerySet[Any, Any]:
    """The journeys of these children that stand in phase 2, with the open scan and all answers, oldest first."""
    scan = NeedsScan.objects.filter(child_id=OuterRef("child_id"), closed_at__isnull=True)
    account = Relative.objects.filter(id=OuterRef("person_id"), child_id=OuterRef("child_id"))
    names = ("scan_id", "kind", "respondent", "person_id", "entered_by_id", "created_at")
    told = JSONObject(
        **{name: name for name in names}, given=Nested(F("given")), account_id=account.values("user_id")[:1]
    )
    answers = NeedsAnswer.objects.filter(child_id=OuterRef("child_id")).order_by("created_at", "id")
    return CareJourney.objects.filter(child_id__in=children, phase=Phase.NEEDS).values(
        "child_id",
        "phase_since",
        scan_id=Subquery(scan.values("id")[:1]),
        version=Subquery(scan.values("version")[:1]),
        scan_since=Subquery(scan.values("created_at")[:1]),
        answers=Listed(answers.values(item=told)),
    )


def _told(row: Mapping[str, Any]) -> Any:
    """An answer that came along with its journey, with the account of the relative who gave it."""
    keys = {name: key(row[name]) for name in ("scan_id", "person_id", "entered_by_id", "account_id")}
    return SimpleNamespace(**{**row, **keys, "created_at": moment(row["created_at"])})


def _family_waits(actor: Actor, own: Respondent, journey: Any, rows: Sequence[Any]) -> tuple[str, str]:
    """Whether one's own part is unfinished, and how far it is."""
    whose = (journey.child_id, actor.id)
    mine = [
        row
        for row in rows
        if row.respondent == own and (row.person_id in whose or row.account_id == actor.id)
    ]
    cells = hub(answers_of(actor, journey.version, mine))
    done = sum(cells[domain][own].status is Status.DONE for domain in LifeDomain)
    if done == len(LifeDomain):
        return "", ""
    return "needs_to_answer", _("%(done)s of %(total)s parts done") % {"done": done, "total": len(LifeDomain)}


def _nurse_waits(
    actor: Actor, journey: Any, rows: Sequence[NeedsAnswer], with_earlier: Sequence[NeedsAnswer]
) -> str:
    """What waits for the nurse once the family has said something: her own part, then the closing."""
    if all(row.respondent == Respondent.NURSE for row in rows):
        return ""
    cells = hub(answers_of(actor, journey.version, rows))
    if any(cells[domain][Respondent.NURSE].status is not Status.DONE for domain in LifeDomain):
        return "needs_to_supplement"
    return "" if missing_to_close(answers_of(actor, journey.version, with_earlier)) else "needs_to_close"


def unanswered_rows_for(actor: Actor, children: Sequence[OpenedChild], on: date) -> Sequence[WaitingRows]:
    """The open scans with a life domain of which no parent said yet what is to talk about, for who may enter it
    together with the family."""
    seen = [one.child.id for one in children if policy.may(actor, "needs.answer_nurse", one.subject, on)]
    told = NeedsAnswer.objects.filter(
        scan=OuterRef("id"), respondent=Respondent.PARENT, kind=AnswerKind.FIRST_PASS
    )
    silent = [~Exists(told.filter(given__domain=str(domain))) for domain in LifeDomain]
    rows = NeedsScan.objects.filter(reduce(or_, map(Q, silent)), child_id__in=seen, closed_at__isnull=True)
    return (waiting_rows(rows, _unanswered, at="created_at"),)


def _unanswered(child_id: UUID, word: str, since: Any, day: date | None, object_id: UUID | None) -> Waiting:
    return Waiting(child_id, "needs_together", "needs", since)
