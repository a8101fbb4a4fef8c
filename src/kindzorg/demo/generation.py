"""National-scale invented data, for measuring: bulk rows, the same for the same seed on the same day.

Two accounts are marked: `bench-nurse` ("Meetverpleegkundige"), with forty children, and among them the child
"Meetkind", whose plan has twelve goals, sixty agreements, ten versions and evaluations, and 200 visits a week, and
about whom 500 reports were written.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from random import Random

from django.conf import settings
from django.db import connection
from django.utils import timezone

from kindzorg.access.ages import age, birthday
from kindzorg.access.grounds import Side
from kindzorg.access.parties import Basis, ConsentStanding, parties
from kindzorg.access.roles import Role, Scope
from kindzorg.audit.models import AuditLine
from kindzorg.careteam.consents.rules import ground_of, purpose_of
from kindzorg.careteam.models import Consent, Membership, ParentalAuthority
from kindzorg.careteam.rules import AuthorityKind, ConsentDecision, ConsentWay, Known, grant_end
from kindzorg.core.errors import Refused
from kindzorg.core.thawing import past_the_wall
from kindzorg.demo.loading import holds_real_work
from kindzorg.demo.scale.bulk import DAY, Rows, day, moment, seconds_of
from kindzorg.demo.scale.country import (
    ADULTS,
    BOYS,
    GIRLS,
    Country,
    Worker,
    add_grant,
    add_user,
    family_name,
    found_country,
)
from kindzorg.demo.scale.plans import Case, Parent, Plans
from kindzorg.journey.models import CareJourney, JourneyStep
from kindzorg.journey.rules import Phase, step
from kindzorg.people.models import Child, Relative, User
from kindzorg.people.rules import Relation

BATCH = 1_000
MARKED_NURSE, MARKED_CHILD = "bench-nurse", "Meetkind"
MARKED_PLAN = {"goals": 12, "each": 5, "versions": 10}
FOUNDED = 4 * 365 * DAY
# Of a hundred journeys: how many stand in each phase, the way they came, and whether a plan came into force.
WAYS: tuple[tuple[int, tuple[Phase, ...], bool], ...] = (
    (10, (Phase.REFERRAL,), False),
    (12, (Phase.REFERRAL, Phase.NEEDS), False),
    (60, (Phase.REFERRAL, Phase.NEEDS, Phase.CAREPLAN), True),
    (3, (Phase.REFERRAL, Phase.NEEDS, Phase.CAREPLAN), False),
    (5, (Phase.REFERRAL, Phase.NEEDS, Phase.CAREPLAN, Phase.CLOSURE), True),
    (5, (Phase.REFERRAL, Phase.NEEDS, Phase.CAREPLAN, Phase.CLOSURE, Phase.CLOSED), True),
    (5, (Phase.REFERRAL, Phase.CLOSURE, Phase.CLOSED), False),
)
MARKED_WAY = WAYS[2]
# When a phase begins, as a part of the time since the journey was opened. Plans come into force in between.
BEGINS = {Phase.REFERRAL: 0.0, Phase.NEEDS: 0.1, Phase.CAREPLAN: 0.3, Phase.CLOSURE: 0.9, Phase.CLOSED: 0.95}


def generate(
    children: int, seed: int, now: datetime, tell: Callable[[int], None] = lambda done: None
) -> Mapping[str, int]:
    """Make so many children with teams, journeys and plans; gives back how many rows per table.

    All or nothing, in one transaction. `tell` is given the number of children made so far. Raises Refused with a
    code: "demo_only", "real_work" or "generated_already".
    """
    _require_room()
    today = timezone.localdate(now)
    at = seconds_of(datetime(today.year, today.month, today.day, 8, tzinfo=timezone.get_current_timezone()))
    with past_the_wall():
        _check_at_once()
        rows, random = Rows(seed), Random(seed)
        country = found_country(rows, random, children, at - FOUNDED)
        writer = Families(rows, random, country, at)
        for number in range(children):
            writer.add(number)
            if (number + 1) % BATCH == 0 or number + 1 == children:
                writer.write()
                tell(number + 1)
    _tidy()
    return rows.counts


def _require_room() -> None:
    if not settings.KINDZORG_DEMO:
        raise Refused("demo_only")
    if holds_real_work():
        raise Refused("real_work")
    if User.objects.filter(username=MARKED_NURSE).exists():
        raise Refused("generated_already")


def _check_at_once() -> None:
    """Foreign keys at each table instead of all at the end: millions of checks would wait in memory."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _tidy() -> None:
    """Statistics for the planner, as a database has them that lives."""
    if not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)" if connection.vendor == "postgresql" else "ANALYZE")


class Families:
    """Adds children one by one, each with a team, a journey, often a plan."""

    def __init__(self, rows: Rows, random: Random, country: Country, now: int) -> None:
        self.rows, self.random, self.country, self.now = rows, random, country, now
        self.plans = Plans(rows, random)

    def write(self) -> None:
        """Send what waits."""
        self.rows.write()
        self.plans.settle()

    def add(self, number: int) -> None:
        """One child. The first is the marked one."""
        marked = number == 0
        way = MARKED_WAY if marked else self.random.choices(WAYS, [weight for weight, _, _ in WAYS])[0]
        nurse = self.country.nurse(number)
        days = 8 * 365 + 100 if marked else self.random.randrange(20, 19 * 365)
        opened = self.now - min(days - 1, 700 if marked else self.random.randrange(15, 900)) * DAY
        born = date.fromisoformat(day(self.now - days * DAY))
        case = self._case(number, nurse, born, opened)
        self._steps(case, way[1])
        self._professionals(case, number)
        if marked:
            self.plans.many_versions(case, **MARKED_PLAN)
        elif way[2]:
            self.plans.in_force(case)
        elif way[1][-1] == Phase.CAREPLAN:
            self.plans.offered(case)

    def _case(self, number: int, nurse: Worker, born: date, opened: int) -> Case:
        rows, family = self.rows, family_name(self.random)
        girl = self.random.random() < 0.5
        given = MARKED_CHILD if number == 0 else self.random.choice(GIRLS if girl else BOYS)
        name = f"{given} {family}"
        twelve = birthday(born, 12).isoformat() <= day(self.now)
        own = add_user(rows, opened, f"bench-child-{number}", name) if twelve else None
        child = rows.add(
            Child, opened, given_name=given, family_name=family, birth_date=born.isoformat(),
            gender="female" if girl else "male", region_id=nurse.house.region, owner_id=nurse.house.id, user_id=own,
        )  # fmt: skip
        if own:
            add_grant(rows, opened, own, Role.CHILD, Scope.CHILD, child)
        item = {"child_id": child, "owner_id": nurse.house.id}
        count = 2 if self.random.random() < 0.7 else 1
        parents = tuple(
            self._parent(item, number, which, count, family, born, opened) for which in range(count)
        )
        journey = rows.new_id(opened)
        doctor, gp = self._one(self.country.doctors, number), self._one(self.country.gps, number)
        return Case(child, name, born, own, nurse, doctor, gp, parents, journey, opened, self.now)

    def _one(self, workers: tuple[Worker, ...], number: int) -> Worker:
        return workers[number % len(workers)]

    def _parent(
        self, item: dict[str, str], number: int, which: int, count: int, family: str, born: date, at: int
    ) -> Parent:
        """A parent with authority until the child is 18; the first has an account, of the second one in two."""
        rows, name = self.rows, f"{self.random.choice(ADULTS)} {family}"
        user = (
            add_user(rows, at, f"bench-parent-{number}-{which}", name) if which == 0 or number % 2 else None
        )
        relation = Relation.FATHER if which else Relation.MOTHER
        relative = rows.add(Relative, at, **item, user_id=user, name=name, relation=relation)
        eighteen = birthday(born, 18).isoformat()
        if eighteen > day(at):
            rows.add(
                ParentalAuthority, at, **item, relative_id=relative, source="uittreksel gezagsregister",
                kind=AuthorityKind.JOINT if count == 2 else AuthorityKind.SOLE, starts=day(at), until=eighteen,
            )  # fmt: skip
        rows.add(Membership, at, **item, role=Role.AUTHORITY_HOLDER, relative_id=relative, starts=day(at))
        ends = grant_end(Role.AUTHORITY_HOLDER, Known(born), None)
        if user and ends and ends.isoformat() > day(at):
            add_grant(rows, at, user, Role.AUTHORITY_HOLDER, Scope.CHILD, item["child_id"], ends.isoformat())
        return Parent(relative, user, name)

    def _steps(self, case: Case, phases: tuple[Phase, ...]) -> None:
        """The journey and its steps."""
        moments = [case.at(BEGINS[phase]) for phase in phases]
        closed = phases[-1] == Phase.CLOSED
        self.rows.add(
            CareJourney, case.opened, id=case.journey, **case.item, opened_at=moment(case.opened), phase=phases[-1],
            phase_since=moment(moments[-1]), closed_at=moment(moments[-1]) if closed else None,
        )  # fmt: skip
        who = {name: value for name, value in case.by_nurse.items() if name != "organisation"}
        for place, phase in enumerate(phases):
            before = phases[place - 1] if place else ""
            reason = step(phases[place - 1], phase).reason if place else "opened"
            given = {**who, "journey_id": case.journey, "start": str(before), "end": phase, "reason": reason}
            self.rows.add(JourneyStep, moments[place], **given)
        self._trail(case, "child.registered", "child", case.child, case.opened)
        self._trail(case, "journey.opened", "journey", case.journey, case.opened)

    def _professionals(self, case: Case, number: int) -> None:
        there = [case.nurse, case.doctor, case.gp]
        years = age(case.born, date.fromisoformat(day(self.now)))
        there += [self._one(self.country.teachers, number)] if 4 <= years < 18 else []
        there += [self._one(self.country.officials, number)] if number % 5 == 0 else []
        for worker in there:
            self.rows.add(
                Membership, case.opened, **case.item, role=worker.role, professional_id=worker.professional,
                organisation_id=worker.house.id, leads=worker is case.nurse, starts=day(case.opened),
            )  # fmt: skip
            add_grant(self.rows, case.opened, worker.user, worker.role, Scope.CHILD, case.child)
            if parties()[worker.role].basis == Basis.ASKED:
                self._yes(case, worker)

    def _yes(self, case: Case, worker: Worker) -> None:
        """Everybody of the family said yes at the table, so that the last of them opened it."""
        people = [(parent.relative, parent.name, Side.HOLDER) for parent in case.parents]
        people.append((case.child, case.name, Side.CHILD))
        for number, (key, name, side) in enumerate(people):
            self.rows.add(
                Consent, case.opened + number, **case.item, ground=ground_of(worker.role),
                professional_id=worker.professional, purpose=purpose_of(worker.role), side=side,
                decision=ConsentDecision.GIVEN, way=ConsentWay.IN_PERSON, decided_by_id=key, decided_by=name,
                standing=ConsentStanding.OPEN if key == case.child else ConsentStanding.AWAITED,
                recorded_by_id=case.nurse.user, recorded_by=case.nurse.name,
            )  # fmt: skip

    def _trail(self, case: Case, event: str, kind: str, key: str, at: int) -> None:
        nurse = case.nurse
        self.rows.add(
            AuditLine, at, at=moment(at), event=event, kind="C", child_id=case.child, object_kind=kind,
            object_id=key, actor_id=nurse.user, actor_name=nurse.name, actor_role=nurse.role,
            organisation_id=nurse.house.id, organisation=nurse.house.name, demo=True,
        )  # fmt: skip
