"""What the actions on the file refuse, and with which code. The whole way of a handover stands in `fhir/tests`."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from django.utils.translation import override

from kindzorg.access.policy import Actor
from kindzorg.access.roles import Role, Scope
from kindzorg.audit.models import AuditLine
from kindzorg.careteam.actions import NewMember, add_member, grant_access
from kindzorg.careteam.queries import actor_for, child_for
from kindzorg.careteam.tests.world import JOB, NOW, TODAY, World
from kindzorg.core.errors import Invalid, Missing, Refused
from kindzorg.fhir.handover import Sent, import_for_child, import_new
from kindzorg.fhir.tests.test_handover import allergy, patient, sent
from kindzorg.people.actions import NewProfessional, NewRelative, register_professional, register_relative
from kindzorg.people.models import Relative
from kindzorg.people.rules import Qualification, Relation
from kindzorg.record.actions import (
    Settlement,
    enter_item,
    retract_item,
    settle_difference,
    take_handover,
    take_new_child,
)
from kindzorg.record.items import (
    AllergyItem,
    ConditionItem,
    GoalItem,
    Identity,
    ItemKind,
    MeasurementItem,
    RelatedPersonItem,
)
from kindzorg.record.models import Difference
from kindzorg.record.pages import source_words
from kindzorg.record.queries import file_for
from kindzorg.record.rules import Handover, alike, corrections, happened_on, plain_data, relation_of
from kindzorg.record.values import Code, Concept

pytestmark = pytest.mark.django_db
STRANGER = Actor(uuid4(), "Somebody")


@pytest.fixture
def world() -> World:
    return World()


def test_a_file_about_another_child_is_refused_whole(world: World) -> None:
    other = sent(patient(birthDate="2019-01-01"), allergy())
    before = AuditLine.objects.count()
    with pytest.raises(Invalid) as refused:
        import_for_child(world.nurse, world.subject.child_id, other, NOW)
    assert refused.value.code == "handover_other_child"
    assert AuditLine.objects.count() == before


def test_a_new_child_needs_a_child_in_the_file_and_a_nurse_who_leads(world: World) -> None:
    with pytest.raises(Invalid) as nobody:
        import_new(
            world.nurse, Sent("x.json", b'{"resourceType":"Organization","id":"o","name":"Huis"}'), NOW
        )
    assert nobody.value.code == "handover_no_child"
    clerk = world.account("Clerk")
    grant_access(JOB, clerk.id, Role.EMPLOYEE, Scope.ORGANISATION, world.home_care.id, NOW)
    with pytest.raises(Invalid) as no_work:
        import_new(actor_for(clerk), sent(patient()), NOW)
    assert no_work.value.code == "handover_no_leader"
    register_professional(
        JOB, NewProfessional("Clerk", world.home_care.id, Qualification.NONE, clerk.id), NOW
    )
    with pytest.raises(Invalid):
        import_new(actor_for(clerk), sent(patient()), NOW)


def test_who_may_not_change_the_team_makes_no_relatives_known(world: World) -> None:
    account = world.account("Doctor")
    new = NewProfessional("Doctor", world.home_care.id, Qualification.PAEDIATRICIAN, account.id)
    doctor = register_professional(JOB, new, NOW)
    add_member(world.nurse, world.subject, NewMember(Role.PAEDIATRICIAN, professional_id=doctor.id), NOW)
    mother = {
        "resourceType": "RelatedPerson",
        "id": "m",
        "patient": {"reference": "Patient/1"},
        "name": [{"text": "Linda"}],
    }
    report = import_for_child(actor_for(account), world.subject.child_id, sent(patient(), mother), NOW)
    assert report.counts["taken"] == 2
    assert not Relative.objects.filter(child_id=world.subject.child_id).exists()


def test_a_difference_that_is_not_there_cannot_be_settled(world: World) -> None:
    with pytest.raises(Missing):
        settle_difference(world.nurse, world.subject, uuid4(), Settlement(accept=True), NOW)


def test_only_what_has_a_name_and_may_be_entered_is_written_down(world: World) -> None:
    for item in (AllergyItem(source_key=""), GoalItem(source_key="", what=Concept("Lopen"))):
        with pytest.raises(Invalid) as refused:
            enter_item(world.nurse, world.subject, item, NOW)
        assert refused.value.code == "item_not_named"
    with pytest.raises(Refused):
        enter_item(STRANGER, world.subject, AllergyItem(source_key="", what=Concept("Pinda")), NOW)


def test_what_is_entered_for_a_mother_says_so(world: World) -> None:
    together = replace(world.nurse, on_behalf_of="Samira")
    row = enter_item(together, world.subject, AllergyItem(source_key="", what=Concept("Pinda")), NOW)
    assert (row.by, row.on_behalf_of) == ("Marit", "Samira")
    [filed] = file_for(world.nurse, world.subject, TODAY).items[ItemKind.ALLERGY]
    with override("nl"):
        assert source_words(filed).startswith("ingevoerd door Marit namens Samira, ")


def test_what_was_taken_out_cannot_be_taken_out_again(world: World) -> None:
    row = enter_item(world.nurse, world.subject, AllergyItem(source_key="", what=Concept("Pinda")), NOW)
    retract_item(world.nurse, world.subject, row.id, row.revision, NOW)
    for item_id in (row.id, uuid4()):
        with pytest.raises(Missing):
            retract_item(world.nurse, world.subject, item_id, row.revision, NOW)
    assert child_for(world.nurse, world.subject.child_id, TODAY).subject.birth_date == date(2020, 3, 1)


def test_a_birth_date_accepted_from_a_sender_ends_what_parents_see(world: World) -> None:
    child = world.child(birth_date=None)
    mother = world.account("Moeder")
    near = register_relative(world.nurse, child, NewRelative("Moeder", Relation.MOTHER, mother.id), NOW)
    add_member(world.nurse, child, NewMember(Role.AUTHORITY_HOLDER, relative_id=near.id), NOW)
    import_for_child(world.nurse, child.child_id, sent(patient(birthDate="2012-03-01")), NOW)
    asked = Difference.objects.get(child_id=child.child_id, field="birth_date")
    settle_difference(world.nurse, child, asked.id, Settlement(True), NOW)
    assert actor_for(mother).grants[0].until == date(2028, 3, 1)


def test_what_a_sender_may_correct_of_who_the_child_is() -> None:
    assert corrections("birth_date", "2020-03-02") == {"birth_date": date(2020, 3, 2)}
    with pytest.raises(Invalid):
        corrections("languages", [])


def test_the_same_thing_at_another_place_is_another_thing() -> None:
    left = ConditionItem(
        source_key="a", source="A", what=Concept("Breuk"), body_sites=(Concept("linkerarm"),)
    )
    assert not alike(left, replace(left, source="B", body_sites=(Concept("rechterarm"),)))
    assert alike(left, replace(left, source="B"))


def test_a_relation_by_code_and_an_item_by_its_date() -> None:
    mother = Concept("", (Code("http://terminology.hl7.org/CodeSystem/v3-RoleCode", "MTH"),))
    assert relation_of(RelatedPersonItem(source_key="r", relationships=(mother,))) == "mother"
    assert relation_of(RelatedPersonItem(source_key="r")) == "other"
    said = RelatedPersonItem(source_key="r", relationships=(Concept("Oma van moederskant"),))
    assert relation_of(said) == "grandparent"
    assert happened_on(MeasurementItem(source_key="m", recorded_on="2026-01-02")) == "2026-01-02"
    assert plain_data((Concept("x"), 1))[1] == 1


def test_the_actions_themselves_hold_the_child_to_the_file(world: World) -> None:
    told = Handover(
        raw=b"{}",
        name="x.json",
        form="resource",
        sender="Ziekenhuis",
        child=Identity(source_key="p", birth_date="2019-01-01"),
        bsn_not_valid=False,
        resources=(),
    )
    with pytest.raises(Invalid) as other:
        take_handover(world.nurse, world.subject, told, NOW)
    assert other.value.code == "handover_other_child"
    with pytest.raises(Invalid) as nobody:
        take_new_child(world.nurse, replace(told, child=None), NOW)
    assert nobody.value.code == "handover_no_child"
