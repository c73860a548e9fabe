"""What was typed into the search box, as an FTS5 query; and why a line was found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from poverty_desktop.domain.names import fold

_WORD = re.compile(r"[^\W_]+")
_SPACED_NUMBER = re.compile(r"\d+([ .]\d+)+")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_REASONS = (("names", "name"), ("code", "code"), ("ids", "personal_id"), ("phone", "phone"), ("village", "village"))


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

    def reason(self, line: Mapping[str, str]) -> str:
        """The column in which all words begin; else the one where the first that is found does."""
        there = {column: _WORD.findall(line[column]) for column, _ in _REASONS}
        for words in filter(None, (self.words, (self.number,) if self.number else (), self.words[:1], self.words[1:])):
            for column, name in _REASONS:
                if _all_begin(words, there[column]):
                    return name
        return ""

    def in_one_name(self, names: str) -> bool:
        """Whether all words begin words of one person's name; names are told apart by line ends."""
        return any(_all_begin(self.words, _WORD.findall(name)) for name in names.split("\n"))


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


def _all_begin(words: tuple[str, ...], there: list[str]) -> bool:
    return all(any(one.startswith(word) for one in there) for word in words)
