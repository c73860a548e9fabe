"""A laptop in memory: what it holds on its disk, as the port of the real round wants it. A disk can be copied and put back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from poverty_desktop.protocol.carriage import cut
from poverty_desktop.protocol.chains import EMPTY, step
from poverty_desktop.protocol.digests import Sums, conflict_hash, record_hash
from poverty_desktop.protocol.identity import op_id
from poverty_desktop.protocol.laptop import Cursor, Enrolled, HistoryDiffers, Outgoing, Parts, Standing, TakenIn
from poverty_desktop.protocol.log import WITHDRAWN, LogEntry
from poverty_desktop.protocol.messages import Ack, Manifest, SnapRow
from poverty_desktop.protocol.operations import Operation
from poverty_desktop.protocol.packets import PacketHeader
from poverty_desktop.protocol.patches import patched, value_of
from poverty_desktop.protocol.recovery import OwnLane, moving, own_position, prunable
from poverty_desktop.protocol.salvaging import tells_all
from tests.model.province import SID

PENDING, ACCEPTED, CONFIRMED = 0, 3, 4
IN_CUSTODY = ("held", "quarantined")
OPERATIONS_A_PACKET = 3


Change = tuple[str, str, str, dict[str, Any]]
"""(kind, entity, record id or "" for a new one, fields)."""


@dataclass(frozen=True)
class Own:
    """An operation made here."""

    operation: Operation
    chain: bytes
    state: int = PENDING
    rev: int | None = None
    outcome: str = ""


@dataclass(frozen=True)
class LaneHere:
    inc: str
    last: int = 0
    chain: bytes = EMPTY
    acknowledged: int = 0
    stable: int = 0
    parent: str = ""
    parent_seq: int = 0


@dataclass(frozen=True)
class Received:
    """An entry of the log. `until`: of a dead history, the revision of the living one that holds what became of it."""

    epoch: int
    entry: LogEntry
    until: int | None = None


@dataclass(frozen=True)
class Packet(Outgoing):
    header: PacketHeader = field(default_factory=lambda: PacketHeader("push", SID, "", ""))
    operations: tuple[Operation, ...] = ()


@dataclass(frozen=True)
class Known:
    """A record as the province confirmed it."""

    entity: str
    body: Mapping[str, Any]
    deleted: bool = False


@dataclass(frozen=True)
class Form:
    """An open form: what it was opened on, and all that could be seen then."""

    record_id: str
    epoch: int
    rev: int
    own_seq: int
    bodies: Mapping[str, Mapping[str, Any]]  # of the records on the screen
    knew: frozenset[str]

    def shows(self, record_id: str, key: str) -> Any:
        return value_of(self.bodies.get(record_id, {}), key)


@dataclass
class Disk:
    """All that a backup of the laptop holds."""

    device: str
    lanes: dict[str, LaneHere]
    own: dict[tuple[str, int], Own] = field(default_factory=dict)
    cursor: Cursor = field(default_factory=lambda: Cursor(1, 0, EMPTY))
    received: list[Received] = field(default_factory=list)
    base: dict[str, Known] = field(default_factory=dict)
    open_conflicts: dict[str, bool] = field(default_factory=dict)
    stable_rev: int = 0
    packets: list[Packet] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    knows: frozenset[str] = frozenset()  # the onlooker's record of what was seen here; the protocol never reads it
    had: frozenset[str] = frozenset()  # the same, of operations that came as entries which tell all

    def copy(self) -> Disk:
        copied = {name: type(value)(value) for name, value in vars(self).items() if isinstance(value, (dict, list))}
        return replace(self, **copied)


class MemoryLaptop:
    """The port of `protocol.laptop.SyncStore` over a `Disk`."""

    def __init__(self, name: str, device: str, inc: str) -> None:
        self.name = name
        self.disk = Disk(device, {inc: LaneHere(inc)})
        self.backups: list[Disk] = []

    # --- saving ----------------------------------------------------------------------------------------------------

    @property
    def inc(self) -> str:
        return next(reversed(self.disk.lanes))

    @property
    def lane(self) -> LaneHere:
        return self.disk.lanes[self.inc]

    def working(self, record_id: str) -> Known | None:
        """What the officer sees: the base with own waiting operations on top."""
        known = self.disk.base.get(record_id)
        for own in self.disk.own.values():
            if own.operation.record_id == record_id and own.state < CONFIRMED:
                known = _with(known, own.operation)
        return known

    def records(self) -> list[str]:
        ids = dict.fromkeys([*self.disk.base, *(own.operation.record_id for own in self.disk.own.values())])
        return sorted(key for key in ids if self.working(key) is not None)

    def open(self, *record_ids: str) -> Form:
        """A form with these records on it; none: for a new one."""
        cursor = self.disk.cursor
        bodies = {key: dict(known.body) for key in record_ids if (known := self.working(key))}
        return Form(next(iter(bodies), ""), cursor.epoch, cursor.rev, self.lane.last, bodies, self.disk.knows)

    def write(self, form: Form, group: str, changes: Sequence[Change], closes: Sequence[str] = ()) -> None:
        """One Save."""
        for number, change in enumerate(changes):
            self._append(self._operation(form, group, number, change, closes))

    def _operation(self, form: Form, group: str, number: int, change: Change, closes: Sequence[str]) -> Operation:
        kind, entity, record_id, fields = change
        lane = self.lane
        seen = {key: form.shows(record_id, key) for key in fields} if kind != "c" else None
        return Operation(
            op=op_id(group, number), kind=kind, entity=entity, record_id=record_id or op_id(group, number),  # type: ignore[arg-type]
            base_epoch=form.epoch, base_rev=form.rev, not_seen=max(0, lane.last - form.own_seq), fields=fields,
            seen=seen or None, group=group, number=number, user=self.name, at="2026-11-24T00:00:00Z", skew=0, schema=1,
            closes=tuple(closes),
        )  # fmt: skip

    def _append(self, operation: Operation) -> None:
        lane = self.lane
        chain = step(lane.chain, operation.canonical())
        self.disk.own[lane.inc, lane.last + 1] = Own(operation, chain)
        self.disk.lanes[lane.inc] = replace(lane, last=lane.last + 1, chain=chain)
        self.disk.knows |= {operation.op}

    # --- SyncStore: where we stand ---------------------------------------------------------------------------------

    def enrolled(self) -> Enrolled:
        return Enrolled("", self.disk.device, self.inc, SID, "00000", True, b"", b"0" * 32)

    def standing(self) -> Standing:
        waiting = [own for own in self.disk.own.values() if own.state < ACCEPTED]
        lane = self.lane
        between = sum(own.state == ACCEPTED for own in self.disk.own.values())
        stable = (self.disk.stable_rev, lane.stable)
        return Standing(self.disk.cursor, lane.last, lane.chain, lane.acknowledged, len(waiting), 0, None, between, stable)

    def cursor(self) -> Cursor:
        return self.disk.cursor

    def lanes(self) -> list[OwnLane]:
        here = self.disk.lanes.values()
        return [OwnLane(one.inc, one.last, one.chain) for one in here if one.inc == self.inc or one.stable < one.last]

    def chain_at(self, incarnation: str, position: int) -> bytes | None:
        if position == 0:
            return EMPTY
        own = self.disk.own.get((incarnation, position))
        return own.chain if own else None

    def lane_chain(self, position: int) -> bytes | None:
        return self.chain_at(self.inc, position)

    def own_operations(self, first: int, last: int) -> list[Operation]:
        own = self.disk.own
        return [own[self.inc, seq].operation for seq in range(first, last + 1) if (self.inc, seq) in own]

    # --- going out -------------------------------------------------------------------------------------------------

    def next_packet(self, sign: object, most_bytes: int, taken: Sequence[str] = ()) -> Packet | None:
        lane = self.lane
        for packet in self.disk.packets:
            if packet.header.inc == lane.inc and packet.lane_from <= lane.acknowledged + 1 <= packet.lane_to:
                return packet
        first = lane.acknowledged + 1
        waiting = [self.disk.own[lane.inc, seq].operation for seq in range(first, lane.last + 1)]
        if not waiting:
            return None
        batch = next(iter(cut(waiting, OPERATIONS_A_PACKET * len(waiting[0].canonical()))))
        packet = self._sealed(lane, first, batch)
        self.disk.packets.append(packet)
        return packet

    def _sealed(self, lane: LaneHere, first: int, batch: Sequence[Operation]) -> Packet:
        last = first + len(batch) - 1
        prev, tail = self.chain_at(lane.inc, first - 1), self.chain_at(lane.inc, last)
        assert prev is not None
        assert tail is not None
        header = PacketHeader(
            "push", SID, self.disk.device, lane.inc, first, last, prev.hex(), tail.hex(), n=len(batch), parent=lane.parent,
            parent_seq=lane.parent_seq,
        )  # fmt: skip
        name = hashlib.sha256(f"{lane.inc}.{first}.{tail.hex()}".encode()).hexdigest()
        return Packet(name, b"", len(batch), first, last, header, tuple(batch))

    def accepted(self, packet_id: str, ack: Ack) -> dict[str, int]:
        for first, last, rev, outcome in ack.runs:
            for seq in range(first, last + 1):
                self._mark(self.inc, seq, ACCEPTED, rev + seq - first, outcome)
        for result in ack.results:
            state = CONFIRMED if result.outcome == "duplicate" and (result.rev or 0) <= self.disk.cursor.rev else ACCEPTED
            self._mark(self.inc, result.seq, state, result.rev, result.outcome)
        self._acknowledge(self.inc, ack.lane.last)
        return {}

    def _mark(self, inc: str, seq: int, state: int, rev: int | None, outcome: str) -> None:
        own = self.disk.own.get((inc, seq))
        if own is None:
            return
        kept = outcome if outcome and not (outcome == "duplicate" and own.outcome) else own.outcome
        self.disk.own[inc, seq] = replace(own, state=max(own.state, state), rev=rev or own.rev, outcome=kept)

    def _acknowledge(self, inc: str, position: int) -> int:
        lane = self.disk.lanes[inc]
        settled = 0
        for seq in range(1, position + 1):
            own = self.disk.own.get((inc, seq))
            if own is not None and own.state < ACCEPTED:
                self.disk.own[inc, seq] = replace(own, state=ACCEPTED)
                settled += 1
        self.disk.lanes[inc] = replace(lane, acknowledged=position)
        self.disk.packets = [one for one in self.disk.packets if one.header.inc != inc or one.lane_to > position]
        return settled

    def settle(self, common: Mapping[str, int]) -> int:
        settled = 0
        for inc, position in common.items():
            settled += self._acknowledge(inc, position)
            self.disk.packets = [one for one in self.disk.packets if one.header.inc != inc or one.lane_from <= position + 1]
            self._wait_after(inc, position)
        return settled

    def _wait_after(self, inc: str, position: int) -> None:
        for (lane, seq), own in list(self.disk.own.items()):
            if lane == inc and seq > position and own.state >= ACCEPTED:
                self.disk.own[lane, seq] = replace(own, state=PENDING, rev=None, outcome="")

    def rotate(self, common: Mapping[str, int], incarnation: str) -> None:
        lanes, current = self.lanes(), self.lane
        moved = [(one, self.disk.own.pop((one.inc, one.seq))) for one in moving(lanes, dict(common))]
        for lane in lanes:
            chain = self.chain_at(lane.inc, common[lane.inc])
            assert chain is not None
            here = self.disk.lanes[lane.inc]
            self.disk.lanes[lane.inc] = replace(here, last=common[lane.inc], chain=chain, acknowledged=common[lane.inc])
        self.settle(common)
        only_ours = all(one.inc == current.inc for one, _ in moved)
        parent = (current.inc, common[current.inc]) if only_ours else ("", 0)
        self.disk.lanes[incarnation] = LaneHere(incarnation, parent=parent[0], parent_seq=parent[1])
        for _, own in moved:
            self._append(own.operation)
        left = common[current.inc]
        self.disk.forms = [replace(form, own_seq=own_position(form.own_seq, left)) for form in self.disk.forms]

    def keep_stable(self, rev: int, positions: Mapping[str, int]) -> None:
        disk = self.disk
        disk.stable_rev = max(disk.stable_rev, rev)
        for inc, position in positions.items():
            lane = disk.lanes[inc]
            disk.lanes[inc] = replace(lane, stable=max(lane.stable, position))
        for (inc, seq), own in list(disk.own.items()):
            stable = disk.lanes[inc].stable
            if own.state >= CONFIRMED and prunable(seq, stable) and seq < stable:
                del disk.own[inc, seq]
        disk.received = [one for one in disk.received if (one.entry.rev if one.until is None else one.until) > disk.stable_rev]

    # --- coming in -------------------------------------------------------------------------------------------------

    def take_in(self, epoch: int, entries: Sequence[LogEntry]) -> TakenIn:
        disk, rev, chain = self.disk, self.disk.cursor.rev, self.disk.cursor.chain
        for entry in entries:
            if entry.rev != rev + 1:
                raise HistoryDiffers("a hole")
            rev, chain = entry.rev, step(chain, entry.canonical())
            self._take(entry)
            disk.received.append(Received(epoch, entry))
        disk.cursor = Cursor(epoch, rev, chain)
        return TakenIn(len(entries))

    def _take(self, entry: LogEntry) -> None:
        disk = self.disk
        disk.knows |= {entry.op}
        disk.had |= {entry.op} if tells_all(entry) else set()
        if entry.effect or entry.deleted is not None:
            before = disk.base.get(entry.record_id) or Known(entry.entity, {})
            deleted = before.deleted if entry.deleted is None else entry.deleted
            disk.base[entry.record_id] = Known(entry.entity, patched(before.body, entry.effect), deleted)
        disk.open_conflicts |= {conflict.cid: True for conflict in entry.conflicts} | dict.fromkeys(entry.closed, False)
        if entry.why == WITHDRAWN:
            self._withdraw(entry.op)
            return
        state = ACCEPTED if entry.outcome in IN_CUSTODY else CONFIRMED
        for (inc, seq), own in list(disk.own.items()):
            if own.operation.op == entry.op:
                own = replace(own, outcome=entry.outcome, rev=entry.rev, state=max(own.state, state))
                disk.own[inc, seq] = own

    def _withdraw(self, op: str) -> None:
        """It is shown no more; kept, as everything is, until a backup holds it."""
        for key, own in list(self.disk.own.items()):
            if own.operation.op == op and own.state >= ACCEPTED:
                self.disk.own[key] = replace(own, outcome=WITHDRAWN, state=CONFIRMED)

    def caught_up(self, rev: int) -> None:
        for (inc, seq), own in list(self.disk.own.items()):
            if own.state == ACCEPTED and own.outcome not in IN_CUSTODY and (own.rev or 0) <= rev:
                self.disk.own[inc, seq] = replace(own, state=CONFIRMED)

    def salvage(self, most_bytes: int) -> Iterator[tuple[int, list[LogEntry]]]:
        for epoch in dict.fromkeys(one.epoch for one in self.disk.received):
            yield epoch, [one.entry for one in self.disk.received if one.epoch == epoch]

    def take_snapshot(self, manifest: Manifest, parts: Parts, common: Mapping[str, int]) -> None:
        disk = self.disk
        base, conflicts = {}, {}
        for row in (row for part in parts for page in part for row in page.rows()):
            if row.entity == "conflict":
                conflicts[row.record_id] = row.body["state"] == "open"
            else:
                base[row.record_id] = Known(row.entity, row.body, row.deleted)
        if _sums(base, conflicts).digest != manifest.digest:
            raise HistoryDiffers("the rows do not give the digest")
        disk.base, disk.open_conflicts = base, conflicts
        if disk.cursor.epoch == manifest.epoch:
            keep = [one for one in disk.received if one.until is not None or one.entry.rev <= manifest.rev]
        else:
            keep = [replace(one, until=manifest.rev) for one in disk.received]
        disk.received = keep
        disk.cursor = Cursor(manifest.epoch, manifest.rev, bytes.fromhex(manifest.chain))
        disk.stable_rev = min(disk.stable_rev, manifest.rev)
        for inc, position in common.items():
            within = min(position, manifest.lanes.get(inc, 0))
            self.settle({inc: within})
        for key, own in list(disk.own.items()):
            if own.state >= ACCEPTED:
                held = own.operation.op in manifest.custody
                disk.own[key] = replace(own, state=ACCEPTED if held else CONFIRMED, outcome="quarantined" if held else "applied")
        for op, *_ in manifest.withdrawn:
            self._withdraw(op)

    def sums(self) -> Sums:
        return _sums(self.disk.base, self.disk.open_conflicts)

    def replace(self, rev: int, buckets: Sequence[int], rows: Sequence[SnapRow]) -> None:
        raise AssertionError("two stores differ: a repair is never needed where there is no bug")


def _with(known: Known | None, operation: Operation) -> Known | None:
    if operation.kind == "c":
        return Known(operation.entity, patched({}, operation.fields))
    if known is None:
        return None
    deleted = {"d": True, "z": False}.get(operation.kind, known.deleted)
    return replace(known, body=patched(known.body, operation.fields), deleted=deleted)


def _sums(base: Mapping[str, Known], conflicts: Mapping[str, bool]) -> Sums:
    sums = Sums()
    for key, known in base.items():
        sums.change(key, 0, record_hash(known.entity, key, known.body, known.deleted))
    for cid, is_open in conflicts.items():
        sums.change(cid, 0, conflict_hash(cid, is_open))
    return sums
