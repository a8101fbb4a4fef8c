"""Until when payers' decisions hold, in the reader's words."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language

from kindzorg.careteam.queries import OpenedChild
from kindzorg.core.texts import text
from kindzorg.referral.terms.queries import terms_for
from kindzorg.referral.terms.rules import TermState, TermView, newest_terms, term_state, weeks_before
from kindzorg.referral.wording import wording

TONES = {TermState.ENDS: "warning", TermState.OVER: "alarm"}


def say(key: str, audience: str, **given: object) -> str:
    """A text of these pages for a reader."""
    return text(f"referral.indication.{key}", audience, (get_language() or "nl")[:2]).format(**given)


class Say:
    """All texts of these pages for one reader: `{{ holds.title }}`."""

    def __init__(self, audience: str) -> None:
        self.audience = audience

    def __getitem__(self, key: str) -> str:
        return say(key, self.audience)


def term_row(one: TermView, audience: str, on: date) -> dict[str, Any]:
    """One of them: for what, until when, and whether that is soon or past."""
    state = term_state(one.until, on, weeks_before())
    day = date_format(one.until, "j E Y")
    return {
        "view": one,
        "title": wording(f"{one.entry}.title", audience, (get_language() or "nl")[:2]),
        "line": say("over" if state is TermState.OVER else "until", audience, day=day),
        "tag": say(f"tag_{state}", audience) if state in TONES else "",
        "tone": TONES.get(state, ""),
        "by": f"{one.by}, {one.organisation}" if one.organisation else one.by,
    }


def term_rows(terms: Iterable[TermView], law: str, audience: str, on: date) -> list[dict[str, Any]]:
    """Those that count now, of the decisions under one law: for the page of an agreement."""
    return [term_row(one, audience, on) for one in newest_terms(terms).values() if law and one.law == law]


def terms_page(request: Any, opened: OpenedChild, decided: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """For the page of phase 1: each entry that was kept, with until when its decision holds. One statement."""
    audience = str(opened.audience)
    newest = newest_terms(terms_for(request.actor, opened.subject, request.today))
    rows = [
        {**entry, "holds": term_row(newest[entry["id"]], audience, request.today)}
        if entry["id"] in newest
        else entry
        for entry in decided
    ]
    ends = any("holds" in row and row["holds"]["tag"] for row in rows)
    return {"decided": rows, "holds": Say(audience), "some_end": ends}
