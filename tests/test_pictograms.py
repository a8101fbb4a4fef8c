"""The pictograms: each thing that a child is shown has one, none is left over, and all are of one hand."""

import re
from collections.abc import Iterator
from itertools import chain
from xml.etree.ElementTree import Element, fromstring

import pytest
from django.utils import translation

from kindzorg.careplan.procedures.pages import kind_picture
from kindzorg.careplan.procedures.rules import CHOICES, KINDS, PICTURES, SHIPPED, Moment, Step
from kindzorg.careplan.visits.rules import Place
from kindzorg.careteam.competences.rules import ACTS
from kindzorg.core.texts import content
from kindzorg.needs.definition import definition
from kindzorg.ui import gallery
from kindzorg.ui.marks import pictogram
from kindzorg.ui.pictures import PICTOGRAMS, drawing

STEPS_SHOWN = [(moment, key) for key, (moment, _) in SHIPPED.items()] + [(one, "") for one in Moment]
SHOWN = {
    "step of what is going to happen": {Step(*given).picture for given in STEPS_SHOWN},
    "choice of a child": {PICTURES.get(one, one) for some in CHOICES.values() for one in some},
    "happening": {kind_picture(kind) for kind in KINDS},
    "topic of the scan": {topic.id for topic in definition().topics},
    "act": set(ACTS),
    "place of a visit": {str(place) for place in Place},
}
GRID = 48
DRAWN_WITH = {
    "g": {"transform"},
    "path": {"d"},
    "circle": {"cx", "cy", "r"},
    "ellipse": {"cx", "cy", "rx", "ry"},
    "rect": {"x", "y", "width", "height", "rx"},
}
PAINT = {"fill", "fill-opacity", "stroke", "class"}


def parts(name: str) -> Iterator[Element]:
    whole = fromstring(f"<svg>{drawing(f'pictograms/{name}')}</svg>")  # noqa: S314 - our own file
    return (part for part in whole.iter() if part is not whole)


@pytest.mark.parametrize("kind", SHOWN)
def test_everything_that_is_shown_has_a_pictogram(kind: str) -> None:
    assert SHOWN[kind] - set(PICTOGRAMS) == set()


def test_no_pictogram_is_left_over() -> None:
    assert set(PICTOGRAMS) - set(chain.from_iterable(SHOWN.values())) == set()


@pytest.mark.parametrize("name", PICTOGRAMS)
def test_a_pictogram_is_of_the_same_hand(name: str) -> None:
    for part in parts(name):
        assert set(part.attrib) <= DRAWN_WITH[part.tag] | PAINT, part.attrib
        assert part.get("fill", "currentColor") == "currentColor"
        assert part.get("fill-opacity", ".24") == ".24"
        assert part.get("stroke", "none") == "none"
        assert part.get("class", "kz-pictogram__open") == "kz-pictogram__open"
        assert not (part.text or "").strip()
    assert any(part.get("fill") for part in parts(name)), "no tint inside"


@pytest.mark.parametrize("name", PICTOGRAMS)
def test_a_pictogram_stays_on_its_grid(name: str) -> None:
    for part in parts(name):
        for axis, size in (("cx", "r"), ("cy", "r"), ("cx", "rx"), ("cy", "ry")):
            if axis in part.attrib and size in part.attrib:
                middle, reach = float(part.attrib[axis]), float(part.attrib[size])
                assert 0 <= middle - reach < middle + reach <= GRID
        for start in re.findall(r"M(-?[\d.]+) (-?[\d.]+)", part.get("d", "")):
            assert all(0 <= float(number) <= GRID for number in start)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_pictogram_has_a_name_in_the_gallery(language: str) -> None:
    with translation.override(language):
        named = gallery.pictograms()
    assert {one["name"] for one in named} == set(PICTOGRAMS) == set(content("ui", "pictograms"))
    said = [one["said"] for one in named]
    assert len(said) == len(set(said))
    assert all(len(words.split()) <= 8 for words in said)


def test_a_pictogram_is_silent_unless_it_has_a_name() -> None:
    assert 'aria-hidden="true"' in pictogram("school")
    assert 'role="img" aria-label="School &amp; co"' in pictogram("school", "lg", "School & co")
