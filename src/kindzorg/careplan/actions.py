"""Every write of the plan, from its alcoves. Import everything from here."""

from kindzorg.careplan.adoption.actions import (
    approve_version,
    bring_into_force,
    object_to_version,
    offer_version,
    record_answer,
    sign_version,
)
from kindzorg.careplan.agreements.actions import (
    add_agreement,
    answer_agreement,
    change_agreement,
    remove_agreement,
    take_back_answer,
)
from kindzorg.careplan.carrying.actions import put_back, settle_agreements
from kindzorg.careplan.evaluations.actions import (
    evaluate_agreement,
    evaluate_goal,
    evaluate_plan,
    freeze_outcome,
)
from kindzorg.careplan.goals.actions import (
    add_goal,
    change_goal,
    choose_no_goal,
    draft_from_needs,
    move_goal,
    remove_goal,
    take_back_no_goal,
)
from kindzorg.careplan.proposals.actions import (
    accept_proposal,
    decline_proposal,
    keep_proposal,
    make_proposal,
    withdraw_proposal,
)
from kindzorg.careplan.versions.actions import start_draft, withdraw_version

__all__ = [
    "accept_proposal",
    "add_agreement",
    "add_goal",
    "answer_agreement",
    "approve_version",
    "bring_into_force",
    "change_agreement",
    "change_goal",
    "choose_no_goal",
    "decline_proposal",
    "draft_from_needs",
    "evaluate_agreement",
    "evaluate_goal",
    "evaluate_plan",
    "freeze_outcome",
    "keep_proposal",
    "make_proposal",
    "move_goal",
    "object_to_version",
    "offer_version",
    "put_back",
    "record_answer",
    "remove_agreement",
    "remove_goal",
    "settle_agreements",
    "sign_version",
    "start_draft",
    "take_back_answer",
    "take_back_no_goal",
    "withdraw_proposal",
    "withdraw_version",
]
