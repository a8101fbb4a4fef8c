"""The settings under test: the product's own, with what the environment must say for it to start."""

import os

os.environ.setdefault("KINDZORG_DEMO", "1")

from kindzorg.config.settings import *  # noqa: F403
