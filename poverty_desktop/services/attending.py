"""Own changes that the province keeps aside: told with their reason, corrected and sent again, or given up (sync.md 3.17).

The province takes a Save as a whole or keeps it aside as a whole. So does the officer here: what is corrected is sent again as
one new Save of the values as they now stand, under new ids for records that the province never made; what is given up leaves the
screen as one, with the reason kept. The new operations name the old ones.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from poverty_desktop.domain.names import nfc
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import OfficerAccount, Record
from poverty_desktop.protocol.identity import is_id
from poverty_desktop.protocol.operations import Operation
from poverty_desktop.services.ports import Change, Drafts, Records, Save
from poverty_desktop.services.sending_again import changes_again, naming
from poverty_desktop.services.sync_wording import Wording


@dataclass(frozen=True)
class KeptAside:
    """An own operation in custody. `outcome` held or quarantined; `reason` the province's code, "" where it is not known here;
    `over` the field keys that were written again since."""

    operation: Operation
    outcome: str
    reason: str
    over: tuple[str, ...] = ()


@dataclass(frozen=True)
class Closed:
    """An own operation that never gets an effect: given up here, or withdrawn at the province. `by`: a user's id, the name of the
    province's operator, or "" for the province."""

    operation: Operation
    by: str
    why: str
    at: str


class Custody(Protocol):
    """The laptop's operations in the province's custody. On the lane that owns the file."""

    def count(self) -> int:
        """How many Saves need a person."""
        ...

    def kept_aside(self) -> list[KeptAside]:
        """In the order they were made, without those given up."""
        ...

    def closed(self, most: int) -> list[Closed]:
        """What was given up or withdrawn for a reason, newest first, up to `most` operations."""
        ...

    def related(self, groups: Collection[str], records: Collection[str]) -> list[Operation]:
        """Own operations not in the log yet that belong to these Saves or name these records, in the order they were made."""
        ...

    def give_up(self, operations: Sequence[Operation], reason: str, user: str, instead: Save | None) -> datetime:
        """They are shown no more, with who gave them up and why, and `instead` is saved; in one transaction."""
        ...


@dataclass(frozen=True)
class FieldSheet:
    """One value as it was sent; `now`, in words, where it was corrected since."""

    label: str
    sent: str
    now: str = ""


@dataclass(frozen=True)
class AttentionSheet:
    """One Save that the province keeps aside. `reason` is the province's code ("held": it waits for a record, "": not known).
    `entity` and `record_id` name the record at fault; `others` counts further records of the Save and what stands on them."""

    id: str
    title: str
    reason: str
    fields: tuple[FieldSheet, ...]
    who: str
    at: str
    entity: str
    record_id: str
    place: tuple[str, dict[str, str]] | None  # where it can be corrected: a place of the window and its facts
    others: int

    @property
    def corrected(self) -> bool:
        return any(field.now for field in self.fields)


@dataclass(frozen=True)
class ClosedSheet:
    """One Save that never gets an effect; what was typed stays readable."""

    id: str
    title: str
    fields: tuple[FieldSheet, ...]
    who: str  # decided it; "" for the province
    at: str
    why: str


class Attending:
    """Runs on the lane that owns the file."""

    def __init__(self, custody: Custody, records: Records, drafts: Drafts, wording: Wording, user: Callable[[], str]) -> None:
        self._custody, self._records, self._drafts, self._wording, self._user = custody, records, drafts, wording, user

    def count(self) -> int:
        return self._custody.count()

    def sheets(self) -> list[AttentionSheet]:
        """One for each Save, the oldest first; what needs a person before what only waits."""
        saves = self._saves()
        return sorted((self._sheet(group, kept) for group, kept in saves.items()), key=lambda sheet: sheet.reason == "held")

    def closed(self, most: int = 200) -> list[ClosedSheet]:
        """What was given up here or withdrawn at the province, newest first."""
        saves: dict[str, list[Closed]] = {}
        for one in self._custody.closed(most):
            saves.setdefault(one.operation.group, []).append(one)
        return [self._closed(group, closed) for group, closed in saves.items()]

    def send_again(self, group: str) -> datetime:
        """The Save and what stands on it, as it looks now, as one new Save. Raises `KnownProblem` attention.gone,
        attention.open_form."""
        operations = self._whole(group)
        if any(self._drafts.of(made) for made in _made(operations)):
            raise KnownProblem("attention.open_form")
        again, base = self._records.new_group(), self._records.base()
        changes = changes_again(operations, again, self._wording.record, self._naming(operations))
        instead = Save(again, self._user(), base, changes) if changes else None
        return self._custody.give_up(operations, "", self._user(), instead)

    def give_up(self, group: str, reason: str) -> datetime:
        """The Save and what stands on it are given up; the reason goes to the province too, where it knows the record.
        Raises `KnownProblem("attention.gone")`."""
        operations, why = self._whole(group), nfc(reason)
        return self._custody.give_up(operations, why, self._user(), self._told(operations, why))

    def send_corrected(self) -> int:
        """Before a round: what was corrected since is sent again. How many Saves."""
        corrected = dict.fromkeys(kept.operation.group for kept in self._custody.kept_aside() if kept.over)
        return sum(self._sent_again(group) for group in corrected)

    def _sent_again(self, group: str) -> bool:
        try:
            self.send_again(group)
        except KnownProblem as problem:
            if problem.code not in ("attention.gone", "attention.open_form"):
                raise
            return False  # it went with another, or its form is open: after that
        return True

    # --- inside ------------------------------------------------------------------------------------------------------

    def _saves(self) -> dict[str, list[KeptAside]]:
        saves: dict[str, list[KeptAside]] = {}
        for kept in self._custody.kept_aside():
            saves.setdefault(kept.operation.group, []).append(kept)
        return saves

    def _whole(self, group: str) -> list[Operation]:
        """The Save, and the Saves that stand on records it would have made: without them those are nothing."""
        if group not in {kept.operation.group for kept in self._custody.kept_aside()}:
            raise KnownProblem("attention.gone")
        groups, made = {group}, set[str]()
        while True:
            found = self._custody.related(groups, made)
            before = len(groups), len(made)
            groups, made = {one.group for one in found}, _made(found)
            if (len(groups), len(made)) == before:
                return found

    def _naming(self, operations: Sequence[Operation]) -> list[Record]:
        """What the province took although it names records that it never made."""
        return naming(self._records, _made(operations), {one.record_id for one in operations})

    def _told(self, operations: Sequence[Operation], reason: str) -> Save | None:
        """Said on a record that the province knows: one of those concerned, else the officer's own account."""
        made, user = _made(operations), self._user()
        known = [
            (one.entity, one.record_id)
            for one in operations
            if one.record_id not in made and self._wording.record(one.entity, one.record_id)
        ]
        known += [(one.entity, one.id) for one in self._records.select(OfficerAccount, user_id=user) if one.id not in made]
        if not known:
            return None
        group, (entity, record_id) = self._records.new_group(), known[0]
        closes = tuple(one.op for one in operations)
        return Save(group, user, self._records.base(), [Change("r", entity, record_id, 1, closes=closes, reason=reason)])

    def _closed(self, group: str, closed: Sequence[Closed]) -> ClosedSheet:
        first, wording = closed[0], self._wording
        fields = [
            FieldSheet(wording.label(one.operation.entity, key), wording.value(one.operation.entity, key, value))
            for one in closed for key, value in one.operation.fields.items() if shown(key)
        ]  # fmt: skip
        who = wording.writer(first.by) if is_id(first.by) else first.by
        title = wording.title(first.operation.entity, first.operation.record_id)
        return ClosedSheet(group, title, tuple(fields), who, first.at, first.why)

    def _sheet(self, group: str, kept: Sequence[KeptAside]) -> AttentionSheet:
        fault = next((one for one in kept if one.outcome == "quarantined" and one.reason != "held"), kept[0])
        operation = fault.operation
        whole = self._whole(group)
        records = {one.record_id for one in whole} | {one.id for one in self._naming(whole)}
        return AttentionSheet(
            id=group,
            title=self._wording.title(operation.entity, operation.record_id),
            reason=fault.reason if fault.outcome == "quarantined" else "held",
            fields=tuple(self._field(fault, key, value) for key, value in operation.fields.items() if shown(key)),
            who=self._wording.writer(operation.user),
            at=operation.at,
            entity=operation.entity,
            record_id=operation.record_id,
            place=self._place(operation),
            others=len(records - {operation.record_id}),
        )

    def _field(self, fault: KeptAside, key: str, sent: Any) -> FieldSheet:
        operation, wording = fault.operation, self._wording
        label = wording.label(operation.entity, key, operation.record_id)
        words = wording.value(operation.entity, key, sent, operation.record_id)
        if key not in fault.over:
            return FieldSheet(label, words)
        return FieldSheet(label, words, wording.value(operation.entity, key, self._now(operation, key), operation.record_id))

    def _now(self, operation: Operation, key: str) -> Any:
        record = self._wording.record(operation.entity, operation.record_id)
        name, dot, inner = key.partition(".")
        value = getattr(record, name, None)
        return value.get(inner) if dot and isinstance(value, dict) else value

    def _place(self, operation: Operation) -> tuple[str, dict[str, str]] | None:
        """Where the record is corrected; None where there is no such form."""
        record = self._wording.record(operation.entity, operation.record_id)
        if record is None:
            return None
        household = operation.record_id if operation.entity == "household" else getattr(record, "household_id", None)
        batch = operation.record_id if operation.entity == "support_batch" else getattr(record, "batch_id", None)
        if batch:
            return "support_batch", {"batch_id": batch}
        if household:
            return ("survey" if operation.entity == "survey" else "household"), {"household_id": household}
        return None


def shown(key: str) -> bool:
    """Ids and codes of machinery say nothing to a person."""
    return not key.endswith("_id") and key not in ("form_hash", "position")


def _made(operations: Sequence[Operation]) -> set[str]:
    return {one.record_id for one in operations if one.kind == "c"}
