"""What the stories share: people who come in at the door of the product with the demo families."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.journeys.people import Visitor


@pytest.fixture
def come_in(
    open_page: Callable[..., Any], site: str, check_page: Callable[..., None]
) -> Callable[..., Visitor]:
    """`come_in("Marit van der Laan", "Yusuf Haddad", width="narrow", javascript=False)`: a person signed in."""

    def come(name: str, child: str = "", width: str = "wide", *, javascript: bool = True) -> Visitor:
        eyes = None if javascript else open_page(width)
        visitor = Visitor(open_page(width, javascript=javascript), site, check_page, eyes).signs_in(name)
        if child:
            visitor.opens(child)
        return visitor

    return come
