"""Packets into a stream: one transaction each, the stream's row locked first (sync.md 3.6)."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DataError, SQLAlchemyError

from poverty_desktop.protocol import signatures
from poverty_desktop.protocol import stream as core
from poverty_desktop.protocol.messages import Ack
from poverty_desktop.protocol.operations import Operation
from poverty_desktop.protocol.packets import PacketHeader, PacketRefused, open_operations, open_packet, peek
from poverty_desktop.protocol.staged import Checks
from poverty_desktop.protocol.still import is_expected
from poverty_desktop.protocol.stream_store import Arrived, Head
from poverty_desktop.server.checking import operation_fault, record_fault
from poverty_desktop.server.database import in_write
from poverty_desktop.server.province import RULES, Province
from poverty_desktop.server.refusals import Refused
from poverty_desktop.server.sessions import Session, standing
from poverty_desktop.server.sql_stream import SqlStream

log = logging.getLogger(__name__)
T = TypeVar("T")
ABANDONED_AFTER = timedelta(days=14)
BUSY_SECONDS = 20  # how long a push waits for its turn, and what it is told to wait when none came


def checks_of(stream: SqlStream) -> Checks:
    """What may stand in a record of this stream."""

    def record(entity: str, record_id: str, body: Mapping[str, Any]) -> str:
        return record_fault(entity, record_id, body, stream.commune_code)

    return Checks(operation_fault, record, _crashed)


def take(
    province: Province, arrived: Arrived, session: Session | None = None, expected: tuple[int, int, str] | None = None
) -> Ack:
    """Apply a packet; what its device may is asked again under the stream's lock. `expected`: the cursor of a laptop that did not
    greet; its packet is taken only where hello would find nothing to mend. Raises `Refused` gap, fork (what came is kept all the
    same), packet_refused, revoked and greet (nothing is)."""

    def work(stream: SqlStream) -> Ack | core.Gap | core.Fork:
        now = arrived if session is None else replace(arrived, grant=standing(stream.connection, session, arrived.header.sid))
        if expected is not None and not (is_expected(stream, arrived.id, arrived.header, expected) and _is_free(session)):
            raise Refused("greet")
        answer = core.take_packet(stream, now, RULES, checks_of(stream))
        _take_abandoned(province, stream)
        return answer

    try:
        answer = in_stream(province, arrived.header.sid, work)
    except PacketRefused as error:
        raise Refused("packet_refused", reason=error.reason) from error
    said = (arrived.id[:12], arrived.header.sid, arrived.header.n, type(answer).__name__)
    log.info("packet %s: stream %s, %d operations, %s", *said)
    _count(province, arrived, answer)
    if isinstance(answer, core.Gap):
        raise Refused("gap", have=answer.have)
    if isinstance(answer, core.Fork):
        raise Refused("fork", have=answer.have, probes=answer.probes)
    return answer


def _count(province: Province, arrived: Arrived, answer: Ack | core.Gap | core.Fork) -> None:
    """A packet that came again has the time of its first coming in its ack: its operations are not counted twice."""
    outcomes: Counter[str] = Counter()
    if isinstance(answer, Ack) and answer.received == arrived.received:
        for first, last, _, outcome in answer.runs:
            outcomes[outcome] += last - first + 1
        outcomes.update(result.outcome for result in answer.results)
    again = isinstance(answer, Ack) and answer.received != arrived.received
    province.metrics.packet("again" if again else type(answer).__name__.lower(), outcomes)


def _is_free(session: Session | None) -> bool:
    """Whether no order waits for the device: hello brings it."""
    return session is None or session.order is None


def _take_abandoned(province: Province, stream: SqlStream) -> None:
    """What was parked for two weeks is taken as it is: its predecessor never came (3.19)."""
    before = (province.now().astimezone(UTC) - ABANDONED_AFTER).strftime("%Y-%m-%dT%H:%M:%SZ")
    while found := stream.abandoned(before):
        core.take_abandoned(stream, found[0], RULES, checks_of(stream))


def opened_packet(session: Session, data: bytes) -> tuple[str, PacketHeader, list[bytes]]:
    """Id, header and lines of a packet that this device signed. Raises `Refused` packet_refused."""
    with _refusing():
        return peek(data)[0], *open_packet(data, _checker(session))


def opened_operations(session: Session, data: bytes) -> tuple[str, PacketHeader, list[Operation]]:
    """The same of a packet of operations, in whatever codec it came."""
    with _refusing():
        return peek(data)[0], *open_operations(data, _checker(session))


def _checker(session: Session) -> Callable[[bytes, bytes], bool]:
    return lambda text, signature: signatures.verify(session.public, text, signature)


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except PacketRefused as error:
        raise Refused("packet_refused", reason=error.reason) from error


def in_stream(province: Province, sid: str, work: Callable[[SqlStream], T]) -> T:
    """Run `work` on the locked stream, one of few at a time. Raises `Refused` busy, forbidden (no such stream)."""

    def locked(connection: Connection) -> tuple[T, Head]:
        stream = SqlStream.lock(connection, sid)
        return work(stream), stream.head()

    if not province.writers.acquire(timeout=BUSY_SECONDS):
        raise Refused("busy", retry_after=BUSY_SECONDS)
    try:
        found, head = in_write(province.engine, locked)
        province.guard.note(head)
        return found
    finally:
        province.writers.release()


def _crashed(operation: Operation, error: Exception) -> None:
    """Type and place of it only: its words may hold what somebody typed. A database that fails is no fault of the operation: the
    packet is not taken, and comes again."""
    if isinstance(error, SQLAlchemyError) and not isinstance(error, DataError):
        raise error
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}" if trace else "?"
    log.error("operation %s crashed the applier: %s at %s", operation.op, type(error).__name__, place)
