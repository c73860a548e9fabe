"""Who wrote a record last, for the second keying of a sample (`services.double_entry.Writers`)."""

from __future__ import annotations

from collections.abc import Iterable

from poverty_desktop.storage.engine import Database

_AT_ONCE = 500


class WriterQueries:
    """Reads who wrote records. Synchronous; runs on the storage lane."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_surveys(self, survey_ids: Iterable[str]) -> dict[str, str]:
        """survey id -> user id of whoever wrote it last, on whatever laptop."""
        ids = list(survey_ids)
        found: dict[str, str | None] = {}
        for start in range(0, len(ids), _AT_ONCE):
            some = ids[start : start + _AT_ONCE]
            marks = ", ".join("?" * len(some))
            found |= dict(self._database.rows(f"SELECT id, changed_by FROM survey WHERE id IN ({marks})", some))
        return {survey: user for survey, user in found.items() if user}
