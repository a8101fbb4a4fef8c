"""A style of an organisation: what it may be, that it is kept before it counts, and who may."""

from datetime import datetime
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from kindzorg.access.policy import Actor, Grant
from kindzorg.access.roles import Role, Scope
from kindzorg.audit.models import AuditLine
from kindzorg.core.errors import Invalid, Missing, Refused
from kindzorg.core.own_words import House
from kindzorg.people import own
from kindzorg.people.house.actions import keep_style, use_style
from kindzorg.people.house.queries import organisation_managed, style_kept, style_shown, styles_of
from kindzorg.people.house.rules import NewStyle, check_style
from kindzorg.people.models import HouseStyle, Organisation
from kindzorg.people.tests.test_own_texts import house, lead, lead_of, nothing_kept, veldzicht
from kindzorg.ui.tests.test_colours import PLUM

assert lead and veldzicht and nothing_kept  # fixtures
LOGO = b"\xff\xd8\xff" + b"0" * 100
PLAIN = NewStyle("Veldzicht", LOGO, PLUM)


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (NewStyle(" "), "name_length"),
        (NewStyle("a" * 61), "name_length"),
        (NewStyle("V", b"<svg onload=..."), "logo_not_fit"),
        (NewStyle("V", b"\xff\xd8\xff" + b"0" * 200_000), "logo_not_fit"),
        (NewStyle("V", None, {"dusk": {}}), "colour_not_known"),
        (NewStyle("V", None, {"light": {"on-fill": "#ffffff"}}), "colour_not_known"),
        (NewStyle("V", None, {"light": {"brand": "red;}"}}), "colour_not_known"),
        (NewStyle("V", None, {"light": {"brand": "#ffffff"}}), "colours_weak"),
    ],
)
def test_what_is_no_style_is_refused(new: NewStyle, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        check_style(new)
    check_style(PLAIN)
    check_style(NewStyle("Veldzicht"))


def kept(organisation: Organisation) -> tuple[object, ...]:
    row = Organisation.objects.get(id=organisation.id)
    found = own.kept_of(House(row.id, row.own_stamp))
    return found.style, found.name, found.has_logo, found.has_colours


def test_it_counts_only_once_it_is_switched_on_and_can_be_undone(
    veldzicht: Organisation, lead: Actor, now: datetime
) -> None:
    first, second = keep_style(lead, PLAIN, now), keep_style(lead, NewStyle("Anders"), now)
    assert [one.id for one in styles_of(lead, now.date())] == [second, first]
    assert organisation_managed(lead, now.date()).style is None and kept(veldzicht)[0] is None
    use_style(lead, first, now)
    assert kept(veldzicht) == (first, "Veldzicht", True, True)
    use_style(lead, second, now)
    assert kept(veldzicht) == (second, "Anders", False, False)
    use_style(lead, None, now)
    assert kept(veldzicht) == (None, "", False, False)
    events = (
        AuditLine.objects.filter(event__startswith="house.").order_by("id").values_list("event", flat=True)
    )
    assert list(events) == ["house.style_kept"] * 2 + ["house.style_used"] * 3
    with pytest.raises(DatabaseError), transaction.atomic():
        HouseStyle.objects.filter(id=first).update(name="x")


def test_one_of_another_house_is_not_there(veldzicht: Organisation, lead: Actor, now: datetime) -> None:
    theirs = keep_style(lead_of(house("De Linde", now).id, now), PLAIN, now)
    for attempt in (
        lambda: use_style(lead, theirs, now),
        lambda: style_kept(lead, theirs, now.date()),
        lambda: style_shown(lead, uuid4()),
    ):
        with pytest.raises(Missing):
            attempt()
    assert style_shown(lead, theirs).name == "Veldzicht"
    mine = keep_style(lead, PLAIN, now)
    assert style_kept(lead, mine, now.date()).colours == PLUM


def test_nobody_else_may(veldzicht: Organisation, lead: Actor, now: datetime) -> None:
    mine = keep_style(lead, PLAIN, now)
    nurse = Actor(uuid4(), "X", (Grant(Role.PAEDIATRIC_NURSE, Scope.ORGANISATION, veldzicht.id, now.date()),))
    for attempt in (
        lambda: keep_style(nurse, PLAIN, now),
        lambda: use_style(nurse, mine, now),
        lambda: styles_of(nurse, now.date()),
        lambda: style_kept(nurse, mine, now.date()),
    ):
        with pytest.raises(Refused):
            attempt()
