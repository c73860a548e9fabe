"""One cell of the roster: how it is drawn, and its line for text and numbers."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from poverty_desktop.gui.questions.composed_line import ComposedLine
from poverty_desktop.gui.questions.keys import ENTER
from poverty_desktop.gui.theme import ACCENT

BACK_KEYS = (Qt.Key.Key_Backtab,)
_FRAME = 2  # pixels


class RosterCell(QStyledItemDelegate):
    """`left(step)` when Enter or Tab (1) or their way back (-1) closes an open cell."""

    left = Signal(int)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """The frame of the present cell is laid over it: an answer must not wrap anew when the cursor comes."""
        cell = QStyleOptionViewItem(option)
        focused = bool(cell.state & QStyle.StateFlag.State_HasFocus)
        cell.state &= ~QStyle.StateFlag.State_HasFocus
        super().paint(painter, cell, index)
        if focused:
            pen = QPen(QColor(ACCENT), _FRAME)
            pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
            painter.save()
            painter.setPen(pen)
            painter.drawRect(cell.rect.adjusted(1, 1, -1, -1))
            painter.restore()

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
