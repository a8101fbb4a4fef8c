"""Which language somebody of the family speaks with those who care, and whether an interpreter is needed. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from kindzorg.core.errors import Invalid
from kindzorg.core.vocabulary import Truth

# Codes of ISO 639. The first are what is spoken most around Dutch children's hospitals (own choice, to be confirmed).
SPOKEN = (
    "nl", "en", "ar", "tr", "uk", "pl", "ti", "so", "fa", "ps", "ku", "zgh", "ru", "ro", "bg", "es", "pt", "fr", "de",
    "it", "zh", "vi", "hi", "ur", "am", "hy", "sq", "hr", "sr", "pap", "srn", "dse",
)  # fmt: skip
SIGN = "dse"
"""Dutch sign language (Nederlandse Gebarentaal)."""


@dataclass(frozen=True, slots=True)
class SpokenView:
    """What is known of one relative. `by` and `at` are of whoever said last whether an interpreter is needed."""

    relative_id: UUID
    name: str
    language: str
    interpreter: Truth
    by: str = ""
    at: datetime | None = None


def check(language: str) -> None:
    """Raises Invalid for a language that is not in the list."""
    if language not in SPOKEN:
        raise Invalid("language_unknown", fields=("language",))


def view_of(relative: Any) -> SpokenView:
    """What is known of a relative, from its row."""
    return SpokenView(
        relative.id,
        relative.name,
        relative.language,
        Truth(relative.interpreter),
        relative.interpreter_by,
        relative.interpreter_at,
    )
