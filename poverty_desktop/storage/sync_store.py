"""The laptop's side of synchronisation in the encrypted file (`services.sync_ports.SyncStore`; sync.md 3.12, 3.13, 3.28).

Written with the driver. Each method is one transaction, so a kill between any two leaves nothing to undo: what was sealed is
sealed again as the same bytes, what was accepted is told by the province's lane position, what was taken in is in the cursor.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.protocol.carriage import cut
from poverty_desktop.protocol.chains import EMPTY, step
from poverty_desktop.protocol.log import LogEntry
from poverty_desktop.protocol.messages import Ack
from poverty_desktop.protocol.operations import Operation
from poverty_desktop.protocol.packets import PacketHeader, PacketRefused, SealedPacket, group_lines, seal
from poverty_desktop.services.sync_backoff import Retry
from poverty_desktop.services.sync_ports import (
    Cursor,
    Enrolled,
    HistoryDiffers,
    Outgoing,
    Places,
    RoundReport,
    Sign,
    Standing,
    TakenIn,
)
from poverty_desktop.storage import sync_rounds
from poverty_desktop.storage.applying import Applier
from poverty_desktop.storage.engine import Database
from poverty_desktop.storage.sync_tables import UNBOUND, OpState

RAW_BYTES = 4 << 20  # canonical bytes that go into one packet at the most, so that memory is bound by the packet
_BOUND_TO_STREAM = ("sync_op", "sync_lane", "sync_rec", "sync_packet", "sync_inlog", "sync_bucket")
_OPEN, _DONE = 0, 1  # states of a packet
_OURS = "inc = (SELECT inc FROM sync_lane WHERE closed = 0)"
_ENROLLED = """
SELECT d.server, d.id, d.inc, s.sid, d.commune_code, d.practice, d.province_key, d.private_key
  FROM sync_device d JOIN sync_stream s ON s.kind = 'commune'"""


class SqliteSyncStore:
    """`SyncStore` on the tables of `sync_tables`. Owned by the storage lane."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- who we are ------------------------------------------------------------------------------------------------------

    def enrolled(self) -> Enrolled | None:
        row = self._database.row(_ENROLLED)
        if row is None:
            return None
        server, device, incarnation, stream, commune_code, practice, province_key, private_key = row
        keys = {"province_key": bytes(province_key), "private_key": bytes(private_key)}
        return Enrolled(server, device, incarnation, stream, commune_code, bool(practice), **keys)

    def incarnation(self) -> str:
        return str(self._database.value("SELECT inc FROM sync_lane WHERE closed = 0"))

    def adopt(self, enrolled: Enrolled, epoch: int) -> None:
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO sync_device (id, inc, server, practice, commune_code, province_key, private_key, created_at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, strftime('%Y-%m-%dT%H:%M:%SZ'))",
                (enrolled.device, enrolled.incarnation, enrolled.server, int(enrolled.practice), enrolled.commune_code,
                 enrolled.province_key, enrolled.private_key),
            )  # fmt: skip
            connection.execute("UPDATE sync_stream SET sid = ?, epoch = ? WHERE sid = ?", (enrolled.stream, epoch, UNBOUND))
            for table in _BOUND_TO_STREAM:
                connection.execute(f"UPDATE {table} SET sid = ? WHERE sid = ?", (enrolled.stream, UNBOUND))

    def move(self, server: str) -> None:
        with self._database.transaction() as connection:
            connection.execute("UPDATE sync_device SET server = ?", (server,))

    @property
    def _sid(self) -> str:
        return str(self._database.value("SELECT sid FROM sync_stream WHERE kind = 'commune'"))

    # --- where we stand --------------------------------------------------------------------------------------------------

    def standing(self) -> Standing:
        epoch, rev, chain = self._one("SELECT epoch, rev, chain FROM sync_stream WHERE kind = 'commune'")
        last, lane_chain, acked = self._one("SELECT last_seq, chain, acked_seq FROM sync_lane WHERE closed = 0")
        waiting, size, oldest = self._one(
            "SELECT count(*), coalesce(sum(length(CAST(body AS BLOB))), 0), min(at) FROM sync_op WHERE state < 3"
        )
        return Standing(Cursor(epoch, rev, bytes(chain)), last, bytes(lane_chain), acked, waiting, size, oldest)

    def places(self) -> Places:
        counts: Counter[int] = Counter(dict(self._database.rows("SELECT state, count(*) FROM sync_op GROUP BY state")))
        return Places(
            on_laptop=counts[OpState.PENDING],
            handed_on=counts[OpState.SEALED] + counts[OpState.CUSTODY],
            in_province=counts[OpState.ACCEPTED] + counts[OpState.CONFIRMED],
            safe=counts[OpState.STABLE],
        )

    def own_operations(self, first: int, last: int) -> list[Operation]:
        rows = self._database.rows(
            f"SELECT body FROM sync_op WHERE {_OURS} AND seq BETWEEN ? AND ? ORDER BY seq",
            (first, last),
        )
        return [Operation.from_wire(json.loads(row[0])) for row in rows]

    def lane_chain(self, position: int) -> bytes | None:
        if position == 0:
            return EMPTY
        chain = self._database.value(f"SELECT chain FROM sync_op WHERE {_OURS} AND seq = ?", (position,))
        return None if chain is None else bytes(chain)

    def seen_by_writer(self, rev: int, record_id: str, field: str) -> tuple[bool, object]:
        body = self._database.value("SELECT body FROM sync_op WHERE rev = ? AND rec_id = ?", (rev, record_id))
        if body is None:
            return False, None
        operation = Operation.from_wire(json.loads(body))
        seen = operation.seen or {}
        if "+" in field:
            parts = {key: seen[key] for key in field.split("+") if key in seen}
            return bool(parts), parts
        return field in seen or operation.kind == "c", seen.get(field)

    def _one(self, sql: str) -> tuple[Any, ...]:
        row = self._database.row(sql)
        if row is None:
            raise LookupError(sql)
        return row

    # --- going out -------------------------------------------------------------------------------------------------------

    def next_packet(self, sign: Sign, most_bytes: int) -> Outgoing | None:
        acked = self.standing().acknowledged
        row = self._database.row(
            "SELECT id, bytes, seq_from, seq_to FROM sync_packet WHERE state = ? AND seq_from <= ? AND seq_to > ? "
            "ORDER BY seq_from LIMIT 1",
            (_OPEN, acked + 1, acked),
        )
        if row is not None:
            return Outgoing(row[0], bytes(row[1]), row[3] - acked, row[2], row[3])
        batch = self._batch_after(acked, RAW_BYTES)
        return self._seal(batch, acked + 1, sign, most_bytes) if batch else None

    def _batch_after(self, position: int, most_raw: int) -> list[Operation]:
        """Whole Saves that follow `position`, up to `most_raw` canonical bytes; a larger one alone."""
        operations: list[Operation] = []
        size = 0
        with self._database.lock:
            rows = self._database.connection.execute(
                f"SELECT body FROM sync_op WHERE {_OURS} AND seq > ? ORDER BY seq", (position,)
            )
            for (body,) in rows:
                operation = Operation.from_wire(json.loads(body))
                if size > most_raw and operation.group != operations[-1].group:
                    break
                operations.append(operation)
                size += len(body)
        return next(cut(operations, most_raw), [])

    def _seal(self, batch: list[Operation], first: int, sign: Sign, most_bytes: int) -> Outgoing:
        """Seal and store. A packet that came out larger than the province takes is cut by half, Save by Save."""
        packet = self._sealed(batch, first, sign)
        half = next(cut(batch, sum(len(operation.canonical()) for operation in batch) // 2), batch)
        if len(packet.data) > most_bytes and len(half) < len(batch):
            return self._seal(half, first, sign, most_bytes)
        last = first + len(batch) - 1
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO sync_packet (id, sid, inc, seq_from, seq_to, bytes, state, road) "
                "SELECT ?, sid, inc, ?, ?, ?, ?, 'http' FROM sync_lane WHERE closed = 0",
                (packet.id, first, last, packet.data, _OPEN),
            )
            connection.execute(
                f"UPDATE sync_op SET state = ?, packet = ? WHERE {_OURS} AND seq BETWEEN ? AND ?",
                (int(OpState.SEALED), packet.id, first, last),
            )
        return Outgoing(packet.id, packet.data, len(batch), first, last)

    def _sealed(self, batch: list[Operation], first: int, sign: Sign) -> SealedPacket:
        enrolled = self.enrolled()
        last = first + len(batch) - 1
        prev, tail = self.lane_chain(first - 1), self.lane_chain(last)
        if enrolled is None or prev is None or tail is None:
            raise LookupError(f"lane {first}..{last}")
        header = PacketHeader(
            kind="push",
            sid=enrolled.stream,
            dev=enrolled.device,
            inc=enrolled.incarnation,
            lane_from=first,
            lane_to=last,
            prev=prev.hex(),
            tail=tail.hex(),
            epoch=self.standing().cursor.epoch,
            n=len(batch),
            sv=batch[-1].schema,
        )
        try:
            return seal(header, group_lines(batch), sign)
        except PacketRefused as refusal:
            raise KnownProblem("sync.too_large") from refusal

    def accepted(self, packet_id: str, ack: Ack) -> dict[str, int]:
        counts: Counter[str] = Counter()
        with self._database.transaction() as connection:
            for first, last, rev, outcome in ack.runs:
                connection.execute(
                    "UPDATE sync_op SET state = max(state, 3), epoch = ?, rev = ? + seq - ?, outcome = ? "
                    f"WHERE {_OURS} AND seq BETWEEN ? AND ?",
                    (ack.epoch, rev, first, outcome, first, last),
                )
                counts[outcome] += last - first + 1
            for result in ack.results:
                connection.execute(
                    "UPDATE sync_op SET state = max(state, 3), epoch = ?, rev = ?, outcome = ? WHERE op_id = ?",
                    (ack.epoch, result.rev, result.outcome, result.op),
                )
                counts[result.outcome] += 1
            self._reach(connection, ack.lane.last)
            if ack.stable is not None:
                self._keep_stable(connection, ack.stable.rev, ack.stable.lane_seq)
        return dict(counts)

    def reached(self, lane_last: int) -> int:
        with self._database.transaction() as connection:
            return self._reach(connection, lane_last)

    def _reach(self, connection: Any, lane_last: int) -> int:
        """The cumulative ack: everything up to here is in the province, and its packets need not be sent again."""
        settled = connection.execute(f"UPDATE sync_op SET state = 3 WHERE state < 3 AND {_OURS} AND seq <= ?", (lane_last,))
        connection.execute("UPDATE sync_lane SET acked_seq = max(acked_seq, ?) WHERE closed = 0", (lane_last,))
        connection.execute(
            "UPDATE sync_packet SET state = ?, bytes = NULL WHERE state = ? AND seq_to <= ?", (_DONE, _OPEN, lane_last)
        )
        return int(settled.rowcount)

    def _keep_stable(self, connection: Any, rev: int, lane_seq: int) -> None:
        """What a verified backup of the province holds: by lane position, never by rev (sync.md 3.12)."""
        connection.execute("UPDATE sync_stream SET stable_rev = max(stable_rev, ?) WHERE kind = 'commune'", (rev,))
        connection.execute("UPDATE sync_lane SET stable_seq = max(stable_seq, ?) WHERE closed = 0", (lane_seq,))
        connection.execute(f"UPDATE sync_op SET state = 5 WHERE state = 4 AND {_OURS} AND seq <= ?", (lane_seq,))

    def send_again_from(self, position: int) -> None:
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM sync_packet WHERE state = ? AND seq_from > ?", (_OPEN, position + 1))
            connection.execute("DELETE FROM sync_packet WHERE state = ? AND seq_to <= ?", (_OPEN, position))
            connection.execute(f"UPDATE sync_lane SET acked_seq = ? WHERE {_OURS}", (position,))
            connection.execute(
                f"UPDATE sync_op SET state = 0, packet = NULL WHERE state < 3 AND seq > ? AND {_OURS} "
                "AND (packet IS NULL OR packet NOT IN (SELECT id FROM sync_packet WHERE state = ?))",
                (position, _OPEN),
            )

    # --- coming in -------------------------------------------------------------------------------------------------------

    def take_in(self, epoch: int, entries: Sequence[LogEntry]) -> TakenIn:
        sid = self._sid
        with self._database.applying() as connection:
            rev, chain = connection.execute("SELECT rev, chain FROM sync_stream WHERE sid = ?", (sid,)).fetchone()
            applier = Applier(connection, sid, epoch)
            for entry in entries:
                if entry.rev != rev + 1:
                    raise HistoryDiffers(f"entry {entry.rev} after {rev}")
                data = entry.canonical()
                rev, chain = entry.rev, step(bytes(chain), data)
                connection.execute("INSERT INTO sync_inlog VALUES (?, ?, ?, ?)", (sid, rev, data.decode(), chain))
                applier.take(entry)
            applier.finish()
            connection.execute("UPDATE sync_stream SET epoch = ?, rev = ?, chain = ? WHERE sid = ?", (epoch, rev, chain, sid))
        return TakenIn(len(entries), applier.foreign, applier.conflicts, applier.unprojected)

    # --- rounds ------------------------------------------------------------------------------------------------------------

    def begin_round(self, at: str) -> int:
        return sync_rounds.begin(self._database, at)

    def end_round(self, report: RoundReport) -> None:
        sync_rounds.end(self._database, report)

    def rounds(self, limit: int = 50) -> list[RoundReport]:
        return sync_rounds.newest(self._database, limit)

    def retry(self) -> Retry:
        return sync_rounds.retry(self._database)

    def keep_retry(self, retry: Retry) -> None:
        sync_rounds.keep_retry(self._database, retry)
