"""Own drawn pictures: animals for the children, five faces, pictograms. Inline SVG without ids, so they can repeat.

A pictogram stands on a grid of 48 by 48, in lines of one width with round ends, in the colour of what is around it,
with a tint of that colour inside. It holds no word, and its name always stands beside it.
"""

import zlib
from functools import cache
from pathlib import Path
from typing import Final

DRAWINGS: Final = Path(__file__).parent / "drawings"

ANIMALS: Final = (
    "bear", "cat", "chick", "elephant", "fox", "frog", "lion", "mouse", "owl", "panda", "penguin", "rabbit",
)  # fmt: skip
"""The order decides which child gets which animal: add at the end only."""

PICTOGRAMS: Final = tuple(sorted(path.stem for path in (DRAWINGS / "pictograms").glob("*.svg")))
"""What rooms show a picture of: each is called after the thing in that room (a topic, an act, a place)."""

FACES: Final = ("very_sad", "sad", "neutral", "happy", "very_happy")


@cache
def drawing(name: str) -> str:
    """The inner SVG of a drawing, for example `animals/bear`, or `pictograms/school`. Raises FileNotFoundError."""
    return (DRAWINGS / f"{name}.svg").read_text(encoding="utf-8").strip()


def animal_for(child_id: object) -> str:
    """The animal of a child: always the same one for the same id, on every machine."""
    return ANIMALS[zlib.crc32(str(child_id).encode()) % len(ANIMALS)]
