"""What others changed in the plan of a child since a moment, as somebody may know of it."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet, TextField, UUIDField, Value
from django.db.models.functions import Cast, JSONObject

from kindzorg.access import policy
from kindzorg.access.policy import Actor
from kindzorg.careplan.goals.rules import GoalState
from kindzorg.careplan.models import AgreementStep, Evaluation, GoalStep, PlanVersion
from kindzorg.careplan.proposals.models import Proposal, ProposalStep
from kindzorg.careplan.proposals.queries import sight_of
from kindzorg.careplan.proposals.rules import PlanSight, may_see
from kindzorg.careplan.reading import shown_of, with_sight
from kindzorg.careplan.reports.queries import report_news
from kindzorg.careplan.versions.rules import VersionStatus
from kindzorg.careteam.queries import OpenedChild, marked_objects
from kindzorg.core.plain import key
from kindzorg.core.statements import Nested
from kindzorg.journey.rules import News
from kindzorg.journey.waiting import Rows, Since, waiting_rows

NOBODY = Cast(Value(None), UUIDField())


def _text(word: str) -> Cast:
    """A word whose type PostgreSQL cannot know from where it stands."""
    return Cast(Value(word), TextField())


def news_rows_for(actor: Actor, opened: OpenedChild, since: Since, on: date) -> Sequence[Rows[News]]:
    """Versions that came into force, steps of agreements and goals, evaluations, proposals and their answers: of what
    the actor may see, without what the actor did, and nothing of a draft. Not yet asked of the database."""
    subject, reports = opened.subject, report_news(actor, opened, since, on)
    if not any(policy.may(actor, name, subject, on) for name in ("plan.read", "plan.read_part")):
        return reports
    sight = sight_of(actor, subject, on)
    told = _Told(actor, sight)
    of_others = Q(child_id=subject.child_id, created_at__gt=since) & ~Q(by_id=actor.id)
    # What came into force with a version is told with that version; what was done in a draft is not told at all.
    after = of_others & Q(version__in_force_at__lt=F("created_at"))
    found = [
        *reports,
        *_proposals(told, of_others, marked_objects(actor, subject, on)),
        told.rows(
            AgreementStep.objects.filter(after),
            goal=None,
            item="agreement",
            key_in="agreement_id",
            state=F("state"),
        ),
    ]
    if not sight.whole:
        return found
    going = GoalStep.objects.filter(after).exclude(state=GoalState.PROPOSED)
    return [
        *found,
        told.rows(going, agreement=None, item="goal", key_in="goal_id", state=F("state")),
        *_looks(told, Evaluation.objects.filter(of_others)),
        _versions(subject.child_id, since),
    ]


def _proposals(told: "_Told", of_others: Q, marked: QuerySet[Any, UUID]) -> Sequence[Rows[News]]:
    """Proposals, and what became of them, but of those that are `marked` as not for the reader."""
    return (
        told.rows(
            Proposal.objects.filter(of_others).exclude(id__in=marked),
            item="proposal",
            key_in="id",
            said=F("what"),
            maker=F("by_id"),
        ),
        told.rows(
            ProposalStep.objects.filter(of_others).exclude(proposal_id__in=marked),
            goal="proposal__goal_id",
            agreement="proposal__agreement_id",
            item="proposal",
            key_in="proposal_id",
            state=F("state"),
            said=F("proposal__what"),
            maker=F("proposal__by_id"),
            domain=F("proposal__domain"),
        ),
    )


def _looks(told: "_Told", looked: QuerySet[Evaluation]) -> Sequence[Rows[News]]:
    """What was seen of goals and agreements; of the whole plan for who sees every life domain."""
    whole = looked.filter(goal=None, agreement=None)
    return [
        told.rows(looked.exclude(goal=None), item="goal", key_in="goal_id", looked=_text("yes")),
        told.rows(
            looked.exclude(agreement=None), item="agreement", key_in="agreement_id", looked=_text("yes")
        ),
        *([told.rows(whole, item="plan", key_in="id", looked=_text("yes"))] if told.sight.all else []),
    ]


class _Told:
    """How rows of the plan become news for one reader."""

    def __init__(self, actor: Actor, sight: PlanSight) -> None:
        self.actor, self.sight = actor, sight

    def rows(
        self,
        rows: QuerySet[Any],
        goal: str | None = "goal_id",
        agreement: str | None = "agreement_id",
        *,
        item: str,
        key_in: str,
        **said: Any,
    ) -> Rows[News]:
        """Rows about a goal or agreement (in these columns), each with who did it, and what decides who sees it."""
        rows = with_sight(rows, goal, agreement)
        usual = {"domain": F("domain") if rows.model is Proposal else _text(""), "maker": NOBODY}
        packed = JSONObject(
            item=_text(item),
            by=F("by"),
            terms=Nested(F("terms")),
            text=Nested(F("text")),
            child_user=F("child_user"),
            **{**usual, **said},
        )
        return waiting_rows(rows, self.meaning, word=packed, at="created_at", object_id=key_in)

    def meaning(
        self, child_id: UUID, word: str, at: datetime | None, _day: object, item_id: UUID | None
    ) -> News | None:
        """One row; None for what does not exist for the reader."""
        row = json.loads(word)
        about = {**row, "by_id": key(row["maker"]), "child_user": key(row["child_user"])}
        if at is None or not may_see(self.sight, shown_of(self.actor, about)):
            return None
        kind = "looked" if row.get("looked") else row.get("state") or "made"
        address, page_key = _address(row, item_id)
        return News(
            item=row["item"],
            item_id=item_id if row["item"] != "plan" else None,
            title=_title(row),
            kind=f"{row['item']}_{kind}",
            at=at,
            by=row["by"],
            address=address,
            page_key=page_key,
        )


def _title(row: Mapping[str, Any]) -> str:
    terms, text = row["terms"] or {}, row["text"] or {}
    words = {"agreement": terms.get("what", ""), "goal": text.get("words", "")}
    return words.get(row["item"], row.get("said") or "")


def _address(row: Mapping[str, Any], item_id: UUID | None) -> tuple[str, object]:
    """The page of the thing itself, while it stands in the plan; else that of the plan."""
    if row["item"] == "proposal":
        return "plan_proposal", item_id
    told = row["terms"] if row["item"] == "agreement" else row["text"]
    if told and told["status"] == VersionStatus.IN_FORCE:
        return f"plan_{row['item']}", item_id
    return "plan", None


def _versions(child_id: UUID, since: Since) -> Rows[News]:
    rows = PlanVersion.objects.filter(child_id=child_id, in_force_at__gt=since)

    def meaning(
        _child: UUID, word: str, at: datetime | None, _day: object, item_id: UUID | None
    ) -> News | None:
        number = json.loads(word)["number"]
        kind = "plan_in_force" if number > 1 else "plan_first_in_force"
        address, page_key = ("plan_changes", number) if number > 1 else ("plan", None)
        if at is None:
            return None
        about = {"item": "plan", "title": str(number), "kind": kind, "address": address}
        return News(item_id=None, at=at, page_key=page_key, **about)

    return waiting_rows(rows, meaning, word=JSONObject(number=F("number")), at="in_force_at", object_id="id")
