"""Load and carrying power over time, in the reader's words."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from kindzorg.access.roles import Role
from kindzorg.careteam.queries import OpenedChild
from kindzorg.core.errors import DomainError
from kindzorg.core.texts import text
from kindzorg.needs.definition import Amount
from kindzorg.needs.strain.queries import who_gets_signs
from kindzorg.needs.strain.rules import LONGEST, Course, Told
from kindzorg.ui.curves import Point, draw

WORDS = (
    *(
        "title",
        "own_title",
        "lead",
        "own_lead",
        "new",
        "none",
        "none_team",
        "load",
        "power",
        "when",
        "told_how",
    ),
    *(
        "words",
        "check",
        "scan",
        "private",
        "signs",
        "talk",
        "talk_lead",
        "agreed",
        "settle",
        "talks",
        "notice",
    ),
    *("form_title", "send", "looked", "looked_none", "table", "sign_heavy", "sign_falling", "moment"),
)


def language() -> str:
    """The reader's language."""
    return (get_language() or "nl")[:2]


def say(key: str, opened: OpenedChild, **given: object) -> str:
    """A text of these pages for this reader."""
    name = opened.child.given_name or str(opened.child)
    return text(f"needs.strain.{key}", opened.audience, language()).format(**{"name": name, **given})


def amount(word: Amount, opened: OpenedChild) -> str:
    """One of the five words, as in the scan."""
    return text(f"needs.carrying.scale.{word}", opened.audience, language())


def words_for(opened: OpenedChild) -> Mapping[str, str]:
    """All that the pages say."""
    return {key: say(key, opened) for key in WORDS}


def errors_for(error: DomainError, opened: OpenedChild) -> Mapping[str, str]:
    """The sentence for one error, as `add_to_form` takes it."""
    return {error.code: say(error.code, opened, longest=LONGEST)}


def shown(course: Course, opened: OpenedChild) -> dict[str, Any]:
    """One person: the picture, the rows of the table, what waits and what was agreed."""
    order = list(Amount)
    points = [
        Point(timezone.localtime(one.at), (order.index(one.load), order.index(one.power)))
        for one in course.told
    ]
    return {
        "name": course.name,
        "drawing": draw(points, [amount(one, opened) for one in order]) if points else None,
        "names": (say("load", opened), say("power", opened)),
        "headers": [say(key, opened) for key in ("when", "load", "power", "told_how", "words")],
        "rows": [_row(one, opened) for one in reversed(course.told)],
        "waiting": course.waiting,
        "reasons": [say(f"sign_{one}", opened) for one in course.waiting.signs] if course.waiting else [],
        "talks": list(reversed(course.talks)),
    }


def _row(told: Told, opened: OpenedChild) -> dict[str, Any]:
    how = say("scan" if told.check is None else "check" if told.shared else "private", opened)
    words = (amount(told.load, opened), amount(told.power, opened), how, told.words or "–")
    return {"at": told.at, "words": words, "said": told.words}


def who_hears(request: Any, opened: OpenedChild, kind: str = "hears") -> str:
    """To whom a sign would go, or went (`thanks`), in words; what to read where there is nobody."""
    found = who_gets_signs(request.actor, opened.subject, request.today)
    if not found:
        return say(f"{kind}_nobody", opened)
    key = f"{kind}_coach" if found[0][2] == Role.CARE_COACH else f"{kind}_nurse"
    names = list(dict.fromkeys(name for _, name, _ in found))
    return say(key, opened, who=names[0] if len(names) == 1 else ", ".join(names[:3]))
