"""What is kept unreadable in the database: encrypted with Fernet (AES and HMAC-SHA256, of `cryptography`).

Keys are the installation's (`KINDZORG_ENCRYPTION_KEYS`, newest first): the first encrypts, all can still read.
`KINDZORG_HASH_KEY` is a key of its own, for the hash by which a number is found without being readable.
"""

import base64
import hashlib
import hmac
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

HASH_KEY_LENGTH = 40
MASK = "•••"


class Unreadable(Exception):
    """What stands in the database was encrypted with a key that is not here. Never carries the text or the key."""


class Sealed:
    """What stands encrypted in the database. Shows itself as dots; only `open` gives the text."""

    __slots__ = ("token",)

    def __init__(self, token: str) -> None:
        self.token = token

    def __repr__(self) -> str:
        return MASK

    def open(self) -> str:
        """The text. Raises Unreadable."""
        return decrypt(self.token).decode()


def new_key() -> str:
    """A new key for the front of `KINDZORG_ENCRYPTION_KEYS`."""
    return Fernet.generate_key().decode()


def key_id(key: str) -> str:
    """By what a key is called without giving it away: the beginning of its SHA-256."""
    return hashlib.sha256(f"kindzorg key {key}".encode()).hexdigest()[:12]


@cache
def _reader(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


@cache
def _writer(key: str) -> Fernet:
    return Fernet(key)


def check_keys(keys: tuple[str, ...], hash_key: str) -> None:
    """Raises ImproperlyConfigured, with how to mend it, for keys that are missing or cannot be keys."""
    how = "Make them with: kindzorg keys new"
    if not keys:
        raise ImproperlyConfigured(f"KINDZORG_ENCRYPTION_KEYS is missing. {how}")
    for place, key in enumerate(keys, start=1):
        try:
            sound = len(base64.urlsafe_b64decode(key)) == 32
        except ValueError:
            sound = False
        if not sound:
            raise ImproperlyConfigured(f"Key {place} of KINDZORG_ENCRYPTION_KEYS is not a key. {how}")
    if len(hash_key) < HASH_KEY_LENGTH:
        raise ImproperlyConfigured(
            f"KINDZORG_HASH_KEY is missing or shorter than {HASH_KEY_LENGTH} characters. {how}"
        )


def encrypt(content: bytes) -> str:
    """The content as it may stand in the database, encrypted with the newest key."""
    return _writer(settings.KINDZORG_ENCRYPTION_KEYS[0]).encrypt(content).decode()


def decrypt(token: str) -> bytes:
    """The content of what `encrypt` made, with any of the keys. Raises Unreadable."""
    try:
        return _reader(settings.KINDZORG_ENCRYPTION_KEYS).decrypt(token)
    except InvalidToken:
        pass
    # Outside the except: a chained error would show the token in a log.
    raise Unreadable("encrypted with a key that is not in KINDZORG_ENCRYPTION_KEYS")


def is_newest(token: str) -> bool:
    """Whether this was encrypted with the newest key, so that rotating can pass it by."""
    try:
        _writer(settings.KINDZORG_ENCRYPTION_KEYS[0]).decrypt(token)
    except InvalidToken:
        return False
    return True


def keyed_hash(text: str) -> str:
    """HMAC-SHA256 of the text in hexadecimal: equal texts have equal hashes, and nobody without the key can guess."""
    return hmac.new(settings.KINDZORG_HASH_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()
