"""Whether words are cut in a window: what its labels, buttons, fields and cells would need, against the room they have."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QListView,
    QStyle,
    QStyleOptionComboBox,
    QStyleOptionFrame,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from poverty_desktop.gui.components.title_line import ElidedLabel
from poverty_desktop.gui.questions.field import QuestionField
from poverty_desktop.gui.questions.option_list import OptionList

_HIGH = 9999  # pixels: as high as it likes
_LINE_EDGE = 2  # pixels a line leaves free on either side of its words
_HEAD_PADDING = 16  # pixels, left and right together
_WRAP = int(Qt.TextFlag.TextWordWrap)
_SUB = QStyle.SubElement


def cut_words(window: QWidget) -> list[str]:
    """The words that do not show whole, each with the name of its widget. What one can scroll to is not cut."""
    found: list[str] = []
    for widget in window.findChildren(QWidget):
        seen = widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget
        if widget.isVisible() and not seen.visibleRegion().isEmpty():
            found += [f"'{words}' in {widget.objectName() or type(widget).__name__}" for words in _cut_in(widget)]
    return found


def _cut_in(widget: QWidget) -> Iterator[str]:
    if isinstance(widget, ElidedLabel):
        yield from _if(widget.text() != widget.whole(), widget.whole())
    elif isinstance(widget, QLabel):
        yield from _if(is_cut_label(widget), widget.text())
    elif isinstance(widget, QAbstractButton):
        yield from _if(is_cut_button(widget), widget.text())
    elif isinstance(widget, QComboBox):
        yield from _if(_needed(widget, widget.currentText()) > _combo_room(widget), widget.currentText())
    elif isinstance(widget, QLineEdit):
        # One that is being typed in scrolls with its cursor; one that is left shows all of it, or says the whole in its tooltip.
        text = widget.displayText()
        left = not widget.hasFocus() and widget.toolTip() != text
        yield from _if(left and _needed(widget, text) > _line_room(widget), text)
    elif isinstance(widget, (QuestionField, OptionList)):
        yield from (words for words, needed, has in widget.painted() if not _has_room(needed, has))
    elif isinstance(widget, QHeaderView):
        yield from _cut_heads(widget)
    elif isinstance(widget, QAbstractItemView):
        yield from (str(index.data()) for index in _places(widget) if is_cut_cell(widget, index))


def _has_room(needed: QSize, has: QSize) -> bool:
    return needed.width() <= has.width() and needed.height() <= has.height()


def _if(cut: bool, words: str) -> list[str]:
    return [words] if cut else []


def is_cut_label(label: QLabel) -> bool:
    """Of a label without "…" of its own."""
    if not label.text():
        return False
    if label.wordWrap():
        return label.height() + 1 < label.heightForWidth(label.width())
    needed = label.sizeHint()
    return label.width() + 1 < needed.width() or label.height() + 1 < needed.height()


def is_cut_button(button: QAbstractButton) -> bool:
    """Of a button that is the program's own, not Qt's part of another control."""
    part = isinstance(button.parentWidget(), (QComboBox, QAbstractItemView, QLineEdit))
    return not part and button.width() < button.minimumSizeHint().width()


def is_cut_cell(view: QAbstractItemView, index: QModelIndex) -> bool:
    """What the style would need for the words at the cell's width, against the cell."""
    words = index.data()
    if not isinstance(words, str) or not words:
        return False
    option = QStyleOptionViewItem()
    view.initViewItemOption(option)
    option.rect = view.visualRect(index)
    view.itemDelegate().initStyleOption(option, index)  # type: ignore[attr-defined]
    room = view.style().subElementRect(_SUB.SE_ItemViewItemText, option, view)
    margin = view.style().pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, option, view) + 1
    room.adjust(margin, 0, -margin, 0)
    wraps = _WRAP if isinstance(view, (QTableView, QListView)) and view.wordWrap() else 0
    needed = option.fontMetrics.boundingRect(QRect(0, 0, room.width(), _HIGH), wraps, words)
    return needed.width() > room.width() or needed.height() > room.height()


def _cut_heads(header: QHeaderView) -> Iterator[str]:
    """The titles of columns; a column with none has none to cut."""
    bold = header.font()
    bold.setWeight(QFont.Weight.DemiBold)
    metrics = QFontMetrics(bold)
    wraps = bool(header.defaultAlignment() & _WRAP)
    for column in range(header.count()):
        words = str(header.model().headerData(column, header.orientation()) or "")
        place = QRect(header.sectionViewportPosition(column), 0, header.sectionSize(column), header.height())
        across = header.orientation() == Qt.Orientation.Horizontal
        if across and words and not header.isSectionHidden(column) and header.viewport().rect().contains(place):
            room = QRect(0, 0, place.width() - _HEAD_PADDING, _HIGH)
            needed = metrics.boundingRect(room, _WRAP if wraps else 0, words)
            yield from _if(needed.width() > room.width() or needed.height() > place.height(), words)


def _places(view: QAbstractItemView) -> Iterator[QModelIndex]:
    """The cells that stand whole in the viewport; of the others one knows that there is more."""
    model, root, port = view.model(), view.rootIndex(), view.viewport().rect()
    columns = model.columnCount(root) if isinstance(view, QTableView) else 1  # a list's model keeps its one column to itself
    for row in range(model.rowCount(root)):
        for column in range(columns):
            index = model.index(row, column, root)
            place = view.visualRect(index)
            if not place.isEmpty() and port.contains(place):
                yield index


def _needed(widget: QWidget, words: str) -> int:
    return widget.fontMetrics().horizontalAdvance(words)


def _line_room(line: QLineEdit) -> int:
    option = QStyleOptionFrame()
    line.initStyleOption(option)
    room = line.style().subElementRect(_SUB.SE_LineEditContents, option, line).width()
    margins = line.textMargins()
    return room - margins.left() - margins.right() - 2 * _LINE_EDGE


def _combo_room(box: QComboBox) -> int:
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    part = QStyle.SubControl.SC_ComboBoxEditField
    return box.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, box).width()
