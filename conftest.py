"""What every test may lean on, in a room or in `tests/`: a fixed day, and markers that mean something."""

import os
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.machine import NOW, TODAY, browser_binary, lacks
from tests.migrated import from_kept

# A machine that is busy makes examples slowly; that says nothing about the product.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
ROOMS = Path(__file__).parent / "src"


def pytest_configure(config: pytest.Config) -> None:
    from django.utils.translation.reloader import translation_file_changed

    from kindzorg.config.translations import compile_translations
    from kindzorg.core.lending import lend

    # Django may have read the catalogues while it was set up: what was made since must be read anew.
    for made in compile_translations():
        translation_file_changed(sender=None, file_path=made)
    lend()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test of a room that asks for no database cannot reach one: it runs once, not again on each database."""
    for item in items:
        asks = {"db", "transactional_db", "django_db_setup"} & set(getattr(item, "fixturenames", ()))
        if ROOMS in item.path.parents and not asks and not item.get_closest_marker("django_db"):
            item.add_marker("once")


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("postgresql"):
        from django.db import connection

        if connection.vendor != "postgresql":
            pytest.skip("holds on PostgreSQL only")
    if item.get_closest_marker("browser") and not browser_binary():
        lacks("browser", "sudo apt-get install chromium")


@pytest.fixture
def today() -> date:
    """The day on which every test takes place."""
    return TODAY


@pytest.fixture
def now() -> datetime:
    """The moment at which every test takes place, timezone-aware."""
    return NOW


@pytest.fixture(scope="session")
def published_data() -> Path:
    """The folder with published test data (nl-core R4, eOverdracht); skips, saying so, where not set."""
    folder = os.environ.get("KINDZORG_TEST_DATA")
    if not folder:
        pytest.skip("needs published test data: set KINDZORG_TEST_DATA to its folder")
    return Path(folder)


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest) -> None:
    """The test database of pytest-django, which on SQLite begins where an earlier run left off migrating."""
    with from_kept():
        request.getfixturevalue("django_db_setup")


@pytest.fixture(scope="session", autouse=True)
def _nobody_stays_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Before the test database goes, end what a thread of a test may have left open on it (PostgreSQL)."""
    request.getfixturevalue("django_db_setup")
    yield
    from django.db import connection

    if connection.vendor == "postgresql":
        unblock = request.getfixturevalue("django_db_blocker").unblock
        with unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
