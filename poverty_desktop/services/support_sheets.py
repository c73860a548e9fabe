"""What the support screens and the signature list show: a batch with its lines and shares, with totals that add up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from poverty_desktop.domain.money import add_up, total
from poverty_desktop.domain.records import HouseholdShare, SupportBatch, SupportLine
from poverty_desktop.domain.support_rules import SupportWarning


@dataclass(frozen=True)
class ShareRow:
    share: HouseholdShare
    head_name: str | None
    village_name: str | None

    @property
    def value(self) -> int:
        """Whole dong."""
        return total(self.share.funding)


@dataclass(frozen=True)
class LineSheet:
    """`remaining` and `remaining_money` (source -> dong) are what no household has been given yet."""

    line: SupportLine
    shares: tuple[ShareRow, ...]
    remaining: int
    remaining_money: dict[str, int]

    @property
    def value(self) -> int:
        return total(self.line.funding)


@dataclass(frozen=True)
class BatchSheet:
    batch: SupportBatch
    lines: tuple[LineSheet, ...]

    @property
    def funding(self) -> dict[str, int]:
        """Source -> dong over all lines."""
        return add_up([line.line.funding for line in self.lines])

    @property
    def value(self) -> int:
        return total(self.funding)

    @property
    def receipts(self) -> dict[str, int]:
        """pending | signed | fingerprint | absent -> number of shares."""
        shares = [row.share.receipt for line in self.lines for row in line.shares]
        return {receipt: shares.count(receipt) for receipt in ("pending", "signed", "fingerprint", "absent")}


@dataclass(frozen=True)
class SharesSet:
    """What `set_shares` left: the shares of the line, and the warnings by household id (empty tuples where nothing stands)."""

    shares: tuple[HouseholdShare, ...]
    warnings: Mapping[str, tuple[SupportWarning, ...]]


@dataclass(frozen=True)
class SignatureRow:
    receiver: str
    village: str
    item: str
    specification: str
    quantity: int
    unit: str
    value: int  # whole dong
    receipt: str
    note: str


@dataclass(frozen=True)
class SignatureList:
    """The rows of the list to be signed at the hand-over ("Danh sách ký nhận")."""

    batch: SupportBatch
    programme_name: str
    rows: tuple[SignatureRow, ...]

    @property
    def value(self) -> int:
        return sum(row.value for row in self.rows)
