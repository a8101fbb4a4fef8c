"""Own drawn pictures: animals for the children, and five faces. Inline SVG without ids, so they can repeat."""

import zlib
from functools import cache
from pathlib import Path
from typing import Final

DRAWINGS: Final = Path(__file__).parent / "drawings"

ANIMALS: Final = (
    "bear", "cat", "chick", "elephant", "fox", "frog", "lion", "mouse", "owl", "panda", "penguin", "rabbit",
)  # fmt: skip
"""The order decides which child gets which animal: add at the end only."""

FACES: Final = ("very_sad", "sad", "neutral", "happy", "very_happy")


@cache
def drawing(name: str) -> str:
    """The inner SVG of a drawing on a field of 64 by 64, for example `animals/bear`."""
    return (DRAWINGS / f"{name}.svg").read_text(encoding="utf-8").strip()


def animal_for(child_id: object) -> str:
    """The animal of a child: always the same one for the same id, on every machine."""
    return ANIMALS[zlib.crc32(str(child_id).encode()) % len(ANIMALS)]
