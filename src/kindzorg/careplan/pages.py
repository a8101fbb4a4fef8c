"""The plan as its pages show it: cards, agreements, who said what, what changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kindzorg.access import policy
from kindzorg.access.roles import Role
from kindzorg.careplan.agreements.rules import late
from kindzorg.careplan.rules import (
    AgreementState,
    AgreementView,
    EvaluationView,
    GoalState,
    GoalView,
    PlanView,
    SignatureAnswer,
    SignatureView,
    Signing,
    Standing,
    VersionStatus,
    VersionView,
    WhoKind,
    asks_change,
    family_differs,
    may_be_heard,
)
from kindzorg.careplan.wording import (
    AGREEMENT_TONES,
    STANDING_TONES,
    count_words,
    heard_words,
    law_words,
    look_words,
    period_words,
    say,
    signer_name,
    step_words,
    who_words,
)
from kindzorg.careteam.queries import OpenedChild
from kindzorg.core.destroyed import points
from kindzorg.core.vocabulary import Audience
from kindzorg.ui.wording import quoted

ALLOWED = ("draft", "offer", "agree", "record_answer", "approve", "object", "evaluate", "read")
# How many people the plan at a glance names.
DOERS = 8
APPROVER = "approver"
CHILD = "child"
CHECKED = (VersionStatus.OFFERED, VersionStatus.AGREED)


def allowed(request: Any, opened: OpenedChild) -> dict[str, bool]:
    """What the reader may do with the plan, by the last word of the permission; and whether to propose a change."""
    about = (opened.subject, request.today)
    may = {name: policy.may(request.actor, f"plan.{name}", *about) for name in ALLOWED}
    return may | {"propose": policy.may(request.actor, "proposal.make", *about)}


def as_family(opened: OpenedChild) -> OpenedChild:
    """The same child with the words that a parent reads, for the plan in plain words; a child keeps its own."""
    return replace(opened, role=Role.AUTHORITY_HOLDER) if opened.audience == Audience.PROFESSIONAL else opened


def agreement_row(
    one: AgreementView, opened: OpenedChild, goal: str = "", on: date | None = None
) -> dict[str, Any]:
    """An agreement in words: who, what, where, when, why, law and payer, protocol, state; with the day of now whether
    it is late."""
    said, audience = one.content, opened.audience
    return {
        "view": one,
        "id": one.id,
        "what": said.what,
        "who": who_words(said.who, audience, opened.child.given_name),
        "where": said.where,
        "when": said.when,
        "why": goal or (said.need.words if said.need else ""),
        "law": law_words(said, audience),
        "protocol": said.protocol,
        "protocol_link": said.protocol_link,
        "period": period_words(said.starts, said.until),
        "occasion": say(f"occasion_{said.occasion}", audience) if said.occasion else "",
        "situation": said.situation,
        "state": say(f"state_{one.state}", audience),
        "tone": AGREEMENT_TONES.get(one.state, "neutral"),
        "look": look_words(one.evaluation, audience),
        "late": _late(one, audience, on),
    }


def _late(one: AgreementView, audience: str, on: date | None) -> str:
    if on is None or one.since is None:
        return ""
    found = late(one.state, timezone.localdate(one.since), one.content.until, on)
    return say(f"late_{found[0]}", audience) if found else ""


def goal_row(goal: GoalView, opened: OpenedChild, on: date) -> dict[str, Any]:
    """A goal in words: its step, its state where that is not the usual one, its agreements."""
    audience = opened.audience
    steps = step_words(goal.content, audience)
    late = goal.overdue(on)
    unusual = goal.state not in (GoalState.ACTIVE, GoalState.PROPOSED)
    return {
        "view": goal,
        "id": goal.id,
        "title": quoted(goal.content.words),
        "words": goal.content.words,
        "domain": goal.content.domains[0],
        "step": goal.step or 0,
        "steps": [{"number": number, "words": words} for number, words in enumerate(steps, start=1)],
        "step_words": steps[goal.step - 1] if goal.step else say("not_looked", audience),
        "line": doing(goal.agreements, opened),
        "tag": say(f"goal_{goal.state}", audience) if unusual else say("overdue", audience) if late else "",
        "tone": "success" if goal.state is GoalState.COMPLETED else "neutral" if unusual else "warning",
        "whose": say(f"whose_{goal.content.whose}", audience),
        "kind": say(f"kind_{goal.content.kind}", audience),
        "agreements": [agreement_row(one, opened, goal.content.words, on) for one in goal.agreements],
    }


def doing(agreements: Sequence[AgreementView], opened: OpenedChild) -> str:
    """Who works on a goal, or how many agreements when these are many people."""
    names = dict.fromkeys(
        who_words(one.content.who, opened.audience, opened.child.given_name) for one in agreements
    )
    short = [name.split(",")[0] for name in names]
    return ", ".join(short) if 0 < len(short) <= 2 else count_words(len(agreements)) if agreements else ""


def doers(plan: PlanView, opened: OpenedChild) -> list[dict[str, Any]]:
    """Who does what, person by person, those with most first."""
    domains = {goal.id: goal.content.domains[0] for goal in plan.goals}
    found: dict[str, dict[str, Any]] = {}
    for one in plan.agreements:
        if one.state in (AgreementState.LAPSED, AgreementState.DONE):
            continue
        name = who_words(one.content.who, opened.audience, opened.child.given_name)
        domain = domains.get(one.content.goal_id) if one.content.goal_id else None
        child = one.content.who.kind is WhoKind.CHILD
        new = {"name": name, "person": name.split(",")[0], "child": child, "domain": domain or "", "all": []}
        row = found.setdefault(name, new)
        row["all"].append(one.content.what)
    rows = sorted(found.values(), key=lambda row: -len(row["all"]))[:DOERS]
    return [
        {**row, "what": " · ".join(row["all"][:3]) + (" …" if len(row["all"]) > 3 else "")} for row in rows
    ]


def plan_page(plan: PlanView, opened: OpenedChild, on: date) -> dict[str, Any]:
    """A version of the plan: four columns of goals, the agreements without a goal, the conscious "no goal"."""
    rows = {goal.id: goal_row(goal, opened, on) for goal in plan.goals}
    columns = [
        {
            "domain": domain,
            "goals": [rows[goal.id] for goal in goals],
            "no_goals": [one.content for one in plan.no_goals if one.content.domain is domain],
        }
        for domain, goals in plan.by_domain.items()
    ]
    return {
        "plan": plan,
        "version": plan.version,
        "since": timezone.localdate(plan.version.in_force_at) if plan.version.in_force_at else None,
        "doers": doers(plan, opened),
        "columns": columns,
        "goals": list(rows.values()),
        "loose": [agreement_row(one, opened, on=on) for one in plan.loose],
        "counts": _counts(plan, opened.audience),
        "look": look_words(plan.evaluation, opened.audience),
    }


def _counts(plan: PlanView, audience: str) -> list[dict[str, Any]]:
    states = [one.state for one in plan.agreements]
    return [
        {
            "words": say(f"state_{state}", audience),
            "tone": AGREEMENT_TONES.get(state, "neutral"),
            "count": count,
        }
        for state in AgreementState
        if (count := states.count(state))
    ]


def signing_page(signing: Signing, opened: OpenedChild, hear: VersionView | None = None) -> dict[str, Any]:
    """Who was asked and what each said, and where the version waits; a no with its reason in plain sight.

    `hear`: the version of which the reader may record what somebody says, with a way to do so beside each name.
    """
    audience = opened.audience
    people = []
    for one in signing.asked:
        row = _said(signer_name(one, opened.child.given_name, audience), one.signature)
        row["itself"] = one.relative_id is None
        if hear and may_be_heard(hear.signatures, one.party, one.relative_id):
            key = one.relative_id or CHILD
            row["hear_url"] = reverse("plan_hear", args=[opened.child.id, hear.number, key])
        people.append(row)
    given = [one.signature for one in signing.asked if one.signature]
    differs = {"differs": family_differs(given) and signing.standing is Standing.FAMILY_DISAGREES}
    return {
        "people": people,
        "approval": signing.approval,
        **differs,
        **_standing(signing.standing, audience),
    }


def to_hear(may: Mapping[str, bool], version: VersionView) -> VersionView | None:
    """The version, where what somebody says about it can still be recorded by the reader."""
    return version if may["record_answer"] and version.status in CHECKED else None


def said_so_far(version: VersionView, opened: OpenedChild) -> dict[str, Any]:
    """As `signing_page`, of what was signed alone: without those who said nothing yet."""
    last = {(one.party, one.relative_id): one for one in version.signatures}
    family = [one for one in last.values() if one.party != APPROVER]
    approval = next((one for one in last.values() if one.party == APPROVER), None)
    if SignatureAnswer.NO in [one.answer for one in family]:
        standing = Standing.FAMILY_DISAGREES
    elif approval and approval.answer is SignatureAnswer.NO:
        standing = Standing.NOT_APPROVED
    else:
        agreed = version.status is not VersionStatus.OFFERED
        standing = Standing.WAITS_FOR_APPROVAL if agreed else Standing.WAITS_FOR_FAMILY
    people = [{**_said(one.name, one), "itself": one.relative_id is None} for one in family]
    differs = {"differs": family_differs(family)}
    return {"people": people, "approval": approval, **differs, **_standing(standing, opened.audience)}


def _said(name: str, signature: SignatureView | None) -> dict[str, Any]:
    said = signature and {"answer": str(signature.answer), "reason": signature.reason, "at": signature.at}
    heard = heard_words(signature)
    return {"name": name, "heard": heard, **(said or {"answer": "", "reason": "", "at": None})}


def _standing(standing: Standing, audience: str) -> dict[str, Any]:
    return {
        "standing": standing,
        "standing_words": say(f"standing_{standing}", audience),
        "standing_tone": STANDING_TONES.get(standing, "warning"),
        "disagreed": standing is Standing.FAMILY_DISAGREES,
    }


def frozen_words(version: VersionView, opened: OpenedChild) -> dict[str, Any] | None:
    """Of a version that is not the plan of now: its number, and that state and step are those of now. Its pages
    link to what was said in it, which need not stand in the plan any more, or not yet."""
    if version.status is VersionStatus.IN_FORCE:
        return None
    tag = version_tag(version, opened.audience)
    return {"number": version.number, "at": version.ended_at, "ended": bool(version.ended_at), **tag}


def version_tag(version: VersionView, audience: str) -> dict[str, str]:
    """Where a version of the list stands, by its status alone, and the tone of that tag."""
    standing = {
        VersionStatus.DRAFT: Standing.DRAFTED,
        VersionStatus.OFFERED: Standing.WAITS_FOR_FAMILY,
        VersionStatus.AGREED: Standing.WAITS_FOR_APPROVAL,
        VersionStatus.APPROVED: Standing.WAITS_FOR_APPROVAL,
        VersionStatus.IN_FORCE: Standing.IN_FORCE,
        VersionStatus.SUPERSEDED: Standing.SUPERSEDED,
        VersionStatus.WITHDRAWN: Standing.WITHDRAWN,
    }[version.status]
    return {"words": say(f"standing_{standing}", audience), "tone": STANDING_TONES.get(standing, "warning")}


def waiting_rows(
    request: Any, opened: OpenedChild, plan: PlanView | None, beside: VersionView | None
) -> list[dict[str, Any]]:
    """What waits for the reader in the plan: to decide, to answer, to look at again."""
    may = allowed(request, opened)
    versions = [one for one in (beside, plan.version if plan else None) if one]
    rows = [row for version in versions for row in _of_version(request.actor.id, opened, version, may)]
    if plan and plan.version.status is VersionStatus.IN_FORCE:
        rows += [row for one in plan.agreements for row in _of_agreement(opened, one)]
        rows += _to_look_at(opened, plan, request.today) if may["evaluate"] else []
    return [{**row, "primary": not number} for number, row in enumerate(rows)]


def _row(
    name: str, opened: OpenedChild, keys: Sequence[Any], title: str, label: str, line: str = ""
) -> dict[str, Any]:
    return {"title": title, "label": label, "line": line, "url": reverse(name, args=[opened.child.id, *keys])}


def _of_version(
    reader: UUID, opened: OpenedChild, version: VersionView, may: Mapping[str, bool]
) -> Iterable[dict[str, Any]]:
    keys, audience = [version.number], opened.audience
    mine = any(one.signer_id == reader for one in version.signatures)
    approver = [one.answer for one in version.signatures if one.party == APPROVER]
    if may["agree"] and version.status is VersionStatus.OFFERED and not mine:
        yield _row("plan_sign", opened, keys, say("sign_title", audience), _("Read and answer"))
    if may["approve"] and version.status in CHECKED and not approver:
        yield _row("plan_approve", opened, keys, say("approve_title", audience), _("Look"))
    if may["object"] and version.status is VersionStatus.IN_FORCE and version.practical and not approver:
        yield _row("plan_approve", opened, keys, say("object_title", audience), _("Look"))
    if may["offer"] and version.status is VersionStatus.DRAFT:
        yield _row("plan_draft", opened, [], _("A draft is being written"), _("Go on"))
    if may["offer"] and SignatureAnswer.OBJECTS in approver and version.status is VersionStatus.IN_FORCE:
        yield _row("plan_version", opened, keys, _("The doctor objects to a change"), _("Read why"))


def _of_agreement(opened: OpenedChild, one: AgreementView) -> Iterable[dict[str, Any]]:
    if one.asked and one.state is AgreementState.ASKED:
        question = say("answer_title", opened.audience)
        yield _row("plan_agreement", opened, [one.id], one.content.what, _("Answer"), question)
    if one.owned and one.state in (AgreementState.DECLINED, AgreementState.MORE_INFO_ASKED):
        state = say(f"state_{one.state}", opened.audience)
        line = f"{state}: {one.reason}" if one.reason else state
        yield _row("plan_agreement", opened, [one.id], one.content.what, _("Look"), line)


def _to_look_at(opened: OpenedChild, plan: PlanView, on: date) -> list[dict[str, Any]]:
    """What was to be looked at again by now: goals, agreements, the plan as a whole."""
    late, label = say("overdue", opened.audience), _("Look at it together")
    goals = [(one.id, quoted(one.content.words)) for one in plan.goals if one.overdue(on)]
    agreements = [(one.id, one.content.what) for one in plan.agreements if one.overdue(on)]
    rows = [_row("plan_evaluate", opened, [key], words, label, late) for key, words in goals]
    rows += [_row("plan_agreement_evaluate", opened, [key], words, label, late) for key, words in agreements]
    whole = say("look_title", opened.audience)
    return rows + ([_row("plan_look_evaluate", opened, [], whole, label, late)] if plan.overdue(on) else [])


def evaluation_rows(
    found: Sequence[EvaluationView], steps: Sequence[str], audience: str
) -> list[dict[str, Any]]:
    """Evaluations over time, newest first, as a timeline. `steps`: those of a goal; none for anything else."""
    return [
        {
            "at": one.at,
            "step": one.step,
            "title": f"{one.step}. {steps[one.step - 1]}"
            if one.step
            else say(f"works_{one.works}", audience),
            "family_view": one.family_view,
            "words": one.words,
            "id": one.id,
            "may_point": bool(one.id) and points(one.words, one.family_view),
            "way_on": say(f"way_{one.way_on}", audience),
            "next_on": one.next_review_on,
            "by": f"{one.by}, {one.organisation}" if one.organisation else one.by,
        }
        for one in found
    ]


def change_asked(last: EvaluationView | None, version: VersionView, audience: str) -> dict[str, Any] | None:
    """That the last evaluation asks for something else than going on like this, and no newer plan answers it yet."""
    if last is None or not asks_change(last, version.in_force_at):
        return None
    return {"way_on": say(f"way_{last.way_on}", audience), "by": last.by, "at": last.at}


def people_choices(team: Iterable[Any], opened: OpenedChild) -> list[tuple[str, list[tuple[str, str]]]]:
    """Who can be asked: the family, the professionals of the team, and their organisations."""
    family = [("child", opened.child.given_name)]
    work, houses = [], {}
    for one in team:
        if one.relative_id:
            family.append((f"relative {one.relative_id}", str(one.relative)))
        if one.professional_id:
            house = one.professional.organisation
            work.append((f"professional {one.professional_id}", f"{one.professional} ({house})"))
            houses[f"organisation {house.id}"] = str(house)
        if one.organisation_id:
            houses[f"organisation {one.organisation_id}"] = str(one.organisation)
    return [(_("Family"), family), (_("Professionals"), work), (_("Organisations"), list(houses.items()))]
