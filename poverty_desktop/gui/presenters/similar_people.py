"""Keeps asking, while members are typed, who on the register may be the same person. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from poverty_desktop.services.household_sheet import Similar, household_key, member_ids
from poverty_desktop.services.ports import Draft, Tasks
from poverty_desktop.services.registering import Registering

_TELLING = ("full_name", "birth_date", "personal_id_number")


class SimilarPeople:
    """`found_more` is called when the answer for a member changed."""

    def __init__(self, registering: Registering, tasks: Tasks, found_more: Callable[[str], None]) -> None:
        self._registering, self._tasks, self._found_more = registering, tasks, found_more
        self._found: dict[str, list[Similar]] = {}

    def forget(self) -> None:
        self._found = {}

    def of(self, living: Iterable[str]) -> list[Similar]:
        """What was found for these members."""
        return [one for member_id in living for one in self._found.get(member_id, [])]

    def ask(self, draft: Draft, values: Mapping[str, Any]) -> None:
        """After these values were committed: look again for the members they tell something of."""
        for member_id in self._told_of(draft, values):
            self._ask_for(draft.id, member_id)

    def _told_of(self, draft: Draft, values: Mapping[str, Any]) -> list[str]:
        if household_key("village_id") in values:
            return member_ids(draft)
        keys = (key.split(".") for key in values if key.startswith("member."))
        return sorted({member_id for _, member_id, name in keys if name in _TELLING})

    def _ask_for(self, draft_id: str, member_id: str) -> None:
        def came(found: list[Similar]) -> None:
            if self._found.get(member_id, []) != found:
                self._found[member_id] = found
                self._found_more(draft_id)

        self._tasks.storage(lambda: self._registering.similar(draft_id, member_id), came, lambda _: None)
