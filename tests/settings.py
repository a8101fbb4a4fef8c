"""The settings under test: the product's own, with what the environment must say for it to start."""

import os
from pathlib import Path

from tests.machine import TODAY

os.environ.setdefault("KINDZORG_DEMO", "1")
os.environ.setdefault("KINDZORG_PLAIN_STATIC", "1")
os.environ.setdefault("KINDZORG_TODAY", TODAY.isoformat())
os.environ.setdefault("KINDZORG_DATA_DIR", str(Path(__file__).parent.parent / "var" / "test"))

from kindzorg.config.settings import *  # noqa: F403

STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405  WhiteNoise warns where it is not

# Outside the actor's own, so that it sees the line of a refusal as well.
MIDDLEWARE.insert(  # noqa: F405
    MIDDLEWARE.index("kindzorg.web.middleware.ActorMiddleware"),  # noqa: F405
    "tests.trail_wall.every_page_leaves_a_line",
)
