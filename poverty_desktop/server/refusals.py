"""What the province answers when it does not do what was asked (sync.md 3.25)."""

from __future__ import annotations

from typing import Any

STATUS = {
    "bad_request": 400,
    "packet_refused": 400,
    "unauthorised": 401,
    "forbidden": 403,
    "revoked": 403,
    "locked": 403,
    "code_refused": 403,
    "not_found": 404,
    "method": 405,
    "greet": 409,  # hello first: the packet was to be taken only where that would find nothing to mend
    "gap": 409,
    "fork": 409,
    "rewound": 409,
    "offset": 409,
    "digest": 422,
    "too_large": 413,
    "range": 416,
    "upgrade": 426,
    "busy": 503,
    "restored": 503,
    "too_many": 429,
    "internal": 500,
    "full": 507,
}


class Refused(Exception):
    """A request that is not carried out; `facts` go into the problem (have, probes, max, reason …)."""

    def __init__(self, code: str, *, retry_after: int | None = None, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.status = STATUS[code]
        self.retry_after = retry_after
        self.facts = facts
