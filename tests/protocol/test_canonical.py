"""One value has one spelling, and whatever has none is refused, however the check is done (sync.md 3.3)."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from poverty_desktop.protocol.canonical import NotCanonical, canonical, parse

letters = st.text(st.sampled_from("aên\u0301\u0323\u0302<\n\\\"\0é0u"), max_size=6)


@given(st.lists(letters), letters)
@example(["\n\u0301"], "")  # in JSON an n and an accent, which is not what it says
@example(["\\u0000"], "")
@example(["\0"], "")
def test_text_is_refused_exactly_when_a_part_of_it_is_decomposed_or_has_a_nul(texts, key):
    good = all(unicodedata.is_normalized("NFC", text) and "\0" not in text for text in [*texts, key])
    value = {key: texts}
    if good:
        assert parse(canonical(value)) == value
        return
    with pytest.raises(NotCanonical):
        canonical(value)


def nested(depth, inner):
    for _ in range(depth):
        inner = [inner]
    return inner


def test_depth_types_and_sizes_are_bounded():
    canonical(nested(64, "x"))
    for value in (nested(65, "x"), nested(65, 1), 2**53, [-(2**53)]):
        with pytest.raises(NotCanonical):
            canonical(value)
    for value in (1.5, {"a": [0.0]}, {1: "a"}, b"x", {"a": {"b": {1, 2}}}):
        with pytest.raises(TypeError):
            canonical(value)
    assert canonical(({"b": (1, True, None)},)) == b'[{"b":[1,true,null]}]'
