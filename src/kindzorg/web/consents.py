"""Who may see what: each party in plain words, what is open to it, by whom and until when, one tap to change."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from kindzorg.access import policy
from kindzorg.careteam.consents.actions import ask_consent, decide_consent, record_consent
from kindzorg.careteam.consents.queries import PartyStanding, family_for, parties_for, party_by_id
from kindzorg.careteam.consents.rules import Decision
from kindzorg.careteam.emergencies.queries import emergencies_for
from kindzorg.careteam.queries import OpenedChild, open_child
from kindzorg.core.errors import Invalid
from kindzorg.core.texts import text
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.journey.views import child_frame
from kindzorg.web.consent_forms import DOMAINS, WORDS, NoForm, RecordForm, YesForm
from kindzorg.web.roles import role_name


def sharing(request: Any, child_id: UUID) -> HttpResponse:
    """Everybody who looks along or may, with what is open to them."""
    opened = open_child(request.actor, child_id, "consent.read", "consent.read", request.now)
    found = parties_for(request.actor, opened.subject, request.today)
    emergencies = emergencies_for(request.actor, opened.subject, request.now)
    context = {
        **child_frame(request, opened, "sharing"),
        "parties": [party_shown(one, request.today) for one in found],
        "emergencies": emergencies,
        "say": _say(opened),
        "may_wish": policy.may(request.actor, "wish.read", opened.subject, request.today),
        **_may(request, opened),
        **_research(request, opened),
    }
    return render(request, "web/sharing.html", context)


def sharing_party(request: Any, child_id: UUID, party_id: UUID) -> HttpResponse:
    """One party: how it stands, and the way to a yes or a no."""
    opened, party = _party(request, child_id, party_id, "consent.read")
    context = {**_frame(request, opened, party), "form": YesForm(initial=_initial(party, request.today))}
    return render(request, "web/sharing_party.html", context)


def sharing_yes(request: Any, child_id: UUID, party_id: UUID) -> HttpResponse:
    """Saying yes: first the answers to check, then kept."""
    opened, party = _party(request, child_id, party_id, "consent.decide")
    form = YesForm(request.POST or None, initial=_initial(party, request.today))
    if request.method != "POST" or not form.is_valid():
        return render(request, "web/sharing_yes.html", {**_frame(request, opened, party), "form": form})
    if "sure" not in request.POST:
        return _check(request, opened, party, form)
    return _decide(request, opened, party, form, form.decision())


def sharing_no(request: Any, child_id: UUID, party_id: UUID) -> HttpResponse:
    """Saying no, or taking a yes back: one page, one button."""
    opened, party = _party(request, child_id, party_id, "consent.decide")
    form = NoForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _decide(request, opened, party, form, form.decision())
    return render(request, "web/sharing_no.html", {**_frame(request, opened, party), "form": form})


def sharing_done(request: Any, child_id: UUID, party_id: UUID) -> HttpResponse:
    """What was agreed, said back, and what happens now."""
    opened, party = _party(request, child_id, party_id, "consent.read")
    return render(request, "web/sharing_done.html", _frame(request, opened, party))


def sharing_record(request: Any, child_id: UUID, party_id: UUID) -> HttpResponse:
    """A professional writes down what was said."""
    opened, party = _party(request, child_id, party_id, "consent.record")
    people = family_for(request.actor, opened.subject, request.today)
    form = RecordForm(request.POST or None, people=people.people, initial=_initial(party, request.today))
    if request.method == "POST" and form.is_valid():
        try:
            record_consent(
                request.actor, opened.subject, party.ref, form.decision(), form.told(), request.now
            )
            return redirect("sharing", child_id)
        except Invalid as error:
            form.add_error(None, str(WORDS[error.code]))
    return render(request, "web/sharing_record.html", {**_frame(request, opened, party), "form": form})


def sharing_ask(request: Any, child_id: UUID, party_id: UUID) -> HttpResponse:
    """A professional asks the family; it finds the question under what waits for it."""
    opened, party = _party(request, child_id, party_id, "consent.record")
    form = YesForm(request.POST or None, initial=_initial(party, request.today))
    if request.method == "POST" and form.is_valid():
        try:
            ask_consent(request.actor, opened.subject, party.ref, form.decision(), request.now)
            return redirect("sharing_done", child_id, party_id)
        except Invalid as error:
            form.add_error(None, str(WORDS[error.code]))
    return render(request, "web/sharing_ask.html", {**_frame(request, opened, party), "form": form})


def _decide(
    request: Any, opened: OpenedChild, party: PartyStanding, form: Any, decision: Decision
) -> HttpResponse:
    try:
        decide_consent(request.actor, opened.subject, party.ref, decision, request.now)
        return redirect("sharing_done", opened.child.id, party.ref.id)
    except Invalid as error:
        form.add_error(None, str(WORDS[error.code]))
    page = "web/sharing_yes.html" if decision.yes else "web/sharing_no.html"
    return render(request, page, {**_frame(request, opened, party), "form": form})


def _check(request: Any, opened: OpenedChild, party: PartyStanding, form: YesForm) -> HttpResponse:
    names = dict(DOMAINS)
    decision = form.decision()
    context = {
        **_frame(request, opened, party),
        "form": form,
        "chosen": [names[one] for one in LifeDomain if one in decision.domains],
        "values": [str(one) for one in LifeDomain if one in decision.domains],
        "until": decision.until,
    }
    return render(request, "web/sharing_check.html", context)


def _party(
    request: Any, child_id: UUID, party_id: UUID, permission: str
) -> tuple[OpenedChild, PartyStanding]:
    opened = open_child(request.actor, child_id, permission, "consent.read", request.now)
    return opened, party_by_id(request.actor, opened.subject, party_id, request.today)


def _say(opened: OpenedChild) -> Mapping[str, str]:
    language = (get_language() or "nl")[:2]
    words = (
        *("title", "lead", "own", "nobody", "owner", "differ", "awaited", "done", "no_lead", "emergency"),
        "wishes",
    )
    return {key: text(f"web.sharing.{key}", opened.audience, language) for key in words}


def _research(request: Any, opened: OpenedChild) -> dict[str, Any]:
    """The way to the page on research, for who may say no there."""
    if not policy.could(request.actor, "research.object", opened.subject, request.today):
        return {}
    language = (get_language() or "nl")[:2]
    keys = ("link", "link_lead")
    return {"research": {key: text(f"keeping.research.{key}", opened.audience, language) for key in keys}}


def _may(request: Any, opened: OpenedChild) -> dict[str, bool]:
    names = {"decide": "consent.decide", "record": "consent.record", "copy": "copy.take"}
    return {
        f"may_{name}": policy.could(request.actor, one, opened.subject, request.today)
        for name, one in names.items()
    }


def _frame(request: Any, opened: OpenedChild, party: PartyStanding) -> dict[str, Any]:
    return {
        **child_frame(request, opened, "sharing"),
        "party": party_shown(party, request.today),
        "say": _say(opened),
        **_may(request, opened),
    }


def _initial(party: PartyStanding, on: date) -> dict[str, Any]:
    """What was asked for; else what is open; else everything."""
    found = party.asked_for or party.open_on(on) or frozenset(LifeDomain)
    return {"domains": [str(one) for one in found], "until": party.request and party.request.until}


def _word(party: PartyStanding, on: date) -> str:
    """Where it stands, in one word. A school with a whole yes still reads its own part only: "own"."""
    standing = party.standing_on(on)
    return "own" if standing == "open" and _own_part(party) else standing


def _own_part(party: PartyStanding) -> bool:
    return not any((one.role, "plan.read") in policy.matrix() for one in party.members)


def party_shown(party: PartyStanding, on: date) -> dict[str, Any]:
    """A party as the page shows it."""
    is_open = party.open_on(on)
    last = party.decisions[-1] if party.decisions else None
    ends = {end for one, end in party.seen.items() if one in is_open and end}
    return {
        "id": party.ref.id,
        "name": party.name,
        "roles": sorted({role_name(one.role) for one in party.members}),
        "domains": [{"word": one, "name": name, "open": one in is_open} for one, name in DOMAINS],
        "standing": _word(party, on),
        "own_part": _own_part(party),
        "until": min(ends) if ends else None,
        "last": last,
        "by": last and last.decided_by,
        "recorded_by": last and last.recorded_by,
        "awaits": [one.name for one in party.awaits],
        "asked_by": party.request.asked_by if party.request and party.awaits else "",
        "differ": party.differ,
        "closable": party.closable,
        "mine": party.mine,
        "may_speak": party.may_speak,
        "people": [party_shown(one, on) for one in party.people],
    }
