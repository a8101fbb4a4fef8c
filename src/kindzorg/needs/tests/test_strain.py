"""Load and carrying power over time: the signs, who reads what, who is told, and what was agreed."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from kindzorg.access.ages import birthday
from kindzorg.access.policy import Grant
from kindzorg.access.roles import Role, Scope
from kindzorg.audit.models import AuditLine
from kindzorg.audit.queries import looks_at
from kindzorg.careteam.actions import NewMember, add_member
from kindzorg.careteam.models import Grant as Right
from kindzorg.careteam.queries import child_for, hidden_objects, open_child
from kindzorg.careteam.rules import strain_key
from kindzorg.careteam.tests.world import JOB, NOW, TODAY, Family, family_agrees
from kindzorg.core.errors import Invalid, Missing, Refused
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.journey.waiting import waiting_in
from kindzorg.needs.definition import Amount
from kindzorg.needs.models import StrainCheck, StrainTalk
from kindzorg.needs.strain import rules
from kindzorg.needs.strain.actions import settle_sign, tell_strain
from kindzorg.needs.strain.queries import courses_for, own_course, sign_for, signs_waiting, who_gets_signs
from kindzorg.needs.strain.rules import Course, NewStrain, StrainSign, Talk, Told
from kindzorg.needs.waiting import waiting_rows_for
from kindzorg.notices.models import Notice
from kindzorg.people.actions import NewProfessional, NewRelative, register_professional, register_relative
from kindzorg.people.rules import Qualification, Relation

LITTLE, SOME, MUCH, MOST = Amount.LITTLE, Amount.SOME, Amount.MUCH, Amount.VERY_MUCH
HEAVY, FALLING = StrainSign.HEAVY, StrainSign.FALLING
HEAVY_NOW = NewStrain(MOST, LITTLE, "Ik ben op.", shared=True)
FINE = NewStrain(SOME, MUCH, shared=True)


# --- rules -------------------------------------------------------------------------------------------------


def told(load: Amount, power: Amount, days: int = 0, signs: tuple[StrainSign, ...] = ()) -> Told:
    return Told(NOW + timedelta(days=days), load, power, signs=signs)


@pytest.mark.parametrize(
    ("course", "expected"),
    [
        ([], ()),
        ([told(SOME, SOME)], ()),
        ([told(MUCH, LITTLE)], (HEAVY,)),
        ([told(MUCH, SOME)], ()),
        ([told(SOME, LITTLE)], ()),
        ([told(MOST, Amount.VERY_LITTLE)], (HEAVY,)),
        # 2, 0, -1: twice down in a row, and now below nought.
        ([told(LITTLE, MUCH), told(SOME, SOME, 1), told(MUCH, SOME, 2)], (FALLING,)),
        ([told(SOME, SOME), told(MUCH, SOME, 1), told(MOST, LITTLE, 2)], (HEAVY, FALLING)),
        # Down once and up again, or the same: not in a row.
        ([told(MUCH, SOME), told(SOME, SOME, 1), told(MUCH, SOME, 2)], ()),
        ([told(LITTLE, MUCH), told(SOME, SOME, 1), told(SOME, SOME, 2)], ()),
        # Down, but still able to carry more than is asked.
        ([told(Amount.VERY_LITTLE, MOST), told(LITTLE, MOST, 1), told(LITTLE, MUCH, 2)], ()),
        # Too long ago to be one fall.
        ([told(LITTLE, MUCH, -400), told(SOME, SOME, -1), told(MUCH, SOME, 0)], ()),
    ],
)
def test_what_is_a_sign(course: list[Told], expected: tuple[StrainSign, ...]) -> None:
    assert rules.signs(course, rules.thresholds()) == expected


def test_a_sign_waits_until_somebody_spoke() -> None:
    first, second = told(MUCH, LITTLE, 0, (HEAVY,)), told(MOST, LITTLE, 5, (HEAVY,))
    quiet = told(SOME, SOME, 6)
    assert Course(None, "Linda", (quiet,)).waiting is None
    assert Course(None, "Linda", (first, second, quiet)).waiting == second
    talk = Talk(NOW + timedelta(days=1), "rust", "Fatma")
    assert Course(None, "Linda", (first, second), (talk,)).waiting == second
    later = replace(talk, at=NOW + timedelta(days=9))
    assert Course(None, "Linda", (first, second), (talk, later)).waiting is None


@pytest.mark.parametrize(
    ("new", "fields"),
    [
        (NewStrain(None, SOME), ("load",)),
        (NewStrain(None, None), ("load", "power")),
        (NewStrain(SOME, SOME, "x" * 501), ("words",)),
    ],
)
def test_what_is_not_whole_is_refused(new: NewStrain, fields: tuple[str, ...]) -> None:
    with pytest.raises(Invalid) as refused:
        rules.check(new)
    assert refused.value.fields == fields


@pytest.mark.parametrize(
    ("member", "about"),
    [("Linda de Wit", True), ("linda ", True), ("Linda", True), ("", False), (" ", False), ("de", False)],
)
def test_the_scan_means_a_relative_by_the_whole_name_or_the_first(member: str, about: bool) -> None:
    assert rules.is_about("Linda de Wit", member) == about


# --- actions and queries -----------------------------------------------------------------------------------


@pytest.fixture
def family(db: None) -> Family:
    found = Family(birthday(TODAY, -9))
    account = found.world.account("Vader")
    father = register_relative(JOB, found.born, NewRelative("Vader", Relation.FATHER, account.id), NOW)
    add_member(JOB, found.born, NewMember(Role.PARENT_WITHOUT_AUTHORITY, relative_id=father.id), NOW)
    found.accounts["father"] = account
    family_agrees(found.born)
    return found


def coach(family: Family) -> None:
    family.accounts["coach"] = family.world.account("Coach")
    new = NewProfessional(
        "Coach", family.world.home_care.id, Qualification.NURSE, family.accounts["coach"].id
    )
    row = register_professional(JOB, new, NOW)
    add_member(JOB, family.born, NewMember(Role.CARE_COACH, professional_id=row.id), NOW)
    family_agrees(family.born)


def tell(family: Family, who: str = "mother", new: NewStrain = HEAVY_NOW, at: datetime = NOW) -> StrainCheck:
    return tell_strain(*family.as_(who), new, at)


def waiting(family: Family, who: str) -> list[tuple[str, str]]:
    actor, _ = family.as_(who)
    opened = [child_for(actor, family.id, TODAY)]
    return [(one.kind, one.about) for one in waiting_in(waiting_rows_for(actor, opened, TODAY))]


def test_the_coach_is_told_and_speaks_and_the_mother_reads_what_was_agreed(family: Family) -> None:
    coach(family)
    row = tell(family)
    assert (row.signs, row.person, str(row)) == ("heavy", "Moeder", f"strain of {row.by_id}")
    assert {one.recipient_id for one in Notice.objects.filter(kind="strain_sign")} == {
        family.accounts["coach"].id
    }
    assert waiting(family, "coach") == [("strain_to_discuss", "Moeder")]
    assert waiting(family, "nurse") == [] and waiting(family, "doctor") == []
    with pytest.raises(Invalid):
        settle_sign(*family.as_("coach"), row.id, " ", NOW)
    with pytest.raises(Invalid):
        settle_sign(*family.as_("coach"), row.id, "x" * 501, NOW)
    later = NOW + timedelta(hours=1)
    talk = settle_sign(*family.as_("coach"), row.id, " Twee nachten vrij. ", later)
    assert str(talk) == f"talk after {row.id}" and waiting(family, "coach") == []
    assert [one.agreed for one in own_course(*family.as_("mother"), TODAY).talks] == ["Twee nachten vrij."]
    assert own_course(*family.as_("father"), TODAY).talks == ()
    with pytest.raises(Missing):
        settle_sign(*family.as_("coach"), row.id, "Nog eens.", later)
    events = AuditLine.objects.filter(child_id=family.id, event__startswith="strain")
    assert list(events.order_by("at").values_list("event", flat=True)) == [
        "strain.told",
        "strain.settled",
    ]
    assert {one.object_id for one in events} == {strain_key(family.id)}


def test_without_a_coach_the_nurses_are_told(family: Family) -> None:
    tell(family)
    told = {one.recipient_id for one in Notice.objects.filter(kind="strain_sign")}
    assert told == {family.accounts["nurse"].id, family.accounts["second"].id}
    assert waiting(family, "nurse") == waiting(family, "second") == [("strain_to_discuss", "Moeder")]


@pytest.mark.parametrize(("years", "who"), [(-9, "mother"), (-17, "child")])
def test_of_each_person_only_the_newest_sign_waits(years: int, who: str, db: None) -> None:
    family = Family(birthday(TODAY, years))
    first, last = (tell(family, who, at=NOW + timedelta(minutes=minute)) for minute in (0, 1))
    tell(family, who, FINE, NOW + timedelta(minutes=2))
    tell(family, who, replace(HEAVY_NOW, shared=False), NOW + timedelta(minutes=3))
    actor, subject = family.as_("nurse")
    assert [one.id for one in signs_waiting(actor, [subject], TODAY)] == [last.id]
    assert sign_for(actor, subject, last.id, TODAY)[1].check == last.id
    with pytest.raises(Missing):
        sign_for(actor, subject, first.id, TODAY)


def test_what_is_kept_to_oneself_is_read_by_nobody_and_gives_no_sign(family: Family) -> None:
    row = tell(family, new=replace(HEAVY_NOW, shared=False))
    assert (
        row.signs == ""
        and not Notice.objects.filter(kind="strain_sign").exists()
        and waiting(family, "nurse") == []
    )
    assert courses_for(*family.as_("nurse"), TODAY) == []
    assert [one.shared for one in own_course(*family.as_("mother"), TODAY).told] == [False]
    # Nor does it count for a later one that is shared.
    tell(family, new=replace(FINE, shared=False), at=NOW + timedelta(minutes=1))
    tell(family, new=NewStrain(SOME, SOME, shared=False), at=NOW + timedelta(minutes=2))
    assert tell(family, new=NewStrain(MUCH, SOME, shared=True), at=NOW + timedelta(minutes=3)).signs == ""


def test_falling_is_seen_over_what_was_shared(family: Family) -> None:
    for minute, new in enumerate(
        (FINE, NewStrain(SOME, SOME, shared=True), NewStrain(MUCH, SOME, shared=True))
    ):
        last = tell(family, new=new, at=NOW + timedelta(minutes=minute))
    assert last.signs == "falling"


def test_a_sign_where_nobody_can_be_told_waits_and_fails_not(family: Family) -> None:
    for who in ("nurse", "second"):
        rights = Right.objects.filter(user_id=family.accounts[who].id, scope_id=family.id)
        rights.update(domains="medical")
    assert who_gets_signs(*family.as_("mother"), TODAY) == []
    assert tell(family).signs == "heavy" and not Notice.objects.filter(kind="strain_sign").exists()


def test_each_reads_its_own_and_the_few_read_what_was_shared(family: Family) -> None:
    coach(family)
    tell(family), tell(family, "father", FINE)
    assert [one.load for one in own_course(*family.as_("father"), TODAY).told] == [SOME]
    for who in ("nurse", "second", "coach"):
        assert [one.name for one in courses_for(*family.as_(who), TODAY)] == ["Moeder", "Vader"]
    for who in ("doctor", "child", "mother", "father"):
        with pytest.raises(Refused):
            courses_for(*family.as_(who), TODAY)
    for who in ("child", "nurse"):
        with pytest.raises(Refused):
            tell(family, who)


def test_who_does_not_see_every_domain_reads_nothing(family: Family) -> None:
    row = tell(family)
    actor, subject = family.as_("second")
    narrow = replace(actor, grants=(_grant(family, frozenset({LifeDomain.SOCIAL})),))
    with pytest.raises(Refused):
        courses_for(narrow, subject, TODAY)
    with pytest.raises(Refused):
        settle_sign(narrow, subject, row.id, "Iets.", NOW)
    opened = [replace(child_for(actor, family.id, TODAY), subject=subject)]
    assert waiting_in(waiting_rows_for(narrow, opened, TODAY)) == []


def _grant(family: Family, domains: frozenset[LifeDomain]) -> Grant:
    return Grant(Role.PAEDIATRIC_NURSE, Scope.CHILD, family.id, TODAY, domains=domains)


def test_who_is_family_and_works_here_is_not_told_and_does_not_read(family: Family) -> None:
    tell(family)
    actor, subject = family.as_("second")
    near = replace(subject, is_relative=True)
    with pytest.raises(Refused):
        courses_for(actor, near, TODAY)
    register_relative(
        JOB, family.born, NewRelative("Tante", Relation.OTHER, family.accounts["second"].id), NOW
    )
    told = [user_id for user_id, _, _ in who_gets_signs(*family.as_("mother"), TODAY)]
    assert told == [family.accounts["nurse"].id]


def test_a_young_person_tells_of_itself(db: None) -> None:
    family = Family(birthday(TODAY, -17))
    row = tell(family, "child")
    assert row.relative_id is None and row.person == "Kind"
    assert [one.load for one in own_course(*family.as_("child"), TODAY).told] == [MOST]
    (course,) = courses_for(*family.as_("nurse"), TODAY)
    assert course.person_id is None and course.waiting is not None
    assert waiting(family, "nurse") == [("strain_to_discuss", "Kind")]
    settle_sign(*family.as_("nurse"), row.id, "Rust.", NOW + timedelta(minutes=1))
    assert waiting(family, "nurse") == []


def test_who_is_none_of_the_family_tells_nothing(family: Family) -> None:
    actor, subject = family.as_("doctor")
    grants = (Grant(Role.PARENT_WITHOUT_AUTHORITY, Scope.CHILD, family.id, TODAY),)
    with pytest.raises(Missing):
        tell_strain(replace(actor, grants=grants), subject, FINE, NOW)
    with pytest.raises(Missing):
        settle_sign(*family.as_("nurse"), uuid4(), "Iets.", NOW)


def test_the_trail_says_it_to_who_reads_it_alone(family: Family) -> None:
    key = strain_key(family.id)
    for who in ("mother", "father", "child", "doctor"):
        assert key in hidden_objects(*family.as_(who), TODAY), who
    for who in ("nurse", "second"):
        assert key not in hidden_objects(*family.as_(who), TODAY), who
    actor, _ = family.as_("nurse")
    open_child(actor, family.id, "strain.read", "strain.read", NOW, about_id=key)
    assert looks_at(*family.as_("mother"), key, "strain.read", TODAY) == [("Marit", NOW)]
    assert looks_at(*family.as_("nurse"), key, "strain.read", TODAY) == []


@pytest.mark.parametrize("table", [StrainCheck, StrainTalk])
def test_what_was_told_is_frozen(family: Family, table: type) -> None:
    row = tell(family)
    settle_sign(*family.as_("nurse"), row.id, "Rust.", NOW)
    rows = table._default_manager.filter(child_id=family.id)
    assert rows.count() == 1
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(by_id=uuid4())
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete()
