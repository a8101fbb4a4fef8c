"""Pages of binding referrals: for who sends, who receives, the region's network, and the family."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from kindzorg.access import policy
from kindzorg.audit.actions import write_reads
from kindzorg.careteam.queries import OpenedChild, open_child
from kindzorg.core.errors import DomainError, Missing, Refused
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.journey.views import child_frame
from kindzorg.record.queries import statements_beside
from kindzorg.referral.binding import actions, pages, queries
from kindzorg.referral.binding.forms import WORDS, MoveForm, NewBindingForm, SettleForm
from kindzorg.referral.binding.pages import say
from kindzorg.referral.binding.queries import READS, BindingView
from kindzorg.referral.binding.rules import BindingSide
from kindzorg.referral.queries import decision_for
from kindzorg.ui.wording import add_to_form


def _open(request: Any, child_id: UUID, event: str, permissions: tuple[str, ...] = READS) -> OpenedChild:
    """For who has any of these permissions."""
    first, *others = permissions
    try:
        return open_child(request.actor, child_id, first, event, request.now)
    except Refused:
        if not others:
            raise
        return _open(request, child_id, event, tuple(others))


def _page(request: Any, opened: OpenedChild, name: str, **context: Any) -> HttpResponse:
    said = {key: say(key, opened.audience) for key in ("title", "lead", "none")}
    frame = child_frame(request, opened, "referral")
    return render(request, f"referral/{name}.html", {**frame, "t": said, **context})


def bindings(request: Any, child_id: UUID) -> HttpResponse:
    """What was sent, and where each stands."""
    opened = _open(request, child_id, "binding.list_read")
    found = queries.bindings_for(request.actor, opened.subject, request.today)
    rows = [pages.row(one, str(opened.audience), request.today) for one in found]
    may_send = policy.may(request.actor, "binding.send", opened.subject, request.today)
    return _page(request, opened, "bindings", rows=rows, may_send=may_send)


def binding_new(request: Any, child_id: UUID) -> HttpResponse:
    """Send one."""
    opened = _open(request, child_id, "binding.form_read", ("binding.send",))
    receivers = queries.receivers_for(request.actor, opened.subject, request.today)
    form = _new_form(request, opened, receivers)
    if request.method == "POST" and form.is_valid():
        with_form = (request.actor, opened.subject, form.new(), request.now)
        if sent := _done(form, lambda: actions.send_binding(*with_form)):
            return redirect("binding", child_id, sent.id)
    words = {key: say(key) for key in NEW_WORDS}
    closed = [one for one in receivers if not one.domains()]
    return _page(request, opened, "binding_new", form=form, words=words, closed=closed, receivers=receivers)


NEW_WORDS = ("new_title", "new_lead", "no_name", "closed_receivers", "no_receivers", "status")


def _new_form(request: Any, opened: OpenedChild, receivers: Sequence[queries.Receiver]) -> NewBindingForm:
    reads = policy.may(request.actor, "referral.read", opened.subject, request.today)
    decision = decision_for(request.actor, opened.subject, request.today) if reads else None
    open_to = policy.may_domains(request.actor, "binding.send", opened.subject, request.today)
    return NewBindingForm(
        _typed(request),
        pages.about_choices(decision),
        [(str(one), pages.domain_words(one)) for one in LifeDomain if one in open_to],
        pages.receiver_choices(receivers),
    )


def _typed(request: Any) -> Any:
    """What was sent, also when that is nothing at all; None where the page is only read."""
    return request.POST if request.method == "POST" else None


def _done(form: Any, act: Callable[[], Any]) -> Any:
    try:
        return act()
    except DomainError as error:
        if isinstance(error, Refused | Missing) and error.code not in WORDS:
            raise
        add_to_form(form, error, WORDS)
        return None


def binding(request: Any, child_id: UUID, binding_id: UUID) -> HttpResponse:
    """One of them: what is asked, each step, and what can be done."""
    opened = _open(request, child_id, "binding.read")
    one = queries.binding_for(request.actor, opened.subject, binding_id, request.today)
    beside = statements_beside(request.actor, opened.subject, "plan.read", request.today)
    return _page(request, opened, "binding", beside=beside, **pages.one_page(request, opened, one))


def binding_answer(request: Any, child_id: UUID, binding_id: UUID) -> HttpResponse:
    """The receiver answers; or who sent it writes down what was said by telephone or letter."""
    opened = _open(request, child_id, "binding.read", ("binding.answer", "binding.send"))
    one = queries.binding_for(request.actor, opened.subject, binding_id, request.today)
    heard = queries.side_for(request.actor, opened.subject, one, request.today) == BindingSide.SENDER
    act = actions.hear_binding if heard else actions.answer_binding
    moves = pages.move_choices(one, BindingSide.RECEIVER, request.today)
    form = MoveForm(_typed(request), moves, *(() if heard else ("heard_of",)))
    return _step(request, opened, one, form, act, "heard" if heard else "answer")


def binding_steer(request: Any, child_id: UUID, binding_id: UUID) -> HttpResponse:
    """Who sent it or coordinates goes on with it."""
    opened = _open(request, child_id, "binding.read", ("binding.send",))
    one = queries.binding_for(request.actor, opened.subject, binding_id, request.today)
    moves = pages.move_choices(one, BindingSide.SENDER, request.today)
    form = MoveForm(_typed(request), moves, "instead", "heard_of")
    return _step(request, opened, one, form, actions.steer_binding, "steer")


SIDES = {"answer": BindingSide.RECEIVER, "heard": BindingSide.SENDER, "steer": BindingSide.SENDER}


def _step(
    request: Any, opened: OpenedChild, one: BindingView, form: MoveForm, act: Any, name: str
) -> HttpResponse:
    queries.require_side(request.actor, opened.subject, one, SIDES[name], request.today)
    if request.method == "POST" and form.is_valid():
        move, said = form.said()
        if _done(form, lambda: act(request.actor, opened.subject, one.id, move, said, request.now)):
            return redirect("binding", opened.child.id, one.id)
    words = {"title": say(f"{name}_title"), "lead": say(f"{name}_lead")}
    shown = pages.row(one, str(opened.audience), request.today)
    return _page(request, opened, "binding_step", form=form, words=words, **shown)


def bindings_stuck(request: Any) -> HttpResponse:
    """What came to the network in the reader's region."""
    found = queries.stuck_for(request.actor, request.today)
    rows = [pages.row(one, "professional", request.today) for one in found]
    subjects = [one.subject for one in found]
    write_reads(request.actor, "binding.stuck_listed", subjects, request.now, "binding.read_stuck")
    words = {key: say(f"stuck_{key}") for key in ("title", "lead", "none")}
    return render(request, "referral/bindings_stuck.html", {"rows": rows, "words": words})


def binding_stuck(request: Any, binding_id: UUID) -> HttpResponse:
    """One of them, without the child and its file; the network settles it."""
    one = queries.stuck_one(request.actor, binding_id, request.today)
    form = SettleForm(_typed(request))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data["words"]
        if _done(form, lambda: actions.settle_stuck(request.actor, one.id, said, request.now)):
            return redirect("bindings_stuck")
    write_reads(request.actor, "binding.stuck_read", [one.subject], request.now, "binding.read_stuck")
    shown = {**pages.row(one, "professional", request.today), "steps": pages.steps(one)}
    words = {key: say(f"stuck_{key}") for key in ("title", "lead")}
    return render(request, "referral/binding_stuck.html", {**shown, "form": form, "words": words})
