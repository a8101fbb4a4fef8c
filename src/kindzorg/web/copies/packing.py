"""Putting the copy together: which chapters there are for this reader, and the file that is handed over."""

from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kindzorg.access import policy
from kindzorg.careteam.queries import OpenedChild
from kindzorg.record.files.queries import contents_of
from kindzorg.web.copies import annex, family, file, meetings, plan, reports, reviews, trail, week
from kindzorg.web.copies.paper import FILES, Cover, chapter_data, chapter_page, page
from kindzorg.web.copies.parts import Chapter, Item, Section, words

STYLE = Path(__file__).parent / "style.css"
Made = Callable[[Any, OpenedChild], tuple[Section, ...]]


def _plan(request: Any, opened: OpenedChild) -> tuple[Section, ...]:
    """The plan, and behind it the palliative annex where there is one and this reader reads it."""
    return (*plan.plan(request, opened), *annex.annex(request, opened))


# In the order of the pages; each with the permission of the page that shows the same.
CHAPTERS: Sequence[tuple[str, str, Made]] = (
    ("child", "copy.take", family.child),
    ("people", "team.read", family.people),
    ("portrait", "portrait.read", family.portrait),
    ("sharing", "consent.read", family.sharing),
    ("record", "record.read", file.record),
    ("notes", "note.read", file.notes),
    ("strain", "strain.write", family.strain),
    ("referral", "referral.read", file.referral),
    ("needs", "needs.read", file.needs),
    ("plan", "plan.read", _plan),
    ("reviews", "review.read", reviews.reviews),
    ("meetings", "meeting.read", meetings.meetings),
    ("week", "schedule.read", week.week),
    ("reports", "report.read", reports.reports),
    ("closure", "closure.read", plan.closure),
    ("way", "journey.read", trail.way),
    ("requests", "request.make", trail.requests),
    ("trail", "trail.read", trail.trail),
)


def readable(request: Any, opened: OpenedChild) -> list[tuple[str, Made]]:
    """The chapters that are there for this reader."""
    return [
        (key, made)
        for key, permission, made in CHAPTERS
        if policy.may(request.actor, permission, opened.subject, request.today)
    ]


def chapters_of(request: Any, opened: OpenedChild) -> list[Chapter]:
    """Every chapter as this reader's pages show it. As many statements for a large file as for a small one."""
    return [
        Chapter(
            key,
            words(f"{key}_title", opened.audience),
            words(f"{key}_lead", opened.audience),
            made(request, opened),
        )
        for key, made in readable(request, opened)
    ]


def name_of(opened: OpenedChild, request: Any) -> str:
    """What the file is called."""
    return f"kindzorg-{slugify(opened.child.given_name) or _('child')}-{request.today}.zip"


def packed(request: Any, opened: OpenedChild) -> bytes:
    """The whole copy as one file: a page to begin with, the pages, and the data."""
    language = (get_language() or "nl")[:2]
    cover = Cover(str(opened.child), request.actor.name, request.now, language)
    chapters = chapters_of(request, opened)
    start, pages, data = _("start-here.html"), _("pages"), _("data")
    names = {"start": start, "pages": pages, "data": data, "about": _("about-the-data.html")}
    context = {"names": names, "chapters": chapters, "audience": str(opened.audience)}
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as target:
        target.writestr(start, page("start", cover, t=_said(opened, "start"), **context))
        target.writestr(
            f"{pages}/{names['about']}", page("about", cover, t=_said(opened, "about"), **context)
        )
        target.writestr(f"{pages}/style.css", STYLE.read_bytes())
        for chapter in chapters:
            target.writestr(f"{pages}/{chapter.key}.html", chapter_page(chapter, cover, **context))
            target.writestr(f"{data}/{chapter.key}.json", chapter_data(chapter, cover))
        _put_files(request, opened, chapters, target)
    return made.getvalue()


def _every(items: Sequence[Item]) -> Iterator[Item]:
    """These, and what stands inside them."""
    for one in items:
        yield one
        yield from _every(one.inside)


def _put_files(request: Any, opened: OpenedChild, chapters: list[Chapter], target: ZipFile) -> None:
    """The photos and documents that hang on what stands in the chapters, under the names that those give them."""
    items = (one for chapter in chapters for part in chapter.sections for one in _every(part.items))
    kept = {one.file_id: one.file for one in items if one.file_id}
    for key, content in contents_of(request.actor, opened.subject, list(kept), request.today):
        target.writestr(f"{FILES}/{kept[key]}", content, ZIP_STORED)


TEXTS = {
    "start": ("title", "start_lead", "start_yours", "start_safe", "start_others"),
    "about": ("about_title", "about_lead", "about_files", "about_fields", "about_dates"),
}


def _said(opened: OpenedChild, name: str) -> dict[str, str]:
    given = {"name": opened.child.given_name or str(opened.child)}
    return {key: words(key, opened.audience, **given) for key in TEXTS[name]}
