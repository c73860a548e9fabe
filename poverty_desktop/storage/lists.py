"""The lists of the port `services.ports.Lists`: each a query or a few over lines that are kept current, never a walk."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from poverty_desktop.domain.records import ClassRecord, HouseholdShare, SupportBatch, SupportLine
from poverty_desktop.services.ports import HouseholdLine, Page, WorkState
from poverty_desktop.storage.drafts import DraftTable
from poverty_desktop.storage.engine import Database
from poverty_desktop.storage.finding import Filters, HouseholdFinder
from poverty_desktop.storage.recorder import Recorder
from poverty_desktop.storage.work_state import work_state


class ListQueries:
    """Implements `services.ports.Lists` on the encrypted file."""

    def __init__(self, database: Database, drafts: DraftTable, records: Recorder) -> None:
        self._database = database
        self._drafts = drafts
        self._records = records
        self._finder = HouseholdFinder(database)

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
        counted: bool = True,
    ) -> Page:
        """As the port says. `survey_state` "none" finds those without survey and draft in the newest review."""
        wanted = Filters(village_id, survey_state, household_class)
        return self._finder.find(text, wanted, limit, offset, counted=counted)

    def household_line(self, household_id: str) -> HouseholdLine | None:
        return self._finder.line(household_id)

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
