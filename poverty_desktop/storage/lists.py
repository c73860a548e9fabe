"""The lists of the port `services.ports.Lists`: each a query or a few over lines that are kept current, never a walk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from poverty_desktop.domain.records import ClassRecord, HouseholdShare, SupportBatch, SupportLine
from poverty_desktop.services.ports import HouseholdLine, Page, WorkState
from poverty_desktop.storage.drafts import DraftTable
from poverty_desktop.storage.engine import Database
from poverty_desktop.storage.recorder import Recorder
from poverty_desktop.storage.search import Query, one_slip_from, query_of
from poverty_desktop.storage.work_state import work_state

COUNTED = 10_000
SORTED = 500  # more matches than this come in the order of entry: nobody reads them, the officer types on
_SHOWN = (
    "household_id", "household_code", "head_name", "village_id", "village_name", "member_count", "household_class",
    "personal_id_tail",
)  # fmt: skip
_SEARCHED = ("names", "code", "ids", "village", "phone")
_LINE_COLUMNS = ", ".join((*_SHOWN, *_SEARCHED))
# Every record of the newest review: two laptops that had not met may each have begun it (ReviewRound.is_same_review).
NEWEST_REVIEW = """(SELECT r.id FROM review_round r
   JOIN (SELECT year, kind, standard_id FROM review_round WHERE deleted = 0 ORDER BY year DESC, starts_on, id LIMIT 1) n
     ON r.year = n.year AND r.kind = n.kind AND r.standard_id = n.standard_id
  WHERE r.deleted = 0)"""
SURVEYED = f"""
SELECT s.household_id, s.state, s.household_class FROM survey s
 WHERE s.deleted = 0 AND s.round_id IN {NEWEST_REVIEW}"""
_IN_STATE = {
    "draft": "EXISTS (SELECT 1 FROM draft d WHERE d.kind = 'survey' AND d.household_id = l.household_id)",
    "saved": f"EXISTS (SELECT 1 FROM ({SURVEYED}) s WHERE s.household_id = l.household_id AND s.state = 'saved')",
    "finished": f"EXISTS (SELECT 1 FROM ({SURVEYED}) s WHERE s.household_id = l.household_id AND s.state = 'finished')",
}


class ListQueries:
    """Implements `services.ports.Lists` on the encrypted file."""

    def __init__(self, database: Database, drafts: DraftTable, records: Recorder) -> None:
        self._database = database
        self._drafts = drafts
        self._records = records

    # --- households ------------------------------------------------------------------------------------------------

    def households(
        self,
        text: str = "",
        *,
        village_id: str | None = None,
        survey_state: str | None = None,
        household_class: str | None = None,
        limit: int = 200,
        offset: int = 0,
    ) -> Page:
        """As the port says. `survey_state` "none" finds those without survey and draft in the newest review. Where nothing
        matches, words with one slip are read as meant ("huogn"), and the lines give no reason."""
        wanted = _Wanted(query_of(text), village_id, survey_state, household_class)
        if text.strip() and not wanted.query:
            return Page([], 0)
        page = self._page(wanted, limit, offset)
        if page.total or not wanted.query:
            return page
        mended = replace(wanted, query=self._mended(wanted.query))
        if mended.query == wanted.query:
            return page
        guessed = self._page(mended, limit, offset)
        return Page([replace(line, reason="") for line in guessed.lines], guessed.total)

    def _page(self, wanted: _Wanted, limit: int, offset: int) -> Page:
        source, values = wanted.source()
        total = self._database.value(f"SELECT count(*) FROM (SELECT 1 {source} LIMIT {COUNTED})", values)
        in_order = not wanted.query or total <= SORTED
        source, values = wanted.source(with_lines=in_order)
        order = "l.sort" if in_order else "f.rowid"
        found = self._database.rows(f"SELECT {wanted.key} {source} ORDER BY {order} LIMIT ? OFFSET ?", [*values, limit, offset])
        return Page(self._lines([key for (key,) in found], wanted.query), total)

    def _mended(self, query: Query) -> Query:
        """Words that begin no word of the register, as the commonest word one slip away. Numbers are never guessed at."""
        return Query(tuple(self._mended_word(word) for word in query.words))

    def _mended_word(self, word: str) -> str:
        known = "SELECT 1 FROM household_words WHERE term >= ? AND term < ? LIMIT 1"
        if len(word) < 4 or not word.isalpha() or self._database.row(known, (word, word + "\U0010ffff")):
            return word
        near = sorted(one_slip_from(word))
        marks = ", ".join("?" * len(near))
        most = f"SELECT term FROM household_words WHERE term IN ({marks}) ORDER BY doc DESC, term LIMIT 1"
        return str(self._database.value(most, near) or word)

    def household_line(self, household_id: str) -> HouseholdLine | None:
        key = self._database.value("SELECT key FROM household_line WHERE household_id = ?", (household_id,))
        return None if key is None else self._lines([key], Query(()))[0]

    def _lines(self, keys: list[int], query: Query) -> list[HouseholdLine]:
        """The lines of one page, best first where something was searched: all words in one name before words of several."""
        marks = ", ".join("?" * len(keys))
        rows = self._database.rows(f"SELECT {_LINE_COLUMNS} FROM household_line WHERE key IN ({marks}) ORDER BY sort", keys)
        states = self._survey_states([row[0] for row in rows])
        ranked = []
        for row in rows:
            searched = dict(zip(_SEARCHED, row[len(_SHOWN) :], strict=True))
            line = _line(row, states.get(row[0], (None, None)), query.reason(searched) if query else "")
            ranked.append((line.reason == "name" and not query.in_one_name(searched["names"]), line))
        return [line for _, line in sorted(ranked, key=lambda pair: pair[0])]

    def _survey_states(self, household_ids: list[str]) -> dict[str, tuple[str | None, str | None]]:
        """household id -> (state, class of the finished survey) in the newest review; an open draft comes before a survey."""
        marks = ", ".join("?" * len(household_ids))
        states: dict[str, tuple[str | None, str | None]] = {}
        for household, state, found in self._database.rows(f"{SURVEYED} AND s.household_id IN ({marks})", household_ids):
            if states.get(household, ("", None))[0] != "finished":
                states[household] = (state, found if state == "finished" else None)
        drafted = f"SELECT household_id FROM draft WHERE kind = 'survey' AND household_id IN ({marks})"
        for (household,) in self._database.rows(drafted, household_ids):
            states[household] = ("draft", states.get(household, (None, None))[1])
        return states

    # --- the first screen ----------------------------------------------------------------------------------------------

    def work(self, round_id: str | None) -> WorkState:
        return work_state(self._database, self._drafts.all(), round_id)

    # --- classes and support ---------------------------------------------------------------------------------------

    def class_on(self, household_id: str, day: str) -> str | None:
        found: str | None = self._database.value(
            "SELECT household_class FROM class_record WHERE household_id = ? AND deleted = 0 AND effective_on <= ?"
            " ORDER BY effective_on DESC, decided_on DESC, id DESC LIMIT 1",
            (household_id, day),
        )
        return found

    def class_history(self, household_ids: Iterable[str] | None = None) -> dict[str, list[ClassRecord]]:
        wanted = None if household_ids is None else set(household_ids)
        history: dict[str, list[ClassRecord]] = {}
        for record in self._records.select(ClassRecord):
            if wanted is None or record.household_id in wanted:
                history.setdefault(record.household_id, []).append(record)
        for entries in history.values():
            entries.sort(key=lambda entry: (entry.effective_on, entry.decided_on or "", entry.id))
        return history

    def shares_of_kind(self, household_id: str, support_kind: str) -> list[tuple[HouseholdShare, SupportLine, SupportBatch]]:
        found = self._database.rows(
            "SELECT s.id, l.id, b.id FROM household_share s"
            "  JOIN support_line l ON l.id = s.line_id AND l.deleted = 0"
            "  JOIN support_batch b ON b.id = s.batch_id AND b.deleted = 0"
            " WHERE s.household_id = ? AND l.support_kind = ? AND s.deleted = 0"
            " ORDER BY coalesce(s.received_on, b.handover_on, b.decided_on) DESC, s.id DESC",
            (household_id, support_kind),
        )
        triples = ((self._one(HouseholdShare, s), self._one(SupportLine, li), self._one(SupportBatch, b)) for s, li, b in found)
        return list(triples)

    def _one(self, kind: Any, record_id: str) -> Any:
        return self._records.get(kind, record_id)

    def find_personal_id(self, personal_id_number: str, *, but_not: str | None = None) -> list[tuple[str, str]]:
        """Also those who moved out or died: a number is borne by one person for ever."""
        found = self._database.rows(
            "SELECT id, household_id FROM household_member WHERE personal_id_number = ? AND deleted = 0 AND id IS NOT ?"
            " ORDER BY id",
            (personal_id_number, but_not),
        )
        return [(member, household) for member, household in found]


@dataclass(frozen=True)
class _Wanted:
    """What a list is asked for."""

    query: Query
    village_id: str | None
    survey_state: str | None
    household_class: str | None

    @property
    def key(self) -> str:
        return "f.rowid" if self.query else "l.key"

    def source(self, *, with_lines: bool = False) -> tuple[str, list[Any]]:
        """FROM and WHERE with their values. The search index alone is enough where nothing else is asked: households that do
        not live here any more have no words in it."""
        conditions, values = self._conditions()
        if not self.query:
            return f"FROM household_line l WHERE {' AND '.join(['l.living = 1', *conditions])}", values
        join = "JOIN household_line l ON l.key = f.rowid" if conditions or with_lines else ""
        where = " AND ".join(["household_search MATCH ?", *conditions])
        return f"FROM household_search f {join} WHERE {where}", [self.query.match, *values]

    def _conditions(self) -> tuple[list[str], list[Any]]:
        filters = {"village_id": self.village_id, "household_class": self.household_class}
        given = {column: value for column, value in filters.items() if value is not None}
        conditions = [f"l.{column} = ?" for column in given]
        if self.survey_state == "none":
            conditions += [f"NOT {condition}" for condition in _IN_STATE.values()]
        elif self.survey_state is not None:
            conditions.append(_IN_STATE[self.survey_state])
        return conditions, list(given.values())


def _line(row: tuple[Any, ...], survey: tuple[str | None, str | None], why: str) -> HouseholdLine:
    shown = dict(zip(_SHOWN, row, strict=False))
    return HouseholdLine(id=shown.pop("household_id"), survey_state=survey[0], survey_class=survey[1], reason=why, **shown)
