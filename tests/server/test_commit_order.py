"""Sixteen writers at once: the order of commits is the order of revisions, and nobody who reads ever misses one (sync.md 1.3)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from sqlalchemy import select, text

from poverty_desktop.protocol.chains import EMPTY, step
from poverty_desktop.protocol.messages import LogEntry
from poverty_desktop.server import tables as t
from poverty_desktop.server.database import in_write, reading
from tests.server.conftest import Running
from tests.server.laptop import Laptop

COMMUNES = ("21001", *("21001",) * 7, *("21002", "21003", "21004", "21005") * 2)  # half of the sixteen write into one commune
PUSHES = 4
_SLOW_COMMITS = """
CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(random() * 0.01); RETURN NULL; END';
CREATE TRIGGER linger AFTER INSERT ON change_log FOR EACH STATEMENT EXECUTE FUNCTION linger();
"""  # between the moment a revision is given and the moment it is seen


@dataclass
class Watched:
    """What somebody who looks into the log of one stream all the time has seen of it."""

    sid: str
    chain: bytes = EMPTY
    revs: int = 0

    def look(self, running: Running) -> None:
        log = t.change_log.c
        query = select(log.rev, log.entry, log.chain).where(log.sid == self.sid, log.rev > self.revs).order_by(log.rev)
        with reading(running.province.engine) as connection:
            for row in connection.execute(query):
                assert row.rev == self.revs + 1
                self.revs, self.chain = row.rev, step(self.chain, LogEntry.model_validate(row.entry).canonical())
                assert bytes(row.chain) == self.chain


def work(laptop: Laptop) -> int:
    """Pushes of one to three Saves, each with the log after the cursor in its answer; how many operations."""
    for number in range(PUSHES):
        for _ in range(1 + number % 3):
            laptop.household(note=f"lần {number}")
        laptop.push()
    return len(laptop.operations)


def read_on(reader: Laptop, over: threading.Event) -> int:
    """Short pages for as long as anybody writes, then to the end; each page follows the last, revision by revision."""
    while not over.is_set():
        reader.pull(most=2000)
    while (page := reader.pull(most=2000)).to < page.head:
        pass
    return reader.rev


def watch(running: Running, sids: list[str], over: threading.Event) -> dict[str, int]:
    """Straight into the tables, stream after stream, for as long as anybody writes and once more; how far each was seen."""
    watched, last = [Watched(sid) for sid in sids], False
    while not last:
        last = over.is_set()
        for one in watched:
            one.look(running)
    return {one.sid: one.revs for one in watched}


@pytest.fixture
def writers(running: Running) -> Iterator[list[Laptop]]:
    if running.province.engine.dialect.name == "postgresql":
        in_write(running.province.engine, lambda connection: connection.execute(text(_SLOW_COMMITS)))
    laptops = [running.enrolled(commune, f"Cán bộ {number}") for number, commune in enumerate(COMMUNES)]
    yield laptops
    for laptop in laptops:
        laptop.http.close()


def test_nobody_who_reads_while_sixteen_write_misses_a_revision(running, writers):
    over, streams = threading.Event(), sorted({laptop.sid for laptop in writers})
    readers = [running.enrolled(commune, "Người đọc") for commune in ("21001", "21002")]
    with ThreadPoolExecutor(24) as pool:
        pulling = [pool.submit(read_on, reader, over) for reader in readers]
        watching = pool.submit(watch, running, streams, over)
        made = {laptop: pool.submit(work, laptop) for laptop in writers}
        try:
            written = {laptop: one.result(60) for laptop, one in made.items()}
        finally:
            over.set()
        heads = {sid: sum(count for laptop, count in written.items() if laptop.sid == sid) for sid in streams}
        assert watching.result(60) == heads
        assert [one.result(60) for one in pulling] == [heads[reader.sid] for reader in readers]
    for reader in readers:
        own = {operation.record_id for laptop in writers if laptop.sid == reader.sid for operation in laptop.operations}
        assert set(reader.records) == own
        reader.http.close()
    for laptop in writers:  # and those who wrote, in the answers to their pushes
        laptop.pull()
        assert laptop.rev == heads[laptop.sid]
