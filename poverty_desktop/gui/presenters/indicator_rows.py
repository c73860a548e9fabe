"""The twelve indicators on the paper: each one block, its state by word and shape, and below it who or what caused it. Pure.

A form of a poverty review has a question `deprived_N` and behind it `because_N` for each indicator (`forms/outcome.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.survey_state import FieldState, RowState

_STATES = {"1": ("■", "deprived"), "0": ("□", "not_deprived"), "na": ("–", "not_applicable"), "": ("?", "not_asked")}
_STATE, _REASON = "deprived_", "because_"


def with_reasons(rows: Sequence[RowState], texts: Texts) -> list[RowState]:
    """The rows with every reason put into the block of its indicator. Rows of other forms stay as they are."""
    found: list[RowState] = []
    for row in rows:
        name = row.key.rpartition("/")[2]
        if isinstance(row, FieldState) and row.readonly and name.startswith(_STATE):
            found.append(_with_shape(row, texts))
        elif name.startswith(_REASON) and found and _is_of(found[-1], name.removeprefix(_REASON)):
            found[-1] = _with_reason(found[-1], row)
        else:
            found.append(row)
    return found


def _is_of(row: RowState, number: str) -> bool:
    return row.key.rpartition("/")[2] == f"{_STATE}{number}"


def _with_shape(row: FieldState, texts: Texts) -> FieldState:
    if row.value not in _STATES:
        return row
    shape, state = _STATES[row.value]
    return replace(row, shown=f"{shape} {texts(f'domain.state.{state}')}")


def _with_reason(indicator: RowState, reason: RowState) -> RowState:
    if not (isinstance(indicator, FieldState) and isinstance(reason, FieldState)) or not reason.shown:
        return indicator
    return replace(indicator, shown=f"{indicator.shown}\n{reason.shown}")
