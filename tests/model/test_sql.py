"""The scenarios of the model on the real tables of the province, SQLite and PostgreSQL (sync.md 4.3 T2)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from poverty_desktop.protocol.application import state_hash
from poverty_desktop.protocol.digests import conflict_hash, sums_of
from poverty_desktop.server.database import database_url, migrate, open_engine
from tests.model.search import broken_by, scenario
from tests.model.sql_province import SqlProvince, memory_engine
from tests.model.test_model import FOUND, REPLAYS
from tests.model.world import Broken, Verb, World
from tests.server.conftest import Cluster

RANDOM = {"sqlite": 25, "postgresql": 12}  # scenarios in each of the batches
LENGTH = 50


class SqlWorld(World):
    """Also compares what is kept beside the records with what it is made of."""

    def check(self) -> None:
        super().check()
        seen = self.province.tables
        hashes = [(key, state_hash(key, state)) for key, state in seen.records.items()]
        hashes += [(cid, conflict_hash(cid, is_open)) for cid, (_, is_open) in seen.conflicts.items()]
        if sums_of(hashes).digest != self.province.digest:
            raise Broken("the sums are not those of the records")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    if request.param == "sqlite":
        opened = memory_engine()
    else:
        cluster: Cluster = request.getfixturevalue("cluster")
        opened = open_engine(database_url(Path(), cluster.new_database()))
    migrate(opened)
    yield opened
    opened.dispose()


@pytest.fixture
def new_world(engine: Engine, tmp_path: Path) -> Callable[[], World]:
    def made() -> World:
        return SqlWorld(province=SqlProvince(engine, tmp_path))  # type: ignore[arg-type]

    return made


@pytest.mark.parametrize("name", [*REPLAYS, *FOUND])
def test_the_scenarios_that_were_kept_hold_on_real_tables(name: str, new_world: Callable[[], World]) -> None:
    assert broken_by({**REPLAYS, **FOUND}[name], new_world) is None


@pytest.mark.parametrize("batch", range(4))
def test_random_scenarios_hold_on_real_tables(batch: int, engine: Engine, new_world: Callable[[], World]) -> None:
    """Other seeds each time; what it finds is printed, to be kept in `found.json`."""
    seed = int.from_bytes(os.urandom(4), "big") + batch
    for number in range(RANDOM[engine.dialect.name]):
        verbs: list[Verb] = scenario(seed + number, LENGTH)
        assert broken_by(verbs, new_world) is None, (seed + number, verbs)
