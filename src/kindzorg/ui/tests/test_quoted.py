"""Quotation marks stand at the ends of what was said, whichever way the page runs."""

import pytest
from django.template import Context, Template
from django.utils import translation

from kindzorg.ui.wording import quoted

SHOWN = Template("{% load kz %}{{ words|quoted }}")


@pytest.mark.parametrize("language", ["nl", "en", "tr", "uk", "pl"])
def test_from_left_to_right_nothing_is_added(language: str) -> None:
    with translation.override(language):
        assert quoted("Fijn, met drie nachten") == "“Fijn, met drie nachten”"


def test_from_right_to_left_they_are_held_together_with_the_words() -> None:
    with translation.override("ar"):
        assert quoted("Fijn, met drie nachten") == "\u2068“Fijn, met drie nachten”\u2069"


def test_on_a_page_the_words_stay_words() -> None:
    assert SHOWN.render(Context({"words": "<b>a</b>"})) == "“&lt;b&gt;a&lt;/b&gt;”"
