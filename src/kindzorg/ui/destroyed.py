"""What was destroyed on request, as a reader reads it: on pages, on paper and in copies alike."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext

from kindzorg.core import destroyed


def _said(on: date) -> str:
    return gettext("[destroyed on request, %(day)s]") % {"day": date_format(on, "j E Y")}


def worded(text: str) -> str:
    """A text, or a whole page, in which each mark is worded in the language of the reader."""
    return destroyed.worded(text, _said)


def worded_bytes(page: bytes) -> bytes:
    """The same for a page that is ready to be sent."""
    return worded(page.decode()).encode() if destroyed.BEGIN.encode() in page else page
