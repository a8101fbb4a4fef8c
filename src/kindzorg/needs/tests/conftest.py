"""The world of this room's tests, made anew for each test by the real actions."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from kindzorg.needs.tests.world import World, build

OWN_WORDS = "Dan gingen we gewoon kamperen"


@pytest.fixture
def world(db: None, now: datetime) -> World:
    """One child with parents, brother and nurses; the journey stands in phase 2, no scan yet."""
    return build(now)


@pytest.fixture
def as_(world: World, client: Client) -> Callable[[str], Client]:
    """`as_("samira")`: the browser of that person."""

    def signed_in(name: str) -> Client:
        client.force_login(world.users[name])
        return client

    return signed_in


@pytest.fixture
def at(world: World) -> Callable[..., str]:
    """`at("topic", "nights")`: the address of a page of the scan; without words the main page."""

    def address(page: str = "", *keys: str, person: str = "") -> str:
        url = reverse(f"needs_{page}" if page else "needs", args=[world.child_id, *keys])
        return f"{url}?for={world.relatives[person]}" if person else url

    return address


@pytest.fixture
def begun(as_: Callable[[str], Client], at: Callable[..., str]) -> None:
    """A scan with something of everybody in it."""
    as_("samira").post(at("open"))
    filled = {
        ("samira", "said", "healthy"): {"words": OWN_WORDS},
        ("samira", "first", "medical"): {"topics": ["nights", "eating"]},
        ("samira", "topic", "nights"): {"now": "Drie keer op", "needed": "Nachtzorg", "importance": "first"},
        ("samira", "first", "development"): {"nothing_needed": "on"},
        ("noor", "first", "social"): {"topics": ["friends"]},
        ("noor", "topic", "friends"): {"feeling": "bad", "now": "Ik zie ze weinig"},
        ("noor", "topic", "feeling_safe"): {"feeling": "bad", "now": "Er is ruzie", "nurse_first": "on"},
        ("marit", "first", "medical"): {"topics": ["nights"]},
        ("marit", "topic", "nights"): {"now": "Ik zie dat zij moe zijn"},
    }
    for (name, page, key), data in filled.items():
        assert as_(name).post(at(page, key), data).status_code == 302
