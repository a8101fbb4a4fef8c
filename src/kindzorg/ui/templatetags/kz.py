"""The template tags of every page: `{% load kz %}`. Each shows plain values; the gallery at /ui/ shows them all."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BoundField, Field, MultiWidget
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import get_language, gettext

from kindzorg.core import languages
from kindzorg.core.destroyed import BEGIN
from kindzorg.core.texts import text
from kindzorg.core.vocabulary import Audience
from kindzorg.ui import borrowed, dates, marks, translation, wording
from kindzorg.ui.pictures import FACES
from kindzorg.ui.plain import explaining

register = template.Library()

MARKS = ("icon", "domain_icon", "tag", "status", "steps", "heading", "avatar", "child_picture", "pictogram")
for name in MARKS:
    register.simple_tag(getattr(marks, name))


@register.filter
def quoted(words: str) -> str:
    """What somebody said, between quotation marks that stay at its own ends."""
    return wording.quoted(words)


@register.simple_tag
def face(name: str, class_: str = "kz-face__picture") -> SafeString:
    """One of the five faces: very_sad, sad, neutral, happy, very_happy."""
    return marks.picture(f"faces/{name}", class_)


@register.simple_tag
def face_at(place: int) -> SafeString:
    """The face at a place from 0 (very sad) to 4 (very happy)."""
    return face(FACES[min(place, len(FACES) - 1)])


@register.simple_tag
def control_id(field: BoundField) -> str:
    """The id of the first control of a field, so that a link in the error summary reaches it."""
    if not field.use_fieldset:
        return field.id_for_label
    if isinstance(field.field.widget, MultiWidget):
        return f"{field.auto_id}_0"
    return field.id_for_label or field[0].id_for_label


@register.simple_tag
def named_error(error: str, field: BoundField) -> str:
    """An error as it is shown: Django's "This field is required" becomes a message that names the field."""
    if str(error) != str(Field.default_error_messages["required"]):
        return error
    words = gettext("Choose an answer: %(field)s") if field.use_fieldset else gettext("Fill in: %(field)s")
    return words % {"field": field.label}


@register.simple_tag
def domain_name(domain: str, audience: str = "professional") -> str:
    """The name of a life domain as this reader calls it (child, parent, professional)."""
    return text(f"ui.domains.{domain}", audience, (get_language() or "nl")[:2])


@register.filter
def direction(language: str) -> str:
    """The value of `dir` for a text in this language."""
    return languages.direction(language)


@register.simple_tag
def translation_incomplete() -> SafeString | str:
    """That a part of this page is lent by Dutch. It leaves the house only with a page of which that holds."""
    language = translation.speaking()
    if language not in languages.TRANSLATED:
        return ""
    words = render_to_string("ui/components/alert.html", {"body": translation.said("incomplete", language)})
    return format_html(
        '{}<div class="kz-translation" role="status">{}</div>{}', borrowed.NOTE, words, borrowed.NOTE_END
    )


@register.simple_tag
def translation_unreviewed() -> SafeString:
    """What stands at the foot of a page in a language whose translation nobody checked."""
    notes = translation.unreviewed(translation.speaking())
    return format_html_join("", '<p class="kz-page__width" lang="{}" dir="{}">{}</p>', notes)


def _today(context: dict[str, Any]) -> date:
    moment = context.get("now") or context.get("today") or timezone.localdate()
    if isinstance(moment, datetime):
        return (timezone.localtime(moment) if timezone.is_aware(moment) else moment).date()
    return moment if isinstance(moment, date) else timezone.localdate()


@register.simple_tag(takes_context=True)
def date_words(
    context: dict[str, Any], moment: date | datetime | None, exact: str = "beside"
) -> SafeString | str:
    """A moment in words, seen from `now` or `today` of the page. `exact`: beside (default), title or none."""
    if not moment:
        return ""
    said = dates.date_words(moment, _today(context))
    if said.exact and exact == "beside":
        return format_html(
            '<time datetime="{}">{} <span class="kz-date__exact">({})</span></time>',
            said.iso,
            said.words,
            said.exact,
        )
    title = format_html(' title="{}"', said.exact) if said.exact and exact == "title" else ""
    return format_html('<time datetime="{}"{}>{}</time>', said.iso, title, said.words)


@register.filter
def words_list(items: Iterable[object]) -> str:
    """ "Anna, Bram and Chris"."""
    words = [str(item) for item in items]
    if len(words) < 2:
        return "".join(words)
    return gettext("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


@register.filter
def percent_of(part: float, whole: float) -> int:
    """How many per cent `part` is of `whole`, whole numbers, 0 when there is nothing."""
    return round(100 * part / whole) if whole else 0


@register.filter
def is_gone(words: object) -> bool:
    """Whether something was destroyed on request in these words."""
    return BEGIN in str(words)


@register.filter
def as_id(value: object) -> str:
    """A value made fit to be part of an id."""
    return slugify(str(value)) or "x"


@register.filter
def at(row: Any, place: Any) -> Any:
    """The item of a list or dict at a place, empty when it is not there."""
    try:
        return row[place]
    except (KeyError, IndexError, TypeError):
        return ""


@register.filter
def tongue(key: Any, tongues: Any) -> str:
    """In which language the words of this thing are, as far as somebody said so."""
    found = at(tongues, key)
    return str(found["language"]) if found else ""


@register.simple_block_tag
def explained(content: str, audience: str = "") -> SafeString:
    """The hard words in what stands between the tags, each explained once for a child or a parent; else as it is."""
    if audience not in (Audience.CHILD, Audience.PARENT):
        return SafeString(content)
    return SafeString(explaining.explained(content, audience, (get_language() or "nl")[:2]))


def _block(name: str, content: str, **values: object) -> SafeString:
    return render_to_string(f"ui/components/{name}.html", {**values, "body": content})


@register.simple_block_tag
def card(content: str, title: str = "", **values: object) -> SafeString:
    """`{% card title="Nu" icon="clock" domain="medical" level=2 class_="" %}...{% endcard %}`."""
    return _block("card", content, title=title, **values)


@register.simple_block_tag
def alert(content: str, kind: str = "info", title: str = "", **values: object) -> SafeString:
    """`{% alert "warning" title="..." %}<p>...</p>{% endalert %}`; kinds info, success, warning, alarm."""
    return _block("alert", content, kind=kind, title=title, **values)


@register.simple_block_tag
def disclosure(content: str, summary: str, **values: object) -> SafeString:
    """`{% disclosure "Waarom vragen we dit?" %}<p>...</p>{% enddisclosure %}`."""
    return _block("disclosure", content, summary=summary, **values)


@register.simple_block_tag
def domain_column(content: str, domain: str, title: str = "", **values: object) -> SafeString:
    """`{% domain_column "medical" "Medisch" %}step cards{% enddomain_column %}`, inside `<div class="kz-plan">`."""
    return _block("domain_column", content, domain=domain, title=title, **values)
