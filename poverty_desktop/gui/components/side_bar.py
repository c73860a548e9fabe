"""The side bar: where one can go, as icons with words. Folded on a narrow window: short words under the icons."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QSizePolicy, QToolButton, QVBoxLayout

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.theme import ACCENT, GRID, INK_SOFT, ROW, ui_font

AREAS = ("work", "households", "review", "support", "reports", "sync")
WIDE, FOLDED = 25 * GRID, 11 * GRID


class SideBar(QFrame):
    """`place_wanted(place)` when a button or Alt+1..6 is used. Buttons are named `nav.<place>`."""

    place_wanted = Signal(str)

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.setObjectName("sidebar")
        self.setProperty("role", "sidebar")
        self.setAccessibleName(texts("shell.navigation"))
        self._texts = texts
        self._buttons: dict[str, QToolButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GRID, 0, GRID)
        column.setSpacing(2)
        for number, place in enumerate(AREAS, start=1):
            column.addWidget(self._button(place, number))
        column.addStretch(1)
        self.fold(False)

    def _button(self, place: str, number: int) -> QToolButton:
        button = QToolButton()
        button.setObjectName(f"nav.{place}")
        button.setProperty("role", "nav")
        button.setCheckable(True)
        button.setAutoExclusive(True)
        button.setIconSize(QSize(22, 22))
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.setToolTip(f"{self._texts(f'shell.place_{place}')} (Alt+{number})")
        button.setAccessibleName(self._texts(f"shell.place_{place}"))
        button.clicked.connect(lambda: self.place_wanted.emit(place))
        QShortcut(QKeySequence(f"Alt+{number}"), self, lambda: self.place_wanted.emit(place))
        self._buttons[place] = button
        return button

    def dress(self) -> None:
        """Put the icons on, after the first paint."""
        from poverty_desktop.gui.icons import icon

        for place, button in self._buttons.items():
            button.setIcon(icon(place, ACCENT if button.isChecked() else INK_SOFT))

    def light(self, area: str) -> None:
        """Show that one is in `area`; unknown areas light nothing."""
        for place, button in self._buttons.items():
            button.setAutoExclusive(False)
            button.setChecked(place == area)
            button.setAutoExclusive(True)

    def fold(self, narrow: bool) -> None:
        under, beside = Qt.ToolButtonStyle.ToolButtonTextUnderIcon, Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        for place, button in self._buttons.items():
            button.setToolButtonStyle(under if narrow else beside)
            button.setText(self._texts(f"shell.short_{place}" if narrow else f"shell.place_{place}"))
            button.setFont(ui_font(8.5 if narrow else 11))
            button.setMinimumHeight(ROW + 2 * GRID if narrow else ROW + GRID)
        self.setFixedWidth(FOLDED if narrow else WIDE)
