"""A label for words that come from outside: wrapped, and shown as they are spelled."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel


def plain_words(name: str = "", role: str = "", text: str = "") -> QLabel:
    """`name` is the object name, `role` that of the style sheet ("soft", "label", "heading")."""
    label = QLabel(text)
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)  # a "<" in a name is no markup
    label.setWordWrap(True)
    label.setProperty("role", role)
    return label
