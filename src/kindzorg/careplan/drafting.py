"""Pages of phase 3 on which the next version is written: the draft, its goals, agreements and choices."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kindzorg.careplan import actions, queries
from kindzorg.careplan.comparing import two_texts
from kindzorg.careplan.forms import (
    WORDS,
    AgreementForm,
    GoalForm,
    ReasonForm,
    agreement_initial,
    goal_initial,
)
from kindzorg.careplan.pages import (
    agreement_row,
    allowed,
    people_choices,
    plan_page,
)
from kindzorg.careplan.proposals.pages import begun, proposal_row, proposal_rows
from kindzorg.careplan.proposals.rules import ProposalView, Written
from kindzorg.careplan.rules import (
    AgreementView,
    GoalView,
    PlanNeed,
    PlanView,
    VersionStatus,
    plan_needs,
)
from kindzorg.careplan.settling import lack_rows, left_out_rows
from kindzorg.careplan.views import page, read, typed
from kindzorg.careplan.wording import Say, say, signer_name
from kindzorg.careteam.queries import OpenedChild, team_for
from kindzorg.core.destroyed import cleared
from kindzorg.core.errors import Conflict, DomainError, Incomplete, Invalid, Missing
from kindzorg.needs.queries import profile_for
from kindzorg.ui.fields import whole_number
from kindzorg.ui.wording import add_to_form, quoted


def _draft(request: Any, child_id: UUID, event: str = "plan.draft_read") -> tuple[OpenedChild, PlanView]:
    opened = read(request, child_id, event, "plan.draft")
    found = queries.draft_for(request.actor, opened.subject, request.today)
    if found is None:
        raise Missing("no_draft", child_id=child_id)
    return opened, found


def plan_draft(request: Any, child_id: UUID) -> HttpResponse:
    """The draft, and what is missing before the family can be asked; or the ways to begin one."""
    opened = read(request, child_id, "plan.draft_read", "plan.draft")
    given = (request.actor, opened.subject, request.today)
    found = queries.checked_draft_for(*given)
    if found is None:
        return _begin(request, opened, _why_form())
    lacks = lack_rows(found.lacks, opened)
    context = plan_page(found.plan, opened, request.today)
    context |= {"lacks": lacks, "unanswered": found.plan.needs_without_answer}
    context["unsettled"] = any(lack.code == UNSETTLED for lack in found.lacks)
    context["left_out"] = left_out_rows(
        found.left_out, {one.id: one.content.what for one in found.plan.agreements}
    )
    waiting = queries.proposals_for(*given, open_only=True)
    context |= {"proposals": proposal_rows(waiting, opened), "said": Say(opened.audience, "proposals")}
    return page(request, opened, "draft", may=allowed(request, opened), **context)


# Of an open agreement of the plan in force the draft does not say yet what becomes of it.
UNSETTLED = "agreements_unsettled"


def _why_form(*args: Any) -> ReasonForm:
    return ReasonForm(*args, required=False, label=_("Why does the plan change?"))


def _begin(request: Any, opened: OpenedChild, form: ReasonForm) -> HttpResponse:
    found = queries.versions_for(request.actor, opened.subject, request.today)
    in_force = any(one.status is VersionStatus.IN_FORCE for one in found)
    return page(request, opened, "begin", form=form, in_force=in_force)


@require_POST
def plan_begin(request: Any, child_id: UUID) -> HttpResponse:
    """Begin a draft: from the needs of the scan, from the plan in force, or from a version that was withdrawn."""
    opened = read(request, child_id, "plan.draft_read", "plan.draft")
    form = _why_form(request.POST)
    given, number = (request.actor, opened.subject), request.POST.get("number", "")
    if not form.is_valid():
        return _begin(request, opened, form)
    try:
        if request.POST.get("from") == "needs":
            actions.draft_from_needs(*given, _needs(request, opened), request.now)
        else:
            why, start = form.cleaned_data["reason"], (whole_number(number) or 0) if number else None
            actions.start_draft(*given, request.now, why=why, from_number=start)
    except (Conflict, Missing) as error:
        add_to_form(form, error, WORDS)
        return _begin(request, opened, form)
    return redirect("plan_draft", child_id)


def _needs(request: Any, opened: OpenedChild) -> tuple[PlanNeed, ...]:
    profile = profile_for(request.actor, opened.subject, request.today)
    if profile is None:
        raise Missing("no_profile")
    return plan_needs(profile)


def plan_offer(request: Any, child_id: UUID) -> HttpResponse:
    """Offer the draft to the family: a last look at what changes and who decides."""
    opened = read(request, child_id, "plan.offer_read", "plan.offer")
    given = (request.actor, opened.subject)
    form = ReasonForm(typed(request), required=False)
    if request.method == "POST" and form.is_valid():
        try:
            actions.offer_version(*given, request.now)
            return redirect("plan", child_id)
        except (Incomplete, Invalid) as error:
            add_to_form(form, error, WORDS)
    found = queries.checked_draft_for(*given, request.today)
    if found is None:
        return redirect("plan", child_id)
    names = [signer_name(one, opened.child.given_name, opened.audience) for one in found.signing.asked]
    if found.signing.approver:
        names.append(say(f"approver_{found.signing.approver}", opened.audience))
    context = {"lacks": lack_rows(found.lacks, opened), "version": found.plan.version}
    return page(request, opened, "offer", form=form, deciders=names, **context)


def plan_withdraw(request: Any, child_id: UUID) -> HttpResponse:
    """Drop the draft, or withdraw the version that is offered, with the reason; and go on from it at once."""
    opened = read(request, child_id, "plan.withdraw_read", "plan.draft")
    given = (request.actor, opened.subject)
    found = queries.versions_for(*given, request.today)
    version = next((one for one in found if one.status in UNDER_WAY), None)
    if version is None:
        return redirect("plan", child_id)
    drafted = version.status is VersionStatus.DRAFT
    form = ReasonForm(typed(request), required=not drafted, label=_("Why do you withdraw it?"))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        actions.withdraw_version(*given, reason, request.now)
        if not request.POST.get("go_on"):
            return redirect("plan", child_id)
        actions.start_draft(*given, request.now, why=reason, from_number=version.number)
        return redirect("plan_draft", child_id)
    return page(request, opened, "withdraw", form=form, drafted=drafted)


UNDER_WAY = (VersionStatus.DRAFT, VersionStatus.OFFERED, VersionStatus.AGREED, VersionStatus.APPROVED)


# --- goals, agreements and choices -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Item:
    """One thing in the draft that is written: its form, how it is saved, how it is left out, its words here."""

    kind: str
    id: UUID | None
    form: Any
    again: Callable[..., Any]
    save: Callable[[], object]
    shown: dict[str, Any] = field(default_factory=dict)


def _proposed(request: Any, opened: OpenedChild) -> ProposalView | None:
    """The proposal that is being worked out, if one is; shown beside the form, and accepted when that is saved."""
    key = request.GET.get("proposal", "")
    if not key:
        return None
    try:
        found = queries.proposal_for(request.actor, opened.subject, UUID(key), request.today)
    except (ValueError, Missing):
        raise Http404 from None
    return found if found.decides else None


def _beside(found: ProposalView | None, opened: OpenedChild) -> dict[str, Any]:
    if found is None:
        return {}
    return {"proposal": proposal_row(found, opened), "said": Say(opened.audience, "proposals")}


def _accept(request: Any, opened: OpenedChild, found: ProposalView, form: Any) -> object:
    written = Written(content=form.content(), revision=form.cleaned_data["revision"] or 0)
    return actions.accept_proposal(request.actor, opened.subject, found.id, written, request.now)


def _written(request: Any, opened: OpenedChild, draft: PlanView, item: _Item) -> HttpResponse:
    """Save what was typed; show both texts when somebody else was first."""
    if request.method == "POST" and item.form.is_valid():
        try:
            item.save()
            return redirect(f"{reverse('plan_draft', args=[opened.child.id])}#{item.kind}s")
        except Conflict as error:
            return _conflict(request, opened, draft, item, error)
        except Invalid as error:
            add_to_form(item.form, error, WORDS)
    return page(request, opened, f"{item.kind}_edit", form=item.form, item_id=item.id, **item.shown)


def _conflict(
    request: Any, opened: OpenedChild, draft: PlanView, item: _Item, error: DomainError
) -> HttpResponse:
    """Both texts beside each other. Nothing is lost: mine, theirs or a mix, saved on top of the newest."""
    goals = {one.id: quoted(one.content.words) for one in draft.goals}
    typed = {**request.POST.dict(), "revision": error.data["revision"]}
    typed |= {name: request.POST.getlist(name) for name in ("domains", "needs") if name in request.POST}
    columns = two_texts(error.data["mine"], error.data["theirs"], goals, str(error.data.get("by", "")))
    context = {
        "columns": columns,
        "mine": item.again(initial=typed, auto_id="mine_%s"),
        "form": item.again(initial=typed),
        "by": error.data.get("by", ""),
        "kind": item.kind,
    }
    return page(request, opened, "conflict", **context)


def plan_goal_edit(request: Any, child_id: UUID, goal_id: UUID | None = None) -> HttpResponse:
    """Add or change a goal of the draft."""
    opened, draft = _draft(request, child_id)
    goal = next((one for one in draft.goals if one.id == goal_id), None)
    if goal_id and goal is None:
        raise Http404
    found = _proposed(request, opened)
    initial = (
        goal_initial(goal.content, goal.revision, draft.needs) if goal else _from_need(request, opened, draft)
    )
    initial |= begun(found, ("words",))

    def again(*args: Any, **named: Any) -> GoalForm:
        return GoalForm(*args, needs=draft.needs, audience=opened.audience, **named)

    form = again(typed(request), initial=initial)

    def save() -> object:
        given, content = (request.actor, opened.subject), form.content()
        if found:
            return _accept(request, opened, found, form)
        if goal_id is None:
            return actions.add_goal(*given, content, request.now)
        return actions.change_goal(*given, goal_id, content, form.cleaned_data["revision"] or 0, request.now)

    return _written(request, opened, draft, _Item("goal", goal_id, form, again, save, _beside(found, opened)))


def _from_need(request: Any, opened: OpenedChild, draft: PlanView) -> dict[str, Any]:
    """A new goal begins with the need from which one came; a goal is for all to read, and so are its first words."""
    need = next((one for one in draft.needs if str(one.need_id) == request.GET.get("need")), None)
    if need is None:
        return {}
    shared = queries.shared_need(request.actor, opened.subject, need, request.today)
    return {
        **cleared({"words": shared.wish if shared else ""}),
        "domains": [str(need.domain)],
        "whose": need.whose,
        "needs": [str(need.need_id)],
    }


def plan_agreement_edit(request: Any, child_id: UUID, agreement_id: UUID | None = None) -> HttpResponse:
    """Add or change an agreement of the draft."""
    opened, draft = _draft(request, child_id)
    one = next((one for one in draft.agreements if one.id == agreement_id), None)
    if agreement_id and one is None:
        raise Http404
    begin = {"why": f"goal {request.GET.get('goal', '')}"} if "goal" in request.GET else {}
    found = _proposed(request, opened)
    initial = agreement_initial(one.content, one.revision, draft.needs) if one else begin
    initial |= begun(found, ("what", "where", "when"))
    people = people_choices(team_for(request.actor, opened.subject, request.today), opened)

    def again(*args: Any, **named: Any) -> AgreementForm:
        return AgreementForm(*args, people=people, plan=draft, audience=opened.audience, **named)

    form = again(typed(request), initial=initial)

    def save() -> object:
        given, content = (request.actor, opened.subject), form.content()
        if found:
            return _accept(request, opened, found, form)
        if agreement_id is None:
            return actions.add_agreement(*given, content, request.now)
        return actions.change_agreement(
            *given, agreement_id, content, form.cleaned_data["revision"] or 0, request.now
        )

    shown = _beside(found, opened)
    return _written(request, opened, draft, _Item("agreement", agreement_id, form, again, save, shown))


def plan_no_goal(request: Any, child_id: UUID, need_id: UUID) -> HttpResponse:
    """That a need consciously has no goal, and why; or take that back."""
    opened, draft = _draft(request, child_id)
    need = next((one for one in draft.needs if one.need_id == need_id), None)
    choice = next((one for one in draft.no_goals if one.content.need.need_id == need_id), None)
    if need is None and choice is None:
        raise Http404
    given = (request.actor, opened.subject)
    if request.method == "POST" and request.POST.get("take_back"):
        actions.take_back_no_goal(*given, need_id, request.now)
        return redirect("plan_draft", child_id)
    initial = cleared({"reason": choice.content.why, "revision": choice.revision}) if choice else {}

    def again(*args: Any, **named: Any) -> ReasonForm:
        return ReasonForm(*args, label=_("Why is there deliberately no goal?"), **named)

    form = again(typed(request), initial=initial)
    words = need.words if need else choice.content.need.words if choice else ""
    domain = need.domain if need else choice.content.domain if choice else ""
    shown = {"need": {"words": words, "domain": domain}, "chosen": choice is not None}

    def save() -> object:
        why, revision = form.cleaned_data["reason"], form.cleaned_data["revision"] or 0
        return actions.choose_no_goal(*given, need_id, why, request.now, revision=revision)

    return _written(request, opened, draft, _Item("no_goal", need_id, form, again, save, shown))


def plan_remove(request: Any, child_id: UUID, kind: str, item_id: UUID) -> HttpResponse:
    """Leave a goal or agreement out of the draft, with the reason."""
    opened, draft = _draft(request, child_id)
    kinds: dict[str, Sequence[GoalView | AgreementView]] = {
        "goal": draft.goals,
        "agreement": draft.agreements,
    }
    items = kinds.get(kind, ())
    one = next((one for one in items if one.id == item_id), None)
    if one is None:
        raise Http404
    form = ReasonForm(
        typed(request), initial={"revision": one.revision}, required=False, label=_("Why is it left out?")
    )
    remove = actions.remove_goal if kind == "goal" else actions.remove_agreement
    (words, touched), changed = _touched(kind, one, opened), ""
    if request.method == "POST" and form.is_valid():
        revision = form.cleaned_data["revision"] or 0
        try:
            remove(request.actor, opened.subject, item_id, form.cleaned_data["reason"], revision, request.now)
            return redirect("plan_draft", child_id)
        except Invalid as error:
            add_to_form(form, error, WORDS)
        except Conflict as error:
            form = ReasonForm(
                initial={**form.cleaned_data, "revision": error.data["revision"]}, required=False
            )
            changed = _("Somebody changed it meanwhile. This is how it reads now.")
    return page(request, opened, "remove", form=form, title=words, changed=changed, touched=touched)


def _touched(kind: str, one: Any, opened: OpenedChild) -> tuple[str, list[dict[str, Any]]]:
    if kind == "agreement":
        return one.content.what, []
    return quoted(one.content.words), [agreement_row(row, opened) for row in one.agreements]
