"""What this machine has, and what happens to a test that needs what it has not."""

import os
import shutil

import pytest


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
