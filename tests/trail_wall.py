"""A wall around every page that a test opens: who is shown a child leaves a line about that child in the trail."""

import re
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpResponse

from kindzorg.audit.models import AuditLine
from kindzorg.core.texts import content

TELLS_OF = re.compile(rb"/children/([0-9a-f]{8}-[0-9a-f-]{27})")

# Parts of a page that ask by themselves how far something is: the page around them left the line, and they show a
# number alone. What they show is watched all the same.
A_NUMBER_ALONE = {"handover_progress"}
EVENT = [field.attname for field in AuditLine._meta.concrete_fields].index("event")


def every_page_leaves_a_line(get_response: Callable[[Any], HttpResponse]) -> Callable[[Any], HttpResponse]:
    """Middleware of the tests alone. Costs no statement: it watches those that the page makes."""

    def guarded(request: Any) -> HttpResponse:
        written, events = set[str](), set[str]()

        def watch(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
            if str(sql).startswith('INSERT INTO "audit_auditline"'):
                # One row, many one after the other, or (PostgreSQL) a list per column.
                columns = [value if isinstance(value, list) else [value] for value in params]
                written.update(str(value).replace("-", "") for column in columns for value in column)
                events.update(str(value) for value in columns[EVENT])
            return execute(sql, params, many, context)

        with connection.execute_wrapper(watch):
            response = get_response(request)
        if getattr(request, "actor", None) and response.status_code == 200 and not response.streaming:
            lacking = children_shown(request, response.content) - written
            assert not lacking, f"{request.path} shows a child and leaves no line in the trail (open_child)"
            wordless = {event for event in events if event not in content("web", "events")}
            assert not wordless, (
                f"say in web/content/events.yaml for the family what it is: {sorted(wordless)}"
            )
        return response

    return guarded


def children_shown(request: Any, content: bytes) -> set[str]:
    """The children that a page is about or leads to."""
    named = {str(value) for name, value in request.resolver_match.kwargs.items() if name == "child_id"}
    if request.htmx and request.GET.get("part") and request.resolver_match.url_name in A_NUMBER_ALONE:
        named = set()
    linked = {found.decode() for found in TELLS_OF.findall(content)}
    return {child.replace("-", "") for child in named | linked}
