"""Bytes into resources. A file that cannot be read as a whole is refused as a whole: nothing is half read."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson

from kindzorg.core.errors import Invalid
from kindzorg.fhir.elements import Json, objects, word

LIMIT = 20 * 1024 * 1024
"""Bytes. A handover with a year of measurements stays under one; attached films do not belong in it."""

DEEPEST = 64
"""Objects and lists inside one another. Published FHIR stays under 20."""

MOST = 10_000
"""Resources in one file."""

WIDE = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
BINARIES = (b"%PDF", b"PK\x03\x04", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff")


class Form(StrEnum):
    RESOURCE = "resource"
    BUNDLE = "bundle"
    NDJSON = "ndjson"


class Refusal(StrEnum):
    """Why a whole file is refused: the codes of the Invalid that `read` raises, with their data."""

    EMPTY = "handover_empty"
    TOO_LARGE = "handover_too_large"  # size, limit (bytes)
    ENCODING = "handover_encoding"  # encoding ("UTF-16", "UTF-32" or "" where it is not known)
    XML = "handover_xml"
    BINARY = "handover_binary"  # a PDF, an archive, an image
    NOT_JSON = "handover_not_json"  # line, column
    TRUNCATED = "handover_truncated"  # line
    TOO_DEEP = "handover_too_deep"  # limit
    DUPLICATE_KEY = "handover_duplicate_key"  # key
    FORBIDDEN_CHARACTER = "handover_forbidden_character"
    NOT_FHIR = "handover_not_fhir"
    TOO_MANY = "handover_too_many"  # count, limit
    TWO_CHILDREN = "handover_two_children"  # positions
    OTHER_CHILD = "handover_other_child"


@dataclass(frozen=True)
class Content:
    """What a file holds: its form, and what stands in each place (whatever its shape), with its address."""

    form: Form
    places: tuple[tuple[str, Any], ...]
    roots: tuple[Json, ...]


def refused(reason: Refusal, **data: Any) -> Invalid:
    return Invalid(reason.value, **data)


def content(payload: bytes, *, limit: int = LIMIT) -> Content:
    """The resources of a file, not looked into. Raises Invalid with a code of Refusal."""
    if len(payload) > limit:
        raise refused(Refusal.TOO_LARGE, size=len(payload), limit=limit)
    body = _utf8(payload)
    roots, lines = _roots(body)
    for root in roots:
        _wholesome(root)
    for text in body.split(b"\n") if lines else [body]:
        if text.strip():
            json.loads(text, object_pairs_hook=_unambiguous)
    if not all(isinstance(root, dict) and isinstance(root.get("resourceType"), str) for root in roots):
        raise refused(Refusal.NOT_FHIR)
    places = tuple(place for root in roots for place in _places(root, ""))
    if not places:
        raise refused(Refusal.EMPTY)
    if len(places) > MOST:
        raise refused(Refusal.TOO_MANY, count=len(places), limit=MOST)
    whole = Form.BUNDLE if roots[0]["resourceType"] == "Bundle" else Form.RESOURCE
    return Content(Form.NDJSON if lines else whole, places, tuple(roots))


def _utf8(payload: bytes) -> bytes:
    for mark, encoding in WIDE:
        if payload.startswith(mark):
            raise refused(Refusal.ENCODING, encoding=encoding)
    body = payload.removeprefix(b"\xef\xbb\xbf").strip()
    if not body:
        raise refused(Refusal.EMPTY)
    if body.startswith(BINARIES):
        raise refused(Refusal.BINARY)
    if b"\x00" in body[:4]:
        raise refused(Refusal.ENCODING, encoding="UTF-16" if body[:4].count(b"\x00") < 3 else "UTF-32")
    if body.startswith(b"<"):
        raise refused(Refusal.XML)
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data":
            raise refused(Refusal.TRUNCATED, line=body.count(b"\n") + 1) from None
        raise refused(Refusal.ENCODING, encoding="") from None
    return body


def _roots(body: bytes) -> tuple[list[Any], bool]:
    """The JSON values of a file, and whether they stand one on a line (NDJSON)."""
    try:
        return [orjson.loads(body)], False
    except orjson.JSONDecodeError as whole:
        lines = body.split(b"\n")
        try:
            opening = orjson.loads(lines[0])
        except orjson.JSONDecodeError:
            opening = None
        if len(lines) == 1 or not isinstance(opening, dict):
            raise _unparsed(body, whole, 1, last=True) from None
    roots = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            roots.append(orjson.loads(line))
        except orjson.JSONDecodeError as error:
            raise _unparsed(line, error, number, last=number == len(lines)) from None
    return roots, True


def _unparsed(body: bytes, error: orjson.JSONDecodeError, line: int, *, last: bool) -> Invalid:
    """A broken end is told apart from a mistake: the first means "send it again"."""
    if "depth" in error.msg or "recursion" in error.msg.lower():
        return refused(Refusal.TOO_DEEP, limit=DEEPEST)
    starts_well = body[:1] in (b"{", b"[")
    at_end = error.pos >= len(body.decode("utf-8")) or "unexpected end" in error.msg
    if last and starts_well and at_end:
        return refused(Refusal.TRUNCATED, line=line + error.lineno - 1)
    return refused(Refusal.NOT_JSON, line=line + error.lineno - 1, column=error.colno)


def _wholesome(root: Any) -> None:
    """Refuses what the database or a reader would trip over: too deep, and the character no text may hold."""
    level: list[Any] = [root]
    for _ in range(DEEPEST):
        below: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                below.extend(value)
                below.extend(value.values())
            elif isinstance(value, list):
                below.extend(value)
            elif isinstance(value, str) and "\x00" in value:
                raise refused(Refusal.FORBIDDEN_CHARACTER)
        if not below:
            return
        level = below
    raise refused(Refusal.TOO_DEEP, limit=DEEPEST)


def _unambiguous(pairs: list[tuple[str, Any]]) -> None:
    """Refuses an object that says the same thing twice: which of the two counts is nowhere laid down."""
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            raise refused(Refusal.DUPLICATE_KEY, key=key)
        seen.add(key)


def _places(resource: Json, address: str) -> Iterator[tuple[str, Any]]:
    """A resource, or what stands in the entries of a Bundle, Bundles in Bundles too."""
    if resource.get("resourceType") != "Bundle":
        yield address, resource
        return
    for entry in objects(resource, "entry"):
        inner = entry.get("resource")
        if isinstance(inner, dict):
            yield from _places(inner, word(entry, "fullUrl"))
        elif inner is not None:
            yield word(entry, "fullUrl"), inner
