"""Who answers for what in each life domain: the table on the screen and on paper, and writing it down."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from kindzorg.access import policy
from kindzorg.careteam.queries import OpenedChild, open_child
from kindzorg.careteam.responsibilities.actions import end_responsibility, set_responsibility
from kindzorg.careteam.responsibilities.queries import responsibilities_for, responsibility_for
from kindzorg.careteam.responsibilities.rules import DomainTable, ResponsibilityKind
from kindzorg.core.errors import Conflict, Invalid, Missing
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.journey.views import child_frame
from kindzorg.ui.wording import add_to_form
from kindzorg.web.responsibility_forms import AnswersForm, LineForm, errors_for, say
from kindzorg.web.team import people_of

WORDS = (
    *("title", "lead", "answers", "for_what", "reach", "who", "what", "how", "lines", "written", "assumed"),
    *("nobody", "left", "choose", "change", "add_line", "end", "end_lead", "save", "no_lines", "more"),
    *("back_to_team", "call_112"),
)


def responsibilities(request: Any, child_id: UUID) -> HttpResponse:
    """The whole table, per life domain."""
    opened = open_child(request.actor, child_id, "team.read", "team.read", request.now)
    tables = tables_of(request, opened)
    may_change = policy.could(request.actor, "team.change", opened.subject, request.today)
    return _page(request, opened, "responsibilities", tables=tables, may_change=may_change)


def tables_of(request: Any, opened: OpenedChild) -> list[dict[str, Any]]:
    """Per life domain who answers for it, with how that person is reached, and the lines."""
    people = {one["id"]: one for one in people_of(request, opened)}
    found = responsibilities_for(request.actor, opened.subject, request.today)
    return [_table(one, people, opened.audience) for one in found]


def _table(table: DomainTable, people: dict[UUID, dict[str, Any]], audience: str) -> dict[str, Any]:
    answers = table.answers
    person = people.get((answers.member_id if answers else table.assumed) or UUID(int=0))
    return {
        "domain": str(table.domain),
        "answers": answers,
        "person": person,
        "reached": answers.how if answers and answers.how else "",
        "lacking": say(table.lacking, audience, name=answers.name if answers else "")
        if table.lacking
        else "",
        "assumed": say("assumed", audience) if table.assumed else "",
        "lines": table.lines,
    }


def responsibility_lead(request: Any, child_id: UUID, domain: str) -> HttpResponse:
    """Who answers for one domain."""
    opened, about = _opened(request, child_id, domain)
    table = next(one for one in tables_of(request, opened) if one["domain"] == about)
    people = people_of(request, opened)
    form = AnswersForm(request.POST or None, opened.audience, about, people, table)
    return _written(request, opened, form, say("choose", opened.audience))


def responsibility_new(request: Any, child_id: UUID, domain: str) -> HttpResponse:
    """One more line: who does what, and how."""
    opened, about = _opened(request, child_id, domain)
    form = LineForm(request.POST or None, opened.audience, about)
    return _written(request, opened, form, say("add_line", opened.audience))


def responsibility(request: Any, child_id: UUID, responsibility_id: UUID) -> HttpResponse:
    """A line is changed, or a row ends."""
    opened = open_child(request.actor, child_id, "team.change", "team.read", request.now)
    row = responsibility_for(request.actor, opened.subject, responsibility_id, request.today)
    if request.POST.get("step") == "end":
        end_responsibility(request.actor, opened.subject, row.id, request.now)
        return redirect("responsibilities", child_id)
    if row.kind == ResponsibilityKind.DOMAIN:
        return redirect("responsibility_lead", child_id, row.domain)
    form = LineForm(request.POST or None, opened.audience, row.domain, row)
    return _written(request, opened, form, say("change", opened.audience), row)


def _opened(request: Any, child_id: UUID, domain: str) -> tuple[OpenedChild, LifeDomain]:
    if domain not in set(LifeDomain):
        raise Http404
    opened = open_child(request.actor, child_id, "team.change", "team.read", request.now)
    policy.require(request.actor, "team.change", opened.subject, request.today, LifeDomain(domain))
    return opened, LifeDomain(domain)


def _written(request: Any, opened: OpenedChild, form: Any, title: str, row: Any = None) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            set_responsibility(request.actor, opened.subject, form.responsibility(), request.now)
            return redirect("responsibilities", opened.child.id)
        except Missing:
            raise Http404 from None
        except (Invalid, Conflict) as error:
            add_to_form(form, error, errors_for(error, opened.audience))
    return _page(request, opened, "responsibility_form", form=form, title=title, row=row)


def _page(request: Any, opened: OpenedChild, name: str, **context: Any) -> HttpResponse:
    words = {key: say(key, opened.audience, name="") for key in WORDS}
    frame = child_frame(request, opened, "child_team")
    return render(request, f"web/{name}.html", {**frame, "t": words, **context})
