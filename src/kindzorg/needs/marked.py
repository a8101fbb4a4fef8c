"""What rows of a scan hold, what is marked in it, and what a need reads like where answers are kept from a reader."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, QuerySet
from django.db.models.functions import JSONObject

from kindzorg.access.policy import Actor, Subject
from kindzorg.careteam.models import Mark
from kindzorg.careteam.queries import in_force, side_of
from kindzorg.careteam.rules import HidesFrom, MarkedKind
from kindzorg.core.plain import key
from kindzorg.core.statements import Listed, Nested
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.needs.answers import Seat
from kindzorg.needs.models import AnswerKind, NeedsAnswer, NeedsHandover
from kindzorg.needs.rules import (
    Amount,
    Carrying,
    Feeling,
    FirstPass,
    Helper,
    Importance,
    NeedsProfile,
    Respondent,
    Said,
    TopicAnswer,
    Whose,
    profile_from_data,
)
from kindzorg.needs.seats import Beside, Way
from kindzorg.needs.unseen import profile_without
from kindzorg.people.models import Child


@dataclass(frozen=True, slots=True)
class Unseen:
    """A hand-over as it was given, and as a reader from whom answers in it are kept may read it."""

    whole: NeedsProfile
    seen: NeedsProfile


def marked_with(marked: QuerySet[Mark, Any]) -> Listed:
    """Marks that come along with a row: whether there are any costs no statement, and so betrays nothing."""
    return Listed(marked.values(item=JSONObject(id=F("object_id"))))


def hidden_ids(marked: Iterable[Mapping[str, str]] | None) -> frozenset[UUID]:
    """What came along with a row as not for this reader."""
    return frozenset(found for one in marked or () if (found := key(one["id"])))


def handovers_kept(child_id: Any, side: HidesFrom | None, on: Any) -> Listed:
    """The hand-overs with the answers in them that are not for this side, to come along with a row of any table.

    Empty where nothing is marked: a statement of its own would tell of it, and cost one. `side` None: either side.
    """
    marks = Mark.objects.filter(in_force(on), child_id=child_id, object_kind=MarkedKind.NEEDS_ANSWER)
    marks = marks.filter(hides_from=side) if side else marks
    rows = NeedsHandover.objects.filter(Exists(marks), child_id=child_id).order_by("created_at", "id")
    whole = JSONObject(profile=Nested(F("profile")), marked=Nested(marked_with(marks)))
    return Listed(rows.values(item=whole))


def unseen_in(kept: Iterable[Mapping[str, Any]] | None) -> Sequence[Unseen]:
    """What `handovers_kept` brought along, each hand-over beside what is left of it."""
    found = ((profile_from_data(one["profile"]), hidden_ids(one["marked"])) for one in kept or ())
    return [Unseen(whole, profile_without(whole, hidden)) for whole, hidden in found]


def needs_kept_from(actor: Actor, subject: Subject, on: date, *, anybody: bool = False) -> Sequence[Unseen]:
    """The hand-overs of this child beside what the actor may read of them; of who may read all, none.

    For rooms that keep words of a need: they show them as they read then. `anybody`: what the family may read on
    either side, for what is written anew for all of them. One statement at most; who calls has let the actor in.
    """
    side = None if anybody else side_of(actor, subject, on)
    if side is None and not anybody:
        return ()
    child = Child.objects.filter(id=subject.child_id)
    return unseen_in(child.values_list(handovers_kept(subject.child_id, side, on), flat=True).get())


def given_in(row: NeedsAnswer) -> Any:
    """The answer that a row keeps."""
    who: dict[str, Any] = {
        "respondent": Respondent(row.respondent),
        "person_id": row.person_id,
        "given_at": row.created_at,
        "entered_by": row.entered_by_id,
        "beside": _one(Beside, row.given.get("beside")),
    }
    told = {name: value for name, value in row.given.items() if name != "beside"}
    match AnswerKind(row.kind):
        case AnswerKind.OPENING | AnswerKind.STRENGTHS:
            return Said(**who, **told)
        case AnswerKind.FIRST_PASS:
            return _first_pass(who, told)
        case AnswerKind.TOPICS:
            return _topic(who, told)
        case AnswerKind.CARRYING:
            return _carrying(who, told)
        case AnswerKind.SEATS:
            return Seat(**who, way=_one(Way, told["way"]))


def _first_pass(who: dict[str, Any], given: dict[str, Any]) -> FirstPass:
    typed = {"domain": LifeDomain(given["domain"]), "topics": tuple(given["topics"])}
    return FirstPass(**who, **{**given, **typed})


def _topic(who: dict[str, Any], given: dict[str, Any]) -> TopicAnswer:
    typed = {
        "importance": _one(Importance, given["importance"]),
        "feeling": _one(Feeling, given["feeling"]),
        "from_whom": tuple(Helper(word) for word in given["from_whom"]),
    }
    return TopicAnswer(**who, **{**given, **typed})


def _carrying(who: dict[str, Any], given: dict[str, Any]) -> Carrying:
    typed = {
        "whose": Whose(given["whose"]),
        "load": _one(Amount, given["load"]),
        "power": _one(Amount, given["power"]),
    }
    return Carrying(**who, **{**given, **typed})


def _one(words: Any, stored: str | None) -> Any:
    return words(stored) if stored else None
