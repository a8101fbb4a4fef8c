"""Who decides on a version, where it waits, and what is missing before it can be offered, as truth tables."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kindzorg.access.roles import Role
from kindzorg.careplan.adoption.rules import Content, domains_of, missing_before_offer
from kindzorg.careplan.rules import (
    AgreementContent,
    NoGoalContent,
    Occasion,
    SignatureAnswer,
    SignatureView,
    Standing,
    VersionStatus,
    Who,
    WhoKind,
)
from kindzorg.careplan.tests.conftest import TODAY, goal, need, served
from kindzorg.careplan.versions import rules as versions
from kindzorg.careplan.versions.rules import AskedOfVersion, VersionView
from kindzorg.careteam.rules import MustAgree, SigningParty
from kindzorg.core.ids import new_id
from kindzorg.core.vocabulary import Law, LifeDomain

MOTHER, FATHER, NURSE, GOAL, ONE, TWO = (new_id() for _ in range(6))
AT = datetime(2026, 9, 14, 10, tzinfo=UTC)


def agreed(**parts) -> AgreementContent:
    who = Who(kind=WhoKind.PROFESSIONAL, name="Nurse", professional_id=NURSE)
    given = {
        "what": "night care",
        "who": who,
        "where": "home",
        "when": "nights",
        "goal_id": GOAL,
        "law": Law.ZVW,
    }
    return AgreementContent(**{**given, **parts})


PARENTS = (
    MustAgree(SigningParty.AUTHORITY_HOLDER, MOTHER),
    MustAgree(SigningParty.AUTHORITY_HOLDER, FATHER),
)
YES, NO, OBJECTS = SignatureAnswer


def said(who, answer, party="authority_holder") -> SignatureView:
    return SignatureView(
        party=party,
        relative_id=who,
        signer_id=who or NURSE,
        name="",
        role="",
        answer=answer,
        reason="",
        at=AT,
    )


def doctor(answer) -> SignatureView:
    return said(None, answer, "approver")


STANDINGS = [
    ("draft", False, [], Standing.DRAFTED),
    ("offered", False, [], Standing.WAITS_FOR_FAMILY),
    ("offered", False, [said(MOTHER, YES)], Standing.WAITS_FOR_FAMILY),
    ("offered", False, [said(MOTHER, YES), said(FATHER, NO)], Standing.FAMILY_DISAGREES),
    ("offered", False, [said(FATHER, NO), said(FATHER, YES)], Standing.WAITS_FOR_FAMILY),
    ("offered", False, [doctor(NO)], Standing.NOT_APPROVED),
    ("offered", False, [doctor(NO), doctor(YES)], Standing.WAITS_FOR_FAMILY),
    ("agreed", False, [said(MOTHER, YES), said(FATHER, YES)], Standing.WAITS_FOR_APPROVAL),
    ("agreed", False, [said(MOTHER, YES), said(FATHER, YES), doctor(NO)], Standing.NOT_APPROVED),
    ("in_force", False, [doctor(YES)], Standing.IN_FORCE),
    ("in_force", True, [], Standing.IN_FORCE_TO_LOOK_AT),
    ("in_force", True, [doctor(YES)], Standing.IN_FORCE),
    ("in_force", True, [doctor(OBJECTS)], Standing.IN_FORCE_OBJECTED),
    ("in_force", True, [doctor(OBJECTS), doctor(YES)], Standing.IN_FORCE),
    ("superseded", False, [], Standing.SUPERSEDED),
    ("withdrawn", False, [said(FATHER, NO)], Standing.WITHDRAWN),
]


@pytest.mark.parametrize(("status", "practical", "given", "expected"), STANDINGS)
def test_where_a_version_waits(status, practical, given, expected) -> None:
    asked = versions.signers(PARENTS, given)
    assert versions.standing(VersionStatus(status), practical, asked, given) is expected


@pytest.mark.parametrize(
    ("given", "agrees"),
    [([], False), ([said(MOTHER, YES)], False), ([said(MOTHER, YES), said(FATHER, YES)], True)],
)
def test_everyone_must_say_yes(given, agrees) -> None:
    assert versions.family_agrees(versions.signers(PARENTS, given)) is agrees
    assert not versions.family_agrees(versions.signers((), given))


@pytest.mark.parametrize(
    ("team", "approver"),
    [
        (("level5_nurse", "gp", "paediatrician"), Role.PAEDIATRICIAN),
        (("level5_nurse", "gp"), Role.GP),
        (("level5_nurse",), None),
    ],
)
def test_who_approves(team, approver) -> None:
    assert versions.approver_role(team) is approver


WAITS = [
    # status, practical, signed, asked to: sign approve offer, what waits
    ("draft", False, [], "sign approve offer", ("plan_to_offer",)),
    ("offered", False, [], "sign", ("plan_to_sign",)),
    ("offered", False, [said(MOTHER, YES)], "sign", ()),
    ("offered", False, [], "approve", ("plan_to_approve",)),
    ("agreed", False, [], "approve", ("plan_to_approve",)),
    ("offered", False, [doctor(YES)], "approve", ()),
    ("offered", False, [said(FATHER, NO)], "offer", ("plan_disagreed",)),
    ("offered", False, [said(FATHER, NO), said(FATHER, YES)], "offer", ()),
    ("in_force", True, [], "approve offer", ("plan_to_look_at",)),
    ("in_force", False, [], "approve offer", ()),
    ("in_force", True, [doctor(OBJECTS)], "approve offer", ("plan_objected",)),
    ("withdrawn", False, [], "sign approve offer", ()),
]


@pytest.mark.parametrize(("status", "practical", "given", "may", "expected"), WAITS)
def test_what_a_version_waits_for(status, practical, given, may, expected) -> None:
    view = VersionView(NURSE, 1, VersionStatus(status), "", practical, "", AT, signatures=tuple(given))
    asked = AskedOfVersion(**{word: word in may.split() for word in ("sign", "approve", "offer")})
    assert versions.waits_for(MOTHER, view, asked) == expected


# --- what is missing ---------------------------------------------------------------------------------------

SLEEP = need("sleep")
WHOLE = Content(goals={GOAL: goal(needs=(served(SLEEP),))}, agreements={ONE: agreed()}, needs=(SLEEP,))
CHOICE = NoGoalContent(need=served(SLEEP), domain=LifeDomain.MEDICAL, why="goes well")
LACKS = [
    (WHOLE, set()),
    (Content(), {"plan_empty"}),
    (replace(WHOLE, goals={GOAL: goal()}), {"need_without_goal"}),
    (replace(WHOLE, goals={GOAL: goal()}, no_goals={"sleep": CHOICE}), set()),
    (
        replace(WHOLE, goals={GOAL: goal()}, no_goals={"sleep": replace(CHOICE, why=" ")}),
        {"no_goal_without_why"},
    ),
    (Content(no_goals={"sleep": CHOICE}, needs=(SLEEP,)), set()),
    (Content(agreements={ONE: agreed(goal_id=None, need=served(SLEEP))}, needs=(SLEEP,)), set()),
    (replace(WHOLE, agreements={}), {"goal_without_agreement"}),
    (replace(WHOLE, goals={GOAL: goal(needs=(served(SLEEP),), review_on=None)}), {"goal_without_review"}),
    (
        replace(WHOLE, goals={GOAL: goal(needs=(served(SLEEP),), review_on=TODAY - timedelta(1))}),
        {"goal_review_past"},
    ),
    (replace(WHOLE, goals={GOAL: goal(needs=(served(SLEEP),), review_on=TODAY)}), set()),
    (replace(WHOLE, agreements={ONE: agreed(), TWO: agreed(goal_id=None)}), {"agreement_without_why"}),
    (replace(WHOLE, agreements={ONE: agreed(), TWO: agreed(goal_id=TWO)}), {"agreement_without_why"}),
    (replace(WHOLE, agreements={ONE: agreed(where=" ")}), {"agreement_without_where"}),
    (replace(WHOLE, agreements={ONE: agreed(when="")}), {"agreement_without_when"}),
    (
        replace(WHOLE, agreements={ONE: agreed(when="", where="", occasion=Occasion.CRISIS, situation="s")}),
        set(),
    ),
    (replace(WHOLE, agreements={ONE: agreed(who=Who())}), {"agreement_without_who"}),
    (replace(WHOLE, agreements={ONE: agreed(law=None)}), {"agreement_without_law"}),
    (replace(WHOLE, agreements={ONE: agreed(law=None, payer="a fund")}), set()),
    (replace(WHOLE, agreements={ONE: agreed(law=None, who=Who(kind=WhoKind.CHILD, name="Noor"))}), set()),
]


@pytest.mark.parametrize(("content", "codes"), LACKS)
def test_what_is_missing_before_a_plan_can_be_offered(content, codes) -> None:
    lacks = missing_before_offer(content, TODAY, must_agree=PARENTS, approver=Role.PAEDIATRICIAN)
    assert {lack.code for lack in lacks} == codes
    nobody = missing_before_offer(content, TODAY, must_agree=(), approver=None)
    assert {lack.code for lack in nobody} == codes | {"nobody_can_agree", "no_approver"}


@pytest.mark.parametrize(
    ("key", "domains"),
    [(GOAL, {LifeDomain.MEDICAL}), (ONE, {LifeDomain.MEDICAL}), (TWO, {LifeDomain.SOCIAL}), ("sleep", set())],
)
def test_the_domains_of_an_item(key, domains) -> None:
    play = need("play", domain=LifeDomain.SOCIAL)
    loose = agreed(goal_id=None, need=served(play))
    content = replace(WHOLE, agreements={ONE: agreed(), TWO: loose}, needs=(SLEEP, play))
    assert domains_of(content, key) == domains
