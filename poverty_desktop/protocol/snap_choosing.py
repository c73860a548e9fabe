"""Whether a snapshot is taken instead of the log, and how an officer stops while it is taken in (sync.md 3.14)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from poverty_desktop.protocol.messages import StreamState
from poverty_desktop.protocol.snap_pages import SnapPage

FEW_ENTRIES = 300  # are read sooner than a snapshot is asked for
ENTRY_BYTES, ROW_BYTES = 100, 15  # what the processor needs for one of each, as bytes of a line of 4 Mbit/s (0.2 and 0.03 ms)


def snapshot_is_better(stream: StreamState, rev: int) -> bool:
    """Whether the snapshot costs less than that part of the log after `rev` which it stands for, on the line and here
    (sync.md 3.14: "when the missing log would be > 1.5 × snapshot bytes", by the cost that was measured since)."""
    mark = stream.snapshot
    if mark is None or mark.rev - rev < FEW_ENTRIES:
        return False
    log = stream.log_bytes * (mark.rev - rev) // max(stream.head - rev, 1)
    return log + ENTRY_BYTES * (mark.rev - rev) > mark.bytes + ROW_BYTES * mark.rows


class Stoppable:
    """A part of a snapshot; while the store goes through it the officer may stop, and the transaction is taken back."""

    def __init__(self, part: Iterable[SnapPage], leave_if_asked: Callable[[], None]) -> None:
        self._part, self._leave_if_asked = part, leave_if_asked

    def __iter__(self) -> Iterator[SnapPage]:
        for page in self._part:
            self._leave_if_asked()
            yield page
