"""Finding rows of a list by the value of a column without looking at every row.

The rows of a secondary instance never change, so each column that a form asks by is put into a table at its first use, beside the
rows' parent. Only candidates are found here: the whole test is still run on each of them, so the result is that of comparing
row by row, in the order of the list.
"""

from __future__ import annotations

import math

from poverty_desktop.forms.nodes import Node, Value, number_of
from poverty_desktop.forms.operators import key_of

_DIGITS = 9  # coarser than the difference under which numbers are equal


def is_list(node: Node, document: Node) -> bool:
    """Whether a node stands in a secondary instance."""
    top = node
    while top.parent is not None:
        top = top.parent
    return top is not document


def candidates(parent: Node, name: str, column: str, value: Value) -> list[Node]:
    """The children `name` of a list's node whose `column` may equal `value`; all where no table can tell."""
    rows = parent.by_name.get(name, [])
    key = key_of(value)
    if key is None or (isinstance(key, float) and not math.isfinite(key)):
        return rows
    return _table(parent, rows, name, column).get(key, [])


def _table(parent: Node, rows: list[Node], name: str, column: str) -> dict[str | float, list[Node]]:
    if parent.columns is None:
        parent.columns = {}
    if (name, column) not in parent.columns:
        table: dict[str | float, list[Node]] = {}
        for row in rows:
            for key in _keys(row, column):
                table.setdefault(key, []).append(row)
        parent.columns[name, column] = table
    return parent.columns[name, column]


def _keys(row: Node, column: str) -> set[str | float]:
    """What a row is found by: each text of its column, and the number in it. A row without the column has empty text."""
    texts = [cell.text for cell in row.by_name.get(column, ())] or [""]
    numbers = {round(number, _DIGITS) for number in map(number_of, texts) if math.isfinite(number)}
    return {*texts, *numbers}
