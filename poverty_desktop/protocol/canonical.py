"""The one way a value is written as bytes before it is hashed or signed (sync.md 3.3)."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

_DEEPEST = 64  # of anything; what a device sends is held to DEEPEST_SENT, so that it fits into our answers
DEEPEST_SENT = 32
_LARGEST = 2**53 - 1  # what every JSON reader keeps exactly (RFC 8785)


class NotCanonical(ValueError):
    """The value or the bytes have no canonical form: a number out of range, decomposed text, a second spelling."""


def canonical(value: Any) -> bytes:
    """UTF-8 JSON with sorted keys and no blanks.

    Only JSON's own types with integers: a float is a `TypeError`. Text must be NFC and free of NUL, integers within
    ±(2**53 - 1): else `NotCanonical`.
    """
    _check(value)
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotCanonical("lone surrogate in text") from error


def parse(data: bytes) -> Any:
    """The value of canonical bytes. Raises `NotCanonical` for anything that `canonical` would have written otherwise."""
    value = parse_loosely(data)
    if canonical(value) != data:
        raise NotCanonical("another spelling of the same value")
    return value


def parse_loosely(data: bytes) -> Any:
    """The value of any integer-only JSON text (a request body), whatever its blanks and key order."""
    try:
        value = json.loads(data.decode("utf-8"), parse_float=_no_float, parse_constant=_no_float, object_pairs_hook=_unique)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise NotCanonical("not JSON") from error
    _check(value)
    return value


def check_depth(value: Any, deepest: int = DEEPEST_SENT) -> None:
    """Raises `NotCanonical` for a value nested more deeply than `deepest`."""
    _check(value, _DEEPEST - deepest)


def _check(value: Any, depth: int = 0) -> None:
    if depth > _DEEPEST:
        raise NotCanonical("nested too deeply")
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, int):
        if not -_LARGEST <= value <= _LARGEST:
            raise NotCanonical("integer out of range")
    elif isinstance(value, dict):
        _check_keys(value, depth)
    elif isinstance(value, list | tuple):
        for element in value:
            _check(element, depth + 1)
    else:
        raise TypeError(f"{type(value).__name__} has no canonical form")


def _check_text(text: str) -> None:
    if not unicodedata.is_normalized("NFC", text):
        raise NotCanonical("text is not NFC")
    if "\0" in text:
        raise NotCanonical("NUL in text")


def _check_keys(mapping: dict[Any, Any], depth: int) -> None:
    for key, element in mapping.items():
        if not isinstance(key, str):
            raise TypeError("keys are text")
        _check_text(key)
        _check(element, depth + 1)


def _no_float(text: str) -> Any:
    raise NotCanonical(f"not an integer: {text[:40]}")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping = dict(pairs)
    if len(mapping) != len(pairs):
        raise NotCanonical("a key stands twice")
    return mapping
