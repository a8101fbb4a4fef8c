"""What a page, a mail or a paper says about its own translation."""

from django.utils.translation import get_language

from kindzorg.core.languages import LENDER, direction, is_borrowed, is_reviewed, unmarked
from kindzorg.core.texts import text
from kindzorg.core.vocabulary import Audience


def speaking() -> str:
    """The language of the reader, as the code of two letters."""
    return (get_language() or LENDER)[:2]


def said(key: str, language: str) -> str:
    """One of the sentences about translations (core/content/translation.yaml)."""
    return text(f"core.translation.{key}", Audience.PARENT, language)


def unreviewed(language: str) -> list[tuple[str, str, str]]:
    """Language, direction and words of what stands at the foot while nobody checked it: in both languages."""
    if is_reviewed(language):
        return []
    told = {LENDER: said("unreviewed", LENDER)}
    own = said("unreviewed", language)
    if not is_borrowed(own):
        told = {language: own, **told}
    return [(code, direction(code), words) for code, words in told.items()]


def translation_notes(content: str, language: str = "") -> list[tuple[str, str]]:
    """What a mail or a paper with this content must say about its translation: language and words of each sentence."""
    language = language or speaking()
    found = [(code, words) for code, _, words in unreviewed(language)]
    if is_borrowed(content):
        own = said("incomplete", language)
        found.insert(0, (LENDER if is_borrowed(own) else language, unmarked(own)))
    return found


def mailed(words: str, language: str) -> str:
    """The body of a mail, with what it must say about its translation at its foot."""
    notes = [note for _, note in translation_notes(words, language)]
    return "\n\n".join([unmarked(words).rstrip("\n"), *notes]) + "\n"
