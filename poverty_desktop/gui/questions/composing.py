"""What an input method composes (Unikey, TSF, ibus) in a field that is left: it is what was meant."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtGui import QGuiApplication, QInputMethodEvent


class Composing(Protocol):
    """A field that knows the word being composed in it."""

    preedit: str

    def inputMethodEvent(self, event: QInputMethodEvent) -> None: ...


def settle(field: Composing) -> None:
    """Take the word that is being composed, if there is one, into the text."""
    if field.preedit:
        QGuiApplication.inputMethod().commit()
    if field.preedit:  # the input method kept it to itself
        event = QInputMethodEvent("", [])
        event.setCommitString(field.preedit)
        field.inputMethodEvent(event)
        QGuiApplication.inputMethod().reset()
