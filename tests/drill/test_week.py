"""The drill: a week offline, clashes, a restored and a cloned laptop, a restored province; nothing that was typed is lost."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from sqlalchemy import select

from poverty_desktop.server import tables as t
from poverty_desktop.server.database import reading
from poverty_desktop.server.sql_stream import SqlStream
from tests.drill.machines import Machines
from tests.drill.script import Week


def test_all_agree_and_nothing_waits(drilled: Week) -> None:
    machines, first = drilled.machines, drilled.don
    assert {laptop.store.sums().digest for laptop in machines.laptops} == {_digest(machines)}
    for laptop in machines.laptops:
        standing, places = laptop.store.standing(), laptop.store.places()
        assert (standing.waiting, standing.acknowledged, places.on_laptop, places.handed_on) == (0, standing.lane_last, 0, 0)
        assert laptop.shown() == first.shown()
        assert laptop.clashes() == first.clashes()
        assert laptop.workspace.verify().faults == []


def _digest(machines: Machines) -> str:
    with reading(machines.province.running.province.engine) as connection:
        sid = connection.execute(select(t.stream.c.sid)).scalar_one()
        return SqlStream.read(connection, sid).sums().digest


def test_every_value_typed_is_current_in_a_clash_in_custody_or_was_knowingly_replaced(drilled: Week) -> None:
    held, onlooker = drilled.machines.province.held(), drilled.machines.onlooker
    found = Counter(onlooker.where(one, held) for one in onlooker.typed)
    print(f"{len(onlooker.typed)} values typed: {dict(found)}")
    assert found["lost"] == 0, [one for one in onlooker.typed if onlooker.where(one, held) == "lost"]
    assert min(found[place] for place in ("current", "in a clash", "replaced")) > 0
    assert set(held.log.values()) == {1}
    forgetful = replace(held, beside=frozenset())
    assert found["in a clash"] == sum(onlooker.where(one, forgetful) == "lost" for one in onlooker.typed)


def test_every_clash_and_every_disaster_was_noticed(drilled: Week) -> None:
    """The drill is worth nothing where one of them went by."""
    with reading(drilled.machines.province.running.province.engine) as connection:
        clashes = connection.execute(select(t.conflict.c.rec_id).where(t.conflict.c.open.is_(True))).scalars().all()
        operations = connection.execute(select(t.change_log.c.body)).scalars().all()
        assert connection.execute(select(t.stream.c.epoch)).scalars().all() == [2]
    (home, head), (_, deleted), (edited, _) = drilled.homes[6:9]
    assert (clashes.count(home), clashes.count(head)) >= (2, 3)
    assert (clashes.count(deleted), clashes.count(edited)) == (1, 1)
    now = [laptop.store.incarnation() for laptop in drilled.machines.laptops]
    assert len(set(now)) == len(now) == 3
    assert len(drilled.incarnations_before.intersection(now)) == 1  # the restored one and one of the two copies began anew
    assert any("salvaged" in operation for operation in operations)  # what only other laptops still had
