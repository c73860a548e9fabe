"""One row of the grid of shares: what was typed, and what is said of it. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from poverty_desktop.domain.money import total
from poverty_desktop.gui.presenters.support_fields import RowView, Said, SupportFields, whole
from poverty_desktop.services.choosing_receivers import Receiver
from poverty_desktop.services.support_sheets import LineSheet

ID_LENGTH = 36


@dataclass(frozen=True)
class Row:
    """`household` is an id once one was meant; `typed` what was typed and means no household yet."""

    id: str = ""
    household: str = ""
    typed: str = ""
    quantity: str = ""
    reason: str = ""
    doubt: str = ""  # "" | "several" | "none": why `typed` means no household

    @property
    def is_empty(self) -> bool:
        return not (self.household or self.typed or self.quantity or self.reason)

    def draft(self) -> dict[str, str]:
        return asdict(self)


def fresh_rows(sheet: LineSheet, receivers: Mapping[str, Receiver]) -> list[Row]:
    """The rows of the shares that are kept."""
    return [
        Row(household=one.share.household_id, quantity=str(one.share.quantity), reason=one.share.override_reason or "")
        for one in sheet.shares
        if one.share.household_id in receivers
    ]


def row_view(
    row: Row,
    receiver: Receiver | None,
    funding: Mapping[str, int],
    fields: SupportFields,
    excess: str | None,
    twice: bool,
    settled: bool,
) -> RowView:
    """What the grid shows: names, class on the decision date, money, the first doubt; and what must be mended."""
    values = {"household": row.typed, "quantity": row.quantity, "reason": row.reason}
    if receiver is not None:
        values |= {
            "household": receiver.label,
            "village": receiver.village_name,
            "class": receiver.on_decision or "none",
        }
    values |= {f"money.{source}": str(amount) for source, amount in funding.items()}
    if funding:
        values["value"] = str(total(funding))
    locked = frozenset({"household", "quantity"}) if settled else frozenset()
    if receiver is None or not receiver.warnings:
        locked |= {"reason"} if not row.reason else frozenset()
    return RowView(row.id, values, _said(row, receiver, fields, excess, twice), locked)


def _said(
    row: Row, receiver: Receiver | None, fields: SupportFields, excess: str | None, twice: bool
) -> dict[str, Said]:
    said: dict[str, Said] = {}
    texts = fields.texts
    if twice:
        said["household"] = Said("red", texts("batch.household_twice"))
    elif row.doubt:
        said["household"] = Said("red", texts(f"batch.household_{row.doubt}", typed=row.typed))
    elif row.quantity and not row.household and not row.typed:
        said["household"] = Said("red", texts("batch.household_missing"))
    if row.quantity and whole(row.quantity) is None:
        said["quantity"] = Said("red", texts("batch.not_whole", typed=row.quantity))
    elif excess:
        said["quantity"] = Said("red", excess)
    if receiver is not None and receiver.warnings:
        words = " ".join(one.sentence(texts) for one in receiver.warnings)
        said.setdefault("household", Said("grey" if row.reason else "amber", words))
        if not row.reason:
            said["reason"] = Said("amber", f"{words} {texts('batch.reason_needed')}")
    return said
