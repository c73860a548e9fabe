"""A province of the first release goes on: its sums, weights and marks are made of what is there (sync.md 3.21)."""

from __future__ import annotations

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import column as named
from sqlalchemy import insert, table

from poverty_desktop.server import buckets
from poverty_desktop.server import tables as t
from poverty_desktop.server.database import database_url, in_write, migrate, open_engine, reading
from tests.server.copying import copied
from tests.server.test_whole_states import busy

__all__ = ["busy"]
NEW = {"stream": {"living", "weight"}, "stream_epoch": {"parent"}, "lane": {"branch"}, "change_log": {"weight"},
       "quarantine": {"rev"}, "conflict": {"rev"}}  # fmt: skip
FIRST = ("stream", "stream_epoch", "lane", "lane_op", "change_log", "record", "conflict", "quarantine", "packet")


@pytest.fixture
def first_release(settings, tmp_path, request):
    """An empty database as the first release made it."""
    url = request.getfixturevalue("cluster").url(_bare(request)) if settings.database_url else None
    engine = open_engine(database_url(tmp_path, url))
    config = Config()
    config.set_main_option("script_location", "poverty_desktop:server/migrations")
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    yield engine
    engine.dispose()


def _bare(request) -> str:
    cluster = request.getfixturevalue("cluster")
    template, cluster.template = cluster.template, "template0"
    cluster.new_database()
    cluster.template = template
    return f"province{cluster.count}"


def test_what_the_first_release_kept_is_carried_over(running, busy, first_release):
    busy.save(("c", "spaceship", None, {"name": "mới"}))
    busy.push()
    with reading(running.province.engine) as connection:
        now = copied(connection)

    def as_before(connection):
        for name in FIRST:
            kept = [column for column in t.metadata.tables[name].c if column.name not in NEW.get(name, ())]
            old = table(name, *(named(column.name, column.type) for column in kept))
            for row in now[name]:
                connection.execute(insert(old), {key: value for key, value in row.items() if key not in NEW.get(name, ())})

    in_write(first_release, as_before)
    migrate(first_release)
    with reading(first_release) as connection:
        after = copied(connection)
        assert buckets.read(connection, busy.sid).digest == busy.state().digest
    for name in FIRST:
        assert sorted(map(str, after[name])) == sorted(map(str, now[name])), name
