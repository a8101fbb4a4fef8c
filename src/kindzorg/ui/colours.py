"""The colours of the theme, how well one can be read on another (WCAG 2.2), and what another brand must reach. Pure.

A theme of an organisation changes the tokens in `TOKENS`; all else stays as it is in theme.css.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

THEME = Path(__file__).parent / "static" / "ui" / "theme.css"
MODES = ("light", "dark")
TOKENS = ("brand", "brand-tint", "brand-fill")
HOVER = "brand-fill-hover"
COLOUR = re.compile(r"#[0-9a-f]{6}")
TEXT, EDGE = 4.5, 3.0
# One on the other, and how much there must be between them. Also for a text on a button while a pointer is on it.
PAIRS = (
    *(("brand", ground, TEXT) for ground in ("paper", "surface", "sunken", "brand-tint")),
    *((text, "brand-tint", TEXT) for text in ("ink", "muted")),
    *(("on-fill", fill, TEXT) for fill in ("brand-fill", HOVER)),
    *(("brand-fill", ground, EDGE) for ground in ("paper", "surface")),
)

Colours = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Weak:
    """Two colours that stand too near each other: in which mode, how much there is and how much there must be."""

    mode: str
    one: str
    other: str
    found: float
    least: float


@cache
def theme() -> Colours:
    """The colours of theme.css: mode -> token -> "#rrggbb"."""
    css = THEME.read_text(encoding="utf-8")
    light, dark, _chosen = (
        dict(re.findall(r"--kz-color-([\w-]+):\s*(#[0-9a-f]{6});", block))
        for block in re.findall(r":root[^{]*\{([^}]*)\}", css)
    )
    return {"light": light, "dark": {**light, **dark}}


def luminance(colour: str) -> float:
    """How bright a colour is, from 0 to 1."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """How much there is between two colours, from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def hover_of(fill: str, on_fill: str) -> str:
    """The colour of a button while a pointer is on it: a step away from the colour of its text."""
    towards = 0 if luminance(on_fill) > luminance(fill) else 255
    parts = (int(fill[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{round(part + (towards - part) * 0.2):02x}" for part in parts)


def completed(colours: Colours) -> Colours:
    """The whole theme with these colours in it."""
    found = {}
    for mode, shipped in theme().items():
        found[mode] = {**shipped, **colours.get(mode, {})}
        if "brand-fill" in colours.get(mode, {}):
            found[mode][HOVER] = hover_of(found[mode]["brand-fill"], found[mode]["on-fill"])
    return found


def weak_in(colours: Colours) -> Iterator[Weak]:
    """What cannot be read or seen well enough with these colours (WCAG 2.2 AA: 1.4.3, 1.4.11), rounded down."""
    for mode, there in completed(colours).items():
        for one, other, least in PAIRS:
            if (found := contrast(there[one], there[other])) < least:
                yield Weak(mode, one, other, int(found * 100) / 100, least)


def stylesheet(colours: Colours) -> str:
    """The tokens as CSS over theme.css: light, and dark for the device or by choice; on paper light."""
    if not colours:
        return ""
    whole = completed(colours)
    light, dark = (
        "".join(f"--kz-color-{name}:{whole[mode][name]};" for name in (*TOKENS, HOVER)) for mode in MODES
    )
    return (
        f":root{{{light}}}\n"
        f'@media screen and (prefers-color-scheme:dark){{:root:not([data-theme="light"]){{{dark}}}}}\n'
        f'@media screen{{:root[data-theme="dark"]{{{dark}}}}}\n'
    )
