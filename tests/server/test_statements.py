"""A packet costs a handful of statements, however many operations it holds (one round trip to the database is not free)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from poverty_desktop.protocol.stream_store import Arrived
from poverty_desktop.server.taking import take
from tests.server.laptop import Laptop

OPERATIONS = 5000


@contextmanager
def counted(engine: Engine) -> Iterator[Counter[str]]:
    """Statements by their first two words."""
    found: Counter[str] = Counter()

    def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        found[statement] += 1

    event.listen(engine, "before_cursor_execute", count)
    yield found
    event.remove(engine, "before_cursor_execute", count)


def arrived(laptop: Laptop) -> Arrived:
    """What waits, as one packet (the wire's bound of 1 MiB left aside)."""
    from poverty_desktop.protocol.packets import peek

    sealed = laptop.packet(codec="none")
    return Arrived(sealed.id, peek(sealed.data)[1], laptop.operations[laptop.acked :], "rw", "2026-11-24T00:00:00Z")


@pytest.mark.parametrize("kind", ["create", "edit", "clash"])
def test_five_thousand_operations_are_a_handful_of_statements(running, lan, minh, kind):
    households = [lan.household(household_code=f"{number}") for number in range(OPERATIONS)]
    sender, packet = lan, arrived(lan)
    if kind != "create":
        take(running.province, packet)
        lan.acked, minh.rev = OPERATIONS, OPERATIONS
        for number, household in enumerate(households):
            lan.edit(household, {"household_code": f"sửa {number}"}, not_seen=0)
            minh.edit(household, {"household_code": f"khác {number}"})
        if kind == "clash":
            take(running.province, arrived(lan))
            sender = minh
        packet = arrived(sender)
    with counted(running.province.engine) as statements:
        ack = take(running.province, packet)
    assert ack.lane.last == packet.header.lane_to
    outcome = {result.outcome for result in ack.results}
    assert outcome == ({"conflict"} if kind == "clash" else set())
    assert sum(statements.values()) <= 25, statements.most_common(5)
