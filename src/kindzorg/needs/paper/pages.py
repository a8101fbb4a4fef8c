"""What stands on the papers. PURE: the texts of the scan as data for a letter, and nothing of any child."""

from collections.abc import Mapping
from typing import Any

from kindzorg.core.texts import content, text
from kindzorg.core.vocabulary import Audience, LifeDomain
from kindzorg.needs.definition import OPENING, Amount, FieldKind, FormField, Respondent, Topic, definition
from kindzorg.ui.pictures import FACES, drawing

# The feelings of the child's form, worst first, are the five faces.
FEELING = "feeling"
# Those of the domains on every paper (ui/letters/base.typ).
COLOURS = {
    LifeDomain.MEDICAL: "#1f5fa6",
    LifeDomain.DEVELOPMENT: "#2f7336",
    LifeDomain.SOCIAL: "#7a3f98",
    LifeDomain.SAFETY: "#8a5300",
}


def words(audience: str, language: str) -> Mapping[str, str]:
    """What stands around the questions, for this reader."""
    return {name: text(f"needs.paper.{name}", audience, language) for name in content("needs", "paper")}


def scan_sheets(respondent: Respondent, language: str) -> dict[str, Any]:
    """The whole scan as this respondent is asked it, to fill in with a pen: topics to tick, and a sheet per topic."""
    audience, scan = respondent.audience, definition()
    say = words(audience, language)
    return {
        "title": text("needs.opening.title", audience, language),
        "intro": text("needs.opening.intro", audience, language),
        "language": language,
        "say": say,
        "footer": say["footer"],
        "opening": [
            {key: text(f"needs.opening.{part}.{key}", audience, language) for key in ("question", "hint")}
            for part in OPENING
        ],
        "domains": [
            {
                "id": domain.value,
                "question": text(f"needs.opening.first_pass.{domain}", audience, language),
                "topics": [_topic(topic, audience, language) for topic in scan.offered(respondent, domain)],
            }
            for domain in LifeDomain
        ],
        "form": [_field(field, audience, language) for field in scan.form(respondent)],
        "carrying": {
            "intro": text("needs.carrying.intro", audience, language),
            "notice": text("needs.carrying.notice", audience, language),
            "scale": [text(f"needs.carrying.scale.{amount}", audience, language) for amount in Amount],
            **{
                key: text(f"needs.carrying.{key}.label", audience, language)
                for key in ("member", "load", "power", "words")
            },
        },
    }


def talk_cards(audience: Audience, language: str) -> dict[str, Any]:
    """A card for each topic of the scan that this reader has words for, in the order of the four life domains."""
    scan, say = definition(), words(audience, language)
    respondent = next(who for who in Respondent if who.audience == audience)
    return {
        "title": say["cards"],
        "language": language,
        "footer": say["footer"],
        "domains": [
            {
                "id": domain.value,
                "name": text(f"needs.opening.domain.{domain}", audience, language),
                "topics": [_topic(topic, audience, language) for topic in scan.offered(respondent, domain)],
            }
            for domain in LifeDomain
        ],
    }


def _face(name: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">{drawing(f"faces/{name}")}</svg>'


def _pictogram(name: str, colour: str) -> str:
    lines = f'fill="none" stroke="{colour}" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round"'
    inner = drawing(f"pictograms/{name}").replace("currentColor", colour)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" {lines}>{inner}</svg>'


def _topic(topic: Topic, audience: str, language: str) -> dict[str, str]:
    return {
        "title": topic.title(audience, language),
        "hint": topic.hint(audience, language),
        "picture": _pictogram(topic.id, COLOURS[topic.domain]),
    }


def _field(field: FormField, audience: str, language: str) -> dict[str, Any]:
    choices: list[dict[str, str]] = [
        {"words": field.choice(choice, audience, language)} for choice in field.choices
    ]
    if field.id == FEELING:
        for choice, face in zip(choices, FACES, strict=True):
            choice["picture"] = _face(face)
    return {
        "label": field.label(audience, language),
        "writes": field.kind == FieldKind.WORDS,
        "choices": choices,
    }
