"""What a request can point out, as this reader sees it: in the file, among notes, in a scan, in the plan, in who the
child is and in what was asked of another organisation."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from kindzorg.access import policy
from kindzorg.access.policy import EVERY_DOMAIN, Actor, Subject
from kindzorg.access.roles import Role
from kindzorg.careplan.models import AgreementTerms, Evaluation, GoalText
from kindzorg.careplan.queries import every_evaluation_for, every_version_for
from kindzorg.careplan.reports.models import Report
from kindzorg.careplan.reports.queries import report_for
from kindzorg.careplan.reports.rules import Reach
from kindzorg.careplan.versions.queries import never_offered
from kindzorg.core.destroyed import BEGIN, points
from kindzorg.core.errors import Missing
from kindzorg.core.vocabulary import Ground, LifeDomain
from kindzorg.keeping.requests.rules import About
from kindzorg.needs.answers import is_destroyed, told_in
from kindzorg.needs.models import PortraitPiece
from kindzorg.needs.portrait.queries import portrait_for
from kindzorg.needs.queries import answer_for, rows_of_answer
from kindzorg.people.models import Child
from kindzorg.record.items import ItemKind
from kindzorg.record.models import FamilyNote, Note, RecordItem
from kindzorg.record.notes.queries import family_notes_for, notes_for
from kindzorg.record.queries import item_for
from kindzorg.record.rules import title
from kindzorg.referral.binding.queries import binding_for
from kindzorg.referral.models import BindingReferral

# Where a goal or agreement says what it says, as what, in which column.
PLANNED: dict[About, tuple[Any, str, str]] = {
    About.GOAL: (GoalText, "goal", "words"),
    About.AGREEMENT: (AgreementTerms, "agreement", "what"),
}
TABLES: dict[About, Any] = {
    About.ITEM: RecordItem,
    About.NOTE: Note,
    About.FAMILY_NOTE: FamilyNote,
    About.REPORT: Report,
}


@dataclass(frozen=True, slots=True)
class Thing:
    """What a request is about, as this reader sees it: what it says, and whose it is by which ground.

    What stands in a scan or a plan is copied over versions with what people said of them, so it is of every domain.
    `nurse_first`: a child told it to its nurse alone.
    """

    about: About
    object_id: UUID | None
    words: str
    owner_id: UUID
    ground: Ground
    domains: frozenset[LifeDomain] = EVERY_DOMAIN
    nurse_first: bool = False


def thing_for(actor: Actor, subject: Subject, about: About, object_id: UUID | None, on: date) -> Thing:
    """What is pointed out, if the actor may see it. Raises Missing, Refused. Six statements at most."""
    policy.require(actor, "child.open", subject, on)
    if about == About.GENERAL or object_id is None:
        owner_id = Child.objects.values_list("owner_id", flat=True).get(id=subject.child_id)
        return Thing(About.GENERAL, None, "", owner_id, Ground.WGBO)
    match about:
        case About.ANSWER:
            return _answer(actor, subject, object_id, on)
        case About.GOAL | About.AGREEMENT:
            return _planned(actor, subject, about, object_id, on)
        case About.EVALUATION:
            return _evaluation(actor, subject, object_id, on)
        case About.PORTRAIT:
            return _told(actor, subject, object_id, on)
        case About.BINDING:
            return _asked(actor, subject, object_id, on)
        case About.REPORT:
            return _reported(actor, subject, object_id, on)
        case _:
            return _filed(actor, subject, about, object_id, on)


def _filed(actor: Actor, subject: Subject, about: About, object_id: UUID, on: date) -> Thing:
    if about == About.ITEM:
        filed = item_for(actor, subject, object_id, on)
        if filed.kind == ItemKind.CHILD:
            raise Missing("item_not_found", child_id=subject.child_id)
        words, column = title(filed.item), "id"
    else:
        words, column = _note_words(actor, subject, about, object_id, on), "entry_id"
    rows = TABLES[about].objects.filter(child_id=subject.child_id, **{column: object_id})
    row = rows.order_by("-created_at", "-id")[0]
    domain = LifeDomain.MEDICAL if about == About.ITEM else LifeDomain(row.domain)
    return Thing(about, object_id, words, row.owner_id, Ground(row.ground), frozenset({domain}))


def _note_words(actor: Actor, subject: Subject, about: About, entry_id: UUID, on: date) -> str:
    read = notes_for if about == About.NOTE else family_notes_for
    found = next((one for one in read(actor, subject, on) if one.id == entry_id and one.words), None)
    if found is None:
        raise Missing("note_not_found", child_id=subject.child_id)
    return found.words


def _reported(actor: Actor, subject: Subject, entry_id: UUID, on: date) -> Thing:
    """A report, or what stands in the daybook for the team; on what a family wrote for itself nobody else decides."""
    one, _earlier = report_for(actor, subject, entry_id, on)
    if not one.words or one.reach == Reach.FAMILY:
        raise Missing("report_not_found", child_id=subject.child_id)
    owner_id = Report.objects.values_list("owner_id", flat=True).get(id=entry_id)
    domains = frozenset({one.domain}) if one.domain else EVERY_DOMAIN
    return Thing(About.REPORT, entry_id, one.words, owner_id, one.ground, domains)


def _answer(actor: Actor, subject: Subject, answer_key: UUID, on: date) -> Thing:
    """What one person said to one question, by the key that marks know; what is kept from a reader is not there."""
    one = answer_for(actor, subject, answer_key, on)
    if is_destroyed(one.given):
        raise Missing("answer_not_found", child_id=subject.child_id)
    rows = rows_of_answer(actor, subject, answer_key)
    first = any(row.nurse_first for row in rows)
    words, last = " · ".join(told_in(one.given)), rows[-1]
    return Thing(About.ANSWER, answer_key, words, last.owner_id, Ground(last.ground), nurse_first=first)


def _planned(actor: Actor, subject: Subject, about: About, object_id: UUID, on: date) -> Thing:
    """A goal or agreement as the newest version says it that the actor may see."""
    if not _reads_all(actor, subject, on):
        plans = every_version_for(actor, subject, on)
        found = {one.id for plan in plans for one in (plan.goals if about == About.GOAL else plan.agreements)}
        if object_id not in found:
            raise Missing("not_in_the_plan", child_id=subject.child_id)
    table, column, words = PLANNED[about]
    rows = table.objects.filter(child_id=subject.child_id, **{f"{column}_id": object_id})
    if not policy.may(actor, "plan.draft", subject, on):
        rows = rows.exclude(never_offered("version__"))
    row = rows.select_related(column).order_by("-version_id").first()
    if row is None or BEGIN in getattr(row, words):
        raise Missing("not_in_the_plan", child_id=subject.child_id)
    owner_id = getattr(row, column).owner_id
    return Thing(about, object_id, getattr(row, words), owner_id, Ground(row.ground))


def _reads_all(actor: Actor, subject: Subject, on: date) -> bool:
    """Whether nothing of the plan is kept from the actor, so that its rows need not be read as a reader sees them."""
    child = policy.role_for(actor, subject, on) in (Role.CHILD, Role.YOUNG_PERSON)
    return policy.sees_all(actor, "plan.read", subject, on) and not child


def _evaluation(actor: Actor, subject: Subject, evaluation_id: UUID, on: date) -> Thing:
    for views in every_evaluation_for(actor, subject, on).values():
        for one in views:
            words = " · ".join(filter(None, (one.family_view, one.words)))
            if one.id == evaluation_id and words and BEGIN not in words:
                row = Evaluation.objects.get(id=evaluation_id)
                return Thing(About.EVALUATION, evaluation_id, words, row.owner_id, Ground(row.ground))
    raise Missing("no_such_evaluation", child_id=subject.child_id)


def _told(actor: Actor, subject: Subject, key: UUID, on: date) -> Thing:
    """What one voice tells of who the child is on one topic, by the id of its first wording."""
    for topic in portrait_for(actor, subject, on):
        for piece in (*topic.pieces, *topic.earlier):
            if piece.key == key and points(piece.words):
                row = PortraitPiece.objects.get(id=key)
                return Thing(About.PORTRAIT, key, piece.words, row.owner_id, Ground(row.ground))
    raise Missing("not_in_the_portrait", child_id=subject.child_id)


def _asked(actor: Actor, subject: Subject, binding_id: UUID, on: date) -> Thing:
    """What was asked of another organisation in a binding referral."""
    one = binding_for(actor, subject, binding_id, on)
    if not points(one.needed):
        raise Missing("no_such_binding", child_id=subject.child_id)
    row = BindingReferral.objects.get(id=binding_id)
    return Thing(About.BINDING, binding_id, one.needed, row.owner_id, Ground(row.ground))
