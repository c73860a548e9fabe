"""The drill: a week offline, clashes, a restored and a cloned laptop, a restored province; nothing that was typed is lost."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from sqlalchemy import select

from poverty_desktop.server import tables as t
from poverty_desktop.server.database import reading
from poverty_desktop.server.sql_stream import SqlStream
from tests.drill.machines import Laptop, Machines
from tests.drill.script import Week


def test_two_officers_a_week_offline_and_every_disaster_lose_nothing(machines: Machines) -> None:
    week = Week.begun(machines)
    week.offline()
    week.link_again()
    clone = week.one_is_cloned()
    week.one_is_put_back()
    week.province_is_put_back()
    told = week.hong.round()
    assert (told.outcome, told.problem) == ("refused", "sync.restored")
    week.operator_adopts()
    rounds = machines.greet()
    _all_agree(machines)
    _nothing_is_lost(machines)
    _every_disaster_happened(week, clone)
    print(f"everybody agreed after {rounds} rounds each")


def _all_agree(machines: Machines) -> None:
    first = machines.laptops[0]
    digests = {laptop.store.sums().digest for laptop in machines.laptops} | {_digest(machines)}
    assert len(digests) == 1
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


def _nothing_is_lost(machines: Machines) -> None:
    held, onlooker = machines.province.held(), machines.onlooker
    found = Counter(onlooker.where(one, held) for one in onlooker.typed)
    print(f"{len(onlooker.typed)} values typed: {dict(found)}")
    assert found["lost"] == 0, [one for one in onlooker.typed if onlooker.where(one, held) == "lost"]
    assert min(found[place] for place in ("current", "in a clash", "replaced")) > 0
    assert set(held.log.values()) == {1}
    forgetful = replace(held, beside=frozenset())
    assert found["in a clash"] == sum(onlooker.where(one, forgetful) == "lost" for one in onlooker.typed)


def _every_disaster_happened(week: Week, clone: Laptop) -> None:
    """The drill is worth nothing where one of them went by unnoticed."""
    with reading(week.machines.province.running.province.engine) as connection:
        clashes = connection.execute(select(t.conflict.c.rec_id).where(t.conflict.c.open.is_(True))).scalars().all()
        operations = connection.execute(select(t.change_log.c.body)).scalars().all()
        assert connection.execute(select(t.stream.c.epoch)).scalars().all() == [2]
    (home, head), (_, deleted), (edited, _) = week.homes[6:9]
    assert (clashes.count(home), clashes.count(head)) >= (2, 3)
    assert (clashes.count(deleted), clashes.count(edited)) == (1, 1)
    assert len({laptop.store.incarnation() for laptop in (week.don, week.hong, clone)}) == 3
    assert week.incarnations_before.isdisjoint([week.don.store.incarnation(), clone.store.incarnation()])
    assert any("salvaged" in operation for operation in operations)  # what only other laptops still had
