"""The title line: where one is, and the one main act of the screen at its right."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.theme import GRID, ROW, SMALL_TITLE, TITLE, restyle, ui_font

_WRAP = int(Qt.TextFlag.TextWordWrap)


class ElidedLabel(QLabel):
    """One line of text that ends in "…" where there is no room; the whole text stands in the tooltip."""

    def __init__(self) -> None:
        super().__init__()
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)  # names are shown as they are spelled
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_whole(self, text: str) -> None:
        self._whole = text
        self.setAccessibleName(text)
        self._fit()

    def whole(self) -> str:
        return self._whole

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        shown = QFontMetrics(self.font()).elidedText(self._whole, Qt.TextElideMode.ElideRight, max(self.width(), 1))
        self.setText(shown)
        self.setToolTip(self._whole if shown != self._whole else "")


class TitleLabel(ElidedLabel):
    """A title that is too long for its line takes two of smaller letters before it ends in "…"."""

    def _fit(self) -> None:
        if not self.whole():  # before the first frame: to measure nothing would load the fonts
            self.setText("")
            return
        font, large = ui_font(SMALL_TITLE, bold=True), QFontMetrics(ui_font(TITLE, bold=True))
        whole, room = self.whole(), max(self.width(), 1)
        small = large.horizontalAdvance(whole) > room
        if small != self.wordWrap():
            self.setWordWrap(small)
            self.setProperty("role", "title-small" if small else "title")
            restyle(self)
        shown = whole
        while small and QFontMetrics(font).boundingRect(0, 0, room, 999, _WRAP, shown).height() > _two_lines(font) and shown:
            shown = f"{shown.rstrip('…')[:-1]}…"
        self.setFixedHeight(_two_lines(font) if small else large.height())
        self.setText(shown)
        self.setToolTip(whole if shown != whole else "")


def _two_lines(font: QFont) -> int:
    return 2 * QFontMetrics(font).lineSpacing() + 2


class TitleLine(QFrame):
    """Object names: `title.text`, `title.back`, and the name of the screen's main action for its button."""

    back_wanted = Signal()

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.setProperty("role", "titleline")
        self._action: QAction | None = None
        self.title = TitleLabel()
        self.title.setObjectName("title.text")
        self.title.setProperty("role", "title")
        self.back = QToolButton()
        self.back.setObjectName("title.back")
        self.back.setProperty("role", "quiet")
        self.back.setText("←")
        self.back.setToolTip(texts("shell.back"))
        self.back.setAccessibleName(texts("shell.back"))
        self.back.setMinimumSize(ROW, ROW)
        self.back.setIconSize(QSize(20, 20))
        self.back.clicked.connect(self.back_wanted)
        self.main = QPushButton()
        self.main.setProperty("role", "main")
        self.main.clicked.connect(self._act)
        line = QHBoxLayout(self)
        line.setContentsMargins(2 * GRID, GRID, 3 * GRID, GRID)
        line.setSpacing(GRID)
        line.addWidget(self.back)
        line.addWidget(self.title, 1)
        line.addWidget(self.main)
        self.show_heading("", None, can_go_back=False)

    def show_heading(self, title: str, action: QAction | None, *, can_go_back: bool) -> None:
        if self._action is not None:
            self._action.changed.disconnect(self._follow)
        self._action = action
        if action is not None:
            action.changed.connect(self._follow)
        self.title.set_whole(title)
        self.back.setVisible(can_go_back)
        self._follow()

    def _follow(self) -> None:
        action = self._action
        self.main.setVisible(action is not None and action.isVisible())
        if action is not None:
            self.main.setObjectName(action.objectName())
            self.main.setText(action.text())
            self.main.setIcon(action.icon())
            self.main.setEnabled(action.isEnabled())
            keys = action.shortcut().toString()
            self.main.setToolTip(f"{action.text()} ({keys})" if keys else "")

    def _act(self) -> None:
        if self._action is not None:
            self._action.trigger()
