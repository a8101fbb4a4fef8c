"""Two people try things on the practice site, and begin anew; the real data beside it is not touched."""

import hashlib
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kindzorg.config import env
from tests.conftest import ON_POSTGRES
from tests.journeys.people import Visitor
from tests.machine import TODAY
from tests.serving import KINDZORG, DemoData, running

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(ON_POSTGRES, reason="practising stands on SQLite alone"),
]
ADDRESSES = {"KINDZORG_ADDRESS": "http://plan.example", "KINDZORG_PRACTICE_ADDRESS": "http://localhost"}


def prints(folder: Path) -> dict[str, str]:
    return {
        one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in folder.iterdir() if one.is_file()
    }


def template(families: DemoData, folder: Path) -> None:
    """The families as the practice site keeps them: under the key of the demo, not under that of the tests."""
    folder.mkdir(parents=True)
    for one in families.folder.glob("kindzorg.sqlite3*"):
        shutil.copy(one, folder / one.name)
    keys = f"{env.DEMO_KEY},{families.environment['KINDZORG_ENCRYPTION_KEYS']}"
    there = {
        "KINDZORG_DATA_DIR": str(folder),
        "KINDZORG_ENCRYPTION_KEYS": keys,
        "KINDZORG_HASH_KEY": env.DEMO_KEY,
    }
    there |= {"KINDZORG_DEMO": "1"}
    subprocess.run([KINDZORG, "keys", "rotate"], env=families.environment | there, check=True)
    for one in folder.iterdir():
        one.rename(folder / one.name.replace("kindzorg", f"template-{TODAY}"))


def test_what_two_people_tried_is_gone_when_one_begins_anew(
    families: DemoData, tmp_path: Path, open_page: Callable[..., Any], check_page: Callable[..., None]
) -> None:
    real = tmp_path / "real"
    template(families, real / "practice")
    for one in families.folder.glob("kindzorg.sqlite3*"):
        shutil.copy(one, real / one.name)
    before = prints(real)
    place = DemoData(families.environment | ADDRESSES | {"KINDZORG_DATA_DIR": str(real)}, tmp_path)
    with running(place, "practice", "--today", TODAY.isoformat()) as address:
        mother = Visitor(open_page("narrow"), address, check_page).signs_in("Wietske van Essen")
        nurse = Visitor(open_page("wide"), address, check_page).signs_in("Marit van der Laan")
        nurse.opens("Noor van Essen")
        for one in (mother, nurse):
            one.reads("Nieuw hier?")
            one.presses("Weet ik al")
            one.finds_nothing_of("Nieuw hier?")
        banner = mother.page.locator(".kz-demo-banner")
        assert "Oefenen: dit gezin is verzonnen. Niets hier is echt." in banner.inner_text()
        assert (
            banner.get_by_role("link", name="Terug naar Kindzorg").get_attribute("href")
            == "http://plan.example"
        )
        assert not mother.page.get_by_text("Oefenen met een verzonnen gezin").count()

        mother.presses("Begin opnieuw")
        mother.reads("Alles is weer zoals aan het begin", "Schrijf hier niets over echte mensen")
        mother.signs_in("Wietske van Essen")
        mother.reads("Nieuw hier?")
        # Whoever was busy meanwhile comes to the cards, and goes on from there.
        nurse.page.reload()
        nurse.reads("Kies wie u bent")
        nurse.signs_in("Marit van der Laan")
        nurse.opens("Noor van Essen")
        nurse.reads("Nieuw hier?")
    assert prints(real) == before
