"""One packet on its way into one lane: known operations told apart, the rest staged, lane and sums carried on (sync.md 3.6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from poverty_desktop.protocol.carriage import by_group
from poverty_desktop.protocol.digests import Sums, conflict_hash, record_hash
from poverty_desktop.protocol.lanes import Lane
from poverty_desktop.protocol.merging import RecordState, Rules
from poverty_desktop.protocol.messages import Ack, LaneMark, Result
from poverty_desktop.protocol.reused import told_apart
from poverty_desktop.protocol.staged import Checks, HeldRow, Item, LogRow, Staged
from poverty_desktop.protocol.staging import Staging
from poverty_desktop.protocol.stream_store import Arrived, Change, LaneRow, StreamStore


class Application:
    """One packet on its way into one lane."""

    def __init__(self, store: StreamStore, lane: Lane, rules: Rules, checks: Checks) -> None:
        self._store, self._lane = store, lane
        head = store.head()
        self._head = head
        self.staging = Staging(store, store, rules, checks, head=head.rev, chain=head.chain)
        self._revs: dict[str, int] = {}  # op id -> rev, of all that the stream holds or now gets
        self._duplicates: list[Item] = []
        self._items: list[Item] = []

    def run(self, items: Sequence[Item], refused: str) -> None:
        store = self._store
        store.load_records(item.operation.record_id for item in items)
        self._revs = store.known_operations([item.operation.op for item in items])
        if self._revs:
            items = told_apart(items, store.operations(self._revs))
            self._revs |= store.known_operations([item.operation.op for item in items if item.sent_as])
        by_operation = {id(item.operation): item for item in items}
        for item in items:
            self.staging.stand(item)
        for group in by_group(item.operation for item in items):
            harmless = refused == "brake" and not any(operation.kind == "d" for operation in group)
            self._take([by_operation[id(operation)] for operation in group], "" if harmless else refused)
        self._items = list(items)

    def _take(self, items: Sequence[Item], refused: str) -> None:
        fresh = []
        for item in items:
            if item.operation.op in self._revs:
                self._duplicates.append(item)
            else:
                self._revs[item.operation.op] = 0
                fresh.append(item)
        if not fresh:
            return
        first = len(self.staging.staged.log)
        self.staging.take(fresh, refused=refused)
        for row in self.staging.staged.log[first:]:
            if not row.entry.replay:
                self._revs[row.item.operation.op] = row.entry.rev

    def write(self, chains: Mapping[int, bytes], received: str) -> None:
        """The lane always advances, whatever became of its operations."""
        rows = [LaneRow(i.seq, i.operation.op, self._revs[i.operation.op], chains[i.seq]) for i in self._items]
        staged = self.staging.staged
        sums, living = _counted(self._store, staged, self._head.living)
        change = Change(staged, self.staging.head, self.staging.chain, sums, self._lane, rows, living)
        self._store.write(change, received)

    def ack(self, arrived: Arrived) -> Ack:
        own = [row for row in self.staging.staged.log if not row.entry.replay]
        results = [_result(row, self.staging.staged) for row in own if not row.plain]
        results += [
            Result(seq=i.seq, op=i.sent_id, rev=self._revs[i.operation.op], outcome="duplicate") for i in self._duplicates
        ]
        lane = self._store.get(self._lane.number)
        return Ack(
            packet=arrived.id,
            sid=arrived.header.sid,
            epoch=self._head.epoch,
            lane=LaneMark(last=lane.last, chain=lane.chain.hex(), number=lane.number),
            runs=[(*run, "applied") for run in runs((row.item.seq, row.entry.rev) for row in own if row.plain)],
            results=sorted(results, key=lambda result: result.seq),
            stable=self._store.stable(lane.number),
            received=arrived.received,
        )


def _counted(store: StreamStore, staged: Staged, living: int) -> tuple[Sums, int]:
    """The sums and the number of living records after these changes."""
    sums = store.sums()
    for record_id, state in staged.records.items():
        before = store.record(record_id)
        sums.change(record_id, state_hash(record_id, before), state_hash(record_id, state))
        living += _lives(state) - _lives(before)
    for cid in {*staged.conflicts, *staged.closed}:
        was = 0 if cid in staged.conflicts else conflict_hash(cid, True)
        sums.change(cid, was, conflict_hash(cid, cid not in staged.closed))
    return sums, living


def state_hash(record_id: str, state: RecordState | None) -> int:
    if state is None:
        return 0
    return record_hash(state.entity, record_id, state.body, state.deleted_rev is not None)


def _lives(state: RecordState | None) -> bool:
    return state is not None and state.deleted_rev is None


def runs(places: Iterable[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """[from seq, to seq, first rev] of (seq, rev) pairs in order: a run goes on while both grow by one."""
    found: list[list[int]] = []
    for seq, rev in places:
        if found and seq == found[-1][1] + 1 and rev == found[-1][2] + seq - found[-1][0]:
            found[-1][1] = seq
        else:
            found.append([seq, seq, rev])
    return [(first, last, rev) for first, last, rev in found]


def _result(row: LogRow, staged: Staged) -> Result:
    entry, op = row.entry, row.item.operation.op
    custody: HeldRow | None = staged.custody.get(op)
    return Result(
        seq=entry.seq,
        op=row.item.sent_id,
        rev=entry.rev,
        outcome=entry.outcome,
        conflicts=[conflict.cid for conflict in entry.conflicts],
        reason=custody.reason if custody else None,
        waits_for=custody.waits_for if custody else None,
    )
