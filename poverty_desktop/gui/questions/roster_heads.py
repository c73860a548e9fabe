"""How the heads of a grid look: who stands in a line, what a column asks."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHeaderView, QTableView

from poverty_desktop.gui.theme import GRID, GROUND, LINE, ui_font

_STYLE = f"""
    QTableCornerButton::section {{ background: {GROUND}; border: 0; border-bottom: 1px solid {LINE}; }}
    QTableView::item {{ padding: 2px 4px; }}
    QHeaderView::section:horizontal {{ padding: 5px 4px; }}
"""


def head_font() -> QFont:
    return ui_font(10, bold=True)


def dress(table: QTableView) -> None:
    """Heads that wrap, of fixed sizes, and marked where the cursor stands."""
    head, side = table.horizontalHeader(), table.verticalHeader()
    head.setDefaultAlignment(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
    head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    head.setSectionsClickable(False)
    head.setHighlightSections(True)
    side.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    side.setDefaultSectionSize(6 * GRID)
    side.setSectionsClickable(False)
    side.setHighlightSections(True)
    for header in (head, side):
        header.setFont(ui_font(10))
    table.setStyleSheet(_STYLE)
