"""Why poor: the class by word and shape, B1 against the cut-off as a bar with a mark, and the twelve deprivations."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.components.badge import LOOKS, paint_badge
from poverty_desktop.gui.presenters.survey_state import ExplanationState
from poverty_desktop.gui.theme import ACCENT, AMBER, AMBER_SOFT, GRID, INK, INK_SOFT, LINE, SHADE

SHAPES = {"deprived": "■", "not_deprived": "□", "not_applicable": "–", "not_asked": "?"}


class ClassBadge(QWidget):
    """The class as a badge: word and shape."""

    def __init__(self) -> None:
        super().__init__()
        self._class, self._word = "none", ""
        self.setFixedHeight(4 * GRID)

    def show_class(self, household_class: str | None, word: str) -> None:
        self._class, self._word = household_class or "none", word
        self.setAccessibleName(word)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 4 * GRID)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        font = painter.font()
        font.setPointSizeF(12)
        font.setBold(True)
        painter.setFont(font)
        paint_badge(painter, QRectF(self.rect()), LOOKS[self._class], self._word)
        painter.end()


class B1Bar(QWidget):
    """B1 in points on a line with the cut-off marked. The part up to the cut-off is where a household is poor or near poor."""

    def __init__(self) -> None:
        super().__init__()
        self._b1: int | None = None
        self._cutoff: int | None = None
        self.setFixedHeight(6 * GRID)

    def show_points(self, b1: int | None, cutoff: int | None, words: str) -> None:
        self._b1, self._cutoff = b1, cutoff
        self.setAccessibleName(words)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(self.rect()).adjusted(8, 22, -8, -14)
        if self._cutoff:
            self._paint(painter, room, self._cutoff)
        painter.end()

    def _paint(self, painter: QPainter, room: QRectF, cutoff: int) -> None:
        top = max(2 * cutoff, self._b1 or 0)
        mark = room.left() + room.width() * cutoff / top
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(SHADE))
        painter.drawRoundedRect(room, 4, 4)
        if self._b1 is not None:
            painter.setBrush(QColor(ACCENT if self._b1 > cutoff else AMBER))
            length = room.width() * self._b1 / top
            painter.drawRoundedRect(QRectF(room.left(), room.top(), max(length, 4), room.height()), 4, 4)
            tip = QPointF(room.left() + length, room.bottom() + 2)
            painter.setBrush(QColor(INK))
            painter.drawPolygon(QPolygonF([tip, tip + QPointF(-5, 8), tip + QPointF(5, 8)]))
        painter.setPen(QPen(QColor(INK), 2))
        painter.drawLine(QPointF(mark, room.top() - 4), QPointF(mark, room.bottom() + 4))
        painter.drawText(QRectF(mark - 40, 0, 80, 18), int(Qt.AlignmentFlag.AlignCenter), str(cutoff))


class ExplanationPanel(QScrollArea):
    """The panel at the right of the form."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.setObjectName("survey.explanation")
        self.setAccessibleName(texts("survey.explanation"))
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._state: ExplanationState | None = None
        self.badge, self.bar, self.lines = ClassBadge(), B1Bar(), QLabel()
        self.official, self.before, self.b1, self.source = (_words() for _ in range(4))
        self.distance, self.b2, self.undecided = (_words() for _ in range(3))
        self.lines.setWordWrap(True)
        self.lines.setTextFormat(Qt.TextFormat.RichText)
        self.lines.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._lay_out(texts)

    def _lay_out(self, texts: Texts) -> None:
        card = QFrame()
        card.setProperty("role", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(12, GRID, 12, GRID)
        column.setSpacing(4)
        title = QLabel(texts("survey.explanation"))
        title.setProperty("role", "soft")
        self.official.setStyleSheet(f"background:{AMBER_SOFT}; color:{AMBER}; font-weight:600; padding:4px;")
        for label in (self.before, self.source):
            label.setProperty("role", "soft")
        self.b1.setProperty("role", "label")
        self.b2.setProperty("role", "label")
        parts: list[QWidget] = [title, self.official, self.badge, self.before, self.undecided, self.b1, self.bar, self.distance]
        for part in (*parts, self.source, self.b2, self.lines):
            column.addWidget(part)
        column.addStretch(1)
        self.setWidget(card)

    def show_state(self, state: ExplanationState | None) -> None:
        if state is None or state == self._state:
            return
        self._state = state
        self.badge.show_class(state.household_class, state.class_word)
        self.bar.show_points(state.b1, state.cutoff, f"{state.b1_words}. {state.cutoff_words}")
        self.bar.setVisible(state.cutoff is not None)
        words = {
            self.official: state.official,
            self.before: state.before,
            self.b1: state.b1_words,
            self.distance: state.distance_words,
            self.source: ". ".join(part for part in (state.cutoff_words, state.source_words) if part),
            self.b2: state.b2_words,
            self.undecided: state.undecided,
        }
        for label, text in words.items():
            label.setText(text)
            label.setVisible(bool(text))
        self.lines.setText(_table(state))
        self.lines.setToolTip("\n".join(f"{line.number}. {line.threshold}" for line in state.lines if line.threshold))
        self.setAccessibleDescription(one_line(state))


class ExplanationBand(QLabel):
    """The same in a line or two, below the form, where there is no room for the panel."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self.setObjectName("survey.explanation")
        self.setAccessibleName(texts("survey.explanation"))
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setStyleSheet(f"background:{SHADE}; border-top:1px solid {LINE}; padding:4px 8px;")

    def show_state(self, state: ExplanationState | None, *, short: bool) -> None:
        """`short` names the deprivations by their numbers only."""
        if state is None:
            return
        deprived = [line.number if short else f"{line.number} {line.name}" for line in state.lines if line.state == "deprived"]
        b1 = "–" if state.b1 is None else state.b1
        parts = [
            f"<b>{escape(state.class_word)}</b>",
            escape(self._texts("survey.band_b1", b1=b1, cutoff="–" if state.cutoff is None else state.cutoff)),
            escape(self._texts("survey.band_b2", b2=state.b2)) + (f" ({escape(', '.join(deprived))})" if deprived else ""),
            escape(state.undecided),
            f"<b style='color:{AMBER}'>{escape(state.official)}</b>" if state.official else "",
        ]
        self.setText(" &nbsp;·&nbsp; ".join(part for part in parts if part))
        self.setToolTip("\n".join(f"{line.number} {line.name}: {line.state_word} {line.reason}".rstrip() for line in state.lines))


def _words() -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def _table(state: ExplanationState) -> str:
    """The twelve lines: shape, number and name, state in words, and below a deprivation who or what."""
    rows = []
    for line in state.lines:
        strong = line.state == "deprived"
        name = f"<b>{line.number}&nbsp;{escape(line.name)}</b>" if strong else f"{line.number}&nbsp;{escape(line.name)}"
        because = f"<br><span style='color:{INK_SOFT}'>{escape(line.reason)}</span>" if line.reason else ""
        state_words = "" if line.state == "not_deprived" else f": {escape(line.state_word)}"  # the open square says it
        ink = INK if strong else INK_SOFT
        rows.append(
            f"<tr><td width='18' style='color:{ink}'>{SHAPES[line.state]}</td>"
            f"<td style='color:{ink}'>{name}{state_words}{because}</td></tr>"
        )
    return f"<table cellspacing='0' cellpadding='1' style='font-size:10pt'>{''.join(rows)}</table>"


def one_line(state: ExplanationState) -> str:
    """The whole panel read aloud."""
    deprived = ", ".join(f"{line.number} {line.name}" for line in state.lines if line.state == "deprived")
    return ". ".join(part for part in (state.class_word, state.b1_words, state.distance_words, state.b2_words, deprived) if part)
