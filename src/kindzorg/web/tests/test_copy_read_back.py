"""What was read back of the scan and agreed to stands in the copy of the file."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from kindzorg.careteam.queries import child_for
from kindzorg.needs import actions
from kindzorg.needs.queries import scan_for
from kindzorg.needs.rules import Respondent, Said, current
from kindzorg.needs.talk.actions import check_summary
from kindzorg.needs.talk.rules import NewCheck, Understood, points_of
from kindzorg.needs.tests.world import build
from kindzorg.web.copies.file import needs

pytestmark = pytest.mark.django_db


def test_who_said_that_it_is_right_stands_in_the_copy(now: datetime) -> None:
    world = build(now)
    samira, subject = world.actor("samira"), world.subject("samira")
    actions.open_scan(world.actor("marit"), world.subject("marit"), now)
    said = Said(
        respondent=Respondent.PARENT,
        person_id=world.relatives["samira"],
        given_at=now,
        words="Dan gingen we kamperen",
    )
    actions.say_opening(samira, subject, said, now)
    filled = scan_for(samira, subject, now.date())
    assert filled
    (point,) = points_of(current(filled.answers))
    later = now + timedelta(minutes=5)
    check_summary(samira, subject, None, [NewCheck(point.key, now, Understood.YES)], later)
    opened = child_for(samira, world.child_id, now.date())
    request = SimpleNamespace(actor=samira, today=now.date(), now=later)
    (section,) = [part for part in needs(request, opened) if part.key == "scan_1_read_back"]
    (item,) = section.items
    assert (item.words, item.at) == ("Samira zei: dit klopt.", later)
