"""What a backup says of itself, and whether this installation can take it in."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from kindzorg.config.backups import Unsound
from kindzorg.core.encryption import key_id

# Higher when an older version could no longer read the archive.
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """`tables` counts the rows of each; `members` holds the SHA-256 of each file in the archive; `keys` the ids of the
    keys for what is encrypted in it, `hash_key` that of the hash; `seal` is the trail's newest, as it would be kept
    elsewhere."""

    format: int
    version: str
    made_at: str
    source: str
    database: str
    server: str
    migrations: Sequence[str]
    tables: Mapping[str, int]
    members: Mapping[str, str]
    keys: Sequence[str]
    hash_key: str
    seal: str

    def to_json(self) -> bytes:
        """As it stands in the archive."""
        return json.dumps(asdict(self), indent=1).encode()


def describe(made_at: str, server: str, tables: Mapping[str, int], seal: str) -> Manifest:
    """What is true of this installation now; the members are added by who packs them."""
    return Manifest(
        format=FORMAT,
        version=version("kindzorg"),
        made_at=made_at,
        source=settings.KINDZORG_SOURCE,
        database=connection.vendor,
        server=server,
        migrations=sorted(
            f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()
        ),
        tables=dict(tables),
        members={},
        keys=[key_id(key) for key in settings.KINDZORG_ENCRYPTION_KEYS],
        hash_key=key_id(settings.KINDZORG_HASH_KEY),
        seal=seal,
    )


def read(content: bytes) -> Manifest:
    """The manifest of an archive. Raises Unsound."""
    try:
        said = json.loads(content)
        if said["format"] > FORMAT:
            raise Unsound(_newer(said["version"]))
        return Manifest(**said)
    except (ValueError, KeyError, TypeError):
        raise Unsound("the manifest of this backup cannot be read") from None


def must_fit(manifest: Manifest) -> None:
    """Raises Unsound where this version, this kind of database or these keys cannot take the backup in."""
    if manifest.database != connection.vendor:
        raise Unsound(
            f"this is a backup of {manifest.database}, and the database of KINDZORG_DATABASE_URL is {connection.vendor}"
        )
    known = {f"{app}.{name}" for app, name in _known()}
    if _numbers(manifest.version) > _numbers(version("kindzorg")) or set(manifest.migrations) - known:
        raise Unsound(_newer(manifest.version))
    here = {key_id(key) for key in settings.KINDZORG_ENCRYPTION_KEYS}
    if missing := [key for key in manifest.keys if key not in here]:
        raise Unsound(
            f"this backup needs keys that are not in KINDZORG_ENCRYPTION_KEYS: {', '.join(missing)} "
            "(see `kindzorg keys ids`)"
        )
    if manifest.hash_key != key_id(settings.KINDZORG_HASH_KEY):
        raise Unsound(
            f"this backup needs another KINDZORG_HASH_KEY: {manifest.hash_key} (see `kindzorg keys ids`)"
        )


def _known() -> Sequence[tuple[str, str]]:
    """The migrations that this version can run, and those that it has gathered into one."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    replaced = [old for one in loader.disk_migrations.values() for old in one.replaces]
    return [*loader.disk_migrations, *replaced]


def _newer(theirs: str) -> str:
    return (
        f"this backup was made by a newer version ({theirs}) than this one ({version('kindzorg')}): "
        "install that version first"
    )


def _numbers(words: str) -> tuple[int, ...]:
    return tuple(int(part) for part in words.split(".") if part.isdigit())
