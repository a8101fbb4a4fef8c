"""The page with the papers, and the papers. They are the same for everybody, so no child's file is opened."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from kindzorg.core.errors import Missing
from kindzorg.core.vocabulary import Audience
from kindzorg.needs.definition import Respondent
from kindzorg.needs.pages import language
from kindzorg.needs.paper.pages import scan_sheets, talk_cards, words
from kindzorg.ui.pdf import make_pdf

PAPERS = {
    "ouders": ("scan", Respondent.PARENT),
    "kind": ("scan", Respondent.CHILD),
    "kaarten": ("cards", Audience.PARENT),
    "kaarten-kind": ("cards", Audience.CHILD),
}


def paper(request: Any) -> HttpResponse:
    """What there is on paper, and what happens with it afterwards."""
    say = words(Audience.PARENT, language())
    return render(request, "needs/paper.html", {"say": say})


def paper_file(request: Any, which: str) -> HttpResponse:
    """One of the papers as a PDF."""
    if which not in PAPERS:
        raise Missing("no_such_paper")
    kind, reader = PAPERS[which]
    if kind == "scan":
        made = make_pdf("needs", "scan", scan_sheets(Respondent(reader), language()))
    else:
        made = make_pdf("needs", "cards", talk_cards(Audience(reader), language()))
    return HttpResponse(made, content_type="application/pdf")
