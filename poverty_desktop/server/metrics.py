"""What the operator's monitor reads: sums in Prometheus' text format (sync.md 3.24). No name, no id, no commune."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Literal

Kind = Literal["counter", "gauge", "histogram"]
SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """What this process counted since its start; asked by many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[tuple[str, int]] = Counter()
        self._refusals: Counter[tuple[str, str]] = Counter()
        self._packets: Counter[str] = Counter()
        self._operations: Counter[str] = Counter()
        self._times: dict[str, list[int]] = {}
        self._spent: Counter[str] = Counter()  # microseconds

    def request(self, route: str, status: int, seconds: float, refusal: str | None) -> None:
        """One request of a route of the application, answered; `refusal` is the code of its problem."""
        with self._lock:
            self._requests[route, status] += 1
            if refusal is not None:
                self._refusals[route, refusal] += 1
            counts = self._times.setdefault(route, [0] * len(SECONDS))
            for place, bound in enumerate(SECONDS):
                counts[place] += seconds <= bound
            self._spent[route] += round(seconds * 1_000_000)

    def packet(self, answer: str, outcomes: Mapping[str, int]) -> None:
        """A packet that was answered (ack, again, gap or fork), and what became of its operations."""
        with self._lock:
            self._packets[answer] += 1
            self._operations.update(outcomes)

    def lines(self) -> Iterator[str]:
        with self._lock:
            requests, refusals = dict(self._requests), dict(self._refusals)
            packets, operations = dict(self._packets), dict(self._operations)
            times, spent = {route: list(counts) for route, counts in self._times.items()}, dict(self._spent)
        yield from family("province_requests_total", "counter", "Requests answered", (
            ({"route": route, "status": str(status)}, count) for (route, status), count in sorted(requests.items())))  # fmt: skip
        yield from family("province_refusals_total", "counter", "Requests refused, by the code of the problem", (
            ({"route": route, "code": code}, count) for (route, code), count in sorted(refusals.items())))  # fmt: skip
        yield from family("province_packets_total", "counter", "Packets answered", (
            ({"answer": answer}, count) for answer, count in sorted(packets.items())))  # fmt: skip
        yield from family("province_operations_total", "counter", "Operations of packets, by what became of them", (
            ({"outcome": outcome}, count) for outcome, count in sorted(operations.items())))  # fmt: skip
        yield from _times(times, spent, requests)


def family(name: str, kind: Kind, words: str, samples: Iterator[tuple[Mapping[str, str], float]]) -> Iterator[str]:
    """The lines of one metric; a metric without samples is named all the same."""
    yield f"# HELP {name} {words}."
    yield f"# TYPE {name} {kind}"
    for labels, value in samples:
        yield sample(name, labels, value)


def sample(name: str, labels: Mapping[str, str], value: float) -> str:
    inside = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
    said = str(int(value)) if float(value).is_integer() else repr(float(value))
    return f"{name}{{{inside}}} {said}" if inside else f"{name} {said}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _times(times: dict[str, list[int]], spent: dict[str, int], requests: dict[tuple[str, int], int]) -> Iterator[str]:
    name = "province_request_seconds"
    yield from family(name, "histogram", "How long an answer took", iter(()))
    for route, counts in sorted(times.items()):
        whole = sum(count for (one, _), count in requests.items() if one == route)
        for bound, count in zip([*(f"{bound:g}" for bound in SECONDS), "+Inf"], [*counts, whole], strict=True):
            yield sample(f"{name}_bucket", {"route": route, "le": bound}, count)
        yield sample(f"{name}_sum", {"route": route}, spent[route] / 1_000_000)
        yield sample(f"{name}_count", {"route": route}, whole)
