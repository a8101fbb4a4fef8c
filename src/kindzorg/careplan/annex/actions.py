"""Beginning and stopping the annex, writing in it, agreeing on a treatment, and the talks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Explanation, Subject
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.careplan.adoption.queries import Deciders, deciders_for
from kindzorg.careplan.annex import queries, rules
from kindzorg.careplan.annex.models import AnnexPiece, AnnexTalk, AnnexWord, TreatmentAgreement
from kindzorg.careplan.annex.rules import (
    CHOICES,
    AnnexQuestion,
    NewAnnexPiece,
    NewTreatment,
    TreatmentChoice,
    TreatmentKind,
    TreatmentView,
)
from kindzorg.careplan.talks.rules import NewTalk, check_talk
from kindzorg.careplan.versions.rules import SignedHow
from kindzorg.careteam.rules import annex_key
from kindzorg.core.errors import Invalid, Missing, Refused
from kindzorg.core.ids import new_id
from kindzorg.notices.actions import tell
from kindzorg.people.models import Child


def _side(actor: Actor, subject: Subject, now: datetime) -> str:
    return "annex.begin" if policy.may(actor, "annex.begin", subject, now.date()) else "annex.agree"


def _held(actor: Actor, subject: Subject, permission: str, now: datetime) -> Child:
    """The child that is written for, its row held: it lives, and every life domain is open. Raises Refused, Invalid."""
    policy.require_every_domain(actor, permission, subject, now.date())
    if not queries.alive(actor, subject, now.date()):
        raise Invalid("annex_over")
    return Child.objects.select_for_update().get(id=subject.child_id)


def _begun(actor: Actor, subject: Subject, on: date) -> queries.AnnexRead:
    found = queries.annex_for(actor, subject, on)
    if not found.standing.open:
        raise Invalid("annex_not_open")
    return found


def _given(actor: Actor, subject: Subject, child: Child, now: datetime) -> dict[str, Any]:
    return {
        "child_id": child.id,
        "owner_id": child.owner_id,
        "by": actor.name,
        "by_id": actor.id,
        "by_role": str(policy.role_for(actor, subject, now.date())),
        "organisation": actor.organisation,
        "created_at": now,
    }


def _line(actor: Actor, subject: Subject, event: str, leave: Explanation, now: datetime) -> None:
    """In the trail under one id per child, so that who may not read the annex finds no trace of it."""
    about = {"leave": leave, "object_kind": "annex", "object_id": annex_key(subject.child_id)}
    write_line(actor, f"annex.{event}", Kind.CREATE, subject, now, **about)


def _tell(actor: Actor, subject: Subject, kind: str, accounts: Iterable[UUID | None], now: datetime) -> None:
    """Tell others that there is something; never what."""
    if others := {one for one in accounts if one} - {actor.id}:
        tell(actor, subject, kind, others, annex_key(subject.child_id), now)


def _family(deciders: Deciders, child: Child) -> set[UUID]:
    """The accounts of those who decide now."""
    asked = deciders.must_agree
    found = {deciders.accounts.get(one.relative_id) if one.relative_id else child.user_id for one in asked}
    return {one for one in found if one}


@transaction.atomic
def say_on_beginning(actor: Actor, subject: Subject, yes: bool, now: datetime) -> AnnexWord:
    """Want the annex, or not (any more): it is open when the family and the paediatrician or case manager want it.

    When a side comes to want it, the other is told that there is something; not a family that said no.
    Raises Refused, Invalid after death.
    """
    leave = policy.require(actor, _side(actor, subject, now), subject, now.date())
    care = leave.permission == "annex.begin"
    child = _held(actor, subject, leave.permission, now)
    before = queries.annex_for(actor, subject, now.date()).standing
    deciders = deciders_for(actor, subject, now.date())
    word = _choose(actor, subject, (child, deciders), (AnnexQuestion.BEGIN, yes, not care), now)
    _line(actor, subject, "wanted" if yes else "stopped", leave, now)
    if word.stands and not (before.care or before.stopped if care else before.family):
        others = _family(deciders, child) if care else queries.guides(actor, subject, now.date())
        _tell(actor, subject, "annex_asked", others, now)
    return word


@transaction.atomic
def choose(actor: Actor, subject: Subject, question: AnnexQuestion, yes: bool, now: datetime) -> AnnexWord:
    """The family says who reads along, and what may show on the emergency card. Raises Refused, Invalid."""
    leave = policy.require(actor, "annex.agree", subject, now.date())
    child = _held(actor, subject, "annex.agree", now)
    _begun(actor, subject, now.date())
    if question not in CHOICES:
        raise Invalid("annex_no_choice")
    deciders = deciders_for(actor, subject, now.date())
    word = _choose(actor, subject, (child, deciders), (question, yes, True), now)
    _line(actor, subject, "chosen", leave, now)
    return word


def _choose(
    actor: Actor,
    subject: Subject,
    who: tuple[Child, Deciders],
    said: tuple[AnnexQuestion, bool, bool],
    now: datetime,
) -> AnnexWord:
    (child, deciders), (question, yes, family) = who, said
    stands = yes
    if family:
        rows = AnnexWord.objects.filter(child_id=child.id, question=question, family=True).order_by("id")
        earlier = dict(rows.values_list("by_id", "yes"))
        stands = rules.family_stands(yes, actor.id, earlier, _family(deciders, child))
    given = _given(actor, subject, child, now)
    return AnnexWord.objects.create(question=question, yes=yes, stands=stands, family=family, **given)


@transaction.atomic
def write_annex_piece(actor: Actor, subject: Subject, new: NewAnnexPiece, now: datetime) -> AnnexPiece:
    """Say something, say it better, pass it on for now, or take it away (no words): earlier wordings stay.

    Raises Refused for a voice that is not one's to write in, Invalid, and Conflict where somebody else wrote meanwhile.
    """
    leave = policy.require(actor, "annex.write", subject, now.date())
    child = _held(actor, subject, "annex.write", now)
    _begun(actor, subject, now.date())
    if new.voice not in rules.voices_for(policy.role_for(actor, subject, now.date()), new.topic):
        raise Refused("annex_other_voice", permission="annex.write", child_id=subject.child_id)
    newest = queries.piece_of(actor, subject, new.topic, new.voice, now.date())
    rules.check_piece(new, newest)
    key = new_id()
    row = AnnexPiece.objects.create(
        id=key,
        entry_id=newest.key if newest else key,
        topic=new.topic,
        voice=new.voice,
        speaker=queries.speaker_of(actor, subject, new.voice),
        revision=newest.revision + 1 if newest else 1,
        words="" if new.skipped else new.words.strip(),
        skipped=new.skipped,
        **_given(actor, subject, child, now),
    )
    _line(actor, subject, "written", leave, now)
    return row


@transaction.atomic
def write_treatment(actor: Actor, subject: Subject, new: NewTreatment, now: datetime) -> TreatmentAgreement:
    """Write what was agreed of one kind of treatment, or write it anew; those who must agree are told.

    It is the paediatrician's, who is medically responsible. Raises Refused, Missing, Invalid, Conflict.
    """
    leave = policy.require(actor, "annex.treat", subject, now.date())
    child = _held(actor, subject, "annex.treat", now)
    found = _begun(actor, subject, now.date())
    newest = _newest(queries.treatments_for(actor, subject, found.words, now.date()), new)
    rules.check_treatment(new, newest.revision if newest else 0, now.date())
    deciders = deciders_for(actor, subject, now.date())
    key = new_id()
    row = TreatmentAgreement.objects.create(
        id=key,
        entry_id=newest.entry_id if newest else key,
        kind=new.kind,
        name=new.name.strip() if new.kind == TreatmentKind.OTHER else "",
        choice=new.choice,
        why=new.why.strip(),
        discussed_with=new.discussed_with.strip(),
        discussed_on=new.discussed_on,
        valid_from=new.valid_from,
        review_on=new.review_on,
        revision=newest.revision + 1 if newest else 1,
        asked=[
            {
                "party": str(one.party),
                "relative_id": str(one.relative_id) if one.relative_id else "",
                "name": deciders.names[one.relative_id] if one.relative_id else str(child),
            }
            for one in deciders.must_agree
        ],
        **_given(actor, subject, child, now),
    )
    _line(actor, subject, "treatment_written", leave, now)
    if new.choice != TreatmentChoice.NOT_SPOKEN:
        _tell(actor, subject, "annex_to_answer", _family(deciders, child), now)
    return row


def _newest(found: Iterable[TreatmentView], new: NewTreatment) -> TreatmentView | None:
    if new.kind != TreatmentKind.OTHER:
        return next((one for one in found if one.kind == new.kind), None)
    if new.entry_id is None:
        return None
    one = next((one for one in found if one.entry_id == new.entry_id), None)
    if one is None:
        raise Missing("treatment_not_found")
    return one


@dataclass(frozen=True, slots=True)
class TreatmentSaid:
    """A yes or no to a treatment agreement. With `said_on` it was said outside, by who must agree (`relative_id`)."""

    yes: bool
    reason: str = ""
    relative_id: UUID | None = None
    how: SignedHow = SignedHow.SELF
    said_on: date | None = None


@transaction.atomic
def answer_treatment(
    actor: Actor, subject: Subject, agreement_id: UUID, said: TreatmentSaid, now: datetime
) -> AnnexWord:
    """Say that one agrees, or not and why. Raises Refused for who is not asked, Missing for what was written anew."""
    leave = policy.require(actor, "annex.agree", subject, now.date())
    child = _held(actor, subject, "annex.agree", now)
    one = _current(actor, subject, agreement_id, now)
    deciders = deciders_for(actor, subject, now.date())
    now_too = [rules.Asked(str(who.party), who.relative_id, actor.name) for who in deciders.must_agree]
    mine = [
        who
        for who in (*one.asked, *now_too)
        if actor.id == (deciders.accounts.get(who.relative_id) if who.relative_id else child.user_id)
    ]
    if not mine:
        raise Refused("not_asked_to_agree", permission="annex.agree", child_id=subject.child_id)
    word = _answer(actor, subject, child, (one, mine[0], said), now)
    _line(actor, subject, "answered", leave, now)
    if not said.yes:
        _tell(actor, subject, "annex_answered", queries.guides(actor, subject, now.date()), now)
    return word


@transaction.atomic
def hear_treatment(
    actor: Actor, subject: Subject, agreement_id: UUID, said: TreatmentSaid, now: datetime
) -> AnnexWord:
    """Write down what somebody who must agree said in a talk, by telephone or on paper. Who has an account is told.

    Raises Refused, Missing for who need not agree, Invalid for a day before it was written or in the future.
    """
    leave = policy.require(actor, "annex.begin", subject, now.date())
    child = _held(actor, subject, "annex.begin", now)
    one = _current(actor, subject, agreement_id, now)
    who = next((who for who in one.asked if who.relative_id == said.relative_id), None)
    if who is None:
        raise Missing("not_asked_to_agree", child_id=subject.child_id)
    if said.said_on is None or not (one.discussed_on or one.valid_from) <= said.said_on <= now.date():
        raise Invalid("treatment_heard_day", fields=("said_on",))
    word = _answer(actor, subject, child, (one, who, said), now)
    _line(actor, subject, "heard", leave, now)
    deciders = deciders_for(actor, subject, now.date())
    account = deciders.accounts.get(who.relative_id) if who.relative_id else child.user_id
    _tell(actor, subject, "annex_answered", [account], now)
    return word


def _current(actor: Actor, subject: Subject, agreement_id: UUID, now: datetime) -> TreatmentView:
    found = _begun(actor, subject, now.date())
    rows = queries.treatments_for(actor, subject, found.words, now.date())
    one = next((one for one in rows if one.id == agreement_id), None)
    if one is None or one.choice == TreatmentChoice.NOT_SPOKEN:
        raise Missing("treatment_not_found", child_id=subject.child_id)
    return one


def _answer(
    actor: Actor,
    subject: Subject,
    child: Child,
    given: tuple[TreatmentView, rules.Asked, TreatmentSaid],
    now: datetime,
) -> AnnexWord:
    one, who, said = given
    if not said.yes and not said.reason.strip():
        raise Invalid("treatment_no_why", fields=("reason",))
    return AnnexWord.objects.create(
        question=AnnexQuestion.TREATMENT,
        yes=said.yes,
        stands=said.yes,
        family=True,
        agreement_id=one.id,
        reason=said.reason.strip(),
        party=who.party,
        relative_id=who.relative_id,
        signer=who.name,
        how=said.how,
        said_on=said.said_on,
        **_given(actor, subject, child, now),
    )


@transaction.atomic
def write_talk(actor: Actor, subject: Subject, new: NewTalk, now: datetime) -> AnnexTalk:
    """Write down a talk that was held, one that is planned, or when all is looked at anew. Raises Invalid."""
    leave = policy.require(actor, "annex.write", subject, now.date())
    child = _held(actor, subject, "annex.write", now)
    _begun(actor, subject, now.date())
    check_talk(new, now.date())
    row = AnnexTalk.objects.create(
        kind=new.kind,
        on=new.on,
        with_whom=new.with_whom.strip(),
        words=new.words.strip(),
        **_given(actor, subject, child, now),
    )
    _line(actor, subject, "talk_written", leave, now)
    return row
