"""The lanes of this file: the open one, and those of earlier incarnations (sync.md 3.12, 3.19).

Functions on the connection of a transaction that the caller began; positions come by incarnation. Whatever takes an operation on
top of the store or off it says so to `Showing`, so that rows and operations never disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from poverty_desktop.protocol.chains import EMPTY, step
from poverty_desktop.protocol.recovery import OwnLane
from poverty_desktop.storage.outbox import OPEN
from poverty_desktop.storage.showing import Showing, Touching

OF_LANE = "sid = (SELECT sid FROM sync_lane WHERE closed = 0) AND inc = ?"
_TOUCHING = "entity, rec_id, kind, body"


def lanes(connection: Any) -> list[OwnLane]:
    """Those with operations that are not safe yet, oldest first; the open one last, also when it is empty."""
    rows = connection.execute(
        "SELECT inc, last_seq, chain FROM sync_lane WHERE closed = 0 OR stable_seq < last_seq ORDER BY place"
    )
    return [OwnLane(inc, last, bytes(chain)) for inc, last, chain in rows]


def open_incarnation(connection: Any) -> str:
    return str(connection.execute("SELECT inc FROM sync_lane WHERE closed = 0").fetchone()[0])


def chain_at(connection: Any, incarnation: str, position: int) -> bytes | None:
    """The chain of a lane at `position`; None when it was never there, or is pruned."""
    if position == 0:
        return EMPTY
    row = connection.execute(f"SELECT chain FROM sync_op WHERE {OF_LANE} AND seq = ?", (incarnation, position)).fetchone()
    return bytes(row[0]) if row else None


def operations_of(connection: Any, where: str, values: tuple[Any, ...]) -> list[Touching]:
    return list(connection.execute(f"SELECT {_TOUCHING} FROM sync_op WHERE {where}", values))


# --- what the province has ---------------------------------------------------------------------------------------------


def reach(connection: Any, incarnation: str, position: int) -> int:
    """The cumulative ack: everything up to here is in the province, and its packets need not be sent again. How many operations
    that settled."""
    settled = connection.execute(
        f"UPDATE sync_op SET state = 3 WHERE state < 3 AND {OF_LANE} AND seq <= ?", (incarnation, position)
    )
    connection.execute(f"UPDATE sync_lane SET acked_seq = ? WHERE {OF_LANE}", (position, incarnation))
    connection.execute("DELETE FROM sync_packet WHERE inc = ? AND seq_to <= ?", (incarnation, position))
    return int(settled.rowcount)


def settle(connection: Any, common: Mapping[str, int], showing: Showing) -> int:
    """Up to these positions the province has the lanes; what is after them waits again. How many more that settled."""
    settled = 0
    for incarnation, position in common.items():
        settled += reach(connection, incarnation, position)
        connection.execute("DELETE FROM sync_packet WHERE inc = ? AND seq_from > ?", (incarnation, position + 1))
        _wait_after(connection, incarnation, position, showing)
    return settled


def settled_already(connection: Any, common: Mapping[str, int]) -> bool:
    """Whether `settle` would find nothing to do: the ordinary round, which then writes nothing."""
    here = dict(connection.execute("SELECT inc, acked_seq FROM sync_lane").fetchall())
    if any(here[inc] != position for inc, position in common.items()):
        return False
    for inc, position in common.items():
        differing = f"SELECT 1 FROM sync_op WHERE {OF_LANE} AND ((seq > ? AND state >= 3) OR (seq <= ? AND state < 3)) LIMIT 1"
        if connection.execute(differing, (inc, position, position)).fetchone():
            return False
    return True


def _wait_after(connection: Any, incarnation: str, position: int, showing: Showing) -> None:
    after = f"{OF_LANE} AND seq > ?"
    showing.touch_operations(operations_of(connection, f"{after} AND state > 3", (incarnation, position)))
    connection.execute(
        f"UPDATE sync_op SET state = 0, epoch = NULL, rev = NULL, outcome = NULL WHERE {after} AND state >= 3",
        (incarnation, position),
    )
    connection.execute(
        f"UPDATE sync_op SET state = 0, packet = NULL WHERE {after} AND state < 3"
        f" AND packet NOT IN (SELECT id FROM sync_packet WHERE state = {OPEN})",
        (incarnation, position),
    )


# --- another incarnation -------------------------------------------------------------------------------------------------


def rotate(connection: Any, common: Mapping[str, int], incarnation: str, showing: Showing) -> None:
    """What is after these positions moves into a new lane: same ids, same bases, new numbers."""
    before, current = lanes(connection), open_incarnation(connection)
    moved = list(_rows_moving(connection, before, common))
    for lane in before:
        _close_at(connection, lane.inc, common[lane.inc])
    settle(connection, common, showing)
    only_ours = all(inc == current for inc, *_ in moved)
    (sid, place) = connection.execute(f"SELECT sid, place FROM sync_lane WHERE {OF_LANE}", (current,)).fetchone()
    connection.execute("UPDATE sync_lane SET closed = 1 WHERE sid = ?", (sid,))
    connection.execute(
        "INSERT INTO sync_lane (sid, inc, chain, parent, parent_seq, place) VALUES (?, ?, ?, ?, ?, ?)",
        (sid, incarnation, EMPTY, current if only_ours else None, common[current], place + 1),
    )
    _append(connection, sid, incarnation, moved)
    connection.execute("DELETE FROM sync_packet WHERE inc <> ?", (incarnation,))
    showing.touch_operations(touching for _, _, touching in moved)


def start_anew(connection: Any, incarnation: str, showing: Showing) -> None:
    """Rotate before the province is asked: all that it has not signed for moves. What it had taken nevertheless comes to it as a
    duplicate by id."""
    signed = dict(connection.execute("SELECT inc, acked_seq FROM sync_lane").fetchall())
    rotate(connection, {lane.inc: signed[lane.inc] for lane in lanes(connection)}, incarnation, showing)


Moving = tuple[str, int, Touching]


def _rows_moving(connection: Any, before: Iterable[OwnLane], common: Mapping[str, int]) -> Iterator[Moving]:
    """(incarnation, position, what it touches), in the order they were made (`recovery.moving`). What was pruned is in a backup
    and stays there."""
    for lane in before:
        after = f"SELECT seq, {_TOUCHING} FROM sync_op WHERE {OF_LANE} AND seq > ? ORDER BY seq"
        for seq, *touching in connection.execute(after, (lane.inc, common[lane.inc])).fetchall():
            yield lane.inc, seq, tuple(touching)


def _close_at(connection: Any, incarnation: str, position: int) -> None:
    chain = chain_at(connection, incarnation, position)
    assert chain is not None, "two histories have a position in common only where both know its chain"
    connection.execute(f"UPDATE sync_lane SET last_seq = ?, chain = ? WHERE {OF_LANE}", (position, chain, incarnation))


def _append(connection: Any, sid: str, incarnation: str, moved: Iterable[Moving]) -> None:
    position, chain = 0, EMPTY
    for inc, seq, (*_, body) in moved:
        position, chain = position + 1, step(chain, body.encode())
        connection.execute(
            "UPDATE sync_op SET inc = ?, seq = ?, chain = ?, state = 0, epoch = NULL, rev = NULL, packet = NULL, outcome = NULL"
            " WHERE sid = ? AND inc = ? AND seq = ?",
            (incarnation, position, chain, sid, inc, seq),
        )
    connection.execute(
        "UPDATE sync_lane SET last_seq = ?, chain = ? WHERE sid = ? AND inc = ?", (position, chain, sid, incarnation)
    )


# --- what is safe ----------------------------------------------------------------------------------------------------------


def keep_stable(connection: Any, rev: int, positions: Mapping[str, int]) -> None:
    """What a verified backup of the province holds, by position in the lane and never by revision; what nobody will ask for again
    is given up. Each lane keeps its newest such operation, whose chain is asked for."""
    connection.execute("UPDATE sync_stream SET stable_rev = max(stable_rev, ?) WHERE kind = 'commune'", (rev,))
    for incarnation, position in positions.items():
        connection.execute(  # the backup may hold more of a lane than a laptop that was put back remembers
            f"UPDATE sync_lane SET stable_seq = max(stable_seq, min(?, last_seq)) WHERE {OF_LANE}", (position, incarnation)
        )
        stable = connection.execute(f"SELECT stable_seq FROM sync_lane WHERE {OF_LANE}", (incarnation,)).fetchone()[0]
        connection.execute(f"UPDATE sync_op SET state = 5 WHERE state = 4 AND {OF_LANE} AND seq <= ?", (incarnation, stable))
        connection.execute(f"DELETE FROM sync_op WHERE state = 5 AND {OF_LANE} AND seq < ?", (incarnation, stable))
    connection.execute(
        "DELETE FROM sync_inlog WHERE coalesce(until, rev) <= (SELECT stable_rev FROM sync_stream WHERE kind = 'commune')"
    )


def stable_already(connection: Any, rev: int, positions: Mapping[str, int]) -> bool:
    """Whether `keep_stable` would find nothing to do."""
    (known,) = connection.execute("SELECT stable_rev FROM sync_stream WHERE kind = 'commune'").fetchone()
    rows = connection.execute("SELECT inc, stable_seq, last_seq FROM sync_lane").fetchall()
    here = {inc: (stable, last) for inc, stable, last in rows}
    if rev > known or any(min(position, here[inc][1]) > here[inc][0] for inc, position in positions.items()):
        return False
    late = f"SELECT 1 FROM sync_op WHERE {OF_LANE} AND state = 4 AND seq <= ? LIMIT 1"
    if any(connection.execute(late, (inc, here[inc][0])).fetchone() for inc in positions):
        return False
    old = "SELECT 1 FROM sync_inlog WHERE coalesce(until, rev) <= ? LIMIT 1"
    return connection.execute(old, (known,)).fetchone() is None
