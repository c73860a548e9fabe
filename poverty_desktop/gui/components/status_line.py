"""The status line: the quiet sign that typing is kept, the state of the exchange, who is at work, and the lock."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.components.place_sign import PlaceSign
from poverty_desktop.gui.presenters.frame import SyncSign
from poverty_desktop.gui.presenters.record_place import PlaceView
from poverty_desktop.gui.theme import AMBER, GRID, INK_SOFT, ROW


class StatusLine(QFrame):
    """Object names: `status.saved`, `status.place`, `status.sync`, `status.officer`, `status.lock`, `status.help`."""

    sync_wanted = Signal()
    lock_wanted = Signal()
    help_wanted = Signal()

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.setProperty("role", "statusline")
        self._texts = texts
        self._dressed = False
        self.sign = SyncSign()
        self.saved = QLabel()
        self.saved.setObjectName("status.saved")
        self.saved.setAccessibleName(texts("shell.saved_name"))
        self.officer = QLabel()
        self.officer.setTextFormat(Qt.TextFormat.PlainText)
        self.officer.setObjectName("status.officer")
        self.officer.setProperty("role", "soft")
        self.sync = self._button("status.sync", texts("shell.sync_name"))
        self.lock = self._button("status.lock", texts("shell.lock"))
        self.help = self._button("status.help", texts("shell.help"))
        self.lock.setToolTip(f"{texts('shell.lock')} (Ctrl+L)")
        self.help.setToolTip(f"{texts('shell.help')} (F1)")
        self.lock.setText(texts("shell.lock"))
        self.help.setText(texts("shell.help"))
        line = QHBoxLayout(self)
        line.setContentsMargins(2 * GRID, 2, 2 * GRID, 2)
        line.setSpacing(GRID)
        self.place = PlaceSign("status.place")
        line.addWidget(self.saved)
        line.addWidget(self.place)
        line.addStretch(1)
        for widget in (self.sync, self.officer, self.help, self.lock):
            line.addWidget(widget)
        self.sync.clicked.connect(self.sync_wanted)
        self.lock.clicked.connect(self.lock_wanted)
        self.help.clicked.connect(self.help_wanted)
        self.show_sync(self.sign)

    def _button(self, name: str, said: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        button.setProperty("role", "quiet")
        button.setAccessibleName(said)
        button.setMinimumHeight(ROW)
        button.setIconSize(QSize(18, 18))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        return button

    def dress(self) -> None:
        from poverty_desktop.gui.icons import icon

        self._dressed = True
        self.lock.setIcon(icon("lock"))
        self.help.setIcon(icon("help"))
        self.show_sync(self.sign)

    def show_saved(self, at: datetime) -> None:
        self.saved.setText("✓ " + self._texts("shell.saved", time=at.astimezone().strftime("%H:%M")))

    def show_place(self, place: PlaceView) -> None:
        """Where the record is that stands on the screen."""
        self.place.show_place(place)

    def show_officer(self, name: str) -> None:
        self.officer.setText(name)
        self.officer.setAccessibleName(self._texts("shell.officer", name=name))

    def show_sync(self, sign: SyncSign) -> None:
        """Counts in words; amber only when a person has to settle something."""
        self.sign = sign
        self.sync.setText(self._sync_words(sign))
        self.sync.setAccessibleName(f"{self._texts('shell.sync_name')}: {self.sync.text()}")
        last = sign.last_success
        when = last.astimezone().strftime("%H:%M %d/%m/%Y") if last else ""
        self.sync.setToolTip(self._texts("shell.sync_last", when=when) if last else self._texts("shell.sync_never"))
        if self._dressed:
            from poverty_desktop.gui.icons import icon

            name = "conflict" if sign.needs_you else "sync"
            self.sync.setIcon(icon(name, AMBER if sign.needs_you else INK_SOFT))

    def _sync_words(self, sign: SyncSign) -> str:
        if sign.running:
            return self._texts("shell.sync_running")
        if sign.needs_you:
            return self._texts("shell.sync_needs_you", count=_count(sign.needs_you))
        if sign.waiting:
            return self._texts("shell.sync_waiting", count=_count(sign.waiting))
        return self._texts("shell.sync_quiet") if sign.last_success else self._texts("shell.sync_not_yet")

    def fold(self, narrow: bool) -> None:
        """On a narrow window the lock and help are icons only, and the officer's name is left to the tooltip."""
        style = Qt.ToolButtonStyle.ToolButtonIconOnly if narrow else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        for button in (self.lock, self.help):
            button.setToolButtonStyle(style)
        self.officer.setVisible(not narrow)


def _count(number: int) -> str:
    """With the Vietnamese separator of thousands."""
    return f"{number:,}".replace(",", ".")
