"""The roster of a survey for a table: one row a member, one column a question."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics

from poverty_desktop.gui.presenters.survey_state import FieldState, GridState, Option
from poverty_desktop.gui.theme import ACCENT_SOFT, AMBER_SOFT, INK, INK_SOFT, RED_SOFT, SHADE, ui_font

Index = QModelIndex | QPersistentModelIndex
CHOICES = ("select_one", "select_multiple")
TICK = "acknowledge"
NOT_ASKED = "–"
_SAMPLES = {"date": "00/00/0000", "time": "00:00", "datetime": "00/00/0000 00:00"}
_NOWHERE = QModelIndex()


class RosterModel(QAbstractTableModel):
    """`answered(key, text)` when a cell was typed."""

    answered = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.state: GridState | None = None
        self.metrics = QFontMetrics(ui_font(10, bold=True))  # of the row heads, whose words wrap at `line_width` pixels
        self.line_width = 0
        self._lines: dict[tuple[str, int], list[str]] = {}  # words in their lines: heads are asked for at every paint
        self.waiting = ui_font()  # of an answer taken over from last year that nobody confirmed
        self.waiting.setItalic(True)
        self._inks = {True: QColor(INK), False: QColor(INK_SOFT)}
        self.codes_only = False  # on a narrow window a cell shows its numbers, as on paper; the words stand below the grid

    def show_state(self, state: GridState) -> None:
        """Draw the cells that changed; all of them when people or questions did."""
        old = self.state
        if old is None or (old.rows, old.columns) != (state.rows, state.columns):
            self.beginResetModel()
            self.state, self._lines = state, {}
            self.endResetModel()
            return
        self.state = state
        for row, (before, now) in enumerate(zip(old.cells, state.cells, strict=True)):
            changed = [column for column, (one, other) in enumerate(zip(before, now, strict=True)) if one != other]
            if changed:
                self.dataChanged.emit(self.index(row, changed[0]), self.index(row, changed[-1]))

    def cell(self, index: Index) -> FieldState | None:
        if self.state is None or not index.isValid():
            return None
        return self.state.cells[index.row()][index.column()]

    def possible_answers(self, column: int) -> list[str]:
        """Whatever can come to stand in a column by choosing: widths that follow it do not jump while one types."""
        cells = [row[column] for row in (self.state.cells if self.state else ())]
        asked = [cell for cell in cells if cell.kind in CHOICES] if not self.codes_only else []
        choices = {_choice(option) for options in {cell.options for cell in asked} for option in options}
        typed = {_SAMPLES.get(cell.kind, "") for cell in cells} | {cell.shown for cell in cells if cell.kind not in CHOICES}
        return sorted(choices | typed - {""})

    def place_of(self, key: str) -> QModelIndex:
        """Where the cell of an answer key stands."""
        for row, cells in enumerate(self.state.cells if self.state else ()):
            for column, cell in enumerate(cells):
                if cell.key == key:
                    return self.index(row, column)
        return QModelIndex()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() or self.state is None else len(self.state.rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() or self.state is None else len(self.state.columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        cell = self.cell(index)
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        return flags | Qt.ItemFlag.ItemIsEditable if cell and cell.writable and cell.kind not in (*CHOICES, TICK) else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        cell = self.cell(index)
        if cell is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.words(cell)
        if role == Qt.ItemDataRole.EditRole:
            return cell.shown
        if role == Qt.ItemDataRole.BackgroundRole:
            return self.ground(cell)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self.ink(cell)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.alignment(cell)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return cell.problem or cell.before or cell.shown
        if role == Qt.ItemDataRole.FontRole and cell.taken_over:
            return self.waiting
        return None

    def words(self, cell: FieldState) -> str:
        if not cell.relevant:
            return NOT_ASKED
        if cell.kind == TICK:
            return "✔" if cell.value else ""
        if cell.kind not in CHOICES:
            return cell.shown
        chosen = [option for option in cell.options if option.value in cell.chosen]
        if len(chosen) == 1 and not self.codes_only:
            return _choice(chosen[0])
        return ", ".join(option.number for option in chosen)

    def ink(self, cell: FieldState) -> QColor:
        return self._inks[cell.writable]

    def ground(self, cell: FieldState) -> QColor | None:
        if not cell.relevant:
            return QColor(SHADE)
        if cell.problem:
            return QColor(RED_SOFT if cell.tone == "red" else AMBER_SOFT)
        return QColor(ACCENT_SOFT) if cell.before else None  # another answer than last year; its words stand below the grid

    def alignment(self, cell: FieldState) -> int:
        across = Qt.AlignmentFlag.AlignLeft
        if not cell.relevant:
            across = Qt.AlignmentFlag.AlignHCenter
        elif cell.kind in ("integer", "decimal"):
            across = Qt.AlignmentFlag.AlignRight
        return int(across | Qt.AlignmentFlag.AlignVCenter)

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        cell = self.cell(index)
        if cell is None or role != Qt.ItemDataRole.EditRole or not cell.writable:
            return False
        self.answered.emit(cell.key, str(value))
        return True

    def name_lines(self, row: int) -> list[str]:
        """Who stands in a row, in as many lines as the width asks for; on a narrow window the words below tell the rest."""
        assert self.state is not None
        person = self.state.rows[row]
        detailed = person.detail and not self.codes_only
        return [*self._wrapped(f"{row + 1}. {person.title}"), *(self._wrapped(person.detail) if detailed else ())]

    def _wrapped(self, words: str) -> list[str]:
        asked = (words, self.line_width)
        if asked not in self._lines:
            self._lines[asked] = self._in_lines(words)
        return self._lines[asked]

    def _in_lines(self, words: str) -> list[str]:
        lines: list[str] = []
        for word in words.split(" "):
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self.metrics.horizontalAdvance(longer) <= self.line_width:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self.state is None:
            return None
        across = orientation == Qt.Orientation.Horizontal
        if role == Qt.ItemDataRole.DisplayRole:
            if across:
                return self.state.columns[section][1]
            return "\n".join(self.name_lines(section))
        if role == Qt.ItemDataRole.ToolTipRole and not across:
            return f"{self.state.rows[section].title}\n{self.state.rows[section].detail}"
        if role == Qt.ItemDataRole.TextAlignmentRole and not across:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None


def _choice(option: Option) -> str:
    """The number stays on the line of the first word."""
    return f"{option.number}\N{NO-BREAK SPACE}{option.label}"
