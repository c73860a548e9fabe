"""The sections of a questionnaire with their state: a list at the left, or one box where the window is narrow."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QComboBox, QListWidget, QListWidgetItem

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.survey_state import SectionMark
from poverty_desktop.gui.theme import ROW

_WRAP = int(Qt.TextFlag.TextWordWrap)
MARKS = {"empty": "○", "begun": "◐", "problem": "✖", "done": "✔", "computed": "="}


class SectionList(QListWidget):
    """`chosen(path)` when the officer picks a section. Items are named `survey.section.<name>` for those who read the screen."""

    chosen = Signal(str)

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self.setObjectName("survey.sections")
        self.setAccessibleName(texts("survey.sections"))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setWordWrap(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemClicked.connect(lambda item: self.chosen.emit(item.data(Qt.ItemDataRole.UserRole)))
        self.itemActivated.connect(lambda item: self.chosen.emit(item.data(Qt.ItemDataRole.UserRole)))

    def show_marks(self, marks: tuple[SectionMark, ...], current: str) -> None:
        while self.count() > len(marks):
            self.takeItem(self.count() - 1)
        while self.count() < len(marks):
            self.addItem(QListWidgetItem())
        for row, mark in enumerate(marks):
            item = self.item(row)
            item.setText(words_of(mark))
            item.setData(Qt.ItemDataRole.UserRole, mark.path)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{mark.label}: {self._texts(f'survey.section_{mark.progress}')}")
            item.setToolTip(self._texts(f"survey.section_{mark.progress}"))
            item.setSizeHint(QSize(0, self._height(item.text())))
            if mark.path == current:
                self.setCurrentRow(row)


    def _height(self, words: str) -> int:
        box = self.fontMetrics().boundingRect(0, 0, max(self.viewport().width() - 20, 120), 1000, _WRAP, words)
        return max(ROW, box.height() + 10)


class SectionBox(QComboBox):
    """The same in one box."""

    chosen = Signal(str)

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.setObjectName("survey.section_box")
        self.setAccessibleName(texts("survey.sections"))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(18)
        self.setMinimumHeight(ROW)
        self.activated.connect(lambda row: self.chosen.emit(self.itemData(row)))

    def show_marks(self, marks: tuple[SectionMark, ...], current: str) -> None:
        self.clear()
        for row, mark in enumerate(marks):
            self.addItem(words_of(mark).replace("\n    ", " ·"), mark.path)
            if mark.path == current:
                self.setCurrentIndex(row)


def words_of(mark: SectionMark) -> str:
    """ "◐ 3. Nhà ở / 3/8": state by shape, and how many of the questions that apply are answered."""
    count = f"\n     {mark.answered}/{mark.asked}" if mark.asked else ""
    return f"{MARKS[mark.progress]} {mark.label}{count}"
