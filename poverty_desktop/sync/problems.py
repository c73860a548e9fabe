"""What a signed refusal of the province means to the laptop (sync.md 3.25)."""

from __future__ import annotations

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.protocol.messages import Problem
from poverty_desktop.sync.transport import Answer

_SAME = {
    "unauthorised": "sync.session_over",
    "revoked": "sync.revoked",
    "locked": "sync.revoked",
    "forbidden": "sync.revoked",
    "code": "sync.code_refused",
    "code_refused": "sync.code_refused",
    "bad_code": "sync.code_refused",
    "rewound": "sync.rewound",
    "greet": "sync.greet",
    "upgrade": "sync.upgrade",
    "too_large": "sync.too_large",
    "practice": "sync.practice_mismatch",
}


def known_problem(refusal: Problem, answer: Answer) -> KnownProblem:
    """`sync.busy`, `sync.restored` and `sync.province_full` bear `seconds` and `minutes`, `sync.gap` and `sync.fork` bear
    `have`, an unknown code `sync.refused` with `refusal`."""
    if answer.status in (429, 503, 507):
        seconds = _retry_after(answer)
        code = {"restored": "sync.restored", "full": "sync.province_full"}.get(refusal.code, "sync.busy")
        return KnownProblem(code, seconds=seconds, minutes=max(1, round(seconds / 60)))
    if refusal.code in ("gap", "fork"):
        return KnownProblem(f"sync.{refusal.code}", have=-1 if refusal.have is None else refusal.have)
    if refusal.code in _SAME:
        return KnownProblem(_SAME[refusal.code])
    if answer.status >= 500:
        return KnownProblem("sync.server_failed")
    return KnownProblem("sync.refused", refusal=refusal.code)


def _retry_after(answer: Answer) -> int:
    """Seconds of `Retry-After`; a date or nonsense counts as a minute."""
    text = answer.headers.get("retry-after", "").strip()
    return int(text) if text.isdigit() else 60
