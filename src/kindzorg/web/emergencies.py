"""Looking along in an emergency, and the privacy officer's list of what must be judged."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from kindzorg.access import policy
from kindzorg.careteam.emergencies.actions import review_emergency, take_emergency_access
from kindzorg.careteam.emergencies.queries import emergencies_to_review, house_for
from kindzorg.careteam.emergencies.rules import CARERS, EmergencyStanding, Sought
from kindzorg.core.errors import Conflict, Invalid
from kindzorg.web.consent_forms import WORDS, EmergencyForm, ReviewForm


def offers(request: Any) -> bool:
    """Whether the start page offers the way in for an emergency, without a look in the database."""
    allowed = policy.may(request.actor, "emergency.take", None, request.today)
    return allowed and request.actor.qualification in CARERS


def emergency(request: Any) -> HttpResponse:
    """One page, one button: whom, why, and in. A wrong name says only that nobody was found."""
    if house_for(request.actor, request.today) is None:
        raise Http404
    form = EmergencyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        sought = Sought(given["family_name"], given["birth_date"], given["given_name"])
        try:
            child_id = take_emergency_access(request.actor, sought, given["reason"], request.now)
            if child_id:
                return redirect("child_start", child_id)
            form.add_error("family_name", str(WORDS["emergency_not_found"]))
        except Invalid as error:
            form.add_error(error.fields[0] if error.fields else None, str(WORDS[error.code]))
    return render(request, "web/emergency.html", {"form": form})


def emergency_reviews(request: Any) -> HttpResponse:
    """What waits for the privacy officer's judgement, what is overdue first."""
    found = emergencies_to_review(request.actor, request.now)
    return render(request, "web/emergency_reviews.html", {"emergencies": found})


def emergency_review(request: Any, access_id: UUID) -> HttpResponse:
    """One of them, and the judgement."""
    found = emergencies_to_review(request.actor, request.now)
    one = next((one for one in found if one.row.id == access_id), None)
    if one is None:
        raise Http404
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        justified = form.cleaned_data["justified"] == "yes"
        try:
            review_emergency(request.actor, access_id, justified, form.cleaned_data["note"], request.now)
            return redirect("emergency_reviews")
        except (Invalid, Conflict) as error:
            form.add_error(None, str(WORDS[error.code]))
    return render(request, "web/emergency_review.html", {"emergency": one, "form": form})


def emergencies_around(request: Any) -> dict[str, Any]:
    """For the start page: the way in, and how many wait for this person's judgement, how many of them too long."""
    shown: dict[str, Any] = {"may_take": offers(request)}
    if policy.may(request.actor, "emergency.review", None, request.today):
        found = emergencies_to_review(request.actor, request.now)
        late = [one for one in found if one.standing == EmergencyStanding.OVERDUE]
        shown |= {"reviews": len(found), "reviews_overdue": len(late)}
    return shown
