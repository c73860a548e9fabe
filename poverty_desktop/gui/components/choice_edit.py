"""A choice by keyboard: type the code's digits or the first letters, Enter takes what is marked. Never needs the mouse.

The list is a child of the window, not a window of its own: the editor keeps the focus, and nothing is left behind.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QColor, QFocusEvent, QHideEvent, QIcon, QKeyEvent, QMouseEvent, QPainter, QPixmap, QPolygon
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QListWidget, QListWidgetItem, QWidget

from poverty_desktop.gui.models.choices import Choice, matching
from poverty_desktop.gui.theme import INK_SOFT, ROW, restyle

SHOWN_LINES = 8


class ChoiceEdit(QLineEdit):
    """`chosen(code)` when the officer took a choice ("" when cleared); `not_found(text)` when what was typed means nothing:
    the text stays, in red. Rendering by `set_value` emits nothing."""

    chosen = Signal(str)
    not_found = Signal(str)

    def __init__(self, choices: Sequence[Choice] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices: tuple[Choice, ...] = tuple(choices)
        self._code = ""
        self._list: QListWidget | None = None
        self.textEdited.connect(self._typed)
        self.addAction(_arrow(self), QLineEdit.ActionPosition.TrailingPosition)

    # --- for the screen ----------------------------------------------------------------------------------------------

    def set_choices(self, choices: Sequence[Choice]) -> None:
        self._choices = tuple(choices)
        self.set_value(self._code)

    def has_choices(self) -> bool:
        return bool(self._choices)

    def value(self) -> str:
        """The code chosen, "" for none."""
        return self._code

    def set_value(self, code: str | None) -> None:
        """Show this code; a code that is not in the list is shown as it is."""
        self._code = code or ""
        found = self._choice(self._code)
        self.setText(found.line if found else self._code)
        self.setCursorPosition(0)
        self.setModified(False)
        self._mark(wrong=False)

    def open_list(self) -> None:
        """Show all choices with the present one marked."""
        self._show_list(list(self._choices), self._code)

    def take(self) -> bool:
        """Take what is meant now: the marked line if the list is open, else what was typed. False when it means nothing."""
        if self._list is not None and self._list.isVisible() and self._list.currentItem() is not None:
            self._choose(str(self._list.currentItem().data(Qt.ItemDataRole.UserRole)))
            return True
        if not self.isModified():
            return True
        return self._take_typed()

    # --- inside ------------------------------------------------------------------------------------------------------

    def _choice(self, code: str) -> Choice | None:
        return next((choice for choice in self._choices if choice.code == code), None)

    def _take_typed(self) -> bool:
        found = matching(self._choices, self.text())
        if self.text().strip() and not found:
            self._hide_list()
            self._mark(wrong=True)
            self.not_found.emit(self.text())
            return False
        self._choose(found[0].code if self.text().strip() else "")
        return True

    def _choose(self, code: str) -> None:
        changed = code != self._code
        self._hide_list()
        self.set_value(code)
        if changed:
            self.chosen.emit(code)

    def _typed(self, text: str) -> None:
        self._mark(wrong=False)
        found = matching(self._choices, text)
        if text.strip() and found:
            self._show_list(found, found[0].code)
        else:
            self._hide_list()

    def _mark(self, wrong: bool) -> None:
        tone = "red" if wrong else ""
        if (self.property("tone") or "") != tone:
            self.setProperty("tone", tone)
            restyle(self)

    # --- the list ----------------------------------------------------------------------------------------------------

    def _show_list(self, choices: Sequence[Choice], marked: str) -> None:
        shown = self._list_widget()
        shown.clear()
        for choice in choices:
            item = QListWidgetItem(choice.line)
            item.setData(Qt.ItemDataRole.UserRole, choice.code)
            shown.addItem(item)
            if choice.code == marked:
                shown.setCurrentItem(item)
        if shown.currentRow() < 0:
            shown.setCurrentRow(0)
        self._place(shown, len(choices))
        shown.show()
        shown.raise_()

    def _place(self, shown: QListWidget, lines: int) -> None:
        window = self.window()
        height = min(lines, SHOWN_LINES) * ROW + 4
        below = self.mapTo(window, QPoint(0, self.height()))
        room = window.height() - below.y()
        top = below.y() if room >= height else max(0, below.y() - self.height() - height)
        width = min(max(self.width(), shown.sizeHintForColumn(0) + 48), window.width())
        left = max(0, min(below.x(), window.width() - width))
        shown.setGeometry(left, top, width, height)

    def _list_widget(self) -> QListWidget:
        if self._list is None or self._list.parent() is not self.window():
            self._list = QListWidget(self.window())
            self._list.setObjectName("choices")
            self._list.setAccessibleName(self.accessibleName() or self.placeholderText())
            self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
            self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self._list.itemClicked.connect(lambda item: self._choose(str(item.data(Qt.ItemDataRole.UserRole))))
            self.destroyed.connect(self._list.deleteLater)
        return self._list

    def _hide_list(self) -> None:
        if self._list is not None:
            self._list.hide()

    def list_is_open(self) -> bool:
        return self._list is not None and self._list.isVisible()

    def _move(self, step: int) -> None:
        if not self.list_is_open():
            self.open_list()
            return
        assert self._list is not None
        last = self._list.count() - 1
        self._list.setCurrentRow(max(0, min(last, self._list.currentRow() + step)))

    # --- Qt ----------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._move(1 if key == Qt.Key.Key_Down else -1)
        elif key == Qt.Key.Key_F4:
            self.open_list()
        elif key == Qt.Key.Key_Escape and (self.list_is_open() or self.isModified()):
            self._hide_list()
            self.set_value(self._code)
            self.selectAll()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.take():
                self.returnPressed.emit()
                event.ignore()  # the form goes on to the next field
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if self.isModified() or self.list_is_open():
            if self.isModified():
                self._take_typed() if not self.list_is_open() else self.take()
            self._hide_list()
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._hide_list()
        super().hideEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self.open_list()


def _arrow(owner: ChoiceEdit) -> QAction:
    pixels = QPixmap(16, 16)
    pixels.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixels)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(INK_SOFT))
    painter.drawPolygon(QPolygon([QPoint(4, 6), QPoint(12, 6), QPoint(8, 11)]))
    painter.end()
    action = QAction(QIcon(pixels), "", owner)
    action.triggered.connect(owner.open_list)
    return action
