"""The laptop's side of synchronisation in the encrypted file (`protocol.laptop.SyncStore`; sync.md 3.12, 3.13, 3.28).

Written with the driver. Each method is one transaction, so a kill between any two leaves nothing to undo: what was sealed is
sealed again as the same bytes, what was accepted is told by the province's lane position, what was taken in is in the cursor.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from poverty_desktop.protocol.backoff import Retry
from poverty_desktop.protocol.chains import step
from poverty_desktop.protocol.laptop import (
    Cursor,
    Enrolled,
    HistoryDiffers,
    Outgoing,
    PlaceName,
    Places,
    RoundReport,
    Sign,
    Standing,
    TakenIn,
)
from poverty_desktop.protocol.log import LogEntry
from poverty_desktop.protocol.messages import Ack
from poverty_desktop.protocol.operations import Operation
from poverty_desktop.storage import sync_rounds
from poverty_desktop.storage.applying import Applier
from poverty_desktop.storage.engine import Database
from poverty_desktop.storage.outbox import DONE, OPEN, OURS, Outbox, lane_chain
from poverty_desktop.storage.sync_tables import UNBOUND, OpState

_BOUND_TO_STREAM = ("sync_op", "sync_lane", "sync_rec", "sync_packet", "sync_inlog", "sync_bucket")
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

    def place_of(self, record_ids: Sequence[str]) -> PlaceName:
        marks = ", ".join("?" * len(record_ids))
        worst = self._database.value(f"SELECT min(state) FROM sync_op WHERE rec_id IN ({marks}) AND state < 5", record_ids)
        made_here = self._database.value(f"SELECT count(*) FROM sync_op WHERE rec_id IN ({marks})", record_ids)
        if worst is None:
            return "safe" if made_here else "in_province"
        return "on_laptop" if worst == OpState.PENDING else "handed_on" if worst < OpState.ACCEPTED else "in_province"

    def own_operations(self, first: int, last: int) -> list[Operation]:
        rows = self._database.rows(
            f"SELECT body FROM sync_op WHERE {OURS} AND seq BETWEEN ? AND ? ORDER BY seq",
            (first, last),
        )
        return [Operation.from_wire(json.loads(row[0])) for row in rows]

    def lane_chain(self, position: int) -> bytes | None:
        return lane_chain(self._database, position)

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
        enrolled = self.enrolled()
        return Outbox(self._database, enrolled, sign).next_packet(most_bytes) if enrolled else None

    def accepted(self, packet_id: str, ack: Ack) -> dict[str, int]:
        counts: Counter[str] = Counter()
        with self._database.transaction() as connection:
            for first, last, rev, outcome in ack.runs:
                connection.execute(
                    "UPDATE sync_op SET state = max(state, 3), epoch = ?, rev = ? + seq - ?, outcome = ? "
                    f"WHERE {OURS} AND seq BETWEEN ? AND ?",
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
        settled = connection.execute(f"UPDATE sync_op SET state = 3 WHERE state < 3 AND {OURS} AND seq <= ?", (lane_last,))
        connection.execute("UPDATE sync_lane SET acked_seq = max(acked_seq, ?) WHERE closed = 0", (lane_last,))
        connection.execute(
            "UPDATE sync_packet SET state = ?, bytes = NULL WHERE state = ? AND seq_to <= ?", (DONE, OPEN, lane_last)
        )
        return int(settled.rowcount)

    def _keep_stable(self, connection: Any, rev: int, lane_seq: int) -> None:
        """What a verified backup of the province holds: by lane position, never by rev (sync.md 3.12)."""
        connection.execute("UPDATE sync_stream SET stable_rev = max(stable_rev, ?) WHERE kind = 'commune'", (rev,))
        connection.execute("UPDATE sync_lane SET stable_seq = max(stable_seq, ?) WHERE closed = 0", (lane_seq,))
        connection.execute(f"UPDATE sync_op SET state = 5 WHERE state = 4 AND {OURS} AND seq <= ?", (lane_seq,))

    def send_again_from(self, position: int) -> None:
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM sync_packet WHERE state = ? AND seq_from > ?", (OPEN, position + 1))
            connection.execute("DELETE FROM sync_packet WHERE state = ? AND seq_to <= ?", (OPEN, position))
            connection.execute(f"UPDATE sync_lane SET acked_seq = ? WHERE {OURS}", (position,))
            connection.execute(
                f"UPDATE sync_op SET state = 0, packet = NULL WHERE state < 3 AND seq > ? AND {OURS} "
                "AND (packet IS NULL OR packet NOT IN (SELECT id FROM sync_packet WHERE state = ?))",
                (position, OPEN),
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
