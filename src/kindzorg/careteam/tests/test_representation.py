"""Who represents the grown child: from the 18th birthday, in the order of the law, and until when."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml
from django.db import connection

from kindzorg.access import policy
from kindzorg.access.ages import birthday
from kindzorg.access.roles import Role
from kindzorg.audit.models import AuditLine
from kindzorg.careteam.actions import correct_identity, leave_team
from kindzorg.careteam.authority.actions import assess_capacity, record_restriction
from kindzorg.careteam.authority.rules import NewCapacity, NewRestriction
from kindzorg.careteam.invitations.actions import NewInvitation, accept, end_part, invite, leave
from kindzorg.careteam.invitations.rules import InvitedAs
from kindzorg.careteam.models import Grant, Membership, Representation
from kindzorg.careteam.queries import actor_for, child_for
from kindzorg.careteam.representation import actions
from kindzorg.careteam.representation.queries import representations_for
from kindzorg.careteam.representation.rules import NewRepresentation, RepresentationKind
from kindzorg.careteam.rules import RestrictionKind
from kindzorg.careteam.sharing import family_of
from kindzorg.careteam.tests.test_sight import by_query, by_wall
from kindzorg.careteam.tests.world import JOB, Family
from kindzorg.core.errors import Invalid, Missing, Refused
from kindzorg.core.vocabulary import Ground
from kindzorg.people.actions import NewRelative, register_relative
from kindzorg.people.models import Child, Relative, User
from kindzorg.people.rules import Relation

LINES = yaml.safe_load((Path(__file__).parent / "who_represents.yaml").read_text(encoding="utf-8"))
# An ordinary day, the last of a year, and the day that is there once in four years.
BORN = (date(2012, 9, 14), date(2011, 12, 31), date(2012, 2, 29))
CURATOR, FAMILY = RepresentationKind.CURATOR, RepresentationKind.FAMILY
pytestmark = pytest.mark.django_db


class Grown(Family):
    """A child of seventeen and a half, and whoever was recorded to represent it."""

    def __init__(self, born: date = BORN[2]) -> None:
        super().__init__(born)
        self.day = birthday(born, 18)
        self.at = datetime.fromisoformat(f"{self.day - timedelta(120)}T09:00:00+00:00")
        self.rows: dict[str, Representation] = {}

    def known(self, who: str, *, account: bool = True) -> Relative:
        if account:
            self.accounts[who] = self.world.account(who)
        user_id = self.accounts[who].id if account else None
        return register_relative(JOB, self.born, NewRelative(who, Relation.OTHER, user_id), self.at)

    def record(self, kind: str, *, account: bool = True) -> Representation:
        relative = self.known(kind, account=account)
        new = NewRepresentation(relative.id, RepresentationKind(kind), " beschikking, verzonnen ")
        self.rows[kind] = actions.record_representation(*self.as_("nurse", self.at.date()), new, self.at)
        return self.rows[kind]

    def assess(self, word: str, days: int = 300) -> None:
        if word != "nothing":
            new = NewCapacity(word == "able", "gesprek", self.at.date() + timedelta(days))
            assess_capacity(*self.as_("doctor", self.at.date()), new, self.at)

    def now(self, days: int = 0) -> datetime:
        return self.at + timedelta(120 + days)

    def on(self, days: int = 0) -> date:
        return self.day + timedelta(days)

    def represents(self, who: str, on: date) -> bool:
        """As the policy, the query and the row wall say, all three."""
        actor = actor_for(self.accounts[who], at=self.at)
        seen = self.id in by_query(actor, on)
        if connection.vendor == "postgresql":
            assert (self.id in by_wall(actor, on)[0]) == seen
        assert seen == self.may(who, "child.open", on)
        assert not self.may(who, "plan.read", on) or seen
        return self.may(who, "plan.agree", on)

    def family(self, on: date) -> Any:
        return family_of(Child.objects.get(id=self.id), on)


def refused(code: str, act: Any) -> None:
    with pytest.raises(Invalid) as error:
        act()
    assert error.value.code == code


@pytest.mark.parametrize("born", BORN, ids=str)
@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{'-'.join(line['recorded'])} {line['assessed']}")
def test_the_day_before_the_day_and_the_day_after(line: dict[str, Any], born: date) -> None:
    grown = Grown(born)
    for kind in line["recorded"]:
        grown.record(kind)
    grown.assess(line["assessed"])
    for step, expected in zip((-1, 0, 1), line["days"], strict=True):
        on = grown.day + timedelta(step)
        found = [who for who in line["recorded"] if grown.represents(who, on)]
        assert found == expected, on
        # The parents' authority ends at the same midnight, and the young adult decides where nobody does for it.
        assert grown.may("mother", "plan.agree", on) == (step < 0 and line["assessed"] == "unable")
        decides = line["assessed"] != "unable" and not expected
        assert grown.may("child", "plan.agree", on) == decides


def test_the_law_on_data_knows_no_family_that_represents_an_adult() -> None:
    by_court, by_law = Grown(), Grown()
    by_court.record("mentor")
    by_law.record("family")
    for grown, everywhere in ((by_court, True), (by_law, False)):
        grown.assess("unable")
        (one,) = grown.family(grown.day).representatives
        for ground in Ground:
            needed = grown.family(grown.day).needed(ground, grown.day)
            speaks = everywhere or ground in (Ground.WGBO, Ground.JEUGDWET, Ground.WABVPZ)
            assert (
                needed == ((one,) if speaks else ()) == grown.family(grown.day).may_speak(ground, grown.day)
            )
            assert grown.family(grown.day).lacks(ground, grown.day) == (not speaks)
        who = "mentor" if everywhere else "family"
        assert grown.may(who, "research.object", grown.day) == everywhere
        assert grown.family(grown.day - timedelta(1)).representatives == ()


def test_the_family_is_let_in_while_the_assessment_holds_and_again_by_a_new_one() -> None:
    grown = Grown()
    grown.record("family")
    assert not grown.represents("family", grown.day)
    grown.assess("unable", 150)
    assert grown.represents("family", grown.on(29)) and not grown.represents("family", grown.on(30))
    grown.assess("unable", 200)
    assert grown.represents("family", grown.on(79)) and not grown.represents("family", grown.on(80))
    moved = AuditLine.objects.filter(event="representation.access_moved", child_id=grown.id)
    assert moved.count() == 3


def test_who_is_next_represents_from_the_day_that_the_first_one_ends() -> None:
    grown = Grown()
    curator = grown.record("curator")
    grown.record("family")
    grown.assess("unable")
    nurse = grown.as_("nurse", grown.day)
    actions.check_representation_again(*nurse, curator.id, " curateleregister ", grown.now())
    curator.refresh_from_db()
    assert (curator.source, curator.checked_on) == ("curateleregister", grown.day)
    actions.end_representation(*nurse, curator.id, "beschikking", grown.now(1))
    assert grown.represents("curator", grown.on()) and not grown.represents("curator", grown.on(1))
    assert grown.represents("family", grown.on(1))
    rows = representations_for(*nurse, grown.on(1))
    assert [(one.kind, one.until) for one in rows] == [("family", None), ("curator", grown.on(1))]
    for again in (
        lambda: actions.end_representation(*nurse, curator.id, "nog eens", grown.now(2)),
        lambda: actions.check_representation_again(*nurse, uuid4(), "register", grown.now(2)),
    ):
        with pytest.raises(Missing):
            again()
    new = NewRepresentation(curator.relative_id, CURATOR, "nieuwe beschikking")
    actions.record_representation(*nurse, new, grown.now(3))
    assert grown.represents("curator", grown.on(3)) and not grown.represents("family", grown.on(3))


def test_what_is_not_said_well_is_refused() -> None:
    grown = Grown()
    relative, nurse = grown.known("neef"), grown.as_("nurse", grown.at.date())

    def record(now: datetime = grown.at, **changed: Any) -> Any:
        values = {"relative_id": relative.id, "kind": FAMILY, "source": "gesprek", **changed}
        return lambda: actions.record_representation(*nurse, NewRepresentation(**values), now)

    refused("representation_too_early", record(grown.at - timedelta(days=366)))
    refused("representation_without_source", record(source=" "))
    refused("checked_in_the_future", record(checked_on=grown.at.date() + timedelta(1)))
    with pytest.raises(Missing):
        record(relative_id=uuid4())()
    row = record(checked_on=grown.at.date())()
    refused("representation_recorded_already", record())
    refused(
        "representation_without_source",
        lambda: actions.check_representation_again(*nurse, row.id, " ", grown.at),
    )
    refused("ended_without_reason", lambda: actions.end_representation(*nurse, row.id, " ", grown.at))
    unborn = Grown()
    Child.objects.filter(id=unborn.id).update(birth_date=None)
    about = unborn.as_("nurse", unborn.at.date())
    new = NewRepresentation(unborn.known("neef").id, FAMILY, "gesprek")
    refused("representation_too_early", lambda: actions.record_representation(*about, new, unborn.at))


def test_a_birth_date_that_is_corrected_moves_the_day() -> None:
    grown = Grown()
    grown.record("curator")
    later = grown.born.birth_date + timedelta(10)
    correct_identity(*grown.as_("nurse", grown.at.date()), {"birth_date": later}, grown.at)
    assert not grown.represents("curator", grown.on(8)) and grown.represents("curator", grown.on(9))
    assert Membership.objects.get(role=Role.REPRESENTATIVE).starts == birthday(later, 18)
    correct_identity(*grown.as_("nurse", grown.at.date()), {"birth_date": None}, grown.at)
    assert not grown.may("curator", "plan.read", grown.on(9))
    correct_identity(*grown.as_("nurse", grown.day), {"died_on": grown.on(20)}, grown.now(20))
    assert Grant.objects.get(role=Role.REPRESENTATIVE).until == grown.on(20)


def test_who_leaves_represents_the_child_no_longer_and_another_cannot_end_it() -> None:
    grown = Grown()
    for kind in ("curator", "partner", "family"):
        grown.record(kind)
    grown.assess("unable")
    part = Membership.objects.get(role=Role.REPRESENTATIVE, relative__name="curator")
    nurse = grown.as_("nurse", grown.day)
    refused("kept_by_law", lambda: end_part(*nurse, part.id, grown.now()))
    leave(*grown.as_("curator", grown.day), part.id, grown.now())
    assert not grown.represents("curator", grown.day) and grown.represents("partner", grown.on(1))
    second = Membership.objects.get(role=Role.REPRESENTATIVE, relative__name="partner")
    leave_team(*nurse, second.id, grown.now(1))
    assert not grown.represents("partner", grown.on(1)) and grown.represents("family", grown.on(1))


def test_who_has_no_account_yet_comes_in_by_an_invitation_as_representative() -> None:
    grown = Grown()
    row = grown.record("mentor", account=False)
    assert not Grant.objects.filter(role=Role.REPRESENTATIVE).exists()
    grown.assess("unable")
    on = grown.at.date()
    issued = invite(
        *grown.as_("nurse", on), NewInvitation(InvitedAs.RELATIVE, relative_id=row.relative_id), grown.at
    )
    grown.accounts["mentor"] = grown.world.account("mentor")
    member = accept(JOB, issued.token, grown.accounts["mentor"].id, grown.at)
    member.refresh_from_db()
    assert (member.role, member.starts) == (Role.REPRESENTATIVE, grown.day)
    assert not grown.represents("mentor", grown.on(-1)) and grown.represents("mentor", grown.day)


def test_a_court_that_forbids_looking_goes_before_representation() -> None:
    grown = Grown()
    row = grown.record("family")
    grown.assess("unable")
    new = NewRestriction(row.relative_id, RestrictionKind.DECIDE, "rechtbank Utrecht, verzonnen")
    record_restriction(*grown.as_("nurse", grown.at.date()), new, grown.at)
    assert not grown.represents("family", grown.day) and not grown.family(grown.day).representatives


def test_a_mother_who_looks_along_already_meets_the_child_as_its_representative() -> None:
    grown = Grown()
    new = NewRepresentation(grown.mother_row.id, FAMILY, "gesprek met de familie")
    actions.record_representation(*grown.as_("nurse", grown.at.date()), new, grown.at)
    grown.assess("unable")
    for step, role in ((-1, Role.AUTHORITY_HOLDER), (0, Role.REPRESENTATIVE), (1, Role.REPRESENTATIVE)):
        actor = actor_for(User.objects.get(id=grown.accounts["mother"].id), at=grown.at)
        opened = child_for(actor, grown.id, grown.on(step))
        assert opened.role == role and policy.may(actor, "plan.agree", opened.subject, grown.on(step))


def test_nobody_records_it_without_leave() -> None:
    grown = Grown()
    row = grown.record("curator")
    grown.assess("unable")
    new = NewRepresentation(grown.known("neef").id, FAMILY, "gesprek")
    for who in ("child", "doctor", "curator"):
        about = grown.as_(who, grown.day)
        for act in (
            lambda about: actions.record_representation(*about, new, grown.now()),
            lambda about: actions.check_representation_again(*about, row.id, "register", grown.now()),
            lambda about: actions.end_representation(*about, row.id, "register", grown.now()),
            lambda about: actions.let_representatives_in(*about, "authority.change", grown.now()),
        ):
            with pytest.raises(Refused):
                act(about)
    with pytest.raises(Refused):
        representations_for(*grown.as_("child", grown.day), grown.day)
