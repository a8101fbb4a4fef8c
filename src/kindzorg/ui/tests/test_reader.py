"""The reader stands on the pages of families, and nowhere else; what it does is seen in the browser."""

import pytest
from django.template import engines


@pytest.mark.parametrize(
    ("audience", "there"), [("child", True), ("parent", True), ("professional", False), ("", False)]
)
def test_the_reader_is_for_families(audience: str, there: bool) -> None:
    page = engines["django"].from_string('{% extends "ui/base.html" %}').render({"audience": audience})
    assert ("data-kz-reader " in page) == there
    assert "<select" not in page or "kz-visually-hidden" in page
