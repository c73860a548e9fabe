"""The sections of a questionnaire with their state: a list at the left, or one box where the window is narrow."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QComboBox, QFrame, QVBoxLayout

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.survey_state import SectionMark
from poverty_desktop.gui.theme import ACCENT, ACCENT_SOFT, INK, ROW

_WRAP = int(Qt.TextFlag.TextWordWrap)
_ARROW = 44  # what frame and arrow of the box take
MARKS = {"empty": "○", "begun": "◐", "problem": "✖", "done": "✔", "computed": "=", "nothing": "–"}


class SectionButton(QAbstractButton):
    """One section: its mark, its words, and how many of its questions are answered. Object name `survey.section.<path>`."""

    def __init__(self) -> None:
        super().__init__()
        self._words, self._current = "", False
        self._shown: tuple[SectionMark, bool] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_mark(self, mark: SectionMark, state_word: str, *, current: bool) -> None:
        if (mark, current) == self._shown:
            return
        self._shown = (mark, current)
        self._current = current
        self.setObjectName(f"survey.section.{mark.path}")
        self._words = words_of(mark, state_word)
        self.setAccessibleName(f"{mark.label}: {state_word}")
        self.setToolTip(state_word)
        self.fit()
        self.update()

    def text(self) -> str:
        """Kept here: Qt lays the whole window out anew for each change of its own, and these change with every answer."""
        return self._words

    def fit(self) -> None:
        box = self.fontMetrics().boundingRect(0, 0, max(self.width(), 120) - 24, 1000, _WRAP, self._words)
        self.setFixedHeight(max(ROW, box.height() + 10))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._current:
            painter.fillRect(self.rect(), QColor(ACCENT_SOFT))
            painter.fillRect(0, 0, 4, self.height(), QColor(ACCENT))
        if self.hasFocus():
            painter.setPen(QPen(QColor(ACCENT), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.setPen(QColor(INK))
        painter.drawText(self.rect().adjusted(12, 0, -12, 0), _WRAP | int(Qt.AlignmentFlag.AlignVCenter), self.text())
        painter.end()


class SectionList(QFrame):
    """`chosen(path)` when the officer picks a section."""

    chosen = Signal(str)

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._buttons: list[SectionButton] = []
        self.setObjectName("survey.sections")
        self.setAccessibleName(texts("survey.sections"))
        self.setProperty("role", "card")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, 4, 1, 4)
        self._column.setSpacing(0)
        self._column.addStretch(1)

    def show_marks(self, marks: tuple[SectionMark, ...], current: str) -> None:
        while len(self._buttons) > len(marks):
            self._buttons.pop().deleteLater()
        while len(self._buttons) < len(marks):
            self._add(len(self._buttons))
        for button, mark in zip(self._buttons, marks, strict=True):
            button.show_mark(mark, self._texts(f"survey.section_{mark.progress}"), current=mark.path == current)

    def _add(self, row: int) -> None:
        button = SectionButton()
        button.clicked.connect(lambda: self.chosen.emit(button.objectName().removeprefix("survey.section.")))
        self._buttons.append(button)
        self._column.insertWidget(row, button)


class SectionBox(QComboBox):
    """The same in one box."""

    chosen = Signal(str)

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._marks: tuple[SectionMark, ...] = ()
        self._current = ""
        self.setObjectName("survey.section_box")
        self.setAccessibleName(texts("survey.sections"))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(18)
        self.setMinimumHeight(ROW)
        self.activated.connect(lambda row: self.chosen.emit(self.itemData(row)))

    def show_marks(self, marks: tuple[SectionMark, ...], current: str) -> None:
        self._marks, self._current = marks, current
        while self.count() > len(marks):
            self.removeItem(self.count() - 1)
        for row, mark in enumerate(marks):
            words = self._words(mark)
            if row == self.count():
                self.addItem(words, mark.path)
            elif (self.itemText(row), self.itemData(row)) != (words, mark.path):
                self.setItemText(row, words)
                self.setItemData(row, mark.path)
            if mark.path == current and self.currentIndex() != row:
                self.setCurrentIndex(row)

    def _words(self, mark: SectionMark) -> str:
        """In one line; where that has no room, the mark and the count stand for the word."""
        state_word = self._texts(f"survey.section_{mark.progress}")
        whole = " · ".join(part.strip() for part in words_of(mark, state_word).split("\n"))
        if self.fontMetrics().horizontalAdvance(whole) + _ARROW <= self.width():
            return whole
        return f"{MARKS[mark.progress]} {mark.label} · {mark.answered}/{mark.asked}" if mark.asked else f"= {mark.label}"

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.show_marks(self._marks, self._current)


def words_of(mark: SectionMark, state_word: str) -> str:
    """ "◐ 3. Nhà ở / Đang nhập · 3/8": state by shape and word, and how many of the questions that apply are answered."""
    count = f" · {mark.answered}/{mark.asked}" if mark.asked else ""
    return f"{MARKS[mark.progress]} {mark.label}\n     {state_word}{count}"
