"""A province in memory: the real core of one stream over plain dictionaries, which a test can copy and put back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from poverty_desktop.domain import merge_rules
from poverty_desktop.protocol import stream as core
from poverty_desktop.protocol.application import runs
from poverty_desktop.protocol.chains import EMPTY
from poverty_desktop.protocol.digests import Sums
from poverty_desktop.protocol.epochs import Origin, shared
from poverty_desktop.protocol.lanes import Lane
from poverty_desktop.protocol.log import WITHDRAWN, ConflictEntry, LogBatch, LogEntry
from poverty_desktop.protocol.merging import RecordState, Rules
from poverty_desktop.protocol.messages import Ack, Manifest, SnapRow, Stable, StreamPosition, StreamState
from poverty_desktop.protocol.operations import Operation
from poverty_desktop.protocol.packets import PacketHeader
from poverty_desktop.protocol.positions import cursor_state, lane_state
from poverty_desktop.protocol.salvaging import take_salvage
from poverty_desktop.protocol.snap_pages import FORMAT
from poverty_desktop.protocol.staged import Author, Checks, Decision, HeldRow, LogRow
from poverty_desktop.protocol.still import is_expected, mark_here
from poverty_desktop.protocol.stream_store import Arrived, Change, Head, LaneRow

SID = "00000000-0000-7000-8000-000000000001"
POISON = "poison"
NOW = "2026-11-24T00:00:00Z"
RULES = Rules(merge_rules.field_class, merge_rules.merge_group, merge_rules.climbs)


class Crash(Exception):
    """What a poisoned operation does to its handler."""


def _check(operation: Operation) -> str:
    if operation.entity == POISON:
        raise Crash
    return ""


CHECKS = Checks(_check, lambda entity, record_id, body: "", lambda operation, error: None)


@dataclass
class Tables:
    """All that a backup holds."""

    epoch: int = 1
    log: list[LogRow] = field(default_factory=list)
    lanes: dict[int, Lane] = field(default_factory=dict)
    lane_rows: dict[int, dict[int, LaneRow]] = field(default_factory=dict)
    records: dict[str, RecordState] = field(default_factory=dict)
    conflicts: dict[str, tuple[ConflictEntry, bool]] = field(default_factory=dict)
    custody: dict[str, HeldRow] = field(default_factory=dict)
    answers: dict[str, Ack] = field(default_factory=dict)
    parked: dict[str, tuple[int, Arrived]] = field(default_factory=dict)
    sums: Sums = field(default_factory=Sums)
    living: int = 0

    def copy(self) -> Tables:
        """Rows are values, so the containers are enough."""
        copied = {name: type(value)(value) for name, value in vars(self).items() if isinstance(value, (dict, list))}
        rows = {number: dict(rows) for number, rows in self.lane_rows.items()}
        custody = {op: replace(row) for op, row in self.custody.items()}
        return replace(self, **copied | {"lane_rows": rows, "custody": custody, "sums": Sums.from_wire(self.sums.wire())})


class MemoryStream:
    """`StreamStore` over `Tables`. `marks`: what the oldest backup in rotation holds."""

    def __init__(self) -> None:
        self.tables = Tables()
        self.backups: list[Tables] = []
        self.origins: dict[int, Origin] = {}  # the guard: outside every backup
        self.newest_epoch = 1

    # --- reads -----------------------------------------------------------------------------------------------------

    def head(self) -> Head:
        t = self.tables
        return Head(SID, t.epoch, len(t.log), t.log[-1].chain if t.log else EMPTY, t.living)

    def sums(self) -> Sums:
        return Sums.from_wire(self.tables.sums.wire())

    def load_records(self, ids: Iterable[str]) -> None:
        pass

    def record(self, record_id: str) -> RecordState | None:
        return self.tables.records.get(record_id)

    def author(self, rev: int) -> Author:
        operation = self.tables.log[rev - 1].item.operation
        return Author(operation.op, operation.group, operation.user, operation.at)

    def operation(self, rev: int) -> Operation:
        return self.tables.log[rev - 1].item.operation

    def places(self, op: str) -> list[tuple[int, int]]:
        return [(number, seq) for number, rows in self.tables.lane_rows.items() for seq, row in rows.items() if row.op == op]

    def open_conflicts(self, cids: Iterable[str]) -> set[str]:
        return {cid for cid in cids if cid in self.tables.conflicts and self.tables.conflicts[cid][1]}

    def waiting(self) -> list[HeldRow]:
        return [replace(row, new=False) for row in self.tables.custody.values() if row.open and row.waits_for]

    def kept(self, ops: Iterable[str]) -> list[HeldRow]:
        groups = {row.item.operation.group for op in ops if (row := self.tables.custody.get(op))}
        rows = self.tables.custody.values()
        return [replace(row, new=False) for row in rows if row.open and row.item.operation.group in groups]

    def shared(self, epoch: int) -> int | None:
        return shared(self.origins, epoch, self.tables.epoch)

    def known_operations(self, ids: Iterable[str]) -> dict[str, int]:
        wanted = set(ids)
        rows = self.tables.log
        return {row.item.operation.op: row.entry.rev for row in rows if not row.entry.replay and row.item.operation.op in wanted}

    def operations(self, ids: Iterable[str]) -> dict[str, Operation]:
        wanted, log = set(ids), self.tables.log
        return {row.item.operation.op: row.item.operation for row in log if row.item.operation.op in wanted}

    def chain_of_rev(self, rev: int) -> bytes | None:
        if rev == 0:
            return EMPTY
        return self.tables.log[rev - 1].chain if rev <= len(self.tables.log) else None

    def answer(self, packet: str) -> Ack | None:
        return self.tables.answers.get(packet)

    def stable(self, lane: int) -> Stable | None:
        """Only when every kept backup has it: whichever of them comes back, nothing is missing."""
        if not self.backups:
            return None
        ours = self.tables.lanes[lane]
        seq, rev = ours.last, len(self.tables.log)
        for backup in self.backups:
            there = next((one for one in backup.lanes.values() if (one.dev, one.inc) == (ours.dev, ours.inc)), None)
            common = _common(self.tables, backup)
            seq = min(seq, there.last if there and _same_lane(self.tables, ours, backup, there) else 0)
            rev = min(rev, common)
        return Stable(rev=rev, lane_seq=seq)

    # --- lanes -----------------------------------------------------------------------------------------------------

    def find(self, dev: str, inc: str) -> Lane | None:
        return next((lane for lane in self.tables.lanes.values() if (lane.dev, lane.inc) == (dev, inc)), None)

    def get(self, number: int) -> Lane:
        return self.tables.lanes[number]

    def branches(self, number: int) -> list[Lane]:
        return [lane for lane in self.tables.lanes.values() if lane.branch and lane.parent == number]

    def chain_at(self, number: int, seq: int) -> bytes | None:
        row = self.tables.lane_rows.get(number, {}).get(seq)
        return row.chain if row else None

    def add(self, lane: Lane) -> Lane:
        lane = replace(lane, number=len(self.tables.lanes) + 1)
        self.tables.lanes[lane.number] = lane
        self.tables.lane_rows[lane.number] = {}
        return lane

    # --- writes ----------------------------------------------------------------------------------------------------

    def keep_answer(self, packet: str, ack: Ack) -> None:
        self.tables.answers[packet] = ack

    def write(self, change: Change, received: str) -> None:
        t, staged = self.tables, change.staged
        t.log += staged.log
        t.records |= staged.records
        t.conflicts |= {cid: (entry, True) for cid, entry in staged.conflicts.items()}
        for cid in staged.closed:
            t.conflicts[cid] = (t.conflicts[cid][0], False)
        t.custody |= {op: replace(row, new=False) for op, row in staged.custody.items()}
        t.sums, t.living = change.sums, change.living
        if change.rows:
            t.lane_rows[change.lane.number] |= {row.seq: row for row in change.rows}
            newest = max(change.rows, key=lambda row: row.seq)
            if newest.seq > change.lane.last:
                t.lanes[change.lane.number] = replace(t.lanes[change.lane.number], last=newest.seq, chain=newest.chain)

    def park(self, arrived: Arrived, lane: Lane) -> None:
        self.tables.parked.setdefault(arrived.id, (lane.number, arrived))

    def parked(self, lane: int) -> list[Arrived]:
        return [arrived for number, arrived in self.tables.parked.values() if number == lane]

    def unpark(self, packet: str) -> None:
        del self.tables.parked[packet]

    # --- what a laptop reads ---------------------------------------------------------------------------------------

    def batch(self, epoch: int, after: int, most: int, own_lane: int | None) -> LogBatch:
        """About `most` entries after a cursor, ending where a Save ends."""
        t, rows = self.tables, []
        for row in t.log[after:]:
            if len(rows) >= most and row.item.operation.group != rows[-1].item.operation.group:
                break
            rows.append(row)
        head = self.head()
        to = after + len(rows)
        own = [(row.item.seq, row.entry.rev) for row in rows if row.plain and row.item.lane == own_lane]
        foreign = [row.entry for row in rows if not (row.plain and row.item.lane == own_lane)]
        before, tail = self.chain_of_rev(after), self.chain_of_rev(to)
        assert before is not None
        assert tail is not None
        return LogBatch(
            sid=SID, epoch=epoch, after=after, to=to, head=head.rev, prev=before.hex(), tail=tail.hex(), lane=own_lane,
            own=runs(own), entries=foreign, digest=self.digest if to == head.rev else None,
        )  # fmt: skip

    @property
    def digest(self) -> str:
        return self.tables.sums.digest

    def manifest(self, device: str) -> Manifest:
        head, t = self.head(), self.tables
        lanes = {lane.inc: lane.last for lane in t.lanes.values() if lane.dev == device}
        numbers = {lane.number for lane in t.lanes.values() if lane.dev == device}
        custody = [op for op, row in t.custody.items() if row.open and numbers & {number for number, _ in self.places(op)}]
        return Manifest(
            sid=SID, epoch=head.epoch, rev=head.rev, chain=head.chain.hex(), digest=self.digest, rows=0, parts=[], lanes=lanes,
            custody=custody, withdrawn=self._withdrawn(numbers), format=FORMAT,
        )  # fmt: skip

    def _withdrawn(self, lanes: set[int]) -> list[tuple[str, str, str, str]]:
        entries = [row.entry for row in self.tables.log if row.entry.why == WITHDRAWN]
        return [(one.op, "", "", "") for one in entries if lanes & {number for number, _ in self.places(one.op)}]

    def withdraw(self, ops: Sequence[str]) -> None:
        core.withdraw(self, self.kept(ops), Decision("người phụ trách", "thôi", NOW), NOW, RULES, CHECKS)

    def rows(self, _manifest: Manifest) -> list[SnapRow]:
        t = self.tables
        found = [
            SnapRow(entity=state.entity, record_id=key, rev=0, deleted=state.deleted_rev is not None, body=dict(state.body),
                    meta=dict(state.meta))
            for key, state in t.records.items()
        ]  # fmt: skip
        for cid, (entry, is_open) in t.conflicts.items():
            body = entry.record() | {"state": "open" if is_open else "resolved"}
            found.append(SnapRow(entity="conflict", record_id=cid, rev=0, body=body, meta={}))
        return found

    def is_expected(self, packet: str, header: PacketHeader, cursor: tuple[int, int, str]) -> bool:
        return is_expected(self, packet, header, cursor)

    def mark(self, device: str, incarnation: str) -> str:
        lane = self.find(device, incarnation)
        stable = self.stable(lane.number) if lane else None
        return mark_here(self, device, incarnation, stable.rev if stable else None)

    def greeted(self, device: str, incarnation: str, position: StreamPosition) -> StreamState:
        head = self.head()
        lane = lane_state(self, device, incarnation, position.lane)
        closed = [lane_state(self, device, inc, (last, chain)) for inc, last, chain in position.closed]
        numbers = [one.number for one in [*closed, lane] if one.number is not None]
        stable = [mark for number in numbers if (mark := self.stable(number))]
        return StreamState(
            sid=SID, head=head.rev, cursor=self.cursor_state(position.cursor), epoch=head.epoch, lane=lane,  # type: ignore[arg-type]
            closed=closed, digest=self.digest, stable_rev=stable[0].rev if stable else None,
        )  # fmt: skip

    def cursor_state(self, cursor: tuple[int, int, str]) -> str:
        return cursor_state(self, cursor)

    # --- disasters -------------------------------------------------------------------------------------------------

    def backup(self) -> None:
        """The newest two are in rotation."""
        self.backups = [*self.backups[-1:], self.tables.copy()]

    def restore(self, place: int) -> None:
        """A backup is put back and adopted: one more epoch, which begins where the backup ends. The count of epochs itself
        stands in the guard outside the database."""
        backup = self.backups[place]
        self.newest_epoch += 1
        self.origins[self.newest_epoch] = Origin(backup.epoch, len(backup.log))
        self.tables = backup.copy()
        self.tables.epoch = self.newest_epoch

    def entries(self) -> list[LogEntry]:
        return [row.entry for row in self.tables.log]

    def salvage(self, epoch: int, entries: Sequence[LogEntry]) -> int:
        return take_salvage(self, epoch, entries, NOW, RULES, CHECKS)

    def take_abandoned(self, arrived: Arrived) -> None:
        core.take_abandoned(self, arrived, RULES, CHECKS)

    def take(self, arrived: Arrived) -> Ack | core.Gap | core.Fork:
        return core.take_packet(self, arrived, RULES, CHECKS)


def _common(now: Tables, backup: Tables) -> int:
    """Up to where the log of the backup is the log of today."""
    common = 0
    for ours, theirs in zip(now.log, backup.log, strict=False):
        if ours.chain != theirs.chain:
            break
        common += 1
    return common


def _same_lane(now: Tables, ours: Lane, backup: Tables, theirs: Lane) -> bool:
    if theirs.last == 0:
        return True
    row = now.lane_rows[ours.number].get(theirs.last)
    return row is not None and row.chain == theirs.chain
