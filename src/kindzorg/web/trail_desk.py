"""The desk of the privacy officer: questions that wait, and the seal to keep elsewhere."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from kindzorg.access import policy
from kindzorg.audit.actions import give_seal
from kindzorg.audit.queries import (
    guarded_by,
    newest_seal,
    questions_to,
    seal_numbered,
    waiting_to_be_sealed,
)
from kindzorg.notices.actions import mail_seal
from kindzorg.web.trail_forms import KeptForm


def trail_desk(request: Any) -> HttpResponse:
    """What waits, the newest seal, and whether a seal that was kept still fits."""
    policy.require(request.actor, "trail.answer", None, request.today)
    context = {
        "waiting": questions_to(request.actor, request.today),
        "answered": questions_to(request.actor, request.today, answered=True),
        "seal": newest_seal(request.actor, request.today),
        "unsealed": waiting_to_be_sealed(request.actor, request.today),
        "mailed": request.GET.get("mailed"),
        **_held(request),
    }
    return render(request, "web/trail_desk.html", context)


def _held(request: Any) -> dict[str, Any]:
    """Whether a seal that was kept elsewhere is the one that stands here."""
    form = KeptForm(request.GET if "kept" in request.GET else None)
    if not form.is_valid():
        return {"form": form}
    number, digest = form.cleaned_data["kept"]
    seal = seal_numbered(request.actor, number, request.today)
    return {"form": form, "fits": "yes" if seal and seal.digest == digest else "no"}


@require_POST
def trail_seal_mail(request: Any) -> HttpResponse:
    """Mail the newest seal to the officer who asks."""
    seal = give_seal(request.actor, request.now)
    house = min(guarded_by(request.actor, request.today), default=None)
    sent = mail_seal(request.actor, seal, {request.actor.id: house}, request.now) if seal and house else 0
    return redirect(f"{reverse('trail_desk')}?mailed={'yes' if sent else 'no'}")


def trail_seal_paper(request: Any) -> HttpResponse:
    """The newest seal on paper, to be kept outside this database."""
    seal = give_seal(request.actor, request.now)
    if seal is None:
        return redirect("trail_desk")
    return render(request, "web/trail_seal.html", {"seal": seal, "source": settings.KINDZORG_SOURCE})
