"""Texts that Dutch lends to a page in another language, as each medium can say it (kindzorg.core.languages).

In a page each gets `lang` and `dir`, so that it is spoken and laid out as Dutch; where no element can stand (a title,
an attribute, an option) it stands bare. A page of which a part is lent says so at its top.
"""

import re

from kindzorg.core.languages import BEGIN, END, LENDER, unmarked

# A note that stands in a page only if a part of the page is lent, between marks of its own.
NOTE, NOTE_END = "\ue0d2", "\ue0d3"
_NOTE = re.compile(f"{NOTE}(.*?){NOTE_END}", re.DOTALL)
_TAG = re.compile(r"(<!--.*?-->|<[a-zA-Z/!](?:[^>\"']|\"[^\"]*\"|'[^']*')*>)", re.DOTALL)
_NAME = re.compile(r"</?([a-zA-Z0-9]+)")
# Within these only text may stand, or what is no text at all.
BARE = frozenset({"title", "option", "textarea", "script", "style", "svg"})
# A text that was cut short lost its end: at these at the latest it has ended.
ENDS = frozenset({"main", "header", "footer", "form", "section", "article", "table", "details"})
SPAN = f'<span class="kz-lent" lang="{LENDER}" dir="ltr">'


def spoken(page: str) -> str:
    """A page of HTML in which what is lent is marked up as Dutch, and says at its top that it is there."""
    lent = BEGIN in _NOTE.sub("", page)
    page = _NOTE.sub(r"\1" if lent else "", page)
    return _marked_up(page) if BEGIN in page else page


def spoken_bytes(sent: bytes, kind: str) -> bytes:
    """The same for an answer that is ready to be sent; what is no page goes out without marks."""
    if BEGIN.encode() not in sent and NOTE.encode() not in sent:
        return sent
    text = sent.decode()
    return (spoken(text) if kind.startswith("text/html") else unmarked(text)).encode()


def _marked_up(page: str) -> str:
    made: list[str] = []
    depth, bare, inside = 0, "", 0
    for place, part in enumerate(_TAG.split(page)):
        if place % 2:
            named = _NAME.match(part)
            name = named[1].lower() if named else ""
            closes = part.startswith("</")
            if name in BARE and bare in ("", name) and not part.endswith("/>"):
                inside += -1 if closes else 1
                bare = name if inside else ""
            depth = 0 if closes and name in ENDS else depth
            made.append(unmarked(part))
        elif bare:
            made.append(unmarked(part))
        else:
            depth = _text(part, depth, made)
    return "".join(made)


def _text(part: str, depth: int, made: list[str]) -> int:
    """One run of text between two tags: each stretch of it that is lent gets a span, so that it is always valid."""
    for piece in re.split(f"([{BEGIN}{END}])", part):
        if piece == BEGIN:
            depth += 1
        elif piece == END:
            depth = max(0, depth - 1)
        else:
            made.append(f"{SPAN}{piece}</span>" if depth and piece.strip() else piece)
    return depth
