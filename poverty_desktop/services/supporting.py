"""Support delivered to households: batch -> line -> household share, in whole dong (support.md sections 4 and 6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from poverty_desktop.domain.class_history import in_order
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import Household, HouseholdMember, HouseholdShare, Record, SupportBatch, SupportLine, Village
from poverty_desktop.domain.reference import Reference
from poverty_desktop.domain.support_rules import (
    DEFAULT_WINDOW_MONTHS,
    Earlier,
    Eligibility,
    SupportWarning,
    check_presence,
    check_twice,
    divide,
    eligibility,
    refuse_excess,
    remaining,
)
from poverty_desktop.protocol.identity import op_id
from poverty_desktop.services.ports import Change, Clock, Lists, Records, Save, Saved, Settings
from poverty_desktop.services.support_sheets import BatchSheet, LineSheet, ShareRow, SharesSet, SignatureList, SignatureRow

R = TypeVar("R", bound=Record)

HANDED_OVER = ("signed", "fingerprint")
RECEIPTS = (*HANDED_OVER, "absent")
WINDOW_SETTING = "double_support_months"


class Supporting:
    """All verbs write through one Save each. Raises `KnownProblem` "support.*" for what a person must mend."""

    def __init__(self, records: Records, lists: Lists, clock: Clock, reference: Reference, settings: Settings) -> None:
        self._records = records
        self._lists = lists
        self._clock = clock
        self._reference = reference
        self._settings = settings

    # --- reading ---------------------------------------------------------------------------------------------------

    def batches(self) -> list[SupportBatch]:
        """Newest decision first."""
        return sorted(self._records.select(SupportBatch), key=lambda one: (one.decided_on, one.batch_no), reverse=True)

    def batch(self, batch_id: str) -> BatchSheet:
        """A batch with its lines, shares, totals and what is not given out yet."""
        batch = self._found(SupportBatch, batch_id)
        people = _People(self._records)
        lines = [self._line_sheet(line, people) for line in self._records.select(SupportLine, batch_id=batch_id)]
        return BatchSheet(batch, tuple(lines))

    def warnings(self, household_id: str, line: SupportLine | str) -> list[SupportWarning]:
        """What speaks against giving this line to the household: class on the decision date, earlier support, moved away."""
        at = self._found(SupportLine, line) if isinstance(line, str) else line
        batch = self._found(SupportBatch, at.batch_id)
        found = self._eligibility(household_id, batch)
        doubts = check_presence(self._found(Household, household_id))
        if not found.eligible:
            doubts.append(SupportWarning("not_eligible", {"day": "/".join(reversed(batch.decided_on.split("-")))}))
        return doubts + self._twice(household_id, at, batch)

    def signature_list(self, batch_id: str) -> SignatureList:
        """What the list to be signed shows, line by line, in the order of the shares."""
        sheet = self.batch(batch_id)
        rows = [
            SignatureRow(
                receiver=row.share.receiver_name or row.head_name or "",
                village=row.village_name or "",
                item=line.line.item_name,
                specification=line.line.specification or "",
                quantity=row.share.quantity,
                unit=line.line.unit,
                value=row.value,
                receipt=row.share.receipt,
                note=row.share.receipt_note or "",
            )
            for line in sheet.lines
            for row in line.shares
        ]
        programme = self._reference.programme(sheet.batch.programme_key)
        return SignatureList(sheet.batch, programme.vi if programme else sheet.batch.programme_key, tuple(rows))

    # --- writing ---------------------------------------------------------------------------------------------------

    def create(self, batch_fields: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> str:
        """Keep a new batch with its lines (field names of `SupportBatch`, `SupportLine`); gives the batch's id.

        Commune and number are filled in when absent. Raises "support.batch_incomplete" and "support.line_incomplete".
        """
        fields = {"commune_code": self._settings.get("commune_code", ""), **_without_empty(batch_fields)}
        fields.setdefault("batch_no", self._next_number(str(fields.get("decided_on", ""))))
        _refuse_missing("support.batch_incomplete", fields, ("name", "programme_key", "decided_on"))
        if not lines:
            raise KnownProblem("support.no_lines")
        for line in lines:
            _refuse_bad_line(line)
        group = self._records.new_group()
        batch_id = op_id(group, 1)
        changes = [Change("c", SupportBatch.entity, batch_id, 1, fields)]
        for number, line in enumerate(lines, 2):
            place = {"position": number - 2, **_without_empty(line), "batch_id": batch_id}
            changes.append(Change("c", SupportLine.entity, op_id(group, number), number, place))
        self._commit(group, changes)
        return batch_id

    def set_shares(self, line_id: str, wanted: Sequence[tuple[str, int]]) -> SharesSet:
        """Give a line out: (household id, quantity) in the order of the list. Money is divided to the dong among the shares that
        were not handed over yet; those that were keep theirs.

        Households left out (or with quantity 0) lose their share. Raises "support.share_exceeds_line", and
        "support.share_already_received" when a share that was handed over would change.
        """
        line = self._found(SupportLine, line_id)
        batch = self._found(SupportBatch, line.batch_id)
        given = [(household, quantity) for household, quantity in wanted if quantity != 0]
        quantities = [quantity for _, quantity in given]
        refuse_excess(line.quantity, quantities, line.item_name, line.unit)
        if len({household for household, _ in given}) < len(given):
            raise KnownProblem("support.household_twice_in_line", item=line.item_name)
        old = {share.household_id: share for share in self._records.select(HouseholdShare, line_id=line_id)}
        money = _divide(line, given, old)
        group = self._records.new_group()
        changes = self._share_changes(group, line, batch, given, money, old)
        self._commit(group, changes)
        shares = tuple(self._records.select(HouseholdShare, line_id=line_id))
        return SharesSet(shares, {share.household_id: tuple(self.warnings(share.household_id, line)) for share in shares})

    def give_reason(self, share_id: str, reason: str) -> Saved:
        """Keep why a share is given although a warning stands; it is printed with the batch."""
        if not reason.strip():
            raise KnownProblem("support.reason_missing")
        return self._update(share_id, {"override_reason": reason.strip()})

    def hand_over(self, share_id: str, receipt: str, received_on: str | None = None, note: str | None = None) -> Saved:
        """Mark a share "signed", "fingerprint" or "absent" on an ISO day (today when absent). An unresolved warning must have
        its reason first ("support.reason_needed"); "absent" needs none.
        """
        if receipt not in RECEIPTS:
            raise ValueError(f"no such receipt: {receipt}")
        share = self._found(HouseholdShare, share_id)
        day = received_on or self._clock.today().isoformat()
        if day > self._clock.today().isoformat():
            raise KnownProblem("support.received_in_future")
        if receipt != "absent" and not share.override_reason and self.warnings(share.household_id, share.line_id):
            raise KnownProblem("support.reason_needed", receiver=share.receiver_name or "?")
        fields: dict[str, Any] = {"receipt": receipt, "received_on": None if receipt == "absent" else day}
        return self._update(share_id, fields if note is None else {**fields, "receipt_note": note})

    def take_back(self, share_id: str) -> Saved:
        """Undo a hand-over: the share waits again."""
        return self._update(share_id, {"receipt": "pending", "received_on": None})

    # --- inside ----------------------------------------------------------------------------------------------------

    def _share_changes(
        self,
        group: str,
        line: SupportLine,
        batch: SupportBatch,
        given: Sequence[tuple[str, int]],
        money: Sequence[dict[str, int]],
        old: Mapping[str, HouseholdShare],
    ) -> list[Change]:
        people = _People(self._records)
        changes: list[Change] = []
        for position, ((household, quantity), funding) in enumerate(zip(given, money, strict=True)):
            number = len(changes) + 1
            on_day = self._eligibility(household, batch).class_on_decision
            amounts = {"quantity": quantity, "funding": funding, "position": position, "class_on_decision": on_day}
            if household in old:
                changes += self._changed(old[household], amounts, number)
                continue
            owner = {"line_id": line.id, "batch_id": batch.id, "household_id": household, **people.receiver(household)}
            changes.append(Change("c", HouseholdShare.entity, op_id(group, number), number, _without_empty({**owner, **amounts})))
        kept = {household for household, _ in given}
        for household, share in old.items():
            if household not in kept:
                _refuse_received(share)
                changes.append(Change("d", HouseholdShare.entity, share.id, len(changes) + 1))
        return changes

    def _changed(self, share: HouseholdShare, amounts: Mapping[str, Any], number: int) -> list[Change]:
        fields = {name: value for name, value in amounts.items() if getattr(share, name) != value}
        if {"quantity", "funding"} & fields.keys():
            _refuse_received(share)
        seen = {name: getattr(share, name) for name in fields}
        return [Change("u", HouseholdShare.entity, share.id, number, fields, seen)] if fields else []

    def _update(self, share_id: str, fields: Mapping[str, Any]) -> Saved:
        share = self._found(HouseholdShare, share_id)
        seen = {name: getattr(share, name) for name in fields}
        return self._commit(self._records.new_group(), [Change("u", HouseholdShare.entity, share_id, 1, fields, seen)])

    def _commit(self, group: str, changes: Sequence[Change]) -> Saved:
        return self._records.save(Save(group, str(self._settings.get("officer", "")), self._records.base(), changes))

    def _eligibility(self, household_id: str, batch: SupportBatch) -> Eligibility:
        history = self._lists.class_history([household_id]).get(household_id, [])
        return eligibility(in_order(history), batch.decided_on, self._reference.newly_escaped_months)

    def _twice(self, household_id: str, line: SupportLine, batch: SupportBatch) -> list[SupportWarning]:
        kind = self._reference.kind(line.support_kind)
        is_house = kind is not None and kind.is_house
        kinds = [one.key for one in self._reference.support_kinds if one.is_house] if is_house else [line.support_kind]
        earlier = [Earlier(*found) for key in kinds for found in self._lists.shares_of_kind(household_id, key)]
        months = int(self._settings.get(WINDOW_SETTING, DEFAULT_WINDOW_MONTHS))
        return check_twice(earlier, line.id, batch.decided_on, is_house=is_house, window_months=months)

    def _line_sheet(self, line: SupportLine, people: _People) -> LineSheet:
        shares = self._records.select(HouseholdShare, line_id=line.id)
        quantity, money = remaining(line, shares)
        rows = tuple(
            ShareRow(share, people.head_name(share.household_id), people.village(share.household_id)) for share in shares
        )
        return LineSheet(line, rows, quantity, money)

    def _next_number(self, decided_on: str) -> str:
        """A proposal for the number of a batch in its year ("03/2026"); only a label, the officer may overwrite it."""
        year = decided_on[:4]
        count = sum(batch.decided_on.startswith(year) for batch in self._records.select(SupportBatch))
        return f"{count + 1:02d}/{year}"

    def _found(self, kind: type[R], record_id: str) -> R:
        record = self._records.get(kind, record_id)
        if record is None:
            raise KnownProblem("support.gone")
        return record


class _People:
    """Heads and villages of households, each read once."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._heads: dict[str, HouseholdMember | None] = {}
        self._villages = {village.id: village.name for village in records.select(Village)}

    def head(self, household_id: str) -> HouseholdMember | None:
        if household_id not in self._heads:
            members = self._records.select(HouseholdMember, household_id=household_id, presence="present")
            self._heads[household_id] = next(
                (one for one in members if one.relation_to_head == 1), members[0] if members else None
            )
        return self._heads[household_id]

    def head_name(self, household_id: str) -> str | None:
        head = self.head(household_id)
        return head.full_name if head else None

    def receiver(self, household_id: str) -> dict[str, Any]:
        head = self.head(household_id)
        return {"receiver_name": head.full_name, "receiver_member_id": head.id} if head else {}

    def village(self, household_id: str) -> str | None:
        household = self._records.get(Household, household_id)
        return self._villages.get(household.village_id or "") if household else None


def _without_empty(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, "")}


def _refuse_missing(code: str, fields: Mapping[str, Any], names: Sequence[str]) -> None:
    missing = [name for name in names if not fields.get(name)]
    if missing:
        raise KnownProblem(code, missing=", ".join(missing))


def _refuse_bad_line(line: Mapping[str, Any]) -> None:
    _refuse_missing("support.line_incomplete", line, ("support_kind", "item_name", "unit", "quantity"))
    amounts = [line["quantity"], *line.get("funding", {}).values()]
    if any(not isinstance(amount, int) or amount < 0 for amount in amounts):
        raise KnownProblem("support.not_whole", item=line["item_name"])


def _divide(line: SupportLine, given: Sequence[tuple[str, int]], old: Mapping[str, HouseholdShare]) -> list[dict[str, int]]:
    return divide(line, given, {share.household_id: share.funding for share in old.values() if share.receipt in HANDED_OVER})


def _refuse_received(share: HouseholdShare) -> None:
    if share.receipt in HANDED_OVER:
        raise KnownProblem("support.share_already_received", receiver=share.receiver_name or "?")
