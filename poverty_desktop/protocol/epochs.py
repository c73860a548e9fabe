"""The histories of a stream (sync.md 3.20): each restore of the province begins one, and numbers of the others prove nothing.

A backup of any age may be put back, so histories form a tree: an epoch continues another one up to a revision. Two epochs share
what lies before they parted. That the newest is also the one that all earlier ones lead to would be true only while each backup
put back is older than the last; the first sketch of the protocol took it for granted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """Where an epoch came from: the epoch of the backup that was put back, and the last revision it held."""

    parent: int
    start: int


def shared(origins: Mapping[int, Origin], one: int, other: int, *, first: int = 1) -> int | None:
    """The last revision that both histories have in common; None where they are the same history, 0 where nothing is known of
    one of them. `first` is the epoch that has no origin."""
    if one == other:
        return None
    reach = dict(_lineage(origins, one, first))
    for epoch, upto in _lineage(origins, other, first):
        if epoch in reach:
            bounds = [bound for bound in (upto, reach[epoch]) if bound is not None]
            return min(bounds) if bounds else None
    return 0


def _lineage(origins: Mapping[int, Origin], epoch: int, first: int) -> Iterable[tuple[int, int | None]]:
    """(epoch, up to which revision its history is part of the one asked about), from itself back."""
    bound: int | None = None
    while True:
        yield epoch, bound
        origin = origins.get(epoch)
        if epoch == first or origin is None:
            return
        epoch, bound = origin.parent, origin.start if bound is None else min(bound, origin.start)
