"""Saves over what was saved before: what the screen shows then is not what the store has (sync.md 3.0 A1, 3.5, 3.20).

A draft whose Save is in the store already stood in a copy that was put back, and what it made has come in by the exchange: its
operations and records would bear the same ids again. And after a restore of the province an own operation waits again, although
others may have given it back with all that was written over it: it stands on top and hides that.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from poverty_desktop.protocol.identity import op_id
from poverty_desktop.services.ports import Change
from poverty_desktop.storage.rows import Working

AGAIN = 1 << 20  # added to the number of an operation; no form has so many


def as_it_now_is(group: str, change: Change, before: Working | None) -> Change:
    """What the change is to the record as it is stored now. What it would create is there: then it is an edit by somebody who saw
    an empty form, and differences are asked about like any that came in underneath."""
    if before is None:
        return change
    if change.kind == "c" and change.record_id == op_id(group, change.number):
        change = replace(change, kind="u", number=change.number + AGAIN, seen=dict.fromkeys(change.fields))
    while op_id(group, change.number) == before.last_op:
        change = replace(change, number=change.number + AGAIN)
    return change


def shows_what_was_sent_before(connection: Any, record_id: str, epoch: int) -> bool:
    """Whether an own operation of an earlier history waits on top of the record. The province may know it and what came after,
    which the screen does not show: so the officer is taken to have seen nothing of others, and a clash too many is the price."""
    rows = connection.execute("SELECT body FROM sync_op WHERE rec_id = ? AND state < 3", (record_id,))
    return any(json.loads(body)["b"]["e"] < epoch for (body,) in rows)
