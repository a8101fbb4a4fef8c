"""What is destroyed of a plan on request (BW 7:455, Jeugdwet 7.3.9): the words of a goal, an agreement, an evaluation.

In every version, in what was frozen at a closing, and wherever they were copied literally; and the needs of a scan that
the plan copied. Rows, versions and signatures stay, so that it shows what was decided, when and by whom. The work of an
action that has asked leave, decided with reasons and thawed the tables; it writes the trail.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q

from kindzorg.careplan.agreements.rules import WhoKind
from kindzorg.careplan.cover.models import CoverStep, Demand
from kindzorg.careplan.evaluations.models import SafetyNet
from kindzorg.careplan.goals.rules import STEP_COUNT
from kindzorg.careplan.meetings.models import (
    MeetingAnswer,
    MeetingDecision,
    MeetingEnd,
    MeetingNote,
    MeetingPoint,
)
from kindzorg.careplan.models import (
    AgreementStep,
    AgreementTerms,
    DomainChoice,
    Evaluation,
    GoalStep,
    GoalText,
    PlanVersion,
    Removal,
    Signature,
    StoredOutcome,
)
from kindzorg.careplan.proposals.models import Proposal, ProposalStep
from kindzorg.careplan.proposals.rules import ProposalKind
from kindzorg.careplan.reports.models import Report
from kindzorg.careplan.reviews.models import Preparation, ReviewStep
from kindzorg.careplan.stepback.models import StepBack
from kindzorg.careplan.visits.models import Visit, VisitChange
from kindzorg.core.destroyed import Emptied, gone, standing, swapped
from kindzorg.needs.handover import spared
from kindzorg.needs.rules import Need
from kindzorg.record.models import Attachment, WordsIn
from kindzorg.record.translated.rules import WordsStep

WORDED: tuple[type[models.Model], ...] = (
    *(PlanVersion, GoalText, AgreementTerms, DomainChoice, Removal),
    *(Signature, GoalStep, AgreementStep, Evaluation, StoredOutcome),
    *(Visit, VisitChange, Demand, CoverStep, Proposal, ProposalStep),
    *(Report, Attachment, WordsIn, SafetyNet, StepBack, Preparation, ReviewStep),
    *(MeetingPoint, MeetingAnswer, MeetingNote, MeetingDecision, MeetingEnd),
)
TABLES = tuple(table._meta.db_table for table in WORDED)
COPIES: Mapping[Any, str] = {
    PlanVersion: "needs",
    GoalText: "needs",
    AgreementTerms: "need",
    DomainChoice: "need",
    StoredOutcome: "outcome",
}


class _Emptying:
    """Empties columns row by row."""

    def __init__(self, instead: str) -> None:
        self.instead, self.rows, self.words = instead, 0, set[str]()

    def empty(self, rows: Iterable[Any], marked: Collection[str], blank: Collection[str] = ()) -> None:
        """The mark in the columns `marked` where words stood; nothing in `blank`."""
        for row in rows:
            for name in marked:
                setattr(row, name, gone(getattr(row, name), self.instead))
            for name in blank:
                setattr(row, name, "")
            row.save(update_fields=[*marked, *blank])
            self.rows += 1

    def itself(self, rows: Iterable[Any], *names: str) -> None:
        """The words of the thing itself: of these, literal copies are looked for elsewhere."""
        self.words |= standing(*(getattr(row, name) for row in rows for name in names))

    @property
    def done(self) -> Emptied:
        """What was done."""
        return Emptied(self.rows, frozenset(self.words))


def _of(table: Any, child_id: UUID, **about: Any) -> Any:
    return table.objects.select_for_update().filter(child_id=child_id, **about)


def destroy_goal(child_id: UUID, goal_id: UUID, instead: str) -> Emptied:
    """Empty a goal in every version, with what was seen of it over time and why it was changed, kept or left out.

    The words of the scan that it answers to are the scan's, and its agreements stay.
    """
    work = _Emptying(instead)
    texts, seen = (
        list(_of(GoalText, child_id, goal_id=goal_id)),
        list(_of(Evaluation, child_id, goal_id=goal_id)),
    )
    work.itself(texts, "words")
    work.itself(seen, "words", "family_view")
    for row in texts:
        row.steps = [""] * STEP_COUNT
        row.save(update_fields=["steps"])
    work.empty(texts, ["words"])
    work.empty(seen, ["words", "family_view"])
    _stepped_down(work, child_id, seen)
    for table in (GoalStep, Removal):
        work.empty(_of(table, child_id, goal_id=goal_id), ["reason"])
    work.empty(_of(Preparation, child_id, goal_id=goal_id), [], ["well", "not_well", "words"])
    _proposed(work, child_id, ProposalKind.GOAL, goal_id=goal_id)
    for goal in _frozen(work, child_id, "goals", goal_id=str(goal_id)):
        goal["words"] = gone(goal["words"], instead)
        _empty_evaluation(goal["evaluation"], instead)
    return work.done


def destroy_agreement(child_id: UUID, agreement_id: UUID, instead: str) -> Emptied:
    """Empty an agreement in every version, with what was answered to it, what was seen of it and why it ended.

    Who does it stays, but for a name in free words; so do law, form and days.
    """
    work = _Emptying(instead)
    about = {"agreement_id": agreement_id}
    terms, seen = list(_of(AgreementTerms, child_id, **about)), list(_of(Evaluation, child_id, **about))
    work.itself(terms, "what")
    work.itself(seen, "words", "family_view")
    free = any(row.who_kind == WhoKind.OTHER for row in terms)
    for row in terms:
        row.who_name = gone(row.who_name, instead) if row.who_kind == WhoKind.OTHER else row.who_name
        row.save(update_fields=["who_name"])
    visits = _of(Visit, child_id, **about)
    work.empty(visits.filter(who_kind=WhoKind.OTHER), ["who_name"])
    changed = _of(VisitChange, child_id, visit__in=visits.values("id"))
    work.empty(changed, ["reason"])
    work.empty(changed.filter(who_kind=WhoKind.OTHER), ["who_name"])
    work.empty(terms, ["what"], ["where", "when", "payer", "protocol", "protocol_link", "situation"])
    work.empty(seen, ["words", "family_view"])
    _stepped_down(work, child_id, seen)
    for table in (AgreementStep, Removal):
        work.empty(_of(table, child_id, **about), ["reason"])
    _proposed(work, child_id, ProposalKind.AGREEMENT, **about)
    for one in _frozen(work, child_id, "open_agreements", agreement_id=str(agreement_id)):
        one["what"] = gone(one["what"], instead)
        one["who"] = gone(one["who"], instead) if free else one["who"]
    return work.done


def _proposed(work: _Emptying, child_id: UUID, kind: ProposalKind, **about: UUID) -> None:
    """What was proposed to change in it, or as it, and what was answered to that."""
    became = ProposalStep.objects.filter(child_id=child_id, **about).values("proposal_id")
    found = Proposal.objects.filter(Q(kind=kind, **about) | Q(id__in=became), child_id=child_id)
    proposals = list(found.select_for_update())
    work.itself(proposals, "words")
    work.empty(proposals, ["what", "why", "words"], ["where", "when"])
    work.empty(_of(ProposalStep, child_id, proposal__in=proposals), ["reason"])
    about_them = {"object_id__in": [one.id for one in proposals], "step": WordsStep.TRANSLATED}
    work.empty(_of(WordsIn, child_id, **about_them), [], ["words"])


def destroy_evaluation(child_id: UUID, evaluation_id: UUID, instead: str) -> Emptied:
    """Empty what was said at one moment of looking; the step, whether it works and how to go on stay."""
    work = _Emptying(instead)
    rows = list(_of(Evaluation, child_id, id=evaluation_id))
    work.itself(rows, "words", "family_view")
    stood = [(str(row.goal_id), {row.words, row.family_view}) for row in rows]
    work.empty(rows, ["words", "family_view"])
    _stepped_down(work, child_id, rows)
    for goal_id, words in stood:
        for goal in _frozen(work, child_id, "goals", goal_id=goal_id):
            last = goal["evaluation"]
            if last and {last["words"], last["family_view"]} == words:
                _empty_evaluation(last, instead)
    return work.done


def _stepped_down(work: _Emptying, child_id: UUID, seen: Collection[Evaluation]) -> None:
    """The safety net of a step down, and why somebody took the way back."""
    nets = list(_of(SafetyNet, child_id, evaluation__in=seen))
    work.empty(nets, [], ["watch", "call"])
    work.empty(_of(StepBack, child_id, net__in=nets), [], ["words"])


def destroy_report(child_id: UUID, entry_id: UUID, instead: str) -> Emptied:
    """Empty a report with its earlier wordings, and the photo or document that hangs on it; who wrote it when stays."""
    work = _Emptying(instead)
    rows = list(_of(Report, child_id, entry_id=entry_id))
    work.itself(rows, "words")
    work.empty(rows, [], ["words"])
    for kept in _of(Attachment, child_id, id__in={row.attachment_id for row in rows} - {None}):
        kept.alt, kept.raw, kept.small, kept.size = "", None, None, 0
        kept.save(update_fields=["alt", "raw", "small", "size"])
        work.rows += 1
    return work.done


def _empty_evaluation(last: dict[str, Any] | None, instead: str) -> None:
    if last:
        last["words"], last["family_view"] = gone(last["words"], instead), gone(last["family_view"], instead)


def _frozen(work: _Emptying, child_id: UUID, part: str, **about: str) -> Iterable[dict[str, Any]]:
    """What was frozen at a closing about one thing; saved again after it was changed."""
    for stored in _of(StoredOutcome, child_id):
        found = [one for one in stored.outcome[part] if about.items() <= one.items()]
        yield from found
        if found:
            stored.save(update_fields=["outcome"])
            work.rows += 1


def destroy_needs(
    child_id: UUID, needs: Mapping[UUID, tuple[Need, Need]], words: Collection[str], instead: str
) -> int:
    """Take these words out of each copy of these needs; gives back how many rows were touched.

    A goal that serves such a need and says the same is a copy too; so is why a need has no goal, which speaks of it.
    """
    rewording = _Rewording({str(key): pair for key, pair in needs.items()}, words, instead)
    touched = 0
    for table, column in COPIES.items():
        for row in _of(table, child_id):
            changed = [column] if rewording.follow(getattr(row, column)) else []
            if isinstance(row, GoalText) and changed and rewording.goal(row.words) != row.words:
                row.words, changed = rewording.goal(row.words), [*changed, "words"]
            if isinstance(row, DomainChoice) and changed:
                row.why, changed = gone(row.why, instead), [*changed, "why"]
            if changed:
                row.save(update_fields=changed)
                touched += 1
    return touched


class _Rewording:
    """Rewords copies of needs inside plain data, in place."""

    def __init__(self, needs: Mapping[str, tuple[Need, Need]], words: Collection[str], instead: str) -> None:
        self.needs, self.words, self.instead = needs, words, instead

    def goal(self, words: str) -> str:
        """The words of a goal that serves one of the needs."""
        joined = {_joined(parts) for before, _ in self.needs.values() for parts in _parts(before)}
        same = words.strip() in {*self.words, *joined} - {""}
        return self.instead if same else swapped(words, self.words, self.instead)

    def follow(self, value: Any) -> bool:
        """Whether there was a copy of one of the needs."""
        inside = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
        found = bool(sum(self.follow(one) for one in inside))  # Every one: it rewords them.
        if not isinstance(value, dict):
            return found
        if found and "goal_id" in value:
            value["words"] = self.goal(value["words"])
        pair = self.needs.get(value.get("need_id", ""))
        if pair is None:
            return found
        said, wished = (spared(parts, self.words, self.instead) for parts in _parts(pair[0]))
        new = {
            "words": _joined(said) or value["words"],
            "wish": _joined(wished),
            "urgency": str(pair[1].urgency or ""),
            "no_goal_why": gone(value.get("no_goal_why", ""), self.instead),
        }
        value.update({name: one for name, one in new.items() if name in value})
        return True


def _parts(need: Need) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the copy of a need was joined of (`goals.rules.plan_needs`): its words, and the wish."""
    return need.words or need.nurse_words, need.wished


def _joined(parts: Iterable[str]) -> str:
    return "; ".join(parts)
