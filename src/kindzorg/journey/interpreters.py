"""Who of the family needs an interpreter, in words, for every page on which somebody plans with them."""

from collections.abc import Sequence
from typing import Any

from babel import Locale

from kindzorg.access import policy
from kindzorg.careteam.queries import OpenedChild
from kindzorg.careteam.spoken.queries import interpreters_later
from kindzorg.careteam.spoken.rules import SIGN, SPOKEN, SpokenView, view_of
from kindzorg.core.statements import Later
from kindzorg.core.texts import text
from kindzorg.core.vocabulary import Truth
from kindzorg.ui.translation import speaking


def say(key: str, audience: str, **given: object) -> str:
    """A text about languages and interpreters for this reader."""
    return text(f"careteam.spoken.{key}", audience, speaking()).format(**given)


def language_name(code: str, audience: str) -> str:
    """A language as the reader calls it; the code where nobody has a name for it."""
    if code == SIGN:
        return say("sign_language", audience)
    return str(Locale.parse(speaking()).languages.get(code, code))


def language_choices(audience: str) -> list[tuple[str, str]]:
    """Every language that can be chosen, in the order of the list."""
    return [(code, language_name(code, audience)) for code in SPOKEN]


def spoken_words(one: SpokenView, audience: str) -> dict[str, Any]:
    """What is known of one relative, in words."""
    named = language_name(one.language, audience)
    return {
        "id": one.relative_id,
        "speaks": say("speaks", audience, language=named) if one.at else "",
        "tag": say("tag", audience),
        "needed": say("needed", audience, name=one.name, language=named),
        "said": say("said", audience, who=one.by) if one.by else "",
        "at": one.at,
    }


def interpreter_lines(request: Any, opened: OpenedChild, family: Sequence[Any] = ()) -> list[dict[str, Any]]:
    """A line for each of whom it is said that an interpreter is needed. One statement; none where the relatives of the
    child were read already (`family`)."""
    if family:
        may = policy.may(request.actor, "team.read", opened.subject, request.today)
        needed = [view_of(one) for one in family if may and one.interpreter == Truth.YES]
        return [spoken_words(one, opened.audience) for one in needed]
    return interpreter_lines_later(request, opened).now()


def interpreter_lines_later(request: Any, opened: OpenedChild) -> Later[list[dict[str, Any]]]:
    """The same, not asked for yet."""
    asked = interpreters_later(request.actor, opened.subject, request.today)
    return asked.then(lambda found: [spoken_words(one, opened.audience) for one in found])
