"""The store is compared with the province's by sums that are kept with every write, and mended by bucket (sync.md 3.23)."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver

from poverty_desktop.protocol.digests import bucket_of
from poverty_desktop.protocol.laptop import HistoryDiffers
from poverty_desktop.protocol.snap_pages import read, written
from poverty_desktop.storage.confirmed import ConfirmedRecords, counted_sums
from poverty_desktop.storage.engine import Database
from poverty_desktop.storage.migrating import migrate
from poverty_desktop.storage.workspace import Workspace
from tests.model.province import SID
from tests.model.world import World
from tests.storage.stored_laptop import SpareDisks, StoredLaptop, enrolled


@pytest.fixture
def world(workspace: Workspace, tmp_path: Path):
    spare = SpareDisks(tmp_path, enrolled(workspace))
    world = World(new_laptop=spare.laptop)
    for verb in [("create", 0, 0, 0), ("create", 0, 1, 0), ("create", 1, 2, 0), ("good_sync", 0, 0, 0), ("good_sync", 1, 0, 0)]:
        world.do(verb)
    world.do(("good_sync", 0, 0, 0))
    yield world
    spare.clear()


@pytest.fixture
def laptop(world: World) -> StoredLaptop:
    return world.laptops[0]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE sync_rec SET base = '{}'",
        "UPDATE sync_rec SET deleted = 1",
        "UPDATE sync_rec SET hash = NULL",
        "DELETE FROM sync_rec",
        "REPLACE INTO sync_rec (rec_id, entity) SELECT rec_id, entity FROM sync_rec",
        "UPDATE sync_bucket SET sum = x'00'",
        "DELETE FROM sync_bucket",
    ],
)
def test_nobody_writes_the_store_past_what_the_province_ordered(laptop: StoredLaptop, statement: str) -> None:
    database = laptop.disk.database
    before = database.rows("SELECT * FROM sync_rec")
    with pytest.raises(driver.IntegrityError, match="what the province ordered"):
        database.connection.execute(statement)
    assert database.rows("SELECT * FROM sync_rec") == before


def test_a_store_that_went_wrong_is_mended_in_its_bucket_only(world: World, laptop: StoredLaptop) -> None:
    database, store, theirs = laptop.disk.database, laptop.disk.store, world.province.tables.sums
    record_id = laptop.records()[0]
    with database.applying() as connection:  # a fault of our own, by the ordinary door
        records = ConfirmedRecords(connection, SID)
        wrong = records.read(record_id)
        assert wrong is not None
        records.put(record_id, replace(wrong, body={**wrong.body, "phone": "sai"}))
        records.settle()
    ours = store.sums()
    assert ours.differing(theirs) == [bucket_of(record_id)]
    manifest = world.province.manifest(laptop.disk.device)
    rows = [row for row in world.province.rows(manifest) if bucket_of(row.record_id) in ours.differing(theirs)]
    store.replace(store.standing().cursor.rev, ours.differing(theirs), rows)
    assert store.sums() == theirs
    assert laptop.disk.faults() == []
    assert world.check_end() is None


def test_rows_of_another_revision_than_the_cursors_are_not_put_in(world: World, laptop: StoredLaptop) -> None:
    before = laptop.disk.database.rows("SELECT * FROM sync_rec")
    laptop.disk.store.replace(laptop.disk.cursor.rev + 1, range(256), [])
    assert laptop.disk.database.rows("SELECT * FROM sync_rec") == before


def test_a_snapshot_whose_rows_do_not_give_its_digest_changes_nothing(world: World, laptop: StoredLaptop) -> None:
    database = laptop.disk.database
    tables = ("sync_rec", "sync_bucket", "sync_stream", "sync_op", "sync_inlog", "household")
    before = [database.rows(f"SELECT * FROM {table}") for table in tables]
    manifest = world.province.manifest(laptop.disk.device)
    with pytest.raises(HistoryDiffers):
        laptop.take_snapshot(manifest, [list(read(written(world.province.rows(manifest)[1:])))], {laptop.inc: 2})
    assert [database.rows(f"SELECT * FROM {table}") for table in tables] == before


def test_what_is_in_every_backup_is_safe_and_given_up_but_for_the_last(world: World, laptop: StoredLaptop) -> None:
    world.do(("backup_province", 0, 0, 0))
    world.do(("good_sync", 0, 0, 0))
    assert [seq for (_, seq) in laptop.disk.own] == [2]
    places = laptop.places()
    assert (places.safe, places.in_province, places.on_laptop) == (2, 0, 0)
    assert laptop.place_of(laptop.records()) == "safe"
    assert laptop.disk.received == []
    assert laptop.disk.faults() == []


def test_sums_and_histories_of_an_older_file_are_made_by_its_migration(tmp_path: Path) -> None:
    database = Database(tmp_path / "workspace.db", bytes(32))
    migrate(database, lambda: None, 3)
    ids = [f"01900000-0000-7000-8000-0000000000{number:02x}" for number in (1, 2, 1 + 16)]
    bodies = [{"commune_code": "21001", "note": "Đá Chát"}, {"phone": "1"}, {"field": "phone", "state": "resolved"}]
    with database.transaction() as connection:
        connection.execute("INSERT INTO sync_stream (sid, kind, chain, epoch) VALUES ('s', 'commune', x'00', 4)")
        connection.execute("INSERT INTO sync_lane (sid, inc, chain) VALUES ('s', 'i', x'00')")
        connection.execute("INSERT INTO sync_inlog (sid, rev, entry, chain) VALUES ('s', 7, '{}', x'00')")
        connection.execute(
            "INSERT INTO draft (id, kind, subject_id, title, owner, opened, notes, updated_at, own_seq)"
            " VALUES ('d', 'survey', 'x', '', '', '{}', '{}', '', 3)"
        )
        for entity, record_id, body in zip(("household", "household", "conflict"), ids, bodies, strict=True):
            text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            connection.execute(
                "INSERT INTO sync_rec (sid, entity, rec_id, base, deleted) VALUES ('s', ?, ?, ?, ?)",
                (entity, record_id, text, int(record_id == ids[1])),
            )
    migrate(database, lambda: None)
    counted, wrong = counted_sums(database.connection, "s")
    stored = {b: int.from_bytes(value, "big") for b, value in database.rows("SELECT b, sum FROM sync_bucket")}
    assert (wrong, stored) == ([], {b: counted[b] for b in stored})
    assert len(stored) == 3
    assert database.rows("SELECT epoch, rev, until FROM sync_inlog") == [(4, 7, None)]
    assert database.rows("SELECT inc, own_seq FROM draft") == [("i", 3)]
    database.close()
