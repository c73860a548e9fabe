"""A question before what cannot be undone. Our own words on the buttons, the safe one first and by default."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from poverty_desktop.gui.theme import GRID


def confirm_box(parent: QWidget, heading: str, words: str, act: str, keep: str) -> QDialog:
    """The box, not yet shown: connect to `accepted`, call `open()`. Object names: `confirm.act`, `confirm.keep`."""
    box = QDialog(parent)
    box.setObjectName("confirm")
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle(heading)
    box.setAccessibleName(heading)
    box.setMinimumWidth(48 * GRID)
    title, text = QLabel(heading), QLabel(words)
    title.setProperty("role", "heading")
    for label in (title, text):
        label.setWordWrap(True)
    column = QVBoxLayout(box)
    column.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
    column.setSpacing(GRID)
    column.addWidget(title)
    column.addWidget(text)
    column.addSpacing(GRID)
    column.addLayout(_buttons(box, act, keep))
    return box


def _buttons(box: QDialog, act: str, keep: str) -> QHBoxLayout:
    line = QHBoxLayout()
    line.addStretch(1)
    for text, name, role, do in ((keep, "confirm.keep", "main", box.reject), (act, "confirm.act", "danger", box.accept)):
        button = QPushButton(text)
        button.setObjectName(name)
        button.setProperty("role", role)
        button.setDefault(role == "main")
        button.clicked.connect(do)
        line.addWidget(button)
    return line
