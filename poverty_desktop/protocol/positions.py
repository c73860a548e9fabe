"""Where a laptop stands, as the province sees it: what hello answers of lane and cursor (sync.md 3.12, 3.19)."""

from __future__ import annotations

from poverty_desktop.protocol.chains import EMPTY
from poverty_desktop.protocol.lanes import Lane, chain_at, probe_positions
from poverty_desktop.protocol.messages import LaneState
from poverty_desktop.protocol.stream_store import StreamStore


def probes(store: StreamStore, lane: Lane) -> list[tuple[int, str]]:
    """[seq, chain] of the last 32 positions and then at powers of two, for finding the last common one."""
    found = ((seq, chain_at(store, lane, seq)) for seq in probe_positions(lane.last))
    return [(seq, chain.hex()) for seq, chain in found if chain is not None]


def lane_state(store: StreamStore, dev: str, inc: str, position: tuple[int, str]) -> LaneState:
    """What hello says of a device's lane: ok, behind (it forgot its tail), fork, new."""
    lane = store.find(dev, inc)
    if lane is None:
        return LaneState(state="new", last=0, chain=EMPTY.hex())
    last, chain = position
    here = chain_at(store, lane, last) if last <= lane.last else None
    forked = here is not None and here.hex() != chain
    state = "fork" if forked else "behind" if last < lane.last else "ok"
    stable = store.stable(lane.number)
    found = probes(store, lane) if state != "ok" or last != lane.last else []
    return LaneState.model_validate(
        {"state": state, "last": lane.last, "chain": lane.chain.hex(), "probes": found, "no": lane.number,
         "stable_seq": stable.lane_seq if stable else None}
    )  # fmt: skip


def cursor_state(store: StreamStore, cursor: tuple[int, int, str]) -> str:
    """ "ok", or "rewound" when the laptop's history is not ours."""
    epoch, rev, chain = cursor
    ours = store.chain_of_rev(rev)
    same = ours is not None and ours.hex() == chain
    return "ok" if same and epoch == store.head().epoch else "rewound"
