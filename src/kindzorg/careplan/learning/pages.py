"""Who learns what, in the reader's words and as a picture of four steps."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst

from kindzorg.access import policy
from kindzorg.careplan.cover.queries import may_see_week, week_of
from kindzorg.careplan.cover.rules import Gap
from kindzorg.careplan.learning.queries import Learner
from kindzorg.careplan.learning.rules import ABLE, STEPS, LearningMove, Step
from kindzorg.careplan.schedule.forms import WORDS
from kindzorg.careplan.schedule.pages import act_words, gap_rows
from kindzorg.careplan.wording import Say
from kindzorg.careteam.competences.rules import ENDS_SOON
from kindzorg.careteam.queries import OpenedChild
from kindzorg.core.errors import DomainError
from kindzorg.core.texts import content
from kindzorg.core.vocabulary import LifeDomain

ICONS = {
    LearningMove.SHOWN: "eye",
    LearningMove.TOGETHER: "users",
    LearningMove.ALONE: "user",
    LearningMove.TEACHES: "message-circle",
}
ERRORS = ("words_too_long", "professional_sees")


def errors_for(error: DomainError, audience: str) -> Mapping[str, Any]:
    """The sentence for one error, as `add_to_form` takes it."""
    if error.code in ERRORS:
        return {error.code: Say(audience, "learning")[error.code].format(**error.data)}
    return WORDS


def rights(request: Any, opened: OpenedChild) -> dict[str, bool]:
    """What the reader may do about learning: say the own word, write down steps, read every card."""

    def may(permission: str) -> bool:
        return policy.may(request.actor, permission, opened.subject, request.today, LifeDomain.MEDICAL)

    return {
        "may_say": may("learning.say"),
        "sees": may("competence.record"),
        "reads_cards": may("howto.read"),
    }


def learning_page(request: Any, opened: OpenedChild, found: Sequence[Learner]) -> dict[str, Any]:
    """The page: per act who learns it, as a picture, and who else can do it; first the moments for which nobody can."""
    given = rights(request, opened)
    teaches = {
        one.act
        for one in found
        if one.own and one.standing.reached and one.standing.reached.move is LearningMove.TEACHES
    }
    acts = [
        _act(act, list(some), opened, given, teaches) for act, some in groupby(found, lambda one: one.act)
    ]
    done = [_success(one, opened) for one in found if _lately(one, request.today)]
    return {
        "acts": acts,
        "done": done,
        "open": _not_able(request, opened),
        **given,
        "may_step": given["sees"] or teaches,
    }


def _lately(one: Learner, on: date) -> bool:
    """Whether somebody of the family does it alone since a short time."""
    last = one.standing.reached
    return one.family and last is not None and last.move in ABLE and last.happened_on > on - ENDS_SOON


def _success(one: Learner, opened: OpenedChild) -> str:
    last = one.standing.reached
    day = date_format(last.happened_on, "j E Y") if last else ""
    act = act_words([one.act], opened.audience)
    return Say(opened.audience, "learning")["success"].format(who=one.name, act=act, day=day)


def _act(
    act: str, found: Sequence[Learner], opened: OpenedChild, given: Mapping[str, bool], teaches: set[str]
) -> dict[str, Any]:
    writes = given["sees"] or act in teaches
    reads = given["reads_cards"] or any(one.own and one.needs_card for one in found)
    learners = [one for one in found if one.steps]
    return {
        "act": act,
        "words": capfirst(act_words([act], opened.audience)),
        "reserved": content("careteam", "acts")[act]["reserved"],
        "rows": [_row(one, opened, given, writes=writes and one.here and not one.own) for one in learners],
        "able": [_able(one, opened) for one in found if not one.steps],
        "may_wish": given["may_say"] and not any(one.own for one in learners),
        "card_url": reverse("howto", args=[opened.child.id, act]) if reads else "",
        "own_url": _url("learning_say", opened, act=act),
    }


def _row(one: Learner, opened: OpenedChild, given: Mapping[str, bool], *, writes: bool) -> dict[str, Any]:
    said = Say(opened.audience, "learning")
    stand, following = one.standing, one.standing.following
    teacher = stand.reached.by if stand.reached else said["a_nurse"]
    return {
        "name": one.name,
        "left": "" if one.here else said["left"],
        "own": one.own,
        "picture": [_pictured(move, number, stand.number, said) for number, move in enumerate(STEPS, 1)],
        "number": stand.number,
        "word": _own_word(stand.own, said),
        "next": said[f"next_{following}"].format(who=teacher) if following else "",
        "until": until_words(one, said),
        "soon": one.soon,
        "history": [told(step, said) for step in reversed(one.steps)],
        "step_url": _url("learning_step", opened, act=one.act, who=one.key) if writes else "",
        "say_url": _url("learning_say", opened, act=one.act) if one.own and given["may_say"] else "",
    }


def _able(one: Learner, opened: OpenedChild) -> dict[str, Any]:
    said = Say(opened.audience, "learning")
    left = "" if one.here else said["left"]
    return {"name": one.name, "left": left, "until": until_words(one, said), "soon": one.soon, "own": one.own}


def _pictured(move: LearningMove, number: int, done: int, said: Say) -> dict[str, Any]:
    return {
        "words": said[f"step_{move}"],
        "icon": ICONS[move],
        "state": "done" if number <= done else "todo",
        "now": number == done,
        "said": said["step_done" if number <= done else "step_todo"],
    }


def _own_word(own: Step | None, said: Say) -> dict[str, str] | None:
    if own is None:
        return None
    day = date_format(own.happened_on, "j E Y")
    return {"said": said[f"says_{own.move}"].format(day=day), "words": own.words, "move": str(own.move)}


def told(step: Step, said: Say) -> dict[str, str]:
    """One step or word as the list of all steps says it."""
    key = f"told_{step.move}"
    return {
        "said": said[key].format(day=date_format(step.happened_on, "j E Y"), who=step.by),
        "words": step.words,
    }


def until_words(one: Learner, said: Say) -> str:
    """When somebody looks again; nothing where nobody can be relied on for it now."""
    return said["until"].format(day=date_format(one.until, "j E Y")) if one.until else ""


def _url(name: str, opened: OpenedChild, **given: str) -> str:
    return f"{reverse(name, args=[opened.child.id])}?{urlencode(given)}"


def _not_able(request: Any, opened: OpenedChild) -> list[dict[str, Any]]:
    """The moments ahead for which somebody is there, but nobody who can do it, or nobody at all where an act is needed;
    each with the way to who can. One statement."""
    if not may_see_week(request.actor, opened.subject, request.today):
        return []
    view = week_of(request.actor, opened.subject, request.today, request.now)
    found = [one for one in view.ahead if one.gap == Gap.NOT_ABLE or one.demand.said.acts]
    return gap_rows(found, view, opened, request)[:5]


def people_to_choose(people: Iterable[Any]) -> list[tuple[str, str]]:
    """Of the team who can learn: professionals and relatives, not an organisation."""
    kinds = {"professional_id": "professional", "relative_id": "relative"}
    return [
        (f"{kind}:{key}", one.name)
        for one in people
        for field, kind in kinds.items()
        if (key := getattr(one, field))
    ]
