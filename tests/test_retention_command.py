"""`kindzorg retention` from the list to nothing left, on a database whose owner stands behind the wall as well."""

import json
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pytest

from tests.installation import POSTGRESQL, House, demo_house, plain_owner
from tests.test_upgrade import ARCHIVE

# Whose privacy officer Hanna is.
HERS = "Kinderthuiszorg Veldzicht"
FAR = {"KINDZORG_TODAY": "2050-01-10"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The demo families as the last release left them, brought to now."""
    with plain_owner() if POSTGRESQL else nullcontext({}) as database:
        house = demo_house(database, tmp_path_factory.mktemp("kept"))
        assert house.run("restore", str(ARCHIVE)).returncode in (0, 3)
        assert house.run("migrate").returncode == 0
        yield house


def listed(house: House) -> dict[str, Any]:
    done = house.run("retention", "list", "--json", **FAR)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_from_the_list_to_nothing_left(house: House) -> None:
    assert json.loads(house.run("retention", "list", "--json").stdout) == {"due": [], "holds": []}
    due = listed(house)["due"]
    mine = [one["child"] for one in due if one["owner"] == HERS]
    assert len(due) > 7 and len(mine) > 1 and not any(one["confirmed"] for one in due)
    held, *going = mine
    as_hanna = ("--as", "hanna")
    words = ("hold", held, "--cause", "claim", "--until", "2051-01-01", *as_hanna)
    refused = house.run("retention", *words, said="\n", **FAR)
    assert refused.returncode == 1 and "standard input" in refused.stderr
    # Not among the arguments, which everybody on the machine can list.
    assert house.run("retention", *words, "--reason", "case 12", **FAR).returncode == 2
    done = house.run("retention", *words, said="case 12\n", **FAR)
    assert done.returncode == 0, done.stderr
    (hold,) = listed(house)["holds"]
    assert hold["child"] == held

    refused = house.run("retention", "confirm", *mine, *as_hanna, **FAR)
    assert refused.returncode == 1 and refused.stderr.count("\n") == 1
    done = house.run("retention", "confirm", *going, *as_hanna, **FAR)
    assert done.returncode == 0 and f"{len(going)} confirmed" in done.stdout, done.stderr
    done = house.run("retention", "delete", "--json", **FAR)
    assert done.returncode == 0, done.stderr
    gone = json.loads(done.stdout)
    assert set(gone) == set(going) and min(gone.values()) > 10

    tables = house.rows()
    for child in going:
        marks = (child, child.replace("-", ""))
        left = {name for name, rows in tables.items() if any(mark in row for row in rows for mark in marks)}
        assert left == {"audit_auditline"}
    assert {one["child"] for one in listed(house)["due"]} == {one["child"] for one in due} - set(going)
    words = ("lift", hold["hold"], "--reason-file", "-", *as_hanna)
    assert house.run("retention", *words, said="settled", **FAR).returncode == 0
    assert listed(house)["holds"] == []
    assert json.loads(house.run("retention", "delete", "--json", **FAR).stdout) == {}
    assert json.loads(house.run("audit", "verify", "--json", **FAR).stdout)["ok"]
    assert "to look at" in house.run("retention", "list", **FAR).stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("confirm", "01900000-0000-7000-8000-000000000000", "--as", "hanna"), "nothing was confirmed"),
        (("confirm", "01900000-0000-7000-8000-000000000000", "--as", "nobody"), "may not do that"),
        (("confirm", "01900000-0000-7000-8000-000000000000", "--as", "samira"), "may not do that"),
        (("lift", "01900000-0000-7000-8000-000000000000", "--as", "hanna"), "no such hold"),
        (
            ("hold", "01900000-0000-7000-8000-000000000000", "--cause", "claim", "--until", "2051-01-01",
             "--as", "hanna"), "no such file",
        ),
        (
            ("hold", "01900000-0000-7000-8000-000000000000", "--cause", "claim", "--until", "2001-01-01",
             "--as", "hanna"), "after today",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_in_one_sentence(house: House, words: tuple[str, ...], says: str) -> None:
    done = house.run("retention", *words, said="x", **FAR)
    assert done.returncode == 1 and says in done.stderr and done.stderr.count("\n") == 1, done.stderr
