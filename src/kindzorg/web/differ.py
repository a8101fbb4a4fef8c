"""Where a family does not agree: about what, what holds meanwhile, who knows, who helps, and how to go on."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from kindzorg.access import policy
from kindzorg.careplan.queries import differing_version
from kindzorg.careteam.consents.queries import differences_for, guides_for
from kindzorg.careteam.queries import OpenedChild, open_child
from kindzorg.core.texts import text
from kindzorg.journey.views import child_frame
from kindzorg.web.roles import role_name

WORDS = (
    *(
        "title",
        "lead",
        "about",
        "plan",
        "sharing",
        "nothing",
        "meanwhile",
        "goes_on",
        "stays",
        "not_yet",
        "known",
    ),
    *("known_by", "helps", "nobody_helps", "ways", "talk", "support", "mediation", "court", "source"),
)


def child_differ(request: Any, child_id: UUID) -> HttpResponse:
    """The page: it says that there are two answers, and never whose is right."""
    opened = open_child(request.actor, child_id, "authority.read", "differ.read", request.now)
    about = (request.actor, opened.subject, request.today)
    reads_plan = policy.may(request.actor, "plan.read", opened.subject, request.today)
    parties = differences_for(request.actor, [opened.subject], request.today).get(child_id, ())
    context = {
        **child_frame(request, opened, "child_team"),
        "t": {key: say(key, opened) for key in WORDS},
        "version": differing_version(*about) if reads_plan else None,
        "parties": [{"id": party.id, "name": name} for party, name, _ in parties],
        "guides": [_guide(one) for one in guides_for(*about)],
    }
    return render(request, "web/differ.html", context)


def say(key: str, opened: OpenedChild) -> str:
    """A text of this page for this reader."""
    return text(f"web.differ.{key}", opened.audience, (get_language() or "nl")[:2])


def _guide(member: Any) -> dict[str, str]:
    who = member.professional or member.relative or member.organisation
    phone = getattr(who, "phone", "") or (member.organisation.phone if member.organisation else "")
    return {"name": str(who), "role": role_name(member.role), "phone": phone}
