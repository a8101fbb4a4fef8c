"""The tokens: both dark blocks are equal, and every text on its ground reaches WCAG 2.2 AA."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

import kindzorg
from kindzorg.ui.colours import contrast

STYLES = Path(__file__).parent.parent / "static" / "ui"
TINTED = (
    "brand", "alarm", "warning", "success", "info", "neutral", "medical", "development", "social", "safety",
)  # fmt: skip


def tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--(kz-[\w-]+):\s*([^;]+);", block))


def themes() -> dict[str, dict[str, str]]:
    css = (STYLES / "theme.css").read_text(encoding="utf-8")
    light, device, chosen = (tokens(block) for block in re.findall(r":root[^{]*\{([^}]*)\}", css))
    assert device == chosen
    return {"light": light, "dark": {**light, **chosen}}


PAIRS = [
    *((f"{tone}", f"{tone}-tint") for tone in TINTED),
    *((tone, ground) for tone in TINTED for ground in ("surface", "paper")),
    *((text, ground) for text in ("ink", "muted") for ground in ("paper", "surface", "sunken")),
    *(("ink", f"{tone}-tint") for tone in TINTED),
    *(("on-fill", fill) for fill in ("brand-fill", "brand-fill-hover", *TINTED[1:5], *TINTED[6:])),
    ("muted", "social-tint"),
    ("muted", "brand-tint"),
]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_can_be_read(theme: str) -> None:
    colours = themes()[theme]
    weak = {
        pair: round(found, 2)
        for pair in PAIRS
        if (found := contrast(*(colours[f"kz-color-{name}"] for name in pair))) < 4.5
    }
    assert weak == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_edges_of_controls_and_focus_can_be_seen(theme: str) -> None:
    colours = themes()[theme]
    for name in ("edge", "focus"):
        for ground in ("surface", "paper", "social-tint"):
            assert contrast(colours[f"kz-color-{name}"], colours[f"kz-color-{ground}"]) >= 3


def test_every_token_used_exists_and_the_styles_stay_small() -> None:
    sheets = {path.name: path.read_text(encoding="utf-8") for path in STYLES.glob("*.css")}
    known = set(re.findall(r"--(kz-[\w-]+):", "".join(sheets.values())))
    assert set(re.findall(r"var\(--(kz-[\w-]+)", "".join(sheets.values()))) <= known
    assert sum(len(css.encode()) for css in sheets.values()) < 60_000
    assert "url(" not in "".join(sheets.values())


def test_all_scripts_together_stay_under_60_kb_compressed() -> None:
    """Every script of the product at once, which no page loads: its own, and htmx as django-htmx ships it."""
    own = list(Path(kindzorg.__file__).parent.glob("*/static/**/*.js"))
    shipped = finders.find("django_htmx/htmx-2.min.js")
    assert own and shipped
    assert sum(len(gzip.compress(Path(one).read_bytes())) for one in [*own, shipped]) < 60_000
