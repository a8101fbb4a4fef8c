"""The palliative annex as somebody may read it: leave and consent first, then one statement per kind of row.

Who may not read it does not learn that it is there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import (
    BooleanField,
    DateField,
    DateTimeField,
    Exists,
    F,
    ForeignKey,
    JSONField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    UUIDField,
)
from django.db.models.functions import Cast, JSONObject
from django.utils import timezone

from kindzorg.access import policy, sight
from kindzorg.access.policy import Actor, Subject
from kindzorg.access.roles import Role, Scope
from kindzorg.careplan.annex.models import AnnexPiece, AnnexTalk, AnnexWord, TreatmentAgreement
from kindzorg.careplan.annex.rules import (
    CALLS,
    AnnexPieceView,
    AnnexQuestion,
    AnnexStanding,
    AnnexTopic,
    AnnexTopicView,
    AnnexVoice,
    AnnexWordView,
    Asked,
    TreatmentChoice,
    TreatmentKind,
    TreatmentView,
    standing,
    topics_view,
    treatments_view,
)
from kindzorg.careplan.talks.rules import TalkKind, Talks, TalkView, talks_of
from kindzorg.careteam.models import Grant
from kindzorg.careteam.queries import OpenedChild, in_force, marked_objects
from kindzorg.core.encryption import Sealed
from kindzorg.core.errors import Refused
from kindzorg.core.fields import EncryptedTextField
from kindzorg.core.plain import day, key, moment
from kindzorg.core.statements import Listed, Nested
from kindzorg.journey.rules import Waiting
from kindzorg.journey.waiting import WaitingRows, waiting_rows
from kindzorg.people.models import Child, Relative

# Who reads along only where the family says so, and by which word of it.
SHARED = {Role.CARE_COACH: AnnexQuestion.COACH, Role.CHILD: AnnexQuestion.CHILD}


@dataclass(frozen=True, slots=True)
class AnnexRead:
    """That somebody may read the annex: by which permission, what was said, and what holds after it."""

    permission: str
    words: tuple[AnnexWordView, ...]
    standing: AnnexStanding


def annex_for(actor: Actor, subject: Subject, on: date) -> AnnexRead:
    """What holds, for who may read it: by role and every life domain, or with the family's yes. One statement.

    Raises Refused, also for who reads along while it was not begun.
    """
    permission = may_read_annex(actor, subject, on)
    if not permission:
        raise Refused("refused", permission="annex.read", child_id=subject.child_id)
    words = _words(subject)
    now = standing(words)
    if permission == "annex.read_shared":
        role = policy.role_for(actor, subject, on)
        if not now.open or role is None or SHARED.get(role) not in now.yes:
            raise Refused("refused", permission=permission, child_id=subject.child_id)
    return AnnexRead(permission, words, now)


def may_read_annex(actor: Actor, subject: Subject, on: date) -> str:
    """The permission by which somebody reads it, "" for nobody. It can be about anything: for who sees every domain."""
    found = (one for one in ("annex.read", "annex.read_shared") if policy.sees_all(actor, one, subject, on))
    return next(found, "")


def alive(actor: Actor, subject: Subject, on: date) -> bool:
    """Whether the child lives: after its death the annex is read, and nothing is written in it or asked."""
    return subject.died_on is None or on < subject.died_on


def _words(subject: Subject) -> tuple[AnnexWordView, ...]:
    rows = AnnexWord.objects.filter(child_id=subject.child_id).order_by("id")
    return tuple(_word(row) for row in rows)


def _word(row: AnnexWord) -> AnnexWordView:
    return AnnexWordView(
        question=AnnexQuestion(row.question),
        yes=row.yes,
        stands=row.stands,
        family=row.family,
        by=row.by,
        by_id=row.by_id,
        at=row.created_at,
        agreement_id=row.agreement_id,  # type: ignore[attr-defined]
        relative_id=row.relative_id,
        reason=row.reason,
        said_on=row.said_on,
        signer=row.signer,
    )


def pieces_for(
    actor: Actor, subject: Subject, topics: Sequence[AnnexTopic], on: date
) -> tuple[AnnexTopicView, ...]:
    """These topics with what stands there, without what is kept from this reader. One statement.

    For who was let in by `annex_for`; asked again by policy alone.
    """
    _let_in(actor, subject, on)
    rows = AnnexPiece.objects.filter(child_id=subject.child_id, topic__in=[str(one) for one in topics])
    rows = rows.exclude(entry_id__in=marked_objects(actor, subject, on))
    return topics_view([_piece(row) for row in rows.order_by("revision", "id")], topics)


def _let_in(actor: Actor, subject: Subject, on: date) -> None:
    if not may_read_annex(actor, subject, on):
        raise Refused("refused", permission="annex.read", child_id=subject.child_id)


def _piece(row: AnnexPiece) -> AnnexPieceView:
    return AnnexPieceView(
        key=row.entry_id,
        topic=AnnexTopic(row.topic),
        voice=AnnexVoice(row.voice),
        speaker=row.speaker,
        revision=row.revision,
        words=row.words,
        skipped=row.skipped,
        by=row.by,
        by_role=Role(row.by_role),
        at=row.created_at,
    )


def piece_of(
    actor: Actor, subject: Subject, topic: AnnexTopic, voice: AnnexVoice, on: date
) -> AnnexPieceView | None:
    """What stands there now in the voice of who is going to write. One statement."""
    policy.require_every_domain(actor, "annex.write", subject, on)
    rows = AnnexPiece.objects.filter(
        child_id=subject.child_id, topic=topic, voice=voice, speaker=speaker_of(actor, subject, voice)
    ).exclude(entry_id__in=marked_objects(actor, subject, on))
    row = rows.order_by("-revision").first()
    return _piece(row) if row else None


def speaker_of(actor: Actor, subject: Subject, voice: AnnexVoice) -> UUID:
    """Whose line of wordings it is: a parent's own, else that of everybody with that voice."""
    return actor.id if voice == AnnexVoice.PARENT else subject.child_id


def treatments_for(
    actor: Actor, subject: Subject, words: Sequence[AnnexWordView], on: date
) -> tuple[TreatmentView, ...]:
    """The treatment agreements, with what was said to each (`words` of `annex_for`). One statement."""
    _let_in(actor, subject, on)
    return _treatments(subject, words)


def _treatments(subject: Subject, words: Sequence[AnnexWordView]) -> tuple[TreatmentView, ...]:
    rows = TreatmentAgreement.objects.filter(child_id=subject.child_id).order_by("revision", "id")
    return treatments_view([_treatment(row) for row in rows], words)


def _treatment(row: TreatmentAgreement) -> TreatmentView:
    return TreatmentView(
        id=row.id,
        entry_id=row.entry_id,
        kind=TreatmentKind(row.kind),
        choice=TreatmentChoice(row.choice),
        name=row.name,
        why=row.why,
        discussed_with=row.discussed_with,
        discussed_on=row.discussed_on,
        valid_from=row.valid_from,
        review_on=row.review_on,
        revision=row.revision,
        by=row.by,
        organisation=row.organisation,
        at=row.created_at,
        asked=tuple(
            Asked(one["party"], UUID(one["relative_id"]) if one["relative_id"] else None, one["name"])
            for one in row.asked
        ),
    )


def talks_for(actor: Actor, subject: Subject, on: date) -> Talks:
    """The talks, and the day of the next look. One statement."""
    _let_in(actor, subject, on)
    rows = AnnexTalk.objects.filter(child_id=subject.child_id).order_by("id")
    return talks_of([_talk(row) for row in rows], on)


def _talk(row: AnnexTalk) -> TalkView:
    return TalkView(TalkKind(row.kind), row.on, row.with_whom, row.words, row.by, row.created_at)


@dataclass(frozen=True, slots=True)
class AnnexOnCard:
    """What of the annex stands on the emergency card: the agreements where the family wants that, and, where it wants
    that (`sign`), that there is a palliative plan and whom to call."""

    treatments: tuple[TreatmentView, ...]
    sign: bool
    calls: tuple[AnnexPieceView, ...]


def on_card(actor: Actor, subject: Subject, on: date, *, outside: bool) -> AnnexOnCard | None:
    """What the family lets stand on the card, for who reads the card; None where that is nothing.

    `outside`: for who holds a card that was given away, which needs a yes of its own. Who does not see that there is an
    annex without a yes, the coach and a child under 12, does not see it here either. What is not confirmed says so.
    One statement.
    """
    policy.require(actor, "record.read", subject, on)
    row = _card_rows(subject).get() if alive(actor, subject, on) else {"words": ()}
    words = [_word(AnnexWord(**_plain(AnnexWord, one))) for one in row["words"]]
    now = standing(words)
    lets_in = AnnexQuestion.OUTSIDE if outside else _yes_needed(actor, subject, on)
    if not now.open or (lets_in and lets_in not in now.yes):
        return None
    treatments = [
        _treatment(TreatmentAgreement(**_plain(TreatmentAgreement, one))) for one in row["treatments"]
    ]
    found = treatments_view(treatments, words) if AnnexQuestion.CARD in now.yes else ()
    held = [_held_on(one, on) for one in found]
    spoken = tuple(one for one in held if one and one.choice != TreatmentChoice.NOT_SPOKEN)
    sign = AnnexQuestion.SIGN in now.yes
    pieces = [_piece(AnnexPiece(**_plain(AnnexPiece, one))) for one in row["calls"]] if sign else ()
    calls = tuple(piece for topic in topics_view(pieces, CALLS) for piece in topic.pieces if piece.words)
    return AnnexOnCard(spoken, sign, calls) if spoken or sign else None


def _yes_needed(actor: Actor, subject: Subject, on: date) -> AnnexQuestion | None:
    """To what the family must say yes before this reader sees that there is an annex; None for everybody else."""
    role = policy.role_for(actor, subject, on)
    return SHARED.get(role) if role and may_read_annex(actor, subject, on) != "annex.read" else None


def _held_on(one: TreatmentView, on: date) -> TreatmentView | None:
    """Its newest wording that holds on this day: what was written for a later day leaves the earlier one in force.

    A wording that was replaced before its own day came never held.
    """
    replaced: TreatmentView | None = None
    for wording in (one, *one.earlier):
        till = timezone.localdate(replaced.at) if replaced else on
        if wording.valid_from <= min(till, on):
            return wording
        replaced = wording
    return None


def _card_rows(subject: Subject) -> QuerySet[Any, Any]:
    """All that may stand on the card, with what the family said of that, in one row."""
    mine = {"child_id": OuterRef("id")}
    calls = AnnexPiece.objects.filter(topic__in=[str(one) for one in CALLS], **mine)
    listed = {
        "words": (AnnexWord.objects.filter(**mine).order_by("id"), AnnexWord),
        "treatments": (
            TreatmentAgreement.objects.filter(**mine).order_by("revision", "id"),
            TreatmentAgreement,
        ),
        "calls": (calls.order_by("revision", "id"), AnnexPiece),
    }
    found = {name: Listed(rows.values(item=_packed(table))) for name, (rows, table) in listed.items()}
    return Child.objects.filter(id=subject.child_id).values(**found)


def _packed(table: Any) -> JSONObject:
    """A whole row; what is encrypted goes along as it stands there."""
    return JSONObject(
        **{
            one.attname: Nested(F(one.attname))
            if isinstance(one, JSONField)
            else Cast(F(one.attname), TextField())
            if isinstance(one, EncryptedTextField)
            else F(one.attname)
            for one in table._meta.concrete_fields
        }
    )


def _plain(table: Any, row: Mapping[str, Any]) -> dict[str, Any]:
    """Its values as the table holds them."""
    reads: Mapping[type, Callable[[Any], Any]] = {
        DateField: day,
        DateTimeField: moment,
        UUIDField: key,
        BooleanField: bool,
    }
    found = dict(row)
    for one in table._meta.concrete_fields:
        if isinstance(one, EncryptedTextField):
            found[one.attname] = Sealed(row[one.attname]) if row[one.attname] else ""
        elif isinstance(one, ForeignKey):
            found[one.attname] = key(row[one.attname])
        elif type(one) in reads:
            found[one.attname] = reads[type(one)](row[one.attname])
    return found


def annex_rows_for(actor: Actor, children: Sequence[OpenedChild], on: date) -> Sequence[WaitingRows]:
    """One line per child that says nothing of what it is about. Nothing after a death, or where it was stopped."""
    open_to = [
        one
        for one in children
        if may_read_annex(actor, one.subject, on) == "annex.read" and alive(actor, one.subject, on)
    ]
    agrees = [one.child.id for one in open_to if policy.may(actor, "annex.agree", one.subject, on)]
    begins = [one.child.id for one in open_to if policy.may(actor, "annex.begin", one.subject, on)]
    found = []
    if agrees:
        asked = _going(agrees).annotate(asked_at=Subquery(_unanswered(actor.id).values("at")[:1]))
        rows = asked.filter(asked_at__isnull=False)
        found.append(waiting_rows(rows, _to_answer, at="asked_at"))
    if begins:
        looks = AnnexTalk.objects.filter(child_id=OuterRef("id"), kind=TalkKind.REVISION).order_by("-id")
        named = {"due": Subquery(looks.values("on")[:1]), "since": Subquery(looks.values("created_at")[:1])}
        rows = _going(begins).annotate(**named).filter(due__lte=on)
        found.append(waiting_rows(rows, _to_look, at="since", day="due"))
    return found


def _going(children: Sequence[UUID]) -> QuerySet[Any, Any]:
    """Of these children those whose annex is open: by the last word of the family, and by that of the care side."""
    words = AnnexWord.objects.filter(child_id=OuterRef("id"), question=AnnexQuestion.BEGIN).order_by("-id")
    family, care = (Subquery(words.filter(family=family).values("stands")[:1]) for family in (True, False))
    return (
        Child.objects.filter(id__in=children, died_on__isnull=True)
        .annotate(child_id=F("id"), family_wants=family, care_wants=care)
        .filter(family_wants=True, care_wants=True)
    )


def _unanswered(account: UUID) -> QuerySet[Any, Any]:
    """When the newest agreement was written to which this account said nothing, of the child of the row outside."""
    later = TreatmentAgreement.objects.filter(
        entry_id=OuterRef("entry_id"), revision__gt=OuterRef("revision")
    )
    itself = Q(relative_id__in=Relative.objects.filter(user_id=account).values("id"))
    itself |= Q(relative_id=None, child__user_id=account) | Q(by_id=account)
    said = AnnexWord.objects.filter(itself, agreement_id=OuterRef("id"))
    rows = TreatmentAgreement.objects.filter(~Exists(later), ~Exists(said), child_id=OuterRef("id"))
    spoken = rows.exclude(choice=TreatmentChoice.NOT_SPOKEN).order_by().values("child_id")
    return spoken.annotate(at=Max("created_at"))


def guides(actor: Actor, subject: Subject, on: date) -> frozenset[UUID]:
    """The accounts of those on the care side who can begin it, every life domain being open to them. One statement.

    The caller has let the actor in.
    """
    roles = [role for role, permission in policy.matrix() if permission == "annex.begin"]
    rows = Grant.objects.filter(
        in_force(on), scope=Scope.CHILD, scope_id=subject.child_id, role__in=roles, user__is_active=True
    )
    found = rows.values_list("user_id", "domains")
    return frozenset(
        user for user, words in found if sight.domains_on(sight.read(words), on) == policy.EVERY_DOMAIN
    )


def _to_answer(child_id: UUID, word: str, since: Any, due: date | None, object_id: UUID | None) -> Waiting:
    return Waiting(child_id, "annex_to_answer", "annex_treatments", since)


def _to_look(child_id: UUID, word: str, since: Any, due: date | None, object_id: UUID | None) -> Waiting:
    return Waiting(child_id, "annex_to_look", "annex", since, due)
