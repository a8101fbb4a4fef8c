"""Pages of phase 3 on which anybody proposes a change, and somebody decides on it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from kindzorg.access import policy
from kindzorg.careplan import actions, queries
from kindzorg.careplan.comparing import two_texts
from kindzorg.careplan.forms import ReasonForm
from kindzorg.careplan.proposals.forms import WORDS, ProposalForm, Target
from kindzorg.careplan.proposals.pages import proposal_row, proposal_rows, wording_rows
from kindzorg.careplan.proposals.queries import original_of
from kindzorg.careplan.proposals.rules import Drafted, ProposalKind, ProposalView, Written
from kindzorg.careplan.rules import PlanView
from kindzorg.careplan.views import page, read, read_any, reads_whole, shown_plan, typed
from kindzorg.careplan.wording import Say
from kindzorg.careteam.queries import OpenedChild
from kindzorg.core.errors import Conflict, DomainError, Invalid, Missing
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.record.notes.pages import errors_for as mark_errors
from kindzorg.record.translated.pages import say as say_of_words
from kindzorg.record.translated.pages import tongue_rows, words_address
from kindzorg.record.translated.queries import tongue_for
from kindzorg.ui.fields import whole_number
from kindzorg.ui.wording import add_to_form, quoted, word

NEW = (ProposalKind.NEW_GOAL, ProposalKind.NEW_AGREEMENT)


def _page(request: Any, opened: OpenedChild, name: str, **context: Any) -> HttpResponse:
    return page(request, opened, name, said=Say(opened.audience, "proposals"), **context)


def plan_proposals(request: Any, child_id: UUID) -> HttpResponse:
    """All proposals for the plan that the reader may see, those that wait first."""
    opened = read_any(request, child_id, "proposal.list_read")
    found = queries.proposals_for(request.actor, opened.subject, request.today)
    may = policy.may(request.actor, "proposal.make", opened.subject, request.today)
    return _page(request, opened, "proposals", rows=proposal_rows(found, opened), may_propose=may)


def plan_propose(request: Any, child_id: UUID) -> HttpResponse:
    """Propose a change: of a goal, an agreement, something new in a life domain, or of the plan as a whole."""
    opened = read(request, child_id, "proposal.form_read", "proposal.make")
    target = _target(request, opened)
    keeps = policy.may(request.actor, "mark.set_own", opened.subject, request.today)
    form = ProposalForm(typed(request), target=target, audience=opened.audience, may_keep=keeps)
    if request.method == "POST" and form.is_valid():
        try:
            given = (request.actor, opened.subject, form.proposal())
            made = actions.make_proposal(*given, request.now)
            return redirect("plan_proposal", child_id, made)
        except (Invalid, Missing) as error:
            add_to_form(form, error, _words(error, opened))
    return _page(request, opened, "propose", form=form, target=target)


def _words(error: DomainError, opened: OpenedChild) -> Mapping[str, Any]:
    """What the error says: of the plan, or of what may not be kept from parents."""
    return WORDS if error.code in WORDS else mark_errors(error, opened.audience)


def _target(request: Any, opened: OpenedChild) -> Target:
    """What the proposal can be about, from the link that was followed. Raises Http404 for what is not in the plan."""
    found = _seen(request, opened)
    if key := request.GET.get("agreement"):
        one = next((one for one in found.agreements if str(one.id) == key), None)
        if one is None:
            raise Http404
        now = {"words": one.content.what, "where": one.content.where, "when": one.content.when}
        return Target(kinds=(ProposalKind.AGREEMENT,), title=one.content.what, agreement_id=one.id, now=now)
    if key := request.GET.get("goal"):
        goal = next((goal for goal in found.goals if str(goal.id) == key), None)
        if goal is None:
            raise Http404
        words = goal.content.words
        kinds = (ProposalKind.GOAL, ProposalKind.NEW_AGREEMENT)
        return Target(kinds=kinds, title=quoted(words), goal_id=goal.id)
    return _new_target(request, opened)


def _new_target(request: Any, opened: OpenedChild) -> Target:
    given = (request.actor, "proposal.make", opened.subject, request.today)
    seen = [one for one in LifeDomain if one in policy.may_domains(*given)]
    if (key := request.GET.get("domain")) in seen:
        return Target(kinds=NEW, domain=LifeDomain(key))
    kinds = (ProposalKind.PLAN, *NEW) if policy.sees_all(*given) else NEW
    return Target(kinds=kinds, domains=seen)


def _seen(request: Any, opened: OpenedChild) -> PlanView:
    """The plan, or the reader's own part of it."""
    whole = reads_whole(request, opened)
    given = (request.actor, opened.subject, request.today)
    found = shown_plan(request, opened) if whole else queries.part_for(*given)
    if found is None:
        raise Http404
    return found


def plan_proposal(request: Any, child_id: UUID, proposal_id: UUID) -> HttpResponse:
    """One proposal: what and why, how it would read, and what became of it; for who decides, the ways to do so."""
    opened = read_any(request, child_id, "proposal.read")
    return _shown(request, opened, proposal_id)


def _shown(
    request: Any, opened: OpenedChild, proposal_id: UUID, error: DomainError | None = None
) -> HttpResponse:
    given = (request.actor, opened.subject)
    found = queries.proposal_for(*given, proposal_id, request.today)
    now = queries.drafted_for(*given, found, request.today) if found.decides else _as_is(found)
    context = {"row": proposal_row(found, opened), "wording": wording_rows(found, now), "now": now}
    keeps = policy.may(request.actor, "mark.set_own", opened.subject, request.today)
    context["may_keep"] = keeps and found.mine and not found.kept
    context |= _tongues(request, opened, found)
    wrong = word(error, _words(error, opened)) if error else ""
    return _page(request, opened, "proposal", wrong=wrong, **context)


def _tongues(request: Any, opened: OpenedChild, found: ProposalView) -> dict[str, Any]:
    """In which language the proposal is, its translations, and the way to place one. One statement."""
    may = policy.may(request.actor, "proposal.make", opened.subject, request.today)
    original = original_of(request.actor, found)
    there = {found.id: tongue_for(request.actor, opened.subject, original)}
    shown = tongue_rows(opened, original.of, there, may=False)
    address = words_address(opened, original.of, found.id) if may else ""
    worded = [name for name in ("words", "where", "when") if name in original.words]
    return {
        **shown,
        "worded": worded,
        "translate_url": address,
        "translate": say_of_words("add", opened.audience),
    }


def _as_is(found: ProposalView) -> Drafted:
    return Drafted(words=found.about, where=found.now_where, when=found.now_when)


@require_POST
def plan_proposal_accept(request: Any, child_id: UUID, proposal_id: UUID) -> HttpResponse:
    """Take a proposal into the draft: as it is worded, or through the page where the draft is written."""
    opened = read_any(request, child_id, "proposal.read")
    given = (request.actor, opened.subject)
    found = queries.proposal_for(*given, proposal_id, request.today)
    try:
        if request.POST.get("write") and found.kind is not ProposalKind.PLAN:
            # The draft's reason is read by who signs it: the parents.
            actions.start_draft(*given, request.now, why="" if found.kept else found.what[:500])
            return redirect(_writing(found, child_id))
        written = Written(revision=whole_number(request.POST.get("revision", "")) or 1)
        actions.accept_proposal(*given, proposal_id, written, request.now)
        return redirect("plan_draft", child_id)
    except (Conflict, Invalid, Missing) as error:
        return _not_accepted(request, opened, found, error)


def _writing(found: ProposalView, child_id: UUID) -> str:
    """The page where the goal or agreement is written, with the proposal beside it."""
    name, key = {
        ProposalKind.GOAL: ("plan_goal_edit", found.goal_id),
        ProposalKind.NEW_GOAL: ("plan_goal_new", None),
        ProposalKind.AGREEMENT: ("plan_agreement_edit", found.agreement_id),
    }.get(found.kind, ("plan_agreement_new", None))
    address = reverse(name, args=[child_id, key] if key else [child_id])
    return f"{address}?proposal={found.id}" + (f"&goal={found.goal_id}" if name.endswith("ment_new") else "")


def _not_accepted(request: Any, opened: OpenedChild, found: ProposalView, error: DomainError) -> HttpResponse:
    """Somebody changed that part of the draft first: both texts; else the proposal with what is wrong."""
    if "theirs" not in error.data:
        return _shown(request, opened, found.id, error)
    columns = two_texts(error.data["mine"], error.data["theirs"], {}, str(error.data.get("by", "")))
    columns[0]["name"] = Say(opened.audience, "proposals")["as_proposed"]
    context = {"columns": columns, "by": error.data.get("by", ""), "revision": error.data["revision"]}
    return _page(request, opened, "proposal_conflict", row=proposal_row(found, opened), **context)


def plan_proposal_decline(request: Any, child_id: UUID, proposal_id: UUID) -> HttpResponse:
    """Say no to a proposal, and why."""
    opened = read(request, child_id, "proposal.read", "proposal.decide")
    given = (request.actor, opened.subject)
    found = queries.proposal_for(*given, proposal_id, request.today)
    form = ReasonForm(typed(request), label=Say(opened.audience, "proposals")["ask_reason"])
    if request.method == "POST" and form.is_valid():
        try:
            actions.decline_proposal(*given, proposal_id, form.cleaned_data["reason"], request.now)
            return redirect("plan_proposal", child_id, proposal_id)
        except Invalid as error:
            add_to_form(form, error, WORDS)
    return _page(request, opened, "proposal_decline", form=form, row=proposal_row(found, opened))


@require_POST
def plan_proposal_withdraw(request: Any, child_id: UUID, proposal_id: UUID) -> HttpResponse:
    """Take back an own proposal."""
    opened = read_any(request, child_id, "proposal.read")
    try:
        actions.withdraw_proposal(request.actor, opened.subject, proposal_id, request.now)
    except Invalid as error:
        return _shown(request, opened, proposal_id, error)
    return redirect("plan_proposal", child_id, proposal_id)


@require_POST
def plan_proposal_keep(request: Any, child_id: UUID, proposal_id: UUID) -> HttpResponse:
    """A child keeps its own proposal from its parents."""
    opened = read_any(request, child_id, "proposal.read")
    try:
        actions.keep_proposal(request.actor, opened.subject, proposal_id, request.now)
    except Invalid as error:
        return _shown(request, opened, proposal_id, error)
    return redirect("plan_proposal", child_id, proposal_id)
