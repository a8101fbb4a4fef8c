"""What somebody was told, in the app: newest first, about children and things that are open to the reader today."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from kindzorg.access import policy
from kindzorg.audit.actions import write_reads
from kindzorg.careteam.queries import OpenedChild, child_for, opened_children
from kindzorg.core.texts import MissingText, text
from kindzorg.notices.actions import mark_read
from kindzorg.notices.queries import notice_for, notices_for
from kindzorg.notices.rules import State

# By the first word of the kind: the page of it, and what one must be allowed to read there.
PLACES = {
    "coach": ("coaching", ("coach.read",)),
    "consent": ("sharing", ("consent.read",)),
    "annex": ("annex", ("annex.read",)),
    "card": ("child_card", ("record.read",)),
    "emergency": ("sharing", ("consent.read",)),
    "parents": ("child_differ", ("authority.read",)),
    "plan": ("plan", ("plan.read",)),
    "agreement": ("plan", ("plan.read", "plan.read_part")),
    "indication": ("referral", ("referral.read",)),
    "binding": ("bindings", ("binding.read", "binding.answer")),
    "proposal": ("plan_proposals", ("plan.read", "plan.read_part")),
    "meeting": ("meetings", ("meeting.read", "meeting.read_part")),
    "review": ("reviews", ("review.read", "review.read_part")),
    "strain": ("strain", ("strain.settle",)),
    "birthday": ("child_birthday", ("child.open",)),
    "cover": ("week", ("schedule.read", "schedule.read_part")),
    "hours": ("week", ("schedule.read",)),
    "howto": ("howtos", ("howto.read", "learning.say")),
    "competence": ("learning", ("competence.read", "learning.say")),
    "learning": ("learning", ("competence.read", "learning.say")),
    "files": ("files", ("record.read",)),
    "request": ("requests", ("request.make", "request.decide", "request.read_unseen")),
}
OTHER = ("child_start", ("child.open",))
QUESTION = "trail_question"


@require_safe
def notices(request: Any) -> HttpResponse:
    """The page."""
    told = notices_for(request.actor, request.today)
    about = {one.child_id for one in told if one.child_id}
    opened = opened_children(request.actor, request.today, among=about) if about else ()
    around = {one.child.id: one for one in opened}
    shown = [
        _shown(one, around[one.child_id])
        for one in told
        if one.child_id in around and _address(request, one, around[one.child_id])
    ]
    seen = {one["child"].id for one in shown}
    subjects = [one.subject for one in opened if one.child.id in seen]
    write_reads(request.actor, "child.listed", subjects, request.now)
    return render(request, "web/notices.html", {"notices": shown})


def _shown(notice: Any, opened: OpenedChild) -> dict[str, Any]:
    return {
        "notice": notice,
        "child": opened.child,
        "words": words_for(notice.kind, opened),
        "unread": notice.state == State.DELIVERED,
    }


@require_POST
def notice_open(request: Any, notice_id: UUID) -> HttpResponse:
    """Read it: to the page that it is about, once it is marked."""
    notice: Any = notice_for(request.actor, notice_id, request.today)
    opened = child_for(request.actor, notice.child_id, request.today)
    mark_read(request.actor, opened.subject, notice_id, request.now)
    return redirect(_address(request, notice, opened) or reverse("notices"))


def words_for(kind: str, opened: OpenedChild) -> str:
    """What it is, in the words of who reads it."""
    language = (get_language() or "nl")[:2]
    for key in (kind.replace(".", "_"), kind.partition("_")[0], "other"):
        try:
            return text(f"web.notices.{key}", opened.audience, language)
        except MissingText:
            continue
    raise MissingText(kind)


def _address(request: Any, notice: Any, opened: OpenedChild) -> str:
    """The page that it is about; empty where that is not open to the reader now."""
    if notice.kind == QUESTION:
        return _question(request, notice, opened)
    page, needed = PLACES.get(notice.kind.replace(".", "_").partition("_")[0], OTHER)
    # The palliative annex can be about anything: it opens for who sees every life domain.
    asked = policy.sees_all if page == "annex" else policy.may
    may = any(asked(request.actor, one, opened.subject, request.today) for one in needed)
    return reverse(page, args=[opened.child.id]) if may else ""


def _question(request: Any, notice: Any, opened: OpenedChild) -> str:
    """The question itself: for who asked it, and for who answers."""
    if policy.may(request.actor, "trail.answer", None, request.today):
        return reverse("trail_question", args=[notice.object_id])
    asks = policy.may(request.actor, "trail.ask", opened.subject, request.today)
    return reverse("child_trail_question", args=[opened.child.id, notice.object_id]) if asks else ""
