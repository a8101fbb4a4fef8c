"""Phase 3: the draft, the signatures, the answers to agreements, and how the goals go."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kindzorg.careplan import actions, queries
from kindzorg.careplan.agreements.rules import (
    AgreementContent,
    AgreementState,
    Carried,
    Occasion,
    Who,
    WhoKind,
    agreement_content,
)
from kindzorg.careplan.carrying.rules import Settlement
from kindzorg.careplan.evaluations.rules import Evaluated, Net, WayOn, Works
from kindzorg.careplan.goals.rules import GoalContent, GoalKind, goal_content, plan_needs
from kindzorg.careplan.models import AgreementTerms, GoalText, PlanVersion
from kindzorg.careplan.proposals.rules import NewProposal, ProposalKind, Written
from kindzorg.careplan.versions.rules import Heard, SignedHow, VersionStatus, plan_need
from kindzorg.core.vocabulary import Law, LifeDomain
from kindzorg.demo.story import Deed, Story
from kindzorg.needs.definition import Whose
from kindzorg.needs.queries import profile_for
from kindzorg.referral.catalogue import Form


def draft(story: Story, deed: Deed) -> None:
    """A draft: from the newest scan, or with `why` a copy of the plan in force."""
    if why := deed.get("why"):
        actions.start_draft(deed.actor, deed.subject, deed.now, why=why)
    if deed.get("from_needs", not why):
        profile = profile_for(deed.actor, deed.subject, deed.now.date())
        actions.draft_from_needs(deed.actor, deed.subject, plan_needs(profile) if profile else (), deed.now)


def _draft(deed: Deed) -> PlanVersion:
    return PlanVersion.objects.get(child_id=deed.subject.child_id, status=VersionStatus.DRAFT)


def _under_way(deed: Deed) -> int:
    rows = PlanVersion.objects.filter(child_id=deed.subject.child_id).order_by("-number")
    return rows.values_list("number", flat=True)[0]


def _goal_of(version: PlanVersion, topic: str) -> GoalText:
    """The goal that was drafted from the need about this topic."""
    rows = GoalText.objects.filter(version=version)
    by_topic = {need["topic"]: row for row in rows for need in row.needs}
    if topic not in by_topic:
        raise LookupError(f"no goal was drafted from {topic!r}, only from {sorted(by_topic)}")
    return by_topic[topic]


def goals(story: Story, deed: Deed) -> None:
    """Goals in the draft, known by the topic of their need or by a key of their own; `no_goals`: consciously none."""
    version = _draft(deed)
    for topic, why in deed.get("no_goals", {}).items():
        row = _goal_of(version, topic)
        need = next(need for need in map(plan_need, version.needs) if need.topic == topic)
        actions.remove_goal(deed.actor, deed.subject, row.goal_id, why, row.revision, deed.now)
        actions.choose_no_goal(deed.actor, deed.subject, need.need_id, why, deed.now)
    for key, said in deed.get("goals", {}).items():
        if "domains" in said:
            story.made[f"goal {key}"] = actions.add_goal(
                deed.actor, deed.subject, _goal(story, said), deed.now
            )
            continue
        known = story.made.get(f"goal {key}")
        row = GoalText.objects.get(version=version, goal_id=known) if known else _goal_of(version, key)
        content = _goal(story, said, goal_content(vars(row)))
        actions.change_goal(deed.actor, deed.subject, row.goal_id, content, row.revision, deed.now)
        story.made[f"goal {key}"] = row.goal_id


def _goal(story: Story, said: Mapping[str, Any], old: GoalContent | None = None) -> GoalContent:
    steps = said.get("steps") or (old.steps if old else ("",) * 5)
    return GoalContent(
        words=said.get("words") or (old.words if old else ""),
        domains=tuple(map(LifeDomain, said.get("domains") or (old.domains if old else ()))),
        whose=Whose(said["whose"]) if "whose" in said else old.whose if old else Whose.CHILD,
        kind=GoalKind(said["kind"]) if "kind" in said else old.kind if old else GoalKind.REACH,
        steps=tuple(steps),
        review_on=story.day(said["review"]) if "review" in said else old.review_on if old else None,
        needs=old.needs if old else (),
    )


def agreements(story: Story, deed: Deed) -> None:
    """Agreements in the draft: new ones, with `change` those that were, with `remove` (key: reason) without them."""
    for key, said in deed.get("agreements", {}).items():
        content = _agreement(story, said)
        story.made[f"agreement {key}"] = actions.add_agreement(deed.actor, deed.subject, content, deed.now)
    for key, said in deed.get("change", {}).items():
        row = _terms(story, deed, key)
        content = _agreement(story, said, agreement_content(vars(row)))
        actions.change_agreement(deed.actor, deed.subject, row.agreement_id, content, row.revision, deed.now)
    for key, reason in deed.get("remove", {}).items():
        row = _terms(story, deed, key)
        actions.remove_agreement(deed.actor, deed.subject, row.agreement_id, reason, row.revision, deed.now)


def settle(story: Story, deed: Deed) -> None:
    """What becomes of the open agreements: what is suggested, but for those `anew`, `lapses` (key: reason), or
    `replaced` (key: `by` which other and `reason`)."""
    found = queries.settling_for(deed.actor, deed.subject, deed.now.date())
    said = {
        one.id: Settlement(agreement_id=one.id, carried=one.suggested or Carried.STAYS)
        for one in (found.rows if found else ())
    }
    for key in deed.get("anew", []):
        about = story.made[f"agreement {key}"]
        said[about] = replace(said[about], carried=Carried.ANEW)
    for key, reason in deed.get("lapses", {}).items():
        about = story.made[f"agreement {key}"]
        said[about] = replace(said[about], carried=Carried.LAPSES, reason=reason)
    for key, given in deed.get("replaced", {}).items():
        about, instead = (story.made[f"agreement {one}"] for one in (key, given["by"]))
        end = {"carried": Carried.REPLACED, "reason": given["reason"], "replaced_by": instead}
        said[about] = replace(said[about], **end)
    actions.settle_agreements(deed.actor, deed.subject, list(said.values()), deed.now)


def _terms(story: Story, deed: Deed, key: str) -> AgreementTerms:
    return AgreementTerms.objects.get(version=_draft(deed), agreement_id=story.made[f"agreement {key}"])


def _agreement(
    story: Story, said: Mapping[str, Any], old: AgreementContent | None = None
) -> AgreementContent:
    before = old or AgreementContent(what="")
    return AgreementContent(
        what=said.get("what", before.what),
        who=who_of(story, said["who"]) if "who" in said else before.who,
        where=said.get("where", before.where),
        when=said.get("when", before.when),
        goal_id=story.made[f"goal {said['goal']}"] if "goal" in said else before.goal_id,
        need=before.need,
        law=Law(said["law"]) if "law" in said else before.law,
        payer=said.get("payer", before.payer),
        form=Form(said["form"]) if "form" in said else before.form,
        protocol=said.get("protocol", before.protocol),
        starts=story.day(said["starts"]) if "starts" in said else before.starts,
        until=story.day(said["until"]) if "until" in said else before.until,
        occasion=Occasion(said["occasion"]) if "occasion" in said else before.occasion,
        situation=said.get("situation", before.situation),
    )


def who_of(story: Story, key: str) -> Who:
    """A username, a relative's key, `child`, `org KEY`, or a name in words."""
    if key == "child":
        return Who(kind=WhoKind.CHILD)
    if key in story.directory.professionals:
        return Who(kind=WhoKind.PROFESSIONAL, professional_id=story.directory.professionals[key])
    if key in story.source.get("people", {}):
        return Who(kind=WhoKind.RELATIVE, relative_id=story.made[key])
    if key.startswith("org "):
        house = story.directory.organisations[key.removeprefix("org ")]
        return Who(kind=WhoKind.ORGANISATION, organisation_id=house)
    return Who(kind=WhoKind.OTHER, name=key)


def offer(story: Story, deed: Deed) -> None:
    """The draft is offered to the family."""
    actions.offer_version(deed.actor, deed.subject, deed.now)


def sign(story: Story, deed: Deed) -> None:
    """A family member says yes; with `against` no, and why."""
    against = deed.get("against")
    actions.sign_version(deed.actor, deed.subject, _under_way(deed), not against, against, deed.now)


def hear(story: Story, deed: Deed) -> None:
    """A professional records that `of` (`child` or a relative's key) said yes, `how`; with `against` no, and why."""
    of, against = deed.line["of"], deed.get("against")
    heard = Heard(
        relative_id=None if of == "child" else story.made[of],
        how=SignedHow(deed.line["how"]),
        said_on=deed.now.date(),
        yes=not against,
        reason=against,
    )
    actions.record_answer(deed.actor, deed.subject, _under_way(deed), heard, deed.now)


def approve(story: Story, deed: Deed) -> None:
    """The medically responsible person says yes; with `against` no, and why."""
    against = deed.get("against")
    actions.approve_version(deed.actor, deed.subject, _under_way(deed), not against, against, deed.now)


def answer(story: Story, deed: Deed) -> None:
    """Who is asked answers agreements of the plan in force: `agreements` are their keys, `state` agreed if not said."""
    state = AgreementState(deed.get("state", AgreementState.AGREED))
    for key in deed.line["agreements"]:
        agreement_id = story.made[f"agreement {key}"]
        actions.answer_agreement(deed.actor, deed.subject, agreement_id, state, deed.get("reason"), deed.now)


def evaluate(story: Story, deed: Deed) -> None:
    """How far a `goal` is; or with `works` how an `agreement` goes, or the whole plan."""
    given = Evaluated(
        step=deed.line.get("step"),
        works=Works(deed.line["works"]) if "works" in deed.line else None,
        family_view=deed.get("family_view"),
        words=deed.get("words"),
        way_on=WayOn(deed.get("way_on", WayOn.CONTINUE)),
        next_review_on=story.day(deed.line["next_review"]) if deed.get("next_review") else None,
        net=_net(story, deed.get("net", {})),
    )
    by, about = deed.actor, deed.subject
    if "goal" in deed.line:
        actions.evaluate_goal(by, about, story.made[f"goal {deed.line['goal']}"], given, deed.now)
    elif "agreement" in deed.line:
        key = story.made[f"agreement {deed.line['agreement']}"]
        actions.evaluate_agreement(by, about, key, given, deed.now)
    else:
        actions.evaluate_plan(by, about, given, deed.now)


def _net(story: Story, said: Mapping[str, str]) -> Net:
    """What holds when care is stepped down."""
    until = story.day(said["until"]) if said else None
    return Net(watch=said.get("watch", ""), call=said.get("call", ""), until=until)


def propose(story: Story, deed: Deed) -> None:
    """Somebody proposes to change an `agreement`, a `goal`, the plan, or with `kind` something new; known by `key`."""
    agreement, goal = deed.get("agreement", None), deed.get("goal", None)
    usual = ProposalKind.AGREEMENT if agreement else ProposalKind.GOAL if goal else ProposalKind.PLAN
    domain = deed.get("domain")
    new = NewProposal(
        kind=ProposalKind(deed.get("kind", usual)),
        goal_id=story.made[f"goal {goal}"] if goal else None,
        agreement_id=story.made[f"agreement {agreement}"] if agreement else None,
        domain=LifeDomain(domain) if domain else None,
        **{name: deed.get(name) for name in ("what", "why", "words", "where", "when")},
    )
    made = actions.make_proposal(deed.actor, deed.subject, new, deed.now)
    story.made[f"proposal {deed.line['key']}"] = made


def decide(story: Story, deed: Deed) -> None:
    """A proposal is taken into the draft as it is worded; with `against` it is not, and why."""
    proposal_id, against = story.made[f"proposal {deed.line['key']}"], deed.get("against")
    if against:
        actions.decline_proposal(deed.actor, deed.subject, proposal_id, against, deed.now)
        return
    found = queries.proposal_for(deed.actor, deed.subject, proposal_id, deed.now.date())
    seen = queries.drafted_for(deed.actor, deed.subject, found, deed.now.date())
    written = Written(revision=seen.revision)
    actions.accept_proposal(deed.actor, deed.subject, proposal_id, written, deed.now)
