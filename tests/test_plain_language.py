"""The check of plain language sees what it should see; what the house holds now is its own check (`make check`)."""

from collections import Counter
from pathlib import Path

import pytest

from kindzorg.core.vocabulary import Audience
from kindzorg.ui.plain.rules import Finding, Sign
from tests import plain_language as plain

pytestmark = pytest.mark.once
LONG = "Dit is een zin met heel veel woorden die een kind niet uit leest."
FOUND = plain.Hard("web.one", "lead", Audience.CHILD, Finding(Sign.LONG, LONG))


def test_a_text_is_read_as_child_and_parent_would_read_it() -> None:
    fallen_back = {"lead": {"professional": {"nl": LONG, "en": "x"}}}
    assert [(one.reader, one.finding.sign) for one in plain.in_content("web.new", fallen_back)] == [
        (Audience.CHILD, Sign.LONG)
    ]
    only_parent = {
        "lead": {"parent": {"nl": "Indien u wilt.", "en": "x"}},
        "list": [{"nl": "Kort.", "en": "x"}],
    }
    assert {one.reader for one in plain.in_content("web.new", only_parent)} == {
        Audience.CHILD,
        Audience.PARENT,
    }


def test_what_no_family_reads_is_left_out_but_never_what_is_written_for_them(monkeypatch) -> None:
    monkeypatch.setattr(plain, "readers", lambda: {"professional": ["web.new.*"], "adults": ["web.grown.*"]})
    assert not list(plain.in_content("web.new", {"lead": {"professional": {"nl": LONG, "en": "x"}}}))
    assert not list(plain.in_content("web.grown", {"lead": {"parent": {"nl": LONG, "en": "x"}}}))
    assert list(plain.in_content("web.new", {"lead": {"child": {"nl": LONG, "en": "x"}}}))


def test_a_marked_text_of_a_page_for_professionals_alone_is_left_out(monkeypatch) -> None:
    monkeypatch.setattr(
        plain, "sources", lambda: {"fhir/views.py": '_("Import")', "web/home.py": '_("Home")'}
    )
    monkeypatch.setattr(plain, "readers", lambda: {"professional": ["fhir/*"], "adults": []})
    assert not plain.families_see("Import")
    assert plain.families_see("Home") and plain.families_see("Nowhere to be found")


def test_more_than_the_budget_is_said_and_what_is_allowed_is_not() -> None:
    assert plain.over([FOUND], Counter()) == [f"web.one.lead for child: long: {LONG}"]
    assert plain.over([FOUND], Counter({("web.one", "child", "long"): 1})) == []
    assert len(plain.over([FOUND, FOUND], Counter({("web.one", "child", "long"): 1}))) == 2


def test_a_budget_goes_down_and_never_up(tmp_path: Path) -> None:
    path = tmp_path / "budget.csv"
    path.write_text(
        "topic,reader,sign,allowed\nweb.gone,child,long,3\nweb.one,child,long,2\n", encoding="utf-8"
    )
    plain.lower([FOUND], path)
    assert plain.budget(path) == {("web.one", "child", "long"): 1}
    plain.lower([FOUND] * 5, path)
    assert plain.budget(path) == {("web.one", "child", "long"): 1}


def test_nothing_is_allowed_to_be_long_or_unexplained() -> None:
    """Only the hints of passive voice have a budget left: what is long or unexplained was all mended."""
    assert {sign for _, _, sign in plain.budget()} == {Sign.PASSIVE.value}


def test_the_patterns_say_something(capsys) -> None:
    """A pattern that fits no text is dead: somebody renamed what it was about."""
    found = {
        f"{path.relative_to(plain.SOURCE).parts[0]}.{path.stem}.{key}"
        for path in plain.messages.content_files()
        for key, _ in plain.texts_of(plain.yaml.load(path.read_text("utf-8"), Loader=plain.yaml.CSafeLoader))
    } | set(plain.sources())
    patterns = [one for kind in plain.readers().values() for one in kind]
    assert not [one for one in patterns if not any(plain.fnmatchcase(name, one) for name in found)]
    plain.report([FOUND], "web")
    assert LONG in capsys.readouterr().out
