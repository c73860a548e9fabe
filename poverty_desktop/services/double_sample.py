"""The sample of finished surveys that somebody else keys a second time: drawn by chance, the same again by its seed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random


def draw(keyed_by: Mapping[str, str], count: int, seed: int) -> list[str]:
    """`count` of the surveys (id -> who keyed it), in an order of chance.

    Stratified: each person's surveys come in as near to their share as whole numbers allow, and nobody is left out as long as
    the sample has a place for each. The same surveys, count and seed give the same sample.
    """
    chance = Random(seed)
    strata: dict[str, list[str]] = {}
    for survey in sorted(keyed_by):
        strata.setdefault(keyed_by[survey], []).append(survey)
    shares = _shares({who: len(surveys) for who, surveys in strata.items()}, min(count, len(keyed_by)))
    found = [survey for who in sorted(strata) for survey in chance.sample(strata[who], shares[who])]
    chance.shuffle(found)
    return found


def _shares(sizes: Mapping[str, int], count: int) -> dict[str, int]:
    """How many of each: by largest remainder, at least one each where `count` allows."""
    total = sum(sizes.values())
    least = 1 if count >= len(sizes) else 0
    exact = {who: count * size / total for who, size in sizes.items()}
    shares = {who: min(size, max(least, int(exact[who]))) for who, size in sizes.items()}
    by_rest = sorted(sizes, key=lambda who: (-(exact[who] - int(exact[who])), who))
    while sum(shares.values()) < count:
        for who in by_rest:
            if sum(shares.values()) < count and shares[who] < sizes[who]:
                shares[who] += 1
    while sum(shares.values()) > count:
        spare = sorted(who for who in shares if shares[who] > least)  # never the last of anybody's
        largest = max(spare, key=lambda who: shares[who] - exact[who])
        shares[largest] -= 1
    return shares


def size_of(total: int, percent: int | None, count: int | None) -> int:
    """How many surveys a sample of `percent` (rounded up) or of `count` is; at least one of what there is."""
    wanted = count if count is not None else -(-total * (percent or 0) // 100)
    return min(total, max(1, wanted)) if total else 0
