"""The settings under test: the product's own, with what the environment must say for it to start."""

import atexit
import os
import shutil
import tempfile

from tests.machine import TODAY

os.environ.setdefault("KINDZORG_DEMO", "1")
os.environ.setdefault("KINDZORG_PLAIN_STATIC", "1")
os.environ.setdefault("KINDZORG_TODAY", TODAY.isoformat())
if "KINDZORG_DATA_DIR" not in os.environ:
    os.environ["KINDZORG_DATA_DIR"] = tempfile.mkdtemp(prefix="kindzorg-test-")
    atexit.register(shutil.rmtree, os.environ["KINDZORG_DATA_DIR"], ignore_errors=True)

from kindzorg.config.settings import *  # noqa: F403

STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405  WhiteNoise warns where it is not
