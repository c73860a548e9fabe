"""A number on a scale: typed like any other, moved by the arrows, and drawn below so that one sees where it lies."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from poverty_desktop.forms.definition import Range
from poverty_desktop.gui.presenters.survey_state import FieldState
from poverty_desktop.gui.presenters.typed_values import to_lexical, to_shown
from poverty_desktop.gui.questions.line_answer import LineAnswer
from poverty_desktop.gui.theme import ACCENT, INK_SOFT, LINE_STRONG, PAPER, RED, ui_font

_MOST_TICKS = 20


class RangeAnswer(LineAnswer):
    """Up and Down move by the step of the form; what is typed beside the scale is kept and shown red on its edge."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scale = Scale(parent)
        self.below = self.scale
        self._kind, self._range = "integer", Range(Decimal(0), Decimal(10), Decimal(1))
        self.textChanged.connect(self._mark)

    def show_state(self, state: FieldState) -> None:
        self._kind, self._range = state.kind, state.range or self._range
        super().show_state(state)
        self.scale.show_range(self._range, self.number())

    def number(self) -> Decimal | None:
        """What stands in the line, None when it is no number."""
        try:
            return Decimal(to_lexical(self._kind, self.text()))
        except InvalidOperation:
            return None

    def _mark(self) -> None:
        self.scale.show_range(self._range, self.number())

    def arrow(self, step: int) -> None:
        """Up is more. From nothing the scale begins at its start."""
        if self.isReadOnly() or self.preedit:
            return
        least, most = sorted((self._range.start, self._range.end))
        number = self.number()
        moved = self._range.start if number is None else number - step * abs(self._range.step)
        self.setText(to_shown(self._kind, format(min(max(moved, least), most), "f")))
        self.setModified(True)
        self.selectAll()


class Scale(QWidget):
    """The scale from start to end with its steps, and a knob where the number lies."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._range: Range | None = None
        self._number: Decimal | None = None
        self.setFont(ui_font(9))
        self.setMaximumWidth(520)
        self.setMinimumHeight(34)

    def sizeHint(self) -> QSize:
        return QSize(320, 34)

    def show_range(self, scale: Range, number: Decimal | None) -> None:
        if (scale, number) != (self._range, self._number):
            self._range, self._number = scale, number
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._range is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, right = 10.0, self.width() - 10.0
        painter.setPen(QPen(QColor(LINE_STRONG), 2))
        painter.drawLine(QPointF(left, 10), QPointF(right, 10))
        for share in self._ticks(self._range):
            place = left + share * (right - left)
            painter.drawLine(QPointF(place, 6), QPointF(place, 14))
        self._draw_ends(painter, self._range)
        if self._number is not None:
            share = self._share(self._range, self._number)
            inside = 0 <= share <= 1
            place = left + min(max(share, 0.0), 1.0) * (right - left)
            painter.setPen(QPen(QColor(PAPER), 2))
            painter.setBrush(QColor(ACCENT if inside else RED))
            painter.drawEllipse(QPointF(place, 10), 7, 7)
        painter.end()

    def _draw_ends(self, painter: QPainter, scale: Range) -> None:
        painter.setPen(QColor(INK_SOFT))
        box = QRectF(2, 16, self.width() - 4, 18)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), _words(scale.start))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), _words(scale.end))

    def _ticks(self, scale: Range) -> list[float]:
        steps = abs((scale.end - scale.start) / scale.step) if scale.step else Decimal(0)
        count = int(steps) if 0 < steps <= _MOST_TICKS else 1
        return [place / count for place in range(count + 1)]

    def _share(self, scale: Range, number: Decimal) -> float:
        length = scale.end - scale.start
        return float((number - scale.start) / length) if length else 0.0


def _words(number: Decimal) -> str:
    return to_shown("decimal", format(number, "f"))
