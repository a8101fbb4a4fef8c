"""Pages of the palliative annex: whether it begins, its parts, the treatment agreements, who reads along, on paper."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from kindzorg.access import policy
from kindzorg.careplan.annex import actions, pages, queries, rules
from kindzorg.careplan.annex.forms import (
    AnnexPieceForm,
    ChoicesForm,
    TalkForm,
    TreatmentAnswerForm,
    TreatmentForm,
    TreatmentHeardForm,
)
from kindzorg.careplan.annex.queries import AnnexRead
from kindzorg.careplan.annex.rules import (
    PARTS,
    AnnexTopic,
    AnnexVoice,
    TreatmentChoice,
    TreatmentKind,
    TreatmentView,
)
from kindzorg.careplan.wording import Say
from kindzorg.careteam.queries import OpenedChild, child_for, open_child
from kindzorg.careteam.rules import annex_key
from kindzorg.core.errors import Conflict, DomainError, Invalid, Refused
from kindzorg.journey.views import child_frame
from kindzorg.ui.pdf import make_pdf
from kindzorg.ui.wording import add_to_form


def _read(request: Any, child_id: UUID, event: str) -> tuple[OpenedChild, AnnexRead]:
    """Who may not read it finds nothing here, as where there is none."""
    opened = child_for(request.actor, child_id, request.today)
    found = queries.annex_for(request.actor, opened.subject, request.today)
    key = annex_key(child_id)
    open_child(request.actor, child_id, found.permission, f"annex.{event}", request.now, about_id=key)
    return opened, found


def _to_do(request: Any, child_id: UUID, need: str) -> tuple[OpenedChild, AnnexRead, dict[str, bool]]:
    """For a page on which something is done: it is not there for who may not do it now."""
    opened, found = _read(request, child_id, "form_read")
    may = pages.allowed(request, opened, found)
    if not may[need]:
        raise Refused("refused", permission="annex.write", child_id=child_id)
    return opened, found, may


def _page(request: Any, opened: OpenedChild, name: str, **context: Any) -> HttpResponse:
    frame = {**child_frame(request, opened, "plan"), "t": Say(opened.audience, "annex")}
    return render(request, f"careplan/annex/{name}.html", {**frame, **context})


def _typed(request: Any) -> Any:
    return request.POST if request.method == "POST" else None


def annex(request: Any, child_id: UUID) -> HttpResponse:
    """What it is and whether it begins; once it was begun, its parts."""
    opened, found = _read(request, child_id, "read")
    may, on = pages.allowed(request, opened, found), request.today
    context: dict[str, Any] = {"may": may, "standing": found.standing, "problem": ""}
    if not queries.alive(request.actor, opened.subject, on):
        context["over"] = pages.named("over", opened)
    wrote = found.standing.family is not None and found.standing.care is not None
    if wrote:
        given = (request.actor, opened.subject)
        topics = queries.pieces_for(*given, tuple(AnnexTopic), on)
        treatments = queries.treatments_for(*given, found.words, on)
        context |= pages.hub(opened, topics, treatments)
        context["rows"] = pages.treatment_rows(context.pop("spoken"), opened, on)
        context |= pages.talk_rows(queries.talks_for(*given, on), opened, on)
        context["choices"] = pages.choices_shown(opened, found, on)
    return _page(request, opened, "annex", wrote=wrote, **context)


@require_POST
def annex_begin(request: Any, child_id: UUID) -> HttpResponse:
    """Wanting it, or not (any more)."""
    opened = child_for(request.actor, child_id, request.today)
    yes = request.POST.get("answer") == "yes"
    actions.say_on_beginning(request.actor, opened.subject, yes, request.now)
    return redirect("annex", child_id)


def annex_part(request: Any, child_id: UUID, section: str) -> HttpResponse:
    """One part, with everybody's words beside each other."""
    which = pages.section_of(section)
    if which is None:
        raise Http404
    opened, found = _read(request, child_id, "part_read")
    writes = pages.allowed(request, opened, found)["write"]
    topics = queries.pieces_for(request.actor, opened.subject, PARTS[which], request.today)
    rows = pages.part_page(request, opened, topics, writes=writes)
    return _page(request, opened, "part", part=str(which), rows=rows)


def annex_write(request: Any, child_id: UUID, theme: str, voice: str) -> HttpResponse:
    """One topic in one voice; or passing it on for now."""
    about = pages.topic_of(theme)
    if about is None or voice not in set(AnnexVoice):
        raise Http404
    opened, _found, _may = _to_do(request, child_id, "write")
    spoken = AnnexVoice(voice)
    if spoken not in rules.voices_for(policy.role_for(request.actor, opened.subject, request.today), about):
        raise Http404
    return _said(request, opened, about, spoken)


def _said(request: Any, opened: OpenedChild, about: AnnexTopic, spoken: AnnexVoice) -> HttpResponse:
    newest = queries.piece_of(request.actor, opened.subject, about, spoken, request.today)
    form, theirs = AnnexPieceForm(_typed(request), pages.named(f"ask_{about}", opened), newest), None
    if form.is_bound and form.is_valid():
        try:
            actions.write_annex_piece(request.actor, opened.subject, form.piece(about, spoken), request.now)
            return redirect("annex_part", opened.child.id, rules.part_of(about))
        except Invalid as error:
            add_to_form(form, error, pages.errors_for(error, opened.audience))
        except Conflict as error:
            form, theirs = _again(form, error, opened), error.data
    context = {"voice": pages.named(f"voice_{spoken}", opened), "part": str(rules.part_of(about))}
    title = pages.named(f"topic_{about}", opened)
    return _page(request, opened, "write", form=form, theirs=theirs, title=title, **context)


def _again(form: AnnexPieceForm, error: DomainError, opened: OpenedChild) -> AnnexPieceForm:
    """What was typed, over what somebody else wrote meanwhile."""
    typed = QueryDict(mutable=True)
    typed.update({"words": form.cleaned_data["words"], "revision": str(error.data["revision"])})
    again = AnnexPieceForm(typed, str(form.fields["words"].label), None)
    again.is_valid()
    add_to_form(again, error, pages.errors_for(error, opened.audience))
    return again


def annex_treatments(request: Any, child_id: UUID) -> HttpResponse:
    """What was agreed of each kind of treatment, and who said what to it."""
    opened, found = _read(request, child_id, "treatments_read")
    rows = queries.treatments_for(request.actor, opened.subject, found.words, request.today)
    may = pages.allowed(request, opened, found)
    left = pages.kinds_left(rows, opened.audience) if may["treat"] else []
    mine = {one.agreement_id for one in found.words if one.by_id == request.actor.id}
    shown = pages.treatment_rows(rows, opened, request.today)
    return _page(request, opened, "treatments", rows=shown, may=may, left=left, mine=mine)


def annex_treatment_write(request: Any, child_id: UUID, treatment: str) -> HttpResponse:
    """Write one agreement, or write it anew."""
    if treatment not in set(TreatmentKind):
        raise Http404
    opened, found, _may = _to_do(request, child_id, "treat")
    rows = queries.treatments_for(request.actor, opened.subject, found.words, request.today)
    about = TreatmentKind(treatment)
    one = _one_of(rows, about, request.GET.get("entry", ""))
    return _agreed(request, opened, about, one)


def _agreed(
    request: Any, opened: OpenedChild, about: TreatmentKind, one: TreatmentView | None
) -> HttpResponse:
    form = TreatmentForm(_typed(request), opened.audience, (about, one), request.today)
    if form.is_bound and form.is_valid():
        try:
            actions.write_treatment(request.actor, opened.subject, form.treatment(), request.now)
            return redirect("annex_treatments", opened.child.id)
        except (Invalid, Conflict) as error:
            add_to_form(form, error, pages.errors_for(error, opened.audience))
            if isinstance(error, Conflict):
                form.data = {**request.POST.dict(), "revision": str(error.data["revision"])}
    words = Say(opened.audience, "annex")
    title = pages.treatment_title(one, words) if one else words[f"kind_{about}"]
    shown = pages.treatment_row(one, opened.audience, request.today) if one else None
    return _page(request, opened, "treatment_write", form=form, title=title, row=shown)


def _one_of(rows: tuple[TreatmentView, ...], kind: TreatmentKind, entry: str) -> TreatmentView | None:
    found = [one for one in rows if one.kind == kind]
    if kind == TreatmentKind.OTHER:
        found = [one for one in found if str(one.entry_id) == entry]
    return found[0] if found else None


def annex_treatment_answer(request: Any, child_id: UUID, treatment_id: UUID) -> HttpResponse:
    """Saying whether one agrees."""
    opened, one = _asked(request, child_id, treatment_id, "choose")
    form = TreatmentAnswerForm(_typed(request), opened.audience)
    if form.is_bound and form.is_valid():
        given = (request.actor, opened.subject, treatment_id, form.answered(), request.now)
        try:
            actions.answer_treatment(*given)
            return redirect("annex_treatments", child_id)
        except Invalid as error:
            add_to_form(form, error, pages.errors_for(error, opened.audience))
    row = pages.treatment_row(one, opened.audience, request.today)
    return _page(request, opened, "treatment_answer", form=form, row=row, heard=False)


def annex_treatment_hear(request: Any, child_id: UUID, treatment_id: UUID) -> HttpResponse:
    """Writing down what somebody who must agree said in a talk, by telephone or on paper."""
    opened, one = _asked(request, child_id, treatment_id, "hear")
    form = TreatmentHeardForm(_typed(request), opened.audience, one.asked, request.today)
    if form.is_bound and form.is_valid():
        given = (request.actor, opened.subject, treatment_id, form.answered(), request.now)
        try:
            actions.hear_treatment(*given)
            return redirect("annex_treatments", child_id)
        except Invalid as error:
            add_to_form(form, error, pages.errors_for(error, opened.audience))
    row = pages.treatment_row(one, opened.audience, request.today)
    return _page(request, opened, "treatment_answer", form=form, row=row, heard=True)


def _asked(request: Any, child_id: UUID, treatment_id: UUID, need: str) -> tuple[OpenedChild, TreatmentView]:
    opened, found, _may = _to_do(request, child_id, need)
    rows = queries.treatments_for(request.actor, opened.subject, found.words, request.today)
    one = next((one for one in rows if one.id == treatment_id), None)
    if one is None or one.choice == TreatmentChoice.NOT_SPOKEN:
        raise Http404
    return opened, one


def annex_choices(request: Any, child_id: UUID) -> HttpResponse:
    """Who reads along, and what may show on the emergency card."""
    opened, found, _may = _to_do(request, child_id, "choose")
    asked = pages.choices_asked(opened, request.today)
    own = pages.own_choices(found, request.actor.id)
    form = ChoicesForm(_typed(request), asked, own, Say(opened.audience, "annex"))
    if form.is_bound and form.is_valid():
        for question, yes in form.changed().items():
            actions.choose(request.actor, opened.subject, question, yes, request.now)
        return redirect("annex", child_id)
    shown = pages.choices_shown(opened, found, request.today)
    return _page(request, opened, "choices", form=form, choices=shown)


def annex_talk(request: Any, child_id: UUID) -> HttpResponse:
    """Writing down a talk, or when all is looked at anew."""
    opened, _found, _may = _to_do(request, child_id, "write")
    form = TalkForm(_typed(request), opened.audience)
    if form.is_bound and form.is_valid():
        try:
            actions.write_talk(request.actor, opened.subject, form.talk(), request.now)
            return redirect("annex", child_id)
        except Invalid as error:
            add_to_form(form, error, pages.errors_for(error, opened.audience))
    return _page(request, opened, "talk", form=form)


def annex_pdf(request: Any, child_id: UUID) -> HttpResponse:
    """All of it on paper, with who agreed when. That it was taken out stands in the trail."""
    opened, found = _read(request, child_id, "taken_out")
    given, on = (request.actor, opened.subject), request.today
    data = pages.annex_data(
        opened,
        queries.pieces_for(*given, tuple(AnnexTopic), on),
        queries.treatments_for(*given, found.words, on),
        queries.talks_for(*given, on),
        on,
    )
    return HttpResponse(make_pdf("careplan", "annex", data), content_type="application/pdf")
