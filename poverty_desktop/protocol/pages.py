"""Pages of the log as entries in order, cut into what one transaction takes (sync.md 3.13). Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from poverty_desktop.protocol.chains import step
from poverty_desktop.protocol.laptop import HistoryDiffers
from poverty_desktop.protocol.messages import LogBatch, LogEntry, plain_entry
from poverty_desktop.protocol.operations import Operation


class NotMine(HistoryDiffers):
    """The lane of this laptop holds operations that were not made here: there is another with its identity (sync.md 3.19)."""


ENTRIES_IN_ONE_TRANSACTION = 100

OwnOperations = Callable[[int, int], Sequence[Operation]]


def as_entries(batch: LogBatch, own: OwnOperations) -> list[LogEntry]:
    """All entries of the page by rev, proved by its chain. Runs of own operations came as positions only (3.0 A3) and are
    rebuilt from `own(from, to)`. Raises `HistoryDiffers` when revs are missing, an own operation is not here, or the chain
    ends elsewhere than the province says."""
    entries = {entry.rev: entry for entry in batch.entries}
    for first, last, rev in batch.own:
        operations = own(first, last)
        if len(operations) != last - first + 1:
            raise NotMine("the log names own operations that are not here")
        for place, operation in enumerate(operations):
            entries[rev + place] = plain_entry(operation, lane=batch.lane or 0, seq=first + place, rev=rev + place)
    revs = sorted(entries)
    if revs != list(range(batch.after + 1, batch.to + 1)):
        raise HistoryDiffers("the page has holes")
    ordered = [entries[rev] for rev in revs]
    if _chain_after(bytes.fromhex(batch.prev), ordered).hex() != batch.tail:
        fault = NotMine if batch.own else HistoryDiffers  # at its place in the lane another operation stands here
        raise fault("the chain of the page ends elsewhere")
    return ordered


def _chain_after(chain: bytes, entries: Sequence[LogEntry]) -> bytes:
    for entry in entries:
        chain = step(chain, entry.canonical())
    return chain


def in_transactions(entries: Sequence[LogEntry], most: int = ENTRIES_IN_ONE_TRANSACTION) -> Iterator[list[LogEntry]]:
    """Parts of at most `most` entries, each ending where a Save ends; a Save that is larger is a part of its own."""
    part: list[LogEntry] = []
    for group in _groups(entries):
        if part and len(part) + len(group) > most:
            yield part
            part = []
        part += group
    if part:
        yield part


def _groups(entries: Sequence[LogEntry]) -> Iterator[list[LogEntry]]:
    group: list[LogEntry] = []
    for entry in entries:
        if group and entry.group != group[-1].group:
            yield group
            group = []
        group.append(entry)
    if group:
        yield group
