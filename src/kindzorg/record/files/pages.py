"""Photos and documents in the reader's words."""

from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import get_language

from kindzorg.core.errors import DomainError
from kindzorg.core.texts import text

ERRORS = (
    *("file_too_large", "file_empty", "file_broken", "file_heic", "file_not_known", "picture_too_large"),
    *("alt_required", "alt_too_long"),
)


def say(key: str, audience: str) -> str:
    """A text about photos and documents for this reader."""
    return text(f"record.files.{key}", audience, (get_language() or "nl")[:2])


def hint(audience: str) -> str:
    """What may be chosen, and how large it may be."""
    return say("file_hint", audience).format(most=settings.KINDZORG_FILE_MEGABYTES)


def errors_for(error: DomainError, audience: str) -> Mapping[str, str]:
    """The sentence for one error, as `add_to_form` takes it; empty for one that is not about files."""
    if error.code not in ERRORS:
        return {}
    return {error.code: say(error.code, audience).format(**error.data).replace("%", "%%")}
