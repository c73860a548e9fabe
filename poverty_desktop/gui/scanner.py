"""A keyboard-wedge reader types the code of a survey paper into whatever has the focus; here it is recognised and taken out.

The keys of a possible code are held back, never dropped: as soon as they cannot become a code, or come as slowly as a person
types, they are given back in their order to the widget they were meant for. A person who types "PD1" by hand loses no key.

Only a P made with Shift begins a code, so plain typing is never held. While keys are held, shortcuts of single digits do not act.
It watches the native window, where each key comes by once: a filter on the application would be asked at every paint and move.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from poverty_desktop.domain.survey_code import LENGTH, PREFIX, may_become_code

FIRST_GAP_MS = 80
"""Longest pause between the first keys of a code; a person's Shift+P is on the screen this late."""
LATER_GAP_MS = 400
"""The same once the whole prefix came: a slow laptop may be painting meanwhile, and no person types so."""
_ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_SILENT = (Qt.Key.Key_Shift, Qt.Key.Key_CapsLock)
_KEYS = (QEvent.Type.KeyPress, QEvent.Type.KeyRelease)


@dataclass
class _Held:
    """A key event and the widget it was on its way to."""

    target: QWidget | None
    event: QKeyEvent


class Scanner(QObject):
    """An event filter for a window's handle. `scanned` gets the text of a whole code that Enter ended; whether it was read
    right is not looked at here."""

    def __init__(self, scanned: Callable[[str], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._scanned = scanned
        self._held: list[_Held] = []
        self._text = ""
        self._giving = False
        self._swallow_release = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self.give_back)

    @property
    def is_holding(self) -> bool:
        return bool(self._held)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or self._giving:
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            return self._keep_from_shortcuts(event)
        if event.type() not in _KEYS or QApplication.activeModalWidget() is not None:
            return False
        return self._press(event) if event.type() == QEvent.Type.KeyPress else self._release(event)

    def _keep_from_shortcuts(self, event: QKeyEvent) -> bool:
        ended = len(self._text) == LENGTH and event.key() in _ENDS
        if ended or (self._text and event.text() and may_become_code(self._text + event.text().upper())):
            event.accept()
            return True
        return False

    def _press(self, event: QKeyEvent) -> bool:
        self._swallow_release = False
        if event.key() in _SILENT:
            return False
        if len(self._text) == LENGTH and event.key() in _ENDS:
            self._take()
            return True
        letter = event.text().upper()
        if self._text and len(letter) == 1 and may_become_code(self._text + letter):
            return self._hold(event, self._text + letter)
        self.give_back()
        if letter == PREFIX[0] and event.modifiers() == Qt.KeyboardModifier.ShiftModifier and not event.isAutoRepeat():
            return self._hold(event, letter)
        return False

    def _release(self, event: QKeyEvent) -> bool:
        if event.key() in _ENDS and self._swallow_release:
            self._swallow_release = False
            return True
        if not self._held or event.key() in _SILENT:
            return False
        self._held.append(_Held(_target(), _copy(event)))
        return True

    def _hold(self, event: QKeyEvent, text: str) -> bool:
        self._held.append(_Held(_target(), _copy(event)))
        self._text = text
        self._pause.start(LATER_GAP_MS if len(text) >= len(PREFIX) else FIRST_GAP_MS)
        return True

    def _take(self) -> None:
        text, self._text, self._swallow_release = self._text, "", True
        self._held.clear()
        self._pause.stop()
        QTimer.singleShot(0, self, lambda: self._scanned(text))  # not inside the delivery of a key

    def give_back(self) -> None:
        """It was no code: every key goes where it was meant to go."""
        self._pause.stop()
        held, self._held, self._text = self._held, [], ""
        self._giving = True
        try:
            for one in held:
                target = one.target if isValid(one.target) else _target()
                if target is not None:
                    QCoreApplication.sendEvent(target, one.event)
        finally:
            self._giving = False


def _target() -> QWidget | None:
    """Where Qt would bring a key now."""
    popup = QApplication.activePopupWidget()
    return (popup.focusWidget() or popup) if popup is not None else QApplication.focusWidget()


def _copy(event: QKeyEvent) -> QKeyEvent:
    """The event itself dies when its delivery ends."""
    return QKeyEvent(
        event.type(),
        event.key(),
        event.modifiers(),
        event.nativeScanCode(),
        event.nativeVirtualKey(),
        event.nativeModifiers(),
        event.text(),
        event.isAutoRepeat(),
        event.count(),
    )
