"""The laptop's side of synchronisation in the encrypted file (`protocol.laptop.SyncStore`; sync.md 3.12-3.14, 3.19, 3.20, 3.28).

Written with the driver. Each method is one transaction, so a kill between any two leaves nothing to undo: what was sealed is
sealed again as the same bytes, what was accepted is told by the province's lane position, what was taken in is in the cursor.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from poverty_desktop.protocol.backoff import Retry
from poverty_desktop.protocol.chains import step
from poverty_desktop.protocol.digests import Sums
from poverty_desktop.protocol.laptop import (
    Cursor,
    Enrolled,
    HistoryDiffers,
    Outgoing,
    Parts,
    PlaceName,
    Places,
    RoundReport,
    Sign,
    Standing,
    TakenIn,
)
from poverty_desktop.protocol.log import LogEntry
from poverty_desktop.protocol.messages import Ack, Manifest, Result, SnapRow
from poverty_desktop.protocol.operations import Operation
from poverty_desktop.protocol.recovery import OwnLane
from poverty_desktop.storage import own_lanes, sync_rounds, whole_states, witness
from poverty_desktop.storage.applying import Applier
from poverty_desktop.storage.confirmed import stored_sums
from poverty_desktop.storage.engine import Database
from poverty_desktop.storage.outbox import OURS, Outbox
from poverty_desktop.storage.showing import Showing
from poverty_desktop.storage.sync_tables import UNBOUND, OpState

_BOUND_TO_STREAM = ("sync_op", "sync_lane", "sync_rec", "sync_packet", "sync_inlog", "sync_bucket")
SNAPSHOT_CACHE = 24 << 20  # bytes of pages: the indexes of a commune's ids, which come in no order
_ENROLLED = """
SELECT d.server, d.id, l.inc, s.sid, d.commune_code, d.practice, d.province_key, d.private_key
  FROM sync_device d JOIN sync_stream s ON s.kind = 'commune' JOIN sync_lane l ON l.closed = 0"""


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
                "INSERT INTO sync_device (id, server, practice, commune_code, province_key, private_key, created_at) "
                "VALUES (?, ?, ?, ?, ?, ?, strftime('%Y-%m-%dT%H:%M:%SZ'))",
                (enrolled.device, enrolled.server, int(enrolled.practice), enrolled.commune_code, enrolled.province_key,
                 enrolled.private_key),
            )  # fmt: skip
            connection.execute("UPDATE sync_stream SET sid = ?, epoch = ? WHERE sid = ?", (enrolled.stream, epoch, UNBOUND))
            for table in _BOUND_TO_STREAM:
                connection.execute(f"UPDATE {table} SET sid = ? WHERE sid = ?", (enrolled.stream, UNBOUND))

    def adopt_again(self, enrolled: Enrolled) -> None:
        with self._database.applying() as connection:
            known = (enrolled.device, enrolled.server, enrolled.private_key)
            connection.execute("UPDATE sync_device SET id = ?, server = ?, private_key = ?", known)
            self._begin_anew(connection, enrolled.incarnation)

    def move(self, server: str) -> None:
        with self._database.transaction() as connection:
            connection.execute("UPDATE sync_device SET server = ?", (server,))

    @property
    def _sid(self) -> str:
        return str(self._database.value("SELECT sid FROM sync_stream WHERE kind = 'commune'"))

    # --- where we stand --------------------------------------------------------------------------------------------------

    def standing(self) -> Standing:
        lane = self._one("SELECT last_seq, chain, acked_seq, stable_seq FROM sync_lane WHERE closed = 0")
        last, lane_chain, acked, stable_seq = lane
        waiting, size, oldest = self._one(
            "SELECT count(*), coalesce(sum(length(CAST(body AS BLOB))), 0), min(at) FROM sync_op WHERE state < 3"
        )
        between = int(self._database.value("SELECT count(*) FROM sync_op WHERE state = 3"))
        stable = (int(self._database.value("SELECT stable_rev FROM sync_stream WHERE kind = 'commune'")), stable_seq)
        return Standing(self.cursor(), last, bytes(lane_chain), acked, waiting, size, oldest, between, stable)

    def cursor(self) -> Cursor:
        epoch, rev, chain = self._one("SELECT epoch, rev, chain FROM sync_stream WHERE kind = 'commune'")
        return Cursor(epoch, rev, bytes(chain))

    def places(self) -> Places:
        counts: Counter[int] = Counter(dict(self._database.rows("SELECT state, count(*) FROM sync_op GROUP BY state")))
        ever = int(self._database.value("SELECT sum(last_seq) FROM sync_lane"))
        return Places(
            on_laptop=counts[OpState.PENDING],
            handed_on=counts[OpState.SEALED] + counts[OpState.CUSTODY],
            in_province=counts[OpState.ACCEPTED] + counts[OpState.CONFIRMED],
            safe=counts[OpState.STABLE] + ever - sum(counts.values()),  # lanes have no holes: what is not here was pruned
        )

    def place_of(self, record_ids: Sequence[str]) -> PlaceName:
        marks = ", ".join("?" * len(record_ids))
        worst = self._database.value(
            f"SELECT min(o.state) FROM sync_op o LEFT JOIN sync_custody c USING (op_id) WHERE o.rec_id IN ({marks})"
            " AND c.given_up_at IS NULL",  # what was given up is nowhere to be seen: the place is that of what is shown
            record_ids,
        )
        if worst is not None and worst < OpState.STABLE:
            return "on_laptop" if worst == OpState.PENDING else "handed_on" if worst < OpState.ACCEPTED else "in_province"
        later = self._database.value(
            "SELECT max(r.rev) > max(s.stable_rev) FROM sync_rec r JOIN sync_stream s ON s.sid = r.sid "
            f"WHERE r.rec_id IN ({marks})",
            record_ids,
        )
        return "safe" if worst is not None or later == 0 else "in_province"

    def own_operations(self, first: int, last: int) -> list[Operation]:
        rows = self._database.rows(
            f"SELECT body FROM sync_op WHERE {OURS} AND seq BETWEEN ? AND ? ORDER BY seq",
            (first, last),
        )
        return [Operation.of_text(row[0]) for row in rows]

    def lane_chain(self, position: int) -> bytes | None:
        return self.chain_at(self.incarnation(), position)

    def lanes(self) -> list[OwnLane]:
        with self._database.lock:
            return own_lanes.lanes(self._database.connection)

    def chain_at(self, incarnation: str, position: int) -> bytes | None:
        with self._database.lock:
            return own_lanes.chain_at(self._database.connection, incarnation, position)

    def _one(self, sql: str) -> tuple[Any, ...]:
        row = self._database.row(sql)
        if row is None:
            raise LookupError(sql)
        return row

    # --- going out -------------------------------------------------------------------------------------------------------

    def next_packet(self, sign: Sign, most_bytes: int, taken: Sequence[str] = ()) -> Outgoing | None:
        enrolled = self.enrolled()
        return Outbox(self._database, enrolled, sign, taken).next_packet(most_bytes) if enrolled else None

    def accepted(self, packet_id: str, ack: Ack) -> dict[str, int]:
        counts: Counter[str] = Counter()
        with self._database.applying() as connection:
            inc, showing = own_lanes.open_incarnation(connection), Showing(connection)
            for first, last, rev, outcome in ack.runs:
                connection.execute(
                    "UPDATE sync_op SET state = max(state, 3), epoch = ?, rev = ? + seq - ?, outcome = ? "
                    f"WHERE {OURS} AND seq BETWEEN ? AND ?",
                    (ack.epoch, rev, first, outcome, first, last),
                )
                counts[outcome] += last - first + 1
            for result in ack.results:
                self._judged(connection, ack, result, showing)
                counts[result.outcome] += 1
            own_lanes.reach(connection, inc, ack.lane.last)
            showing.finish()
        return dict(counts)

    def _judged(self, connection: Any, ack: Ack, result: Result, showing: Showing) -> None:
        """One operation that did not simply apply. A duplicate whose entry was taken in before is confirmed; what was said of it
        then is still true."""
        (cursor,) = connection.execute("SELECT rev FROM sync_stream WHERE kind = 'commune'").fetchone()
        taken_in = result.outcome == "duplicate" and (result.rev or 0) <= cursor
        if taken_in:
            showing.touch_operations(own_lanes.operations_of(connection, "op_id = ?", (result.op,)))
        connection.execute(
            "UPDATE sync_op SET state = max(state, ?), epoch = ?, rev = coalesce(?, rev),"
            " outcome = CASE WHEN ? = 'duplicate' THEN coalesce(outcome, 'duplicate') ELSE ? END WHERE op_id = ?",
            (4 if taken_in else 3, ack.epoch, result.rev, result.outcome, result.outcome, result.op),
        )

    # --- where histories differ --------------------------------------------------------------------------------------------

    def settle(self, common: Mapping[str, int]) -> int:
        with self._database.lock:
            if own_lanes.settled_already(self._database.connection, common):
                return 0
        with self._database.applying() as connection:
            showing = Showing(connection)
            settled = own_lanes.settle(connection, common, showing)
            showing.finish()
        return settled

    def rotate(self, common: Mapping[str, int], incarnation: str) -> None:
        with self._database.applying() as connection:
            showing = Showing(connection)
            own_lanes.rotate(connection, common, incarnation, showing)
            showing.finish()

    def start_anew(self, incarnation: str) -> None:
        """A new incarnation at once: this file was put back from a copy, or stands on another machine (sync.md 3.19)."""
        with self._database.applying() as connection:
            self._begin_anew(connection, incarnation)

    def _begin_anew(self, connection: Any, incarnation: str) -> None:
        showing = Showing(connection)
        own_lanes.start_anew(connection, incarnation, showing)
        showing.finish()

    def keep_stable(self, rev: int, positions: Mapping[str, int]) -> None:
        with self._database.lock:
            if own_lanes.stable_already(self._database.connection, rev, positions):
                return
        with self._database.transaction() as connection:
            own_lanes.keep_stable(connection, rev, positions)

    def salvage(self, most_bytes: int) -> Iterator[tuple[int, list[LogEntry]]]:
        return whole_states.received(self._database, most_bytes)

    def take_snapshot(self, manifest: Manifest, parts: Parts, common: Mapping[str, int]) -> None:
        with self._database.remembering(SNAPSHOT_CACHE), self._database.applying(can_wait=True) as connection:
            whole_states.take_snapshot(connection, self._sid, manifest, parts, common)

    def caught_up(self, rev: int) -> None:
        with self._database.lock:
            if whole_states.caught_up_already(self._database.connection, rev):
                return
        with self._database.applying() as connection:
            whole_states.caught_up(connection, rev)

    def sums(self) -> Sums:
        with self._database.lock:
            return stored_sums(self._database.connection, self._sid)

    def living(self) -> set[str]:
        rows = self._database.rows(
            "SELECT rec_id FROM sync_rec WHERE deleted = 0 AND entity <> 'conflict'"
            " EXCEPT SELECT rec_id FROM sync_op WHERE kind = 'd' AND state < 4"
        )
        return {row[0] for row in rows}

    def made_after(self, positions: Mapping[str, int]) -> set[str]:
        rows = self._database.rows("SELECT inc, seq, rec_id FROM sync_op WHERE kind = 'c'")
        return {record for inc, seq, record in rows if seq > positions.get(inc, 0)}

    def replace(self, rev: int, buckets: Sequence[int], rows: Sequence[SnapRow]) -> None:
        with self._database.applying(can_wait=True) as connection:
            if connection.execute("SELECT rev FROM sync_stream WHERE sid = ?", (self._sid,)).fetchone()[0] == rev:
                whole_states.replace(connection, self._sid, buckets, rows)

    # --- coming in -------------------------------------------------------------------------------------------------------

    def take_in(self, epoch: int, entries: Sequence[LogEntry]) -> TakenIn:
        sid = self._sid
        with self._database.applying(can_wait=True) as connection:
            rev, chain = connection.execute("SELECT rev, chain FROM sync_stream WHERE sid = ?", (sid,)).fetchone()
            applier, received = Applier(connection, sid, epoch), []
            for entry in entries:
                if entry.rev != rev + 1:
                    raise HistoryDiffers(f"entry {entry.rev} after {rev}")
                data = entry.canonical()
                rev, chain = entry.rev, step(bytes(chain), data)
                received.append((sid, epoch, rev, data.decode(), chain))
            connection.executemany("INSERT INTO sync_inlog (sid, epoch, rev, entry, chain) VALUES (?, ?, ?, ?, ?)", received)
            applier.take_all(entries)
            applier.finish()
            connection.execute("UPDATE sync_stream SET epoch = ?, rev = ?, chain = ? WHERE sid = ?", (epoch, rev, chain, sid))
        return TakenIn(len(entries), applier.foreign, applier.conflicts, applier.unprojected)

    # --- rounds ------------------------------------------------------------------------------------------------------------

    def begin_round(self, at: str) -> int:
        witness.remember(self._database)  # before anything of it can reach the province
        return sync_rounds.begin(self._database, at)

    def end_round(self, report: RoundReport) -> None:
        sync_rounds.end(self._database, report)

    def rounds(self, limit: int = 50) -> list[RoundReport]:
        return sync_rounds.newest(self._database, limit)

    def retry(self) -> Retry:
        return sync_rounds.retry(self._database)

    def keep_retry(self, retry: Retry) -> None:
        sync_rounds.keep_retry(self._database, retry)
