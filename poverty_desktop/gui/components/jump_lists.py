"""What opens above the paper: the list of what is missing before finishing, F6 "go to", and the note on a question."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QListWidget, QListWidgetItem, QVBoxLayout

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.survey_search import Place, matching
from poverty_desktop.gui.presenters.survey_state import MissingState
from poverty_desktop.gui.questions.field import SIGNS
from poverty_desktop.gui.questions.one_line import OneLine
from poverty_desktop.gui.questions.option_list import ENTER
from poverty_desktop.gui.theme import GRID, ROW

_KEY = Qt.ItemDataRole.UserRole


class _Lines(QListWidget):
    """Enter takes the present line."""

    taken = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setMinimumHeight(2 * ROW)
        self.setMaximumHeight(5 * ROW)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemClicked.connect(lambda item: self.taken.emit(item.data(_KEY)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() in ENTER and not control and self.currentItem() is not None:
            self.taken.emit(self.currentItem().data(_KEY))
        else:
            super().keyPressEvent(event)


class MissingList(QFrame):
    """What stands in the way of finishing. `wanted(key)` for the line taken."""

    wanted = Signal(str)

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._state: tuple[MissingState, ...] | None = None
        self.setProperty("role", "card")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.title, self.lines = QLabel(), _Lines()
        self.title.setProperty("role", "label")
        self.title.setWordWrap(True)
        self.lines.setObjectName("survey.missing")
        self.lines.setAccessibleName(texts("survey.missing"))
        self.lines.taken.connect(self.wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, GRID, 12, GRID)
        column.addWidget(self.title)
        column.addWidget(self.lines)
        self.hide()

    def show_state(self, state: tuple[MissingState, ...] | None, *, locked: bool) -> None:
        if state == self._state:
            return
        opened, self._state = self._state is None, state
        self.setVisible(state is not None)
        if state is None:
            return
        count = sum(one.tone != "grey" for one in state)  # the grey ones are the officer's own notes
        self.title.setText(self._texts("survey.missing_count", count=count) if count else self._texts("survey.nothing_missing"))
        self.lines.setVisible(bool(state))
        row = max(0, self.lines.currentRow())
        self.lines.clear()
        for one in state:
            item = QListWidgetItem(f"{SIGNS[one.tone]} {one.section} › {one.label}: {one.sentence}")
            item.setData(_KEY, one.key)
            self.lines.addItem(item)
        self.lines.setCurrentRow(min(row, len(state) - 1))
        if opened and state and not locked:  # of a survey that is being finished the cursor stays where one types
            self.stand()

    def stand(self) -> None:
        """Take the cursor: past the last question nothing is typed any more."""
        (self.lines if self._state else self).setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def present_key(self) -> str:
        """The question of the line the cursor is on."""
        item = self.lines.currentItem()
        return str(item.data(_KEY)) if item is not None else ""


class GoToBar(QFrame):
    """F6: type a number of the paper or a part of a question, Enter goes there."""

    wanted = Signal(str)

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._all: list[Place] = []
        self.setProperty("role", "card")
        self.text, self.lines, self.none = OneLine(), _Lines(), QLabel(texts("survey.go_to_none"))
        self.text.setObjectName("survey.go_to")
        self.text.setPlaceholderText(texts("survey.go_to_hint"))
        self.text.setAccessibleName(texts("survey.go_to_hint"))
        self.text.setMinimumHeight(ROW)
        self.none.setProperty("role", "soft")
        self.lines.setObjectName("survey.go_to.found")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, GRID, 12, GRID)
        for part in (self.text, self.lines, self.none):
            column.addWidget(part)
        self.text.textEdited.connect(self._filter)
        self.text.entered.connect(self._take)
        self.lines.taken.connect(self.wanted)
        self.hide()

    def begin(self, questions: list[Place]) -> None:
        self._all = questions
        self.text.clear()
        self._filter("")
        self.show()
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _filter(self, typed: str) -> None:
        found = matching(self._all, typed)
        self.lines.clear()
        self.lines.addItems([place.line for place in found])
        for row, place in enumerate(found):
            self.lines.item(row).setData(_KEY, place.key)
        self.lines.setCurrentRow(0)
        self.lines.setVisible(bool(found))
        self.none.setVisible(not found)

    def _take(self) -> None:
        if self.lines.currentItem() is not None:
            self.wanted.emit(self.lines.currentItem().data(_KEY))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk through the list while one goes on typing."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.lines.setCurrentRow(max(0, min(self.lines.count() - 1, self.lines.currentRow() + step)))


class NoteBar(QFrame):
    """Ctrl+N: the note on one question. `noted(key, words)` on Enter; Esc leaves the note as it was."""

    noted = Signal(str, str)

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts, self.key = texts, ""
        self.setProperty("role", "card")
        self.title, self.text = QLabel(), OneLine()
        self.title.setProperty("role", "label")
        self.title.setWordWrap(True)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setObjectName("survey.note")
        self.text.setPlaceholderText(texts("survey.note_hint"))
        self.text.setAccessibleName(texts("survey.note_hint"))
        self.text.setMinimumHeight(ROW)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, GRID, 12, GRID)
        column.addWidget(self.title)
        column.addWidget(self.text)
        self.text.entered.connect(lambda: self.noted.emit(self.key, self.text.text()))
        self.hide()

    def begin(self, key: str, question: str, note: str) -> None:
        self.key = key
        self.title.setText(self._texts("survey.note_for", question=question))
        self.text.setText(note)
        self.show()
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.text.selectAll()

    def commit(self) -> None:
        """Something else comes: what was typed into the note is kept, the word that is being composed too."""
        self.text.settle()
        if self.isVisible() and self.text.isModified():
            self.noted.emit(self.key, self.text.text())
