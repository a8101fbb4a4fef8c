"""The plan in the reader's words: steps, states, laws, who does it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kindzorg.careplan.rules import (
    STEP_KEYS,
    AgreementContent,
    EvaluationView,
    GoalContent,
    GoalKind,
    Lack,
    ServedNeed,
    SignatureView,
    SignedHow,
    Signer,
    VersionView,
    Who,
    WhoKind,
)
from kindzorg.core.texts import text
from kindzorg.core.vocabulary import Law
from kindzorg.ui.wording import quoted

AGREEMENT_TONES = {
    "proposed": "info",
    "asked": "warning",
    "more_info_asked": "warning",
    "agreed": "success",
    "declined": "alarm",
}
STANDING_TONES = {
    "family_disagrees": "alarm",
    "not_approved": "alarm",
    "in_force_objected": "alarm",
    "in_force": "success",
    "in_force_to_look_at": "success",
    "superseded": "neutral",
    "withdrawn": "neutral",
    "drafted": "info",
}


def language() -> str:
    """The language of the reader, as content knows it."""
    return (get_language() or "nl")[:2]


def say(key: str, audience: str) -> str:
    """A text of the plan's pages for a reader."""
    return text(f"careplan.plan.{key}", audience, language())


class Say:
    """All texts of the plan's pages for one reader: `{{ say.title }}`; of another topic where that is named."""

    def __init__(self, audience: str, topic: str = "plan") -> None:
        self.audience = audience
        self.topic = topic

    def __getitem__(self, key: str) -> str:
        return text(f"careplan.{self.topic}.{key}", self.audience, language())


def step_words(goal: GoalContent, audience: str) -> list[str]:
    """The words for the five steps of a goal, lowest first: the family's own, else the usual ones."""
    usual = usual_steps(goal.kind, audience)
    return [own or other for own, other in zip(goal.steps, usual, strict=True)]


def usual_steps(kind: GoalKind, audience: str) -> list[str]:
    """The usual words for the five steps of a goal to reach, or to keep."""
    before = "keep_" if kind is GoalKind.KEEP else ""
    return [text(f"careplan.steps.{before}{key}", audience, language()) for key in STEP_KEYS]


def who_words(who: Who, audience: str, child: str = "") -> str:
    """Who does it, with the organisation where it adds something."""
    if who.kind is WhoKind.CHILD:
        return (say("the_child", audience) if audience == "child" else child) or who.name
    if not who.name:
        return say("nobody", audience)
    return (
        f"{who.name}, {who.organisation}" if who.organisation and who.organisation != who.name else who.name
    )


def law_words(agreement: AgreementContent, audience: str) -> str:
    """The law, the form and who pays, in one line; empty when nothing was said."""
    law = say(f"law_{agreement.law}", audience) if agreement.law else ""
    payer = "" if agreement.payer.lower() in law.lower() else agreement.payer
    form = say(f"form_{agreement.form}", audience) if agreement.form and agreement.form != "none" else ""
    return " · ".join(part for part in (law, payer, form) if part)


def day(moment: date | None) -> str:
    """A day on paper and in lists of changes; empty for none."""
    return date_format(moment, "DATE_FORMAT") if moment else ""


def period_words(starts: date | None, until: date | None) -> str:
    """From when until when."""
    if starts and until:
        return _("from %(starts)s until %(until)s") % {"starts": day(starts), "until": day(until)}
    if starts:
        return _("from %(starts)s") % {"starts": day(starts)}
    return _("until %(until)s") % {"until": day(until)} if until else ""


def count_words(agreements: int) -> str:
    """How many agreements."""
    return ngettext("%(count)s agreement", "%(count)s agreements", agreements) % {"count": agreements}


def lack_words(lack: Lack) -> str:
    """What is missing before the plan can be offered."""
    return say(f"lack_{lack.code}", "professional")


def signer_name(signer: Signer, child: str, audience: str) -> str:
    """Who is asked; the child is the one without a relative."""
    if signer.relative_id is None:
        return say("the_child", audience) if audience == "child" else child
    return signer.name


def how_words(how: SignedHow) -> str:
    """In which way an answer was given outside the product."""
    return {
        SignedHow.IN_PERSON: _("In person"),
        SignedHow.TELEPHONE: _("By telephone"),
        SignedHow.PAPER: _("On paper"),
    }[how]


def heard_words(signature: SignatureView | None) -> str:
    """How and by whom an answer was recorded, where the person did not give it here; "" where the person did."""
    if signature is None or signature.said_on is None:
        return ""
    given = {"how": how_words(signature.how), "day": day(signature.said_on), "name": signature.recorded_by}
    return _("%(how)s on %(day)s, recorded by %(name)s") % given


def look_words(last: EvaluationView | None, audience: str) -> str:
    """The last evaluation of an agreement or the whole plan in one line; "" when nobody looked yet."""
    if last is None or last.works is None:
        return ""
    works, way_on = say(f"works_{last.works}", audience), say(f"way_{last.way_on}", audience)
    return f"{works}, {way_on} ({last.by}, {day(timezone.localdate(last.at))})"


def version_name(version: VersionView) -> str:
    """ "Versie 3"."""
    return _("Version %(number)s") % {"number": version.number}


def need_words(needs: Sequence[ServedNeed]) -> str:
    """Needs as one line, each in its own words."""
    return "; ".join(quoted(need.words) for need in needs)


def part_words(part: str, value: Any, goals: Mapping[Any, str], audience: str) -> str:
    """One side of a change, as words; a dash where nothing stood."""
    match value:
        case None | "" | ():
            return "–"
        case Who():
            return who_words(value, audience)
        case Law():
            return say(f"law_{value}", audience)
        case ServedNeed():
            return quoted(value.words)
        case date():
            return day(value)
    if part == "period":
        return period_words(*value) or "–"
    if part == "situation":
        return ": ".join((say(f"occasion_{value[0]}", audience), value[1])) if value[0] else "–"
    if part == "protocol":
        return " ".join(filter(None, value)) or "–"
    if part == "why":
        return goals.get(value, "–")
    return _listed(part, value, audience)


def _listed(part: str, value: Any, audience: str) -> str:
    if part == "needs":
        return need_words(value)
    if part == "domains":
        return ", ".join(text(f"ui.domains.{one}", audience, language()) for one in value)
    if part == "steps":
        return " → ".join(one or "…" for one in value) if any(value) else _("the usual words")
    if part in ("whose", "kind", "form", "occasion"):
        return say(f"{part}_{value}", audience)
    return str(value)


def part_name(part: str) -> str:
    """The name of a part of a goal, agreement or choice."""
    names = {
        "who": _("Who"),
        "what": _("What"),
        "where": _("Where"),
        "when": _("When"),
        "why": _("Why"),
        "law": _("Law"),
        "payer": _("Who pays"),
        "form": _("Form of care"),
        "protocol": _("Protocol"),
        "period": _("Period"),
        "occasion": _("Only when something happens"),
        "situation": _("When it is for"),
        "words": _("Words"),
        "domains": _("Life domains"),
        "whose": _("Whose goal"),
        "kind": _("Reach or keep"),
        "steps": _("The five steps"),
        "review_on": _("Look again on"),
        "needs": _("Needs"),
        "need": _("Need"),
        "domain": _("Life domain"),
        "goal_id": _("Goal"),
        "protocol_link": _("Link to the protocol"),
        "starts": _("From"),
        "until": _("Until"),
    }
    return names.get(part, part)
