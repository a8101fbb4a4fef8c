"""The palliative annex in the copy, for who reads it."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from kindzorg.careplan.annex import queries
from kindzorg.careplan.annex.pages import named, piece_row, treatment_row
from kindzorg.careplan.annex.rules import AnnexPart, AnnexTopic, AnnexTopicView, TreatmentView, part_of
from kindzorg.careplan.talks.rules import TalkView
from kindzorg.careplan.wording import Say
from kindzorg.careteam.queries import OpenedChild
from kindzorg.core.errors import Refused
from kindzorg.web.copies.parts import Item, Section, filled, said, section


def annex(request: Any, opened: OpenedChild) -> tuple[Section, ...]:
    """What everybody said, the treatment agreements with who agreed when, and the talks; earlier wordings inside."""
    given, on = (request.actor, opened.subject), request.today
    try:
        found = queries.annex_for(*given, on)
    except Refused:
        return ()
    words = Say(opened.audience, "annex")
    treatments = queries.treatments_for(*given, found.words, on)
    talks = queries.talks_for(*given, on)
    spoken = [_talk(one, words) for one in (*talks.planned, *talks.held)]
    return filled(
        section("annex_treatments", words["treatments"], [_treatment(one, opened, on) for one in treatments]),
        *_parts(opened, queries.pieces_for(*given, tuple(AnnexTopic), on), words),
        section("annex_talks", words["talks"], spoken),
    )


def _parts(opened: OpenedChild, topics: Sequence[AnnexTopicView], words: Say) -> Iterable[Section]:
    told = [one for one in topics if one.pieces or one.earlier]
    for part in AnnexPart:
        items = [_topic(one, opened) for one in told if part_of(one.topic) == part]
        yield section(f"annex_{part}", words[f"part_{part}"], items)


def _topic(one: AnnexTopicView, opened: OpenedChild) -> Item:
    rows = [piece_row(piece, opened) for piece in (*one.pieces, *one.earlier)]
    inside = tuple(Item("", words=row["words"], at=row["at"], by=row["who"]) for row in rows)
    return Item(named(f"topic_{one.topic}", opened), inside=inside)


def _treatment(one: TreatmentView, opened: OpenedChild, on: Any) -> Item:
    row = treatment_row(one, opened.audience, on)
    fields = said(
        ("choice", _("What"), row["choice"]),
        ("state", _("State"), row["state"]),
        ("discussed", _("About"), "; ".join(row["lines"])),
        (
            "agreed",
            _("Who agreed"),
            "; ".join(": ".join(filter(None, (each["line"], each["reason"]))) for each in row["said"]),
        ),
    )
    earlier = tuple(_treatment(before, opened, on) for before in one.earlier)
    return Item(row["title"], fields, words=one.why, at=one.at, by=one.by, inside=earlier)


def _talk(one: TalkView, words: Say) -> Item:
    fields = said(("whom", words["ask_with_whom"], one.with_whom))
    return Item(words[f"talk_{one.kind}"], fields, words=one.words, at=one.on, by=one.by)
