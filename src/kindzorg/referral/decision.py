"""From advice to decision: who may decide, the frozen hand-over of phase 1, and both as plain dicts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kindzorg.core.errors import Invalid
from kindzorg.core.vocabulary import Law, Truth
from kindzorg.people.rules import Qualification
from kindzorg.referral import catalogue
from kindzorg.referral.catalogue import Form, Ground
from kindzorg.referral.engine import Entry, Status
from kindzorg.referral.rules import Assessment, Facts

NURSING = "zvw_nursing"
CONFIRMING_SOURCE = "KWALITEIT9"
"""The source (content/sources.yaml) of who may confirm an indication under the Zvw."""


def may_confirm_zvw(qualification: str) -> bool:
    """May this professional confirm an indication for nursing and care under the Zvw?

    Only a paediatric nurse of level 5 or a nurse specialist: condition of quality 9 of the Medisch Kindzorg Systeem
    (indicating and organising outside hospital). A paediatrician stays medically responsible but does not indicate.
    """
    return qualification in (Qualification.LEVEL5_PAEDIATRIC_NURSE, Qualification.NURSE_SPECIALIST)


@dataclass(frozen=True, slots=True)
class DecidedEntry:
    """An entry that the professional kept: what later phases need for law, payer, term and form."""

    id: str
    law: Law | None
    payer: str
    term: str
    form: Form
    status: Status


@dataclass(frozen=True, slots=True)
class ReferralDecision:
    """The hand-over of phase 1: what a professional decided on an assessment, who, when and why. Never changed."""

    assessment_id: str
    rule_version: str
    entries: tuple[DecidedEntry, ...]
    decided_by: str
    decided_on: date
    note: str

    @property
    def laws(self) -> frozenset[Law]:
        """The laws of the entries kept."""
        return frozenset(entry.law for entry in self.entries if entry.law)


@dataclass(frozen=True, slots=True)
class Decider:
    """Who decides: the id of the professional, and what they are."""

    id: str
    qualification: str


def decide(
    assessment: Assessment, assessment_id: str, kept: Collection[str], by: Decider, on: date, note: str = ""
) -> ReferralDecision:
    """Keep some entries of an assessment as the decision.

    Raises Invalid: "nothing_kept"; "not_in_outcome" for an entry that is excluded or not there;
    "may_not_confirm_zvw" when Zvw nursing is kept by somebody who may not confirm it.
    """
    if not kept:
        raise Invalid("nothing_kept", fields=("kept",))
    if strange := set(kept) - assessment.ids:
        raise Invalid("not_in_outcome", fields=("kept",), entries=sorted(strange))
    if NURSING in kept and not may_confirm_zvw(by.qualification):
        raise Invalid("may_not_confirm_zvw", fields=("kept",), qualification=by.qualification)
    entries = tuple(_decided(entry) for entry in assessment.entries if entry.id in kept)
    return ReferralDecision(assessment_id, assessment.rule_version, entries, by.id, on, note)


def _decided(entry: Entry) -> DecidedEntry:
    outcome = entry.outcome
    return DecidedEntry(outcome.id, outcome.law, outcome.payer, outcome.term, outcome.form, entry.status)


def decision_to_json(decision: ReferralDecision) -> dict[str, Any]:
    """The decision as a plain dict."""
    return {
        "assessment_id": decision.assessment_id,
        "rule_version": decision.rule_version,
        "entries": [
            {
                "id": kept.id,
                "law": kept.law and str(kept.law),
                "payer": kept.payer,
                "term": kept.term,
                "form": str(kept.form),
                "status": str(kept.status),
            }
            for kept in decision.entries
        ],
        "decided_by": decision.decided_by,
        "decided_on": decision.decided_on.isoformat(),
        "note": decision.note,
    }


def decision_from_json(data: Mapping[str, Any]) -> ReferralDecision:
    """The decision as it was given; kept even when the rules have changed since."""
    return ReferralDecision(
        assessment_id=data["assessment_id"],
        rule_version=data["rule_version"],
        entries=tuple(
            DecidedEntry(
                id=row["id"],
                law=Law(row["law"]) if row["law"] else None,
                payer=row["payer"],
                term=row["term"],
                form=Form(row["form"]),
                status=Status(row["status"]),
            )
            for row in data["entries"]
        ),
        decided_by=data["decided_by"],
        decided_on=date.fromisoformat(data["decided_on"]),
        note=data["note"],
    )


def to_json(assessment: Assessment) -> dict[str, Any]:
    """An assessment as a plain dict, with everything needed to show it as it was, whatever the rules become."""
    return {
        "rule_version": assessment.rule_version,
        "on": assessment.on.isoformat(),
        "age_band": assessment.age_band,
        "facts": {key: str(value) for key, value in assessment.facts.answers.items()},
        "entries": [_entry_to_json(entry) for entry in assessment.entries],
        "open_questions": list(assessment.open_questions),
    }


def _entry_to_json(entry: Entry) -> dict[str, Any]:
    outcome = entry.outcome
    return {
        "id": outcome.id,
        "law": outcome.law and str(outcome.law),
        "indicates": outcome.indicates,
        "payer": outcome.payer,
        "form": str(outcome.form),
        "how": outcome.how,
        "term": outcome.term,
        "own_payment": outcome.own_payment,
        "counts": outcome.counts,
        "status": str(entry.status),
        "rules": list(entry.rules),
        "grounds": [
            {
                "source": ground.source,
                "title": ground.title,
                "article": ground.article,
                "version": ground.version.isoformat(),
                "link": ground.link,
                "to_confirm": ground.to_confirm,
            }
            for ground in entry.grounds
        ],
        "facts": {key: str(value) for key, value in entry.facts},
        "open_facts": list(entry.open_facts),
        "to_confirm": entry.to_confirm,
    }


def from_json(data: Mapping[str, Any]) -> Assessment:
    """An assessment as it was given, whatever the rules and facts have become since."""
    return Assessment(
        rule_version=data["rule_version"],
        on=date.fromisoformat(data["on"]),
        age_band=data["age_band"],
        facts=Facts.stored({key: Truth(value) for key, value in data["facts"].items()}),
        entries=tuple(_entry_from_json(row) for row in data["entries"]),
        open_questions=tuple(data["open_questions"]),
    )


def _entry_from_json(row: Mapping[str, Any]) -> Entry:
    return Entry(
        outcome=catalogue.Outcome(
            id=row["id"],
            law=Law(row["law"]) if row["law"] else None,
            indicates=row["indicates"],
            payer=row["payer"],
            form=Form(row["form"]),
            how=row["how"],
            term=row["term"],
            own_payment=row["own_payment"],
            counts=row["counts"],
        ),
        status=Status(row["status"]),
        rules=tuple(row["rules"]),
        grounds=tuple(
            Ground(
                source=ground["source"],
                title=ground["title"],
                article=ground["article"],
                version=date.fromisoformat(ground["version"]),
                link=ground["link"],
                to_confirm=ground["to_confirm"],
            )
            for ground in row["grounds"]
        ),
        facts=tuple((key, Truth(value)) for key, value in row["facts"].items()),
        open_facts=tuple(row["open_facts"]),
        to_confirm=row["to_confirm"],
    )
