"""Class is history, never one field: the class on a day, who newly escaped, what changed in a year (forms.md 7.2, 7.3).

A history is the `ClassRecord`s of one household in any order; of two with the same `effective_on` the later decided counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from poverty_desktop.domain.dates import add_months
from poverty_desktop.domain.records import ClassRecord

POOR = "poor"
NEAR_POOR = "near_poor"
NEWLY_ESCAPED = "newly_escaped_poverty"
ON_LIST = (POOR, NEAR_POOR)


def in_order(history: Iterable[ClassRecord]) -> list[ClassRecord]:
    """Oldest first."""
    return sorted(history, key=lambda one: (one.effective_on, one.decided_on or "", one.id))


def entry_on(history: Iterable[ClassRecord], day: str) -> ClassRecord | None:
    """The entry in force on an ISO day."""
    until = [one for one in in_order(history) if one.effective_on <= day]
    return until[-1] if until else None


def class_on(history: Iterable[ClassRecord], day: str) -> str | None:
    """The class on an ISO day, None when nothing was recognised by then."""
    entry = entry_on(history, day)
    return entry.household_class if entry else None


def escaped_on(history: Iterable[ClassRecord], day: str) -> str | None:
    """The day the household last left the list of the poor, if it has stayed off it until `day`; else None."""
    escape: str | None = None
    before: str | None = None
    for entry in in_order(history):
        if entry.effective_on > day:
            break
        if entry.household_class == POOR:
            escape = None
        elif before == POOR:
            escape = entry.effective_on
        before = entry.household_class
    return escape


def newly_escaped(history: Iterable[ClassRecord], day: str, months: int = 36) -> bool:
    """Within `months` after the recognition of escape (Decision 28/2015/QĐ-TTg; 36 is secondary, reference data carries it)."""
    escape = escaped_on(history, day)
    return escape is not None and day < add_months(escape, months)


def was_ever(history: Iterable[ClassRecord], household_class: str, before: str) -> bool:
    """Whether the household had this class in an entry that took effect before an ISO day."""
    return any(one.household_class == household_class and one.effective_on < before for one in history)


@dataclass(frozen=True)
class Change:
    """A household between the start and the end of a year. Classes are None when it was not in the commune then.

    `was_poor` and `was_near_poor` look at its history before the opening: they tell a relapse from a new case.
    """

    opening: str | None
    closing: str | None
    was_poor: bool = False
    was_near_poor: bool = False
    arrived: bool = False  # moved in, split off or merged in this year
    left: bool = False  # moved out, merged away, died out in this year


def poor_column(change: Change) -> int | None:
    """The column 2..8 of template 7.2 for a household; None when it stayed poor, or was never poor in the year."""
    return _column(change, POOR, NEAR_POOR, relapse=change.was_poor)


def near_poor_column(change: Change) -> int | None:
    """The column 2..8 of template 7.3 (secondary: "the same frame", 2 became poor, 5 poor became near-poor)."""
    return _column(change, NEAR_POOR, POOR, relapse=change.was_near_poor)


def _column(change: Change, counted: str, neighbour: str, *, relapse: bool) -> int | None:
    was = change.opening == counted
    is_now = change.closing == counted and not change.left
    if was == is_now:
        return None
    if was:
        if change.left or change.closing is None:
            return 4
        return 2 if change.closing == neighbour else 3
    if change.arrived:
        return 8
    if change.opening == neighbour:
        return 5
    return 6 if relapse else 7


def change_type(change: Change, of: str = POOR) -> str | None:
    """The key of `change_types` in the reference data for the change, by template 7.2 (`of` "poor") or 7.3 ("near_poor")."""
    keys = _POOR_KEYS if of == POOR else _NEAR_POOR_KEYS
    column = poor_column(change) if of == POOR else near_poor_column(change)
    return None if column is None else keys[column - 2]


_POOR_KEYS: Sequence[str] = (
    "poor_to_near_poor",
    "poor_to_above",
    "poor_other_decrease",
    "near_poor_to_poor",
    "poor_relapse",
    "poor_new",
    "poor_other_increase",
)
_NEAR_POOR_KEYS: Sequence[str] = (
    "near_poor_to_poor",
    "near_poor_to_above",
    "near_poor_other_decrease",
    "poor_to_near_poor",
    "near_poor_relapse",
    "near_poor_new",
    "near_poor_other_increase",
)
