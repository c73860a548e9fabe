"""One cell of the roster: how it is drawn, and its line for text and numbers."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from poverty_desktop.gui.models.roster_model import RosterModel
from poverty_desktop.gui.questions.composed_line import ComposedLine
from poverty_desktop.gui.questions.keys import ENTER
from poverty_desktop.gui.theme import ACCENT, ACCENT_SOFT

BACK_KEYS = (Qt.Key.Key_Backtab,)
_FRAME = 2  # pixels
_EDGES = (7, 2, -7, -2)


class RosterCell(QStyledItemDelegate):
    """`left(step)` when Enter or Tab (1) or their way back (-1) closes an open cell."""

    left = Signal(int)

    def __init__(self, roster: RosterModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._roster = roster
        self._chosen = QColor(ACCENT_SOFT)
        self._frame = QPen(QColor(ACCENT), _FRAME)
        self._frame.setJoinStyle(Qt.PenJoinStyle.MiterJoin)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Drawn without the style, which asks the model for eight roles of every cell and the style sheet for each. The frame of
        the present cell is laid over it: an answer must not wrap anew when the cursor comes.
        """
        cell = self._roster.cell(index)
        if cell is None:
            return
        place, chosen = option.rect, bool(option.state & QStyle.StateFlag.State_Selected)
        ground = self._chosen if chosen else self._roster.ground(cell)
        if ground is not None:
            painter.fillRect(place, ground)
        words = self._roster.words(cell)
        if words:
            painter.setFont(self._roster.waiting if cell.taken_over else option.font)
            painter.setPen(self._roster.ink(cell))
            painter.drawText(place.adjusted(*_EDGES), self._roster.alignment(cell) | int(Qt.TextFlag.TextWordWrap), words)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(self._frame)
            painter.drawRect(place.adjusted(1, 1, -1, -1))

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QWidget:
        editor = ComposedLine(parent)
        editor.setObjectName("roster.editor")
        editor.setFrame(False)
        return editor

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(watched, ComposedLine) and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            going = event.key() in (*ENTER, Qt.Key.Key_Tab, *BACK_KEYS)
            if going and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier) or event.key() in BACK_KEYS
                watched.settle()
                self.commitData.emit(watched)
                self.closeEditor.emit(watched, QStyledItemDelegate.EndEditHint.NoHint)
                self.left.emit(-1 if back else 1)
                return True
        return super().eventFilter(watched, event)
