"""Windows as tests need them: in front, and at rest by a condition that Qt itself answers, never after a number of rounds."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractEventDispatcher, QEventLoop
from PySide6.QtWidgets import QApplication, QWidget

from poverty_desktop.gui.task_runner import TaskRunner


def come_to_rest(tasks: TaskRunner | None = None) -> None:
    """Return when nothing asked of `tasks` is on its way and Qt has no event left to deliver: an answer may ask again, and a
    layout may move what another one stands on."""
    dispatcher = QAbstractEventDispatcher.instance()
    delivered = True
    while delivered:
        if tasks is not None:
            tasks.settle()
        delivered = dispatcher.processEvents(QEventLoop.ProcessEventsFlag.AllEvents)


def in_front(qtbot: Any, window: QWidget, width: int = 1366, height: int = 768) -> None:
    """Show `window` in this size as the active one, so that focus and shortcuts are those of real use."""
    qtbot.addWidget(window)
    window.resize(width, height)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)


def painted_words(widget: QWidget) -> list[str]:
    """What a question says in words that it paints itself, as far as they are seen whole, once the page is laid out."""
    come_to_rest()
    parts = widget.painted() if widget.isVisible() else []  # type: ignore[attr-defined]
    return [words for words, needed, has in parts if words and needed.height() <= has.height()]
