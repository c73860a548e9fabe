"""Choosing the households that a line is given to: by search, or all of a class in a village on the decision date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from poverty_desktop.domain.class_history import in_order
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import SupportBatch, SupportLine, Village
from poverty_desktop.domain.reference import Reference
from poverty_desktop.domain.support_rules import SupportWarning, eligibility
from poverty_desktop.services.ports import HouseholdLine, Lists, Records
from poverty_desktop.services.supporting import Supporting

SHOWN = 8
EVERY = 10_000


@dataclass(frozen=True)
class Receiver:
    """A household as the list of shares shows it. `on_decision` is a class, "newly_escaped_poverty" or None."""

    household_id: str
    head_name: str
    household_code: str
    village_name: str
    on_decision: str | None
    warnings: tuple[SupportWarning, ...] = ()

    @property
    def label(self) -> str:
        return " · ".join(part for part in (self.head_name, self.household_code) if part) or "—"


class ChoosingReceivers:
    """Reads only. Called on the storage lane."""

    def __init__(self, records: Records, lists: Lists, reference: Reference, supporting: Supporting) -> None:
        self._records, self._lists, self._reference, self._supporting = records, lists, reference, supporting

    def villages(self) -> list[Village]:
        return self._records.select(Village)

    def find(self, text: str) -> list[HouseholdLine]:
        """The first few living households that match, best first."""
        return self._lists.households(text, limit=SHOWN, counted=False).lines if text.strip() else []

    def consider(self, household_ids: Iterable[str], line_id: str) -> dict[str, Receiver]:
        """Household id -> who it is, its class on the decision date, and what speaks against giving this line to it."""
        ids = list(household_ids)
        classes = self._classes(ids, self._decided_on(line_id))
        return {one: self._receiver(one, classes[one], line_id) for one in ids}

    def of_village(self, line_id: str, village_id: str | None, household_class: str) -> list[str]:
        """The households that had this class on the decision date, in the order of the list; None: of all villages."""
        lines = self._lists.households(village_id=village_id, limit=EVERY).lines
        classes = self._classes([line.id for line in lines], self._decided_on(line_id))
        return [line.id for line in lines if classes[line.id] == household_class]

    def _receiver(self, household_id: str, on_decision: str | None, line_id: str) -> Receiver:
        line = self._lists.household_line(household_id)
        if line is None:
            raise KnownProblem("support.gone")
        warnings = tuple(self._supporting.warnings(household_id, line_id))
        names = (line.head_name or "", line.household_code or "", line.village_name or "")
        return Receiver(household_id, *names, on_decision, warnings)

    def _classes(self, ids: list[str], day: str) -> dict[str, str | None]:
        history, months = self._lists.class_history(ids), self._reference.newly_escaped_months
        return {one: eligibility(in_order(history.get(one, [])), day, months).class_on_decision for one in ids}

    def _decided_on(self, line_id: str) -> str:
        line = self._records.get(SupportLine, line_id)
        batch = self._records.get(SupportBatch, line.batch_id) if line else None
        if batch is None:
            raise KnownProblem("support.gone")
        return batch.decided_on
