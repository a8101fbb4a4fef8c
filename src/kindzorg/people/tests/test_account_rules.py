"""How sure a sign-in makes it, how long a guesser waits, and what a provider may say."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kindzorg.access.assurance import Assurance
from kindzorg.people.accounts.rules import (
    ACCOUNT,
    ADDRESS,
    DEVICE,
    PAIR,
    Method,
    Provider,
    Step,
    level_of,
    longest_wait,
    wait_until,
)

NOW = datetime(2026, 9, 14, 8, 0, tzinfo=UTC)
LOW, SUBSTANTIAL, HIGH = Assurance
HOSPITAL = Provider(
    key="hospital",
    name="Ziekenhuis",
    issuer="https://id.example",
    client_id="kindzorg",
    client_secret="secret",
    levels={"two": SUBSTANTIAL, "card": HIGH, "one": LOW},
    match="email",
    email_domains=("ziekenhuis.example",),
)


@pytest.mark.parametrize(
    ("steps", "level"),
    [
        ((), LOW),
        ((Step(Method.PASSWORD),), LOW),
        ((Step(Method.LINK),), LOW),
        ((Step(Method.PASSWORD), Step(Method.TOTP)), SUBSTANTIAL),
        ((Step(Method.PASSWORD), Step(Method.RECOVERY_CODE)), SUBSTANTIAL),
        ((Step(Method.PASSWORD), Step(Method.SECURITY_KEY)), SUBSTANTIAL),
        ((Step(Method.LINK), Step(Method.TOTP)), SUBSTANTIAL),
        # A second step without a first is no more than one step.
        ((Step(Method.TOTP),), LOW),
        ((Step(Method.PASSKEY),), SUBSTANTIAL),
        ((Step(Method.OPENID, LOW),), LOW),
        ((Step(Method.OPENID, SUBSTANTIAL),), SUBSTANTIAL),
        ((Step(Method.OPENID, HIGH),), HIGH),
        ((Step(Method.OPENID, LOW), Step(Method.TOTP)), SUBSTANTIAL),
        ((Step(Method.OPENID, HIGH), Step(Method.TOTP)), HIGH),
        ((Step(Method.DEMO),), HIGH),
    ],
)
def test_the_level_of_what_somebody_showed(steps: tuple[Step, ...], level: Assurance) -> None:
    assert level_of(steps) == level


STEPS = some.lists(some.builds(Step, some.sampled_from(Method), some.sampled_from(Assurance)), max_size=5)


@given(STEPS, STEPS)
def test_one_more_step_never_makes_it_less_sure(taken: list[Step], more: list[Step]) -> None:
    order = list(Assurance)
    assert order.index(level_of([*taken, *more])) >= order.index(level_of(taken))


@given(some.lists(some.sampled_from([one for one in Method if one != Method.DEMO]), max_size=6))
def test_nothing_of_ours_makes_it_high(methods: list[Method]) -> None:
    assert level_of(Step(method) for method in methods) != HIGH


def test_a_provider_says_a_level_only_by_a_word_of_the_settings() -> None:
    assert (HOSPITAL.level_for("card"), HOSPITAL.level_for("two")) == (HIGH, SUBSTANTIAL)
    assert HOSPITAL.level_for("something") == HOSPITAL.level_for("") == LOW


def test_a_level_is_asked_by_the_words_that_are_high_enough_lowest_first() -> None:
    assert HOSPITAL.asks(LOW) == ("one", "two", "card")
    assert HOSPITAL.asks(SUBSTANTIAL) == ("two", "card")
    assert HOSPITAL.asks(HIGH) == ("card",)


def test_a_provider_speaks_for_its_own_addresses_only() -> None:
    assert HOSPITAL.vouches_for("marit@Ziekenhuis.example")
    assert not HOSPITAL.vouches_for("marit@elders.example")
    assert not HOSPITAL.vouches_for("marit@ziekenhuis.example.elders.example")
    assert not HOSPITAL.vouches_for("ziekenhuis.example@elders.example")


def test_a_secret_is_not_shown() -> None:
    assert "secret" not in repr(HOSPITAL)


def failures(count: int) -> list[datetime]:
    return [NOW - timedelta(seconds=count - number) for number in range(count)]


@pytest.mark.parametrize(
    ("count", "seconds"), [(0, None), (4, None), (5, 15), (6, 30), (7, 60), (10, 480), (11, 900), (400, 900)]
)
def test_who_errs_five_times_waits_and_each_time_longer(count: int, seconds: int | None) -> None:
    until = wait_until(failures(count), PAIR)
    last = NOW - timedelta(seconds=1)
    assert until == (last + timedelta(seconds=seconds) if seconds else None)


def test_a_shared_address_has_more_patience_and_the_own_device_the_shortest_longest_wait() -> None:
    assert wait_until(failures(29), ADDRESS) is None
    assert wait_until(failures(30), ADDRESS)
    assert wait_until(failures(49), ACCOUNT) is None
    assert DEVICE.longest < PAIR.longest


def test_the_longest_wait_that_is_still_to_come() -> None:
    past, soon, later = NOW - timedelta(1), NOW + timedelta(1), NOW + timedelta(2)
    assert longest_wait([None, past, later, soon], NOW) == later
    assert longest_wait([None, past, NOW], NOW) is None
