"""Pages of phase 2: one question at a time, everybody's words beside one another, and the closing."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from kindzorg.access import policy
from kindzorg.careteam.marks import actions as marks
from kindzorg.careteam.queries import child_for
from kindzorg.core.destroyed import cleared
from kindzorg.core.errors import Conflict, DomainError, Invalid, Missing, Refused
from kindzorg.core.texts import text
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.journey.interpreters import interpreter_lines
from kindzorg.needs import actions, family, marking, pages, queries, seating, steps
from kindzorg.needs.closing import closing_page, profile_cards
from kindzorg.needs.forms import (
    WORDS,
    CarryingForm,
    CloseForm,
    FirstPassForm,
    SaidForm,
    SeatForm,
    TopicForm,
    WhoForm,
)
from kindzorg.needs.pages import Sitting, show, sit, sit_to_answer
from kindzorg.needs.rules import Respondent, Said, TopicAnswer, current
from kindzorg.needs.steps import PARTS, go_on, place
from kindzorg.needs.talk import pages as talk
from kindzorg.needs.wording import (
    carrying_rows,
    changes_page,
    check_rows,
    hub_rows,
    missing_names,
    points_of,
    reader_of,
    said_by_family,
    together_page,
)
from kindzorg.record.notes.pages import say
from kindzorg.record.queries import statements_beside
from kindzorg.ui.wording import add_to_form

# What happens after somebody gave their part.
THEN = ("read", "talk", "change")


def needs(request: Any, child_id: UUID) -> HttpResponse:
    """Phase 2 at a glance: the way to begin, the task list of the open scan, or what was handed over."""
    sitting = sit(request, child_id, "needs.read")
    if sitting.filled is None:
        return show(request, sitting, "begin", {})
    if sitting.filled.open:
        return show(request, sitting, "hub", _hub(request, sitting))
    return show(request, sitting, "overview", _overview(request, sitting))


def _hub(request: Any, sitting: Sitting) -> dict[str, Any]:
    subject, on = sitting.opened.subject, request.today
    holding = current(sitting.some.holding)
    context: dict[str, Any] = {
        "rows": hub_rows(sitting),
        "interpreters": interpreter_lines(request, sitting.opened, sitting.family),
        "said": said_by_family(sitting, only_own=pages.is_child(sitting)),
        "carrying": carrying_rows(holding.carrying, sitting.some, reader_of(sitting)),
        "may_close": policy.may(request.actor, "needs.close", subject, on),
        "missing": missing_names(sitting),
        "rescan": sitting.some.before is not None,
        **talk.tongues(request, sitting),
    }
    if sitting.voice:
        todo = steps.steps_of(sitting)
        context |= {
            "own": list(steps.own_cells(sitting).values()),
            "later": steps.later_of(sitting),
            "minutes": pages.minutes_words(sitting),
            "begun": any(step.done for step in todo),
            "done": all(step.done for step in todo),
            "links": steps.ways(sitting),
            "others": [] if sitting.typing else pages.others(sitting),
            **seating.hub_seat(request, sitting),
            **talk.hub_talk(request, sitting),
        }
    return context


def _overview(request: Any, sitting: Sitting) -> dict[str, Any]:
    subject, on = sitting.opened.subject, request.today
    context: dict[str, Any] = {"said": said_by_family(sitting), "child_line": family.child_line(sitting)}
    if policy.may(request.actor, "needs.read", subject, on):
        profile = queries.profile_for(request.actor, subject, on)
        context["cards"] = profile_cards(sitting, profile) if profile else []
    return context


@require_POST
def open_scan(request: Any, child_id: UUID) -> HttpResponse:
    """Begin a scan or a rescan. Who presses twice, or just after another, goes on in the one that is open."""
    opened = child_for(request.actor, child_id, request.today)
    with suppress(Conflict):
        actions.open_scan(request.actor, opened.subject, request.now)
    return redirect("needs_next", child_id)


def next_thing(request: Any, child_id: UUID) -> HttpResponse:
    """Straight to the first thing that is still open."""
    sitting, _ = sit_to_answer(request, child_id, event="")
    return redirect(steps.next_address(sitting))


def said(request: Any, child_id: UUID, part: str) -> HttpResponse:
    """The opening question, or what goes well."""
    if part not in PARTS:
        raise Missing("no_such_question", child_id=child_id)
    sitting, voice = sit_to_answer(request, child_id)
    given = getattr(sitting.mine, PARTS[part]) or getattr(sitting.earlier, PARTS[part], ())
    first = cleared({"words": given[0].words}) if given else None
    wording = {"part": part, "audience": sitting.audience, "language": pages.language()}
    form = talk.in_own_language(sitting, SaidForm(_posted(request), initial=first, **wording))
    if _skips(request) and given:
        return go_on(request, sitting, "said", part)
    if request.method == "POST" and (_skips(request) or form.is_valid()):
        words = "" if _skips(request) else form.cleaned_data["words"].strip()
        answer = Said(**voice.given(request.now), words=words)
        talk.keep_answer(request, sitting, PARTS[part], answer, form)
        return go_on(request, sitting, "said", part)
    context = {"form": form, "part": part, "who_reads": family.who_reads(sitting)}
    return show(request, sitting, "said", {**context, **place(sitting, "said", part)})


def _skips(request: Any) -> bool:
    return request.method == "POST" and "skip" in request.POST


def _posted(request: Any) -> Any:
    """What was sent, also when it was nothing; None where nothing was sent or the question was passed on."""
    return request.POST if request.method == "POST" and not _skips(request) else None


def _domain(child_id: UUID, word: str) -> LifeDomain:
    try:
        return LifeDomain(word)
    except ValueError:
        raise Missing("no_such_domain", child_id=child_id) from None


def first_pass(request: Any, child_id: UUID, domain: str) -> HttpResponse:
    """One question per domain: which topics to talk about."""
    sitting, voice = sit_to_answer(request, child_id)
    if _skips(request):
        return go_on(request, sitting, "first", domain)
    form = _first_pass_form(request, sitting, _domain(child_id, domain))
    if request.method == "POST" and form.is_valid():
        try:
            answer = form.answer(voice, request.now)
            actions.give_first_pass(request.actor, sitting.opened.subject, answer, request.now)
            return go_on(request, sitting, "first", domain)
        except DomainError as error:
            _word(form, error)
    return show(request, sitting, "first_pass", {"form": form, **place(sitting, "first", domain)})


def _word(form: Any, error: DomainError) -> None:
    """Put the error in words at its field. A refusal is not for the form: it becomes "not found"."""
    if isinstance(error, Refused | Missing):
        raise error
    add_to_form(form, error, WORDS)


def _first_pass_form(request: Any, sitting: Sitting, domain: LifeDomain) -> FirstPassForm:
    known = (*(sitting.earlier.first_pass if sitting.earlier else ()), *sitting.mine.first_pass)
    given = next((one for one in reversed(known) if one.domain is domain), None)
    topics = steps.asked(sitting, domain)
    return FirstPassForm(
        _posted(request),
        domain=domain,
        topics=topics,
        audience=sitting.audience,
        language=pages.language(),
        hints=sitting.way.telling,
        initial={"topics": given.topics, "nothing_needed": given.nothing_needed} if given else None,
    )


def topic(request: Any, child_id: UUID, topic: str) -> HttpResponse:
    """The short form of one topic."""
    sitting, voice = sit_to_answer(request, child_id)
    asked = sitting.scan.topic(topic)
    if asked.nurse_first and pages.is_child(sitting) and not sitting.nurse_first:
        raise Missing("not_asked_here", child_id=child_id)
    form = talk.in_own_language(sitting, _topic_form(request, sitting, topic))
    note = talk.note_form(request, sitting, asked)
    if request.method == "POST" and (_skips(request) or form.is_valid()):
        try:
            answer = _topic_answer(request, form, voice, topic)
            talk.keep_answer(request, sitting, "topics", answer, form)
            talk.keep_note(request, sitting, asked, note)
            return go_on(request, sitting, "topic", topic)
        except DomainError as error:
            _word(form, error)
    context = {"form": form, "note": note, "who_reads": family.who_reads(sitting, asked.for_whom)}
    return show(request, sitting, "topic", {**context, **steps.topic_page(sitting, asked)})


def _topic_answer(request: Any, form: TopicForm, voice: queries.Voice, topic: str) -> TopicAnswer:
    if _skips(request):
        return TopicAnswer(**voice.given(request.now), topic=topic, skipped=True)
    return form.answer(voice, request.now, topic)


def _topic_form(request: Any, sitting: Sitting, topic: str) -> TopicForm:
    respondent = sitting.voice.respondent if sitting.voice else Respondent.NURSE
    return TopicForm(
        _posted(request),
        asked=sitting.scan.form(respondent),
        respondent=respondent,
        language=pages.language(),
        way=sitting.way,
        nurse_first=sitting.nurse_first,
        initial=cleared(steps.topic_initial(sitting, topic)),
    )


def seat(request: Any, child_id: UUID) -> HttpResponse:
    """In which form the child answers, and who sits beside it."""
    opened = sit(request, child_id, "needs.question_read")
    page = seating.seat_page(request, opened)
    form = SeatForm(_posted(request), **page["wording"])
    if request.method == "POST" and form.is_valid():
        actions.take_seat(
            request.actor, opened.opened.subject, form.seat(page["voice"], request.now), request.now
        )
        return redirect(page["on_url"])
    return show(request, opened, "seat", {"form": form, **page})


def who(request: Any, child_id: UUID, domain: str) -> HttpResponse:
    """After a part: what the child said in it, and who may see that."""
    sitting, voice = sit_to_answer(request, child_id)
    page = seating.who_page(request, sitting, _domain(child_id, domain))
    answers = page["answers"] if sitting.nurse_first else []
    form = WhoForm(_posted(request), answers=answers, language=pages.language())
    if request.method == "POST" and form.is_valid():
        for answer in form.changed(answers, voice, request.now):
            actions.answer_topic(request.actor, sitting.opened.subject, answer, request.now)
        return redirect(page["on_url"])
    return show(request, sitting, "who", {"form": form, **page, **seating.who_rows(sitting, page, form)})


@require_POST
def take_back(request: Any, child_id: UUID, topic: str) -> HttpResponse:
    """Undo one's last answer on a topic."""
    sitting, voice = sit_to_answer(request, child_id)
    actions.take_back_topic(request.actor, sitting.opened.subject, topic, request.now, voice.person_id)
    return redirect(pages.address(sitting, "topic", topic))


def carrying(request: Any, child_id: UUID) -> HttpResponse:
    """Of whom to tell how much rests on them; a child is asked of itself only."""
    sitting, voice = sit_to_answer(request, child_id)
    if voice.respondent is Respondent.CHILD:
        return redirect(pages.address(sitting, "carrying_of", "child"))
    context = {"members": family.members(sitting), **place(sitting, "carrying")}
    return show(request, sitting, "carrying", context)


def carrying_of(request: Any, child_id: UUID, who: str) -> HttpResponse:
    """Load and carrying power of one family member."""
    sitting, voice = sit_to_answer(request, child_id)
    about = family.member_of(sitting, who, request.GET.get("name", ""))
    form = CarryingForm(_posted(request), **family.carrying_wording(sitting, about))
    talk.in_own_language(sitting, form)
    if request.method == "POST" and ("skip" in request.POST or form.is_valid()):
        try:
            if "skip" not in request.POST:
                answer = form.answer(voice, request.now, about)
                talk.keep_answer(request, sitting, "carrying", answer, form)
            return redirect(family.after_carrying(sitting))
        except DomainError as error:
            _word(form, error)
    context = {"form": form, "about": about, "who_reads": family.who_reads(sitting)}
    return show(request, sitting, "carrying_of", {**context, **place(sitting, "carrying")})


def check(request: Any, child_id: UUID) -> HttpResponse:
    """Check your answers."""
    sitting = sit(request, child_id, "needs.answers_read")
    if sitting.voice is None:
        raise Missing("no_own_answers", child_id=child_id)
    rows = {"rows": check_rows(sitting), "points": points_of(sitting)}
    return show(request, sitting, "check", {**rows, "later": steps.later_of(sitting)})


def thanks(request: Any, child_id: UUID) -> HttpResponse:
    """One's part is given; what happens next."""
    sitting, _ = sit_to_answer(request, child_id)
    texts = [text(f"needs.pages.thanks_next_{key}", sitting.audience, pages.language()) for key in THEN]
    return show(request, sitting, "thanks", {"may_close": _may_close(request, sitting), "next": texts})


def _may_close(request: Any, sitting: Sitting) -> bool:
    return policy.may(request.actor, "needs.close", sitting.opened.subject, request.today)


def together(request: Any, child_id: UUID, domain: str, topic: str = "") -> HttpResponse:
    """The words of child, parents and nurse beside one another."""
    sitting = sit(request, child_id, "needs.together_read")
    context = together_page(sitting, _domain(child_id, domain), topic)
    about = (request.actor, sitting.opened.subject, "needs.read", request.today)
    context["beside"] = statements_beside(*about)
    context |= talk.tongues(request, sitting)
    return show(request, sitting, "together", {**context, "child_line": family.child_line(sitting)})


def changes(request: Any, child_id: UUID) -> HttpResponse:
    """What this scan changed since the last one."""
    sitting = sit(request, child_id, "needs.changes_read")
    return show(request, sitting, "changes", changes_page(sitting))


def readers(request: Any, child_id: UUID) -> HttpResponse:
    """Who reads which answer, and the marks on them."""
    marking.marks_own(request, child_for(request.actor, child_id, request.today).subject)
    sitting = sit(request, child_id, "needs.answers_read")
    return show(request, sitting, "readers", marking.readers_page(request, sitting))


def keep(request: Any, child_id: UUID, key: UUID) -> HttpResponse:
    """For whom one answer is not."""
    marking.marks_own(request, child_for(request.actor, child_id, request.today).subject)
    sitting = sit(request, child_id, "needs.answers_read")
    page = marking.keep_page(request, sitting, key)
    if request.method == "POST" and marking.kept(request, sitting, key, page):
        return redirect("needs_readers", child_id)
    return show(request, sitting, "keep", page)


@require_POST
def mark_step(request: Any, child_id: UUID, mark_id: UUID, what: str) -> HttpResponse:
    """Confirm a mark on an answer as the second one, or take it away."""
    opened = child_for(request.actor, child_id, request.today)
    own = marking.marks_own(request, opened.subject)
    step = {"confirm": marks.confirm_mark, "lift": marks.lift_own if own else marks.lift_mark}.get(what)
    if step is None:
        raise Missing("no_such_step", child_id=child_id)
    try:
        step(request.actor, opened.subject, mark_id, request.now)
    except Invalid as error:
        sitting = sit(request, child_id, "needs.answers_read")
        page = marking.readers_page(request, sitting)
        return show(request, sitting, "readers", {**page, "problem": say(error.code, opened.audience)})
    return redirect("needs_readers", child_id)


def close(request: Any, child_id: UUID) -> HttpResponse:
    """What is missing, and the closing."""
    sitting = sit(request, child_id, "needs.closing_read")
    policy.require(request.actor, "needs.close", sitting.opened.subject, request.today)
    if not sitting.some.open:
        return redirect("needs", child_id)
    form = CloseForm(_posted(request))
    if request.method == "POST":
        try:
            actions.close_scan(request.actor, sitting.opened.subject, request.now)
            return redirect("needs_closed", child_id)
        except DomainError as error:
            _word(form, error)
    return show(request, sitting, "close", {"form": form, **closing_page(sitting)})


def closed(request: Any, child_id: UUID) -> HttpResponse:
    """The scan is closed; what happens next."""
    sitting = sit(request, child_id, "needs.read")
    if sitting.some.open:
        return redirect("needs", child_id)
    following = text("needs.closing.next", sitting.opened.audience, pages.language())
    return show(request, sitting, "closed", {"next": [following], "plan_url": pages.plan_address(sitting)})
