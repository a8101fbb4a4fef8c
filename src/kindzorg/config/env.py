"""Settings from the environment: typed readers that say what is missing and how to mend it."""

import os
from datetime import date
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

# Stands in public code: it may open invented people's data, and nothing else.
DEMO_KEY = "a2luZHpvcmctZGVtby1rZXktbm90LWEtc2VjcmV0LTE="


def words(name: str, default: str = "") -> tuple[str, ...]:
    """A comma-separated list."""
    return tuple(part.strip() for part in os.environ.get(name, default).split(",") if part.strip())


def word(name: str, default: str = "") -> str:
    """One word, without the spaces around it."""
    return os.environ.get(name, "").strip() or default


def address(name: str) -> str:
    """The address of a site, or nothing."""
    value = word(name)
    if value and not value.startswith(("https://", "http://")):
        raise ImproperlyConfigured(f"{name} is {value!r}: use an address such as https://practise.example.")
    return value


def flag(name: str, default: bool = False) -> bool:
    """Yes or no: 1/0, true/false, yes/no, on/off."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}: use 1 or 0.")


def number(name: str, default: int) -> int:
    """A whole number."""
    value = os.environ.get(name, "")
    try:
        return int(value) if value else default
    except ValueError:
        raise ImproperlyConfigured(f"{name} is {value!r}: use a whole number.") from None


def day(name: str) -> date | None:
    """A calendar day as 2026-11-22, or nothing."""
    value = os.environ.get(name, "")
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise ImproperlyConfigured(f"{name} is {value!r}: use a date such as 2026-11-22.") from None


def data_dir() -> Path:
    """Where the embedded database and files live: KINDZORG_DATA_DIR, else `var` in the working folder."""
    return Path(os.environ.get("KINDZORG_DATA_DIR") or "var").absolute()


def database(name: str) -> dict[str, object]:
    """The database of `name` as Django wants it: a sqlite:/// or postgresql:// address.

    Without one: an SQLite file in the data folder.
    """
    address = os.environ.get(name, "")
    if not address:
        return _sqlite(data_dir() / "kindzorg.sqlite3")
    parts = urlsplit(address)
    if parts.scheme == "sqlite":
        return _sqlite(Path(parts.path[1:] if parts.path.startswith("//") else parts.path))
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured(
            f"{name} is {address!r}: use postgresql://user:password@host:5432/name or sqlite:///path."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": False,
        # Statements are sent apart from their values, and prepared when they come back: else PostgreSQL spends more
        # of a page on reading and planning them than on answering. The wall bears it: see `core.walls.sound`.
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 2},
    }


def _sqlite(path: Path) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
            # What is destroyed or written over must not stay readable in the file.
            "PRAGMA secure_delete=ON;",
        },
    }
