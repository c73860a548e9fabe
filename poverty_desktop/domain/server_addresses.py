"""Which addresses of a server a laptop may be connected to."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_open_road(address: str) -> bool:
    """Whether what goes to this address can be read on its way: plain http to another machine than this one."""
    try:
        parts = urlsplit(address.strip())
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False  # no address at all: nothing will go there
    return parts.scheme == "http" and not _is_this_machine(host)


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
