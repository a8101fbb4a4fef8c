"""No page shows a child without a line in the trail. The wall itself stands around every page that any test opens."""

from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver, include, path
from django.urls.resolvers import RoutePattern, URLResolver

from kindzorg.careteam.queries import child_for
from kindzorg.careteam.tests.world import World
from kindzorg.referral.tests.world import Circle

pytestmark = pytest.mark.django_db


def peep(request: Any, child_id: UUID) -> HttpResponse:
    """Looks at a child, and leaves no line."""
    return HttpResponse(str(child_for(request.actor, child_id, request.today).child))


def list_them(request: Any) -> HttpResponse:
    """Leads to children, and leaves no line."""
    return HttpResponse(" ".join(f"<a href='/children/{one}/'>" for one in SHOWN))


SHOWN: list[UUID] = []
urlpatterns = [
    path("try/<uuid:child_id>/peep", peep),
    path("try/list", list_them),
    path("", include("kindzorg.web.urls")),
]


@pytest.mark.urls(__name__)
def test_a_page_that_leaves_no_line_is_stopped(client: Client) -> None:
    world = World()
    client.force_login(world.nurse_account)
    with pytest.raises(AssertionError, match="peep shows a child and leaves no line"):
        client.get(f"/try/{world.subject.child_id}/peep")
    SHOWN[:] = [world.subject.child_id]
    with pytest.raises(AssertionError, match="list shows a child and leaves no line"):
        client.get("/try/list")
    SHOWN.clear()
    assert client.get("/try/list").status_code == 200


def pages(resolver: URLResolver, before: str = "") -> list[str]:
    """The addresses of all pages that ask for a child and nothing more."""
    found: list[str] = []
    for one in resolver.url_patterns:
        address = before + (str(one.pattern) if isinstance(one.pattern, RoutePattern) else "")
        if isinstance(one, URLPattern):
            found += [address] if address.count("<") == address.count("<uuid:child_id>") == 1 else []
        else:
            found += pages(one, address)
    return found


@pytest.mark.parametrize("who", ["nurse", "mother", "child", "privacy", "teacher"])
def test_every_page_about_a_child_leaves_a_line(circle: Circle, who: str) -> None:
    circle.assessed()
    browser, opened = circle.client(who), 0
    for address in pages(get_resolver()):
        answer = browser.get("/" + address.replace("<uuid:child_id>", str(circle.child_id)))
        assert answer.status_code in (200, 302, 404, 405, 409), address
        opened += answer.status_code == 200
    assert opened >= 2
