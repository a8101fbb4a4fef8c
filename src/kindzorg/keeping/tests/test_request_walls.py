"""Who may know of what is asked to correct or destroy, who may decide on it, and what does not come back."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest

from kindzorg.access.grounds import Side
from kindzorg.audit.queries import lines_for
from kindzorg.careplan.tests.conftest import NOW, SYSTEM, World, build
from kindzorg.careteam.authority.actions import (
    assess_capacity,
    end_authority,
    end_restriction,
    record_authority,
    record_restriction,
)
from kindzorg.careteam.authority.rules import NewAuthority, NewCapacity, NewRestriction
from kindzorg.careteam.models import Grant, Membership, ParentalAuthority
from kindzorg.careteam.queries import child_for, hidden_objects
from kindzorg.careteam.representation.actions import end_representation, record_representation
from kindzorg.careteam.representation.rules import NewRepresentation, RepresentationKind
from kindzorg.careteam.rules import AuthorityKind, HidesFrom, RestrictionKind
from kindzorg.core.errors import Invalid, Missing
from kindzorg.core.vocabulary import Ground, LifeDomain
from kindzorg.fhir.handover import Sent, import_for_child
from kindzorg.journey.waiting import waiting_in
from kindzorg.keeping.destroying import destroy
from kindzorg.keeping.queries import waiting_rows_for
from kindzorg.keeping.requests import actions, queries
from kindzorg.keeping.requests.queries import still_decides
from kindzorg.keeping.requests.rules import About, Asked, Decision, RefusalReason
from kindzorg.keeping.tests.test_requests import NO, TODAY, YES, asks, everything, granted, note_by
from kindzorg.notices.models import Notice
from kindzorg.people.models import Relative
from kindzorg.record.actions import enter_item
from kindzorg.record.items import ConditionItem
from kindzorg.record.models import Difference, RecordItem
from kindzorg.record.notes.actions import keep_note_from
from kindzorg.record.notes.rules import Part
from kindzorg.record.queries import statements_for
from kindzorg.record.values import Concept

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    """A girl of five with two parents who hold authority."""
    return build()


def test_what_the_child_asks_of_what_parents_read_too_is_the_childs() -> None:
    world = build(date(2013, 9, 1))
    entry = note_by(world)
    request = asks(world, entry, Asked.CORRECT, who="child")
    own = asks(world, entry, Asked.CORRECT)  # Blocked by nothing that the child asked.
    world.do("nurse", actions.delay_request, request.id, "Wij vragen het na.")
    world.do("nurse", actions.decide_request, request.id, NO)
    about = world.as_("mother")
    assert entry not in statements_for(*about, TODAY)
    for who in ("child", "nurse"):
        assert [one.by for one in statements_for(*world.as_(who), TODAY)[entry]] == ["Child"]
    shown = lines_for(*about, TODAY, hidden=hidden_objects(*about, TODAY))
    kinds = ("request.", "statement.")
    assert [(line.event, line.actor_name) for line in shown if line.event.startswith(kinds)] == [
        ("request.made", "Mother")
    ]
    told = {line.object_id for line in shown if line.object_kind.startswith("request")}
    assert told == {own.object_id}
    child = world.as_("child")
    seen = lines_for(*child, TODAY, hidden=hidden_objects(*child, TODAY))
    assert {"request.made", "request.refused", "statement.added"} <= {line.event for line in seen}


def closes_social(world: World, who: str = "colleague", left: str = "medical") -> None:
    """What the family's consent leaves open to somebody."""
    Grant.objects.filter(user=world.users[who]).update(domains=left)
    Membership.objects.filter(professional_id=world.professionals[who]).update(domains=left)


def told_of(kind: str) -> set[str]:
    return set(Notice.objects.filter(kind=kind).values_list("recipient__name", flat=True))


def waits_for(world: World, who: str) -> list[UUID | None]:
    actor = world.actor(who)
    rows = waiting_rows_for(actor, [child_for(actor, world.child_id, TODAY)], TODAY)
    return [one.object_id for one in waiting_in(rows)]


@pytest.mark.parametrize("about", [About.NOTE, About.FAMILY_NOTE, About.GENERAL])
def test_who_does_not_see_what_it_is_about_knows_nothing_of_it_and_decides_nothing(
    world: World, about: About
) -> None:
    closes_social(world)
    entry = {
        About.NOTE: lambda: note_by(world),
        About.FAMILY_NOTE: lambda: note_by(world, "mother", "Ik ben op.", part=Part.FAMILY),
        About.GENERAL: lambda: None,
    }[about]()
    request = asks(world, entry, Asked.CORRECT, about=about)
    assert told_of("request_made") == {"Nurse", "Father"}
    assert queries.requests_for(*world.as_("colleague"), TODAY) == [] and not waits_for(world, "colleague")
    for act, given in ((actions.decide_request, YES), (actions.delay_request, "langer")):
        with pytest.raises(Missing):
            world.do("colleague", act, request.id, given)
    assert waits_for(world, "nurse") == [request.id]


def test_of_what_is_left_open_it_is_decided_as_before(world: World) -> None:
    closes_social(world)
    row = world.do("nurse", enter_item, ConditionItem(source_key="", what=Concept("verzonnen ziekte")))
    item = asks(world, row.id, about=About.ITEM)
    note = asks(world, note_by(world, domain=LifeDomain.MEDICAL))
    assert set(waits_for(world, "colleague")) == {item.id, note.id}
    for one in (item, note):
        world.do("colleague", actions.decide_request, one.id, YES)


def test_an_item_is_decided_by_who_reads_the_file(world: World) -> None:
    row = world.do("nurse", enter_item, ConditionItem(source_key="", what=Concept("verzonnen ziekte")))
    closes_social(world, left="social")
    request = asks(world, row.id, about=About.ITEM)
    with pytest.raises(Missing):
        world.do("colleague", actions.decide_request, request.id, YES)
    assert not waits_for(world, "colleague")


def test_who_may_ask_by_law_is_looked_at_again_at_the_yes() -> None:
    world = build(date(2014, 9, 20))  # Twelve within the month.
    request = asks(world, note_by(world))
    world.moment = NOW + timedelta(days=10)
    with pytest.raises(Invalid, match="not_theirs_any_more"):
        world.do("nurse", actions.decide_request, request.id, YES)
    no = Decision(False, "Je kind vraagt dit nu zelf.", RefusalReason.LAW)
    world.do("nurse", actions.decide_request, request.id, no)


def test_who_asked_must_still_hold_authority_at_the_yes(world: World) -> None:
    request = asks(world, note_by(world))
    mother = Relative.objects.get(id=world.relatives["mother"])
    court = NewRestriction(mother.id, RestrictionKind.DECIDE, "rechtbank Utrecht, verzonnen")
    kept = world.do("doctor", record_restriction, court)
    with pytest.raises(Invalid, match="not_theirs_any_more"):
        world.do("nurse", actions.decide_request, request.id, YES)
    world.do("doctor", end_restriction, kept.id, "hof")
    held = ParentalAuthority.objects.get(relative=mother)
    world.do("nurse", end_authority, held.id, "beschikking")
    with pytest.raises(Invalid, match="not_theirs_any_more"):
        world.do("nurse", actions.decide_request, request.id, YES)


@pytest.mark.parametrize("kind", ["family", "mentor"])
def test_who_represents_a_grown_child_asks_as_long_as_that_holds(kind: str) -> None:
    world = build(date(2008, 3, 1))
    entry = note_by(world)
    new = NewRepresentation(world.relatives["aunt"], RepresentationKind(kind), "beschikking, verzonnen")
    row = record_representation(SYSTEM, world.as_("nurse")[1], new, NOW)
    world.do("doctor", assess_capacity, NewCapacity(False, "gesprek", TODAY + timedelta(days=90)))
    request = asks(world, entry, who="aunt")
    assert request.side == Side.REPRESENTATIVE
    general = queries.thing_for(*world.as_("aunt"), About.GENERAL, None, TODAY)
    wmo = replace(general, ground=Ground.WMO)
    assert bool(queries.asks_for(*world.as_("aunt"), wmo, TODAY)) == (kind == "mentor")
    world.do("nurse", end_representation, row.id, "beschikking")
    with pytest.raises(Invalid, match="not_theirs_any_more"):
        world.do("nurse", actions.decide_request, request.id, YES)


def test_after_death_a_parent_whom_the_child_kept_out_decides_nothing(world: World) -> None:
    actor, on = world.actor("nurse"), NOW.date()
    subject = child_for(actor, world.child_id, on).subject
    mother = world.users["mother"].id
    assert still_decides(actor, subject, mother, on)
    assert still_decides(actor, subject, world.users["nurse"].id, on) is None
    shut = replace(subject, died_on=on, closed_after_death=True)
    assert not still_decides(actor, shut, mother, on)
    assert still_decides(actor, replace(shut, died_on=on + timedelta(days=1)), mother, on)


def test_a_note_that_was_destroyed_is_not_filled_again_nor_is_why_it_was_kept(world: World) -> None:
    entry = note_by(world)
    mark = world.do("doctor", keep_note_from, entry, HidesFrom.CHILD, "Moeder is streng.")
    destroy(str(granted(world, entry).id))
    with pytest.raises(Missing):
        note_by(world, words="Toch weer.", corrects=entry)
    mark.refresh_from_db()
    assert mark.reason == "" and "Toch weer" not in everything()


def test_the_ground_is_that_of_the_newest_wording(world: World) -> None:
    entry = note_by(world)
    note_by(world, words="Anders gezegd.", corrects=entry, ground=Ground.JEUGDWET)
    assert asks(world, entry).ground == Ground.JEUGDWET


# --- what does not come back -------------------------------------------------------------------------------


def handed(world: World, sender: str, *resources: dict[str, Any], at: str = "2026-09-14") -> None:
    """A file of one sender, who knows the child by a number of its own."""
    patient = {"resourceType": "Patient", "id": f"p-{sender}", "birthDate": "2021-05-01"}
    named = {**patient, "name": [{"family": "Test", "given": ["Noor"]}]}
    about = {"subject": {"reference": f"Patient/p-{sender}"}}
    rest = [{**one, **about} for one in resources if one["resourceType"] != "Patient"]
    changed = [{**named, **one} for one in resources if one["resourceType"] == "Patient"] or [named]
    whole = {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": at,
        "entry": [{"resource": one} for one in (*changed, *rest)],
    }
    given = Sent(f"{sender}.json", orjson.dumps(whole), sender)
    import_for_child(world.actor("nurse"), world.child_id, given, world.now())


def condition(sender: str, **more: Any) -> dict[str, Any]:
    return {"resourceType": "Condition", "id": f"c-{sender}", "code": {"text": "verzonnen ziekte"}, **more}


def test_what_two_senders_told_goes_from_both_files_and_comes_back_from_neither(world: World) -> None:
    for sender in ("Huis A", "Huis B"):
        handed(world, sender, condition(sender))
    (row,) = RecordItem.objects.filter(title="verzonnen ziekte")
    destroy(str(granted(world, row.id, about=About.ITEM).id))
    assert "verzonnen ziekte" not in everything()
    for sender in ("Huis A", "Huis B"):
        handed(world, sender, condition(sender), at="2026-09-15")
    assert not RecordItem.objects.filter(title="verzonnen ziekte").exists()
    assert not Difference.objects.filter(kind="condition").exists()


def test_each_time_that_it_was_sent_otherwise_goes(world: World) -> None:
    handed(world, "Huis A", condition("x"))
    row = RecordItem.objects.get(title="verzonnen ziekte")
    resolved = {"clinicalStatus": {"coding": [{"code": "resolved"}]}}
    for day in ("2026-09-15", "2026-09-16"):
        handed(world, "Huis A", condition("x", **resolved), at=day)
        handed(world, "Huis B", condition("y", **resolved), at=day)
    destroy(str(granted(world, row.id, about=About.ITEM).id))
    assert "verzonnen ziekte" not in everything()


def test_a_contact_inside_the_patient_goes_wherever_it_was_sent_and_from_the_people(world: World) -> None:
    contact = {
        "name": {"family": "Verzonnen", "given": ["Tante"]},
        "telecom": [{"system": "phone", "value": "0612340000"}],
    }
    patient = {"resourceType": "Patient", "contact": [contact]}
    for day in ("2026-09-14", "2026-09-15"):
        handed(world, "Huis A", patient, at=day)
    row = RecordItem.objects.get(kind="relative")
    assert Relative.objects.filter(phone="0612340000").exists()
    destroy(str(granted(world, row.id, about=About.ITEM).id))
    assert "Verzonnen" not in everything() and "0612340000" not in everything()
    assert not Relative.objects.filter(phone="0612340000").exists()
    handed(world, "Huis A", patient, at="2026-09-16")
    assert not Relative.objects.filter(phone="0612340000").exists()
    assert not RecordItem.objects.filter(kind="relative", withdrawn=False).exists()


def test_who_came_to_mean_more_stays_among_the_people(world: World) -> None:
    contact = {"name": {"family": "Verzonnen", "given": ["Tante"]}}
    handed(world, "Huis A", {"resourceType": "Patient", "contact": [contact]})
    relative = Relative.objects.get(name__contains="Verzonnen")
    _, subject = world.as_("nurse")
    record_authority(SYSTEM, subject, NewAuthority(relative.id, AuthorityKind.JOINT, "register"), NOW)
    row = RecordItem.objects.get(kind="relative")
    destroy(str(granted(world, row.id, about=About.ITEM).id))
    assert Relative.objects.filter(id=relative.id).exists()
