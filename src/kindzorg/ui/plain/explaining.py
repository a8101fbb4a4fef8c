"""A hard word explained where it stands: in the HTML of a page the first time a word of the list occurs.

The word becomes a button that opens a box (the popover of HTML: it needs no script, and the keyboard works). The boxes
stand behind the text, so that what is read aloud, copied or printed is the sentence as it was.
"""

import re
from collections.abc import Iterator
from functools import cache

from django.template.loader import render_to_string

from kindzorg.core.texts import text
from kindzorg.ui.plain.meanings import Word, words

TOKEN = re.compile(r"(<!--.*?-->|<(?:\"[^\"]*\"|'[^']*'|[^'\">])*>)", re.DOTALL)
TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)")
EMPTY = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
# A button may not stand in these, or would be in the way there: what is pressed, a heading, a name, a drawing, code.
# What somebody said stays as it was said.
CLOSED = frozenset(
    [
        "a",
        "button",
        "label",
        "summary",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "legend",
        "option",
        "select",
        "textarea",
        "script",
        "style",
        "svg",
        "title",
        "code",
        "pre",
        "nav",
        "template",
        "dialog",
        "caption",
        "th",
        "time",
    ]
)
HIDDEN = re.compile(r"kz-visually-hidden|aria-hidden=|\shidden[\s>]|\spopover|kz-tag|data-kz-plain")


def explained(html: str, audience: str, language: str) -> str:
    """The HTML with its hard words explained for this reader; as it was where there is none."""
    pattern, forms = _pattern(language)
    found: dict[str, Word] = {}

    def button(match: re.Match[str]) -> str:
        said = match[0]
        word = forms.get(said) or forms.get(said.lower())
        if word is None or word.key in found:
            return said
        found[word.key] = word
        return f'<button type="button" class="kz-word" popovertarget="word-{word.key}">{said}</button>'

    done = "".join(pattern.sub(button, part) if is_open else part for part, is_open in _parts(html))
    return done + _boxes(list(found.values()), audience, language) if found else html


def _parts(html: str) -> Iterator[tuple[str, bool]]:
    """The tags and the texts of a page in their order, and of each whether a word may be explained there."""
    inside: list[
        tuple[str, bool]
    ] = []  # each element that is open, and whether it or one around it is closed to us
    for part in TOKEN.split(html):
        if not part.startswith("<"):
            yield part, not (inside and inside[-1][1])
            continue
        yield part, False
        tag = TAG.match(part)
        if not tag or tag[2].lower() in EMPTY or part.endswith("/>"):
            continue
        if tag[1]:
            while inside and inside.pop()[0] != tag[2].lower():
                pass
        else:
            closed = tag[2].lower() in CLOSED or HIDDEN.search(part) is not None
            inside.append((tag[2].lower(), closed or bool(inside and inside[-1][1])))


@cache
def _pattern(language: str) -> tuple[re.Pattern[str], dict[str, Word]]:
    """What finds every form, the longest first. What has capitals (Wlz, Veilig Thuis) counts only as it is written."""
    forms: dict[str, Word] = {}
    for word in words(language):
        for form in word.forms:
            forms[form] = word
    longest = sorted((re.escape(form) for form in forms), key=len, reverse=True)
    return re.compile(rf"(?<![\w@/.-])(?:{'|'.join(longest)})(?![\w@/-])", re.IGNORECASE), forms


def _boxes(found: list[Word], audience: str, language: str) -> str:
    rows = [
        {"key": word.key, "name": word.name, "says": text(f"ui.words.{word.key}", audience, language)}
        for word in found
    ]
    return render_to_string("ui/components/word_boxes.html", {"words": rows})
