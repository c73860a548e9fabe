"""The list of support batches with what stands open in each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from poverty_desktop.domain.money import total
from poverty_desktop.domain.records import HouseholdShare, SupportBatch, SupportLine
from poverty_desktop.services.ports import Records


@dataclass(frozen=True)
class BatchSummary:
    """`value` in whole dong; `receipts` maps pending | signed | fingerprint | absent to a number of shares."""

    batch: SupportBatch
    households: int
    value: int
    receipts: dict[str, int] = field(default_factory=dict)


def summaries(records: Records) -> list[BatchSummary]:
    """Newest decision first. Reads batches, lines and shares once each."""
    values: Counter[str] = Counter()
    for line in records.select(SupportLine):
        values[line.batch_id] += total(line.funding)
    shares: dict[str, list[HouseholdShare]] = {}
    for share in records.select(HouseholdShare):
        shares.setdefault(share.batch_id, []).append(share)
    batches = sorted(records.select(SupportBatch), key=lambda one: (one.decided_on, one.batch_no), reverse=True)
    return [_summary(batch, values[batch.id], shares.get(batch.id, [])) for batch in batches]


def _summary(batch: SupportBatch, value: int, shares: list[HouseholdShare]) -> BatchSummary:
    households = len({share.household_id for share in shares})
    return BatchSummary(batch, households, value, dict(Counter(share.receipt for share in shares)))
