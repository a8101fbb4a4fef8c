"""Pages of phase 3 on which somebody decides: sign, approve, answer an agreement, change a goal's life."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from kindzorg.careplan import actions, queries
from kindzorg.careplan.agreements.queries import came_back
from kindzorg.careplan.agreements.rules import may_take_back
from kindzorg.careplan.answering import (
    AnswerForm,
    ApproveForm,
    HeardForm,
    ObjectForm,
    SignForm,
)
from kindzorg.careplan.forms import WORDS, YES, ReasonForm
from kindzorg.careplan.pages import (
    CHILD,
    agreement_row,
    allowed,
    change_asked,
    evaluation_rows,
    frozen_words,
    goal_row,
    plan_page,
    signing_page,
)
from kindzorg.careplan.reviews.pages import net_box
from kindzorg.careplan.rules import (
    AGREEMENT_STEPS,
    GOAL_STEPS,
    AgreementState,
    AgreementView,
    GoalState,
    GoalView,
    SignatureAnswer,
    VersionStatus,
    VersionView,
    may_be_heard,
)
from kindzorg.careplan.schedule.pages import visits_for
from kindzorg.careplan.views import page, proposed, read, read_any, reads_whole, shown_plan, typed
from kindzorg.careplan.wording import say
from kindzorg.careteam.queries import OpenedChild
from kindzorg.core.errors import Conflict, Invalid
from kindzorg.referral.terms.pages import term_rows
from kindzorg.ui.wording import add_to_form

OFFERED = (VersionStatus.OFFERED, VersionStatus.AGREED)


def plan_sign(request: Any, child_id: UUID, number: int) -> HttpResponse:
    """The family reads the plan and says yes, or no with a reason."""
    opened = read(request, child_id, "plan.sign_read", "plan.agree")
    found = queries.version_for(request.actor, opened.subject, number, request.today)
    form = SignForm(typed(request), audience=opened.audience)
    if request.method == "POST" and form.is_valid():
        given = (number, form.yes, form.cleaned_data["reason"])
        try:
            actions.sign_version(request.actor, opened.subject, *given, request.now)
            return redirect("plan_signed", child_id, number)
        except Invalid as error:
            add_to_form(form, error, WORDS)
    context = plan_page(found, opened, request.today)
    return page(request, opened, "sign", form=form, open=found.version.status in OFFERED, **context)


def plan_signed(request: Any, child_id: UUID, number: int) -> HttpResponse:
    """What was said, and what happens next."""
    opened = read(request, child_id, "plan.signed_read", "plan.agree")
    version = queries.signed_version_for(request.actor, opened.subject, number, request.today)
    mine = [one for one in version.signatures if one.signer_id == request.actor.id and not one.said_on]
    if not mine:
        return redirect("plan_sign", child_id, number)
    signing = queries.signing_for(request.actor, opened.subject, version, request.today)
    said, mark = ("yes", "check") if mine[-1].answer is SignatureAnswer.YES else ("no", "message-circle")
    words = {
        "mark": mark,
        "said": say(f"said_{said}_title", opened.audience),
        "next": [say(f"said_{said}_next", opened.audience)],
    }
    context = {"version": version, "mine": mine[-1], "open": version.status in OFFERED, **words}
    return page(request, opened, "signed", **context, **signing_page(signing, opened))


def plan_hear(request: Any, child_id: UUID, number: int, who: str) -> HttpResponse:
    """Record what somebody who must agree said in person, by telephone or on paper."""
    opened = read(request, child_id, "plan.answer_read", "plan.record_answer")
    given = (request.actor, opened.subject)
    version = queries.signed_version_for(*given, number, request.today)
    signer = queries.signer_to_hear(*given, _relative(who), request.today)
    has_account = signer.account is not None
    initial = {"said_on": request.today}
    form = HeardForm(typed(request), name=signer.name, has_account=has_account, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_answer(*given, number, form.heard(signer.asked.relative_id), request.now)
            return redirect("plan_version", child_id, number)
        except Invalid as error:
            add_to_form(form, error, WORDS)
    may = may_be_heard(version.signatures, signer.asked.party, signer.asked.relative_id)
    context = {"signer": signer, "version": version, "open": may and version.status in OFFERED}
    return page(request, opened, "hear", form=form, **context)


def _relative(who: str) -> UUID | None:
    """The relative that an address names; None where it names the child itself."""
    if who == CHILD:
        return None
    try:
        return UUID(who)
    except ValueError:
        raise Http404 from None


def plan_approve(request: Any, child_id: UUID, number: int) -> HttpResponse:
    """The paediatrician (or GP) approves a version; of a practical change in force: seen, or objects."""
    opened = read(request, child_id, "plan.approval_read", "plan.approve")
    found = queries.version_for(request.actor, opened.subject, number, request.today)
    in_force = found.version.status is VersionStatus.IN_FORCE
    form = (ObjectForm if in_force else ApproveForm)(typed(request))
    if request.method == "POST" and form.is_valid() and _approved(request, opened, number, form, in_force):
        return redirect("plan_version", child_id, number)
    signing = queries.signing_for(request.actor, opened.subject, found.version, request.today)
    context = {**plan_page(found, opened, request.today), **signing_page(signing, opened)}
    context["frozen"] = frozen_words(found.version, opened)
    may_answer = found.version.practical if in_force else found.version.status in OFFERED
    return page(request, opened, "approve", form=form, in_force=in_force, open=may_answer, **context)


def _approved(request: Any, opened: OpenedChild, number: int, form: ApproveForm, in_force: bool) -> bool:
    yes, reason = form.cleaned_data["answer"] == YES, form.cleaned_data["reason"]
    try:
        if in_force and not yes:
            actions.object_to_version(request.actor, opened.subject, number, reason, request.now)
        else:
            actions.approve_version(request.actor, opened.subject, number, yes, reason, request.now)
    except Invalid as error:
        add_to_form(form, error, WORDS)
        return False
    return True


def the_agreement(
    request: Any, opened: OpenedChild, agreement_id: UUID
) -> tuple[AgreementView, str, VersionView]:
    """An agreement of the plan, or of the reader's own part of it, what it is for, and the version it stands in."""
    given = (request.actor, opened.subject, request.today)
    found = shown_plan(request, opened) if reads_whole(request, opened) else queries.part_for(*given)
    one = next((one for one in found.agreements if one.id == agreement_id), None) if found else None
    if one is None or found is None:
        raise Http404
    goals: dict[UUID | None, str] = {goal.id: goal.content.words for goal in found.goals}
    return one, goals.get(one.content.goal_id, ""), found.version


def plan_agreement(request: Any, child_id: UUID, agreement_id: UUID) -> HttpResponse:
    """One agreement: what it says, the answer of who is asked, how it goes, and what its owner does next."""
    opened = read_any(request, child_id, "agreement.read")
    one, goal, version = the_agreement(request, opened, agreement_id)
    form = AnswerForm(typed(request), audience=opened.audience)
    if request.method == "POST" and form.is_valid():
        answer = AgreementState(form.cleaned_data["answer"])
        if _answered(request, opened, agreement_id, form, answer):
            return redirect("plan_agreement", child_id, agreement_id)
    about = (request.actor, opened.subject, agreement_id)
    given, visits, terms = queries.agreement_over_time_for(*about, request.now)
    context = {
        "row": agreement_row(one, opened, goal, request.today),
        "may": allowed(request, opened),
        **_answers(one),
    }
    since = one.since or one.made_at
    fresh = may_take_back(one.state, one.stepped, since, request.now)
    context["may_take_back"] = fresh and not came_back(request.actor, opened.subject, agreement_id)
    context["evaluations"] = evaluation_rows(given, (), opened.audience)
    context["change"] = change_asked(one.evaluation, version, opened.audience)
    context |= proposed(request, opened, agreement_id, f"agreement={agreement_id}")
    context |= visits_for(request, opened, visits)
    context["terms"] = term_rows(terms, one.content.law or "", str(opened.audience), request.today)
    context |= net_box(request, opened, given)
    return page(request, opened, "agreement", form=form, **context)


def _answers(one: AgreementView) -> dict[str, Any]:
    """Which steps the reader may take from here."""
    can = {end for start, end in AGREEMENT_STEPS if start is one.state}
    may_ask = one.owned and one.state in (AgreementState.DECLINED, AgreementState.MORE_INFO_ASKED)
    return {
        "may_answer": one.asked and AgreementState.AGREED in can and one.state is not AgreementState.PROPOSED,
        "changes_mind": one.asked and one.state is AgreementState.AGREED,
        "may_finish": (one.asked or one.owned) and AgreementState.DONE in can,
        "may_ask_again": may_ask,
        "goes": one.state is not AgreementState.PROPOSED,
        "may_lapse": one.owned and one.state in (AgreementState.DECLINED, AgreementState.MORE_INFO_ASKED),
    }


def _answered(
    request: Any, opened: OpenedChild, agreement_id: UUID, form: Any, answer: AgreementState
) -> bool:
    reason = form.cleaned_data.get("reason", "")
    try:
        actions.answer_agreement(request.actor, opened.subject, agreement_id, answer, reason, request.now)
    except Invalid as error:
        add_to_form(form, error, WORDS)
        return False
    return True


@require_POST
def plan_answer_back(request: Any, child_id: UUID, agreement_id: UUID) -> HttpResponse:
    """Take back the own fresh answer; where it stands already, the page says how the agreement stands."""
    opened = read_any(request, child_id, "agreement.read")
    the_agreement(request, opened, agreement_id)
    with suppress(Invalid):
        actions.take_back_answer(request.actor, opened.subject, agreement_id, request.now)
    return redirect("plan_agreement", child_id, agreement_id)


STEPS = {
    "done": AgreementState.DONE,
    "again": AgreementState.ASKED,
    "lapse": AgreementState.LAPSED,
    "decline": AgreementState.DECLINED,
}


def plan_agreement_step(request: Any, child_id: UUID, agreement_id: UUID, step: str) -> HttpResponse:
    """Done, ask again, let it lapse, or take back: one question about it."""
    opened = read_any(request, child_id, "agreement.read")
    if step not in STEPS:
        raise Http404
    one, goal, _version = the_agreement(request, opened, agreement_id)
    form = ReasonForm(typed(request), required=step in ("lapse", "decline"))
    if (
        request.method == "POST"
        and form.is_valid()
        and _answered(request, opened, agreement_id, form, STEPS[step])
    ):
        return redirect("plan_agreement", child_id, agreement_id)
    return page(request, opened, "agreement_step", row=agreement_row(one, opened, goal), form=form, step=step)


def the_goal(request: Any, opened: OpenedChild, goal_id: UUID) -> GoalView:
    """A goal of the plan in force."""
    found = queries.plan_for(request.actor, opened.subject, request.today)
    goal = next((one for one in found.goals if one.id == goal_id), None) if found else None
    if goal is None:
        raise Http404
    return goal


def plan_goal_state(request: Any, child_id: UUID, goal_id: UUID, state: str) -> HttpResponse:
    """A goal on hold, taken up again, completed or stopped, with the reason."""
    opened = read(request, child_id, "goal.read", "plan.evaluate")
    goal = the_goal(request, opened, goal_id)
    if state not in set(GoalState) or (goal.state, GoalState(state)) not in GOAL_STEPS:
        raise Http404
    form = ReasonForm(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            given = (goal_id, GoalState(state), form.cleaned_data["reason"])
            actions.move_goal(request.actor, opened.subject, *given, request.now)
            return redirect("plan_goal", child_id, goal_id)
        except (Invalid, Conflict) as error:
            add_to_form(form, error, WORDS)
    row = goal_row(goal, opened, request.today)
    return page(request, opened, "goal_state", form=form, row=row, state=state)
