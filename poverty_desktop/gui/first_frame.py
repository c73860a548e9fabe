"""When a window has really been painted for the first time: a timer of zero set at `show` may come before it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget


class FirstFrame(QObject):
    """Calls `done` once, when the first painting of `window` with all its children has ended: the painting is one event, and an
    urgent event posted at its beginning comes next."""

    def __init__(self, window: QWidget, done: Callable[[], None]) -> None:
        super().__init__(window)
        self._done: Callable[[], None] | None = done
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QCoreApplication.postEvent(self, QEvent(QEvent.Type.User), Qt.EventPriority.HighEventPriority.value)
        return False

    def customEvent(self, event: QEvent) -> None:
        if self._done is not None:
            done, self._done = self._done, None
            done()
