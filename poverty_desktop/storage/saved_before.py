"""A draft whose Save is in the store already: it stood in a copy that was put back, and what it made has come in by the exchange
(sync.md 3.0 A1: its operations and records would bear the same ids again)."""

from __future__ import annotations

from dataclasses import replace

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
