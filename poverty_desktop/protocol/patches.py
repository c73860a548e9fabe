"""Patches on the JSON body of a record, and which revision wrote which field (sync.md 3.5, 3.26 `m`).

A field key is a field's name, or "name.key" for one key of a dict field ("answers.house/floor_area"). None clears: a
cleared field is absent from the body, so that a body has one spelling.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any


def patched(body: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """The body after these fields were set."""
    after = dict(body)
    for key, value in fields.items():
        name, dot, inner = key.partition(".")
        if dot:
            held = after.get(name)
            part = _put(dict(held) if isinstance(held, dict) else {}, inner, value)
            _put(after, name, part or None)
        else:
            _put(after, key, value)
    return after


def value_of(body: Mapping[str, Any], key: str) -> Any:
    """The value that a field key addresses, None where there is none."""
    name, dot, inner = key.partition(".")
    value = body.get(name)
    if not dot:
        return value
    return value.get(inner) if isinstance(value, dict) else None


def written(meta: Mapping[str, int], keys: Iterable[str], rev: int) -> dict[str, int]:
    """The revisions per field after `keys` were written at `rev`; a whole dict takes its keys with it."""
    after = dict(meta)
    for key in keys:
        if "." not in key:
            for inner in [name for name in after if name.startswith(f"{key}.")]:
                del after[inner]
        after[key] = rev
    return after


def revs_of(meta: Mapping[str, int], key: str) -> Iterator[int]:
    """Every revision that the present value of this key rests on."""
    name, dot, _ = key.partition(".")
    yield meta.get(key, meta.get(name, meta["*"]))
    if not dot:
        yield from (rev for other, rev in meta.items() if other.startswith(f"{key}."))


def last_rev(meta: Mapping[str, int], key: str) -> int:
    return max(revs_of(meta, key))


def _put(mapping: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    if value is None:
        mapping.pop(key, None)
    else:
        mapping[key] = value
    return mapping
