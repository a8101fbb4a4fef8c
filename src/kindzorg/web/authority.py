"""Who holds authority, what a court decided and whether the child decides itself: one page, for who may know."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from kindzorg.access import policy
from kindzorg.careteam.authority import actions, queries
from kindzorg.careteam.authority.rules import NewCapacity, NewRestriction, check_is_due
from kindzorg.careteam.queries import OpenedChild, open_child
from kindzorg.careteam.rules import RestrictionKind
from kindzorg.core.errors import Invalid
from kindzorg.core.texts import MissingText, text
from kindzorg.journey.views import child_frame
from kindzorg.ui.fields import DateInput
from kindzorg.ui.wording import UNWORDED

WORDS = (
    *(
        "title",
        "lead",
        "register",
        "holders",
        "nobody",
        "checked",
        "not_checked",
        "due",
        "ended",
        "check",
        "end",
    ),
    *("court", "court_lead", "to_confirm", "confirm", "end_court", "add_court", "why"),
    *("capacity", "capacity_yes", "capacity_no", "capacity_none", "capacity_lead", "assess"),
)


def say(key: str, audience: str) -> str:
    """A text of this page for this reader."""
    return text(f"web.authority.{key}", audience, (get_language() or "nl")[:2])


class RestrictionForm(forms.Form):
    """What a court decided about a relative."""

    relative = forms.ChoiceField(widget=forms.RadioSelect)
    kind = forms.ChoiceField(widget=forms.RadioSelect)
    source = forms.CharField(max_length=200)
    until = forms.DateField(required=False, widget=DateInput)

    def __init__(self, data: Any, audience: str, relatives: Any) -> None:
        super().__init__(data, prefix="court")
        for name, key in (("relative", "who"), ("kind", "what"), ("source", "source"), ("until", "until")):
            self.fields[name].label = say(key, audience)
        self.fields["relative"].choices = [(str(one.id), one.name) for one in relatives]  # type: ignore[attr-defined]
        kinds = [(str(one), say(f"restriction_{one}", audience)) for one in RestrictionKind]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]

    def save(self, actor: Any, subject: Any, now: Any) -> None:
        """Give it to the action."""
        given = self.cleaned_data
        kind = RestrictionKind(given["kind"])
        new = NewRestriction(UUID(given["relative"]), kind, given["source"], given["until"])
        actions.record_restriction(actor, subject, new, now)


class CapacityForm(forms.Form):
    """What a doctor assessed."""

    can_decide = forms.ChoiceField(widget=forms.RadioSelect)
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}))
    until = forms.DateField(widget=DateInput)

    def __init__(self, data: Any, audience: str) -> None:
        super().__init__(data, prefix="capacity")
        labels = (("can_decide", "capacity"), ("reason", "capacity_reason"), ("until", "capacity_until"))
        for name, key in labels:
            self.fields[name].label = say(key, audience)
        choices = [(one, say(f"capacity_{one}", audience)) for one in ("yes", "no")]
        self.fields["can_decide"].choices = choices  # type: ignore[attr-defined]

    def save(self, actor: Any, subject: Any, now: Any) -> None:
        """Give it to the action."""
        given = self.cleaned_data
        new = NewCapacity(given["can_decide"] == "yes", given["reason"], given["until"])
        actions.assess_capacity(actor, subject, new, now)


def child_authority(request: Any, child_id: UUID) -> HttpResponse:
    """The page, and each form on it: every one leads back to it."""
    opened = open_child(request.actor, child_id, "authority.read", "authority.read", request.now)
    made, problem = _forms(request, opened), ""
    if request.method == "POST":
        try:
            if _done(request, opened, made):
                return redirect("child_authority", child_id)
        except Invalid as error:
            problem = _word(error, opened.audience)
    return render(request, "web/authority.html", _context(request, opened, made, problem))


def _forms(request: Any, opened: OpenedChild) -> dict[str, Any]:
    step = request.POST.get("step")
    made: dict[str, Any] = {}
    if policy.may(request.actor, "restriction.change", opened.subject, request.today):
        relatives = queries.relatives_for(request.actor, opened.subject, request.today)
        made["court"] = RestrictionForm(request.POST if step == "court" else None, opened.audience, relatives)
    if policy.may(request.actor, "capacity.assess", opened.subject, request.today):
        made["assess"] = CapacityForm(request.POST if step == "assess" else None, opened.audience)
    return made


def _done(request: Any, opened: OpenedChild, made: Mapping[str, Any]) -> bool:
    step, about = request.POST.get("step", ""), (request.actor, opened.subject)
    if form := made.get(step):
        if form.is_valid():
            form.save(*about, request.now)
        return bool(form.is_valid())
    if step == "confirm":
        actions.confirm_restriction(*about, _id(request), request.now)
        return True
    steps: dict[str, Callable[..., Any]] = {
        "check": actions.check_authority,
        "end": actions.end_authority,
        "end_court": actions.end_restriction,
    }
    if step not in steps:
        raise Http404
    steps[step](*about, _id(request), request.POST.get("why", "")[:200], request.now)
    return True


def _id(request: Any) -> UUID:
    try:
        return UUID(request.POST.get("id", ""))
    except ValueError:
        raise Http404 from None


def _word(error: Invalid, audience: str) -> str:
    try:
        return say(error.code, audience)
    except MissingText:
        return str(UNWORDED)


def _context(request: Any, opened: OpenedChild, made: Mapping[str, Any], problem: str) -> dict[str, Any]:
    about = (request.actor, opened.subject, request.today)
    may = {
        key: policy.may(request.actor, key.replace("_", "."), opened.subject, request.today)
        for key in ("authority_change", "restriction_change", "capacity_read")
    }
    return {
        **child_frame(request, opened, "child_team"),
        "t": {key: say(key, opened.audience) for key in WORDS},
        "holders": [_holder(one, opened, request) for one in queries.authorities_for(*about)],
        "court": [_court(one, opened, request) for one in queries.restrictions_for(*about)]
        if may["restriction_change"]
        else None,
        "assessed": queries.capacity_for(*about) if may["capacity_read"] else None,
        "may": may,
        "made": made,
        "problem": problem,
    }


def _over(row: Any, request: Any) -> bool:
    return row.until is not None and row.until <= request.today


def _holder(row: Any, opened: OpenedChild, request: Any) -> dict[str, Any]:
    over = _over(row, request)
    return {
        "row": row,
        "kind": say(f"kind_{row.kind}", opened.audience),
        "over": over,
        "due": not over and check_is_due(row.checked_on, request.today),
    }


def _court(row: Any, opened: OpenedChild, request: Any) -> dict[str, Any]:
    over = _over(row, request)
    mine = row.recorded_by_id == request.actor.id
    return {
        "row": row,
        "kind": say(f"restriction_{row.kind}", opened.audience),
        "over": over,
        "may_confirm": not over and row.confirmed_by_id is None and not mine,
    }
