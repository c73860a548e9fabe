"""Rounds without a full hello (sync.md 3.0 A3, 3.12): what both ends must hold alike, and what a packet may take for granted.

Within a session in which a hello was answered, a laptop of which everything is confirmed asks one question instead of comparing
positions: does the province make the same mark of what it holds? And a packet may be sent at once, to be taken only where hello
would have found nothing to mend. In every other case the answer is "greet", nothing was taken, and the round goes on with hello.
"""

from __future__ import annotations

import base64
import hashlib

from poverty_desktop.protocol.canonical import canonical
from poverty_desktop.protocol.chains import EMPTY
from poverty_desktop.protocol.laptop import Enrolled, Standing
from poverty_desktop.protocol.packets import PacketHeader
from poverty_desktop.protocol.positions import cursor_state
from poverty_desktop.protocol.stream_store import StreamStore

Cursor = tuple[int, int, str]
"""(epoch, rev, chain in hex)."""


def mark_of(sid: str, cursor: Cursor, inc: str, lane: tuple[int, str], digest: str, stable: tuple[int, int]) -> str:
    """SHA-256, base64 without its end, over all that hello compares: history, own lane, state, and what is in backups (stream
    revision, lane position). Where two agree, hello would change nothing."""
    text = canonical(["still", sid, *cursor, inc, *lane, digest, *stable])
    return base64.urlsafe_b64encode(hashlib.sha256(text).digest()).decode().rstrip("=")


def mark_there(enrolled: Enrolled, standing: Standing, digest: str) -> str:
    """The mark of a laptop of which everything is confirmed; `digest` of its store."""
    at, lane = standing.cursor, (standing.lane_last, standing.lane_chain.hex())
    cursor = (at.epoch, at.rev, at.chain.hex())
    return mark_of(enrolled.stream, cursor, enrolled.incarnation, lane, digest, standing.stable)


def mark_here(store: StreamStore, dev: str, inc: str, stable_rev: int | None) -> str:
    """The mark that a laptop has which holds everything of this stream, and of which everything is here."""
    head, lane = store.head(), store.find(dev, inc)
    in_backups = store.stable(lane.number) if lane else None
    stable = (stable_rev or 0, in_backups.lane_seq if in_backups else 0)
    last, chain = (lane.last, lane.chain) if lane else (0, EMPTY)
    cursor = (head.epoch, head.rev, head.chain.hex())
    return mark_of(head.sid, cursor, inc, (last, chain.hex()), store.sums().digest, stable)


def is_expected(store: StreamStore, packet: str, header: PacketHeader, cursor: Cursor) -> bool:
    """Whether hello would find laptop and province at one: the cursor in our history, the lane exactly where the packet begins,
    or exactly where it ends when it was taken before and the answer was lost."""
    if cursor_state(store, cursor) != "ok":
        return False
    lane = store.find(header.dev, header.inc)
    here = (lane.last, lane.chain.hex()) if lane else (0, EMPTY.hex())
    if store.answer(packet) is not None:
        return here == (header.lane_to, header.tail)
    return here == (header.lane_from - 1, header.prev)
