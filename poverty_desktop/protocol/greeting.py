"""The hello of a laptop: where it stands in its stream (sync.md 3.12, 3.26)."""

from __future__ import annotations

from collections.abc import Sequence

from poverty_desktop.protocol.laptop import Clock, Enrolled, Standing
from poverty_desktop.protocol.messages import HelloRequest, StreamPosition
from poverty_desktop.protocol.recovery import OwnLane

SCHEMA_VERSION = 2


def greeting(enrolled: Enrolled, standing: Standing, lanes: Sequence[OwnLane], nonce: str, clock: Clock) -> HelloRequest:
    """`lanes`: the open one last."""
    cursor = standing.cursor
    *closed, current = lanes
    position = StreamPosition(
        sid=enrolled.stream,
        cursor=(cursor.epoch, cursor.rev, cursor.chain.hex()),
        lane=(current.last, current.chain.hex()),
        closed=[(lane.inc, lane.last, lane.chain.hex()) for lane in closed],
        pending=(standing.waiting, standing.oldest_waiting and standing.oldest_waiting[:10]),
    )
    return HelloRequest(
        schema_version=SCHEMA_VERSION,
        device=enrolled.device,
        incarnation=enrolled.incarnation,
        nonce=nonce,
        wall=clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        up_s=max(0, int(clock.monotonic())),
        streams=[position],
    )
