"""What goes out: whole Saves sealed into packets and stored before they are sent; retries send identical bytes (sync.md 3.11)."""

from __future__ import annotations

from collections.abc import Sequence

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.protocol.carriage import cut
from poverty_desktop.protocol.chains import EMPTY
from poverty_desktop.protocol.laptop import Enrolled, Outgoing, Sign
from poverty_desktop.protocol.operations import Operation
from poverty_desktop.protocol.packets import COLUMNS, PacketHeader, PacketRefused, SealedPacket, peek, seal_operations
from poverty_desktop.storage.engine import Database
from poverty_desktop.storage.sync_tables import OpState

RAW_BYTES = 4 << 20  # canonical bytes that go into one packet at the most, so that memory is bound by the packet
OPEN = 0  # state of a packet; one that the province has is deleted
OURS = "inc = (SELECT inc FROM sync_lane WHERE closed = 0)"


class Outbox:
    """The packets of one enrolled laptop, signed by `sign`; `taken`: what the province says it takes."""

    def __init__(self, database: Database, enrolled: Enrolled, sign: Sign, taken: Sequence[str]) -> None:
        self._database, self._enrolled, self._sign, self._taken = database, enrolled, sign, taken

    def next_packet(self, most_bytes: int) -> Outgoing | None:
        """The packet after the acknowledged position: the stored one again, else one sealed now, else None."""
        acked = int(self._database.value("SELECT acked_seq FROM sync_lane WHERE closed = 0"))
        row = self._database.row(
            f"SELECT id, bytes, seq_from, seq_to FROM sync_packet WHERE state = ? AND {OURS} AND seq_from <= ? AND seq_to > ? "
            "ORDER BY seq_from LIMIT 1",
            (OPEN, acked + 1, acked),
        )
        if row is not None and self._is_taken(bytes(row[1])):
            return Outgoing(row[0], bytes(row[1]), row[3] - acked, row[2], row[3])
        batch = self._batch_after(acked, RAW_BYTES)
        return self._seal(batch, acked + 1, most_bytes) if batch else None

    def _is_taken(self, data: bytes) -> bool:
        """Not by a province of an older version, which was not the one that it was sealed for: it is sealed again."""
        return COLUMNS in self._taken or peek(data)[1].codec != COLUMNS

    def _batch_after(self, position: int, most_raw: int) -> list[Operation]:
        """Whole Saves that follow `position`, up to `most_raw` canonical bytes; a larger one alone."""
        operations: list[Operation] = []
        size = 0
        with self._database.lock:
            rows = self._database.connection.execute(
                f"SELECT body FROM sync_op WHERE {OURS} AND seq > ? ORDER BY seq", (position,)
            )
            for (body,) in rows:
                operation = Operation.of_text(body)
                if size > most_raw and operation.group != operations[-1].group:
                    break
                operations.append(operation)
                size += len(body)
        return next(cut(operations, most_raw), [])

    def _seal(self, batch: list[Operation], first: int, most_bytes: int) -> Outgoing:
        """Seal and store. A packet that came out larger than the province takes is cut by half, Save by Save."""
        packet = self._sealed(batch, first)
        half = next(cut(batch, sum(len(operation.canonical()) for operation in batch) // 2), batch)
        if len(packet.data) > most_bytes and len(half) < len(batch):
            return self._seal(half, first, most_bytes)
        last = first + len(batch) - 1
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO sync_packet (id, sid, inc, seq_from, seq_to, bytes, state, road) "
                "SELECT ?, sid, inc, ?, ?, ?, ?, 'http' FROM sync_lane WHERE closed = 0",
                (packet.id, first, last, packet.data, OPEN),
            )
            connection.execute(
                f"UPDATE sync_op SET state = ?, packet = ? WHERE {OURS} AND seq BETWEEN ? AND ?",
                (int(OpState.SEALED), packet.id, first, last),
            )
        return Outgoing(packet.id, packet.data, len(batch), first, last)

    def _sealed(self, batch: list[Operation], first: int) -> SealedPacket:
        last = first + len(batch) - 1
        prev, tail = self._chain(first - 1), self._chain(last)
        sid, inc, parent, parent_seq, epoch = self._lane()
        header = PacketHeader(
            kind="push",
            sid=sid,
            dev=self._enrolled.device,
            inc=inc,
            lane_from=first,
            lane_to=last,
            prev=prev.hex(),
            tail=tail.hex(),
            epoch=epoch,
            n=len(batch),
            sv=batch[-1].schema,
            parent=parent or "",
            parent_seq=parent_seq if parent else 0,
        )
        try:
            return seal_operations(header, batch, self._sign, self._taken)
        except PacketRefused as refusal:
            raise KnownProblem("sync.too_large") from refusal

    def _chain(self, position: int) -> bytes:
        if position == 0:
            return EMPTY
        return bytes(self._database.value(f"SELECT chain FROM sync_op WHERE {OURS} AND seq = ?", (position,)))

    def _lane(self) -> tuple[str, str, str | None, int, int]:
        """(stream, incarnation, the lane it continues if any, after which position, epoch)."""
        row = self._database.row(
            "SELECT l.sid, l.inc, l.parent, l.parent_seq, s.epoch FROM sync_lane l JOIN sync_stream s ON s.sid = l.sid "
            "WHERE l.closed = 0"
        )
        assert row is not None
        sid, inc, parent, parent_seq, epoch = row
        return sid, inc, parent, parent_seq, epoch
