"""The ground under every test: the day it takes place, and what happens where the machine lacks something."""

import os
import shutil
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

TODAY = date(2026, 9, 14)  # a Monday outside the school holidays
NOW = datetime(2026, 9, 14, 10, 30, tzinfo=ZoneInfo("Europe/Amsterdam"))


def demanded(what: str) -> bool:
    """Whether a missing `what` (postgresql, browser, node) must fail instead of skip."""
    return what in os.environ.get("KINDZORG_DEMAND", "").split(",")


def lacks(what: str, how: str) -> None:
    """Skip the test that runs now, or fail it where `what` is demanded; `how` says what to install."""
    if demanded(what):
        pytest.fail(f"{what} is demanded (KINDZORG_DEMAND) but not here: {how}")
    pytest.skip(f"no {what} here: {how}")


def browser_binary() -> str | None:
    """Chromium or Chrome of this machine."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if (found := shutil.which(name))), None)
