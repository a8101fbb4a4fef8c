"""Pages for when something is not there or cannot be done. Never a stack trace."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kindzorg.core.errors import DomainError

# What explains a page that is there explains nothing of this.
BARE = {"page_help": None, "guide": None}


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Unknown and forbidden look the same."""
    return render(request, "web/not_found.html", BARE, status=404)


def cannot(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A rule says that this cannot be done now."""
    return render(request, "web/cannot.html", {**BARE, "error": error}, status=409)


def unreadable(request: HttpRequest) -> HttpResponse:
    """What no keyboard sends: nothing is done with it."""
    return render(request, "web/cannot.html", BARE, status=400)


def broken(request: HttpRequest) -> HttpResponse:
    """Our own fault."""
    return render(request, "web/broken.html", status=500)


def stale(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was too old to be sent: somebody signed in again meanwhile, in another window."""
    return render(request, "web/stale.html", BARE, status=403)
