"""The window around every screen: side bar, title line, page, status line. Implements `presenters.frame.Frame`.

Nothing heavy is imported here: the window paints first, and `dress()` puts the icons on afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.components.help_panel import HelpPanel
from poverty_desktop.gui.components.side_bar import SideBar
from poverty_desktop.gui.components.status_line import StatusLine
from poverty_desktop.gui.components.title_line import TitleLine
from poverty_desktop.gui.presenters.frame import SyncSign, Tone
from poverty_desktop.gui.theme import NARROW, SMALLEST

# `Screen` is only named in annotations: its module must not be imported before the first paint.
Factories = Mapping[str, Callable[[], Any]]

_INPUT = {QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.Wheel}


class Memory(Protocol):
    """What the window remembers between runs: its size and place. No personal data."""

    def get(self, key: str, default: Any = None) -> Any: ...

    def put(self, key: str, value: Any) -> None: ...


class Shell(QWidget):
    """`screens` maps a place to the factory of its screen, called when the place is first gone to."""

    lock_wanted = Signal()
    closing = Signal()

    def __init__(self, texts: Texts, screens: Factories, memory: Memory, *, idle_minutes: float = 10) -> None:
        super().__init__()
        self.texts = texts
        self._factories = screens
        self._memory = memory
        self._built: dict[str, Any] = {}
        self._trail: list[tuple[str, dict[str, object]]] = []
        self._dressed = False
        self.setObjectName("shell")
        self.setWindowTitle(texts("app.name"))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        self._lay_out()
        self._keys()
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(int(idle_minutes * 60_000))
        self._idle.timeout.connect(self.lock)
        self.setMinimumSize(*SMALLEST)  # said outright: what stands there unfolded would keep the window too wide to be folded
        self.resize(QSize(*memory.get("window.size", (1366, 768))))

    def _lay_out(self) -> None:
        self.side_bar = SideBar(self.texts)
        self.title_line = TitleLine(self.texts)
        self.status_line = StatusLine(self.texts)
        self.help_panel = HelpPanel(self.texts)
        self.practice = QLabel(self.texts("shell.practice"))
        self.practice.setObjectName("practice")
        self.practice.setProperty("role", "practice")
        self.practice.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.practice.hide()
        self.pages = QStackedWidget()
        self._middle = middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.pages, 1)
        middle.addWidget(self.help_panel)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.practice)
        right.addWidget(self.title_line)
        right.addLayout(middle, 1)
        right.addWidget(self.status_line)
        self._house = QWidget()
        whole = QHBoxLayout(self._house)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        layout = self.layout()
        assert layout is not None
        layout.addWidget(self._house)
        whole.addWidget(self.side_bar)
        whole.addLayout(right, 1)
        self.side_bar.place_wanted.connect(self.go)
        self.title_line.back_wanted.connect(self.back)
        self.status_line.sync_wanted.connect(lambda: self.go("sync"))
        self.status_line.lock_wanted.connect(self.lock)
        self.status_line.help_wanted.connect(self.toggle_help)
        self._show_bars(False)

    def _keys(self) -> None:
        for keys, act in (
            ("Ctrl+F", self._search),
            ("Ctrl+K", self._search),
            ("Ctrl+S", self._save),
            ("Ctrl+L", self.lock),
            ("F1", self.toggle_help),
        ):
            QShortcut(QKeySequence(keys), self, act)

    # --- Frame -----------------------------------------------------------------------------------------------------

    @property
    def current(self) -> Any | None:
        """The screen that is shown."""
        return self.pages.currentWidget()

    def go(self, place: str, **facts: object) -> None:
        if place not in self._factories:
            return
        if not self._left():
            self._follow_heading()
            return
        self._trail = [*(stop for stop in self._trail if not self._is_bare(stop[0])), (place, facts)][-50:]
        self._open(place, facts)

    def back(self) -> None:
        if len(self._trail) > 1 and self._left():
            self._trail.pop()
            self._open(*self._trail[-1])

    def saved(self, at: datetime) -> None:
        self.status_line.show_saved(at)
        if self.current is not None:
            self.current.place_may_have_changed()

    def tell(self, tone: Tone, sentence: str, action: str = "", do: Callable[[], None] | None = None) -> None:
        if self.current is not None:
            self.current.tell(tone, sentence, action, do)

    def problem(self, problem: Exception) -> None:
        known = problem if isinstance(problem, KnownProblem) else KnownProblem("bug")
        self.tell("red", self.texts.problem(known))

    def synced(self, sign: SyncSign) -> None:
        self.status_line.show_sync(sign)

    def lock(self) -> None:
        """Commit what is typed, forget the way, and ask the application to lock the file."""
        if self.current is not None and not self.current.bare and self._left():
            self.lock_wanted.emit()

    # --- what the application sets -----------------------------------------------------------------------------------

    def show_practice(self, practice: bool) -> None:
        self.practice.setVisible(practice)

    def show_officer(self, name: str) -> None:
        self.status_line.show_officer(name)

    def dress(self) -> None:
        """Icons, after the first paint."""
        if not self._dressed:
            self._dressed = True
            self.side_bar.dress()
            self.status_line.dress()

    def forget(self) -> tuple[str, dict[str, object]] | None:
        """Take every screen away (the file was locked) and say where one was."""
        last = next(((place, facts) for place, facts in reversed(self._trail) if not self._is_bare(place)), None)
        self._trail.clear()
        for screen in self._built.values():
            self.pages.removeWidget(screen)
            screen.forgotten.emit()
            screen.hide()
            screen.deleteLater()
        self._built.clear()
        return last

    def retell(self, texts: Texts) -> None:
        """All words anew, in another language. Screens are built again when they are next gone to."""
        self.texts = texts
        self.forget()
        self._house.hide()
        self._house.deleteLater()
        self.setWindowTitle(texts("app.name"))
        self._lay_out()
        if self._dressed:
            self._dressed = False
            self.dress()

    def toggle_help(self) -> None:
        if self.current is not None:
            self.help_panel.toggle(self._middle, self.pages, self.current.keys(), beside=self.width() >= NARROW)

    # --- inside ------------------------------------------------------------------------------------------------------

    def _is_bare(self, place: str) -> bool:
        return place in self._built and bool(self._built[place].bare)

    def _left(self) -> bool:
        """Whether the present screen lets go. A field that has the focus is left first, so that it commits."""
        screen = self.current
        if screen is None:
            return True
        focused = QApplication.focusWidget()
        if focused is not None and screen.isAncestorOf(focused):
            focused.clearFocus()
        sentence = screen.leaving()
        if sentence:
            screen.tell("red", sentence)
        return not sentence

    def _open(self, place: str, facts: Mapping[str, object]) -> None:
        screen = self._built.get(place)
        if screen is None:
            screen = self._built[place] = self._factories[place]()
            screen.heading_changed.connect(self._follow_heading)
            screen.place_changed.connect(self._follow_place)
            self.pages.addWidget(screen)
        self.pages.setCurrentWidget(screen)
        self.help_panel.hide()
        screen.quiet()
        self._show_bars(not screen.bare)
        self._follow_heading()
        self._follow_place()
        screen.opened(**facts)
        screen.focus_first()
        self._focus_main_act(screen)
        if not screen.bare:
            self._memory.put("window.place", screen.area or screen.place)

    def _focus_main_act(self, screen: Any) -> None:
        """A page without a field to type in: Enter does its main act."""
        focused = self.focusWidget()  # the window's own, also while another window is in front
        if not screen.bare and focused is not screen and (focused is None or not screen.isAncestorOf(focused)):
            self.title_line.main.setFocus(Qt.FocusReason.OtherFocusReason)

    def _follow_heading(self) -> None:
        screen = self.current
        if screen is not None:
            self.title_line.show_heading(screen.title_text, screen.main_action, can_go_back=len(self._trail) > 1)
            self.side_bar.light(screen.area or screen.place)
            if self._dressed:
                self.side_bar.dress()

    def _follow_place(self) -> None:
        if self.current is not None:
            self.status_line.show_place(self.current.record_place)

    def _show_bars(self, shown: bool) -> None:
        for bar in (self.side_bar, self.title_line, self.status_line):
            bar.setVisible(shown)

    def _search(self) -> None:
        if self.current is not None and not self.current.bare and not self.current.start_search():
            self.go("households")
            self.current.start_search()

    def _save(self) -> None:
        focused = QApplication.focusWidget()
        if isinstance(focused, QLineEdit):
            focused.editingFinished.emit()
        if self.current is not None:
            self.current.save_now()

    # --- Qt ----------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc that nobody wanted: close the help, else let the screen cancel, else go back."""
        if event.key() != Qt.Key.Key_Escape or self.current is None:
            super().keyPressEvent(event)
        elif self.help_panel.isVisible():
            self.help_panel.hide()
        elif not self.current.cancel() and not self.current.bare:
            self.back()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < NARROW
        self.side_bar.fold(narrow)
        self.status_line.fold(narrow)
        self.help_panel.hide()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._idle.start()
        handle = self.windowHandle()
        if handle is not None:
            handle.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Any key or mouse movement on the window puts the idle lock off. Watches the window, not every widget."""
        if event.type() in _INPUT:
            self._idle.start()
        return False

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._left():
            event.ignore()
            return
        self._memory.put("window.size", (self.width(), self.height()))
        self.closing.emit()
        super().closeEvent(event)
