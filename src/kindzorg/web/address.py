"""From where somebody came (the network access point of NEN 7513), and where somebody may be sent back to."""

from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.utils.http import url_has_allowed_host_and_scheme


def address_of(request: Any) -> str:
    """The network address of who asks; empty where there is none, as in a test or on a socket.

    `X-Forwarded-For` is what anybody may write. Only what our own proxies added, from the right, is believed.
    """
    passed = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    believed = passed[-settings.KINDZORG_PROXIES] if 0 < settings.KINDZORG_PROXIES <= len(passed) else ""
    return _plain(believed) or _plain(request.META.get("REMOTE_ADDR", ""))


def _plain(written: str) -> str:
    try:
        address = ip_address(written.strip())
    except ValueError:
        return ""
    return str(getattr(address, "ipv4_mapped", None) or address)


def stays_here(request: Any, way: str) -> bool:
    """Whether a way back that somebody named is an address of this product, written from its root.

    A bare word would be taken for the name of a page, and break where there is none.
    """
    return way.startswith("/") and url_has_allowed_host_and_scheme(way, {request.get_host()})
