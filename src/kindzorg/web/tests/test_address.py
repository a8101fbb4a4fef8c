"""From where somebody came: what our own proxies say is believed, and nothing else."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from kindzorg.audit.events import AccessPoint
from kindzorg.audit.models import AuditLine
from kindzorg.careteam.tests.world import World
from kindzorg.web.address import address_of


@pytest.mark.parametrize(
    ("proxies", "passed", "remote", "found"),
    [
        (0, None, "192.0.2.1", "192.0.2.1"),
        (0, "198.51.100.9", "192.0.2.1", "192.0.2.1"),
        (1, "198.51.100.9", "192.0.2.1", "198.51.100.9"),
        (1, "203.0.113.66, 198.51.100.9", "192.0.2.1", "198.51.100.9"),
        (2, "203.0.113.66, 198.51.100.9, 192.0.2.2", "192.0.2.1", "198.51.100.9"),
        (2, "198.51.100.9", "192.0.2.1", "192.0.2.1"),
        (1, "<script>", "192.0.2.1", "192.0.2.1"),
        (1, None, "192.0.2.1", "192.0.2.1"),
        (0, None, "::ffff:192.0.2.1", "192.0.2.1"),
        (0, None, "2001:db8::1", "2001:db8::1"),
        (0, None, "", ""),
        (0, None, "unix:", ""),
    ],
)
def test_only_our_own_proxies_are_believed(
    settings: Any, proxies: int, passed: str | None, remote: str, found: str
) -> None:
    settings.KINDZORG_PROXIES = proxies
    meta = {"REMOTE_ADDR": remote} | ({"HTTP_X_FORWARDED_FOR": passed} if passed else {})
    assert address_of(SimpleNamespace(META=meta)) == found


@pytest.mark.django_db
def test_the_address_stands_on_the_line(client: Client) -> None:
    world = World()
    client.force_login(world.nurse_account)
    client.get(f"/children/{world.subject.child_id}/", REMOTE_ADDR="192.0.2.7")
    line = AuditLine.objects.get(event="child.start_read")
    assert (line.access_point, line.access_point_type) == ("192.0.2.7", AccessPoint.ADDRESS)
    assert (line.permission, line.basis) == ("child.open", "level5_nurse/child/always")
