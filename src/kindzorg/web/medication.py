"""The medicines of a child as hospital and family say them, with who gives what when: read, never calculated with."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from kindzorg.access import policy
from kindzorg.careplan.pages import agreement_row
from kindzorg.careplan.queries import shown_plan_for
from kindzorg.careteam.queries import OpenedChild, open_child
from kindzorg.core.texts import content, text
from kindzorg.journey.views import child_frame
from kindzorg.record.items import ItemKind
from kindzorg.record.pages import entry
from kindzorg.record.queries import ChildFile, known_for
from kindzorg.record.rules import folded, title

# What an agreement that speaks of medicines in general says.
GENERAL = ("medicijn", "medicatie")
WORDS = re.compile(r"[^\W\d_]+")
# How a medicine is given: it does not make it another one.
SHAPES = frozenset(
    {
        "capsule",
        "capsules",
        "drank",
        "druppels",
        "drops",
        "inhalator",
        "injectie",
        "oplossing",
        "poeder",
        "puffer",
    }
    | {
        "sachet",
        "sachets",
        "siroop",
        "spray",
        "tablet",
        "tabletten",
        "vernevelen",
        "zalf",
        "zetpil",
        "zetpillen",
    }
)
# A shorter name is found in too many other words.
SHORTEST = 4


def child_medication(request: Any, child_id: UUID) -> HttpResponse:
    """What is given now, by source; below each the agreements that name it; what ended folds away."""
    opened = open_child(request.actor, child_id, "record.read", "record.medication_read", request.now)
    file = known_for(request.actor, opened.subject, request.today)
    agreements = _agreements(request, opened)
    medicines = _medicines(file, opened, agreements)
    named = {row["id"] for one in medicines for row in one["agreements"]}
    context = {
        "t": words_for(str(opened.audience)),
        "medicines": [one for one in medicines if one["rows"]],
        "ended": [row for one in medicines for row in one["past"]],
        "general": [row for row in agreements if row["id"] not in named and _speaks(row, GENERAL)],
        "may_enter": policy.may(request.actor, "record.write", opened.subject, request.today),
    }
    return render(request, "web/medication.html", {**child_frame(request, opened, "record"), **context})


def words_for(audience: str) -> Mapping[str, str]:
    """All that the page says to this reader."""
    language = (get_language() or "nl")[:2]
    return {key: text(f"web.medication.{key}", audience, language) for key in content("web", "medication")}


def _agreements(request: Any, opened: OpenedChild) -> list[dict[str, Any]]:
    """The agreements of the plan that the reader sees. Three statements at most."""
    if not policy.may(request.actor, "plan.read", opened.subject, request.today):
        return []
    plan = shown_plan_for(request.actor, opened.subject, request.today)
    return [agreement_row(one, opened) for one in plan.agreements] if plan else []


def _medicines(
    file: ChildFile, opened: OpenedChild, agreements: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Per medicine what each source says of it, side by side."""
    found: dict[str, dict[str, Any]] = {}
    for filed in file.of(ItemKind.MEDICATION):
        shown = entry(filed, str(opened.audience))
        key = _key(title(filed.item))
        one = found.setdefault(key, {"name": shown["title"], "rows": [], "past": [], "agreements": []})
        one["past" if shown["past"] else "rows"].append(shown)
    for key, one in found.items():
        one["agreements"] = [row for row in agreements if len(key) >= SHORTEST and _speaks(row, (key,))]
        one["several"] = len({row["source"] for row in one["rows"]}) > 1
    return sorted(found.values(), key=lambda one: folded(one["name"]))


def _key(name: str) -> str:
    """A name without its strength and shape: "Levetiracetam drank 100 mg/ml" is levetiracetam, and no two are one."""
    before = folded(re.split(r"\d", name, maxsplit=1)[0])
    words = [one for one in WORDS.findall(before) if one not in SHAPES]
    return " ".join(words) or folded(name)


def _speaks(row: Mapping[str, Any], words: Sequence[str]) -> bool:
    said = folded(" ".join(str(row[name]) for name in ("what", "when", "where", "situation", "protocol")))
    return any(word in said for word in words)
