"""Notes: who writes and reads them, what is marked, and what is restricted."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from kindzorg.access import policy
from kindzorg.access.ages import birthday
from kindzorg.access.policy import Actor
from kindzorg.access.roles import Role
from kindzorg.audit.models import AuditLine
from kindzorg.careteam.actions import grant_access
from kindzorg.careteam.marks import actions as marks
from kindzorg.careteam.marks.queries import marks_for
from kindzorg.careteam.marks.rules import PROVISIONAL, MarkState, NewMark
from kindzorg.careteam.models import Grant
from kindzorg.careteam.queries import actor_for, child_for, hidden_objects
from kindzorg.careteam.rules import HidesFrom, MarkedKind
from kindzorg.careteam.tests.world import JOB, NOW, TODAY, Family, World
from kindzorg.core.errors import Invalid, Missing, Refused
from kindzorg.core.vocabulary import Ground, LifeDomain
from kindzorg.core.walls import READS_RESTRICTED, behind_wall
from kindzorg.people.models import Relative, User
from kindzorg.record.models import Note, RestrictedNote
from kindzorg.record.notes import actions, queries
from kindzorg.record.notes.rules import LONGEST, NewNote, Part

STRANGER = Actor(uuid4(), "Somebody")
TEN, THIRTEEN = (birthday(TODAY, -years) for years in (10, 13))
SAFETY = LifeDomain.SAFETY
pytestmark = pytest.mark.django_db


def writes(family: Family, who: str, words: str = "Ik vind het spannend.", **more: Any) -> Any:
    new = NewNote(**{"domain": LifeDomain.SOCIAL, "words": words, **more})
    return actions.write_note(*family.as_(who), new, NOW)


def reads(family: Family, who: str, on: date = TODAY) -> list[str]:
    actor, subject = family.as_(who, on)
    return [note.words for note in queries.notes_for(actor, subject, on)]


def refused(code: str, act: Any) -> None:
    with pytest.raises(Invalid) as error:
        act()
    assert error.value.code == code


# --- writing -----------------------------------------------------------------------------------------------


def test_child_family_and_professionals_write_and_read_one_another() -> None:
    family = Family(THIRTEEN)
    for who in ("child", "mother", "nurse"):
        writes(family, who, f"van {who}")
    for who in ("child", "mother", "nurse", "doctor"):
        assert reads(family, who) == ["van nurse", "van mother", "van child"]
    assert "Note" not in str(Note.objects.first()) or str(Note.objects.first())


def test_a_correction_is_a_new_row_beside_the_first() -> None:
    family = Family(THIRTEEN)
    first = writes(family, "child", "maandag")
    writes(family, "child", "dinsdag", corrects=first.entry_id)
    (note,) = queries.notes_for(*family.as_("nurse"), TODAY)
    assert (note.words, [one.words for one in note.earlier]) == ("dinsdag", ["maandag"])
    with pytest.raises(Missing):
        writes(family, "mother", "woensdag", corrects=first.entry_id)
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Note.objects.filter(id=first.id).update(domain="medical")


def test_the_words_stand_encrypted_in_the_database() -> None:
    writes(Family(THIRTEEN), "child", "dat niemand leest")
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM record_note")
        assert "niemand" not in str(cursor.fetchone()[0])


def test_a_note_that_says_nothing_or_too_much_is_refused() -> None:
    family = Family(THIRTEEN)
    refused("note_says_nothing", lambda: writes(family, "child", " "))
    refused("note_too_long", lambda: writes(family, "child", "a" * (LONGEST + 1)))
    refused("restricted_is_safety", lambda: _restricted(family, domain=SAFETY, words=""))


def _restricted(family: Family, who: str = "nurse", **more: Any) -> Any:
    if more.pop("words", "zorg") == "":
        from kindzorg.record.notes.rules import check_note

        return check_note(NewNote(LifeDomain.SOCIAL, "zorg", Part.RESTRICTED))
    return writes(family, who, "Zorgen over thuis.", part=Part.RESTRICTED, **{"domain": SAFETY, **more})


def test_an_entry_of_another_ground_follows_the_line_of_its_ground() -> None:
    """Wmo 5.3.2: not shown to a child under 12, and on the day that it is 12 it is."""
    family = Family(TEN)
    writes(family, "nurse", "aanvraag traplift", ground=Ground.WMO)
    assert reads(family, "child") == [] and reads(family, "mother") == ["aanvraag traplift"]
    assert reads(family, "child", birthday(TEN, 12)) == ["aanvraag traplift"]


# --- of the family itself ----------------------------------------------------------------------------------


def test_what_parents_write_of_themselves_stands_apart_from_the_childs_file() -> None:
    family = Family(THIRTEEN)
    writes(family, "mother", "Ik slaap slecht.", part=Part.FAMILY)
    assert reads(family, "nurse") == []
    (note,) = queries.family_notes_for(*family.as_("nurse"), TODAY)
    assert (note.words, note.part) == ("Ik slaap slecht.", Part.FAMILY)
    with pytest.raises(Refused):
        queries.family_notes_for(*family.as_("child"), TODAY)
    for role in (Role.SCHOOL, Role.MUNICIPALITY, Role.YOUTH_CARE, Role.CHILD, Role.YOUNG_PERSON):
        assert (role, "note.read_family") not in policy.matrix()


# --- the child's own mark ----------------------------------------------------------------------------------


def test_a_child_from_12_keeps_its_own_note_from_its_parents_and_gives_it_back() -> None:
    family = Family(THIRTEEN)
    note = writes(family, "child")
    mark = actions.keep_from_parents(*family.as_("child"), note.entry_id, NOW)
    assert reads(family, "mother") == [] and reads(family, "nurse") == reads(family, "child") != []
    with pytest.raises(Missing):
        queries.note_for(*family.as_("mother"), note.entry_id, TODAY)
    refused("marked_already", lambda: actions.keep_from_parents(*family.as_("child"), note.entry_id, NOW))
    (mine,) = marks_for(*family.as_("child"), TODAY)
    assert (mine.state, mine.by_child, str(mark)) == (MarkState.HOLDS, True, "note not for parents")
    marks.lift_own(*family.as_("child"), mark.id, NOW)
    assert reads(family, "mother") == reads(family, "child")
    with pytest.raises(Missing):
        marks.lift_own(*family.as_("child"), mark.id, NOW)


def test_a_correction_of_a_marked_note_stays_hidden() -> None:
    family = Family(THIRTEEN)
    note = writes(family, "child")
    actions.keep_from_parents(*family.as_("child"), note.entry_id, NOW)
    writes(family, "child", "toch anders", corrects=note.entry_id)
    assert reads(family, "mother") == []


def test_a_child_marks_only_what_it_wrote_and_not_before_it_is_12() -> None:
    family = Family(THIRTEEN)
    note = writes(family, "mother")
    refused("mark_own_only", lambda: actions.keep_from_parents(*family.as_("child"), note.entry_id, NOW))
    own = NewMark(MarkedKind.NOTE, note.entry_id, family.accounts["child"].id, Role.CHILD, HidesFrom.CHILD)
    refused("mark_own_only", lambda: marks.mark_own(*family.as_("child"), own, NOW))
    young = Family(TEN)
    written = writes(young, "child")
    with pytest.raises(Refused):
        actions.keep_from_parents(*young.as_("child"), written.entry_id, NOW)


# --- a professional's mark ---------------------------------------------------------------------------------


def keep(family: Family, who: str, entry: UUID, side: HidesFrom, reason: str = "eerst een gesprek") -> Any:
    return actions.keep_note_from(*family.as_(who), entry, side, reason, NOW)


@pytest.mark.parametrize(("side", "reader"), [(HidesFrom.PARENTS, "mother"), (HidesFrom.CHILD, "child")])
def test_a_professionals_mark_holds_a_week_and_on_once_a_second_one_confirms(
    side: HidesFrom, reader: str
) -> None:
    family = Family(THIRTEEN)
    note = writes(family, "doctor", "uitslag")
    mark = keep(family, "doctor", note.entry_id, side)
    last, after = TODAY + PROVISIONAL - timedelta(1), TODAY + PROVISIONAL
    assert reads(family, reader) == [] == reads(family, reader, last)
    assert reads(family, reader, after) == ["uitslag"]
    nurse, subject = family.as_("nurse")
    assert [one.state for one in marks_for(nurse, subject, last)] == [MarkState.TO_CONFIRM]
    assert [one.state for one in marks_for(nurse, subject, after)] == [MarkState.LAPSED]
    refused("second_one_needed", lambda: marks.confirm_mark(*family.as_("doctor"), mark.id, NOW))
    refused("second_one_needed", lambda: marks.confirm_mark(nurse, subject, mark.id, NOW + PROVISIONAL))
    marks.confirm_mark(nurse, subject, mark.id, NOW)
    with pytest.raises(Missing):  # A child takes back its own marks alone.
        marks.lift_own(*family.as_("child"), mark.id, NOW)
    assert reads(family, reader, after) == []
    (kept,) = queries.notes_for(nurse, subject, TODAY)
    assert (kept.marks[0].state, kept.marks[0].confirmed_by) == (MarkState.HOLDS, "Marit")
    marks.lift_mark(nurse, subject, mark.id, NOW)
    assert reads(family, reader) == ["uitslag"]
    assert [one.state for one in marks_for(nurse, subject, TODAY)] == [MarkState.LIFTED]


def test_a_lapsed_mark_can_be_set_again() -> None:
    family = Family(THIRTEEN)
    note = writes(family, "doctor", "uitslag")
    keep(family, "doctor", note.entry_id, HidesFrom.CHILD)
    later = NOW + PROVISIONAL
    actions.keep_note_from(*family.as_("doctor"), note.entry_id, HidesFrom.CHILD, "opnieuw", later)
    assert reads(family, "child", later.date()) == []


def test_a_mark_has_a_reason_and_keeps_nothing_from_its_author() -> None:
    family = Family(THIRTEEN)
    note = writes(family, "child")
    refused("mark_without_reason", lambda: keep(family, "doctor", note.entry_id, HidesFrom.PARENTS, " "))
    refused("mark_hides_from_author", lambda: keep(family, "doctor", note.entry_id, HidesFrom.CHILD))
    own = actions.keep_from_parents(*family.as_("child"), note.entry_id, NOW)
    with pytest.raises(Missing):
        marks.lift_mark(*family.as_("doctor"), own.id, NOW)


# --- restricted --------------------------------------------------------------------------------------------


def test_a_restricted_note_is_for_a_few_professionals_and_there_is_none_for_the_family() -> None:
    family = Family(THIRTEEN)
    note = _restricted(family)
    assert str(note).endswith(str(family.accounts["nurse"].id))
    assert [one.words for one in queries.restricted_notes_for(*family.as_("doctor"), TODAY)] == [
        "Zorgen over thuis."
    ]
    for who in ("mother", "child"):
        with pytest.raises(Refused):
            queries.restricted_notes_for(*family.as_(who), TODAY)
        assert reads(family, who) == []
    shown = AuditLine.objects.get(event="note.written")
    assert shown.object_id != note.id and shown.object_id in hidden_objects(*family.as_("mother"), TODAY)
    assert shown.object_id not in hidden_objects(*family.as_("doctor"), TODAY)
    with pytest.raises(Refused):
        _restricted(family, "mother")


def test_neither_whom_it_is_about_nor_a_relative_who_works_here_reads_it() -> None:
    family = Family(THIRTEEN)
    _restricted(family, about_id=family.accounts["doctor"].id)
    assert queries.restricted_notes_for(*family.as_("doctor"), TODAY) == ()
    Relative.objects.filter(id=family.mother_row.id).update(user_id=family.accounts["second"].id)
    with pytest.raises(Refused):
        queries.restricted_notes_for(*family.as_("second"), TODAY)
    with pytest.raises(Refused):
        _restricted(family, "second")
    actor, subject = family.as_("second")
    assert len(hidden_objects(actor, subject, TODAY)) >= 1


def test_emergency_access_opens_no_restricted_note() -> None:
    family = Family(THIRTEEN)
    _restricted(family)
    Grant.objects.filter(user_id=family.accounts["doctor"].id).update(emergency=True)
    with pytest.raises(Refused):
        queries.restricted_notes_for(*family.as_("doctor"), TODAY)


@pytest.mark.postgresql
def test_the_database_itself_hides_a_restricted_note() -> None:
    family = Family(THIRTEEN)
    _restricted(family, about_id=family.accounts["second"].id)
    accounts = {who: user.id for who, user in family.accounts.items()}
    lead = family.world.account("Teamleider")
    grant_access(JOB, lead.id, Role.TEAM_LEAD, "organisation", family.world.home_care.id, NOW)

    def counted(account: UUID, **more: Any) -> int:
        with behind_wall(account, TODAY, **more), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM record_restrictednote")
            return int(cursor.fetchone()[0])

    seen = {who: counted(account) for who, account in accounts.items()}
    assert seen == {"nurse": 1, "doctor": 1, "second": 0, "mother": 0, "child": 0}
    assert counted(lead.id) == counted(uuid4()) == 0 and counted(JOB.id, system=True) == 1
    Relative.objects.filter(id=family.mother_row.id).update(user_id=accounts["doctor"])
    assert counted(accounts["doctor"]) == 0
    with pytest.raises(DatabaseError), behind_wall(accounts["mother"], TODAY):
        RestrictedNote.objects.create(
            child_id=family.id,
            owner_id=family.world.home_care.id,
            entry_id=uuid4(),
            domain="safety",
            words="x",
            by="x",
            by_id=uuid4(),
            by_role="gp",
            created_at=NOW,
        )


@pytest.mark.postgresql
def test_the_wall_and_the_matrix_name_the_same_roles() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'kindzorg_reads_restricted'")
        source = cursor.fetchone()[0]
    roles = {role for role, permission in policy.matrix() if permission == "note.read_restricted"}
    assert f"'{{{','.join(sorted(roles))}}}'" in source and "{roles}" in READS_RESTRICTED


@pytest.mark.parametrize(
    "act",
    [
        lambda s: actions.write_note(STRANGER, s, NewNote(SAFETY, "x"), NOW),
        lambda s: actions.keep_from_parents(STRANGER, s, uuid4(), NOW),
        lambda s: actions.keep_note_from(STRANGER, s, uuid4(), HidesFrom.CHILD, "x", NOW),
        lambda s: marks.mark_own(STRANGER, s, None, NOW),
        lambda s: marks.mark_entry(STRANGER, s, None, NOW),
        lambda s: marks.confirm_mark(STRANGER, s, uuid4(), NOW),
        lambda s: marks.lift_mark(STRANGER, s, uuid4(), NOW),
        lambda s: marks.lift_own(STRANGER, s, uuid4(), NOW),
        lambda s: queries.notes_for(STRANGER, s, TODAY),
        lambda s: queries.family_notes_for(STRANGER, s, TODAY),
        lambda s: queries.restricted_notes_for(STRANGER, s, TODAY),
    ],
)
def test_nobody_writes_reads_or_marks_without_leave(act: Any) -> None:
    subject, before = World().subject, AuditLine.objects.count()
    with pytest.raises(Refused):
        act(subject)
    assert AuditLine.objects.count() == before
    assert marks_for(STRANGER, subject, TODAY) == []


def test_a_mark_of_another_child_is_not_found() -> None:
    family, other = Family(THIRTEEN), Family(THIRTEEN)
    note = writes(family, "doctor")
    mark = keep(family, "doctor", note.entry_id, HidesFrom.CHILD)
    for act in (marks.confirm_mark, marks.lift_mark):
        with pytest.raises(Missing):
            act(*other.as_("nurse"), mark.id, NOW)
    actor = actor_for(User.objects.get(id=other.accounts["nurse"].id))
    assert child_for(actor, other.id, TODAY).child.id == other.id
