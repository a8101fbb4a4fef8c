"""Turning domain errors into words at the right field. Rules carry codes and data; the door has the sentences."""

import re
from collections.abc import Mapping
from typing import Any

from django.forms import Form
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kindzorg.core import languages
from kindzorg.core.errors import DomainError

COMMON: Mapping[str, Any] = {
    "no_such_step": _("This step cannot be taken from here."),
    "journey_already_open": _("There is already an open care journey for this child."),
    "bsn_not_valid": _("This is not a valid citizen service number. Check the nine digits."),
    "bsn_in_use": _("There is already a file with this citizen service number."),
}
PLACE = re.compile(r"%\((?P<name>\w+)\)s")
UNWORDED = _("This cannot be done now. Nothing was changed.")


def word(error: DomainError, words: Mapping[str, Any] = COMMON) -> str:
    """The sentence for an error: `words` of the room first, then the common ones. `%(name)s` takes from its data."""
    sentence = str(words.get(error.code) or COMMON.get(error.code) or UNWORDED)
    # An organisation may word it anew, and write "100 %": that is no place to fill.
    return PLACE.sub(lambda place: str(error.data.get(place["name"], place[0])), sentence).replace("%%", "%")


def add_to_form(form: Form, error: DomainError, words: Mapping[str, Any] = COMMON) -> None:
    """Put the error at its fields, or above the form; what was typed stays."""
    for field in error.fields or (None,):
        form.add_error(field if field in form.fields else None, word(error, words))


def quoted(words: str) -> str:
    """What somebody said, between quotation marks, in the language of the page that shows it."""
    return languages.quoted(words, get_language() or "nl")
