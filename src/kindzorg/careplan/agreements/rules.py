"""What an agreement says, what about it is asked anew, and who answers. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from kindzorg.careplan.goals.rules import ServedNeed, served_need
from kindzorg.core.errors import Invalid, Refused
from kindzorg.core.plain import key
from kindzorg.core.vocabulary import Ground, Law
from kindzorg.referral.catalogue import Form

GROUNDS: Mapping[Law, Ground] = {
    Law.JEUGDWET: Ground.JEUGDWET,
    Law.WMO: Ground.WMO,
    Law.EDUCATION: Ground.SCHOOL,
}


class WhoKind(StrEnum):
    """Who does it: a professional, an organisation, a relative, the child itself, or somebody only named."""

    PROFESSIONAL = "professional"
    ORGANISATION = "organisation"
    RELATIVE = "relative"
    CHILD = "child"
    OTHER = "other"


class AgreementState(StrEnum):
    """Where an agreement stands: its last step. Between organisations it is a negotiation."""

    PROPOSED = "proposed"
    ASKED = "asked"
    MORE_INFO_ASKED = "more_info_asked"
    AGREED = "agreed"
    DECLINED = "declined"
    DONE = "done"
    LAPSED = "lapsed"


class Occasion(StrEnum):
    """When an agreement is for: only if the child gets worse, or in a crisis (wat-als-afspraak)."""

    WORSE = "worse"
    CRISIS = "crisis"


OPEN = (AgreementState.ASKED, AgreementState.MORE_INFO_ASKED, AgreementState.AGREED, AgreementState.DECLINED)


class Carried(StrEnum):
    """What a changed plan does with an agreement that is open: it stays as it is, is asked anew of who does it, lapses
    (why), or is replaced (by which)."""

    STAYS = "stays"
    ANEW = "anew"
    LAPSES = "lapses"
    REPLACED = "replaced"


# What stands in a draft of an agreement that goes on; one that lapses or is replaced leaves it.
GOES_ON = (Carried.STAYS, Carried.ANEW)
# The states in which a changed plan asks what becomes of an agreement.
CARRIED_OVER = (AgreementState.ASKED, AgreementState.MORE_INFO_ASKED, AgreementState.AGREED)

# "Proposed" is an agreement without a step: it stands in a draft only. Coming into force may ask anew or let
# lapse from every state; those arrows are the plan's, the others are answers.
AGREEMENT_STEPS: Mapping[tuple[AgreementState, AgreementState], str] = {
    (AgreementState.PROPOSED, AgreementState.ASKED): "plan_in_force",
    (AgreementState.ASKED, AgreementState.MORE_INFO_ASKED): "answered",
    (AgreementState.ASKED, AgreementState.AGREED): "answered",
    (AgreementState.ASKED, AgreementState.DECLINED): "answered",
    (AgreementState.MORE_INFO_ASKED, AgreementState.ASKED): "informed",
    (AgreementState.MORE_INFO_ASKED, AgreementState.AGREED): "answered",
    (AgreementState.MORE_INFO_ASKED, AgreementState.DECLINED): "answered",
    (AgreementState.DECLINED, AgreementState.ASKED): "asked_again",
    (AgreementState.DECLINED, AgreementState.AGREED): "answered",
    (AgreementState.AGREED, AgreementState.DECLINED): "answered",
    (AgreementState.AGREED, AgreementState.DONE): "done",
    (AgreementState.ASKED, AgreementState.LAPSED): "lapsed",
    (AgreementState.MORE_INFO_ASKED, AgreementState.LAPSED): "lapsed",
    (AgreementState.AGREED, AgreementState.LAPSED): "lapsed",
    (AgreementState.DECLINED, AgreementState.LAPSED): "lapsed",
    (AgreementState.DONE, AgreementState.ASKED): "plan_changed",
    (AgreementState.AGREED, AgreementState.ASKED): "plan_changed",
    (AgreementState.LAPSED, AgreementState.ASKED): "plan_changed",
}
# What only a plan that comes into force does.
PLAN_ONLY = ("plan_in_force", "plan_changed")
NEEDS_REASON = frozenset({AgreementState.DECLINED, AgreementState.MORE_INFO_ASKED, AgreementState.LAPSED})
ANSWERS = frozenset({AgreementState.AGREED, AgreementState.DECLINED, AgreementState.MORE_INFO_ASKED})


# Within which an agreement that is asked should be answered. A working figure of this product, to be confirmed.
ANSWER_WITHIN = timedelta(days=14)


class Late(StrEnum):
    """In what an agreement is late: nobody answered in time, or its time is over and nobody said that it is done."""

    UNANSWERED = "unanswered"
    ENDED = "ended"


def late(state: AgreementState, since: date, until: date | None, on: date) -> tuple[Late, date] | None:
    """In what an agreement that has stood in this state since a day is late, and the day by which it should have been;
    None when it is not. A question about it (more information) waits for its owner, and is not late in this sense."""
    if state is AgreementState.ASKED and since + ANSWER_WITHIN < on:
        return Late.UNANSWERED, since + ANSWER_WITHIN
    if state is AgreementState.AGREED and until is not None and until < on:
        return Late.ENDED, until
    return None


# Within which who answered takes the own answer back. A working figure of this product, to be confirmed.
BACK_WITHIN = timedelta(hours=1)


def may_take_back(state: AgreementState, by_me: bool, since: datetime, now: datetime) -> bool:
    """Whether the last step of an agreement is an answer that its giver may take back: fresh, and nobody went on from
    it, or it would not be the last."""
    fresh = timedelta() <= now - since <= BACK_WITHIN
    return by_me and fresh and (state in ANSWERS or state is AgreementState.DONE)


def comes_back(steps: Sequence[tuple[str, UUID | None, datetime]]) -> bool:
    """Whether the newest of these steps (newest first: state, by whom, when) brought back where it stood before the own
    fresh answer. That is not taken back again, else the two turn round without end.

    Who gives the same answer again within the hour looks the same: that answer stands until another is given.
    """
    if len(steps) < 3:
        return False
    (state, by, at), (_answer, answered_by, answered_at), (before, *_) = steps[:3]
    return state == before and by == answered_by and at - answered_at <= BACK_WITHIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Who does what was agreed. `name` is what the plan shows, and stays as it was when people change."""

    kind: WhoKind = WhoKind.OTHER
    name: str = ""
    professional_id: UUID | None = None
    organisation_id: UUID | None = None
    organisation: str = ""
    relative_id: UUID | None = None


def who_from(row: Mapping[str, Any]) -> Who | None:
    """Who it is, from the plain values in which a row keeps it; None where nobody is named."""
    if not row["who_kind"]:
        return None
    return Who(
        kind=WhoKind(row["who_kind"]),
        name=row["who_name"],
        organisation=row["who_organisation"],
        professional_id=key(row["professional_id"]),
        organisation_id=key(row["organisation_id"]),
        relative_id=key(row["relative_id"]),
    )


def who_values(who: Who) -> dict[str, Any]:
    """Who it is as the plain values in which a row keeps it."""
    return {
        "who_kind": str(who.kind),
        "who_name": who.name.strip(),
        "who_organisation": who.organisation.strip(),
        "professional_id": who.professional_id,
        "organisation_id": who.organisation_id,
        "relative_id": who.relative_id,
    }


def who_kept(who: Who) -> dict[str, Any]:
    """Who it is as a row of the week keeps it: `organisation` is there that of whoever wrote it."""
    return {
        "who_house_id" if name == "organisation_id" else name: value
        for name, value in who_values(who).items()
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementContent:
    """What an agreement says in one version. The why is a goal of the plan, or a need directly.

    `when` is in words ("elke nacht, 23.00-7.00 uur"). `payer` is in words too; `law` None: no law pays
    (the family itself, a volunteer). With an `occasion` it holds only when the `situation` is there: what one then
    sees, in words.
    """

    what: str
    who: Who = field(default_factory=Who)
    where: str = ""
    when: str = ""
    goal_id: UUID | None = None
    need: ServedNeed | None = None
    law: Law | None = None
    payer: str = ""
    form: Form | None = None
    protocol: str = ""
    protocol_link: str = ""
    starts: date | None = None
    until: date | None = None
    occasion: Occasion | None = None
    situation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """How somebody stands to an agreement: as the one who is asked, as the one who owns it, and whether the one
    who is asked can answer here at all (has an account, or is an organisation)."""

    asked: bool
    owner: bool
    reachable: bool


def check_agreement(content: AgreementContent) -> None:
    """Raises Invalid, with the field, when an agreement says too little to be kept even in a draft."""
    if not content.what.strip():
        raise Invalid("agreement_what_required", fields=("what",))
    if content.until and content.starts and content.until < content.starts:
        raise Invalid("agreement_ends_before_start", fields=("until",))
    if content.protocol_link and not content.protocol_link.startswith("https://"):
        raise Invalid("protocol_link_not_safe", fields=("protocol_link",))
    if content.occasion and not content.situation.strip():
        raise Invalid("situation_required", fields=("situation",))


def ground_of(law: Law | None) -> Ground:
    """The legal ground of an agreement: that of the law under which it is given; without one that of the treatment.

    Nursing under Zvw or Wlz is treatment (Jeugdwet 7.3.1(3); BW 7:446); what parents do themselves stands in its file.
    """
    return GROUNDS.get(law, Ground.WGBO) if law else Ground.WGBO


def agreement_values(content: AgreementContent) -> dict[str, Any]:
    """The content as the plain values in which a version keeps it."""
    return {
        "ground": str(ground_of(content.law)),
        "what": content.what.strip(),
        **who_values(content.who),
        "where": content.where.strip(),
        "when": content.when.strip(),
        "goal_id": content.goal_id,
        "need": content.need.stored() if content.need else None,
        "law": str(content.law or ""),
        "payer": content.payer.strip(),
        "form": str(content.form or ""),
        "protocol": content.protocol.strip(),
        "protocol_link": content.protocol_link.strip(),
        "starts": content.starts,
        "until": content.until,
        "occasion": str(content.occasion or ""),
        "situation": content.situation.strip(),
    }


def agreement_content(values: Mapping[str, Any]) -> AgreementContent:
    """The content from the plain values in which a version keeps it."""
    kept = {name: values[name] for name in ("what", "where", "when", "goal_id", "payer", "protocol")}
    return AgreementContent(
        **kept,
        who=Who(
            kind=WhoKind(values["who_kind"]),
            name=values["who_name"],
            professional_id=values["professional_id"],
            organisation_id=values["organisation_id"],
            organisation=values["who_organisation"],
            relative_id=values["relative_id"],
        ),
        need=served_need(values["need"]) if values["need"] else None,
        law=Law(values["law"]) if values["law"] else None,
        form=Form(values["form"]) if values["form"] else None,
        protocol_link=values["protocol_link"],
        starts=values["starts"],
        until=values["until"],
        occasion=Occasion(values["occasion"]) if values["occasion"] else None,
        situation=values["situation"],
    )


def same_party(one: Who, other: Who) -> bool:
    """Whether the same one does it; the shown name alone makes a difference only where there is nothing else."""
    keys = [(w.kind, w.professional_id, w.relative_id, w.organisation_id) for w in (one, other)]
    return keys[0] == keys[1] and (one.kind is not WhoKind.OTHER or one.name == other.name)


def is_somebody(who: Who) -> bool:
    """Whether this one can come to a child: not the child itself, and with a name where nothing else tells who."""
    return who.kind != WhoKind.CHILD and (who.kind != WhoKind.OTHER or bool(who.name.strip()))


def changed_parts(old: AgreementContent, new: AgreementContent) -> frozenset[str]:
    """The parts in which two contents of one agreement differ: who, what, where, when, why, law, payer, form,
    protocol, period, situation."""
    pairs: Mapping[str, tuple[object, object]] = {
        "what": (old.what, new.what),
        "where": (old.where, new.where),
        "when": (old.when, new.when),
        "why": (_why(old), _why(new)),
        "law": (old.law, new.law),
        "payer": (old.payer, new.payer),
        "form": (old.form, new.form),
        "protocol": ((old.protocol, old.protocol_link), (new.protocol, new.protocol_link)),
        "period": ((old.starts, old.until), (new.starts, new.until)),
        "situation": ((old.occasion, old.situation), (new.occasion, new.situation)),
    }
    changed = {part for part, (before, after) in pairs.items() if before != after}
    return frozenset(changed if same_party(old.who, new.who) else changed | {"who"})


def _why(content: AgreementContent) -> tuple[UUID | None, str | None]:
    return content.goal_id, content.need.key if content.need else None


# A change in one of these is asked anew of the one who does it.
ASKED_ANEW = frozenset({"who", "what", "where", "when", "law", "situation"})


def asks_again(old: AgreementContent, new: AgreementContent) -> bool:
    """Whether the change must be asked anew: who, what, where, when, law or situation differs."""
    return bool(changed_parts(old, new) & ASKED_ANEW)


def practical(old: AgreementContent, new: AgreementContent) -> bool:
    """Whether the change touches only when, where, or who within one organisation (never the care itself)."""
    changed = changed_parts(old, new)
    within = new.who.organisation_id is not None and new.who.organisation_id == old.who.organisation_id
    return changed <= {"when", "where", "who"} and ("who" not in changed or within)


def answered(start: AgreementState, end: AgreementState, reason: str, party: Party) -> str:
    """Why an agreement may take this step by this party.

    Only the one who is asked agrees, declines or asks for more; the owner only where that one cannot answer here.
    Done: either. Asking again and letting lapse: the owner. Raises Refused, or Invalid for a step the table has
    not or that lacks its reason.
    """
    for_asked = party.asked or (party.owner and not party.reachable)
    allowed = for_asked if end in ANSWERS else party.owner or (party.asked and end is AgreementState.DONE)
    if not allowed:
        raise Refused("not_your_agreement", end=end)
    if AGREEMENT_STEPS.get((start, end), PLAN_ONLY[0]) in PLAN_ONLY:
        raise Invalid("no_such_agreement_step", start=start, end=end)
    if end in NEEDS_REASON and not reason.strip():
        raise Invalid("reason_required", fields=("reason",))
    return AGREEMENT_STEPS[start, end]
