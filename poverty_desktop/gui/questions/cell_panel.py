"""The present cell of a grid in full, below it: its question, its numbered answers, its problem and the reason for it."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.models.roster_model import CHOICES
from poverty_desktop.gui.presenters.survey_state import FieldState
from poverty_desktop.gui.questions.field import SIGNS, last_year_words
from poverty_desktop.gui.questions.one_line import OneLine
from poverty_desktop.gui.theme import ACCENT, ACCENT_SOFT, GRID, ROW, restyle

_LEAST, _SHARE = 10 * GRID, 5
_SIDE, _BETWEEN = GRID + 4, 4


class CellPanel(QFrame):
    """Its height only grows while one walks through the grid: each change would lay out and paint the whole grid anew."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts, self.key, self._wanted = texts, "", 0
        self._shown: tuple[FieldState, str, str, int] | None = None
        self._measured: dict[int, list[tuple[QWidget, int]]] = {}  # by width, as long as it shows the same
        self.setObjectName("survey.cell")
        self.setProperty("role", "card")
        self.question, self.choices, self.help, self.problem = QLabel(), QLabel(), QLabel(), QLabel()
        self.reason = OneLine()
        self.reason.setObjectName("survey.cell.reason")
        self.reason.setPlaceholderText(texts("survey.reason_hint"))
        self.reason.setAccessibleName(texts("survey.reason_hint"))
        self.reason.setMinimumHeight(ROW)
        self._lay_out()

    def _lay_out(self) -> None:
        self._labels = (self.question, self.choices, self.help, self.problem)
        for label in self._labels:
            label.setParent(self)
            label.setWordWrap(True)
            label.hide()
        self.reason.setParent(self)
        self.reason.hide()
        for label in (self.question, self.choices):
            label.setTextFormat(Qt.TextFormat.RichText)
        for label in (self.help, self.problem):
            label.setTextFormat(Qt.TextFormat.PlainText)  # names and typed text as they are spelled
        self.help.setProperty("role", "soft")
        self.setMinimumHeight(_LEAST)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_cell(self, cell: FieldState, name: str, detail: str, place: int) -> None:
        """`place`: the number of the line."""
        if (cell, name, detail, place) == self._shown:
            return
        self._shown, self.key, self._measured = (cell, name, detail, place), cell.key, {}
        who = f"<b>{place}. {escape(name)}</b>{f' ({escape(detail)})' if detail else ''}"
        _say(self.question, f"{who}: {escape(cell.label)}")
        _say(self.choices, self._options(cell) if cell.relevant and cell.kind in CHOICES else "")
        note = self._texts("question.note", words=cell.note) if cell.note else ""
        asked = " ".join(part for part in (note, last_year_words(cell, self._texts), cell.hint, cell.guidance) if part)
        _say(self.help, asked if cell.relevant else self._why_not(name, detail))
        if self.problem.property("tone") != cell.tone:
            self.problem.setProperty("tone", cell.tone)
            restyle(self.problem)
        word = self._texts(f"question.tone_{cell.tone}") if cell.problem else ""
        _say(self.problem, f"{SIGNS[cell.tone]} {word}: {cell.problem}" if cell.problem else "")
        if self.reason.isHidden() == cell.wants_reason:
            self.reason.setVisible(cell.wants_reason)
        if not self.reason.hasFocus():
            self.reason.setText(cell.reason)
        self._grow()

    def _why_not(self, name: str, detail: str) -> str:
        return self._texts("survey.not_asked_of", name=name, detail=detail) if detail else self._texts("question.not_asked")

    # --- its place ---------------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        """Put the words one below the other. A layout of Qt would lay out the whole window anew for each cell."""
        room = self.contentsRect().adjusted(_SIDE, GRID, -_SIDE, -GRID)
        top = room.top()
        for part, height in self._heights(room.width()):
            part.setGeometry(room.left(), top, room.width(), height)
            top += height + _BETWEEN

    def _heights(self, width: int) -> list[tuple[QWidget, int]]:
        """What is shown, and how high it stands in so many pixels."""
        if width not in self._measured:
            self._measured[width] = [(part, part.heightForWidth(width)) for part in self._labels if not part.isHidden()]
            if not self.reason.isHidden():
                self._measured[width].append((self.reason, max(ROW, self.reason.sizeHint().height())))
        return self._measured[width]

    def heightForWidth(self, width: int) -> int:
        edge = self.contentsMargins()
        heights = [height for _, height in self._heights(width - edge.left() - edge.right() - 2 * _SIDE)]
        return sum(heights) + _BETWEEN * max(len(heights) - 1, 0) + 2 * GRID + edge.top() + edge.bottom()

    def sizeHint(self) -> QSize:
        return QSize(0, max(self._wanted, self.minimumHeight()))

    def _grow(self) -> None:
        """On a low window it takes no more than a share of it: there the lines of the grid are worth more than stillness."""
        needed = self.heightForWidth(self.width())
        share = min(needed, self.window().height() // _SHARE)
        if self.reason.isHidden() and share > self.minimumHeight():
            self.setMinimumHeight(share)
        wanted = max(needed, self.minimumHeight())
        if wanted != self._wanted:
            self._wanted = wanted
            self.updateGeometry()
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        """Only now the words are sure to have their fonts."""
        super().showEvent(event)
        self._measured = {}
        self._grow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.setMinimumHeight(_LEAST)
            self._grow()

    def _options(self, cell: FieldState) -> str:
        """ "1 Có   2 Không", the chosen ones marked; each option stays on one line."""
        parts = []
        for option in cell.options:
            chosen = option.value in cell.chosen
            words = f"<b style='color:{ACCENT}'>{option.number}</b>&nbsp;{escape(option.label).replace(' ', '&nbsp;')}"
            parts.append(f"<span style='background:{ACCENT_SOFT}'>&nbsp;{words}&nbsp;</span>" if chosen else words)
        return " &nbsp;&nbsp; ".join(parts)


def _say(label: QLabel, words: str) -> None:
    """Only what changes is laid out again."""
    if label.text() != words:
        label.setText(words)
    if label.isHidden() == bool(words):
        label.setVisible(bool(words))
