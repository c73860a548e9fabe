"""The rows of an entry grid: texts by column key, tones and problem sentences per cell, and what the officer changed.

A screen makes one `EntryModel(columns)`, gives it rows by `set_rows` (which emits nothing to the presenter) and listens to
`edited(row_id, key, text)`: a user's edit, once per cell that really changed. A draft accepts anything: the model keeps the
text as typed until the presenter renders the row again, with its findings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from poverty_desktop.domain.names import nfc
from poverty_desktop.gui.models.choices import Choice
from poverty_desktop.gui.theme import Tone

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
TONE_ROLE = Role.UserRole + 1  # "red" | "amber" | "grey" | None
PROBLEM_ROLE = Role.UserRole + 2  # sentence or ""
CHOICES_ROLE = Role.UserRole + 3  # tuple[Choice, ...]; empty = free text
VALUE_ROLE = Role.UserRole + 4  # the stored text


@dataclass(frozen=True)
class Column:
    """`width` in pixels; `show` turns the stored text into the shown one, `edit` into what the editor starts with.
    A column with `choices` stores the code. `right` aligns numbers."""

    key: str
    title: str
    width: int = 160
    choices: tuple[Choice, ...] = ()
    editable: bool = True
    right: bool = False
    show: Callable[[str], str] = str
    edit: Callable[[str], str] | None = None


@dataclass(frozen=True)
class Finding:
    """What is to be said of one cell."""

    tone: Tone
    sentence: str


@dataclass(frozen=True)
class EntryRow:
    """One line. `id` is the record's; `values` stored texts by column key ("" or missing = empty)."""

    id: str
    values: Mapping[str, str] = field(default_factory=dict)
    findings: Mapping[str, Finding] = field(default_factory=dict)
    locked: frozenset[str] = frozenset()  # column keys that may not be edited in this line


class EntryModel(QAbstractTableModel):
    """`edited(row_id, key, text)` for each cell the officer changed (typed, pasted, copied down, cleared, undone)."""

    edited = Signal(str, str, str)

    def __init__(self, columns: Sequence[Column], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._rows: list[EntryRow] = []
        self._undo: list[tuple[str, str, str]] = []

    # --- for the screen ----------------------------------------------------------------------------------------------

    @property
    def rows(self) -> list[EntryRow]:
        return list(self._rows)

    def set_rows(self, rows: Sequence[EntryRow]) -> None:
        """Show these rows. Changed in place, added at the end or taken out, rows keep cursor and open editor;
        rows that have nothing in common with the old ones reset the grid and forget what could be taken back."""
        old, new = [row.id for row in self._rows], [row.id for row in rows]
        if set(old) & set(new) and len(new) >= len(old):
            self._replace(rows[: len(old)])
            self._append(rows[len(old) :])
        elif new and set(new) < set(old) and [one for one in old if one in set(new)] == new:
            self._drop(set(old) - set(new))
            self._replace(rows)
        elif old or new:
            self.beginResetModel()
            self._rows, self._undo = list(rows), []
            self.endResetModel()

    def _replace(self, rows: Sequence[EntryRow]) -> None:
        for number, row in enumerate(rows):
            if row != self._rows[number]:
                self._rows[number] = row
                self.dataChanged.emit(self.index(number, 0), self.index(number, len(self.columns) - 1))

    def _append(self, rows: Sequence[EntryRow]) -> None:
        if rows:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(rows) - 1)
            self._rows.extend(rows)
            self.endInsertRows()

    def _drop(self, gone: set[str]) -> None:
        for number in range(len(self._rows) - 1, -1, -1):
            if self._rows[number].id in gone:
                self.beginRemoveRows(QModelIndex(), number, number)
                del self._rows[number]
                self.endRemoveRows()

    def row_id(self, row: int) -> str:
        return self._rows[row].id

    def row_of(self, row_id: str) -> int | None:
        return next((number for number, row in enumerate(self._rows) if row.id == row_id), None)

    def column_of(self, key: str) -> int:
        return next(number for number, column in enumerate(self.columns) if column.key == key)

    def text(self, row: int, column: int) -> str:
        """The stored text of a cell."""
        return self._rows[row].values.get(self.columns[column].key, "")

    def is_empty(self, row: int) -> bool:
        return not any(
            self._rows[row].values.get(column.key) for column in self.columns if column.editable
        )

    def undo(self) -> tuple[int, int] | None:
        """Take the last edit back; the cell it was in, or None when there is nothing to take back."""
        while self._undo:
            row_id, key, old = self._undo.pop()
            row = self.row_of(row_id)
            if row is not None:
                self._put(row, self.column_of(key), old)
                return row, self.column_of(key)
        return None

    # --- Qt ----------------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.isValid() and self.is_editable(index.row(), index.column()):
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def is_editable(self, row: int, column: int) -> bool:
        return self.columns[column].editable and self.columns[column].key not in self._rows[row].locked

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if role == Role.TextAlignmentRole and orientation == Qt.Orientation.Horizontal:
            side = Qt.AlignmentFlag.AlignRight if self.columns[section].right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role != Role.DisplayRole:
            return None
        return self.columns[section].title if orientation == Qt.Orientation.Horizontal else str(section + 1)

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        if not index.isValid():
            return None
        read = _READERS.get(role)
        return None if read is None else read(self, index.row(), index.column())

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        if role != Role.EditRole or not index.isValid() or not self.is_editable(index.row(), index.column()):
            return False
        row, column = index.row(), index.column()
        old, new = self.text(row, column), nfc(str(value)).strip()
        if new != old:
            self._undo.append((self._rows[row].id, self.columns[column].key, old))
            del self._undo[:-200]
            self._put(row, column, new)
        return True

    # --- inside ------------------------------------------------------------------------------------------------------

    def _put(self, row: int, column: int, text: str) -> None:
        key, before = self.columns[column].key, self._rows[row]
        findings = {other: finding for other, finding in before.findings.items() if other != key}
        self._rows[row] = EntryRow(before.id, {**before.values, key: text}, findings, before.locked)
        where = self.index(row, column)
        self.dataChanged.emit(where, where)
        self.edited.emit(before.id, key, text)

    def _shown(self, row: int, column: int) -> str:
        text, of = self.text(row, column), self.columns[column]
        found = next((choice for choice in of.choices if choice.code == text), None)
        return found.label if found else of.show(text) if text else ""

    def _to_edit(self, row: int, column: int) -> str:
        of = self.columns[column]
        if of.choices:
            return self._shown(row, column)
        text = self.text(row, column)
        return (of.edit or of.show)(text) if text else ""

    def _finding(self, row: int, column: int) -> Finding | None:
        return self._rows[row].findings.get(self.columns[column].key)

    def _problem(self, row: int, column: int) -> str:
        finding = self._finding(row, column)
        return finding.sentence if finding else ""

    def _tone(self, row: int, column: int) -> Tone | None:
        finding = self._finding(row, column)
        return finding.tone if finding else None

    def _align(self, row: int, column: int) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if self.columns[column].right else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter

    def _said(self, row: int, column: int) -> str:
        return f"{self.columns[column].title}: {self._shown(row, column)}"

    def _choices(self, row: int, column: int) -> tuple[Choice, ...]:
        return self.columns[column].choices


_READERS: dict[int, Callable[[EntryModel, int, int], Any]] = {
    Role.DisplayRole: EntryModel._shown,
    Role.EditRole: EntryModel._to_edit,
    Role.ToolTipRole: EntryModel._problem,
    Role.TextAlignmentRole: EntryModel._align,
    Role.AccessibleTextRole: EntryModel._said,
    Role.AccessibleDescriptionRole: EntryModel._problem,
    TONE_ROLE: EntryModel._tone,
    PROBLEM_ROLE: EntryModel._problem,
    CHOICES_ROLE: EntryModel._choices,
    VALUE_ROLE: EntryModel.text,
}
