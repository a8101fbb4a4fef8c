"""Pages of phase 1: one question at a time, the outcome with reasons, and what professionals decide."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from kindzorg.access import policy
from kindzorg.careteam.queries import OpenedChild, child_for, open_child
from kindzorg.core.errors import DomainError, Invalid, Missing, Refused
from kindzorg.core.texts import text
from kindzorg.core.vocabulary import Truth
from kindzorg.journey.views import child_frame
from kindzorg.referral import actions, queries
from kindzorg.referral.binding.pages import binds
from kindzorg.referral.forms import WORDS, AnswerForm, DecisionForm, DissentForm, SettlementForm
from kindzorg.referral.pages import (
    by_subject,
    entry_choices,
    fact_words,
    outcome_page,
    same_group,
    subject_place,
)
from kindzorg.referral.rules import Facts, age_band, next_questions
from kindzorg.referral.terms.pages import terms_page
from kindzorg.ui.pdf import make_pdf
from kindzorg.ui.wording import add_to_form


def _language() -> str:
    return (get_language() or "nl")[:2]


def _read(request: Any, child_id: UUID, event: str, permission: str = "referral.read") -> OpenedChild:
    return open_child(request.actor, child_id, permission, event, request.now)


def _open(request: Any, opened: OpenedChild, facts: Facts) -> tuple[str, ...]:
    """The questions not answered yet that can still change the outcome."""
    birth_date = opened.child.birth_date
    if birth_date is None:
        return ()
    asked = next_questions(facts, age_band(birth_date, request.today), request.today)
    return tuple(fact for fact in asked if fact not in facts.answers)


def referral(request: Any, child_id: UUID) -> HttpResponse:
    """Phase 1 at a glance: the newest outcome, or the way to it."""
    opened = _read(request, child_id, "referral.read")
    given = queries.assessment_for(request.actor, opened.subject, request.today)
    facts = queries.facts_so_far(request.actor, opened.subject, request.today)
    context = {
        **child_frame(request, opened, "referral"),
        "given": given,
        "answered": len(facts.answers),
        "may_bind": binds(request, opened),
        "may_assess": policy.may(request.actor, "referral.assess", opened.subject, request.today),
    }
    if given:
        context |= outcome_page(request, opened, given)
        context |= terms_page(request, opened, context["decided"])
    return render(request, "referral/referral.html", context)


def first_question(request: Any, child_id: UUID) -> HttpResponse:
    """On to the next open question, or to the answers when none can change the outcome."""
    opened = child_for(request.actor, child_id, request.today)
    policy.require(request.actor, "referral.assess", opened.subject, request.today)
    facts = queries.facts_so_far(request.actor, opened.subject, request.today)
    still = _open(request, opened, facts)
    return (
        redirect("referral_question", child_id, still[0]) if still else redirect("referral_answers", child_id)
    )


def question(request: Any, child_id: UUID, fact: str) -> HttpResponse:
    """One question of fact. The answer is saved as it is given."""
    opened = _read(request, child_id, "referral.question_read", "referral.assess")
    facts = queries.facts_so_far(request.actor, opened.subject, request.today)
    words = fact_words(fact, opened.audience, _language())
    form = AnswerForm(request.POST or None, initial={"answer": facts.answers.get(fact)}, words=words)
    still = [one for one in _open(request, opened, facts) if one != fact]
    alike = [one for one in still if same_group(one, fact)]
    if request.method == "POST" and (given := _answers(request, form, fact, alike)):
        actions.answer_facts(request.actor, opened.subject, given, request.now)
        return redirect("referral_questions", child_id)
    place, places = subject_place(fact, opened.child.birth_date, request.today)
    context = {"form": form, "words": words, "still": len(still), "alike": len(alike)}
    context |= {"place": place, "places": places}
    return render(request, "referral/question.html", {**child_frame(request, opened, "referral"), **context})


def _answers(request: Any, form: AnswerForm, fact: str, alike: Sequence[str]) -> dict[str, Truth]:
    """The answer that was given; or "no" to this and every open question of the same subject in one go."""
    if "none" in request.POST:
        return dict.fromkeys((fact, *alike), Truth.NO)
    return {fact: Truth(form.cleaned_data["answer"])} if form.is_valid() else {}


def answers(request: Any, child_id: UUID) -> HttpResponse:
    """Check your answers; then keep what the rules say of them."""
    opened = _read(request, child_id, "referral.answers_read", "referral.assess")
    facts = queries.facts_so_far(request.actor, opened.subject, request.today)
    if request.method == "POST":
        row = actions.assess_child(request.actor, opened.subject, request.now)
        return redirect("referral_result", child_id, row.id)
    context = {
        "subjects": by_subject(facts.answers, opened.audience, _language()),
        "still": len(_open(request, opened, facts)),
        "no_birth": opened.child.birth_date is None,
    }
    return render(request, "referral/answers.html", {**child_frame(request, opened, "referral"), **context})


def result(request: Any, child_id: UUID, object_id: UUID) -> HttpResponse:
    """One outcome as it was given, with its reasons."""
    opened = _read(request, child_id, "referral.outcome_read")
    given = _given(request, opened, object_id)
    context = {
        **child_frame(request, opened, "referral"),
        **outcome_page(request, opened, given),
        "given": given,
    }
    return render(request, "referral/result.html", context)


def _given(request: Any, opened: OpenedChild, object_id: UUID) -> queries.GivenAssessment:
    given = queries.assessment_for(request.actor, opened.subject, request.today, object_id)
    if given is None:
        raise Missing("assessment_not_found", child_id=opened.child.id)
    return given


def _choices(given: queries.GivenAssessment, opened: OpenedChild) -> Sequence[Any]:
    return entry_choices(given.assessment, opened.audience, _language())


def decide(request: Any, child_id: UUID, object_id: UUID) -> HttpResponse:
    """The decision that closes phase 1."""
    opened = _read(request, child_id, "referral.decision_read", "referral.assess")
    given = _given(request, opened, object_id)
    certain = [entry.id for entry in given.assessment.entries if entry.status == "certain"]
    form = DecisionForm(request.POST or None, choices=_choices(given, opened), initial={"kept": certain})
    if request.method == "POST" and form.is_valid():
        kept = (form.cleaned_data["kept"], form.cleaned_data["note"])
        try:
            actions.decide_referral(request.actor, opened.subject, object_id, kept, request.now)
            return redirect("referral", child_id)
        except Refused:
            add_to_form(form, Invalid("may_not_confirm_zvw", fields=("kept",)), WORDS)
        except DomainError as error:
            add_to_form(form, error, WORDS)
    return render(
        request,
        "referral/decide.html",
        {**child_frame(request, opened, "referral"), "form": form, "given": given},
    )


def differ(request: Any, child_id: UUID, object_id: UUID) -> HttpResponse:
    """A second professional sees it differently."""
    opened = _read(request, child_id, "referral.outcome_read", "referral.dissent")
    given = _given(request, opened, object_id)
    form = DissentForm(request.POST or None, choices=_choices(given, opened))
    if request.method == "POST" and form.is_valid():
        view = (form.cleaned_data["kept"], form.cleaned_data["reason"])
        actions.record_dissent(request.actor, opened.subject, object_id, view, request.now)
        return redirect("referral_result", child_id, object_id)
    context = {"form": form, "given": given}
    return render(request, "referral/differ.html", {**child_frame(request, opened, "referral"), **context})


def settle(request: Any, child_id: UUID, object_id: UUID) -> HttpResponse:
    """The professionals agreed. `object_id` is the difference."""
    opened = _read(request, child_id, "referral.outcome_read", "referral.dissent")
    form = SettlementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = actions.settle_dissent(
            request.actor, opened.subject, object_id, form.cleaned_data["outcome"], request.now
        )
        return redirect("referral_result", child_id, row.dissent.assessment_id)
    dissent = queries.dissent_for(request.actor, opened.subject, object_id, request.today)
    context = {"form": form, "dissent": dissent}
    return render(request, "referral/settle.html", {**child_frame(request, opened, "referral"), **context})


def letter(request: Any, child_id: UUID, object_id: UUID) -> HttpResponse:
    """The outcome as a letter for the family (PDF)."""
    opened = _read(request, child_id, "referral.letter_printed")
    given = _given(request, opened, object_id)
    language = _language()
    page = outcome_page(request, opened, given, "parent")
    data = {
        "language": language,
        "title": text("referral.letter.title", "parent", language),
        "child": str(opened.child),
        "intro": text("referral.letter.intro", "parent", language),
        "footer": text("referral.letter.footer", "parent", language),
        "entries": page["entries"],
        "uncertain": [words["question"] for words in page["open_questions"]],
        "words": {key: text(f"referral.letter.{key}", "parent", language) for key in LETTER_WORDS},
    }
    pdf = make_pdf("referral", "outcome", data)
    return HttpResponse(pdf, content_type="application/pdf")


LETTER_WORDS = (
    "about",
    "pays",
    "indicates",
    "how",
    "term",
    "own_payment",
    "why",
    "ground",
    "uncertain",
    "possible",
)
