"""How sure a sign-in makes it who somebody is, and how long a guesser waits. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from kindzorg.access.assurance import Assurance, highest

# The key of an explanation that somebody can close.
EXPLANATION = re.compile(r"[a-z_]{1,40}")


class Method(StrEnum):
    """One step by which somebody shows who they are."""

    PASSWORD = "password"  # noqa: S105 - the word, not one
    LINK = "link"
    TOTP = "totp"
    RECOVERY_CODE = "recovery_code"
    PASSKEY = "passkey"
    SECURITY_KEY = "security_key"
    OPENID = "openid"
    DEMO = "demo"


# What is proven by having it, beside what is proven by knowing it. A recovery code is a look-up secret on paper
# (NIST SP 800-63B, 3.1.2), good for one time.
SECOND_STEPS = frozenset({Method.TOTP, Method.RECOVERY_CODE, Method.SECURITY_KEY})


@dataclass(frozen=True, slots=True)
class Step:
    """One step that was taken in a session; `level` is what the provider said of it (OpenID Connect)."""

    method: Method
    level: Assurance = Assurance.LOW


def level_of(steps: Iterable[Step]) -> Assurance:
    """The level of assurance of a session in which these steps were taken.

    A password or a link alone is low; together with a second step it is substantial. A passkey asks for a finger or a
    code on the device itself, so it is two steps in one. A provider vouches for its own level; a second step
    of ours beside it makes low substantial. Ours never makes high: that takes somebody who saw the person
    (Implementing Regulation (EU) 2015/1502, 2.1.2).
    """
    taken = tuple(steps)
    known = any(step.method not in SECOND_STEPS for step in taken)
    second = known and any(step.method in SECOND_STEPS for step in taken)
    levels = [step.level for step in taken]
    if second or any(step.method == Method.PASSKEY for step in taken):
        levels.append(Assurance.SUBSTANTIAL)
    if any(step.method == Method.DEMO for step in taken):
        levels.append(Assurance.HIGH)
    return highest(levels)


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider of OpenID Connect, as this installation is set up for it.

    `match` is the claim by which an account was prepared ("email" counts only for `email_domains`); `levels` says
    which `acr` is which level; `asks` which `acr` to ask for a level; `prompt` is sent along as it is.
    """

    key: str
    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    levels: Mapping[str, Assurance]
    match: str = ""
    email_domains: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ("openid",)
    prompt: str = ""
    for_whom: str = ""

    def level_for(self, acr: str) -> Assurance:
        """The level of what the provider answered; low for a word that is not in the settings."""
        return self.levels.get(acr, Assurance.LOW)

    def asks(self, level: Assurance) -> tuple[str, ...]:
        """Which `acr` to ask for at least this level, lowest first."""
        order = tuple(Assurance)
        enough = [(order.index(found), acr) for acr, found in self.levels.items()]
        return tuple(acr for place, acr in sorted(enough) if place >= order.index(level))

    def vouches_for(self, email: str) -> bool:
        """Whether the provider may say whose address this is: a hospital speaks for its own addresses only."""
        return email.rpartition("@")[2].lower() in self.email_domains


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to sign in, as keyed hashes: for which account, from which address, and from which device.

    `device` is empty unless the device signed in to this account before (a device cookie, after the OWASP sheet
    on slowing down guessers with device cookies).
    """

    account: str
    address: str
    device: str = ""


@dataclass(frozen=True, slots=True)
class Patience:
    """How often may go wrong before a wait begins, and the first and the longest wait."""

    free: int
    first: timedelta
    longest: timedelta


# Failures count for this long.
REMEMBERED = timedelta(hours=1)
# One address, one account: somebody who forgot, or somebody who guesses.
PAIR = Patience(5, timedelta(seconds=15), timedelta(minutes=15))
# One address, all accounts: a hospital comes in through one address, so it takes more.
ADDRESS = Patience(30, timedelta(seconds=15), timedelta(minutes=15))
# One account, from all addresses and devices that never signed in to it: a guesser with many addresses.
ACCOUNT = Patience(50, timedelta(seconds=30), timedelta(minutes=15))
# One device that signed in to the account before: only its own failures count, never those of others.
DEVICE = Patience(10, timedelta(seconds=15), timedelta(minutes=5))


def wait_until(failures: Sequence[datetime], patience: Patience) -> datetime | None:
    """Until when to wait after these failures; None while there is patience left. Each failure doubles the wait."""
    beyond = len(failures) - patience.free
    if beyond < 0:
        return None
    wait: timedelta = min(patience.first * 2 ** min(beyond, 20), patience.longest)
    return max(failures) + wait


def longest_wait(waits: Iterable[datetime | None], now: datetime) -> datetime | None:
    """The latest of these moments that is still to come."""
    return max((moment for moment in waits if moment and moment > now), default=None)


# How long what was typed is kept for who typed it, and how much of it.
KEPT = timedelta(hours=24)
LARGEST = 200_000
