"""An officer's hands and eyes on the real windows: keys in, pictures and conditions out. Never a mouse, never a service."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEventLoop, Qt, QTimer
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from poverty_desktop.tour.clipping import cut_words

PATIENCE_SECONDS = 30.0
LAYOUT_SECONDS = 3.0


class NotSeen(AssertionError):
    """What the officer waited for did not appear."""


def wait_until(condition: Callable[[], object], what: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Let the windows live until `condition` holds; otherwise say what was waited for."""
    deadline = time.monotonic() + seconds
    loop = QEventLoop()
    watch = QTimer()
    watch.timeout.connect(lambda: loop.quit() if condition() or time.monotonic() > deadline else None)
    watch.start(5)
    if not condition():
        loop.exec()
    watch.stop()
    if not condition():
        raise NotSeen(f"waited {seconds:.0f} s for: {what}")


def live(milliseconds: int) -> None:
    """Let the windows live for a while: the pace of a person's hands."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


class Driver:
    """Keys and looks at one top-level window."""

    def __init__(self, window: QWidget, size: tuple[int, int]) -> None:
        """`size` in pixels of the layout, which are larger than the screen's where everything is drawn larger."""
        self.window, self._size = window, size

    def come_forward(self) -> None:
        """Make this laptop's window the active one, so that its shortcuts are the ones that answer."""
        self.window.resize(*self._size)
        self.window.show()
        self.window.activateWindow()
        wait_until(lambda: QApplication.activeWindow() is self.window, "the window in front")

    # --- looking

    def find(self, name: str) -> QWidget:
        """The visible widget of this object name; waits for it to appear."""
        wait_until(lambda: self.sees(name), f"'{name}' on the screen")
        return next(widget for widget in self.window.findChildren(QWidget, name) if widget.isVisible())

    def sees(self, name: str) -> bool:
        return any(widget.isVisible() for widget in self.window.findChildren(QWidget, name))

    def picture(self, file: Path) -> None:
        """Save what the window shows, once everything that was asked for is painted."""
        QCoreApplication.sendPostedEvents()
        pixels = self.window.grab()
        if not pixels.save(str(file)):
            raise NotSeen(f"the picture {file} could not be written")

    def hold_nothing_cut(self) -> None:
        """Once the layout is at rest. Raises `NotSeen` with the words that do not show whole."""
        try:
            wait_until(lambda: not cut_words(self.window), "every word whole", LAYOUT_SECONDS)
        except NotSeen as unseen:
            raise NotSeen(f"words are cut: {'; '.join(cut_words(self.window))}") from unseen

    # --- keys

    @property
    def _target(self) -> QWidget:
        return QApplication.activePopupWidget() or QApplication.focusWidget() or self.window

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier, times: int = 1) -> None:
        for _ in range(times):
            _click(self._target, key, modifiers)

    def control(self, key: Qt.Key) -> None:
        self.press(key, Qt.KeyboardModifier.ControlModifier)

    def type(self, text: str) -> None:
        """Type as a keyboard does; letters beyond ASCII arrive as the input method (Unikey) commits them."""
        for letter in text:
            target = self._target
            if letter.isascii():
                _click(target, letter, Qt.KeyboardModifier.NoModifier)
            else:
                committed = QInputMethodEvent()
                committed.setCommitString(letter)
                QApplication.sendEvent(target, committed)

    def go_to(self, name: str) -> QWidget:
        """Put the focus on a widget as Tab would, without a mouse."""
        widget = self.find(name)
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        wait_until(lambda: self._holds_focus(widget), f"the focus on '{name}'")
        return widget

    def _holds_focus(self, widget: QWidget) -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and (focused is widget or widget.isAncestorOf(focused))

    def fill(self, name: str, text: str) -> None:
        """Replace what stands in an editor by `text` and leave it with Enter, as an officer does."""
        self.go_to(name)
        self.control(Qt.Key.Key_A)
        self.type(text)
        self.press(Qt.Key.Key_Return)


def _click(target: QWidget, key: Qt.Key | str, modifiers: Qt.KeyboardModifier) -> None:
    """One key down and up, through Qt's shortcut map as from a real keyboard (the stubs know no union of key and letter)."""
    QTest.keyClick(target, key, modifiers)  # type: ignore[arg-type]
