"""F1: the keys of the screen one is in, beside it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.theme import GRID


class HelpPanel(QScrollArea):
    """Object name `help`. Filled each time it is opened."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.setObjectName("help")
        self.setAccessibleName(texts("shell.help"))
        self.setWidgetResizable(True)
        self.setFixedWidth(36 * GRID)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._texts = texts
        self.hide()

    def toggle(self, line: QHBoxLayout, page: QWidget, own: Sequence[tuple[str, str]], *, beside: bool) -> None:
        """Show the keys `own` of the screen, or hide what is shown."""
        if self.isVisible():
            self.hide()
            return
        self._stand(line, page, beside)
        self._show_keys(own)

    def _stand(self, line: QHBoxLayout, page: QWidget, beside: bool) -> None:
        """Beside `page` in its `line`; on a narrow window over its right side, so that the page keeps its width."""
        if beside and line.indexOf(self) < 0:
            line.addWidget(self)
        elif not beside:
            line.removeWidget(self)
            room = page.geometry()
            room.setLeft(room.right() - self.width() + 1)
            self.setGeometry(room)
            self.raise_()

    def _show_keys(self, own: Sequence[tuple[str, str]]) -> None:
        card = QFrame()
        card.setProperty("role", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID)
        if own:
            self._section(column, self._texts("shell.help_here"), own)
        self._section(column, self._texts("shell.help_everywhere"), self._everywhere())
        column.addStretch(1)
        self.setWidget(card)
        self.show()

    def _everywhere(self) -> list[tuple[str, str]]:
        keys = ("Alt+1 … 6", "Ctrl+F", "Ctrl+S", "Ctrl+L", "F1", "Esc")
        names = ("places", "search", "save", "lock", "help", "escape")
        return [(key, self._texts(f"shell.key_{name}")) for key, name in zip(keys, names, strict=True)]

    def _section(self, column: QVBoxLayout, heading: str, keys: Sequence[tuple[str, str]]) -> None:
        title = QLabel(heading)
        title.setProperty("role", "heading")
        column.addWidget(title)
        table = QWidget()
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 0, 0, GRID)
        grid.setHorizontalSpacing(2 * GRID)
        grid.setColumnStretch(1, 1)
        for row, (key, does) in enumerate(keys):
            name, words = QLabel(key), QLabel(does)
            name.setProperty("role", "label")
            words.setWordWrap(True)
            grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(words, row, 1)
        column.addWidget(table)
