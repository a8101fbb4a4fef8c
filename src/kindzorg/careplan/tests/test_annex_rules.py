"""Where an agreement on a treatment stands, by what was said."""

from datetime import date

import pytest

from kindzorg.careplan.annex.rules import TreatmentChoice, TreatmentKind, TreatmentState, TreatmentView
from kindzorg.core.ids import new_id
from tests.machine import NOW

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("choice", "state"),
    [
        (TreatmentChoice.NOT_SPOKEN, TreatmentState.NOT_SPOKEN),
        (TreatmentChoice.DO_NOT, TreatmentState.TO_CONFIRM),
    ],
)
def test_what_nobody_spoke_of_waits_for_nobody(choice: TreatmentChoice, state: TreatmentState) -> None:
    view = TreatmentView(
        id=new_id(),
        entry_id=new_id(),
        kind=TreatmentKind.BLOOD,
        choice=choice,
        name="",
        why="",
        discussed_with="",
        discussed_on=None,
        valid_from=date(2026, 9, 1),
        review_on=None,
        revision=1,
        by="Dr. Karin van Dijk",
        organisation="De Linde",
        at=NOW,
        asked=(),
    )
    assert view.state == state
