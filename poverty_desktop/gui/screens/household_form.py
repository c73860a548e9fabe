"""The fields of a household above its members: labels above, as many columns as the width gives, problems under each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.components.choice_edit import ChoiceEdit
from poverty_desktop.gui.models.choices import Choice
from poverty_desktop.gui.presenters.household_state import CellState
from poverty_desktop.gui.theme import GRID, ROW, restyle

WIDE, NARROW = 980, 480


class LabelledField(QWidget):
    """One field: label, editor, and the sentence of its problem. `left(name, text)` when a person changed and left it."""

    left = Signal(str, str)
    undo_wanted = Signal()

    def __init__(self, name: str, label: str, choices: Sequence[Choice] | None = None) -> None:
        super().__init__()
        self.name = name
        self.label = QLabel(label)
        self.label.setProperty("role", "label")
        self.editor: QLineEdit = QLineEdit() if choices is None else ChoiceEdit(choices)
        self.editor.setObjectName(f"household.{name}")
        self.editor.setAccessibleName(label)
        self.editor.setMinimumHeight(ROW)
        self.editor.installEventFilter(self)
        self.label.setBuddy(self.editor)
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)  # it repeats what was typed
        self.problem.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for part in (self.label, self.editor, self.problem):
            column.addWidget(part)
        column.addStretch(1)

    def bind(self) -> None:
        if isinstance(self.editor, ChoiceEdit):
            self.editor.chosen.connect(lambda code: self.left.emit(self.name, code))
            self.editor.not_found.connect(lambda text: self.left.emit(self.name, text))
        else:
            self.editor.editingFinished.connect(self._finished)

    def commit(self) -> None:
        """Take what is typed now, as leaving the field would."""
        if isinstance(self.editor, ChoiceEdit):
            self.editor.take()
        else:
            self._finished()

    def _finished(self) -> None:
        if self.editor.isModified():
            self.editor.setModified(False)
            self.left.emit(self.name, self.editor.text())

    def show_label(self, label: str, tip: str = "") -> None:
        self.label.setText(label)
        self.editor.setAccessibleName(label)
        self.editor.setToolTip(tip)

    def show_cell(self, cell: CellState) -> None:
        """Show text and problem; what is being typed right now is left alone."""
        if not (self.editor.hasFocus() and self.editor.isModified()):
            if isinstance(self.editor, ChoiceEdit):
                self.editor.set_value(cell.text)
            elif self.editor.text() != cell.text:
                self.editor.setText(cell.text)
                self.editor.setCursorPosition(len(cell.text) if self.editor.hasFocus() else 0)
        self.problem.setText(cell.sentence)
        self.problem.setVisible(bool(cell.sentence))
        self.editor.setAccessibleDescription(cell.sentence)
        for part in (self.editor, self.problem):
            if (part.property("tone") or "") != (cell.tone or ""):
                part.setProperty("tone", cell.tone or "")
                restyle(part)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ctrl+Z with nothing left to take back in the text takes back the last field of the household."""
        is_undo = isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Undo)
        if is_undo and event.type() == QEvent.Type.KeyPress and not self.editor.isUndoAvailable():
            self.undo_wanted.emit()
            return True
        return super().eventFilter(watched, event)


class HouseholdForm(QWidget):
    """All fields of the household; Enter goes on, Shift+Enter back."""

    def __init__(self, texts: Texts, names: Sequence[str], choices: Mapping[str, Sequence[Choice]]) -> None:
        super().__init__()
        self.fields = {name: LabelledField(name, texts(f"household.field_{name}"), choices.get(name)) for name in names}
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(2 * GRID)
        self._grid.setVerticalSpacing(GRID)
        self._arrange(2)

    def bind(self) -> None:
        for one in self.fields.values():
            one.bind()

    def show_cells(self, cells: Mapping[str, CellState]) -> None:
        for name, cell in cells.items():
            self.fields[name].show_cell(cell)

    def commit(self) -> None:
        for one in self.fields.values():
            if one.editor.hasFocus():
                one.commit()

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        for old in range(self._columns):
            self._grid.setColumnStretch(old, 0)
        self._columns = columns
        for place, one in enumerate(self.fields.values()):
            self._grid.addWidget(one, place // columns, place % columns)
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(3 if self.width() >= WIDE else 2 if self.width() >= NARROW else 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.focusPreviousChild()
        else:
            self.focusNextChild()
