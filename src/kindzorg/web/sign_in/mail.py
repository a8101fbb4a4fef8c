"""Mails about an account: a link to choose a password, to confirm an address, a word that something changed.

They stand in the queue as kind and account only; the link is made when the mail is sent (docs/adr/0003-queue.md).
Who asks for a link stands at the screen and can ask again, so there is no outbox of weeks. Nothing medical.
"""

from typing import Any
from urllib.parse import urljoin
from uuid import UUID

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse
from django_q.tasks import async_task

from kindzorg.core import clock
from kindzorg.core.languages import unmarked
from kindzorg.core.texts import text
from kindzorg.core.walls import behind_wall
from kindzorg.people.accounts.queries import account_with_address, spoken_to
from kindzorg.ui.translation import mailed
from kindzorg.web.sign_in.entry import DOOR

SENDS = "kindzorg.web.sign_in.mail.send"
KINDS = {"account/email/password_reset_key": "reset", "account/email/email_confirmation": "confirm"}
# A second request within this time sends no second mail: the first still works.
PAUSE, TIMEOUT = 120, 15


def enqueue(template: str, email: str, user: Any) -> None:
    """Leave a mail to the worker. `template` is allauth's name of it."""
    if user is None or not email:
        return
    kind = KINDS.get(template, "changed")
    if kind == "changed" or cache.add(f"mail:{kind}:{user.pk}:{email}", 1, PAUSE):
        async_task(SENDS, kind, str(user.pk), email if kind == "confirm" else "", save=False)


def send(kind: str, user_id: str, email: str = "") -> str:
    """The task. Raises what the mail server raised, so that the queue tries again."""
    today = clock.today()
    with behind_wall(DOOR.id, today, system=True):
        user, address = account_with_address(DOOR, UUID(user_id), email, today)
        reader = spoken_to(DOOR, UUID(user_id), today)
    if user is None or not (email or user.email) or (kind == "confirm" and address is None):
        return "nobody to send to"
    language = user.language if user.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    body = text(f"web.account_mail.{kind}", reader, language)
    mail = EmailMessage(
        subject=unmarked(text(f"web.account_mail.{kind}_subject", reader, language)),
        body=mailed(body.format(name=user.name, link=_link(kind, user, address)), language),
        to=[email or user.email],
        headers={"Auto-Submitted": "auto-generated"},
        connection=get_connection(timeout=TIMEOUT),
    )
    mail.send()
    return "sent"


def _link(kind: str, user: Any, address: Any) -> str:
    """Only a mail that somebody asked for has a link; families learn not to click in any other."""
    if kind == "reset":
        return reset_link(user)
    return confirm_link(address) if kind == "confirm" else ""


def confirm_link(address: Any) -> str:
    """A link by which somebody shows that this address is theirs."""
    key = EmailConfirmationHMAC(address).key
    return urljoin(settings.KINDZORG_ADDRESS, reverse("account_confirm_email", args=[key]))


def reset_link(user: Any) -> str:
    """A link by which the owner of an account chooses a new password, once, within a day."""
    names = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return urljoin(settings.KINDZORG_ADDRESS, reverse("account_reset_password_from_key", kwargs=names))
