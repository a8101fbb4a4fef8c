"""The parts of a copy as pages that open without a connection and without scripts, and as data beside them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from kindzorg.core.languages import unmarked
from kindzorg.ui.borrowed import spoken
from kindzorg.ui.destroyed import worded
from kindzorg.web.copies.parts import Chapter, Field, Item, Section

DEEPEST = 6
# The folder of photos and documents.
FILES = "files"


@dataclass(frozen=True, slots=True)
class Cover:
    """What every page says at its foot: of whom it is, who took it along, and when."""

    child: str
    taken_by: str
    taken_at: datetime
    language: str


def page(name: str, cover: Cover, **context: Any) -> str:
    """One page of the copy, from its template."""
    return spoken(worded(render_to_string(f"web/copies/{name}.html", {"cover": cover, **context})))


def chapter_page(chapter: Chapter, cover: Cover, **context: Any) -> str:
    """The page of one chapter."""
    body = mark_safe("".join(map(_section, chapter.sections)))  # noqa: S308  (every word in it is escaped below)
    return page("chapter", cover, chapter=chapter, body=body, **context)


def _section(section: Section) -> str:
    items = "".join(_brief(item) if section.brief else _item(item, 3) for item in section.items)
    return f'<section id="{escape(section.key)}"><h2>{escape(section.title)}</h2>{items}</section>\n'


def _item(item: Item, level: int) -> str:
    """An item and what belongs to it. Written by hand: a file of years has tens of thousands of them."""
    about = " · ".join(escape(one) for one in (item.by, shown(item.at)) if one)
    parts = [
        f"<h{level}>{escape(item.title)}</h{level}>" if item.title else "",
        f'<p class="about">{about}</p>' if about else "",
        f"<blockquote>{_lines(item.words)}</blockquote>" if item.words else "",
        f"<dl>{''.join(map(_field, item.fields))}</dl>" if item.fields else "",
        f'<p><a href="../{FILES}/{escape(item.file)}">{escape(item.file)}</a></p>' if item.file else "",
        *(_item(one, min(level + 1, DEEPEST)) for one in item.inside),
    ]
    return f'<article class="item">{"".join(parts)}</article>'


def _brief(item: Item) -> str:
    """An item on two lines: what, and below it when and what more is known."""
    more = (f"{one.label}: {shown(one.value)}" for one in item.fields)
    about = escape(" · ".join((shown(item.at), *more)))
    return f'<p class="brief">{escape(item.title)}<br><span class="about">{about}</span></p>'


def _field(field: Field) -> str:
    listed = isinstance(field.value, (list, tuple))
    values = field.value if listed else [field.value]
    return f"<div><dt>{escape(field.label)}</dt>{''.join(f'<dd>{_lines(shown(one))}</dd>' for one in values)}</div>"


def _lines(words: str) -> SafeString:
    return mark_safe(escape(words).replace("\n", "<br>"))  # noqa: S308


def shown(value: Any) -> str:
    """A value as a person reads it; empty for none."""
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    return (
        date_format(value, "DATE_FORMAT") if isinstance(value, date) else "" if value is None else str(value)
    )


def chapter_data(chapter: Chapter, cover: Cover) -> str:
    """The data of one chapter: the same parts under their own names."""
    sections = [
        {"key": one.key, "title": one.title, "items": [_plain_item(item) for item in one.items]}
        for one in chapter.sections
    ]
    head = {"chapter": chapter.key, "title": chapter.title, "child": cover.child}
    made = {"taken_by": cover.taken_by, "taken_at": cover.taken_at.isoformat(), "language": cover.language}
    data = {**head, **made, "sections": sections}
    return unmarked(worded(json.dumps(data, ensure_ascii=False, indent=1, default=str)))


def _plain_item(item: Item) -> Mapping[str, Any]:
    told: dict[str, Any] = {
        "title": item.title,
        "at": item.at and item.at.isoformat(),
        "by": item.by,
        "words": item.words,
    }
    found = {name: value for name, value in told.items() if value}
    if item.file:
        found["file"] = f"{FILES}/{item.file}"
    if item.fields:
        found["fields"] = {one.key: {"label": one.label, "value": _plain(one.value)} for one in item.fields}
    return found | ({"inside": _plain_items(item.inside)} if item.inside else {})


def _plain_items(items: Iterable[Item]) -> Sequence[Mapping[str, Any]]:
    return [_plain_item(item) for item in items]


def _plain(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return (
        list(map(str, value))
        if isinstance(value, (list, tuple))
        else value
        if isinstance(value, int)
        else str(value)
    )
