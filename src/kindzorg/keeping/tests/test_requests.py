"""Correction and deletion: asked by the family, decided by whose it is, and what then becomes of the words."""

import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest
from django.db import DatabaseError, transaction

from kindzorg.access.roles import Role
from kindzorg.audit.models import AuditLine
from kindzorg.audit.queries import lines_for
from kindzorg.careplan.tests.conftest import NOW, SYSTEM, World, build
from kindzorg.careteam.actions import NewMember, add_member
from kindzorg.careteam.authority.actions import record_authority
from kindzorg.careteam.authority.rules import NewAuthority
from kindzorg.careteam.marks.actions import confirm_mark
from kindzorg.careteam.queries import child_for, hidden_objects
from kindzorg.careteam.rules import AuthorityKind, HidesFrom
from kindzorg.core.errors import Conflict, Invalid, Missing, Refused
from kindzorg.core.thawing import thawed
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.fhir.handover import Sent, import_for_child
from kindzorg.journey.waiting import waiting_in
from kindzorg.keeping.destroying import destroy
from kindzorg.keeping.models import FileRequest, RequestDecision, RequestDelay, RequestDone
from kindzorg.keeping.queries import waiting_rows_for
from kindzorg.keeping.requests import actions, queries
from kindzorg.keeping.requests.rules import About, Asked, Decision, NewRequest, RefusalReason, RequestStanding
from kindzorg.notices.models import Notice
from kindzorg.people.actions import NewRelative, register_relative
from kindzorg.people.rules import Relation
from kindzorg.record.actions import enter_item
from kindzorg.record.erasing import without
from kindzorg.record.items import ConditionItem
from kindzorg.record.models import (
    Difference,
    FamilyNote,
    Note,
    RawResource,
    RecordItem,
    SourceDocument,
    Statement,
)
from kindzorg.record.notes.actions import keep_from_parents, keep_note_from, write_note
from kindzorg.record.notes.queries import family_notes_for, notes_for
from kindzorg.record.notes.rules import NewNote, Part
from kindzorg.record.queries import file_for, statements_for
from kindzorg.record.rules import canonical, digest_of
from kindzorg.record.values import Concept

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
YES, NO = Decision(True, all_agree=True), Decision(False, "Het is nagekeken.", RefusalReason.RIGHT)


@pytest.fixture
def world(db: None) -> World:
    """A girl of five with two parents who hold authority."""
    return build()


def note_by(world: World, who: str = "nurse", words: str = "Moeder is streng.", **more: Any) -> UUID:
    new = NewNote(**{"domain": LifeDomain.SOCIAL, "words": words, **more})
    return UUID(str(world.do(who, write_note, new).entry_id))


def asks(
    world: World, object_id: UUID | None, asked: Asked = Asked.REMOVE, who: str = "mother", **more: Any
) -> FileRequest:
    about = more.pop("about", About.NOTE if object_id else About.GENERAL)
    return world.do(who, actions.make_request, NewRequest(asked, about, "Dit klopt niet.", object_id))


def stands(world: World, request: FileRequest, who: str = "mother") -> RequestStanding:
    return queries.request_for(*world.as_(who), request.id, TODAY).standing


def everything() -> str:
    """Every row of the tables of the file, decrypted."""
    talked = (FileRequest, RequestDecision, RequestDelay)
    tables = (*talked, Note, FamilyNote, RecordItem, RawResource, SourceDocument, Difference, Statement)
    columns = [(table, one.attname) for table in tables for one in table._meta.concrete_fields]
    cells = (getattr(row, name) for table, name in columns for row in table._default_manager.all())
    return "\n".join(
        bytes(one).decode() if isinstance(one, bytes | memoryview) else str(one) for one in cells
    )


# --- asking ------------------------------------------------------------------------------------------------


def test_a_request_goes_to_whose_it_is_with_a_day_and_tells_who_decides_and_the_other_parent(
    world: World,
) -> None:
    request = asks(world, note_by(world))
    assert (request.owner_id, request.due) == (world.organisations["home"], date(2026, 10, 14))
    told = Notice.objects.filter(kind="request_made").values_list("recipient_id", flat=True)
    assert set(told) == {world.users[who].id for who in ("nurse", "colleague", "father")}
    line = AuditLine.objects.get(event="request.made")
    assert (line.actor_name, line.object_id) == ("Mother", request.object_id)
    assert "Dit klopt niet" not in str(AuditLine.objects.values())


def test_of_an_organisation_without_who_decides_it_goes_to_who_keeps_the_file(world: World) -> None:
    entry = note_by(world)
    with thawed(["record_note"]):
        Note.objects.filter(entry_id=entry).update(owner_id=world.organisations["school"])
    assert asks(world, entry).owner_id == world.organisations["home"]


def test_what_belongs_to_another_organisation_is_decided_there(world: World) -> None:
    entry = note_by(world)
    with thawed(["record_note"]):
        Note.objects.filter(entry_id=entry).update(owner_id=world.organisations["hospital"])
    request = asks(world, entry)
    assert request.owner_id == world.organisations["hospital"]
    with pytest.raises(Missing):
        world.do("nurse", actions.decide_request, request.id, YES)
    world.do("doctor", actions.decide_request, request.id, YES)


@pytest.mark.parametrize("who", ["nurse", "teacher", "aunt", "child"])
def test_only_the_family_that_may_asks(world: World, who: str) -> None:
    entry = note_by(world)
    with pytest.raises(Refused):
        asks(world, entry, who=who)


def test_from_12_the_child_asks_for_deletion_and_a_parent_for_correction() -> None:
    world = build(date(2013, 9, 1))
    entry = note_by(world)
    with pytest.raises(Invalid, match="not_yours_to_ask"):
        asks(world, entry)
    assert asks(world, entry, Asked.CORRECT).asked == "correct"
    assert asks(world, entry, who="child").side == "child"
    assert set(Notice.objects.filter(kind="request_made").values_list("recipient__name", flat=True)) == {
        *("Nurse", "Colleague", "Father"),
    }


def test_what_one_may_not_see_cannot_be_asked_about(world: World) -> None:
    hidden = note_by(world)
    mark = world.do("doctor", keep_note_from, hidden, HidesFrom.PARENTS, "eerst praten")
    world.do("nurse", confirm_mark, mark.id)
    secret = note_by(world, part=Part.RESTRICTED, domain=LifeDomain.SAFETY)
    for key in (hidden, secret, UUID(int=1)):
        with pytest.raises(Missing):
            asks(world, key)
    with pytest.raises(Missing):
        asks(world, UUID(int=1), about=About.ITEM)


def test_the_same_is_asked_once_and_words_are_needed(world: World) -> None:
    entry = note_by(world)
    asks(world, entry)
    with pytest.raises(Conflict, match="asked_already"):
        asks(world, entry, who="father")
    with pytest.raises(Invalid, match="words_needed"):
        world.do("mother", actions.make_request, NewRequest(Asked.CORRECT, About.GENERAL, " "))
    asks(world, entry, Asked.CORRECT)


def test_a_childs_request_is_the_childs_and_betrays_nothing() -> None:
    world = build(date(2013, 9, 1))
    own = note_by(world, "child", "geheim")
    world.do("child", keep_from_parents, own)
    request = asks(world, own, who="child")
    assert queries.requests_for(*world.as_("mother"), TODAY) == []
    assert [one.id for one in queries.requests_for(*world.as_("child"), TODAY)] == [request.id]
    assert [one.id for one in queries.requests_for(*world.as_("nurse"), TODAY)] == [request.id]
    about = world.as_("mother")
    shown = lines_for(*about, TODAY, hidden=hidden_objects(*about, TODAY))
    assert not [line for line in shown if line.event.startswith("request.") or line.object_id == own]
    assert not [line for line in shown if line.object_kind.startswith("request")]


# --- deciding ----------------------------------------------------------------------------------------------


def test_it_waits_at_the_start_page_of_who_decides_and_rises_when_it_is_late(world: World) -> None:
    request = asks(world, note_by(world))
    nurse = world.actor("nurse")
    opened = [child_for(nurse, world.child_id, TODAY)]
    (waits,) = waiting_in(waiting_rows_for(nurse, opened, TODAY))
    assert (waits.kind, waits.object_id, waits.due) == ("request_to_decide", request.id, request.due)
    assert not waits.overdue(request.due) and waits.overdue(request.due + timedelta(days=1))
    doctor = world.actor("doctor")
    assert waiting_in(waiting_rows_for(doctor, [child_for(doctor, world.child_id, TODAY)], TODAY)) == []
    world.do("nurse", actions.delay_request, request.id, "Wij vragen het na.")
    assert waiting_in(waiting_rows_for(nurse, opened, TODAY))[0].due == date(2026, 12, 14)
    world.do("nurse", actions.decide_request, request.id, YES)
    assert waiting_in(waiting_rows_for(nurse, opened, TODAY)) == []
    mother = world.actor("mother")
    assert waiting_in(waiting_rows_for(mother, [child_for(mother, world.child_id, TODAY)], TODAY)) == []


def test_taking_longer_is_said_once_and_in_time(world: World) -> None:
    request = asks(world, note_by(world))
    with pytest.raises(Invalid):
        world.do("nurse", actions.delay_request, request.id, "")
    world.do("nurse", actions.delay_request, request.id, "Wij vragen het na.")
    assert stands(world, request) == RequestStanding.DELAYED
    assert Notice.objects.filter(kind="request_delayed", recipient=world.users["mother"]).exists()
    with pytest.raises(Conflict, match="too_late_to_delay"):
        world.do("nurse", actions.delay_request, request.id, "Nog langer.")
    late = asks(world, note_by(world))
    world.moment = NOW + timedelta(days=40)
    with pytest.raises(Conflict, match="too_late_to_delay"):
        world.do("nurse", actions.delay_request, late.id, "Te laat.")


def test_a_no_puts_the_familys_words_beside_it(world: World) -> None:
    entry = note_by(world)
    request = asks(world, entry, Asked.CORRECT)
    world.do("nurse", actions.decide_request, request.id, NO)
    assert stands(world, request) == RequestStanding.REFUSED
    (statement,) = statements_for(*world.as_("doctor"), TODAY)[entry]
    assert (statement.words, statement.by) == ("Dit klopt niet.", "Mother")
    assert Notice.objects.filter(kind="request_decided", recipient=world.users["mother"]).exists()
    assert destroy(str(request.id)) == "nothing to do"
    with pytest.raises(Conflict, match="decided_already"):
        world.do("nurse", actions.decide_request, request.id, YES)


def test_a_no_to_a_general_request_has_nothing_to_stand_beside(world: World) -> None:
    request = asks(world, None)
    with pytest.raises(Invalid, match="cannot_be_destroyed"):
        world.do("nurse", actions.decide_request, request.id, YES)
    world.do("nurse", actions.decide_request, request.id, Decision(False, "Wijs het aan.", RefusalReason.LAW))
    assert not Statement.objects.exists()
    granted = asks(world, None, Asked.CORRECT)
    world.do("nurse", actions.decide_request, granted.id, Decision(True))
    assert stands(world, granted) == RequestStanding.TO_CORRECT


def test_a_deletion_asks_that_the_other_parent_was_heard(world: World) -> None:
    request = asks(world, note_by(world))
    with pytest.raises(Invalid, match="others_not_heard"):
        world.do("nurse", actions.decide_request, request.id, Decision(True))
    world.do("nurse", actions.decide_request, request.id, YES)
    assert stands(world, request) == RequestStanding.TO_DESTROY
    alone = build(without=("father",))
    request = asks(alone, note_by(alone))
    alone.do("nurse", actions.decide_request, request.id, Decision(True))


def test_who_has_no_leave_decides_nothing(world: World) -> None:
    request = asks(world, note_by(world))
    for who in ("teacher", "mother", "aunt"):
        with pytest.raises(Refused):
            world.do(who, actions.decide_request, request.id, YES)
        with pytest.raises(Refused):
            world.do(who, actions.delay_request, request.id, "langer")
    with pytest.raises(Refused):
        actions.destroy_content(world.actor("nurse"), request.id, NOW)


def test_a_nurse_who_is_the_mother_herself_decides_nothing_of_her_own_family(world: World) -> None:
    request = asks(world, note_by(world))
    _, subject = world.as_("nurse")
    new = NewRelative("Nurse", Relation.OTHER, world.users["nurse"].id)
    relative = register_relative(SYSTEM, subject, new, NOW)
    record_authority(SYSTEM, subject, NewAuthority(relative.id, AuthorityKind.JOINT, "register"), NOW)
    add_member(SYSTEM, subject, NewMember(Role.AUTHORITY_HOLDER, relative_id=relative.id), NOW)
    with pytest.raises(Refused):
        world.do("nurse", actions.decide_request, request.id, YES)
    nurse = world.actor("nurse")
    assert waiting_in(waiting_rows_for(nurse, [child_for(nurse, world.child_id, TODAY)], TODAY)) == []
    world.do("colleague", actions.decide_request, request.id, YES)


# --- what becomes of the words -----------------------------------------------------------------------------


def granted(world: World, object_id: UUID, **more: Any) -> FileRequest:
    request = asks(world, object_id, **more)
    world.do("nurse", actions.decide_request, request.id, YES)
    return request


def test_a_note_is_emptied_with_all_its_wordings_and_stays_as_a_mark(world: World) -> None:
    entry = note_by(world)
    note_by(world, words="Moeder is erg streng.", corrects=entry)
    other = note_by(world, words="Zij lacht weer.")
    refused = asks(world, entry, Asked.CORRECT)
    world.do("nurse", actions.decide_request, refused.id, NO)
    request = asks(world, entry)
    world.do("nurse", actions.delay_request, request.id, "Wij vragen na of zij streng is.")
    world.do("nurse", actions.decide_request, request.id, YES)
    assert "streng" in everything()
    assert destroy(str(request.id)) == "destroyed" and destroy(str(request.id)) == "nothing to do"
    assert "streng" not in everything() and "Dit klopt niet" not in everything()
    left = {one.id: one for one in notes_for(*world.as_("mother"), TODAY)}
    assert (left[entry].words, left[entry].by, left[other].words) == ("", "Nurse", "Zij lacht weer.")
    assert stands(world, request) == RequestStanding.DESTROYED and RequestDone.objects.get().rows == 8
    line = AuditLine.objects.get(event="entry.destroyed")
    assert (line.object_id, line.kind, line.lifecycle) == (entry, "D", "destroyed")
    assert Notice.objects.filter(kind="request_done", recipient=world.users["mother"]).exists()
    with pytest.raises(Missing):
        asks(world, entry)


def test_a_note_of_the_family_itself_goes_too(world: World) -> None:
    entry = note_by(world, "mother", "Ik ben op.", part=Part.FAMILY)
    request = granted(world, entry, about=About.FAMILY_NOTE)
    assert "Ik ben op" in everything()
    destroy(str(request.id))
    assert "Ik ben op" not in everything()
    (left,) = family_notes_for(*world.as_("mother"), TODAY)
    assert (left.id, left.words) == (entry, "")


def test_an_item_that_was_entered_is_emptied(world: World) -> None:
    row = world.do("nurse", enter_item, ConditionItem(source_key="", what=Concept("verzonnen ziekte")))
    request = granted(world, row.id, about=About.ITEM)
    destroy(str(request.id))
    left = RecordItem.objects.get(id=row.id)
    assert "verzonnen ziekte" not in everything()
    assert (left.withdrawn, left.title, left.kind) == (True, "", "condition") and left.destroyed_at
    assert not file_for(*world.as_("mother"), TODAY).items


def of_child(words: str, key: str) -> dict[str, Any]:
    condition = {"resourceType": "Condition", "id": key, "code": {"text": words}}
    return {"resource": {**condition, "subject": {"reference": "Patient/p"}}}


PATIENT = {"resourceType": "Patient", "id": "p", "birthDate": "2021-05-01"}
HANDOVER = {
    "resourceType": "Bundle",
    "type": "collection",
    "entry": [
        of_child("verzonnen ziekte", "wrong"),
        of_child("echte ziekte", "right"),
        {"resource": {**PATIENT, "name": [{"family": "Test", "given": ["Noor"]}]}},
    ],
}


def sent(world: World, payload: dict[str, Any]) -> None:
    actor = world.actor("nurse")
    import_for_child(
        actor, world.child_id, Sent("overdracht.json", orjson.dumps(payload), "De Linde"), world.now()
    )


def test_an_item_from_a_handover_goes_from_the_file_that_came_in_too_and_is_not_taken_in_again(
    world: World,
) -> None:
    sent(world, HANDOVER)
    row = RecordItem.objects.get(title="verzonnen ziekte")
    changed = json.loads(json.dumps(HANDOVER))
    changed["entry"][0]["resource"]["clinicalStatus"] = {"coding": [{"code": "resolved"}]}
    sent(world, changed)
    assert Difference.objects.filter(item=row).exists()
    request = granted(world, row.id, about=About.ITEM)
    destroy(str(request.id))
    assert "verzonnen ziekte" not in everything() and "echte ziekte" in everything()
    for document in SourceDocument.objects.all():
        kept = orjson.loads(bytes(document.raw))["entry"]
        assert [one["resource"]["id"] for one in kept] == ["right", "p"]
    again = {**HANDOVER, "timestamp": "2026-09-15"}
    sent(world, again)
    assert not RecordItem.objects.filter(title="verzonnen ziekte").exists()
    assert not Difference.objects.filter(item=row).exists()


def test_what_is_frozen_is_frozen_again_afterwards(world: World) -> None:
    entry = note_by(world)
    destroy(str(granted(world, entry).id))
    with pytest.raises(DatabaseError), transaction.atomic():
        Note.objects.filter(entry_id=entry).update(words="terug")
    with pytest.raises(DatabaseError), transaction.atomic():
        FileRequest.objects.update(due=TODAY)


def test_a_file_loses_what_is_pointed_out_and_nothing_else() -> None:
    one, two = {"id": "1", "x": 1}, {"id": "2"}
    gone = {digest_of(canonical(one))}
    assert without(orjson.dumps(one), gone) == b""
    assert orjson.loads(without(orjson.dumps(two), gone)) == two
    assert orjson.loads(without(orjson.dumps([one, two]), gone)) == [two]
    lines = orjson.dumps(one) + b"\n\n" + orjson.dumps(two)
    assert without(lines, gone) == orjson.dumps(two)
    assert without(b"{broken", gone) == b""
    whole = {"entry": [{"resource": one}, "odd", {"resource": two}]}
    assert orjson.loads(without(orjson.dumps(whole), gone)) == {"entry": ["odd", {"resource": two}]}


def test_an_item_of_who_the_child_is_is_not_asked_about_here(world: World) -> None:
    sent(world, HANDOVER)
    with pytest.raises(Missing):
        asks(world, RecordItem.objects.get(kind="child").id, about=About.ITEM)
