"""The texts of an organisation: finding one, wording it anew with a look at how it reads, and its earlier versions."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import escape
from django.utils.safestring import SafeString

from kindzorg.core.errors import Conflict, Invalid
from kindzorg.core.languages import NAMES
from kindzorg.core.vocabulary import Audience
from kindzorg.people.house.actions import word_text
from kindzorg.people.house.queries import organisation_managed, own_texts, versions_of
from kindzorg.people.house.rules import NewText, TextPlace, TextVersion, fits, shipped_text
from kindzorg.ui.fields import whole_number
from kindzorg.ui.plain.explaining import explained
from kindzorg.ui.plain.meanings import lists
from kindzorg.ui.plain.rules import LONGEST, findings
from kindzorg.ui.wording import add_to_form
from kindzorg.web.house.catalogue import PAGE, Entry, catalogue, sought
from kindzorg.web.house.text_forms import (
    READERS,
    FindForm,
    WordsForm,
    errors_for,
    named,
    say,
    words_of_page,
)

Own = Mapping[TextPlace, TextVersion]


def own_texts_page(request: Any) -> HttpResponse:
    """What is in own words now, and a way to find any text."""
    organisation = organisation_managed(request.actor, request.today)
    own = own_texts(request.actor, request.today)
    asked = bool(request.GET)
    form = FindForm(request.GET if asked else None)
    known = [one for one in own.values() if one.words and one.place.key in catalogue()]
    late = sum(one.overtaken(shipped_text(one.place)) for one in known)
    context = {
        "t": words_of_page(),
        "lead": say("lead", organisation=organisation.name),
        "form": form,
        "own": [_row(one.place, own) for one in known],
        "late": say("overtaken_count", number=late) if late else "",
        **(_found(form, own) if asked else {}),
    }
    return render(request, "web/house/texts.html", context)


def _found(form: FindForm, own: Own) -> dict[str, Any]:
    asked, number = form.asked(), form.page()
    places = sought(asked["q"], asked["room"], asked["audience"], asked["language"], own)
    first = (number - 1) * PAGE
    count = {0: say("found_none"), 1: say("found_one")}.get(len(places), say("found", number=len(places)))
    return {
        "count": count,
        "rows": [_row(one, own) for one in places[first : first + PAGE]],
        "earlier": f"?{urlencode({**asked, 'page': number - 1})}" if number > 1 else "",
        "later": f"?{urlencode({**asked, 'page': number + 1})}" if len(places) > first + PAGE else "",
    }


def _row(place: TextPlace, own: Own) -> dict[str, Any]:
    """One text in a list: what it says now, where it stands, for whom, and whether it is one's own."""
    entry, shipped, version = catalogue()[place.key], shipped_text(place), own.get(place)
    mine = version if version and version.words else None
    return {
        "place": place,
        "says": mine.words if mine else shipped or entry.said[place.audience]["nl"],
        "language": place.language if mine or shipped else "nl",
        "stands": named(entry.topic),
        "reader": say(READERS[Audience(place.audience)]),
        "tongue": NAMES[place.language],
        "own": mine is not None,
        "late": mine is not None and mine.overtaken(shipped),
        "unfit": mine is not None and not fits(place, mine.words),
        "fixed": bool(entry.fixed),
    }


def own_text(request: Any, key: str, audience: str, language: str) -> HttpResponse:
    """One text: what is shipped, one's own, a look at how it reads, and its versions."""
    place = TextPlace(key, audience, language)
    entry, shipped = _there(place)
    versions = versions_of(request.actor, place, request.today)
    now = versions[0].words if versions else ""
    says, posted = now or shipped or entry.said[audience]["nl"], _posted(request, versions)
    form = WordsForm(posted, place, now or shipped, versions[0].number if versions else 0)
    if posted is not None and (done := _written(request, place, form)):
        return done
    typed = (posted or {}).get("words") or says
    context = {
        **_about(entry, place, shipped),
        **_stands(place, shipped, versions),
        **_looked_at(typed, place),
        "form": form,
        "unsaved": typed.strip() != says,
    }
    return render(request, "web/house/text.html", context)


def _stands(place: TextPlace, shipped: str, versions: Sequence[TextVersion]) -> dict[str, Any]:
    """The versions, which of them counts, and whether it still can and is still of what is shipped."""
    now = versions[0] if versions and versions[0].words else None
    return {
        "versions": versions,
        "now": now,
        "late": now is not None and now.overtaken(shipped),
        "unfit": now is not None and not fits(place, now.words),
    }


def _there(place: TextPlace) -> tuple[Entry, str]:
    """The text that an address names. Raises Http404 for one that is not there."""
    entry = catalogue().get(place.key)
    if entry is None or place.audience not in entry.said or place.language not in NAMES:
        raise Http404
    return entry, shipped_text(place)


def _posted(request: Any, versions: Sequence[TextVersion]) -> dict[str, str] | None:
    """What was sent, as the form reads it: what was typed, or the words of the version to put back."""
    if request.method != "POST":
        return None
    words, chosen = request.POST.get("words", ""), request.POST.get("version", "")
    if request.POST.get("step") == "again":
        words = next((one.words for one in versions if str(one.number) == chosen), "")
    return {"words": words, "instead_of": request.POST.get("instead_of", "")}


def _written(request: Any, place: TextPlace, form: WordsForm) -> HttpResponse | None:
    """Saves where that was asked; None to look first, or where it cannot be: then the form says why."""
    step, words = request.POST.get("step"), form.data["words"]
    if step not in ("save", "again", "standard") or (step == "save" and not form.is_valid()):
        return None
    if step == "standard":
        words = ""
    number = whole_number(form.data["instead_of"]) or 0
    try:
        word_text(request.actor, NewText(place, words, number), request.now)
    except (Invalid, Conflict) as error:
        add_to_form(form, error, errors_for(error))
        if isinstance(error, Conflict):
            form.data = {**form.data, "instead_of": str(error.data["number"])}
        return None
    messages.success(request, say("saved" if words else "standard_again"))
    return redirect(request.path)


def _about(entry: Entry, place: TextPlace, shipped: str) -> dict[str, Any]:
    readers = " / ".join(say(READERS[one]) for one in entry.others(place.audience))
    return {
        "t": words_of_page(),
        "place": place,
        "title": say("edit_title", reader=say(READERS[Audience(place.audience)])),
        "stands": named(entry.topic),
        "also": say("also_read", readers=readers) if readers else "",
        "tongues": [
            {"url_language": code, "label": name, "current": code == place.language}
            for code, name in NAMES.items()
        ],
        "shipped": shipped,
        "dutch": entry.said[place.audience]["nl"],
        "fixed": say(f"fixed_{entry.fixed}") if entry.fixed else "",
    }


def _looked_at(words: str, place: TextPlace) -> dict[str, Any]:
    """The text as the reader sees it, hard words wrapped for families, and what makes it hard to read."""
    html = "".join(f"<p>{escape(line)}</p>" for line in words.splitlines() if line.strip())
    family = place.audience in (Audience.CHILD, Audience.PARENT)
    return {
        "preview": SafeString(explained(html, place.audience, place.language) if family else html),
        "hints": list(_hints(words, Audience(place.audience))) if place.language == "nl" else [],
    }


def _hints(words: str, audience: Audience) -> Iterable[str]:
    for one in findings(words, audience, lists()):
        key = f"hint_{one.sign}" + ("_instead" if one.instead and one.sign == "hard" else "")
        yield say(key, found=one.found, instead=one.instead, most=LONGEST[audience])
