"""What the families show, by what the product says of them."""

from datetime import date
from typing import Any

import pytest

from kindzorg.audit.models import AuditLine
from kindzorg.careplan.models import AgreementStep, Evaluation, GoalText, PlanVersion, Signature
from kindzorg.careplan.versions.rules import VersionStatus
from kindzorg.careteam.queries import OpenedChild, actor_for, child_for
from kindzorg.closure.queries import closing_state
from kindzorg.journey.models import CareJourney
from kindzorg.needs.models import NeedsAnswer, NeedsScan
from kindzorg.people.models import Child, User
from kindzorg.record.models import RecordItem, SourceDocument
from kindzorg.referral.models import ReferralDissent, ReferralDraft, ReferralOutcome

pytestmark = pytest.mark.django_db


def child(name: str) -> Child:
    return Child.objects.get(given_name=name)


def opened(username: str, name: str, on: date) -> tuple[Any, OpenedChild]:
    actor = actor_for(User.objects.get(username=username))
    return actor, child_for(actor, child(name).id, on)


def versions(name: str) -> list[tuple[int, str]]:
    rows = PlanVersion.objects.filter(child=child(name)).order_by("number")
    return list(rows.values_list("number", "status"))


@pytest.mark.parametrize(
    ("name", "phase"),
    [
        ("Yusuf", "needs"), ("Sterre", "careplan"), ("Finn", "referral"), ("Noor", "careplan"),
        ("Jesse", "closure"), ("Lotte", "careplan"), ("Daan", "careplan"), ("Fenna", "careplan"),
    ],
)  # fmt: skip
def test_where_each_stands(families: date, name: str, phase: str) -> None:
    assert CareJourney.objects.get(child=child(name)).phase == phase


def test_yusuf_has_half_a_scan_and_knows_who_pays(families: date) -> None:
    assert ReferralOutcome.objects.filter(child=child("Yusuf")).count() == 1
    scan = NeedsScan.objects.get(child=child("Yusuf"))
    assert scan.closed_at is None
    assert set(scan.answers.values_list("person", flat=True)) == {"Samira Haddad"}


def test_the_hospital_told_of_yusuf_already(families: date) -> None:
    document = SourceDocument.objects.get(child=child("Yusuf"))
    assert document.counts["rejected"] == 0
    held = set(RecordItem.objects.filter(child=child("Yusuf")).values_list("kind", flat=True))
    assert {"condition", "device", "directive"} <= held


def test_sterre_has_a_plan_in_its_second_year(families: date) -> None:
    assert versions("Sterre") == [(1, VersionStatus.SUPERSEDED), (2, VersionStatus.IN_FORCE)]
    first = PlanVersion.objects.get(child=child("Sterre"), number=1)
    assert (families - first.in_force_at.date()).days > 365
    assert NeedsScan.objects.filter(child=child("Sterre"), closed_at__isnull=False).count() == 2
    # Who asked for more information still waits for it.
    states = AgreementStep.objects.filter(child=child("Sterre"), state="more_info_asked")
    assert states.count() == 1


def test_finn_is_between_two_laws_and_nobody_settled_it(families: date) -> None:
    dissent = ReferralDissent.objects.get(child=child("Finn"))
    assert not hasattr(dissent, "settlement")
    kept = {entry["id"] for entry in dissent.assessment.outcome["entries"] if entry["status"] == "certain"}
    assert {"zvw_nursing", "jeugdwet_help", "jeugdwet_several_causes"} <= kept
    assert not ReferralOutcome.objects.filter(child=child("Finn")).exists()


def test_noor_spoke_for_herself_also_to_the_nurse_first(families: date) -> None:
    answers = NeedsAnswer.objects.filter(child=child("Noor"))
    assert set(answers.values_list("respondent", flat=True)) == {"child", "parent", "nurse"}
    told = answers.get(nurse_first=True)
    assert told.person == "Noor van Essen"
    assert versions("Noor") == [(1, VersionStatus.IN_FORCE), (2, VersionStatus.DRAFT)]
    # What she told the nurse first is nowhere in the plan.
    words = " ".join(GoalText.objects.filter(child=child("Noor")).values_list("words", flat=True))
    assert "huilen" not in words


def test_jesse_cannot_be_closed_yet(families: date) -> None:
    actor, one = opened("marit", "Jesse", families)
    state = closing_state(actor, one.subject, families)
    problems = {problem for _, problem in state.problems}
    assert problems == {"receiver_asked", "need_not_settled"}
    assert [version for version in versions("Jesse") if version[1] == VersionStatus.IN_FORCE]


def test_lotte_waits_for_a_father_who_said_no(families: date) -> None:
    assert versions("Lotte") == [(1, VersionStatus.OFFERED)]
    said = {
        row.by: row.answer for row in Signature.objects.filter(child=child("Lotte")).order_by("created_at")
    }
    assert said == {"Esther Kuipers": "yes", "Joost van Beek": "no", "Dr. Karin van Dijk": "yes"}


def test_daan_signed_alone(families: date) -> None:
    parties = Signature.objects.filter(child=child("Daan")).exclude(party="approver")
    assert list(parties.values_list("party", "by")) == [("young_person", "Daan Hofstra")]
    assert versions("Daan") == [(1, VersionStatus.IN_FORCE)]
    assert AuditLine.objects.filter(event="transition.marked", child_id=child("Daan").id).count() == 4


def test_fenna_has_a_plan_that_is_looked_at_often(families: date) -> None:
    assert versions("Fenna") == [(1, VersionStatus.SUPERSEDED), (2, VersionStatus.IN_FORCE)]
    assert Evaluation.objects.filter(child=child("Fenna")).count() >= 4


def test_nothing_was_done_before_it_could_be(families: date) -> None:
    for draft in ReferralDraft.objects.all():
        assert draft.created_at >= CareJourney.objects.get(child=draft.child).opened_at
