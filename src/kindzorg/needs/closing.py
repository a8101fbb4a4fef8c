"""The closing of a scan in words: what is missing, and what was handed over."""

from collections.abc import Iterable
from typing import Any

from kindzorg.core.texts import text
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.needs.pages import Sitting, address, language, topic_words
from kindzorg.needs.queries import FilledScan
from kindzorg.needs.rules import (
    NeedsProfile,
    Respondent,
    TopicAnswer,
    definition,
    family_silent,
    missing_to_close,
)
from kindzorg.needs.wording import TONES, form_word, hub_rows, may_stand, reader_of, who_said


def closing_page(sitting: Sitting) -> dict[str, Any]:
    """What closing needs: per domain who answered, what is missing, where the family was not heard."""
    holding = sitting.some.holding
    missing, silent = missing_to_close(holding), family_silent(holding)
    rows = [
        {
            **row,
            "missing": text("needs.closing.missing", "professional", language())
            if row["domain"] in missing
            else "",
            "ask_url": address(sitting, "first", row["domain"]),
            "silent": row["domain"] in silent and row["domain"] not in missing,
        }
        for row in hub_rows(sitting)
    ]
    silent_words = text("needs.closing.silent_family", "professional", language())
    return {"rows": rows, "silent_words": silent_words}


def profile_cards(sitting: Sitting, profile: NeedsProfile) -> list[dict[str, Any]]:
    """The hand-over per domain: each need in the family's words, the nurse's beside them, and what needs nothing."""
    reader, scan = reader_of(sitting), definition(profile.definition_version)
    needs = []
    for need in profile.needs:
        topic = scan.topic(need.topic)
        voices = [one for one in need.voices if may_stand(sitting.some, one.respondent, topic)]
        others = sitting.some.reader.sees_others_on(topic)
        row = {
            **topic_words(topic, reader),
            "quotes": _quotes(sitting.some, voices),
            "nurse_words": need.nurse_words if others else (),
            "urgency": form_word(f"importance.{need.urgency}", reader) if need.urgency else "",
            "tone": TONES.get(need.urgency or "", "neutral"),
            "links": [text(f"needs.opening.domain.{domain}", reader, language()) for domain in need.links],
            "url": address(sitting, "together_topic", need.domain, need.topic) if others else "",
        }
        needs += [row] if voices or others else []
    nothing = [
        (str(one.domain), scan.topic(one.topic).title(reader, language()) if one.topic else "")
        for one in profile.no_needs
        if not sitting.some.reader.child or any(v.respondent is Respondent.CHILD for v in one.voices)
    ]
    cards = [
        {
            "domain": str(domain),
            "title": text(f"needs.opening.domain.{domain}", reader, language()),
            "needs": [need for need in needs if need["domain"] == domain],
            "nothing": [title for where, title in nothing if where == domain and title],
            "quiet": (str(domain), "") in nothing,
            "url": address(sitting, "together", domain),
        }
        for domain in LifeDomain
    ]
    told = [card for card in cards if card["needs"] or card["nothing"] or card["quiet"]]
    return told if sitting.some.reader.child else cards


def _quotes(filled: FilledScan, voices: Iterable[TopicAnswer]) -> list[dict[str, Any]]:
    """A need in the words of each of the family: what is needed, else the wish, else how it is now."""
    return [
        {**who_said(filled, voice.respondent, voice.person_id), "words": words, "when": voice.given_at}
        for voice in voices
        if (words := voice.needed or voice.wish or voice.now)
    ]
