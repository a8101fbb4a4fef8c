"""What the pages show, put together from queries."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kindzorg.careteam.queries import OpenedChild
from kindzorg.core.texts import text
from kindzorg.journey.views import phase_name
from kindzorg.keeping.merging import rules
from kindzorg.keeping.merging.queries import ComparedFile, Double
from kindzorg.keeping.merging.rules import GoesOn, MergeReason


def say(key: str, audience: str = "professional") -> str:
    """A text of this room for a reader: `topic.name`."""
    return text(f"keeping.{key}", audience, (get_language() or "nl")[:2])


def _day(day: date | None) -> str:
    return date_format(day, "j E Y") if day else ""


def compared(one: ComparedFile, other: ComparedFile) -> list[dict[str, Any]]:
    """Both files beside one another: per line what it is about, what each says, and whether that differs."""
    numbers = {
        (True, True): _("the same") if one.state.who.number == other.state.who.number else _("another"),
        (True, False): _("known here"),
        (False, True): _("not known"),
        (False, False): _("not known"),
    }
    known = (bool(one.state.who.number), bool(other.state.who.number))
    lines = [
        (_("Name"), str(one.opened.child), str(other.opened.child)),
        (_("Birth date"), _day(one.opened.child.birth_date), _day(other.opened.child.birth_date)),
        (_("Citizen service number"), numbers[known], numbers[known[::-1]]),
        (_("File begun"), _begun(one), _begun(other)),
        (_("Kept by"), str(one.opened.child.owner), str(other.opened.child.owner)),
        (_("Care journey"), _journey(one), _journey(other)),
        (_("Plan"), _plan(one), _plan(other)),
        (_("Data in the file"), str(one.items), str(other.items)),
        (_("People"), _people(one), _people(other)),
    ]
    return [{"about": about, "one": a, "other": b, "differs": a != b} for about, a, b in lines]


def _begun(file: ComparedFile) -> str:
    return _day(timezone.localdate(file.opened.child.created_at))


def _journey(file: ComparedFile) -> str:
    if file.journey is None:
        return _("none")
    return phase_name(file.journey.phase, "professional")


def _plan(file: ComparedFile) -> str:
    if file.plan is None:
        return _("no plan in force")
    return _("version %(number)s is in force") % {"number": file.plan.version.number}


def _people(file: ComparedFile) -> str:
    return ", ".join(str(one.professional or one.relative or one.organisation) for one in file.team)


def compare_page(one: ComparedFile, other: ComparedFile, advice: GoesOn) -> dict[str, Any]:
    """The page on which two files are compared."""
    return {
        "other": other.opened.child,
        "rows": compared(one, other),
        "doubts": doubts(one, other),
        "advice": say(f"merging.goes_on.{advice.why}"),
        "judge": advice.child_id is None,
    }


def doubts(one: ComparedFile, other: ComparedFile) -> list[str]:
    """What speaks against one child, in words."""
    return [say(f"merging.doubt.{code}") for code in rules.doubts(one.state.who, other.state.who)]


def file_choices(one: ComparedFile, other: ComparedFile) -> list[tuple[str, str]]:
    """The two files to choose from, each told apart by who keeps it and since when."""
    return [
        (
            str(file.opened.child.id),
            _("%(name)s, kept by %(owner)s since %(day)s")
            % {"name": file.opened.child, "owner": file.opened.child.owner, "day": _begun(file)},
        )
        for file in (one, other)
    ]


def people_along(kept: ComparedFile, absorbed: ComparedFile) -> list[tuple[str, str]]:
    """Those in the team of the absorbed file who are not in that of the one that goes on."""
    there = {_mark(one) for one in kept.team}
    return [
        (str(one.id), str(one.professional or one.relative or one.organisation))
        for one in absorbed.team
        if _mark(one) not in there
    ]


def _mark(member: Any) -> tuple[str, object]:
    relative = member.relative
    if relative:
        return member.role, relative.user_id or (relative.name.casefold(), relative.relation)
    return member.role, member.professional_id or member.organisation_id


def reasons() -> list[tuple[str, str]]:
    """How somebody can know that it is one child."""
    return [(str(one), say(f"merging.why.{one}")) for one in MergeReason]


def others_of(opened: OpenedChild, doubles: Sequence[Double]) -> list[tuple[OpenedChild, str]]:
    """The files that may be this child's too, and why."""
    found = []
    for double in doubles:
        pair = (double.one, double.other)
        if opened.child.id in [one.child.id for one in pair]:
            other = next(one for one in pair if one.child.id != opened.child.id)
            found.append((other, say(f"merging.why.{double.reason}")))
    return found


def children_choices(children: Sequence[OpenedChild]) -> list[tuple[str, str]]:
    """Children to choose from, by name and birth date."""
    return [
        (str(one.child.id), ", ".join(filter(None, (str(one.child), _day(one.child.birth_date)))))
        for one in children
    ]


def stops(absorbed: ComparedFile) -> list[dict[str, Any]]:
    """What stands in the plan that stops: each goal with what was agreed for it, and agreements without a goal."""
    if absorbed.plan is None:
        return []
    goals = [
        {"words": goal.content.words, "agreed": [one.content.what for one in goal.agreements]}
        for goal in absorbed.plan.goals
    ]
    loose = [one.content.what for one in absorbed.plan.loose]
    return [*goals, *([{"words": "", "agreed": loose}] if loose else [])]
