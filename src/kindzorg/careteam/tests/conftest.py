"""A small world for the tests of coming in."""

import pytest

from kindzorg.careteam.tests.world import World


@pytest.fixture
def world(db: None) -> World:
    return World()
