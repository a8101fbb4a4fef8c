"""A backup is what comes back: made of the demo families, put back in an empty place, and held beside the first."""

import json
import urllib.request
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kindzorg.config.backups import Unsound, archive
from kindzorg.config.env import DEMO_KEY
from tests.installation import POSTGRESQL, SERVER, House, as_superuser, plain_owner
from tests.serving import DemoData, demo_site

# What the commands themselves leave in the trail after the moment of the backup.
LEFT_BEHIND = {"backup.made", "backup.restored", "trail.checked"}


@pytest.fixture(scope="module")
def first(families: DemoData) -> House:
    """The demo families, with a file and a sealed trail."""
    (families.folder / "files").mkdir(exist_ok=True)
    (families.folder / "files" / "photo.txt").write_text("a photo", encoding="utf-8")
    house = House(families.environment | {"KINDZORG_DEMO": "1"}, families.folder)
    assert house.run("worker", "--once").returncode == 0
    return house


@pytest.fixture(scope="module")
def saved(first: House, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, list[str]], Any]:
    """A backup, the rows of the moment, and what the command said."""
    target = tmp_path_factory.mktemp("saved") / "backup.zip"
    rows = first.rows()
    done = first.run("backup", str(target), "--json")
    assert done.returncode == 0, done.stderr
    return target, rows, json.loads(done.stdout)


@pytest.fixture(scope="module")
def again(first: House, saved: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The backup, put back in an empty place."""
    place = plain_owner() if POSTGRESQL else nullcontext({})
    with place as database:
        house = House({**first.environment, **database}, tmp_path_factory.mktemp("again"))
        done = house.run("restore", str(saved[0]))
        assert done.returncode == 0, done.stderr
        assert "the trail is whole" in done.stdout
        yield house


def without_trail(rows: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {name: found for name, found in rows.items() if name != "audit_auditline"}


def test_every_row_of_every_table_and_every_file_is_there(saved: Any, again: House) -> None:
    before, after = saved[1], again.rows()
    assert {name: len(found) for name, found in without_trail(after).items()} == {
        name: len(found) for name, found in without_trail(before).items()
    }
    assert without_trail(after) == without_trail(before)
    more = sorted(set(after["audit_auditline"]) - set(before["audit_auditline"]))
    assert set(before["audit_auditline"]) <= set(after["audit_auditline"]) and len(more) == 2
    assert all(any(event in row for event in LEFT_BEHIND) for row in more)
    assert saved[2]["rows"] == sum(map(len, before.values())) > 2000
    assert (again.folder / "files" / "photo.txt").read_text(encoding="utf-8") == "a photo"


def test_the_trail_holds_and_the_product_starts_and_shows_a_page(again: House, tmp_path: Path) -> None:
    assert again.run("worker", "--once").returncode == 0
    verified = again.run("audit", "verify", "--json")
    assert verified.returncode == 0 and json.loads(verified.stdout)["ok"], verified.stderr
    assert again.run("migrate", "--check").returncode == 0
    folder = tmp_path / "site"
    if POSTGRESQL:  # A copy by the superuser, as every site of the tests.
        address = as_superuser(again.environment["KINDZORG_DATABASE_URL"])
        data = DemoData({**again.environment, "KINDZORG_DATABASE_URL": address}, again.folder)
    else:
        data = DemoData(dict(again.environment), again.folder)
    with demo_site(data, folder) as site, urllib.request.urlopen(f"{site}/") as page:  # noqa: S310
        assert page.status == 200 and "Samira" in page.read().decode()


def test_no_key_is_in_it_and_it_is_for_its_owner_alone(first: House, saved: Any) -> None:
    target, _, said = saved
    assert target.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in target.parent.iterdir()] == [target.name]
    with zipfile.ZipFile(target) as packed:
        content = b"".join(packed.read(name) for name in packed.namelist())
        manifest = json.loads(packed.read("manifest.json"))
    names = ("KINDZORG_ENCRYPTION_KEYS", "KINDZORG_HASH_KEY", "KINDZORG_SECRET_KEY")
    keys = {DEMO_KEY, *filter(None, (first.environment.get(name) for name in names))}
    assert not [key for key in keys if key.encode() in content]
    assert manifest["keys"] == said["keys"] and manifest["tables"] == said["tables"]
    assert said["keys"][0] in first.run("keys", "ids").stdout


def test_nothing_is_overwritten(first: House, saved: Any, again: House) -> None:
    done = first.run("backup", str(saved[0]))
    assert done.returncode == 1 and "is there already" in done.stderr and done.stderr.count("\n") == 1
    done = again.run("restore", str(saved[0]))
    assert done.returncode == 1 and "--replace" in done.stderr and done.stderr.count("\n") == 1


def test_a_folder_gets_a_file_named_for_the_moment(first: House, tmp_path: Path) -> None:
    assert first.run("backup", str(tmp_path)).returncode == 0
    (one,) = tmp_path.iterdir()
    assert one.name.startswith("kindzorg-2") and one.suffix == ".zip"
    assert first.run("backup", str(tmp_path / "no" / "folder" / "x.zip")).returncode == 1


def test_a_disk_without_links_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*given: object) -> None:
        raise PermissionError

    monkeypatch.setattr(archive.os, "link", refuses)
    part, target = tmp_path / "part", tmp_path / "whole.zip"
    part.write_text("new", encoding="utf-8")
    archive._give_name(part, target)
    assert target.read_text(encoding="utf-8") == "new" and not part.exists()
    part.write_text("newer", encoding="utf-8")
    with pytest.raises(Unsound):
        archive._give_name(part, target)
    assert target.read_text(encoding="utf-8") == "new"


def changed(saved: Path, target: Path, names: Mapping[str, Any], content: bytes = b"") -> Path:
    """The same backup with another manifest, or with another content of its database."""
    with zipfile.ZipFile(saved) as before, zipfile.ZipFile(target, "w") as after:
        for name in before.namelist():
            held = before.read(name)
            if name == "manifest.json":
                held = json.dumps({**json.loads(held), **names}).encode()
            elif content and name.startswith("database"):
                held = content
            after.writestr(name, held)
    return target


@pytest.mark.parametrize(
    ("names", "says"),
    [
        ({"version": "99.1"}, "newer version (99.1)"),
        ({"format": 99, "version": "99.1"}, "newer version"),
        ({"migrations": ["people.9999_of_tomorrow"]}, "newer version"),
        ({"keys": ["0123456789ab"]}, "0123456789ab"),
        ({"hash_key": "0123456789ab"}, "KINDZORG_HASH_KEY"),
        ({"database": "oracle"}, "database"),
        ({"members": {"../away": "0"}}, "outside the backup"),
        ({"members": {}}, "holds no database"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_sentence(
    first: House, saved: Any, tmp_path: Path, names: dict[str, Any], says: str
) -> None:
    bent = changed(saved[0], tmp_path / "bent.zip", names)
    done = first.run("restore", str(bent), "--replace", KINDZORG_DATA_DIR=str(tmp_path / "here"))
    assert done.returncode == 1 and says in done.stderr and done.stderr.count("\n") == 1, done.stderr


def test_a_broken_checksum_a_broken_file_and_none_at_all(first: House, saved: Any, tmp_path: Path) -> None:
    cut = tmp_path / "cut.zip"
    cut.write_bytes(saved[0].read_bytes()[:5000])
    for one, says in (
        (changed(saved[0], tmp_path / "bent.zip", {}, b"something else"), "checksum"),
        (cut, "not a whole backup"),
        (tmp_path / "none.zip", "cannot be opened"),
    ):
        done = first.run("restore", str(one), "--replace")
        assert done.returncode == 1 and says in done.stderr and done.stderr.count("\n") == 1, done.stderr
    assert first.rows()["people_child"]


def test_it_can_be_checked_without_putting_it_back(first: House, saved: Any) -> None:
    before = without_trail(first.rows())
    done = first.run("restore", str(saved[0]), "--check")
    assert done.returncode == 0 and "This fits here" in done.stdout
    assert without_trail(first.rows()) == before


def test_a_replaced_database_is_the_saved_one(saved: Any, again: House) -> None:
    (again.folder / "files" / "later.txt").write_text("later", encoding="utf-8")
    done = again.run("restore", str(saved[0]), "--replace", "--json")
    assert done.returncode == 0 and json.loads(done.stdout)["restored"], done.stderr
    assert without_trail(again.rows()) == without_trail(saved[1])
    assert [one.name for one in (again.folder / "files").iterdir()] == ["photo.txt"]
    assert not [one for one in again.folder.iterdir() if "before" in one.name or one.name.startswith(".kind")]


def test_what_fails_halfway_leaves_what_was_there(saved: Any, again: House, tmp_path: Path) -> None:
    before = again.rows()
    tables = {**saved[2]["tables"], "people_child": 1}
    bent = changed(saved[0], tmp_path / "bent.zip", {"tables": tables})
    done = again.run("restore", str(bent), "--replace")
    assert done.returncode == 1 and done.stderr.count("\n") == 1, done.stderr
    assert again.rows() == before
    assert (again.folder / "files" / "photo.txt").exists()


@pytest.mark.postgresql
def test_the_owner_behind_the_wall_saves_nothing_and_says_so(again: House, tmp_path: Path) -> None:
    done = again.run("backup", str(tmp_path / "x.zip"))
    assert done.returncode == 1 and "KINDZORG_BACKUP_DATABASE_URL" in done.stderr, done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.postgresql
def test_the_role_above_the_wall_saves_everything(again: House, tmp_path: Path) -> None:
    above = again.environment["ABOVE"]
    done = again.run("backup", str(tmp_path / "x.zip"), "--json", KINDZORG_BACKUP_DATABASE_URL=above)
    assert done.returncode == 0, done.stderr
    there = {name: len(rows) for name, rows in again.rows().items()}
    said = json.loads(done.stdout)["tables"]
    assert said == {**there, "audit_auditline": there["audit_auditline"] - 1}
    house = replace(again, folder=tmp_path / "elsewhere")
    assert house.run("restore", str(tmp_path / "x.zip"), "--replace").returncode == 0


@pytest.mark.postgresql
def test_a_backup_of_another_database_is_refused(again: House, tmp_path: Path) -> None:
    done = again.run("backup", str(tmp_path / "x.zip"), KINDZORG_BACKUP_DATABASE_URL=SERVER)
    assert done.returncode == 1 and "another database" in done.stderr, done.stderr
