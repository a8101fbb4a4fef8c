"""The page "Moeilijke woorden": every hard word of the house with what it means, for anybody, signed in or not."""

from itertools import groupby
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from kindzorg.core.languages import borrowed
from kindzorg.core.texts import text
from kindzorg.core.vocabulary import Audience
from kindzorg.ui.plain.meanings import words
from kindzorg.web.roles import reads_as


@login_not_required
def hard_words(request: Any) -> HttpResponse:
    """The words by their first letter: as a child reads them for who is here as the child, else as a parent does."""
    language = (get_language() or "nl")[:2]
    as_read = reads_as(request.actor)
    audience = Audience.CHILD if as_read == Audience.CHILD else Audience.PARENT
    rows = [
        {
            "key": word.key,
            "name": word.name,
            "letter": word.forms[0][0].upper(),
            "others": [borrowed(form) if word.lent else form for form in word.forms[1:]],
            "says": text(f"ui.words.{word.key}", audience, language),
        }
        for word in words(language)
    ]
    letters = [(letter, list(of)) for letter, of in groupby(rows, lambda row: row["letter"])]
    return render(request, "web/hard_words.html", {"letters": letters, "audience": str(audience)})
