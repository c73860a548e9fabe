"""Where what was saved of a household is: on this laptop, handed on, in the province, safe; or kept aside by the province."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from poverty_desktop.domain.records import HouseholdMember, Survey
from poverty_desktop.protocol.laptop import PlaceName
from poverty_desktop.services.attending import KeptAside
from poverty_desktop.services.ports import Records

Where = PlaceName | Literal["kept_aside"]


class RecordPlaces:
    """Runs on the lane that owns the file."""

    def __init__(
        self,
        records: Records,
        place_of: Callable[[Sequence[str]], PlaceName],
        kept_aside: Callable[[], list[KeptAside]],
    ) -> None:
        self._records, self._place_of, self._kept_aside = records, place_of, kept_aside

    def of_household(self, household_id: str) -> Where:
        """The worst place of the household, its members and its surveys."""
        parts = [*self._records.select(HouseholdMember, household_id=household_id)]
        surveys = [*self._records.select(Survey, household_id=household_id)]
        ids = [household_id, *(one.id for one in parts), *(one.id for one in surveys)]
        if any(kept.operation.record_id in ids for kept in self._kept_aside()):
            return "kept_aside"
        return self._place_of(ids)
