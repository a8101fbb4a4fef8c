"""What family members say outside the product: who may record it, of whom, how it is marked, and who changes it."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from kindzorg.access.roles import Role
from kindzorg.audit.models import AuditLine
from kindzorg.careplan import actions, queries
from kindzorg.careplan.models import Signature
from kindzorg.careplan.rules import Heard, SignatureAnswer, SignedHow, Standing, VersionStatus
from kindzorg.careplan.versions.rules import (
    SignatureView,
    check_heard,
    may_be_heard,
    signers_of,
    ways_to_hear,
)
from kindzorg.careplan.waiting import waiting_for
from kindzorg.careteam.actions import NewMember, add_member
from kindzorg.careteam.authority.actions import record_authority
from kindzorg.careteam.authority.rules import NewAuthority
from kindzorg.careteam.queries import opened_children
from kindzorg.careteam.rules import AuthorityKind
from kindzorg.core.errors import Invalid, Missing, Refused
from kindzorg.notices.models import Notice
from kindzorg.people.actions import NewProfessional, NewRelative, register_professional, register_relative
from kindzorg.people.models import Child, User
from kindzorg.people.rules import Qualification, Relation

from .conftest import NOW, SYSTEM, TODAY, World, build, sign
from .doors import client, few_statements, get, post, url

SELF, IN_PERSON, TELEPHONE, PAPER = SignedHow
ON, OFFERED_ON = date(2026, 9, 14), date(2026, 9, 10)
MOTHER, FATHER = UUID(int=1), UUID(int=2)


# --- rules -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("how", "has_account", "may"),
    [
        (IN_PERSON, False, True),
        (TELEPHONE, False, True),
        (PAPER, False, True),
        (SELF, False, False),
        (IN_PERSON, True, False),  # is there, so signs there
        (TELEPHONE, True, True),
        (PAPER, True, True),
        (SELF, True, False),
    ],
)
def test_in_which_way_an_answer_is_recorded(how: SignedHow, has_account: bool, may: bool) -> None:
    assert (how in ways_to_hear(has_account)) is may
    heard = Heard(relative_id=MOTHER, how=how, said_on=ON, yes=True)
    if may:
        check_heard(heard, has_account, OFFERED_ON, ON)
    else:
        with pytest.raises(Invalid) as refused:
            check_heard(heard, has_account, OFFERED_ON, ON)
        assert (refused.value.code, refused.value.fields) == ("signs_there", ("how",))


@pytest.mark.parametrize(
    ("said_on", "yes", "reason", "code"),
    [
        (OFFERED_ON, True, "", ""),
        (ON, True, "", ""),
        (OFFERED_ON - timedelta(1), True, "", "said_before_offered"),
        (ON + timedelta(1), True, "", "said_before_offered"),
        (ON, False, "", "reason_required"),
        (ON, False, "  ", "reason_required"),
        (ON, False, "not at night", ""),
    ],
)
def test_an_answer_is_of_a_day_since_the_offer_and_a_no_says_why(
    said_on: date, yes: bool, reason: str, code: str
) -> None:
    heard = Heard(relative_id=MOTHER, how=TELEPHONE, said_on=said_on, yes=yes, reason=reason)
    with pytest.raises(Invalid) if code else nullcontext() as refused:
        check_heard(heard, False, OFFERED_ON, ON)
    assert not code or refused.value.code == code


def signature(relative_id: UUID | None = MOTHER, how: SignedHow = SELF, **parts: Any) -> SignatureView:
    given: dict[str, Any] = {
        "party": "authority_holder",
        "signer_id": None,
        "name": "Mother",
        "role": "",
        "answer": SignatureAnswer.YES,
        "reason": "",
        "at": datetime(2026, 9, 14, tzinfo=UTC),
    }
    return SignatureView(relative_id=relative_id, how=how, **{**given, **parts})


@pytest.mark.parametrize(
    ("given", "may"),
    [
        ((), True),
        ((signature(how=TELEPHONE),), True),  # said otherwise the next day
        ((signature(),), False),
        ((signature(), signature(how=TELEPHONE)), False),
        ((signature(FATHER),), True),  # somebody else's
        ((signature(party="approver"),), True),
    ],
)
def test_what_somebody_signed_only_that_person_changes(given: tuple[SignatureView, ...], may: bool) -> None:
    assert may_be_heard(given, "authority_holder", MOTHER) is may


def test_of_what_was_said_the_last_of_each_family_member_counts() -> None:
    no = signature(answer=SignatureAnswer.NO)
    doctor = signature(None, party="approver", name="Doctor")
    found = signers_of((signature(), signature(FATHER, name="Father"), no, doctor))
    assert [(one.name, one.signature and str(one.signature.answer)) for one in found] == [
        ("Mother", "no"),
        ("Father", "yes"),
    ]


# --- actions -----------------------------------------------------------------------------------------------

pytestmark = pytest.mark.django_db


@pytest.fixture
def offered() -> Iterator[World]:
    """An offered plan; the mother has an account, the father has none."""
    world = build(without=("father",))
    subject = world.as_("nurse")[1]
    father = register_relative(SYSTEM, subject, NewRelative("Father", Relation.FATHER), NOW)
    add_member(SYSTEM, subject, NewMember(Role.AUTHORITY_HOLDER, relative_id=father.id), NOW)
    record_authority(SYSTEM, subject, NewAuthority(father.id, AuthorityKind.JOINT, "register"), NOW)
    world.relatives["father"] = father.id
    world.draft()
    world.do("nurse", actions.offer_version)
    yield world


def heard(world: World, who: str, how: SignedHow = TELEPHONE, yes: bool = True, reason: str = "") -> Heard:
    relative_id = world.relatives[who] if who != "child" else None
    return Heard(relative_id=relative_id, how=how, said_on=TODAY, yes=yes, reason=reason)


def record(world: World, by: str, who: str, **parts: Any) -> Any:
    return world.do(by, actions.record_answer, 1, heard(world, who, **parts))


@contextmanager
def refused(error: type[Exception], code: str) -> Iterator[None]:
    before = Signature.objects.count()
    with pytest.raises(error) as found:
        yield
    assert found.value.code == code and Signature.objects.count() == before  # type: ignore[attr-defined]


def test_a_father_without_an_account_is_heard_and_the_plan_moves_on(offered: World) -> None:
    sign(offered, "mother", 1)
    assert record(offered, "nurse", "father", how=IN_PERSON).status == VersionStatus.AGREED
    row = Signature.objects.latest("created_at")
    assert (row.signer, row.signer_user_id, row.by, row.how, row.said_on) == (
        "Father",
        None,
        "Nurse",
        "in_person",
        TODAY,
    )
    line = AuditLine.objects.filter(event="version.answer_recorded").get()
    assert (line.actor_name, line.on_behalf_of, line.detail["how"]) == ("Nurse", "Father", "in_person")
    view = queries.version_for(*offered.as_("mother"), 1, TODAY).version.signatures[-1]
    assert (view.name, view.recorded_by, view.signer_id, str(view.how)) == (
        "Father",
        "Nurse, Home",
        None,
        "in_person",
    )
    assert not Notice.objects.filter(kind="plan_answer_recorded").exists()


def test_a_no_by_telephone_says_why_and_can_become_a_yes(offered: World) -> None:
    sign(offered, "mother", 1)
    with refused(Invalid, "reason_required"):
        record(offered, "nurse", "father", yes=False)
    record(offered, "nurse", "father", yes=False, reason=" not at night ")
    found = queries.version_for(*offered.as_("nurse"), 1, TODAY).version
    signing = queries.signing_for(*offered.as_("nurse"), found, TODAY)
    assert signing.standing is Standing.FAMILY_DISAGREES
    assert [one.signature.reason for one in signing.asked if one.name == "Father" and one.signature] == [
        "not at night"
    ]
    assert record(offered, "colleague", "father").status == VersionStatus.AGREED


def test_who_has_an_account_is_heard_from_afar_is_told_and_has_the_last_word(offered: World) -> None:
    with refused(Invalid, "signs_there"):
        record(offered, "nurse", "mother", how=IN_PERSON)
    record(offered, "nurse", "mother", how=TELEPHONE)
    told = Notice.objects.get(kind="plan_answer_recorded")
    assert told.recipient_id == offered.users["mother"].id
    waits = waiting_for(offered.actor("mother"), opened_children(offered.actor("mother"), TODAY), TODAY)
    assert "plan_to_sign" not in [one.kind for one in waits]
    sign(offered, "mother", 1, yes=False, reason="I said something else")
    with refused(Invalid, "signed_already"):
        record(offered, "nurse", "mother", how=PAPER)
    found = queries.version_for(*offered.as_("nurse"), 1, TODAY).version
    assert [str(one.how) for one in found.signatures] == ["telephone", "self"]
    assert queries.signing_for(*offered.as_("nurse"), found, TODAY).standing is Standing.FAMILY_DISAGREES


def test_an_account_that_is_closed_counts_as_none(offered: World) -> None:
    User.objects.filter(id=offered.users["mother"].id).update(is_active=False)
    record(offered, "nurse", "mother", how=IN_PERSON)
    assert Signature.objects.get().signer_user_id is None


def test_only_of_who_must_agree_and_only_while_it_is_asked(offered: World) -> None:
    for who in ("aunt", "child"):
        with refused(Missing, "not_asked_to_agree"):
            record(offered, "nurse", who)
    with refused(Missing, "not_asked_to_agree"):
        offered.do("nurse", actions.record_answer, 1, replace(heard(offered, "mother"), relative_id=uuid4()))
    with refused(Missing, "no_such_version"):
        offered.do("nurse", actions.record_answer, 2, heard(offered, "father"))
    for who in ("mother", "doctor", "teacher", "gp", "child"):
        with refused(Refused, "refused"):
            record(offered, who, "father")
    offered.do("nurse", actions.withdraw_version, "start anew")
    with refused(Invalid, "version_not_offered"):
        record(offered, "nurse", "father")


def test_a_nurse_who_is_a_parent_herself_leaves_it_to_others(offered: World) -> None:
    work = NewProfessional(
        "Mother", offered.organisations["home"], Qualification.PAEDIATRIC_NURSE, offered.users["mother"].id
    )
    professional = register_professional(SYSTEM, work, NOW)
    new = NewMember(Role.PAEDIATRIC_NURSE, professional_id=professional.id)
    add_member(SYSTEM, offered.as_("nurse")[1], new, NOW)
    with refused(Refused, "signs_own"):
        record(offered, "mother", "father")


@pytest.mark.parametrize(
    ("born", "party"), [(date(2014, 9, 14), "child"), (date(2010, 9, 14), "young_person")]
)
def test_a_child_that_must_agree_and_has_no_account_is_heard_too(born: date, party: str) -> None:
    world = build(birth_date=born)
    Child.objects.filter(id=world.child_id).update(user_id=None)
    world.draft()
    world.do("nurse", actions.offer_version)
    waits = [one.kind for one in waiting(world, "nurse")]
    assert "plan_to_hear" in waits
    record(world, "nurse", "child", how=IN_PERSON)
    row = Signature.objects.get()
    assert (row.party, row.relative_id, row.signer) == (party, None, "Noor Test")
    assert "plan_to_hear" not in [one.kind for one in waiting(world, "nurse")]


def waiting(world: World, who: str) -> Any:
    actor = world.actor(who)
    return waiting_for(actor, opened_children(actor, TODAY), TODAY)


def test_that_somebody_can_only_be_heard_waits_for_who_may_record_it(offered: World) -> None:
    assert "plan_to_hear" in [one.kind for one in waiting(offered, "nurse")]
    assert "plan_to_hear" not in [one.kind for one in waiting(offered, "doctor")]
    record(offered, "nurse", "father")
    assert "plan_to_hear" not in [one.kind for one in waiting(offered, "nurse")]


def test_once_the_plan_is_in_force_it_shows_who_said_something_then(offered: World) -> None:
    sign(offered, "mother", 1)
    record(offered, "nurse", "father")
    offered.do("doctor", actions.approve_version, 1, True, "")
    new = NewRelative("Guardian", Relation.GUARDIAN)
    guardian = register_relative(SYSTEM, offered.as_("nurse")[1], new, NOW)
    record_authority(
        SYSTEM, offered.as_("nurse")[1], NewAuthority(guardian.id, AuthorityKind.GUARDIAN, "court"), NOW
    )
    found = queries.version_for(*offered.as_("nurse"), 1, TODAY).version
    signing = queries.signing_for(*offered.as_("nurse"), found, TODAY)
    assert [one.name for one in signing.asked] == ["Mother", "Father"]


# --- pages -------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def the_day_of_the_world(settings: Any) -> None:
    settings.KINDZORG_TODAY = NOW.date()


def test_the_nurse_records_it_on_a_page_and_the_family_sees_how_it_was_said(offered: World) -> None:
    father = offered.relatives["father"]
    assert f"answers/{father}" in get(offered, "nurse", "plan_version", 1)
    assert "answers/" not in get(offered, "mother", "plan_version", 1)
    page = get(offered, "nurse", "plan_hear", 1, father)
    assert "Wat zei Father?" in page and 'value="in_person"' in page
    said = {"answer": "no", "how": "telephone", "said_on": TODAY.isoformat(), "reason": "niet elke nacht"}
    kept = post(offered, "nurse", "plan_hear", 1, father, **{**said, "reason": ""}).content.decode()
    assert "Schrijf de reden" in kept and 'value="2026-09-14"' in kept
    assert post(offered, "nurse", "plan_hear", 1, father, **said).status_code == 302
    for who in ("mother", "nurse", "doctor"):
        page = get(offered, who, "plan_version", 1)
        assert "Telefonisch op 14 september 2026, vastgelegd door Nurse, Home" in page
        assert "niet elke nacht" in page


def test_the_page_says_that_an_account_holder_signs_in_and_is_told(offered: World) -> None:
    mother = offered.relatives["mother"]
    browser = client(offered, "nurse")
    with few_statements():
        page = browser.get(url(offered, "plan_hear", 1, mother)).content.decode()
    assert "heeft een account" in page and 'value="in_person"' not in page
    sign(offered, "mother", 1)
    assert f"answers/{mother}" not in get(offered, "nurse", "plan_version", 1)
    assert "heeft al geantwoord" in get(offered, "nurse", "plan_hear", 1, mother)
    said = {"answer": "yes", "how": "telephone", "said_on": TODAY.isoformat()}
    assert (
        "heeft zelf al geantwoord" in post(offered, "nurse", "plan_hear", 1, mother, **said).content.decode()
    )


def test_others_have_no_such_page(offered: World) -> None:
    father = offered.relatives["father"]
    for who in ("mother", "doctor", "child", "teacher"):
        get(offered, who, "plan_hear", 1, father, status=404)
    for key in ("child", "nobody", uuid4()):
        get(offered, "nurse", "plan_hear", 1, key, status=404)


def test_a_child_reads_that_its_answer_was_written_down() -> None:
    world = build(birth_date=date(2014, 9, 14))
    User.objects.filter(id=world.users["child"].id).update(is_active=False)
    world.draft()
    world.do("nurse", actions.offer_version)
    record(world, "nurse", "child", how=IN_PERSON)
    User.objects.filter(id=world.users["child"].id).update(is_active=True)
    assert "Iemand schreef op wat jij zei." in get(world, "child", "plan_version", 1)
    assert "answers/child" in get(world, "nurse", "plan_version", 1)
