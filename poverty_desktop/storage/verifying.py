"""Reads a whole workspace and says what does not hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import sqlcipher3.dbapi2 as driver

from poverty_desktop.protocol.chains import EMPTY, step
from poverty_desktop.storage.access_log import AccessLog
from poverty_desktop.storage.confirmed import counted_sums, stored_sums
from poverty_desktop.storage.copies import faults_of_pages
from poverty_desktop.storage.engine import Database
from poverty_desktop.storage.household_index import HouseholdIndex


@dataclass(frozen=True)
class Findings:
    """`faults` names what is wrong, by code with a detail ("pages: …", "lane: …", "store: …", "search: …", "access_log")."""

    operations: int
    households: int
    faults: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.faults


def verify(database: Database, access_log: AccessLog) -> Findings:
    with database.lock:
        faults = [f"pages: {fault}" for fault in faults_of_pages(database.connection)]
        if faults:
            return Findings(0, 0, faults)
        faults += [f"lane: {fault}" for fault in _lanes(database)]
        faults += [f"store: {fault}" for fault in _store(database)]
        faults += [f"search: {fault}" for fault in _search(database)]
        if not access_log.is_whole():
            faults.append("access_log")
        operations, households = database.rows("SELECT (SELECT count(*) FROM sync_op), (SELECT count(*) FROM household)")[0]
    return Findings(operations, households, faults)


def _lanes(database: Database) -> Iterator[str]:
    """Each lane's operations are dense and its chain is what they add up to, but for those that are safe and were pruned."""
    for sid, inc, last, chain, stable in database.rows("SELECT sid, inc, last_seq, chain, stable_seq FROM sync_lane"):
        position, running = 0, EMPTY
        found = database.rows("SELECT seq, body, chain FROM sync_op WHERE sid = ? AND inc = ? ORDER BY seq", (sid, inc))
        for seq, body, kept in found:
            pruned = position + 1 < seq <= stable
            running = kept if pruned else step(running, body.encode())
            if running != kept or (seq != position + 1 and not pruned):
                yield f"{inc} at {seq}"
                break
            position = seq
        else:
            if found and (position, running) != (last, chain):
                yield f"{inc} ends at {position}, not at {last}"


def _store(database: Database) -> Iterator[str]:
    """The hash of each record is its own, and the sums are what they add up to."""
    for (sid,) in database.rows("SELECT sid FROM sync_stream"):
        counted, wrong = counted_sums(database.connection, sid)
        yield from wrong
        if counted != stored_sums(database.connection, sid):
            yield "sums"


def _search(database: Database) -> Iterator[str]:
    """The index holds what the lines say, and the lines what the records say."""
    try:
        database.connection.execute("INSERT INTO household_search (household_search, rank) VALUES ('integrity-check', 1)")
    except driver.DatabaseError as error:
        yield f"index ({error})"
    yield from HouseholdIndex(database.connection).faults()
