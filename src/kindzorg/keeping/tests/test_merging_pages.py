"""The pages on which two files become one, and two again."""

from typing import Any

import pytest

from kindzorg.keeping.models import FileMerge, TwoChildren
from kindzorg.keeping.tests.conftest import Pair
from kindzorg.people.models import Child


def address(pair: Pair, rest: str = "") -> str:
    return f"/children/{pair.kept.child_id}/files{rest}"


def follow(client: Any, url: str, values: dict[str, Any]) -> Any:
    return client.post(url, values, follow=True)


def test_the_nurse_compares_merges_reads_and_undoes(pair: Pair) -> None:
    pair.absorbed.in_force()
    client = pair.client()
    page = client.get("/start", follow=True)
    assert "Misschien zijn er twee dossiers van één kind" in page.content.decode()
    both = address(pair, f"/{pair.absorbed.child_id}")
    compared = client.get(both).content.decode()
    assert "versie 1 geldt" in compared and "verschilt" in compared
    answer = client.post(both, {"goes_on": str(pair.kept.child_id)})
    assert answer.url == f"{both}/merge"
    asked = client.get(answer.url).content.decode()
    assert "Een plan stopt" in asked and "agreement 0.0" in asked
    done = follow(client, answer.url, {"why": "told", "along": [], "note": "gezien"})
    assert "De twee dossiers zijn nu één" in done.content.decode()
    # The old address leads to the new; the pages of the old file can be read.
    old = client.get(f"/children/{pair.absorbed.child_id}/")
    assert old.url == f"/children/{pair.kept.child_id}/"
    plan = client.get(f"/children/{pair.absorbed.child_id}/plan").content.decode()
    assert "Dit is een eerder dossier" in plan and "goal 0" in plan
    merge = FileMerge.objects.get()
    undo = address(pair, f"/merges/{merge.id}/undo")
    refused = client.post(undo, {"reason": ""}).content.decode()
    assert "Schrijf de reden op" in refused and Child.objects.filter(merged_into__isnull=False).exists()
    done = follow(client, undo, {"reason": "toch twee"})
    assert "staan weer los van elkaar" in done.content.decode() and "toch twee" in done.content.decode()


def test_two_plans_ask_which_one_goes_on(pair: Pair) -> None:
    pair.absorbed.in_force()
    pair.kept.in_force()
    client = pair.client()
    both = address(pair, f"/{pair.absorbed.child_id}")
    page = client.get(both).content.decode()
    assert "In beide dossiers geldt een plan" in page and "checked" not in page
    assert "Kies welk dossier verdergaat." in client.post(both, {"goes_on": ""}).content.decode()
    other_way = client.post(both, {"goes_on": str(pair.absorbed.child_id)})
    assert other_way.url == f"/children/{pair.absorbed.child_id}/files/{pair.kept.child_id}/merge"


def test_an_obstacle_is_said_and_what_was_typed_stays(pair: Pair) -> None:
    for child_id, number in ((pair.kept.child_id, "999990019"), (pair.absorbed.child_id, "111222333")):
        child = Child.objects.get(id=child_id)
        child.bsn = number
        child.save()
    client = pair.client()
    url = address(pair, f"/{pair.absorbed.child_id}/merge")
    page = client.post(url, {"why": "told", "note": "mijn woorden"}).content.decode()
    assert "verschillende burgerservicenummers" in page and "mijn woorden" in page
    assert "999990019" not in page and "111222333" not in page


def test_two_children_are_two_children(pair: Pair) -> None:
    client = pair.client()
    url = address(pair, f"/{pair.absorbed.child_id}/two")
    assert client.get(url).status_code == 405
    assert "twee kinderen" in follow(client, url, {}).content.decode()
    assert TwoChildren.objects.count() == 1
    assert "Misschien zijn er twee" not in client.get("/start", follow=True).content.decode()


def test_another_file_is_chosen_from_ones_own(pair: Pair) -> None:
    client = pair.client()
    assert str(pair.absorbed.child_id) in client.get(address(pair, "/choose")).content.decode()
    chosen = client.get(address(pair, "/choose"), {"other": str(pair.absorbed.child_id)})
    assert chosen.url == address(pair, f"/{pair.absorbed.child_id}")
    assert client.get(address(pair, "/choose"), {"other": str(pair.kept.child_id)}).status_code == 200
    assert "Kies een dossier." in client.get(address(pair, "/choose"), {"other": ""}).content.decode()


@pytest.mark.parametrize("who", ["mother", "doctor", "gp", "teacher"])
def test_nobody_else_compares(pair: Pair, who: str) -> None:
    client = pair.client(who)
    both = address(pair, f"/{pair.absorbed.child_id}")
    assert client.get(both).status_code == client.get(f"{both}/merge").status_code == 404
    assert client.get(address(pair, "/choose")).status_code == 404
    page = client.get(address(pair))
    assert page.status_code == (404 if who == "teacher" else 200)
    assert "tweede dossier" not in page.content.decode()
