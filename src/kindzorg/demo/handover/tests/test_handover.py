"""The demo's handover on another day."""

from datetime import date, timedelta

import pytest

from kindzorg.demo.days import day
from kindzorg.demo.handover import FILE, WRITTEN_FOR, handover_on
from kindzorg.fhir.intake import Outcome, read
from kindzorg.record.items import InterventionItem


def test_on_its_own_day_it_is_the_file_as_written() -> None:
    assert handover_on(WRITTEN_FOR) == FILE.read_bytes()


@pytest.mark.parametrize("today", [date(2026, 9, 14), date(2027, 3, 31), date(2028, 2, 29)])
def test_on_any_day_the_baby_is_four_months_old_and_goes_home_tomorrow(today: date) -> None:
    intake = read(handover_on(today))
    assert intake.child
    assert intake.child.birth_date == day("-4m", today).isoformat()
    starts = {item.period.start for item in intake.items if isinstance(item, InterventionItem)} - {""}
    assert starts == {(today + timedelta(days=1)).isoformat()}
    assert intake.counts[Outcome.TAKEN] == read(FILE.read_bytes()).counts[Outcome.TAKEN]
    assert not any(line.faults for line in intake.report)
