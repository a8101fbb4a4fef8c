"""The colours of another brand: measured against the theme, light and dark, and written as a stylesheet over it."""

import re

import pytest

from kindzorg.ui.colours import HOVER, PAIRS, Weak, completed, contrast, hover_of, stylesheet, theme, weak_in
from kindzorg.ui.tests.test_theme import themes

PLUM = {
    "light": {"brand": "#7a1f4f", "brand-tint": "#f8e8f0", "brand-fill": "#7a1f4f"},
    "dark": {"brand": "#f0a8c8", "brand-tint": "#43182d", "brand-fill": "#f0a8c8"},
}


def test_it_reads_the_theme_as_it_is() -> None:
    for mode, colours in themes().items():
        shown = {f"kz-color-{name}": colour for name, colour in theme()[mode].items()}
        assert shown == {name: colour for name, colour in colours.items() if colour.startswith("#")}
    assert not list(weak_in({}))


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [("#000000", "#ffffff", 21), ("#ffffff", "#000000", 21), ("#777777", "#777777", 1)],
)
def test_contrast_is_that_of_wcag(one: str, other: str, found: float) -> None:
    assert contrast(one, other) == pytest.approx(found)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_a_pale_brand_is_weak_and_says_where_and_how_far() -> None:
    pale = {"light": {**PLUM["light"], "brand": "#e08ab0"}, "dark": PLUM["dark"]}
    found = list(weak_in(pale))
    assert {(one.mode, one.one) for one in found} == {("light", "brand")}
    assert {one.other for one in found} == {"paper", "surface", "sunken", "brand-tint"}
    assert found[1] == Weak("light", "brand", "surface", found[1].found, 4.5) and 2 < found[1].found < 3
    assert not list(weak_in(PLUM))


def test_dark_is_measured_too_and_edges_ask_less() -> None:
    dark = {"dark": {"brand": "#7a1f4f", "brand-tint": "#17383b", "brand-fill": "#84cdd0"}}
    assert {one.mode for one in weak_in(dark)} == {"dark"}
    faint = {"light": {**PLUM["light"], "brand-fill": "#ffe0f0"}}
    assert {(one.other, one.least) for one in weak_in(faint) if one.one == "brand-fill"} == {
        ("paper", 3.0),
        ("surface", 3.0),
    }
    assert {one.one for one in weak_in(faint)} == {"on-fill", "brand-fill"}


def test_a_button_under_the_pointer_steps_away_from_its_text() -> None:
    assert hover_of("#808080", "#ffffff") == "#666666"
    assert hover_of("#808080", "#000000") == "#999999"
    for mode in ("light", "dark"):
        there = completed(PLUM)[mode]
        assert contrast(there["on-fill"], there[HOVER]) > contrast(there["on-fill"], there["brand-fill"])
        assert completed({})[mode] == theme()[mode]


def test_the_stylesheet_covers_the_theme_in_each_of_its_three_blocks() -> None:
    css = stylesheet(PLUM)
    assert stylesheet({}) == ""
    assert re.findall(r":root[^{]*", css) == [
        ":root",
        ':root:not([data-theme="light"])',
        ':root[data-theme="dark"]',
    ]
    blocks = re.findall(r":root[^{]*\{([^}]*)\}", css)
    assert blocks[1] == blocks[2] != blocks[0] and "--kz-color-brand:#7a1f4f;" in blocks[0]
    assert "--kz-color-brand-fill-hover:" in blocks[1]
    assert set(re.findall(r"--kz-color-([\w-]+)", css)) == {"brand", "brand-tint", "brand-fill", HOVER}
    assert {one for one, _, _ in PAIRS} <= set(theme()["light"])
