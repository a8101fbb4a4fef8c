"""The page on which somebody records until when a payer's decision holds."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from kindzorg.careteam.queries import OpenedChild, open_child
from kindzorg.core.errors import Invalid
from kindzorg.journey.views import child_frame
from kindzorg.referral.queries import decision_for
from kindzorg.referral.terms.actions import record_term
from kindzorg.referral.terms.forms import WORDS, TermForm
from kindzorg.referral.terms.pages import Say, term_row
from kindzorg.referral.terms.queries import terms_for
from kindzorg.referral.wording import wording
from kindzorg.ui.wording import add_to_form


def referral_term(request: Any, child_id: UUID, entry: str) -> HttpResponse:
    """The last day for one kept entry; what was recorded before stands below. Raises Http404 for one not kept."""
    opened = open_child(request.actor, child_id, "referral.assess", "indication.form_read", request.now)
    decision = decision_for(request.actor, opened.subject, request.today)
    if decision is None or entry not in {one.id for one in decision.entries}:
        raise Http404
    audience = str(opened.audience)
    form = TermForm(request.POST if request.method == "POST" else None, audience)
    if request.method == "POST" and form.is_valid() and _recorded(request, opened, entry, form):
        return redirect("referral", child_id)
    found = terms_for(request.actor, opened.subject, request.today)
    rows = [term_row(one, audience, request.today) for one in reversed(found) if one.entry == entry]
    title = wording(f"{entry}.title", audience, (get_language() or "nl")[:2])
    context = {"form": form, "holds": Say(audience), "title": title, "rows": rows}
    return render(request, "referral/term.html", {**child_frame(request, opened, "referral"), **context})


def _recorded(request: Any, opened: OpenedChild, entry: str, form: TermForm) -> bool:
    try:
        record_term(request.actor, opened.subject, form.term(entry), request.now)
    except Invalid as error:
        add_to_form(form, error, WORDS)
        return False
    return True
