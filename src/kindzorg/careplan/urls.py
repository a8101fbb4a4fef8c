"""Addresses of phase 3."""

from django.urls import path

from kindzorg.careplan import deciding, drafting, evaluating, proposing, settling, views
from kindzorg.careplan.annex import views as annex
from kindzorg.careplan.howto import views as howto
from kindzorg.careplan.learning import views as learning
from kindzorg.careplan.meetings import views as meetings
from kindzorg.careplan.procedures import views as procedures
from kindzorg.careplan.reports import views as reports
from kindzorg.careplan.reviews import views as reviews
from kindzorg.careplan.schedule import views as schedule
from kindzorg.careplan.stepback import views as stepback

CHILD = "children/<uuid:child_id>/plan"
DRAFT, GOAL, AGREEMENT = (
    f"{CHILD}/draft",
    f"{CHILD}/goals/<uuid:goal_id>",
    f"{CHILD}/agreements/<uuid:agreement_id>",
)
VERSION = f"{CHILD}/versions/<int:number>"
PROPOSAL = f"{CHILD}/proposals/<uuid:proposal_id>"
WEEK = "children/<uuid:child_id>/week"
HOWTO = "children/<uuid:child_id>/how"
PROCEDURES = "children/<uuid:child_id>/procedures"
PROCEDURE = f"{PROCEDURES}/<uuid:procedure_id>"
LEARNING = "children/<uuid:child_id>/learning"
REPORTS = "children/<uuid:child_id>/reports"
REPORT = f"{REPORTS}/<uuid:entry_id>"
MEETINGS = "children/<uuid:child_id>/meetings"
MEETING = f"{MEETINGS}/<uuid:meeting_id>"
REVIEWS = "children/<uuid:child_id>/reviews"
REVIEW = f"{REVIEWS}/<uuid:review_id>"
ANNEX = "children/<uuid:child_id>/annex"
TREATMENT = f"{ANNEX}/treatments/<uuid:treatment_id>"
VISIT = f"{WEEK}/visits/<uuid:visit_id>/<str:on>"

urlpatterns = [
    path(CHILD, views.plan, name="plan"),
    path(f"{CHILD}/full", views.plan_full, name="plan_full"),
    path(f"{CHILD}/family", views.plan_family, name="plan_family"),
    path(f"{CHILD}/family.pdf", views.plan_family_pdf, name="plan_family_pdf"),
    path(f"{CHILD}/plan.pdf", views.plan_pdf, name="plan_pdf"),
    path(f"{CHILD}/versions", views.plan_versions, name="plan_versions"),
    path(VERSION, views.plan_version, name="plan_version"),
    path(f"{VERSION}/changes", views.plan_changes, name="plan_changes"),
    path(f"{VERSION}/goals/<uuid:goal_id>", views.plan_goal, name="plan_version_goal"),
    path(f"{VERSION}/agreements/<uuid:item_id>", views.plan_version_agreement, name="plan_version_agreement"),
    path(f"{VERSION}/sign", deciding.plan_sign, name="plan_sign"),
    path(f"{VERSION}/signed", deciding.plan_signed, name="plan_signed"),
    path(f"{VERSION}/answers/<slug:who>", deciding.plan_hear, name="plan_hear"),
    path(f"{VERSION}/approve", deciding.plan_approve, name="plan_approve"),
    path(GOAL, views.plan_goal, name="plan_goal"),
    path(f"{GOAL}/evaluate", evaluating.plan_evaluate, name="plan_evaluate"),
    path(f"{GOAL}/state/<slug:state>", deciding.plan_goal_state, name="plan_goal_state"),
    path(f"{CHILD}/look", evaluating.plan_look, name="plan_look"),
    path(f"{CHILD}/look/evaluate", evaluating.plan_look_evaluate, name="plan_look_evaluate"),
    path(f"{AGREEMENT}/evaluate", evaluating.plan_agreement_evaluate, name="plan_agreement_evaluate"),
    path(AGREEMENT, deciding.plan_agreement, name="plan_agreement"),
    path(f"{AGREEMENT}/take-back", deciding.plan_answer_back, name="plan_answer_back"),
    path(f"{AGREEMENT}/step/<slug:step>", deciding.plan_agreement_step, name="plan_agreement_step"),
    path(f"{CHILD}/propose", proposing.plan_propose, name="plan_propose"),
    path(f"{CHILD}/proposals", proposing.plan_proposals, name="plan_proposals"),
    path(PROPOSAL, proposing.plan_proposal, name="plan_proposal"),
    path(f"{PROPOSAL}/accept", proposing.plan_proposal_accept, name="plan_proposal_accept"),
    path(f"{PROPOSAL}/decline", proposing.plan_proposal_decline, name="plan_proposal_decline"),
    path(f"{PROPOSAL}/keep", proposing.plan_proposal_keep, name="plan_proposal_keep"),
    path(f"{PROPOSAL}/withdraw", proposing.plan_proposal_withdraw, name="plan_proposal_withdraw"),
    path(DRAFT, drafting.plan_draft, name="plan_draft"),
    path(f"{DRAFT}/settle", settling.plan_settle, name="plan_settle"),
    path(f"{DRAFT}/<uuid:item_id>/put-back", settling.plan_put_back, name="plan_put_back"),
    path(f"{DRAFT}/begin", drafting.plan_begin, name="plan_begin"),
    path(f"{DRAFT}/offer", drafting.plan_offer, name="plan_offer"),
    path(f"{CHILD}/withdraw", drafting.plan_withdraw, name="plan_withdraw"),
    path(f"{DRAFT}/goals/new", drafting.plan_goal_edit, name="plan_goal_new"),
    path(f"{DRAFT}/goals/<uuid:goal_id>", drafting.plan_goal_edit, name="plan_goal_edit"),
    path(f"{DRAFT}/agreements/new", drafting.plan_agreement_edit, name="plan_agreement_new"),
    path(f"{DRAFT}/agreements/<uuid:agreement_id>", drafting.plan_agreement_edit, name="plan_agreement_edit"),
    path(f"{DRAFT}/no-goal/<uuid:need_id>", drafting.plan_no_goal, name="plan_no_goal"),
    path(f"{DRAFT}/<slug:kind>/<uuid:item_id>/remove", drafting.plan_remove, name="plan_remove"),
    path(REPORTS, reports.reports, name="reports"),
    path(f"{REPORTS}/new", reports.report_write, name="report_write"),
    path(REPORT, reports.report, name="report"),
    path(f"{REPORT}/correct", reports.report_correct, name="report_correct"),
    path(f"{REPORT}/keep", reports.report_keep, name="report_keep"),
    path(PROCEDURES, procedures.procedures, name="procedures"),
    path(f"{PROCEDURES}/new", procedures.procedure_new, name="procedure_new"),
    path(f"{PROCEDURES}/new/<slug:act>", procedures.procedure_make, name="procedure_make"),
    path(PROCEDURE, procedures.procedure, name="procedure"),
    path(f"{PROCEDURE}/edit", procedures.procedure_edit, name="procedure_edit"),
    path(f"{PROCEDURE}/take-away", procedures.procedure_take_away, name="procedure_take_away"),
    path(f"{PROCEDURE}/card/<int:number>", procedures.procedure_card, name="procedure_card"),
    path(f"{PROCEDURE}/wish/<slug:wish>", procedures.procedure_wish, name="procedure_wish"),
    path(f"{PROCEDURE}/wish/<slug:wish>/who", procedures.procedure_who, name="procedure_who"),
    path(f"{PROCEDURE}/wish/<slug:wish>/back", procedures.procedure_wish_back, name="procedure_wish_back"),
    path(HOWTO, howto.howtos, name="howtos"),
    path(f"{HOWTO}/<slug:act>", howto.howto, name="howto"),
    path(f"{HOWTO}/<slug:act>/edit", howto.howto_edit, name="howto_edit"),
    path(f"{HOWTO}/<slug:act>/tip", howto.howto_tip, name="howto_tip"),
    path(f"{HOWTO}/<slug:act>/seen", howto.howto_seen, name="howto_seen"),
    path(LEARNING, learning.learning, name="learning"),
    path(f"{LEARNING}/say", learning.learning_say, name="learning_say"),
    path(f"{LEARNING}/step", learning.learning_step, name="learning_step"),
    path("hours", meetings.time_totals, name="time_totals"),
    path(MEETINGS, meetings.meetings, name="meetings"),
    path(f"{MEETINGS}/new", meetings.meeting_new, name="meeting_new"),
    path(f"{MEETINGS}/time", meetings.time_new, name="time_new"),
    path(MEETING, meetings.meeting, name="meeting"),
    path(f"{MEETING}/minutes.pdf", meetings.meeting_pdf, name="meeting_pdf"),
    path(f"{MEETING}/answer", meetings.meeting_answer, name="meeting_answer"),
    path(f"{MEETING}/point", meetings.meeting_point, name="meeting_point"),
    path(f"{MEETING}/note", meetings.meeting_note, name="meeting_note"),
    path(f"{MEETING}/decide", meetings.meeting_decide, name="meeting_decide"),
    path(f"{MEETING}/close", meetings.meeting_close, name="meeting_close"),
    path(f"{MEETING}/drop", meetings.meeting_drop, name="meeting_drop"),
    path(REVIEWS, reviews.reviews, name="reviews"),
    path(f"{REVIEWS}/new", reviews.review_new, name="review_new"),
    path(REVIEW, reviews.review, name="review"),
    path(f"{REVIEW}/prepare", reviews.review_prepare, name="review_prepare"),
    path(f"{REVIEW}/mine/<int:number>", reviews.review_mine, name="review_mine"),
    path(f"{REVIEW}/mine/<int:number>/back", reviews.review_mine_back, name="review_mine_back"),
    path(f"{REVIEW}/mine/who", reviews.review_mine_who, name="review_mine_who"),
    path(f"{REVIEW}/<slug:what>", reviews.review_end, name="review_end"),
    path(f"{CHILD}/back/<uuid:net_id>", stepback.plan_step_back, name="plan_step_back"),
    path(ANNEX, annex.annex, name="annex"),
    path(f"{ANNEX}/begin", annex.annex_begin, name="annex_begin"),
    path(f"{ANNEX}/choices", annex.annex_choices, name="annex_choices"),
    path(f"{ANNEX}/talk", annex.annex_talk, name="annex_talk"),
    path(f"{ANNEX}/annex.pdf", annex.annex_pdf, name="annex_pdf"),
    path(f"{ANNEX}/parts/<slug:section>", annex.annex_part, name="annex_part"),
    path(f"{ANNEX}/write/<slug:theme>/<slug:voice>", annex.annex_write, name="annex_write"),
    path(f"{ANNEX}/treatments", annex.annex_treatments, name="annex_treatments"),
    path(f"{TREATMENT}/answer", annex.annex_treatment_answer, name="annex_treatment_answer"),
    path(f"{TREATMENT}/hear", annex.annex_treatment_hear, name="annex_treatment_hear"),
    path(f"{ANNEX}/treatments/<slug:treatment>", annex.annex_treatment_write, name="annex_treatment_write"),
    path(WEEK, schedule.week, name="week"),
    path(VISIT, schedule.week_visit, name="week_visit"),
    path(f"{VISIT}/<slug:step>", schedule.week_visit_step, name="week_visit_step"),
    path(f"{WEEK}/plan", schedule.week_plan, name="week_plan"),
    path(f"{WEEK}/open/<uuid:demand_id>", schedule.week_gap, name="week_gap"),
    path(f"{WEEK}/asked/<uuid:cover_id>", schedule.cover_answer, name="cover_answer"),
    path(f"{WEEK}/needed", schedule.week_needed, name="week_needed"),
    path(f"{WEEK}/needed/new", schedule.week_needed_new, name="week_needed_new"),
    path(f"{WEEK}/needed/<uuid:demand_id>/end", schedule.week_needed_end, name="week_needed_end"),
    path(f"{WEEK}/able", schedule.week_able, name="week_able"),
    path(f"{WEEK}/able/new", schedule.week_able_new, name="week_able_new"),
]
