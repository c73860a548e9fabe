"""The one way a value is written as bytes before it is hashed or signed (sync.md 3.3)."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

_DEEPEST = 64  # of anything; what a device sends is held to DEEPEST_SENT, so that it fits into our answers
DEEPEST_SENT = 32
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_LARGEST = 2**53 - 1  # what every JSON reader keeps exactly (RFC 8785)


class NotCanonical(ValueError):
    """The value or the bytes have no canonical form: a number out of range, decomposed text, a second spelling."""


def canonical(value: Any) -> bytes:
    """UTF-8 JSON with sorted keys and no blanks.

    Only JSON's own types with integers: a float is a `TypeError`. Text must be NFC and free of NUL, integers within
    ±(2**53 - 1): else `NotCanonical`.
    """
    _check(value)
    text = _ENCODER.encode(value)
    if "\\u0000" in text or not (text.isascii() or unicodedata.is_normalized("NFC", text)):
        _check_texts(value)  # whole text in NFC: so is every part; but an escape may compose with what follows it
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotCanonical("lone surrogate in text") from error


def parse(data: bytes) -> Any:
    """The value of canonical bytes. Raises `NotCanonical` for anything that `canonical` would have written otherwise."""
    value = _loaded(data)
    if canonical(value) != data:
        raise NotCanonical("another spelling of the same value")
    return value


def parse_loosely(data: bytes) -> Any:
    """The value of any integer-only JSON text (a request body), whatever its blanks and key order."""
    value = _loaded(data)
    _check(value)
    _check_texts(value)
    return value


def _loaded(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8"), parse_float=_no_float, parse_constant=_no_float, object_pairs_hook=_unique)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise NotCanonical("not JSON") from error


def check_depth(value: Any, deepest: int = DEEPEST_SENT) -> None:
    """Raises `NotCanonical` for a value nested more deeply than `deepest`."""
    _check(value, _DEEPEST - deepest)


def _check(value: Any, depth: int = 0) -> None:
    """Types, sizes and depth; texts are left to `_check_texts`."""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return
    if kind is dict or kind is list or kind is tuple:
        if value and depth >= _DEEPEST:
            raise NotCanonical("nested too deeply")
        if kind is dict:
            _check_keys(value)
            value = value.values()
        for element in value:
            if type(element) is not str:
                _check(element, depth + 1)
    elif isinstance(value, int):
        if not -_LARGEST <= value <= _LARGEST:
            raise NotCanonical("integer out of range")
    elif isinstance(value, dict):
        _check(dict(value), depth)
    elif isinstance(value, list | tuple):
        _check(list(value), depth)
    elif not isinstance(value, str):
        raise TypeError(f"{kind.__name__} has no canonical form")


def _check_keys(mapping: dict[Any, Any]) -> None:
    for key in mapping:
        if not isinstance(key, str):
            raise TypeError("keys are text")


def _check_texts(value: Any) -> None:
    if isinstance(value, str):
        if not unicodedata.is_normalized("NFC", value):
            raise NotCanonical("text is not NFC")
        if "\0" in value:
            raise NotCanonical("NUL in text")
    elif isinstance(value, dict):
        for key, element in value.items():
            _check_texts(key)
            _check_texts(element)
    elif isinstance(value, list | tuple):
        for element in value:
            _check_texts(element)


def _no_float(text: str) -> Any:
    raise NotCanonical(f"not an integer: {text[:40]}")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping = dict(pairs)
    if len(mapping) != len(pairs):
        raise NotCanonical("a key stands twice")
    return mapping
