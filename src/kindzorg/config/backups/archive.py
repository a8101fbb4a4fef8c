"""The archive: a zip with the database, the files and the manifest, for its owner's eyes, there whole or not at all."""

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path, PurePosixPath

from kindzorg.config.backups import Unsound, manifest
from kindzorg.config.backups.manifest import Manifest

MANIFEST = "manifest.json"
DATABASE = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
FILES = "files"
PIECE = 1024 * 1024


@contextmanager
def workplace(beside: Path) -> Iterator[Path]:
    """A folder of our own on the same disk, that goes when the work is done."""
    try:
        with tempfile.TemporaryDirectory(prefix=".kindzorg-", dir=beside) as folder:
            yield Path(folder)
    except FileNotFoundError:
        raise Unsound(f"there is no folder {beside}") from None


def pack(said: Manifest, database: Path, files: Path, target: Path) -> str:
    """Write the archive; gives back its SHA-256. Raises Unsound where something of that name is there."""
    members = {database.name: database} | {
        f"{FILES}/{one.relative_to(files).as_posix()}": one
        for one in sorted(files.rglob("*"))
        if one.is_file() and not one.is_symlink()
    }
    part = database.parent / "archive"
    with (
        os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b") as written,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
    ):
        whole = replace(said, members={name: _digest(path) for name, path in members.items()})
        archive.writestr(MANIFEST, whole.to_json())
        for name, path in members.items():
            archive.write(path, name)
    with part.open("rb") as done:
        os.fsync(done.fileno())
    _give_name(part, target)
    return _digest(target)


def _give_name(part: Path, target: Path) -> None:
    there = Unsound(f"{target} is there already; choose another name")
    try:
        os.link(part, target)  # Unlike a rename it overwrites nothing.
    except FileExistsError:
        raise there from None
    except OSError:  # A disk without links, of another machine for example.
        if target.exists():
            raise there from None
        part.rename(target)


def unpack(source: Path, into: Path) -> tuple[Manifest, Path, Path]:
    """The manifest, the database and the folder of files, each file as its checksum says. Raises Unsound."""
    try:
        with zipfile.ZipFile(source) as archive:
            said = manifest.read(archive.read(MANIFEST))
            _take_out(archive, said.members, into)
    except OSError as error:
        raise Unsound(f"{source} cannot be opened: {error.strerror}") from None
    except (zipfile.BadZipFile, KeyError, EOFError):
        raise Unsound(f"{source} is not a whole backup of Kindzorg") from None
    database = into / DATABASE.get(said.database, "")
    if not database.is_file():
        raise Unsound(f"{source} holds no database")
    files = into / FILES
    files.mkdir(exist_ok=True)
    return said, database, files


def _take_out(archive: zipfile.ZipFile, members: Mapping[str, str], into: Path) -> None:
    for name, digest in members.items():
        parts = PurePosixPath(name)
        if parts.is_absolute() or ".." in parts.parts:
            raise Unsound(f"{name!r} leads outside the backup")
        target = into / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(name) as packed, target.open("xb") as out:
            while piece := packed.read(PIECE):
                out.write(piece)
        if _digest(target) != digest:
            raise Unsound(f"the checksum of {name} is broken: this is not what was saved")


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


@contextmanager
def files_in_place(new: Path, place: Path) -> Iterator[None]:
    """Put the folder of files in its place; what was there comes back when the block fails, and goes when it ends."""
    before = place.with_name(f"{place.name}-before")
    if place.exists():
        place.rename(before)
    place.parent.mkdir(parents=True, exist_ok=True)
    new.rename(place)
    try:
        yield
    except BaseException:
        _remove(place)
        if before.exists():
            before.rename(place)
        raise
    _remove(before)


def _remove(folder: Path) -> None:
    for one in sorted(folder.rglob("*"), reverse=True):
        one.rmdir() if one.is_dir() and not one.is_symlink() else one.unlink()
    with suppress(FileNotFoundError):
        folder.rmdir()
