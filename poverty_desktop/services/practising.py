"""Puts the invented commune into a workspace, through the same door as an officer's own Saves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from poverty_desktop.protocol.identity import op_id
from poverty_desktop.services.ports import Change, Records, Save
from poverty_desktop.services.practice_commune import PracticeCommune, PracticeHousehold

Progress = Callable[[int, int], None]


class GroupOfCreates:
    """One Save that only creates: numbers its operations and knows the ids they give."""

    def __init__(self, records: Records, user: str) -> None:
        self._records = records
        self._user = user
        self._group = records.new_group()
        self._changes: list[Change] = []

    def create(self, entity: str, fields: dict[str, Any]) -> str:
        """Add one record and say its id."""
        number = len(self._changes) + 1
        record_id = op_id(self._group, number)
        given = {name: value for name, value in fields.items() if value is not None}
        self._changes.append(Change("c", entity, record_id, number, given))
        return record_id

    def save(self) -> None:
        self._records.save(Save(self._group, self._user, self._records.base(), self._changes))


def populate(records: Records, commune: PracticeCommune, user: str, progress: Progress = lambda done, total: None) -> None:
    """Write villages and households; `progress(done, total)` counts households."""
    villages = GroupOfCreates(records, user)
    village_ids = [villages.create("village", village) for village in commune.villages]
    villages.save()
    for done, household in enumerate(commune.households, start=1):
        _write(records, household, village_ids[household.village], user)
        progress(done, len(commune.households))


def _write(records: Records, household: PracticeHousehold, village_id: str, user: str) -> None:
    group = GroupOfCreates(records, user)
    household_id = group.create("household", {**household.fields, "village_id": village_id})
    for member in household.members:
        group.create("household_member", {**member, "household_id": household_id})
    for entry in household.classes:
        group.create("class_record", {**entry, "household_id": household_id})
    group.save()
