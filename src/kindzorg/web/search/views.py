"""The page on which somebody searches all that they may read of a child."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import snowballstemmer
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from kindzorg.careteam.queries import open_child
from kindzorg.core.texts import content, text
from kindzorg.journey.views import child_frame
from kindzorg.web.search.forms import SearchForm
from kindzorg.web.search.rules import PAGE, Found, Kind, search, sought_in
from kindzorg.web.search.sources import passages


def child_search(request: Any, child_id: UUID) -> HttpResponse:
    """Look for words. The trail says that somebody searched, and never for what."""
    asked = "q" in request.GET
    event = "search.made" if asked else "search.form_read"
    opened = open_child(request.actor, child_id, "child.open", event, request.now)
    words = words_for(str(opened.audience))
    form = SearchForm(request.GET if asked else None, words)
    typed = form.typed()
    sought = sought_in(typed, snowballstemmer.stemmer("dutch").stemWord)
    found = search(passages(request, opened), sought) if sought.words else []
    context = {**child_frame(request, opened, "child_search"), "t": words, "form": form, "typed": typed}
    if asked and form.is_valid():
        context |= _page(form, found, typed, words)
    return render(request, "web/search.html", context)


def words_for(audience: str) -> Mapping[str, str]:
    """All that the page says to this reader."""
    language = (get_language() or "nl")[:2]
    return {key: text(f"web.search.{key}", audience, language) for key in content("web", "search")}


def _page(form: SearchForm, found: Sequence[Found], typed: str, words: Mapping[str, str]) -> dict[str, Any]:
    chosen, number = form.chosen(), form.page()
    counts = Counter(one.passage.kind for one in found)
    shown = [one for one in found if chosen in (None, one.passage.kind)]
    first = (number - 1) * PAGE

    def to(kind: Kind | None, page: int = 1) -> str:
        return "?" + urlencode({"q": typed, "kind": kind or "", **({"page": page} if page > 1 else {})})

    kinds = [{"name": words["kind_all"], "count": len(found), "url": to(None), "current": chosen is None}]
    kinds += [
        {"name": words[f"kind_{kind}"], "count": counts[kind], "url": to(kind), "current": chosen is kind}
        for kind in Kind
        if counts[kind] or chosen is kind
    ]
    return {
        "searched": bool(typed.strip()),
        "several": len(typed.split()) > 1,
        "kinds": kinds if len(kinds) > 2 or chosen else [],
        "count": len(shown),
        "rows": [
            {"kind": words[f"one_{one.passage.kind}"], "passage": one.passage, "parts": one.parts}
            for one in shown[first : first + PAGE]
        ],
        "newer": to(chosen, number - 1) if number > 1 else "",
        "older": to(chosen, number + 1) if len(shown) > first + PAGE else "",
    }
