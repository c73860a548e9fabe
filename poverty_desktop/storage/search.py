"""What was typed into the search box, as an FTS5 query; and why a line was found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from poverty_desktop.domain.names import fold

_WORD = re.compile(r"[^\W_]+")
_SPACED_NUMBER = re.compile(r"\d+([ .]\d+)+")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
SEARCHED = ("names", "code", "ids", "phone", "village")
"""The searched columns of a line, in the order in which they are named as the reason."""
_REASONS = ("name", "code", "personal_id", "phone", "village")


@dataclass(frozen=True)
class Query:
    """Folded words that a line must begin with. A number typed with blanks or dots may also be meant as one ("0912 345 678")."""

    words: tuple[str, ...]
    number: str = ""

    def __bool__(self) -> bool:
        return bool(self.words)

    @property
    def match(self) -> str:
        """FTS5: each word a prefix, in any order and any column."""
        every = " ".join(f'"{word}"*' for word in self.words)
        return f'({every}) OR "{self.number}"*' if self.number else every

    @cached_property
    def _tries(self) -> list[tuple[str, ...]]:
        """What must begin words of one column to be the reason: everything typed, the one number, the first word, the others."""
        tries = (self.words, (self.number,) if self.number else (), self.words[:1], self.words[1:])
        return [words for words in dict.fromkeys(tries) if words]

    def reason(self, line: Sequence[Any]) -> str:
        """The column in which all words begin; else the one where the first that is found does. `line` begins as `SEARCHED`."""
        for words in self._tries:
            for at, name in enumerate(_REASONS):
                if _all_begin(words, line[at]):
                    return name
        return ""

    def in_one_name(self, names: str) -> bool:
        """Whether all words begin words of one person's name; names are told apart by line ends."""
        if _all_begin(self.words, names):
            for name in names.split("\n"):
                if _all_begin(self.words, name):
                    return True
        return False


def one_slip_from(word: str) -> set[str]:
    """Every word that one slip of the keys makes of this one: a letter missing, doubled up, wrong, or two changed over."""
    parts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    missing = {head + tail[1:] for head, tail in parts if tail}
    swapped = {head + tail[1] + tail[0] + tail[2:] for head, tail in parts if len(tail) > 1}
    wrong = {head + letter + tail[1:] for head, tail in parts if tail for letter in _LETTERS}
    added = {head + letter + tail for head, tail in parts for letter in _LETTERS}
    return (missing | swapped | wrong | added) - {word}


def query_of(text: str) -> Query:
    folded = fold(text)
    number = "".join(_WORD.findall(folded)) if _SPACED_NUMBER.fullmatch(folded) else ""
    return Query(tuple(_WORD.findall(folded)), number)


def _all_begin(words: tuple[str, ...], text: str) -> bool:
    """Whether each begins a word of the text. Plain loops: this is asked some hundred times between two keys."""
    for word in words:
        at = text.find(word)
        while at > 0 and text[at - 1].isalnum():  # letters and digits are what `_WORD` is made of
            at = text.find(word, at + 1)
        if at < 0:
            return False
    return True
