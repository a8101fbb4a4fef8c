"""Is the process alive, and is it ready to work?"""

from collections.abc import Mapping

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from kindzorg.access.policy import system_actor
from kindzorg.core.walls import sound
from kindzorg.notices.queries import worker_seen
from kindzorg.notices.rules import worker_state


def waiting_migrations() -> list[str]:
    """The migrations that this version needs and the database lacks."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def readiness() -> Mapping[str, str]:
    """Per part "ok" or what is wrong."""
    try:
        connection.ensure_connection()
        if connection.vendor == "postgresql" and not sound(connection.pg_version):  # type: ignore[attr-defined]
            return {"database": "this release of PostgreSQL is too old: 15.9, 16.5, 17.1 or later"}
        waiting = waiting_migrations()
        if waiting:  # The worker's table may be among what waits.
            return {"database": "ok", "migrations": f"{len(waiting)} waiting", "worker": "not known"}
        now = timezone.now()
        seen = worker_seen(system_actor("health"), now.date())
    except DatabaseError as error:
        return {"database": type(error).__name__}
    return {"database": "ok", "migrations": "ok", "worker": worker_state(seen, now)}


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """The database, the migrations and the worker are there; 503 if not."""
    findings = readiness()
    return JsonResponse(findings, status=200 if all(found == "ok" for found in findings.values()) else 503)
