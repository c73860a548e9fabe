"""The words of the register (no numbers), for those that were mistyped: kept in memory, read again when the index was written."""

from __future__ import annotations

from bisect import bisect_left

from poverty_desktop.storage.engine import Database, Row
from poverty_desktop.storage.search import Query, one_slip_from

_SHORTEST = 4  # letters; one slip in a shorter word may mean anything
_WORDS = "SELECT term, doc FROM household_words WHERE term >= 'a' ORDER BY term"
# FTS5 keeps its list of segments in row 10 and its totals in row 1; whatever is written to the index changes the first.
_STAMP = "SELECT id, block FROM household_search_data WHERE id IN (1, 10) ORDER BY id"


class Vocabulary:
    """Counting in how many lines each word stands costs a walk through the index (FTS5 keeps no such number), so it is done
    once for all the slips between two changes of the register. Folded syllables are few: a commune has hundreds."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._stamp: list[Row] = []
        self._terms: list[str] = []
        self._lines: dict[str, int] = {}

    def mended(self, query: Query) -> Query:
        """Words that begin no word of the register, as the commonest word one slip away. Numbers are never guessed at."""
        return Query(tuple(self._mended(word) for word in query.words))

    def _mended(self, word: str) -> str:
        if len(word) < _SHORTEST or not word.isalpha():
            return word
        self._read()
        if self._is_begun(word):
            return word
        near = [term for term in one_slip_from(word) if term in self._lines]
        return min(near, key=lambda term: (-self._lines[term], term), default=word)

    def _is_begun(self, word: str) -> bool:
        at = bisect_left(self._terms, word)
        return at < len(self._terms) and self._terms[at].startswith(word)

    def _read(self) -> None:
        stamp = self._database.rows(_STAMP)
        if stamp != self._stamp:
            self._lines = dict(self._database.rows(_WORDS))
            self._terms, self._stamp = list(self._lines), stamp
