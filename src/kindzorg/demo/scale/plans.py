"""Invented plans. Versions are written as drafts, then their content, then they get the status that they have:
the same order as in the product, since the database refuses content outside a draft."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any
from uuid import UUID

from kindzorg.careplan.cover.models import Demand
from kindzorg.careplan.cover.rules import MayCover
from kindzorg.careplan.models import (
    Agreement,
    AgreementStep,
    AgreementTerms,
    CarePlan,
    Evaluation,
    Goal,
    GoalStep,
    GoalText,
    PlanVersion,
    Signature,
)
from kindzorg.careplan.reports.models import Report
from kindzorg.careplan.rules import (
    AgreementState,
    GoalKind,
    GoalState,
    SignatureAnswer,
    VersionStatus,
    WayOn,
    WhoKind,
)
from kindzorg.careplan.versions.rules import APPROVER
from kindzorg.careplan.visits.models import Visit
from kindzorg.careplan.visits.rules import Place
from kindzorg.careteam.rules import must_agree
from kindzorg.core.encryption import encrypt
from kindzorg.core.vocabulary import Ground, Law, LifeDomain
from kindzorg.demo.scale.bulk import DAY, Rows, day, moment
from kindzorg.demo.scale.country import Worker

GOALS = (
    (LifeDomain.MEDICAL, "Ik slaap de hele nacht door en mijn ouders ook."),
    (LifeDomain.SOCIAL, "Ik speel elke week met een vriendje of vriendinnetje."),
    (LifeDomain.DEVELOPMENT, "Ik ga elke ochtend naar school."),
    (LifeDomain.SAFETY, "Iedereen die voor mij zorgt, weet wat er moet als het misgaat."),
    (LifeDomain.MEDICAL, "Ik heb geen pijn als ik verzorgd word."),
    (LifeDomain.SOCIAL, "Mijn ouders hebben elke week een avond voor zichzelf."),
)
AGREEMENTS = (
    "Geeft de voeding en spoelt de sonde na.",
    "Zorgt voor de medicijnen en schrijft ze op.",
    "Kijkt elke dag hoe het gaat en belt bij twijfel.",
    "Leert de ouders hoe het apparaat werkt.",
    "Bespreekt elke maand of de zorg minder kan.",
    "Gaat mee naar de afspraak in het ziekenhuis.",
    "Oefent met bewegen, op een manier die leuk is.",
    "Houdt het noodplan bij en deelt het met iedereen.",
)
# What the reports of the marked child are made of, and how many there are.
REPORTS = 500
SAID = (
    "Vannacht goed geslapen, een keer wakker om te verschonen.",
    "De sondevoeding liep rustig en is goed verdragen.",
    "Slijm weggezogen, daarna werd het ademen weer rustig.",
    "Samen met moeder de medicijnen klaargezet voor morgen.",
    "Vrolijk wakker geworden en lang met de blokken gespeeld.",
    "Even koorts gemeten, na een uur was de temperatuur weer gewoon.",
    "De fysiotherapeut kwam langs en heeft met de armen geoefend.",
    "Vader belde met de leverancier over een nieuwe slang.",
)
STEPS = ["Nog niet", "Een begin", "Onderweg", "Bijna", "Gelukt"]


@dataclass(frozen=True, slots=True)
class Parent:
    """A relative with authority. `user` is None without an account."""

    relative: str
    user: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Case:
    """A child with an open or closed journey, and the people who plan. Moments in seconds."""

    child: str
    name: str
    born: date
    own_user: str | None
    nurse: Worker
    doctor: Worker
    gp: Worker
    parents: tuple[Parent, ...]
    journey: str
    opened: int
    now: int

    def at(self, part: float) -> int:
        """A moment between opening (0) and now (1)."""
        return self.opened + int((self.now - self.opened) * part)

    @property
    def item(self) -> dict[str, str]:
        """What every row of the child carries."""
        return {"child_id": self.child, "owner_id": self.nurse.house.id}

    @property
    def by_nurse(self) -> dict[str, str]:
        """An event of the nurse."""
        return {
            **self.item,
            "by_id": self.nurse.user,
            "by": self.nurse.name,
            "organisation": self.nurse.house.name,
        }


@dataclass(frozen=True, slots=True)
class Sketch:
    """One goal with its agreements, as every version of the plan keeps it."""

    goal: str
    text: Mapping[str, Any]
    agreements: tuple[tuple[str, Mapping[str, Any]], ...]


class Plans:
    """Writes plans; `settle` gives versions their status after their content was sent."""

    def __init__(self, rows: Rows, random: Random) -> None:
        self.rows = rows
        self.random = random
        self._settled: dict[VersionStatus, list[UUID]] = {}

    def settle(self) -> None:
        """To be called after `rows.write()`."""
        for status, ids in self._settled.items():
            PlanVersion.objects.filter(id__in=ids).update(status=status)
        self._settled = {}

    def in_force(self, case: Case) -> None:
        """A sparse plan in force: two goals, six agreements."""
        version, sketches = self._first(case, 2, 3)
        at = case.at(0.6)
        for sketch in sketches:
            self._goal_step(case, sketch, version, at)
            for agreement, _ in sketch.agreements:
                self._agreement_steps(case, agreement, version, at)
        self._settled.setdefault(VersionStatus.IN_FORCE, []).append(UUID(version))

    def offered(self, case: Case) -> None:
        """A first plan that waits for the family."""
        plan, needs, sketches = self._sketched(case, 2, 3, case.at(0.6))
        at = case.at(0.8)
        version = self._version(case, plan, 1, needs, at, offered_at=moment(at))
        self._content(case, version, sketches, at)
        self._settled.setdefault(VersionStatus.OFFERED, []).append(UUID(version))

    def many_versions(self, case: Case, goals: int, each: int, versions: int) -> None:
        """The marked child's plan: many goals, agreements, versions and evaluations. Sends its own rows."""
        version, sketches = self._first(case, goals, each, 0.1)
        for sketch in sketches:
            self._goal_step(case, sketch, version, case.at(0.1))
            for agreement, _ in sketch.agreements:
                self._agreement_steps(case, agreement, version, case.at(0.1))
        self._replace(None, version, case.at(0.1))
        plan = PlanVersion.objects.values_list("plan_id", "needs").get(id=version)
        for number in range(2, versions + 1):
            at = case.at(0.1 + 0.8 * number / versions)
            after = self._version(
                case, plan[0].hex, number, plan[1], at - 3 * DAY, based_on_id=version, **_passed(at)
            )
            self._content(case, after, sketches, at - 2 * DAY)
            self._signed(case, after, at - DAY)
            for sketch in sketches[number % 3 :: 3]:
                self._agreement_steps(case, sketch.agreements[0][0], after, at)
                self._evaluation(case, sketch, after, at + DAY)
            self._replace(version, after, at)
            version = after
        self._week(case, [one for sketch in sketches for one in sketch.agreements], case.at(0.2))
        self._reports(case, case.now - REPORTS * DAY // 2)

    def _reports(self, case: Case, since: int) -> None:
        """The marked child's reports, two a day, each with words of its own."""
        told = {**case.by_nurse, "by_role": case.nurse.role, "ground": Ground.WGBO}
        for number in range(REPORTS):
            at = since + number * DAY // 2
            words = [*(f"{self.random.choice(SAID)}" for _ in range(8)), f"Dit is verslag {number}."]
            entry = self.rows.new_id(at)
            self.rows.add(
                Report, at, **told, id=entry, entry_id=entry, domain=LifeDomain.MEDICAL,
                words=encrypt(" ".join(words).encode()), happened_at=moment(at),
            )  # fmt: skip
        self.rows.write()

    def _week(self, case: Case, agreements: list[tuple[str, Mapping[str, Any]]], at: int) -> None:
        """The marked child's week: 200 visits (four days for each of fifty agreements), and a demand by night."""
        for number, (key, terms) in enumerate(agreements[:50]):
            who = {name: terms[name] for name in ("who_kind", "who_name", "professional_id") if name in terms}
            house = {"who_house_id": terms.get("organisation_id"), "relative_id": terms.get("relative_id")}
            days = "MO,WE,FR,SU" if number % 2 else "TU,TH,SA,SU"
            kept = {"starts_on": day(at), "start": f"{number % 24:02}:00:00", "minutes": 45}
            rule = {"rule": f"FREQ=WEEKLY;BYDAY={days}", "agreement_id": key, "place": Place.HOME}
            self.rows.add(Visit, at, **case.by_nurse, **who, **house, **kept, **rule)
        night = {"starts_on": day(at), "start": "23:00:00", "minutes": 480, "rule": "FREQ=DAILY"}
        what = {"acts": ["oxygen"], "may_cover": MayCover.PROFESSIONAL, "why": "Iemand moet wakker blijven."}
        self.rows.add(Demand, at, **case.by_nurse, **night, **what)
        self.rows.write()

    def _first(self, case: Case, goals: int, each: int, part: float = 0.6) -> tuple[str, list[Sketch]]:
        at = case.at(part)
        plan, needs, sketches = self._sketched(case, goals, each, at)
        version = self._version(case, plan, 1, needs, at - 3 * DAY, **_passed(at))
        self._content(case, version, sketches, at - 2 * DAY)
        self._signed(case, version, at - DAY)
        return version, sketches

    def _replace(self, old: str | None, new: str, at: int) -> None:
        self.rows.write()
        if old:
            ended = {"status": VersionStatus.SUPERSEDED, "ended_at": f"{moment(at)}+00:00"}
            PlanVersion.objects.filter(id=old).update(**ended)
        PlanVersion.objects.filter(id=new).update(status=VersionStatus.IN_FORCE)

    def _sketched(
        self, case: Case, goals: int, each: int, at: int
    ) -> tuple[str, list[dict[str, str]], list[Sketch]]:
        plan = self.rows.add(CarePlan, at - 3 * DAY, **case.item, journey_id=case.journey)
        needs, sketches = [], []
        for number in range(goals):
            domain, words = GOALS[(number + self.random.randrange(len(GOALS))) % len(GOALS)]
            need = {"need_id": self.rows.new_id(at - 4 * DAY), "words": words, "topic": ""}
            needs.append({**need, "domain": str(domain), "whose": "child", "urgency": "", "wish": ""})
            goal = self.rows.add(Goal, at - 3 * DAY, **case.item, plan_id=plan)
            text = {
                "goal_id": goal,
                "words": words,
                "domains": [domain],
                "whose": "child",
                "kind": GoalKind.REACH,
                "steps": STEPS,
                "review_on": day(case.now + self.random.randrange(-12, 120) * DAY),
                "needs": [need],
            }
            sketches.append(Sketch(goal, text, tuple(self._agreements(case, plan, goal, each, at - 3 * DAY))))
        return plan, needs, sketches

    def _agreements(
        self, case: Case, plan: str, goal: str, count: int, at: int
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for number in range(count):
            key = self.rows.add(Agreement, at, **case.item, plan_id=plan)
            yield (
                key,
                {
                    "agreement_id": key,
                    "what": self.random.choice(AGREEMENTS),
                    "where": "thuis",
                    "when": "elke dag, 's ochtends en 's avonds",
                    "goal_id": goal,
                    "starts": day(at),
                    **self._who(case, number),
                },
            )

    def _who(self, case: Case, number: int) -> dict[str, Any]:
        if case.parents and number % 3 == 2:
            parent = case.parents[0]
            return {"who_kind": WhoKind.RELATIVE, "who_name": parent.name, "relative_id": parent.relative}
        worker = case.nurse if number % 3 == 0 else case.doctor
        return {
            "who_kind": WhoKind.PROFESSIONAL,
            "who_name": worker.name,
            "who_organisation": worker.house.name,
            "professional_id": worker.professional,
            "organisation_id": worker.house.id,
            "law": Law.ZVW,
            "payer": "zorgverzekeraar",
        }

    def _version(
        self, case: Case, plan: str, number: int, needs: list[dict[str, str]], at: int, **given: Any
    ) -> str:
        why = "" if number == 1 else "Na het gesprek thuis aangepast."
        return self.rows.add(
            PlanVersion, at, **case.by_nurse, plan_id=plan, number=number, needs=needs, why=why, **given
        )

    def _content(self, case: Case, version: str, sketches: list[Sketch], at: int) -> None:
        kept = {**case.item, "version_id": version, "changed_by": case.nurse.name, "changed_at": moment(at)}
        for sketch in sketches:
            self.rows.add(GoalText, at, **kept, **sketch.text)
            for _, terms in sketch.agreements:
                self.rows.add(AgreementTerms, at, **kept, **terms)

    def _signed(self, case: Case, version: str, at: int) -> None:
        """Everybody who must agree says yes, then the paediatrician."""
        names = {one.relative: one for one in case.parents}
        for one in must_agree(case.born, (UUID(key) for key in names), date.fromisoformat(day(at))):
            parent = names[one.relative_id.hex] if one.relative_id else None
            signer = (parent.user or parent.relative) if parent else (case.own_user or case.child)
            self.rows.add(
                Signature, at, **case.item, version_id=version, party=str(one.party), role=str(one.party),
                relative_id=parent.relative if parent else None, answer=SignatureAnswer.YES, by_id=signer,
                by=parent.name if parent else case.name,
            )  # fmt: skip
        doctor = case.doctor
        self.rows.add(
            Signature, at + 60, **case.item, version_id=version, party=APPROVER, role=doctor.role,
            answer=SignatureAnswer.YES, by_id=doctor.user, by=doctor.name, organisation=doctor.house.name,
        )  # fmt: skip

    def _goal_step(self, case: Case, sketch: Sketch, version: str, at: int) -> None:
        given = {**case.by_nurse, "goal_id": sketch.goal, "version_id": version}
        self.rows.add(GoalStep, at, **given, state=GoalState.ACTIVE)

    def _agreement_steps(self, case: Case, agreement: str, version: str, at: int) -> None:
        """Asked when the plan came into force, and mostly agreed a day later."""
        given = {**case.by_nurse, "agreement_id": agreement, "version_id": version}
        self.rows.add(AgreementStep, at, **given, state=AgreementState.ASKED)
        chance = self.random.random()
        if chance < 0.92:
            state = AgreementState.AGREED if chance > 0.03 else AgreementState.DECLINED
            reason = "" if state is AgreementState.AGREED else "Dit past nu niet."
            self.rows.add(AgreementStep, at + DAY, **given, state=state, reason=reason)

    def _evaluation(self, case: Case, sketch: Sketch, version: str, at: int) -> None:
        self.rows.add(
            Evaluation, at, **case.by_nurse, goal_id=sketch.goal, version_id=version,
            step=self.random.randint(1, 5), family_view="Het gaat beter dan vorige maand.",
            words="Samen bekeken, we gaan zo door.", way_on=WayOn.CONTINUE,
            next_review_on=day(case.now + 60 * DAY),
        )  # fmt: skip


def _passed(at: int) -> dict[str, str]:
    """The moments that a version in force went through."""
    return {
        "offered_at": moment(at - 2 * DAY),
        "agreed_at": moment(at - DAY),
        "approved_at": moment(at - DAY + 60),
        "in_force_at": moment(at),
    }
