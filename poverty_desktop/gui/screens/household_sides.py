"""What stands around the fields of a household: why a member leaves, what to look at, who may be the same, earlier years."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.icons import icon
from poverty_desktop.gui.presenters.household_state import HouseholdState
from poverty_desktop.gui.theme import GRID, ROW, TONE_INK

NARROW = 640
_REASONS = ("removed", "died", "moved_out")
_KEY = Qt.ItemDataRole.UserRole


class RemovalBar(QFrame):
    """Asks in the page why a member leaves the list. `answered(member_id, reason)`; "Cancel" and Esc only close it."""

    answered = Signal(str, str)
    closed = Signal()

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._member_id = ""
        self.setObjectName("household.removal")
        self.setProperty("role", "message")
        self.question = QLabel()
        self.question.setWordWrap(True)
        self.question.setTextFormat(Qt.TextFormat.PlainText)  # names are shown as they are spelled
        whole = QVBoxLayout(self)
        whole.setContentsMargins(GRID + 4, GRID // 2, GRID, GRID // 2)
        whole.setSpacing(GRID // 2)
        whole.addWidget(self.question)
        line = QHBoxLayout()
        line.setSpacing(GRID)
        whole.addLayout(line)
        self.buttons = {reason: QPushButton(texts(f"household.reason_{reason}")) for reason in (*_REASONS, "none")}
        for reason, button in self.buttons.items():
            button.setObjectName(f"removal.{reason}")
            button.setAutoDefault(True)
            line.addWidget(button)
        line.addStretch(1)
        self.hide()

    def bind(self) -> None:
        for reason, button in self.buttons.items():
            button.clicked.connect(lambda _=False, chosen=reason: self._answer(chosen))

    def ask(self, member_id: str, name: str) -> None:
        self._member_id = member_id
        self.question.setText(self._texts("household.why_removed", name=name))
        self.show()
        self.buttons["removed"].setFocus(Qt.FocusReason.OtherFocusReason)

    def _answer(self, reason: str) -> None:
        self.hide()
        self.closed.emit()
        if reason != "none":
            self.answered.emit(self._member_id, reason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        focused = self.focusWidget()
        if event.key() == Qt.Key.Key_Escape:
            self._answer("none")
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focused, QPushButton):
            focused.click()
        else:
            super().keyPressEvent(event)


class LinkList(QListWidget):
    """Sentences that lead somewhere: Enter or a click says `wanted(key)`. As high as its lines, up to five."""

    wanted = Signal(str)

    def __init__(self, name: str, title: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setWordWrap(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)

    def bind(self) -> None:
        self.itemClicked.connect(lambda item: self.wanted.emit(str(item.data(_KEY))))

    def show_lines(self, lines: Sequence[tuple[str, str, str]]) -> None:
        """(key, tone, sentence) each."""
        if [(key, words) for key, _, words in lines] == [self._line(row) for row in range(self.count())]:
            return
        self.clear()
        for key, tone, words in lines:
            item = QListWidgetItem(icon(tone, TONE_INK[tone]), words)  # type: ignore[index]
            item.setData(_KEY, key)
            item.setToolTip(words)
            self.addItem(item)

    def _line(self, row: int) -> tuple[str, str]:
        return str(self.item(row).data(_KEY)), self.item(row).text()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentItem() is not None:
            self.wanted.emit(str(self.currentItem().data(_KEY)))
        else:
            super().keyPressEvent(event)


class Sides(QWidget):
    """Three quiet panels below the members: problems, possible twins, earlier years. Empty ones take no room."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self.problems = LinkList("household.problems", texts("household.problems"))
        self.similar = LinkList("household.similar", texts("household.similar"))
        self.history = QLabel()
        self.history.setObjectName("household.history")
        self.history.setProperty("role", "soft")
        self.history.setWordWrap(True)
        self.history.setTextFormat(Qt.TextFormat.PlainText)
        self.history.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.nothing = QLabel()
        self.nothing.setWordWrap(True)
        self.nothing.setProperty("role", "soft")
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2 * GRID)
        self.problem_panel = self._panel("household.problems", self.problems, self.nothing)
        self.similar_panel = self._panel("household.similar", self.similar)
        self.history_panel = self._panel("household.history", self.history)

    def _panel(self, key: str, *parts: QWidget) -> QWidget:
        panel = QWidget()
        column = QVBoxLayout(panel)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        title = QLabel(self._texts(key))
        title.setProperty("role", "label")
        column.addWidget(title)
        for part in parts:
            if isinstance(part, QListWidget):
                part.setFixedHeight(3 * ROW - GRID)
            column.addWidget(part)
        column.addStretch(1)
        self._row.addWidget(panel, 1)
        return panel

    def bind(self) -> None:
        self.problems.bind()
        self.similar.bind()

    def show_state(self, state: HouseholdState) -> None:
        self.problems.show_lines([(one.key, one.tone, one.sentence) for one in state.problems])
        self.similar.show_lines([(one.household_id, "amber", one.sentence) for one in state.similar])
        self.history.setText("\n".join(state.history[:6]))
        self.problems.setVisible(bool(state.problems))
        begins = state.is_new and not state.is_changed
        self.nothing.setText(self._texts("household.begin" if begins else "household.no_problems"))
        self.nothing.setVisible(not state.problems)
        self.similar_panel.setVisible(bool(state.similar))
        self.history_panel.setVisible(bool(state.history))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._row.setDirection(down if self.width() < NARROW else across)
