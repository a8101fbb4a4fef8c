"""Proposals as the pages of the plan show them."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from kindzorg.careplan.proposals.rules import Drafted, ProposalState, ProposalView
from kindzorg.careplan.versions.rules import VersionStatus
from kindzorg.careplan.wording import Say, part_name
from kindzorg.careteam.queries import OpenedChild

TONES = {ProposalState.OPEN: "warning", ProposalState.ACCEPTED: "success", ProposalState.DECLINED: "alarm"}
IN_FORCE = (VersionStatus.IN_FORCE, VersionStatus.SUPERSEDED)


def proposal_row(one: ProposalView, opened: OpenedChild) -> dict[str, Any]:
    """A proposal in words: what it is about, who made it, where it stands and what became of it."""
    said = Say(opened.audience, "proposals")
    by = f"{one.by}, {one.organisation}" if one.organisation else one.by
    return {
        "view": one,
        "id": one.id,
        "title": f"{said[f'about_{one.kind}']}: {one.about}" if one.about else said[f"about_{one.kind}"],
        "by": said["for_whom"].format(whom=one.on_behalf_of, by=by) if one.on_behalf_of else by,
        "state": said[f"state_{one.state}"],
        "tone": TONES.get(one.state, "neutral"),
        "became": said[_became(one)] if one.state is ProposalState.ACCEPTED else "",
        "became_url": _became_url(one, opened),
        "url": reverse("plan_proposal", args=[opened.child.id, one.id]),
    }


def proposal_rows(found: Iterable[ProposalView], opened: OpenedChild) -> list[dict[str, Any]]:
    """The same for several: those that are open first."""
    return [proposal_row(one, opened) for one in sorted(found, key=lambda one: not one.open)]


def _became(one: ProposalView) -> str:
    status = one.landed.status if one.landed else VersionStatus.WITHDRAWN
    if status in IN_FORCE:
        return "became_in_force"
    return {
        VersionStatus.DRAFT: "became_draft",
        VersionStatus.WITHDRAWN: "became_withdrawn",
    }.get(status, "became_offered")


def _became_url(one: ProposalView, opened: OpenedChild) -> str:
    """The version in which it stands now, for who reads versions; none for a draft."""
    if one.landed is None or one.landed.status in (VersionStatus.DRAFT, VersionStatus.WITHDRAWN):
        return ""
    return reverse("plan_changes", args=[opened.child.id, one.landed.number])


def wording_rows(one: ProposalView, now: Drafted) -> list[dict[str, str]]:
    """Per part that the proposal words itself: how it reads now, and how it would read."""
    names = {"words": "what" if one.agreement_id else "words", "where": "where", "when": "when"}
    return [
        {"name": part_name(names[name]), "before": getattr(now, name), "after": words}
        for name in names
        if (words := getattr(one, name))
    ]


def begun(found: ProposalView | None, names: tuple[str, ...]) -> dict[str, str]:
    """What a form begins with where a proposal is worked out: its own wording, by the names of the fields."""
    if found is None:
        return {}
    said = {"words": found.words, "what": found.words, "where": found.where, "when": found.when}
    return {name: said[name] for name in names if said[name]}


def about_item(found: Iterable[ProposalView], opened: OpenedChild, query: str, may: bool) -> dict[str, Any]:
    """What the page of a goal or agreement shows of proposals, and the way to make one."""
    return {
        "proposals": proposal_rows(found, opened),
        "said": Say(opened.audience, "proposals"),
        "may_propose": may,
        "propose_query": query,
    }
