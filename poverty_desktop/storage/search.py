"""What was typed into the search box, as an FTS5 query; and why a line was found."""

from __future__ import annotations

import re
from collections.abc import Mapping

from poverty_desktop.domain.names import fold

_WORD = re.compile(r"[^\W_]+")
_DIGITS_ONLY = re.compile(r"[\d .\-]+")
_REASONS = (("names", "name"), ("code", "code"), ("ids", "personal_id"), ("phone", "phone"), ("village", "village"))


def words_of(text: str) -> list[str]:
    """The folded words of a search; a number typed with blanks or dots ("0912 345 678") is one word."""
    folded = fold(text)
    if _DIGITS_ONLY.fullmatch(folded):
        return ["".join(letter for letter in folded if letter.isdigit())] if len(folded) > 4 else _WORD.findall(folded)
    return _WORD.findall(folded)


def match_of(words: list[str]) -> str:
    """Each word a prefix, in any order and any column."""
    return " ".join(f'"{word}"*' for word in words)


def reason(words: list[str], line: Mapping[str, str]) -> str:
    """The column in which all words begin; else the one where the first does."""
    for least in (len(words), 1):
        for column, name in _REASONS:
            if _begun(words, line[column]) >= least:
                return name
    return ""


def in_one_name(words: list[str], names: str) -> bool:
    """Whether all words begin words of one person's name; names are told apart by line ends."""
    return any(_begun(words, name) == len(words) for name in names.split("\n"))


def _begun(words: list[str], text: str) -> int:
    there = _WORD.findall(text)
    return sum(any(one.startswith(word) for one in there) for word in words)
