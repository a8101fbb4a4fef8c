"""Pages of what is kept of a child."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kindzorg.access import policy
from kindzorg.audit.actions import write_reads
from kindzorg.careteam.queries import OpenedChild, child_for, open_child, opened_children
from kindzorg.core.errors import DomainError
from kindzorg.core.walls import keep_to
from kindzorg.journey.views import child_frame
from kindzorg.keeping import pages
from kindzorg.keeping.forms import WORDS, GoesOnForm, MergeForm, OtherForm, ReasonForm
from kindzorg.keeping.merging import actions, queries, rules
from kindzorg.keeping.merging.actions import NewMerge
from kindzorg.keeping.merging.queries import ComparedFile
from kindzorg.keeping.merging.rules import MergeReason
from kindzorg.ui.wording import add_to_form

# Who sees a whole organisation chooses among the first by name.
LOOKED_AT = 400


def _open(request: Any, child_id: UUID, event: str, permission: str) -> OpenedChild:
    return open_child(request.actor, child_id, permission, event, request.now)


def _page(request: Any, opened: OpenedChild, name: str, **context: Any) -> HttpResponse:
    return render(request, f"keeping/{name}.html", {**child_frame(request, opened), **context})


def files(request: Any, child_id: UUID) -> HttpResponse:
    """The files of this child: what was merged into it, and what may be another file of the same child."""
    keep_to(None)
    opened = _open(request, child_id, "files.read", "record.read")
    merges = queries.merges_for(request.actor, opened.subject, request.today)
    may_merge = policy.may(request.actor, "child.merge", opened.subject, request.today)
    mine = opened_children(request.actor, request.today, LOOKED_AT) if may_merge else []
    doubles = queries.doubles_for(request.actor, mine, request.today)
    others = pages.others_of(opened, doubles)
    earlier = [child_for(request.actor, one.row.absorbed_id, request.today) for one in merges if one.name]
    subjects = [one.subject for one, _ in others] + [one.subject for one in earlier]
    write_reads(request.actor, "child.listed", subjects, request.now)
    context = {
        "merges": [(one, rules.can_be_undone(one.row.created_at, request.now)) for one in merges],
        "may_merge": may_merge,
        "doubles": [(one.child, why) for one, why in others],
    }
    return _page(request, opened, "files", **context)


def choose(request: Any, child_id: UUID) -> HttpResponse:
    """Which of the children that the nurse looks after may be the same child?"""
    keep_to(None)
    opened = _open(request, child_id, "files.read", "child.merge")
    mine = opened_children(request.actor, request.today, LOOKED_AT)
    others = [one for one in mine if one.child.id != child_id]
    form = OtherForm(request.GET or None, choices=pages.children_choices(others))
    if form.is_valid():
        return redirect("file_compare", child_id, form.cleaned_data["other"])
    write_reads(request.actor, "child.listed", [one.subject for one in others], request.now)
    return _page(request, opened, "choose", form=form)


def _both(
    request: Any, child_id: UUID, other_id: UUID, event: str
) -> tuple[OpenedChild, ComparedFile, ComparedFile]:
    keep_to([child_id, other_id])
    opened = _open(request, child_id, event, "child.merge")
    other = _open(request, other_id, event, "child.merge")
    one, beside = (queries.compared_file(request.actor, each, request.today) for each in (opened, other))
    return opened, one, beside


def compare(request: Any, child_id: UUID, object_id: UUID) -> HttpResponse:
    """Two files beside one another: is it one child, and which file goes on?"""
    opened, one, other = _both(request, child_id, object_id, "files.compared")
    advice = rules.goes_on(one.state, other.state)
    form = GoesOnForm(
        request.POST or None,
        choices=pages.file_choices(one, other),
        initial={"goes_on": str(advice.child_id or "")},
    )
    if request.method == "POST" and form.is_valid():
        kept = form.cleaned_data["goes_on"]
        absorbed = next(str(each) for each in (child_id, object_id) if str(each) != kept)
        return redirect("file_merge", kept, absorbed)
    return _page(request, opened, "compare", form=form, **pages.compare_page(one, other, advice))


@require_POST
def two_children(request: Any, child_id: UUID, object_id: UUID) -> HttpResponse:
    """These are two children."""
    opened = _open(request, child_id, "files.compared", "child.merge")
    actions.keep_apart(request.actor, opened.subject, object_id, request.now)
    messages.success(request, _("Written down: these are two children. This is not asked again."))
    return redirect("files", child_id)


def merge(request: Any, child_id: UUID, object_id: UUID) -> HttpResponse:
    """The last look before two files become one: what stops, who comes along, and why it is one child."""
    opened, kept, absorbed = _both(request, child_id, object_id, "files.compared")
    people = pages.people_along(kept, absorbed)
    form = MergeForm(
        request.POST or None,
        reasons=pages.reasons(),
        people=people,
        initial={"along": [one for one, _ in people]},
    )
    if request.method == "POST" and form.is_valid() and _merged(request, opened, object_id, form):
        return redirect("files", child_id)
    context = {"other": absorbed.opened.child, "stops": pages.stops(absorbed)}
    return _page(request, opened, "merge", form=form, days=rules.UNDONE_WITHIN.days, **context)


def _merged(request: Any, opened: OpenedChild, absorbed_id: UUID, form: MergeForm) -> bool:
    values = form.cleaned_data
    along = tuple(map(UUID, values.get("along", ())))
    new = NewMerge(MergeReason(values["why"]), values["note"], along)
    try:
        actions.merge_files(request.actor, opened.subject, absorbed_id, new, request.now)
    except DomainError as error:
        add_to_form(form, error, WORDS)
        return False
    messages.success(request, _("The two files are one now. The other one can be read below."))
    return True


def undo(request: Any, child_id: UUID, object_id: UUID) -> HttpResponse:
    """Undo a merge."""
    opened = _open(request, child_id, "files.read", "child.merge")
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            actions.part_files(request.actor, opened.subject, object_id, reason, request.now)
            messages.success(request, _("The files stand apart again."))
            return redirect("files", child_id)
        except DomainError as error:
            add_to_form(form, error, WORDS)
    return _page(request, opened, "undo", form=form)
