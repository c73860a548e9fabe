"""An operation id that comes back with other content (found by the soak of real processes).

A draft bears the id of its Save from the beginning (amendment A1). In a copy of the file, put back or cloned, the same draft may
be filled in otherwise and saved again: two Saves, one id. Taken for a duplicate the second would vanish. So what it says
otherwise becomes an operation of its own, under an id that follows from its content; it has not seen the first, and the two
meet as the work of two people does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from poverty_desktop.protocol.canonical import canonical
from poverty_desktop.protocol.identity import derived_id
from poverty_desktop.protocol.operations import Operation
from poverty_desktop.protocol.staged import Item


def told_apart(items: Iterable[Item], stored: Mapping[str, Operation]) -> list[Item]:
    """The items, those whose id was used before for something else under ids of their own. `stored`: what the stream has under
    the ids of these items."""
    return [_apart(item, stored.get(item.operation.op)) for item in items]


def _apart(item: Item, stored: Operation | None) -> Item:
    if stored is None or _given_back(item.operation):
        return item
    operation = item.operation
    fields = _otherwise(operation, stored)
    if not fields and operation.kind in (stored.kind, "c", "u"):
        return item
    op = derived_id("reused", operation.op, operation.kind, canonical(fields).hex())
    seen = {name: value for name, value in (operation.seen or {}).items() if name in fields}
    own = replace(
        operation, op=op, group=derived_id("reused", operation.group, str(item.lane)), fields=fields, seen=seen or None,
        kind="u" if operation.kind == "c" else operation.kind,
    )  # fmt: skip
    return replace(item, operation=own, sent_as=operation.op)


def _otherwise(operation: Operation, stored: Operation) -> dict[str, Any]:
    """The fields that the stored one has with another value. One that was given back after a restore does not tell all of its
    fields: what is not in it is taken to be the same."""
    told = stored.fields if _given_back(stored) else operation.fields
    ours = {name: value for name, value in operation.fields.items() if name in told}
    return {name: value for name, value in ours.items() if name not in stored.fields or stored.fields[name] != value}


def _given_back(operation: Operation) -> bool:
    return "salvaged" in operation.more
