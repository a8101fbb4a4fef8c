"""The secrets of second steps under the newest key: the table is allauth's, but its secrets are encrypted by us."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction

from kindzorg.core.encryption import decrypt, encrypt, is_newest

# What allauth lets its adapter encrypt. A passkey holds a public key: that is no secret.
SECRETS = ("secret", "seed", "migrated_codes")
TABLE = "mfa.Authenticator"


def renew_secrets(tell: Callable[[str, int, int], None]) -> int:
    """Encrypt every secret that is under an older key with the newest; gives back how many rows changed.

    The work of an action that has asked leave. Can be run again. Raises Unreadable for a secret
    of which no key is here.
    """
    keys = list(Authenticator.objects.order_by("pk").values_list("pk", flat=True))
    changed = sum(_renew(pk) for pk in keys)
    if keys:
        tell(TABLE, len(keys), len(keys))
    return changed


@transaction.atomic
def _renew(pk: Any) -> bool:
    """One row, held meanwhile: a code on paper that is used at this moment must stay used."""
    row = Authenticator.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        return False
    new = {name: _renewed(row.data[name]) for name in SECRETS if row.data.get(name)}
    if all(row.data[name] == value for name, value in new.items()):
        return False
    row.data = {**row.data, **new}
    row.save(update_fields=["data"])
    return True


def _renewed(kept: Any) -> Any:
    if isinstance(kept, list):
        return [_renewed(one) for one in kept]
    return kept if is_newest(kept) else encrypt(decrypt(kept))
