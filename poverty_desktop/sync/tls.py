"""TLS towards the province: its own authority is trusted, nobody else, and no clock is asked (sync.md 2.5, 3.18).

The authority is the province's signing key, which a laptop pins at enrolment: a certificate signed by it was made by the
province for a server of its own, under whatever name or address that is reached. A laptop that thinks it is 2009 can talk.
"""

from __future__ import annotations

import ssl
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import disable_warnings
from urllib3.exceptions import InsecureRequestWarning

from poverty_desktop.protocol.authority import anchor

NO_CHECK_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME of OpenSSL, which Python does not name


def context_for(pinned: bytes | None) -> ssl.SSLContext:
    """Without a pinned key nothing is known about the other end yet: only its signed answers count, and no secret may go out."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False
    if pinned is None:
        context.verify_mode = ssl.CERT_NONE
        return context
    context.verify_flags |= ssl.VerifyFlags(NO_CHECK_TIME) | ssl.VERIFY_X509_PARTIAL_CHAIN
    context.load_verify_locations(cadata=anchor(pinned))
    return context


class ProvinceAdapter(HTTPAdapter):
    """The https road of `requests`, with the pinned authority in place of the public ones."""

    def __init__(self, pinned: bytes | None) -> None:
        self._context = context_for(pinned)
        if pinned is None:
            disable_warnings(InsecureRequestWarning)  # here it is meant; the one-time code says whether it was the province
        super().__init__(max_retries=0)

    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        super().init_poolmanager(*arguments, **named, ssl_context=self._context, assert_hostname=False)

    def proxy_manager_for(self, *arguments: Any, **named: Any) -> Any:
        return super().proxy_manager_for(*arguments, **named, ssl_context=self._context, assert_hostname=False)

    def build_connection_pool_key_attributes(self, *arguments: Any, **named: Any) -> Any:
        host, settings = super().build_connection_pool_key_attributes(*arguments, **named)
        return host, {**settings, "cert_reqs": self._context.verify_mode.name}

    def cert_verify(self, conn: Any, *_: Any) -> None:
        """Nothing of the environment is added to what the context trusts."""
        conn.cert_reqs, conn.ca_certs, conn.ca_cert_dir = self._context.verify_mode, None, None


def was_refused(error: BaseException) -> bool:
    """Whether the other end's certificate, or what it spoke, was not the province's; else the handshake was cut."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        one = waiting.pop()
        if not isinstance(one, BaseException) or id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, ssl.SSLEOFError | ssl.SSLZeroReturnError):
            return False
        waiting += [*one.args, one.__cause__, one.__context__, getattr(one, "reason", None)]
    return True
