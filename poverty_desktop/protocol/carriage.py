"""How operations travel: a line names the Save once, the following lines hold its operations (sync.md 3.0 A1, A4).

Carriage is not canon: what is hashed are the canonical bytes of each operation, which `ungroup` restores to the bit. Op ids
are not sent, nor the ids of created records, nor any id made in the same Save: they follow from group and number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from poverty_desktop.protocol.canonical import NotCanonical, canonical, check_depth, parse
from poverty_desktop.protocol.chains import step
from poverty_desktop.protocol.identity import is_id, op_id
from poverty_desktop.protocol.operations import Operation

_SHARED = ("g", "b", "u", "at", "sk", "sv")


def group_lines(operations: Iterable[Operation]) -> list[bytes]:
    """The lines of a packet body. Raises `ValueError` for an operation whose id is not made from group and number."""
    lines: list[bytes] = []
    head: dict[str, Any] = {}
    made: dict[str, int] = {}
    for operation in operations:
        wire = operation.wire()
        if wire["g"] != head.get("g"):
            head, made = {key: wire[key] for key in _SHARED}, {}
            lines.append(canonical(head))
        made[wire["op"]] = wire["n"]
        lines.append(canonical(_shorten(wire, head, made)))
    return lines


def ungroup(lines: Iterable[bytes]) -> list[Operation]:
    """The operations of a packet body. Raises `NotCanonical` for lines that no `group_lines` wrote."""
    operations: list[Operation] = []
    head: dict[str, Any] | None = None
    for line in lines:
        wire = parse(line)
        check_depth(wire)
        if not isinstance(wire, dict):
            raise NotCanonical("a line is an object")
        if "g" in wire and "n" not in wire:
            head = _head(wire)
        elif head is None:
            raise NotCanonical("an operation before its group")
        else:
            operations.append(Operation.from_wire(_lengthen(wire, head)))
    return operations


def by_group(operations: Iterable[Operation]) -> Iterator[list[Operation]]:
    """Runs of operations of one Save: what is never split over packets."""
    run: list[Operation] = []
    for operation in operations:
        if run and operation.group != run[-1].group:
            yield run
            run = []
        run.append(operation)
    if run:
        yield run


def cut(operations: Iterable[Operation], most_bytes: int = 4 << 20) -> Iterator[list[Operation]]:
    """Batches of whole Saves with about `most_bytes` canonical bytes each; a larger Save travels alone."""
    batch: list[Operation] = []
    size = 0
    for run in by_group(operations):
        weight = sum(len(operation.canonical()) for operation in run)
        if batch and size + weight > most_bytes:
            yield batch
            batch, size = [], 0
        batch += run
        size += weight
    if batch:
        yield batch


def _shorten(wire: dict[str, Any], head: dict[str, Any], made: dict[str, int]) -> dict[str, Any]:
    if wire["op"] != op_id(wire["g"], wire["n"]):
        raise ValueError("the id of the operation is not made from its Save (A1)")
    short = {key: value for key, value in wire.items() if key != "op" and (key not in head or head[key] != value)}
    if wire["k"] == "c" and wire["id"] == wire["op"]:
        del short["id"]
    elif wire["id"] in made:
        short["id"] = made[wire["id"]]
    references = {key: made[value] for key, value in wire.get("f", {}).items() if isinstance(value, str) and value in made}
    if references:
        short["fr"] = references
        short["f"] = {key: value for key, value in wire["f"].items() if key not in references}
    return short


def _head(wire: dict[str, Any]) -> dict[str, Any]:
    if set(wire) != set(_SHARED) or not is_id(wire["g"]):
        raise NotCanonical("not the line of a group")
    return wire


def _lengthen(short: dict[str, Any], head: dict[str, Any]) -> dict[str, Any]:
    wire = {**head, **short}
    group, number = head["g"], wire.get("n")
    if wire["g"] != group:
        raise NotCanonical("an operation of another group")
    wire["op"] = _made(group, number)
    if "id" not in wire:
        wire["id"] = wire["op"]
    elif isinstance(wire["id"], int):
        wire["id"] = _made(group, wire["id"])
    if "fr" in short:
        wire["f"] = {**wire.get("f", {}), **_references(group, wire.pop("fr"))}
    return wire


def _references(group: str, references: Any) -> dict[str, str]:
    if not isinstance(references, dict):
        raise NotCanonical("references are an object")
    return {key: _made(group, number) for key, number in references.items()}


def _made(group: str, number: Any) -> str:
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < 2**32:
        raise NotCanonical("no number in the group")
    return op_id(group, number)


def lane_chain(chain: bytes, operations: Sequence[Operation]) -> bytes:
    """The chain of a lane after these operations."""
    for operation in operations:
        chain = step(chain, operation.canonical())
    return chain
