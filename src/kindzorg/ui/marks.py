"""Small marks as HTML: icon, tag, step bar, avatar, picture. The template tags and other Python share them."""

from functools import cache
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_lazy
from lucide.templatetags.lucide import lucide

from kindzorg.core.vocabulary import LifeDomain
from kindzorg.ui import pictures

DOMAIN_ICONS: Final = {
    LifeDomain.MEDICAL: "heart",
    LifeDomain.DEVELOPMENT: "sprout",
    LifeDomain.SOCIAL: "users",
    LifeDomain.SAFETY: "shield-check",
}

POINTING: Final = frozenset(
    f"{kind}-{side}" for kind in ("arrow", "chevron", "move", "corner-down") for side in ("left", "right")
) | {"log-in", "log-out", "undo-2", "redo-2", "reply", "send"}
"""Icons that point along the line: they are mirrored where one reads from right to left."""

STATUSES: Final[dict[str, tuple[str | Promise, str, str]]] = {
    "todo": (gettext_lazy("Not started yet"), "neutral", ""),
    "busy": (gettext_lazy("In progress"), "info", ""),
    "done": (gettext_lazy("Done"), "success", "check"),
    "waiting": (gettext_lazy("Waiting for someone else"), "warning", "hourglass"),
    "blocked": (gettext_lazy("Cannot start yet"), "neutral", "lock"),
    "overdue": (gettext_lazy("Overdue"), "alarm", "clock-alert"),
    "skipped": (gettext_lazy("Skipped"), "neutral", ""),
}
"""Code of a status: its words, its tone, its icon. Never colour alone: the words are always there."""


@cache
def _drawn(name: str, class_: str) -> SafeString:
    attrs: dict[str, Any] = {"class": class_}
    return mark_safe(lucide(name, aria_hidden="true", focusable="false", **attrs))  # noqa: S308


def icon(name: str, class_: str = "", label: str = "") -> SafeString:
    """A lucide icon. Decorative, unless it has a label: then the label is read out instead."""
    points = "kz-icon--points" if name in POINTING else ""
    drawn = _drawn(name, " ".join(filter(None, ("kz-icon", points, class_))))
    if not label:
        return drawn
    return format_html('{}<span class="kz-visually-hidden">{}</span>', drawn, label)


def domain_icon(domain: str, class_: str = "", label: str = "") -> SafeString:
    """The icon of a life domain, in its colour."""
    name = DOMAIN_ICONS[LifeDomain(domain)]
    return icon(name, f"kz-icon--domain kz-domain--{domain} {class_}".strip(), label)


def tag(text: str | Promise, tone: str = "neutral", icon_name: str = "") -> SafeString:
    """A pill. Tones: neutral, brand, alarm, warning, success, info and the four domains."""
    drawn = icon(icon_name) if icon_name else ""
    return format_html('<span class="kz-tag kz-tag--{}">{}{}</span>', tone, drawn, text)


def status(code: str) -> SafeString:
    """The pill of a known status (see STATUSES); an unknown code is shown as a neutral pill with its own text."""
    words, tone, icon_name = STATUSES.get(code, (code, "neutral", ""))
    return tag(words, tone, icon_name)


def steps(step: int, total: int = 5, domain: str = "", words: bool = False, note: str = "") -> SafeString:
    """A bar of `total` steps with `step` done.

    With words the text stands beside it, with the note after it; else the text is the alternative of the bar.
    """
    text = gettext("Step %(step)s of %(total)s") % {"step": step, "total": total}
    bars = format_html_join(
        "",
        '<rect class="kz-steps__step{}" x="{}" y="0" width="28" height="8" rx="4"/>',
        ((" kz-steps__step--done" if place < step else "", place * 33) for place in range(total)),
    )
    name = mark_safe('aria-hidden="true"') if words else format_html('role="img" aria-label="{}"', text)
    bar = format_html(
        '<svg class="kz-steps{}" {} viewBox="0 0 {} 8" width="160" height="8">{}</svg>',
        f" kz-domain--{domain}" if domain else "",
        name,
        total * 33 - 5,
        bars,
    )
    if not words:
        return bar
    return format_html(
        '<span class="kz-steps-text">{}<span>{}</span></span>', bar, f"{text} · {note}" if note else text
    )


def heading(
    text: str | Promise, level: int | str = 2, class_: str = "", icon_name: str = "", url: str = ""
) -> SafeString:
    """A heading of the given level (1 to 6; empty means 2), with an icon or a link when asked."""
    size = int(level or 2)
    words = format_html('<a href="{}">{}</a>', url, text) if url else text
    class_html = format_html(' class="{}"', class_) if class_ else ""
    drawn = icon(icon_name) if icon_name else ""
    return format_html("<h{}{}>{}{}</h{}>", size, class_html, drawn, words, size)


def initials(name: str) -> str:
    """First letters of the first and the last word that begin with a capital: "Marit van der Laan" is ML."""
    words = [word for word in name.split() if word[:1].isupper() and not word.endswith(".")] or name.split()
    return "".join(word[0] for word in dict.fromkeys((words[0], words[-1])) if word).upper() if words else "?"


def avatar(name: str, tone: str = "", size: str = "", label: bool = False) -> SafeString:
    """A circle with initials. Hidden from a screen reader unless `label`, as the name stands beside it."""
    classes = "kz-avatar" + (f" kz-avatar--{size}" if size else "") + (f" kz-domain--{tone}" if tone else "")
    if label:
        return format_html(
            '<span class="{}" role="img" aria-label="{}">{}</span>', classes, name, initials(name)
        )
    return format_html('<span class="{}" aria-hidden="true">{}</span>', classes, initials(name))


def picture(name: str, class_: str, label: str = "") -> SafeString:
    """One of our own drawings, for example `animals/bear` or `faces/happy`."""
    alternative = (
        format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    )
    drawn = mark_safe(pictures.drawing(name))  # noqa: S308 - our own file
    return format_html(
        '<svg class="{}" {} viewBox="0 0 64 64" width="64" height="64">{}</svg>', class_, alternative, drawn
    )


def pictogram(name: str, size: str = "", label: str = "") -> SafeString:
    """A picture of a thing, in the colour of the text or domain around it. Sizes: none (32 px), lg (96 px).

    Silent for a screen reader, as its name stands beside it, unless there is a label.
    """
    size_class = f" kz-pictogram--{size}" if size else ""
    alternative = (
        format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    )
    drawn = mark_safe(pictures.drawing(f"pictograms/{name}"))  # noqa: S308 - our own file
    return format_html(
        '<svg class="kz-pictogram{}" {} viewBox="0 0 48 48" fill="none" stroke="currentColor" stroke-width="2.5"'
        ' stroke-linecap="round" stroke-linejoin="round">{}</svg>',
        size_class,
        alternative,
        drawn,
    )


def child_picture(child_id: object, name: str = "", size: str = "", animal: str = "") -> SafeString:
    """The animal of a child, always the same for the same id; `animal` overrules it when the child chose one.

    Decorative, as the name of the child stands beside it, unless `name` is given.
    """
    class_ = "kz-child-picture" + (f" kz-child-picture--{size}" if size else "")
    chosen = animal if animal in pictures.ANIMALS else pictures.animal_for(child_id)
    return picture(f"animals/{chosen}", class_, name)
