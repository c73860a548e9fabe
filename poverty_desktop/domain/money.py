"""Whole dong, divided so that nothing is lost and nothing is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def allocate(funding: Mapping[str, int], quantities: Sequence[int]) -> list[dict[str, int]]:
    """Divide the funding of a line (source -> dong) among shares in proportion to their quantities.

    Each source is divided by the largest remainder: every share gets its exact part rounded down, the dong left go one each to
    the largest remainders; equal remainders go first to the share that is furthest behind over the sources so far, then to the
    earlier one. So each source adds up to the dong, each part lies within one dong of the exact one, and shares of equal
    quantity differ by at most one dong in all. The quantities must add up to the whole line: append the part not yet given out.
    Negative money or quantities are a bug (ValueError), and so is money for nobody.
    """
    total = sum(quantities)
    if any(quantity < 0 for quantity in quantities) or any(amount < 0 for amount in funding.values()):
        raise ValueError("money and quantities cannot be negative")
    if total == 0 and any(funding.values()):
        raise ValueError("money without anybody to receive it")
    behind = [0] * len(quantities)  # in 1/total dong: how much less than its exact part each share has got so far
    shares: list[dict[str, int]] = [{} for _ in quantities]
    for source, amount in funding.items():
        for share, part in zip(shares, _divide(amount, quantities, total, behind), strict=True):
            share[source] = part
    return shares


def _divide(amount: int, quantities: Sequence[int], total: int, behind: list[int]) -> list[int]:
    """One source, whole dong; updates `behind`."""
    if total == 0:
        return [0] * len(quantities)
    parts = [amount * quantity // total for quantity in quantities]
    remainders = [amount * quantity % total for quantity in quantities]
    order = sorted(range(len(parts)), key=lambda index: (-remainders[index], -behind[index], index))
    for index in order[: amount - sum(parts)]:
        parts[index] += 1
    for index, quantity in enumerate(quantities):
        behind[index] += amount * quantity - parts[index] * total
    return parts


def total(funding: Mapping[str, int]) -> int:
    """The value of a line or share: all sources together, in dong."""
    return sum(funding.values())


def add_up(parts: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """Source by source over several shares or lines."""
    sums: dict[str, int] = {}
    for part in parts:
        for source, amount in part.items():
            sums[source] = sums.get(source, 0) + amount
    return sums


def format_dong(amount: int) -> str:
    """Vietnamese grouping: 300000000 -> "300.000.000"."""
    return f"{amount:,}".replace(",", ".")
