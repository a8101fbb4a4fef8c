"""A search finds nothing of what is hidden from who searches: docs/privacy-inside.md."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from kindzorg.careplan.reports.actions import keep_report_from_parents, write_report
from kindzorg.careplan.reports.rules import NewReport
from kindzorg.careteam.tests.world import NOW
from kindzorg.core.vocabulary import LifeDomain
from tests.test_privacy_inside import Two, Visit, bare, two

pytestmark = pytest.mark.django_db
assert two  # a fixture


def test_a_search_finds_nothing_that_is_hidden(two: Two) -> None:
    later = NOW + timedelta(minutes=30)
    new = NewReport(words="geheim verslag", happened_at=later, domain=LifeDomain.SOCIAL)
    entry = write_report(*two.hiding.as_("child"), new, later)
    keep_report_from_parents(*two.hiding.as_("child"), entry, later)
    for word in ("geheim", "uitslag", "zorgen", "slaapt"):
        hiding, plain = (
            Visit(family).browser.get(reverse("child_search", args=[family.id]), {"q": word})
            for family in (two.hiding, two.plain)
        )
        assert bare(hiding.content.decode()) == bare(plain.content.decode()), word
    own = Visit(two.hiding, "child").browser
    assert "geheim verslag" in _text(own.get(reverse("child_search", args=[two.hiding.id]), {"q": "geheim"}))


def _text(answer: Any) -> str:
    return re.sub(r"<[^>]+>", "", answer.content.decode())
