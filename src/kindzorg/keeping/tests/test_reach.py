"""Every column in which somebody can write of a child: a granted deletion reaches it, or it is said why not."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from kindzorg.careplan.tests.conftest import World
from kindzorg.core.destroyed import BEGIN
from kindzorg.core.fields import EncryptedBytesField, EncryptedJSONField, EncryptedTextField
from kindzorg.core.thawing import thawed
from kindzorg.keeping import erasing
from kindzorg.keeping.requests.rules import About
from kindzorg.keeping.tests.test_destroying import GOAL, destroys, gone, world
from kindzorg.people.models import ChildItem
from kindzorg.referral.models import ReferralOutcome
from tests.made_rows import make_row, row_for

__all__ = ["world"]

# From this length on words fit in it; what is shorter holds a name, a code, a source.
LONG = 300
WORDED = (models.TextField, models.JSONField, EncryptedTextField, EncryptedJSONField, EncryptedBytesField)

# What can be pointed out itself, with what came in of it or was copied of it: emptied by its own room.
ITSELF = {
    "record_recorditem": {"source_key", "other_keys", "source", "title", "data"},
    "record_rawresource": {"fhir_type", "fhir_id", "source_key", "title", "field", "faults", "raw", "tells"},
    "record_sourcedocument": {"raw"},
    "record_difference": {"current", "incoming", "source"},
    "record_note": {"words"},
    "record_familynote": {"words"},
    "record_statement": {"words"},
    "careplan_report": {"words"},
    "careteam_mark": {"reason"},
    "needs_needsanswer": {"given"},
    "needs_needshandover": {"profile"},
    "careplan_planversion": {"needs"},
    "careplan_goaltext": {"words", "steps", "needs"},
    "careplan_agreementterms": {"what", "where", "when", "need", "protocol_link", "situation"},
    "careplan_domainchoice": {"need"},
    "closure_needsettlement": {"words"},
}
# What stays, and why.
STAYS = {
    "careteam_capacity.reason": "a professional's assessment on which rests who decides (BW 7:465)",
    "careteam_wish.words": "the child's own declaration in writing; its author alone takes it back (BW 7:458a)",
    "careteam_consent.reason": "the proof of who said yes or no to whom, and why (AVG 7(1))",
    "careteam_emergencyaccess.reason": "why somebody broke the glass: who answers for it must be able to",
    "careteam_emergencyreview.note": "what the privacy officer found of it",
    "careteam_coachstep.heard_of": "the name of who said yes or no for the family",
    "careteam_invitation.said_by": "the names of who agreed to it",
    "record_restrictednote.words": "kept from the whole family, for the child's safety: decided on apart, if at all",
    "record_sourcedocument.name": "the name of a file as it came",
    "record_sourcedocument.source": "who sent a file",
    "record_sourcedocument.counts": "numbers",
    "record_handoverupload.name": "the name of a file on its way",
    "record_handoverupload.source": "who sent it",
    "record_handoverupload.raw": "gone as soon as it was read or refused",
    "record_handoverupload.problem_data": "where in a file reading it stopped",
    "record_attachment.raw": "a photo or document goes with what it hangs on; by itself nothing points it out",
    "record_attachment.small": "as its large one",
    "referral_referraldraft.facts": "answers of a word each",
    "referral_referralassessment.outcome": "what the rules said, in codes",
    "referral_referraldissent.view": "entries of the referral tree by their name",
    "careplan_goaltext.domains": "words of a list",
    "careplan_demand.acts": "words of a list",
    "careplan_procedurewish.chosen": "words of a list",
    "careplan_meetingend.present": "the names of who was there",
    "careplan_review.domains": "words of a list",
    "careplan_treatmentagreement.asked": "who had to agree, by name: it says under what an agreement stands",
    "keeping_filemerge.filled": "names of columns",
    "keeping_filemerge.brought": "names of tables and ids",
    "keeping_legalhold.reason": "why the file must be kept: it holds against a deletion",
    "keeping_holdlifting.reason": "why it need not be kept any more",
}


def columns() -> Iterator[tuple[str, str]]:
    """Table and column of all that somebody can write in about a child."""
    for table in apps.get_models():
        if not issubclass(table, ChildItem):
            continue
        for column in table._meta.concrete_fields:
            wide = isinstance(column, models.CharField) and (column.max_length or LONG) >= LONG
            if isinstance(column, WORDED) or wide:
                yield table._meta.db_table, column.name


def beside() -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for table, names in erasing.BESIDE.items():
        found |= {(table._meta.db_table, name) for name in names}
    return found | {(table._meta.db_table, column) for table, (column, _) in erasing.INSIDE.items()}


def itself() -> set[tuple[str, str]]:
    return {(table, name) for table, names in ITSELF.items() for name in names}


def stays() -> set[tuple[str, str]]:
    return {(table, name) for table, _, name in (key.partition(".") for key in STAYS)}


def test_every_column_with_words_is_reached_or_says_why_it_stays() -> None:
    known = beside() | itself() | stays()
    assert sorted(set(columns()) - known) == []
    assert sorted((itself() | stays()) - set(columns())) == [], "these are no such columns any more"
    assert sorted(stays() & (beside() | itself())) == []
    assert all(len(why) > 5 for why in STAYS.values())


def test_what_is_reached_can_be_changed_where_it_is_frozen() -> None:
    assert {table for table, _ in beside() | itself()} <= set(erasing.TABLES)


@pytest.mark.parametrize(
    ("table", "names"), erasing.BESIDE.items(), ids=lambda one: getattr(one, "__name__", "")
)
def test_each_column_beside_is_there(table: Any, names: tuple[str, ...]) -> None:
    for name in names:
        assert table._meta.get_field(name)


@pytest.mark.django_db
def test_a_literal_copy_goes_from_wherever_somebody_wrote_it(world: World) -> None:
    said = f"Zij zei: {GOAL}."
    written: list[tuple[Any, tuple[str, ...]]] = []
    with thawed(erasing.TABLES):
        for table, names in erasing.BESIDE.items():
            row = row_for(table, world.child_id)
            table.objects.filter(pk=row.pk).update(**dict.fromkeys(names, said))
            written.append((row, names))
        decided = make_row(ReferralOutcome, world.child_id, decision={"note": said})
    destroys(world, About.GOAL, world.goals[1])
    gone(GOAL)
    for row, names in (*written, (decided, ("decision",))):
        row.refresh_from_db()
        for name in names:
            assert BEGIN in str(getattr(row, name)), (row._meta.label, name)
