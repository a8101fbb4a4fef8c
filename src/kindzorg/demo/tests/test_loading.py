"""Loading: whole or not at all, told in order, and never into a database with real work."""

from datetime import date, datetime
from typing import Any

import pytest

from kindzorg.access.policy import system_actor
from kindzorg.demo.directory import Directory, load_directory, read
from kindzorg.demo.loading import family_files, holds_real_work, load, loaded_for
from kindzorg.demo.steps import STEPS
from kindzorg.demo.story import Story
from kindzorg.people.actions import register_region
from kindzorg.people.models import Child, User


def test_nothing_is_loaded_before(db: None) -> None:
    assert loaded_for() is None


def test_a_family_loads_whole_or_not_at_all(db: None, today: date, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(story: Any, deed: Any) -> None:
        raise RuntimeError("no")

    monkeypatch.setitem(STEPS, "member", breaks)
    with pytest.raises(RuntimeError):
        load(today)
    assert not Child.objects.exists()
    assert not User.objects.filter(username="samira").exists()


def test_every_story_is_told_in_the_order_of_time(today: date) -> None:
    for path in family_files():
        times = [line["at"] for line in Story(Directory(today), read(path)).lines()]
        assert times == sorted(times), path.name


def test_every_step_of_a_story_is_known(today: date) -> None:
    for path in family_files():
        assert {line["do"] for line in Story(Directory(today), read(path)).lines()} <= set(STEPS), path.name


def test_a_database_with_real_work_is_recognised(db: None, today: date, now: datetime, settings: Any) -> None:
    load_directory(today)
    assert not holds_real_work()
    settings.KINDZORG_DEMO = False
    register_region(system_actor("test"), "A real region", now)
    assert holds_real_work()
