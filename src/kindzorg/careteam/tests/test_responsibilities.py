"""Who answers for what: the table, writing it down, ending it, and what a closed domain does to it."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, transaction

from kindzorg.access.policy import Actor, Grant, Subject
from kindzorg.access.roles import Role, Scope
from kindzorg.audit.models import AuditLine
from kindzorg.careteam.actions import leave_team
from kindzorg.careteam.models import Membership, Responsibility
from kindzorg.careteam.responsibilities import rules
from kindzorg.careteam.responsibilities.actions import end_responsibility, set_responsibility
from kindzorg.careteam.responsibilities.queries import responsibilities_for, responsibility_for
from kindzorg.careteam.responsibilities.rules import (
    DomainTable,
    Lacking,
    NewResponsibility,
    ResponsibilityKind,
    ResponsibilityView,
    TeamMember,
)
from kindzorg.careteam.tests.world import NOW, TODAY, Family
from kindzorg.core.errors import Conflict, Invalid, Missing, Refused
from kindzorg.core.vocabulary import LifeDomain

MEDICAL, SOCIAL = LifeDomain.MEDICAL, LifeDomain.SOCIAL
ONE, TWO = UUID(int=1), UUID(int=2)


# --- rules -------------------------------------------------------------------------------------------------


def row(
    kind: ResponsibilityKind, domain: LifeDomain = MEDICAL, member: UUID | None = ONE
) -> ResponsibilityView:
    return ResponsibilityView(UUID(int=9), domain, kind, "Karin", "alles", "", member, "Marit", NOW)


DOCTOR, LEADING = TeamMember(ONE, Role.PAEDIATRICIAN, False), TeamMember(TWO, Role.PAEDIATRICIAN, True)
NURSE = TeamMember(UUID(int=3), Role.LEVEL5_NURSE, True)


@pytest.mark.parametrize(
    ("team", "answer"),
    [
        ([], None),
        ([NURSE], None),
        ([NURSE, DOCTOR], ONE),
        ([DOCTOR, LEADING], TWO),
        ([DOCTOR, replace(DOCTOR, id=TWO)], None),
        ([LEADING, replace(LEADING, id=ONE)], None),
    ],
)
def test_medically_answers_the_paediatrician_who_leads_or_the_only_one(
    team: list[TeamMember], answer: UUID | None
) -> None:
    assert rules.medically_responsible(team) == answer


def test_a_table_says_who_or_why_nobody() -> None:
    both = (MEDICAL, SOCIAL)
    assert rules.tables([], [DOCTOR], both) == (
        DomainTable(MEDICAL, None, (), None, ONE),
        DomainTable(SOCIAL, None, (), Lacking.NOBODY),
    )
    assert rules.tables([], [], [MEDICAL])[0].lacking == Lacking.NOBODY
    answers, line = row(ResponsibilityKind.DOMAIN), row(ResponsibilityKind.LINE, member=None)
    assert rules.tables([line, answers], [DOCTOR], [MEDICAL]) == (
        DomainTable(MEDICAL, answers, (line,), None),
    )
    gone = row(ResponsibilityKind.DOMAIN, member=None)
    assert rules.tables([gone], [DOCTOR], [MEDICAL])[0].lacking == Lacking.LEFT


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (NewResponsibility(MEDICAL, ResponsibilityKind.DOMAIN, "alles"), "responsibility_nobody"),
        (NewResponsibility(MEDICAL, ResponsibilityKind.LINE, "alles", who=" "), "responsibility_nobody"),
        (NewResponsibility(MEDICAL, ResponsibilityKind.LINE, " ", who="Linda"), "responsibility_what"),
        (NewResponsibility(MEDICAL, ResponsibilityKind.LINE, "x" * 301, who="Linda"), "responsibility_long"),
        (NewResponsibility(MEDICAL, ResponsibilityKind.DOMAIN, "x", "y" * 301, ONE), "responsibility_long"),
    ],
)
def test_what_says_too_little_or_too_much_is_refused(new: NewResponsibility, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.check(new)
    assert refused.value.code == code


# --- actions -----------------------------------------------------------------------------------------------


@pytest.fixture
def family(db: None) -> Family:
    return Family(TODAY - timedelta(days=3000))


def part(family: Family, who: str) -> UUID:
    user = family.accounts[who].id
    return Membership.objects.get(child_id=family.id, professional__user_id=user).id


def answers(family: Family, who: str, instead_of: UUID | None = None) -> Responsibility:
    new = NewResponsibility(
        MEDICAL, ResponsibilityKind.DOMAIN, " alles ", member_id=part(family, who), instead_of=instead_of
    )
    return set_responsibility(*family.as_("nurse"), new, NOW)


def line(family: Family, who: str = "nurse", **more: UUID) -> Responsibility:
    new = NewResponsibility(SOCIAL, ResponsibilityKind.LINE, "komt", who="Oma", how="op vrijdag", **more)
    return set_responsibility(*family.as_(who), new, NOW)


def table(family: Family, who: str, domain: LifeDomain) -> DomainTable:
    found = responsibilities_for(*family.as_(who), TODAY)
    return next(one for one in found if one.domain == domain)


def events(family: Family) -> list[str]:
    lines = AuditLine.objects.filter(child_id=family.id, event__startswith="responsibility")
    return list(lines.order_by("position").values_list("event", flat=True))


def test_who_answers_is_written_down_and_followed_by_another(family: Family) -> None:
    assert table(family, "mother", MEDICAL).assumed == part(family, "doctor")
    first = answers(family, "doctor")
    assert (first.who, first.what, first.by) == ("doctor", "alles", "Marit") and str(
        first
    ) == "doctor for medical"
    assert table(family, "mother", MEDICAL).answers == responsibility_for(
        *family.as_("child"), first.id, TODAY
    )
    second = answers(family, "second", first.id)
    shown = table(family, "mother", MEDICAL).answers
    assert shown is not None and shown.name == "second"
    first.refresh_from_db()
    assert first.until == TODAY and second.until is None
    assert events(family) == ["responsibility.set", "responsibility.set"]


def test_two_at_once_do_not_overwrite_each_other(family: Family) -> None:
    answers(family, "doctor")
    with pytest.raises(Conflict) as lost:
        answers(family, "second")
    assert lost.value.data["theirs"] == "doctor"
    with pytest.raises(Conflict):
        answers(family, "second", uuid4())
    assert len(events(family)) == 1


def test_a_line_is_added_changed_and_ended(family: Family) -> None:
    first = line(family, "mother")
    second = line(family, "mother", instead_of=first.id)
    assert [one.id for one in table(family, "nurse", SOCIAL).lines] == [second.id]
    with pytest.raises(Missing):
        line(family, instead_of=first.id)
    end_responsibility(*family.as_("mother"), second.id, NOW)
    assert table(family, "nurse", SOCIAL).lines == () and events(family)[-1] == "responsibility.ended"
    with pytest.raises(Missing):
        end_responsibility(*family.as_("mother"), second.id, NOW)
    with pytest.raises(Missing):
        responsibility_for(*family.as_("mother"), second.id, TODAY)


def test_who_leaves_leaves_a_gap_that_is_said(family: Family) -> None:
    answers(family, "second")
    leave_team(*family.as_("nurse"), part(family, "second"), NOW)
    gap = table(family, "mother", MEDICAL)
    assert gap.lacking == Lacking.LEFT and gap.answers is not None and gap.answers.name == "second"
    with pytest.raises(Missing):
        answers(family, "second", gap.answers.id)


def test_the_child_and_the_doctor_read_and_do_not_write(family: Family) -> None:
    for who in ("child", "doctor"):
        with pytest.raises(Refused):
            line(family, who)
        assert len(responsibilities_for(*family.as_(who), TODAY)) == 4
    assert events(family) == []


def only(actor: Actor, subject: Subject, domain: LifeDomain) -> Actor:
    """The same person, to whom the family left one domain open."""
    grant = Grant(Role.PAEDIATRIC_NURSE, Scope.CHILD, subject.child_id, TODAY, domains=frozenset({domain}))
    return replace(actor, grants=(grant,))


def test_a_domain_that_is_closed_is_not_there(family: Family) -> None:
    mine = line(family)
    actor, subject = family.as_("second")
    narrow = only(actor, subject, MEDICAL)
    assert [one.domain for one in responsibilities_for(narrow, subject, TODAY)] == [MEDICAL]
    for refused in (
        lambda: responsibility_for(narrow, subject, mine.id, TODAY),
        lambda: end_responsibility(narrow, subject, mine.id, NOW),
    ):
        with pytest.raises(Missing):
            refused()
    new = NewResponsibility(SOCIAL, ResponsibilityKind.LINE, "komt", who="Oma")
    with pytest.raises(Refused):
        set_responsibility(narrow, subject, new, NOW)


@pytest.mark.parametrize("change", [{"what": "iets anders"}, {"who": "een ander"}, {"domain": "safety"}])
def test_the_database_lets_a_row_end_and_nothing_else(family: Family, change: dict[str, str]) -> None:
    row = line(family)
    rows = Responsibility.objects.filter(id=row.id)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(**change)
    rows.update(until=TODAY)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(until=None)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete()
