"""What a granted deletion destroys, room by room, and the literal copies of it in what people wrote beside it.

The work of an action that has asked leave, decided with reasons and thawed the tables; it writes the trail.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from kindzorg.careplan import erasing as plan
from kindzorg.careplan.annex.models import AnnexPiece, AnnexTalk, AnnexWord, TreatmentAgreement
from kindzorg.careplan.cover.models import CoverStep, Demand
from kindzorg.careplan.evaluations.models import SafetyNet
from kindzorg.careplan.howto.models import HowToCard, HowToStep, HowToTip
from kindzorg.careplan.learning.models import LearningStep
from kindzorg.careplan.meetings.models import (
    MeetingAnswer,
    MeetingDecision,
    MeetingEnd,
    MeetingNote,
    MeetingPoint,
)
from kindzorg.careplan.models import (
    AgreementStep,
    DomainChoice,
    Evaluation,
    GoalStep,
    PlanVersion,
    Removal,
    Signature,
    StoredOutcome,
)
from kindzorg.careplan.procedures.models import Procedure, ProcedureStep, ProcedureWish
from kindzorg.careplan.proposals.models import Proposal, ProposalStep
from kindzorg.careplan.reviews.models import Preparation, ReviewStep
from kindzorg.careplan.stepback.models import StepBack
from kindzorg.careplan.visits.models import VisitChange
from kindzorg.careteam.models import CoachStep, Responsibility
from kindzorg.closure import erasing as closing
from kindzorg.closure.models import ChecklistMark, Closure, NeedSettlement, ReceiverAnswer, TransitionText
from kindzorg.core.destroyed import Emptied, mark, swapped
from kindzorg.journey.models import JourneyStep
from kindzorg.keeping.models import FileMerge, FileParting, FileRequest, RequestDecision, RequestDelay
from kindzorg.keeping.requests.rules import About
from kindzorg.needs import erasing as scan
from kindzorg.needs.models import MoodCheck, PortraitPiece, StrainCheck, StrainTalk
from kindzorg.record import erasing as record
from kindzorg.record.models import Attachment, FamilyNote, Note, WordsIn
from kindzorg.referral import erasing as referral
from kindzorg.referral.models import (
    BindingReferral,
    BindingStep,
    DissentSettlement,
    IndicationTerm,
    ReferralDissent,
    ReferralOutcome,
)

# What somebody wrote beside a scan or a plan can repeat what stood there. Goals and agreements are pointed out apart.
BESIDE: Mapping[Any, tuple[str, ...]] = {
    PlanVersion: ("why", "ended_why"),
    DomainChoice: ("why",),
    Removal: ("reason",),
    Signature: ("reason",),
    GoalStep: ("reason",),
    AgreementStep: ("reason",),
    Evaluation: ("words", "family_view"),
    Proposal: ("what", "why", "words", "where", "when"),
    ProposalStep: ("reason",),
    VisitChange: ("reason",),
    SafetyNet: ("watch", "call"),
    StepBack: ("words",),
    Preparation: ("well", "not_well", "words"),
    ReviewStep: ("words",),
    MeetingPoint: ("words",),
    MeetingAnswer: ("words",),
    MeetingNote: ("words",),
    MeetingDecision: ("words",),
    MeetingEnd: ("words",),
    Demand: ("why", "ended_why"),
    CoverStep: ("reason",),
    LearningStep: ("words",),
    HowToCard: ("title", "watch", "call"),
    HowToStep: ("words",),
    HowToTip: ("words",),
    Procedure: ("title", "where", "by_whom"),
    ProcedureStep: ("words",),
    ProcedureWish: ("words",),
    NeedSettlement: ("note",),
    ReceiverAnswer: ("reason",),
    ChecklistMark: ("note",),
    TransitionText: ("words",),
    JourneyStep: ("note",),
    CoachStep: ("words",),
    Responsibility: ("who", "what", "how"),
    ReferralDissent: ("reason",),
    DissentSettlement: ("outcome",),
    IndicationTerm: ("letter",),
    BindingReferral: ("needed", "why"),
    BindingStep: ("words", "instead"),
    AnnexPiece: ("words",),
    TreatmentAgreement: ("name", "why", "discussed_with"),
    AnnexWord: ("reason",),
    AnnexTalk: ("with_whom", "words"),
    MoodCheck: ("words",),
    PortraitPiece: ("words",),
    StrainCheck: ("words",),
    StrainTalk: ("agreed",),
    Attachment: ("alt",),
    WordsIn: ("words",),
    FileMerge: ("note",),
    FileParting: ("reason",),
    FileRequest: ("words",),
    RequestDelay: ("reason",),
    RequestDecision: ("words",),
}
# Plain data with such words inside, under these keys: an evaluation in an outcome, notes in the record of a closing.
INSIDE: Mapping[Any, tuple[str, frozenset[str]]] = {
    StoredOutcome: ("outcome", frozenset({"evaluation", "no_goal_why"})),
    MeetingEnd: ("agenda", frozenset({"words"})),
    Closure: ("record", frozenset({"note"})),
    ReferralOutcome: ("decision", frozenset({"note"})),
}
TABLES = (
    *(*record.TABLES, *referral.TABLES, *scan.TABLES, *plan.TABLES, *closing.TABLES),
    *(table._meta.db_table for table in (*BESIDE, *INSIDE)),
)
DESTROYS: Mapping[About, Callable[[UUID, UUID, str], Emptied]] = {
    About.GOAL: plan.destroy_goal,
    About.AGREEMENT: plan.destroy_agreement,
    About.EVALUATION: plan.destroy_evaluation,
    About.REPORT: plan.destroy_report,
    About.PORTRAIT: scan.destroy_portrait,
    About.BINDING: referral.destroy_binding,
}


def destroy(about: About, child_id: UUID, object_id: UUID, now: datetime) -> int:
    """Destroy one thing wherever it stands; gives back how many rows were touched."""
    if about == About.ITEM:
        return record.destroy_item(child_id, object_id, now)
    if about in (About.NOTE, About.FAMILY_NOTE):
        return record.destroy_note(Note if about == About.NOTE else FamilyNote, child_id, object_id)
    instead = mark(timezone.localdate(now))
    if about == About.ANSWER:
        emptied = scan.destroy_answer(child_id, object_id, instead)
        told = (child_id, emptied.needs, emptied.words, instead)
        rows, words = emptied.rows + plan.destroy_needs(*told) + closing.destroy_needs(*told), emptied.words
    else:
        done = DESTROYS[about](child_id, object_id, instead)
        rows, words = done.rows, done.words
    return rows + _beside(child_id, words, instead) + record.destroy_beside(child_id, object_id)


def _beside(child_id: UUID, words: Collection[str], instead: str) -> int:
    """Literal copies in what people wrote beside it."""
    touched = 0
    for table, columns in BESIDE.items():
        for row in table.objects.filter(child_id=child_id):
            changed = [name for name in columns if _swap(row, name, words, instead)]
            if changed:
                row.save(update_fields=changed)
                touched += 1
    for table, (column, keys) in INSIDE.items():
        for row in table.objects.filter(child_id=child_id):
            kept = getattr(row, column)
            new = _inside(kept, keys, words, instead)
            if new != kept:
                setattr(row, column, new)
                row.save(update_fields=[column])
                touched += 1
    return touched


def _swap(row: Any, name: str, words: Collection[str], instead: str) -> bool:
    """A column can be too short for the mark as well: then the words are what goes."""
    kept = getattr(row, name)
    setattr(row, name, swapped(kept, words, instead)[: row._meta.get_field(name).max_length])
    return bool(getattr(row, name) != kept)


def _inside(
    value: Any, keys: frozenset[str], words: Collection[str], instead: str, *, here: bool = False
) -> Any:
    if isinstance(value, str):
        return swapped(value, words, instead) if here else value
    if isinstance(value, list):
        return [_inside(one, keys, words, instead, here=here) for one in value]
    if isinstance(value, dict):
        return {
            key: _inside(one, keys, words, instead, here=here or key in keys) for key, one in value.items()
        }
    return value
