"""What Dutch lends to a language whose catalogue lacks a text, marked as lent (kindzorg.core.languages).

Django itself falls back to LANGUAGE_CODE, which is Dutch, without a word. A catalogue that marks it is put between.
"""

from gettext import NullTranslations
from typing import Any

from django.utils.translation import trans_real

from kindzorg.core.languages import LENDER, TRANSLATED, borrowed


class Lent(NullTranslations):
    """The Dutch catalogue, each of whose texts comes out between marks."""

    def __init__(self, dutch: Any) -> None:
        super().__init__()
        self.dutch = dutch

    def gettext(self, message: str) -> str:
        """One text. What is in no Dutch catalogue either stays as it was asked, for Django to see."""
        said = str(self.dutch.gettext(message))
        return said if said == message else borrowed(said)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """One text of two, by the rules of Dutch."""
        return borrowed(str(self.dutch.ngettext(msgid1, msgid2, n)))


def lend() -> None:
    """Let Dutch lend, marked, to each language that is being translated."""
    dutch = trans_real.translation(LENDER)
    for language in TRANSLATED:
        catalogue: Any = trans_real.translation(language)
        catalogue._fallback = Lent(dutch)
