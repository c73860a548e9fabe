"""Badges: a word and a shape for a state, so that no state is told by its colour alone."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from poverty_desktop.gui.theme import ACCENT, ACCENT_SOFT, AMBER, AMBER_SOFT, GRID, INK, INK_SOFT, RED, RED_SOFT, ROW, SHADE

# kind -> (shape, ink, ground)
LOOKS: Final[dict[str, tuple[str, str, str]]] = {
    "poor": ("square", RED, RED_SOFT),
    "near_poor": ("triangle", AMBER, AMBER_SOFT),
    "average_living_standard": ("diamond", ACCENT, ACCENT_SOFT),
    "not_poor": ("circle", INK_SOFT, SHADE),
    "none": ("ring", INK_SOFT, ""),
    "draft": ("half", AMBER, AMBER_SOFT),
    "saved": ("ring", ACCENT, ACCENT_SOFT),
    "finished": ("circle", ACCENT, ACCENT_SOFT),
    "newly_escaped_poverty": ("half", ACCENT, ACCENT_SOFT),
    "pending": ("ring", INK_SOFT, ""),
    "signed": ("circle", ACCENT, ACCENT_SOFT),
    "fingerprint": ("diamond", ACCENT, ACCENT_SOFT),
    "absent": ("triangle", AMBER, AMBER_SOFT),
    "missing": ("triangle", RED, RED_SOFT),
    "below_zero": ("diamond", AMBER, AMBER_SOFT),
    "on_laptop": ("ring", INK_SOFT, SHADE),
    "handed_on": ("half", INK_SOFT, SHADE),
    "in_province": ("circle", ACCENT, ACCENT_SOFT),
    "safe": ("square", ACCENT, ACCENT_SOFT),
    "kept_aside": ("triangle", AMBER, AMBER_SOFT),
}
_SIZE = 10.0


class BadgeDelegate(QStyledItemDelegate):
    """Paints cells whose `role` names a kind of `LOOKS` as a badge; all other cells as ever, without the focus frame."""

    def __init__(self, role: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._role = role

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        option.state &= ~QStyle.StateFlag.State_HasFocus
        look = LOOKS.get(index.data(self._role) or "")
        text = index.data(Qt.ItemDataRole.DisplayRole)
        if look is None or not text:
            super().paint(painter, option, index)
            return
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, option.palette.color(QPalette.ColorRole.Highlight))
        box = QRectF(option.rect).adjusted(GRID / 2, 4, -GRID / 2, -4)
        middle = box.center()
        box.setHeight(min(box.height(), ROW - GRID))  # a badge does not swell with the words of its neighbours
        box.moveCenter(middle)
        paint_badge(painter, box, look, text)


def paint_badge(painter: QPainter, room: QRectF, look: tuple[str, str, str], text: str) -> None:
    """The badge at the left of `room`, no wider than it needs; the word ends in "…" where there is no room."""
    shape, ink, ground = look
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    words = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room.width() - _SIZE - 2.5 * GRID))
    width = painter.fontMetrics().horizontalAdvance(words) + _SIZE + 2.5 * GRID
    box = QRectF(room.left(), room.top(), min(width, room.width()), room.height())
    if ground:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
    _paint_shape(painter, QPointF(box.left() + GRID + _SIZE / 2, box.center().y()), shape, QColor(ink))
    painter.setPen(QColor(INK))
    painter.drawText(box.adjusted(_SIZE + 1.5 * GRID, 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), words)
    painter.restore()


def _paint_shape(painter: QPainter, centre: QPointF, shape: str, ink: QColor) -> None:
    half = _SIZE / 2
    box = QRectF(centre.x() - half, centre.y() - half, _SIZE, _SIZE)
    painter.setPen(QPen(ink, 2))
    painter.setBrush(Qt.BrushStyle.NoBrush if shape in ("ring", "half") else ink)
    if shape == "square":
        painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
    elif shape in ("triangle", "diamond"):
        painter.drawPolygon(_polygon(centre, half, shape))
    else:
        painter.drawEllipse(box)
    if shape == "half":
        painter.setBrush(ink)
        painter.drawPie(box, 90 * 16, 180 * 16)


def _polygon(centre: QPointF, half: float, shape: str) -> QPolygonF:
    up, down = QPointF(0, -half), QPointF(0, half)
    left, right = QPointF(-half, 0), QPointF(half, 0)
    corners = (up, right, down, left) if shape == "diamond" else (up, right + down, left + down)
    return QPolygonF([centre + corner for corner in corners])
