"""The people around a child: who, for what, until when, how fast they answer. Also when something is wrong."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from kindzorg.access import policy
from kindzorg.careteam.invitations.queries import invitations_for, parts_for
from kindzorg.careteam.queries import OpenedChild, authority_holders, open_child, team_for
from kindzorg.careteam.spoken.rules import view_of
from kindzorg.core.texts import text
from kindzorg.core.vocabulary import Truth
from kindzorg.journey.interpreters import say as say_of_language
from kindzorg.journey.interpreters import spoken_words
from kindzorg.journey.views import child_frame
from kindzorg.people.rules import Relation
from kindzorg.web.authority_forms import say as say_of_authority
from kindzorg.web.responsibility_forms import say as say_of_responsibility
from kindzorg.web.roles import role_name

PARENTS = frozenset(
    {Relation.MOTHER, Relation.FATHER, Relation.STEP_PARENT, Relation.FOSTER_PARENT, Relation.GUARDIAN}
)


def child_team(request: Any, child_id: UUID) -> HttpResponse:
    """Everyone around the child."""
    opened = open_child(request.actor, child_id, "team.read", "team.read", request.now)
    holders = authority_holders(request.actor, opened.subject, request.today)
    people = [_with_authority(one, holders, opened) for one in people_of(request, opened)]
    may_change = policy.may(request.actor, "team.change", opened.subject, request.today)
    open_ones = invitations_for(request.actor, opened.subject, request.now) if may_change else []
    context = {
        **child_frame(request, opened, "child_team"),
        "may_change": policy.could(request.actor, "team.change", opened.subject, request.today),
        "may_assist": policy.could(request.actor, "family.assist", opened.subject, request.today),
        "invitations": [{"row": row, "state": state} for row, state in open_ones],
        "family_members": [person for person in people if person["family"]],
        "professionals": [person for person in people if not person["family"]],
        **_may_read(request, opened),
        "authority_title": say_of_authority("title", opened.audience),
        **_ways_on(opened.audience),
        "holders": [holder.relative.name for holder in holders],
    }
    return render(request, "web/team.html", context)


def _may_read(request: Any, opened: OpenedChild) -> dict[str, bool]:
    """Which pages beside this one are there for the reader."""
    pages = ("coach", "authority")
    return {
        f"may_{one}": policy.may(request.actor, f"{one}.read", opened.subject, request.today) for one in pages
    }


def _ways_on(audience: str) -> dict[str, str]:
    """The names of the pages that say more about the team."""
    language = (get_language() or "nl")[:2]
    return {
        "spoken_title": say_of_language("title", audience),
        "map_title": text("web.care_map.more", audience, language),
        "responsibility_title": say_of_responsibility("more", audience),
    }


def _with_authority(person: dict[str, Any], holders: Sequence[Any], opened: OpenedChild) -> dict[str, Any]:
    """Of a parent whether authority is recorded, how, and when somebody looked; shown to who may know that."""
    if person["relation"] not in PARENTS:
        return person
    held = next((one for one in holders if one.relative_id == person["relative_id"]), None)
    words = say_of_authority("standing_yes" if held else "standing_no", opened.audience)
    kind = say_of_authority(f"kind_{held.kind}", opened.audience) if held else ""
    standing = {"words": ", ".join(filter(None, (words, kind))), "held": held}
    return {**person, "authority": standing}


def child_help(request: Any, child_id: UUID) -> HttpResponse:
    """ "Er is iets aan de hand": whom to call now. Who may not see the team still reads when to call 112."""
    opened = open_child(request.actor, child_id, "child.open", "help.read", request.now)
    may = policy.may(request.actor, "team.read", opened.subject, request.today)
    people = people_of(request, opened) if may else []
    reachable = [person for person in people if person["phone"] and not person["family"]]
    return render(request, "web/help.html", {**child_frame(request, opened), "people": reachable})


def people_of(request: Any, opened: OpenedChild) -> list[dict[str, Any]]:
    """The team. The family's own numbers are for those who read the whole plan; others call the professionals."""
    whole = policy.may(request.actor, "plan.read", opened.subject, request.today)
    parts = {one.member.id: one for one in parts_for(request.actor, opened.subject, request.today)}
    may_change = policy.could(request.actor, "team.change", opened.subject, request.today)
    people = [
        _person(member)
        | _spoken(member, opened, request.actor.id, may_change)
        | {"may_end": parts[member.id].own or may_change, "own": parts[member.id].own}
        for member in team_for(request.actor, opened.subject, request.today)
    ]
    return [{**one, "phone": "" if one["family"] and not whole else one["phone"]} for one in people]


def _spoken(member: Any, opened: OpenedChild, actor_id: UUID, may_change: bool) -> dict[str, Any]:
    """Of one of the family which language, whether an interpreter is needed, and whether the reader may say so."""
    if member.relative is None:
        return {}
    known = spoken_words(view_of(member.relative), opened.audience)
    needed = member.relative.interpreter == Truth.YES
    may = may_change or member.relative.user_id == actor_id
    return {"spoken": known | {"needs": needed, "may": may}}


def _person(member: Any) -> dict[str, Any]:
    who = member.professional or member.relative or member.organisation
    organisation = member.professional.organisation if member.professional else member.organisation
    return {
        "id": member.id,
        "starts": member.starts,
        "relative_id": member.relative_id,
        "relation": member.relative.relation if member.relative else "",
        "through": member.through,
        "name": str(who),
        "role": " · ".join(filter(None, (role_name(member.role), member.task))),
        "organisation": organisation.name if organisation and member.professional else member.works_for,
        "until": member.until,
        "reply_time": member.reply_time or (organisation.reply_time if organisation else ""),
        "phone": getattr(who, "phone", "") or (organisation.phone if organisation else ""),
        "family": member.relative_id is not None,
        "leads": member.leads,
        "role_code": member.role,
        "role_name": role_name(member.role),
        "house": organisation.kind if organisation else "",
    }
