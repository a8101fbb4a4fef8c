"""The world of this room's tests, made anew for each test by the real actions."""

from datetime import datetime

import pytest

from kindzorg.needs.tests.world import World, build


@pytest.fixture
def world(db: None, now: datetime) -> World:
    """One child with parents, brother and nurses; the journey stands in phase 2, no scan yet."""
    return build(now)
