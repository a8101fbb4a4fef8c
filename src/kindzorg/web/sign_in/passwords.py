"""What a good password is, said while it is typed and once more when it is sent: the same words from one place.

Length counts, and whether others would guess it; no rules on capitals, digits or signs, which make passwords
that people write down (NIST SP 800-63B, 3.1.1.2).
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject, lazy
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

SHORTEST, STRONG, LONGEST = 12, 18, 200
DIFFERENT = 5
ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
COMMON = SimpleLazyObject(CommonPasswordValidator)


def problems(password: str, about: Iterable[str] = ()) -> list[str]:
    """What is wrong with a password, in words; nothing when it is good. `about`: names of its owner."""
    low = password.lower()
    said = []
    if len(password) < SHORTEST:
        said.append(gettext("Too short: use at least %(count)d characters.") % {"count": SHORTEST})
    elif len(password) > LONGEST:
        said.append(gettext("Too long: use at most %(count)d characters.") % {"count": LONGEST})
    elif len(set(low)) < DIFFERENT or _in_a_row(low):
        said.append(gettext("Too easy to guess: it repeats itself or is a row of the keyboard."))
    elif low in COMMON.passwords:
        said.append(gettext("Many people use this password. Choose another one."))
    if any(word in low for word in _words(about)):
        said.append(gettext("Your own name or e-mail address is in it. Others try that first."))
    return said


def _in_a_row(low: str) -> bool:
    """Whether most of it is a row of the alphabet or the keyboard, forward or backward."""
    rows = [row for one in ROWS for row in (one, one[::-1])]
    runs = sum(any(low[at : at + 4] in row for row in rows) for at in range(len(low) - 3))
    return len(low) > 3 and runs >= (len(low) - 3) / 2


def _words(about: Iterable[str]) -> set[str]:
    words = {word for text in about for word in text.lower().replace("@", " ").replace(".", " ").split()}
    return {word for word in words if len(word) >= 4}


class GoodPassword:
    """The validator for Django's settings."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError with each thing that is wrong."""
        about = (user.name, user.username, user.email) if user else ()
        if said := problems(password, about):
            raise ValidationError(said)

    def get_help_text(self) -> str:
        """What to choose, before anything is typed."""
        return gettext(
            "At least %(count)d characters. Four or five ordinary words in a row are strong, and easy to remember."
        ) % {"count": SHORTEST}


HELP = lazy(lambda: GoodPassword().get_help_text(), str)()


@login_not_required
@sensitive_post_parameters()
@require_POST
def strength(request: Any) -> HttpResponse:
    """How strong what is typed so far is; kept nowhere."""
    password = request.POST.get("password1") or request.POST.get("password", "")
    user = request.user if request.user.is_authenticated else None
    about = (user.name, user.username, user.email) if user else ()
    context = {
        "typed": bool(password),
        "problems": problems(password, about),
        "strong": len(password) >= STRONG,
    }
    return render(request, "web/sign_in/strength.html", context)
