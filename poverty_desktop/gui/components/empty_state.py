"""An empty place: what belongs here, and how to begin."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout

from poverty_desktop.gui.icons import icon
from poverty_desktop.gui.theme import ACCENT, GRID


class EmptyState(QFrame):
    """Object names: `empty`, `empty.begin` for the way to begin."""

    def __init__(self, icon_name: str, heading: str, words: str, begin: str = "", do: Callable[[], object] | None = None) -> None:
        super().__init__()
        self.setObjectName("empty")
        self.setProperty("role", "card")
        self.setAccessibleName(f"{heading}. {words}")
        column = QVBoxLayout(self)
        column.setContentsMargins(4 * GRID, 4 * GRID, 4 * GRID, 4 * GRID)
        column.setSpacing(GRID)
        column.addWidget(_centred(QLabel(), icon_name))
        column.addWidget(_centred(QLabel(heading), role="heading"))
        column.addWidget(_centred(QLabel(words), role="soft"))
        if begin and do is not None:
            button = QPushButton(begin)
            button.setObjectName("empty.begin")
            button.setProperty("role", "main")
            button.clicked.connect(lambda: do())
            column.addSpacing(GRID)
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)


def _centred(label: QLabel, icon_name: str = "", role: str = "") -> QLabel:
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setWordWrap(True)
    label.setProperty("role", role)
    if icon_name:
        label.setPixmap(icon(icon_name, ACCENT).pixmap(40, 40))
    return label
