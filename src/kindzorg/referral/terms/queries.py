"""Reading until when payers' decisions hold: of one child, and for the start pages and the worker of many."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.access.roles import Role
from kindzorg.careteam.queries import OpenedChild
from kindzorg.core.statements import Nested
from kindzorg.core.vocabulary import Ground, Law
from kindzorg.journey.models import CareJourney
from kindzorg.journey.rules import Waiting
from kindzorg.journey.waiting import WaitingRows, waiting_rows
from kindzorg.notices.models import Notice
from kindzorg.referral.models import IndicationTerm, ReferralOutcome
from kindzorg.referral.terms.rules import TermView, weeks_before

ENDS = "indication_ends"
# What makes two rows tell of one end.
SAME_END = ("child_id", "entry", "until")


def terms_for(actor: Actor, subject: Subject, on: date) -> Sequence[TermView]:
    """All that was recorded, in that order; without those on a ground that the actor may not read. One statement."""
    policy.require(actor, "referral.read", subject, on)
    rows = IndicationTerm.objects.filter(child_id=subject.child_id).order_by("created_at", "id")
    return terms_seen(actor, subject, (_view(row) for row in rows), on)


def terms_seen(actor: Actor, subject: Subject, terms: Iterable[TermView], on: date) -> list[TermView]:
    """Of these those that the actor may read. No statement."""
    if not policy.may(actor, "referral.read", subject, on):
        return []
    return [one for one in terms if policy.may_inspect(actor, subject, one.ground, on)]


def _view(row: IndicationTerm) -> TermView:
    return TermView(
        id=row.id,
        entry=row.entry,
        law=Law(row.law) if row.law else None,
        ground=Ground(row.ground),
        until=row.until,
        letter=row.letter,
        by=row.by,
        organisation=row.organisation,
        at=row.created_at,
    )


def term_items(actor: Actor) -> QuerySet[Any, Any]:
    """Rows with `item`, without what the letter says, for who reads them in a statement of its own: `term_from` makes
    terms of those, of which `terms_seen` leaves what the actor may read."""
    names = ("id", "entry", "law", "ground", "until", "by", "organisation")
    return IndicationTerm.objects.annotate(item=JSONObject(**{name: name for name in names}, at="created_at"))


def _newest() -> QuerySet[IndicationTerm]:
    """The one per child and entry that was recorded last."""
    later = IndicationTerm.objects.filter(
        child_id=OuterRef("child_id"), entry=OuterRef("entry"), id__gt=OuterRef("id")
    )
    return IndicationTerm.objects.filter(~Exists(later))


def _with_decision(rows: QuerySet[IndicationTerm]) -> QuerySet[Any, Any]:
    """With the decision of phase 1 that holds now: what it does not keep any more needs no term."""
    decided = ReferralOutcome.objects.filter(child_id=OuterRef("child_id")).order_by("-created_at", "-id")
    return rows.annotate(decided=Subquery(decided.values("decision")[:1]))


def _kept(decided: Any) -> set[str]:
    return {one["id"] for one in decided["entries"]} if decided else set()


def waiting_rows_for(actor: Actor, children: Sequence[OpenedChild], on: date) -> Sequence[WaitingRows]:
    """Decisions that are over, for who coordinates, or confirms what nursing is indicated."""
    mine = [
        one.child.id
        for one in children
        if policy.may(actor, "referral.assess", one.subject, on)
        and (one.role == Role.COORDINATOR or policy.may(actor, "referral.confirm", one.subject, on))
    ]
    if not mine:
        return ()
    going = CareJourney.objects.filter(child_id=OuterRef("child_id"), closed_at__isnull=True)
    rows = _with_decision(_newest().filter(Exists(going), child_id__in=mine, until__lt=on))
    word = JSONObject(entry=F("entry"), decided=Nested(F("decided")))
    return (waiting_rows(rows, _over, word=word, day="until"),)


def _over(child_id: UUID, word: str, at: object, last: date | None, object_id: UUID | None) -> Waiting | None:
    row = json.loads(word)
    if last is None or row["entry"] not in _kept(row["decided"]):
        return None
    since = datetime.combine(last + timedelta(days=1), time(), timezone.get_current_timezone())
    return Waiting(child_id, "indication_over", "referral", since, due=last)


def ending(actor: Actor, on: date) -> Sequence[UUID]:
    """Those that end within the weeks before which one is reminded, and of which nobody was told yet; of a child that
    lives, is here, and whose journey goes on. One statement."""
    policy.require(actor, "notice.send", None, on)
    # Recorded again with the same last day, as to mend the letter, it is the same end.
    about = {name: OuterRef(OuterRef(name)) for name in SAME_END}
    told = Notice.objects.filter(kind=ENDS, object_id__in=IndicationTerm.objects.filter(**about).values("id"))
    going = CareJourney.objects.filter(child_id=OuterRef("child_id"), closed_at__isnull=True)
    rows = _newest().filter(
        ~Exists(told),
        Exists(going),
        until__range=(on, on + timedelta(weeks=weeks_before())),
        child__died_on__isnull=True,
        child__merged_into__isnull=True,
    )
    found = _with_decision(rows).order_by("until", "id").values_list("id", "entry", "decided")
    return [term_id for term_id, entry, decided in found if entry in _kept(decided)]
