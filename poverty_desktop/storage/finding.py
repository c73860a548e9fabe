"""The household list and its search: between two keys there is time for one pass of the index and one screen of lines."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from poverty_desktop.services.ports import HouseholdLine, Page
from poverty_desktop.storage.engine import Database
from poverty_desktop.storage.search import SEARCHED, Query, query_of
from poverty_desktop.storage.vocabulary import Vocabulary

COUNTED = 10_000
SORTED = 200  # more matches than this come in the order of entry: nobody reads them, the officer types on
_SHOWN = (
    "household_id", "household_code", "head_name", "village_id", "village_name", "member_count", "household_class",
    "personal_id_tail",
)  # fmt: skip
_LINES = f"SELECT {', '.join((*SEARCHED, *_SHOWN))} FROM household_line WHERE key"
_FIRST = len(SEARCHED)
# Every record of the review that was chosen here, else of the newest (`services.review_rounds.ReviewRounds.current`): two laptops
# that had not met may each have begun it (ReviewRound.is_same_review). The one of the standard in force is the older record: the
# program begins it by itself, another one is begun by a person.
_CHOSEN = "json_extract((SELECT value FROM setting WHERE key = 'review.chosen'), '$.{}')"
_IS_CHOSEN = f"""(year = {_CHOSEN.format("year")} AND standard_id = {_CHOSEN.format("standard")}
       AND {_CHOSEN.format("newest")} = (SELECT max(year) FROM review_round WHERE deleted = 0)) IS TRUE"""
NEWEST_REVIEW = f"""(SELECT r.id FROM review_round r
   JOIN (SELECT year, kind, standard_id FROM review_round WHERE deleted = 0
          ORDER BY {_IS_CHOSEN} DESC, year DESC, starts_on, id LIMIT 1) n
     ON r.year = n.year AND r.kind = n.kind AND r.standard_id = n.standard_id
  WHERE r.deleted = 0)"""
SURVEYED = f"""
SELECT s.household_id, s.state, s.household_class FROM survey s
 WHERE s.deleted = 0 AND s.round_id IN {NEWEST_REVIEW}"""
# The plus keeps the planner off the index by round: a page has few households, a round has all of them.
_STATES = f"""
SELECT s.household_id, s.state, s.household_class FROM survey s
 WHERE s.deleted = 0 AND +s.round_id IN {NEWEST_REVIEW} AND s.household_id"""
# A draft of another review (a year under two standards) is none of this one.
_DRAFTED = f"""SELECT d.household_id FROM draft d
 WHERE d.kind = 'survey' AND coalesce(json_extract(d.notes, '$.round_id') IN {NEWEST_REVIEW}, TRUE)"""
_IN_STATE = {
    "draft": f"EXISTS (SELECT 1 FROM ({_DRAFTED}) d WHERE d.household_id = l.household_id)",
    "saved": f"EXISTS (SELECT 1 FROM ({SURVEYED}) s WHERE s.household_id = l.household_id AND s.state = 'saved')",
    "finished": f"EXISTS (SELECT 1 FROM ({SURVEYED}) s WHERE s.household_id = l.household_id AND s.state = 'finished')",
}
_Row = tuple[Any, ...]
_State = tuple[str | None, str | None]
_NO_STATE: _State = (None, None)


@dataclass(frozen=True)
class Filters:
    """What a list is asked for besides words."""

    village_id: str | None = None
    survey_state: str | None = None
    household_class: str | None = None

    def source(self, query: Query) -> tuple[str, list[Any]]:
        """FROM and WHERE with their values. The search index alone is enough where nothing else is asked: households that do
        not live here any more have no words in it."""
        conditions, values = self._conditions()
        if not query:
            return f"FROM household_line l WHERE {' AND '.join(['l.living = 1', *conditions])}", values
        join = "JOIN household_line l ON l.key = f.rowid" if conditions else ""
        where = " AND ".join(["household_search MATCH ?", *conditions])
        return f"FROM household_search f {join} WHERE {where}", [query.match, *values]

    def _conditions(self) -> tuple[list[str], list[Any]]:
        filters = {"village_id": self.village_id, "household_class": self.household_class}
        given = {column: value for column, value in filters.items() if value is not None}
        conditions = [f"l.{column} = ?" for column in given]
        if self.survey_state == "none":
            conditions += [f"NOT {condition}" for condition in _IN_STATE.values()]
        elif self.survey_state is not None:
            conditions.append(_IN_STATE[self.survey_state])
        return conditions, list(given.values())


class HouseholdFinder:
    """Answers `Lists.households` and `Lists.household_line`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._vocabulary = Vocabulary(database)

    def find(self, text: str, filters: Filters, limit: int, offset: int, *, counted: bool) -> Page:
        """Where nothing matches, words with one slip are read as meant ("huogn"), and the lines give no reason."""
        query = query_of(text)
        if not query:
            return Page([], 0) if text.strip() else self._listed(filters, limit, offset)
        page = self._found(query, filters, limit, offset, counted=counted)
        if page.total:
            return page
        meant = self._vocabulary.mended(query)
        if meant.words == query.words:
            return page
        return self._found(meant, filters, limit, offset, counted=counted, with_reason=False)

    def line(self, household_id: str) -> HouseholdLine | None:
        key = self._database.value("SELECT key FROM household_line WHERE household_id = ?", (household_id,))
        return None if key is None else self._lines(self._rows([key]))[0]

    def _listed(self, filters: Filters, limit: int, offset: int) -> Page:
        """All of them, in village and name order."""
        source, values = filters.source(Query(()))
        total = self._counted(source, values)
        found = self._database.rows(f"SELECT l.key {source} ORDER BY l.sort LIMIT ? OFFSET ?", [*values, limit, offset])
        return Page(self._lines(self._rows([key for (key,) in found])), total)

    # --- searching -----------------------------------------------------------------------------------------------

    def _found(self, query: Query, filters: Filters, limit: int, offset: int, *, counted: bool, with_reason: bool = True) -> Page:
        """One pass of the index tells whether the matches are few enough to be sorted, and which they are."""
        source, values = filters.source(query)
        if not limit:
            return Page([], self._counted(source, values))
        keys = self._keys(source, values, SORTED + 1, 0)
        if len(keys) <= SORTED:
            rows = self._sorted(keys, query, limit, offset)
            return Page(self._lines(rows, query if with_reason else None), len(keys))
        total = self._counted(source, values) if counted else len(keys)
        if offset + limit > len(keys):
            keys, offset = self._keys(source, values, limit, offset), 0
        rows = self._ranked(keys[offset : offset + limit], query)
        return Page(self._lines(rows, query if with_reason else None), total, at_least=not counted)

    def _keys(self, source: str, values: list[Any], limit: int, offset: int) -> list[int]:
        """In the order of entry. They come as one text: hundreds of rows would cost more than the index pass that finds them."""
        matches = f"SELECT f.rowid AS key {source} ORDER BY f.rowid LIMIT ? OFFSET ?"
        found = self._database.value(f"SELECT json_group_array(key) FROM ({matches})", [*values, limit, offset])
        return sorted(json.loads(found))

    def _counted(self, source: str, values: list[Any]) -> int:
        total: int = self._database.value(f"SELECT count(*) FROM (SELECT 1 {source} LIMIT {COUNTED})", values)
        return total

    def _sorted(self, keys: list[int], query: Query, limit: int, offset: int) -> list[_Row]:
        """One page of all these. One word is always in one name: there only the lines of the page need be read."""
        if len(query.words) > 1 or len(keys) <= limit:
            return self._ranked(keys, query)[offset : offset + limit]
        shown = f"IN (SELECT key FROM household_line WHERE key IN ({_marks(keys)}) ORDER BY sort LIMIT ? OFFSET ?)"
        return self._database.rows(f"{_LINES} {shown} ORDER BY sort", [*keys, limit, offset])

    def _ranked(self, keys: list[int], query: Query) -> list[_Row]:
        """In village and name order; all words in one name come before words of several people's names."""
        rows = self._rows(keys)
        if len(query.words) == 1:
            return rows
        ranked: tuple[list[_Row], list[_Row]] = ([], [])
        for row in rows:
            ranked[not query.in_one_name(row[0]) and query.reason(row) == "name"].append(row)
        return ranked[0] + ranked[1]

    # --- lines ---------------------------------------------------------------------------------------------------

    def _rows(self, keys: list[int]) -> list[_Row]:
        return self._database.rows(f"{_LINES} IN ({_marks(keys)}) ORDER BY sort", keys) if keys else []

    def _lines(self, rows: list[_Row], query: Query | None = None) -> list[HouseholdLine]:
        states = self._survey_states([row[_FIRST] for row in rows])
        lines = []
        for row in rows:
            household, code, head, village_id, village, people, household_class, tail = row[_FIRST:]
            state, found = states.get(household, _NO_STATE)
            why = "" if query is None else query.reason(row)
            lines.append(
                HouseholdLine(household, code, head, village_id, village, people, household_class, state, found, tail, why)
            )
        return lines

    def _survey_states(self, household_ids: list[str]) -> dict[str, _State]:
        """household id -> (state, class of the finished survey) in the newest review; an open draft comes before a survey."""
        states: dict[str, _State] = {}
        if not household_ids:
            return states
        marks = _marks(household_ids)
        drafted = f"SELECT household_id, 'draft', NULL FROM ({_DRAFTED}) WHERE household_id IN ({marks})"
        both = f"{_STATES} IN ({marks}) UNION ALL {drafted} ORDER BY 2 DESC"  # saved, finished, draft: what weighs more is later
        for household, state, found in self._database.rows(both, [*household_ids, *household_ids]):
            finished = found if state == "finished" else states.get(household, _NO_STATE)[1]
            states[household] = (state, finished)
        return states


def _marks(values: list[Any]) -> str:
    return ", ".join("?" * len(values))
