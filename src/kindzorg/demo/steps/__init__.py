"""What a line of a story can do: the word in the YAML, and the function that calls the real action."""

from collections.abc import Callable, Mapping

from kindzorg.demo.steps import careplan, closure, needs, record, referral, team
from kindzorg.demo.story import Deed, Story

STEPS: Mapping[str, Callable[[Story, Deed], None]] = {
    "child_account": team.child_account,
    "relative": team.relative,
    "member": team.member,
    "share": team.share,
    "represents": team.represents,
    "invited": team.invited,
    "responsible": team.responsible,
    "does": team.does,
    "journey_open": team.journey_open,
    "journey_step": team.journey_step,
    "record_handover": record.handover,
    "record_enter": record.enter,
    "referral_answer": referral.answer,
    "referral_assess": referral.assess,
    "referral_differ": referral.differ,
    "referral_settle": referral.settle,
    "referral_decide": referral.decide,
    "bind": referral.bind,
    "bind_answer": referral.bind_answer,
    "bind_steer": referral.bind_steer,
    "bind_late": referral.bind_late,
    "bind_settle": referral.bind_settle,
    "needs_open": needs.open_scan,
    "needs_tell": needs.tell,
    "needs_close": needs.close,
    "plan_draft": careplan.draft,
    "plan_goals": careplan.goals,
    "plan_agreements": careplan.agreements,
    "plan_offer": careplan.offer,
    "plan_sign": careplan.sign,
    "plan_hear": careplan.hear,
    "plan_approve": careplan.approve,
    "plan_answer": careplan.answer,
    "plan_evaluate": careplan.evaluate,
    "closure_prepare": closure.prepare,
    "closure_arrange": closure.arrange,
    "closure_answer": closure.answer,
    "closure_mark": closure.mark,
    "closure_write": closure.write,
    "closure_decide": closure.decide,
}
