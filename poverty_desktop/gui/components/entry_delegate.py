"""How a cell of an entry grid is drawn and edited."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractItemDelegate, QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from poverty_desktop.gui.components.choice_edit import ChoiceEdit
from poverty_desktop.gui.models.entry_model import CHOICES_ROLE, PROBLEM_ROLE, TONE_ROLE, VALUE_ROLE
from poverty_desktop.gui.theme import ACCENT, TONE_GROUND, TONE_INK

Index = QModelIndex | QPersistentModelIndex
Key = Qt.Key
Step = Callable[[str], None]


class EntryDelegate(QStyledItemDelegate):
    """`after(move)` is called when a cell is left by a key: "next", "back", "up", "down", "right", "left", "above"."""

    def __init__(self, parent: QObject, after: Step) -> None:
        super().__init__(parent)
        self._after = after

    # --- drawing -----------------------------------------------------------------------------------------------------

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tone = index.data(TONE_ROLE)
        plain = QStyleOptionViewItem(option)
        plain.state &= ~QStyle.StateFlag.State_HasFocus  # our own ring is drawn below
        if tone in ("red", "amber") and not plain.state & QStyle.StateFlag.State_Selected:  # a grey cell would look locked
            painter.fillRect(option.rect, QColor(TONE_GROUND[tone]))
        super().paint(painter, plain, index)
        if tone:
            _corner(painter, option.rect, TONE_INK[tone])
        if option.state & QStyle.StateFlag.State_HasFocus:
            _ring(painter, option.rect)

    # --- editing -----------------------------------------------------------------------------------------------------

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        choices = index.data(CHOICES_ROLE)
        editor: QLineEdit = ChoiceEdit(choices, parent) if choices else QLineEdit(parent)
        editor.setStyleSheet("QLineEdit { border-radius: 0; min-height: 0; }")
        editor.setAlignment(Qt.AlignmentFlag(index.data(Qt.ItemDataRole.TextAlignmentRole)))
        title = index.model().headerData(index.column(), Qt.Orientation.Horizontal)
        editor.setAccessibleName(str(title))
        editor.setAccessibleDescription(str(index.data(PROBLEM_ROLE) or ""))
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Fill a fresh editor; one that is being typed in is left alone, whatever is rendered meanwhile."""
        if not isinstance(editor, QLineEdit) or editor.isModified() or editor.property("filled"):
            return
        editor.setProperty("filled", True)
        if isinstance(editor, ChoiceEdit):
            editor.set_value(str(index.data(VALUE_ROLE) or ""))
        else:
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole) or ""))
        editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, ChoiceEdit):
            meant = editor.take()
            model.setData(index, editor.value() if meant else editor.text())
        elif isinstance(editor, QLineEdit) and editor.isModified():
            model.setData(index, editor.text())

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        editor.setGeometry(option.rect)

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and isinstance(editor, QLineEdit):
            move = _move(event, editor)
            if move is not None:
                self.leave(editor, move)
                return True
        return super().eventFilter(editor, event)

    def leave(self, editor: QWidget, move: str) -> None:
        """Commit the cell and go on. "above" throws away what was typed, for the value of the cell above takes its place."""
        if move != "above":
            self.commitData.emit(editor)
        self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)
        self._after(move)


def _move(event: QKeyEvent, editor: QLineEdit) -> str | None:
    """The way a key leaves the cell, or None when the editor keeps the key."""
    shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    key = event.key()
    if key in (Key.Key_Return, Key.Key_Enter):
        return "back" if shift else "next"
    if key in (Key.Key_Tab, Key.Key_Backtab):
        return "left" if shift or key == Key.Key_Backtab else "right"
    if key == Key.Key_D and control:
        return "above"
    if key in (Key.Key_Up, Key.Key_Down) and not isinstance(editor, ChoiceEdit):
        return "up" if key == Key.Key_Up else "down"
    return None


def _corner(painter: QPainter, rect: QRect, colour: str) -> None:
    """A small triangle in the upper right corner: the shape that goes with the colour."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    right, top = float(rect.right() + 1), float(rect.top())
    painter.drawPolygon(QPolygonF([QPointF(right - 9, top), QPointF(right, top), QPointF(right, top + 9)]))
    painter.restore()


def _ring(painter: QPainter, rect: QRect) -> None:
    painter.save()
    painter.setPen(QPen(QColor(ACCENT), 2))
    painter.drawRect(rect.adjusted(1, 1, -1, -1))
    painter.restore()
