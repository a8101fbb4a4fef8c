"""Reading phase 2: the scans of a child with the answers as given, who may speak, and the hand-over."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import reduce
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from kindzorg.access import policy
from kindzorg.access.ages import age
from kindzorg.access.policy import Actor, Subject
from kindzorg.access.roles import Role
from kindzorg.careteam.queries import marked_objects
from kindzorg.core.errors import Missing, Refused
from kindzorg.core.statements import Later
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.needs.marked import given_in, hidden_ids, marked_with
from kindzorg.needs.models import AnswerKind, NeedsAnswer, NeedsHandover, NeedsScan
from kindzorg.needs.rules import (
    Answers,
    Cell,
    NeedsProfile,
    Respondent,
    ScanReader,
    carried_forward,
    current,
    definition,
    hub,
    in_domains,
    profile_from_data,
    readable_by,
)
from kindzorg.needs.seats import Beside
from kindzorg.needs.unseen import MARKED, answers_without, key_of, profile_without, says_something
from kindzorg.people.models import Child, Relative
from kindzorg.people.rules import Relation

TO_ANSWER = {
    Respondent.CHILD: "needs.answer_child",
    Respondent.PARENT: "needs.answer_parent",
    Respondent.NURSE: "needs.answer_nurse",
}
PARENTS = (
    Relation.MOTHER,
    Relation.FATHER,
    Relation.STEP_PARENT,
    Relation.FOSTER_PARENT,
    Relation.GUARDIAN,
)


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who answers: the child, a parent or a professional. `entered_by` types it for them."""

    respondent: Respondent
    person_id: UUID
    name: str
    entered_by: UUID | None = None
    beside: Beside | None = None

    def given(self, now: datetime) -> dict[str, Any]:
        """What every answer of this voice carries: `TopicAnswer(**voice.given(now), topic=...)`."""
        return {
            "respondent": self.respondent,
            "person_id": self.person_id,
            "given_at": now,
            "entered_by": self.entered_by,
            "beside": self.beside,
        }


@dataclass(frozen=True, slots=True)
class FilledScan:
    """A scan with the answers that this reader may read.

    `answers` are those of this scan alone, `before` those that hold from earlier scans (None in a first scan).
    `cells` is the task list: it shows how far everybody is, never what was said. `names` says who gave an
    answer, `typists` who typed it, each as they were called then. `reader` says as whom the actor reads.
    """

    row: NeedsScan
    answers: Answers
    before: Answers | None
    cells: Mapping[LifeDomain, Mapping[Respondent, Cell]]
    names: dict[UUID, str]
    typists: dict[UUID, str]
    reader: ScanReader

    @property
    def open(self) -> bool:
        """Whether answers can still be given."""
        return self.row.closed_at is None

    @property
    def holding(self) -> Answers:
        """All answers that hold now: what was not given again stays as it was given then."""
        return carried_forward(self.before, self.answers) if self.before else self.answers


def respondent_of(actor: Actor, subject: Subject, on: date) -> Respondent:
    """As whom the actor answers: it follows from the role."""
    role = policy.role_for(actor, subject, on)
    if role in (Role.CHILD, Role.YOUNG_PERSON):
        return Respondent.CHILD
    return Respondent.PARENT if policy.is_family(role) else Respondent.NURSE


def permission_to_answer(actor: Actor, subject: Subject, on: date) -> str:
    """The permission that answering needs. Who supplements may also type for child and parents."""
    return TO_ANSWER[respondent_of(actor, subject, on)]


def family_for(actor: Actor, subject: Subject, on: date) -> Sequence[Relative]:
    """The relatives of the child, for who answers as a parent or types for the family. One statement.

    Empty for a child, who speaks for itself, and for who may only read.
    """
    own = respondent_of(actor, subject, on)
    if own is Respondent.CHILD or not policy.may(actor, TO_ANSWER[own], subject, on):
        return ()
    rows = Relative.objects.filter(child_id=subject.child_id).select_related("child")
    return list(rows.order_by("created_at", "id"))


def voices_for(
    actor: Actor, subject: Subject, on: date, family: Sequence[Relative] | None = None
) -> tuple[Voice, ...]:
    """Whose answers the actor may give: their own first, then (nurse, care coach) child and parents.

    A parent with authority sits beside a child under 12 that has no account, and types what it says. A child with an
    account answers there: nobody else of the family writes in its name. Empty for who may only read. `family` saves a
    statement where it is known.
    """
    own = respondent_of(actor, subject, on)
    if not policy.may(actor, TO_ANSWER[own], subject, on):
        return ()
    if own is Respondent.CHILD:
        return (Voice(own, subject.child_id, actor.name),)
    relatives = family_for(actor, subject, on) if family is None else family
    if own is Respondent.PARENT:
        me = next((one for one in relatives if one.user_id == actor.id), None)
        mine = Voice(own, me.id if me else actor.id, me.name if me else actor.name)
        young = relatives and not relatives[0].child.user_id and _helps(actor, subject, on)
        name = relatives[0].child.given_name if young else ""
        return (mine, Voice(Respondent.CHILD, subject.child_id, name, actor.id)) if young else (mine,)
    child = relatives[0].child if relatives else Child.objects.get(id=subject.child_id)
    return (
        Voice(own, actor.id, actor.name),
        Voice(Respondent.CHILD, subject.child_id, child.given_name, actor.id),
        *(
            Voice(Respondent.PARENT, one.id, one.name, actor.id)
            for one in relatives
            if one.relation in PARENTS
        ),
    )


def _helps(actor: Actor, subject: Subject, on: date) -> bool:
    """Whether a parent who reads the scan helps a child that is under 12."""
    young = subject.birth_date is None or age(subject.birth_date, on) < 12
    return young and policy.may(actor, "needs.read", subject, on)


def may_seat(actor: Actor, subject: Subject, on: date) -> bool:
    """Whether the actor says in which form the child answers, and beside whom."""
    own = respondent_of(actor, subject, on)
    helps = own is not Respondent.PARENT or _helps(actor, subject, on)
    return helps and policy.may(actor, TO_ANSWER[own], subject, on)


def seat_voice(actor: Actor, subject: Subject, on: date) -> Voice:
    """The child, for who says in which form it answers: itself, who types for it, or a parent. Raises Refused."""
    if not may_seat(actor, subject, on):
        raise Refused("refused", permission="needs.answer", child_id=subject.child_id)
    name = Child.objects.values_list("given_name", flat=True).get(id=subject.child_id)
    itself = respondent_of(actor, subject, on) is Respondent.CHILD
    return Voice(Respondent.CHILD, subject.child_id, name, None if itself else actor.id)


def voice_for(actor: Actor, subject: Subject, on: date, person_id: UUID | None = None) -> Voice:
    """The actor's own voice, or that of the person for whom the actor types.

    Raises Refused when the actor may not speak for this person.
    """
    for voice in voices_for(actor, subject, on):
        if person_id in (None, voice.person_id):
            return voice
    raise Refused("refused", permission="needs.answer", child_id=subject.child_id)


def scan_for(
    actor: Actor,
    subject: Subject,
    on: date,
    voices: tuple[Voice, ...] | None = None,
    *,
    for_hand_over: bool = False,
) -> FilledScan | None:
    """The newest scan with what the actor may read in it; None when there never was one. Two statements.

    Who may not read the scan but may answer (a parent without authority) reads their own answers. What a child
    told the nurse first is for the child and the nurses; `for_hand_over` gives all, to who may close. `voices`
    saves a statement where they are known.
    """
    scans = list(_scans(actor, subject, on))
    if not scans:
        return None
    rows = list(_answers(subject))
    if not policy.may(actor, "needs.read", subject, on):
        known = voices_for(actor, subject, on) if voices is None else voices
        rows = _own(actor, subject, on, rows, known)
    if for_hand_over:
        policy.require_every_domain(actor, "needs.close", subject, on)
    hidden = frozenset() if for_hand_over else _hidden(scans[-1])
    reader = ScanReader.NURSE if for_hand_over else _reader(actor, subject, on)
    return _newest(actor, subject, on, scans, rows, hidden, reader)


def scan_later(actor: Actor, subject: Subject, on: date) -> Later[FilledScan | None]:
    """The newest scan for who reads it, as `scan_for` gives it; not asked for yet."""
    policy.require(actor, "needs.read", subject, on)
    reader = _reader(actor, subject, on)

    def read(scans: Sequence[NeedsScan], rows: Sequence[NeedsAnswer]) -> FilledScan | None:
        if not scans:
            return None
        return _newest(actor, subject, on, scans, rows, _hidden(scans[-1]), reader)

    return Later((_scans(actor, subject, on), _answers(subject)), read)


def _answers(subject: Subject) -> QuerySet[NeedsAnswer]:
    return NeedsAnswer.objects.filter(child_id=subject.child_id).order_by("created_at", "id")


def _newest(
    actor: Actor,
    subject: Subject,
    on: date,
    scans: Sequence[NeedsScan],
    rows: Sequence[NeedsAnswer],
    hidden: Collection[UUID],
    reader: ScanReader,
) -> FilledScan:
    per_scan = [_seen_answers(actor, subject, on, scan, rows, hidden) for scan in scans]
    return _filled(scans[-1], per_scan[-1], rows, reader, per_scan[:-1])


def every_scan_for(actor: Actor, subject: Subject, on: date) -> Sequence[FilledScan]:
    """Every scan of the child by itself, oldest first, with what the actor may read in it. Two statements."""
    policy.require(actor, "needs.read", subject, on)
    scans = _scans(actor, subject, on)
    rows = list(_answers(subject))
    reader = _reader(actor, subject, on)
    return [
        _filled(scan, _seen_answers(actor, subject, on, scan, rows, _hidden(scan)), rows, reader)
        for scan in scans
    ]


def _scans(actor: Actor, subject: Subject, on: date) -> QuerySet[NeedsScan]:
    """The scans of the child, oldest first, each with the answers that are marked as not for this reader."""
    marked = marked_with(marked_objects(actor, subject, on))
    return NeedsScan.objects.filter(child_id=subject.child_id).annotate(marked=marked).order_by("number")


def _hidden(row: Any) -> frozenset[UUID]:
    return hidden_ids(row.marked)


def _filled(
    scan: NeedsScan,
    seen: Answers,
    rows: Sequence[NeedsAnswer],
    reader: ScanReader,
    earlier: Sequence[Answers] = (),
) -> FilledScan:
    readable = [readable_by(answers, reader) for answers in (*earlier, seen)]
    return FilledScan(
        row=scan,
        answers=readable[-1],
        before=reduce(carried_forward, readable[:-1]) if readable[:-1] else None,
        cells=hub(seen),
        names={row.person_id: row.person for row in rows},
        typists={row.entered_by_id: row.entered_by for row in rows if row.entered_by_id},
        reader=reader,
    )


def _seen_answers(
    actor: Actor,
    subject: Subject,
    on: date,
    scan: NeedsScan,
    rows: Iterable[NeedsAnswer],
    hidden: Collection[UUID],
) -> Answers:
    """The answers of one scan in the domains that consent leaves open to the actor, without those that are hidden."""
    reads = policy.may(actor, "needs.read", subject, on)
    permission = "needs.read" if reads else permission_to_answer(actor, subject, on)
    given = answers_of(actor, scan.version, [row for row in rows if row.scan_id == scan.id])
    answers = answers_without(given, hidden)
    topics = {topic.id: topic.domain for topic in definition(scan.version).topics}
    return in_domains(answers, policy.may_domains(actor, permission, subject, on), topics)


def _own(
    actor: Actor, subject: Subject, on: date, rows: list[NeedsAnswer], voices: tuple[Voice, ...]
) -> list[NeedsAnswer]:
    if not voices:
        policy.require(actor, "needs.read", subject, on)
    mine = {voice.person_id for voice in voices}
    return [row for row in rows if row.person_id in mine]


def _reader(actor: Actor, subject: Subject, on: date) -> ScanReader:
    """As whom the actor reads. Only the child's nurses hear what was told to "my nurse"; others read as parents."""
    own = respondent_of(actor, subject, on)
    if own is Respondent.CHILD:
        twelve = subject.birth_date is not None and age(subject.birth_date, on) >= 12
        return ScanReader.FROM_12 if twelve else ScanReader.UNDER_12
    hears = own is Respondent.NURSE and policy.may(actor, "needs.read_nurse_first", subject, on)
    return ScanReader.NURSE if hears else ScanReader.ADULT


def answers_of(actor: Actor, version: str, rows: Iterable[NeedsAnswer]) -> Answers:
    """Stored rows as the rules know them. `actor` has been let in by who calls."""
    given: dict[str, list[Any]] = {kind: [] for kind in AnswerKind}
    for row in rows:
        given[row.kind].append(given_in(row))
    return Answers(version=version, **{kind: tuple(rows) for kind, rows in given.items()})


def rows_of_answer(actor: Actor, subject: Subject, answer_key: UUID) -> Sequence[NeedsAnswer]:
    """The rows of an answer each time that it was given, oldest first. `actor` has been let in by who calls."""
    rows = NeedsAnswer.objects.filter(child_id=subject.child_id).order_by("created_at", "id")
    return [row for row in rows if key_of(row.kind, given_in(row)) == answer_key]


def profile_for(actor: Actor, subject: Subject, on: date) -> NeedsProfile | None:
    """The hand-over of phase 2 that holds now: that of the newest closed scan. One statement."""
    policy.require(actor, "needs.read", subject, on)
    marked = marked_with(marked_objects(actor, subject, on))
    rows = NeedsHandover.objects.filter(child_id=subject.child_id).annotate(marked=marked)
    row = rows.order_by("-created_at", "-id").first()
    if row is None:
        return None
    seen = profile_without(profile_from_data(row.profile), hidden_ids(row.marked))
    return _profile_seen(seen, policy.may_domains(actor, "needs.read", subject, on))


def _profile_seen(profile: NeedsProfile, seen: Collection[LifeDomain]) -> NeedsProfile:
    """The hand-over for who sees these domains; what is about no domain in particular only for who sees all."""
    if set(seen) == set(LifeDomain):
        return profile
    return replace(
        profile,
        needs=tuple(one for one in profile.needs if one.domain in seen),
        no_needs=tuple(one for one in profile.no_needs if one.domain in seen),
        opening=(),
        strengths=(),
        carrying=(),
    )


@dataclass(frozen=True, slots=True)
class AnswerNow:
    """One answer that counts now, with the part of the scan in which it stands and the id that marks on it carry."""

    key: UUID
    part: str
    given: Any


def answers_now(actor: Actor, filled: FilledScan) -> Sequence[AnswerNow]:
    """The answers of a scan that can be marked, in the order of its parts. `actor` read the scan."""
    now = current(filled.holding)
    parts = ((part, one) for part in MARKED for one in getattr(now, part) if says_something(one))
    return [AnswerNow(key_of(part, one), part, one) for part, one in parts]


def answer_for(actor: Actor, subject: Subject, answer_key: UUID, on: date) -> AnswerNow:
    """One answer that counts now. Raises Missing, also for one that this reader may not read. Two statements."""
    filled = scan_for(actor, subject, on)
    if filled is None:
        raise Missing("answer_not_found", child_id=subject.child_id)
    return answer_in(actor, filled, answer_key)


def answer_in(actor: Actor, filled: FilledScan, answer_key: UUID) -> AnswerNow:
    """The same where the scan was read. Raises Missing."""
    for one in answers_now(actor, filled):
        if one.key == answer_key:
            return one
    raise Missing("answer_not_found", child_id=filled.row.child_id)
