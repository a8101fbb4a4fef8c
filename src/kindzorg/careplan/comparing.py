"""Two texts of the plan beside each other: what changed between versions, and what two people wrote at once."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from kindzorg.careplan.rules import AgreementContent, Difference
from kindzorg.careplan.wording import part_name, part_words, who_words
from kindzorg.ui.wording import quoted

# Fields of a content that are a word by themselves, while a part of the same name is more.
PLAIN = {"goal_id": "why", "protocol": "protocol_name", "situation": "situation_words"}


def change_rows(
    found: Sequence[Difference],
    goals: Mapping[UUID, str],
    agreements: Mapping[UUID, AgreementContent],
    audience: str,
) -> list[dict[str, Any]]:
    """What changed, item by item, each part with before and after in words."""
    named = {key: quoted(words) for key, words in goals.items()}
    return [
        {
            "line": _line(agreements[one.id], audience)
            if one.change == "added" and isinstance(one.id, UUID) and one.id in agreements
            else "",
            "item": str(one.item),
            "change": str(one.change),
            "title": one.title,
            "reason": one.reason,
            "replaced_by": agreements[one.replaced_by].what if one.replaced_by else "",
            "asked_anew": one.asked_anew,
            "parts": [
                {
                    "name": part_name(part.part),
                    "before": part_words(part.part, part.before, named, audience),
                    "after": part_words(part.part, part.after, named, audience),
                }
                for part in one.parts
            ],
        }
        for one in found
    ]


def _line(said: AgreementContent, audience: str) -> str:
    return " · ".join(filter(None, (who_words(said.who, audience), said.when, said.where)))


def two_texts(mine: Any, theirs: Any, goals: Mapping[UUID, str], by: str) -> list[dict[str, str]]:
    """Two contents of one item, as columns beside each other: only the parts that differ."""
    named = [one.name for one in fields(theirs)]
    names = [name for name in named if mine is None or getattr(mine, name) != getattr(theirs, name)]

    def column(content: Any) -> str:
        if content is None:
            return ""
        lines = [
            f"{part_name(name)}: {part_words(PLAIN.get(name, name), getattr(content, name), goals, 'professional')}"
            for name in names
        ]
        return "\n".join(lines)

    return [
        {"name": _("Your text"), "text": column(mine)},
        {"name": by or _("The other text"), "text": column(theirs)},
    ]
