"""Looking at the plan together, in the copy: each review with what was prepared for it."""

from typing import Any

from kindzorg.careplan.reviews.pages import face_words, review_row
from kindzorg.careplan.reviews.queries import preparations_for, reviews_for
from kindzorg.careplan.reviews.rules import PreparationView, ReviewView
from kindzorg.careplan.wording import Say
from kindzorg.careteam.queries import OpenedChild
from kindzorg.web.copies.parts import Item, Section, filled, said, section


def reviews(request: Any, opened: OpenedChild) -> tuple[Section, ...]:
    """Every review that this reader sees, newest day first. Two statements."""
    given, words = (request.actor, opened.subject, request.today), Say(opened.audience, "reviews")
    prepared = preparations_for(*given)
    found = [_review(one, prepared.get(one.id, ()), opened, words) for one in reviews_for(*given)]
    return filled(section("reviews", words["title"], found))


def _review(one: ReviewView, prepared: tuple[PreparationView, ...], opened: OpenedChild, words: Say) -> Item:
    row = review_row(one, opened.audience)
    return Item(
        row["about"],
        said(("state", words["state"], row["state"])),
        words=one.words,
        at=one.on_day,
        by=", ".join(filter(None, (one.by, one.organisation))),
        inside=tuple(_prepared(entry, words) for entry in prepared),
    )


def _prepared(one: PreparationView, words: Say) -> Item:
    fields = said(
        ("face", words["mine_goal"], face_words(one.face) if one.face else ""),
        *((name, words[f"short_{name}"], getattr(one, name)) for name in ("well", "not_well", "next")),
    )
    return Item(
        words["prepare_title"], fields, at=one.at, by=", ".join(filter(None, (one.by, one.organisation)))
    )
