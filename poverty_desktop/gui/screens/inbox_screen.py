"""What the screens have in common where a person works off a list: what was done last, the list with its detail, nothing left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtWidgets import QWidget

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.components.empty_state import EmptyState
from poverty_desktop.gui.components.list_beside import ListBeside
from poverty_desktop.gui.components.plain_words import plain_words
from poverty_desktop.gui.screen import Screen


class InboxPresenter(Protocol):
    def load(self) -> None: ...

    def select(self, place: int) -> None: ...


class InboxScreen(Screen):
    """Object names: `<name>.list`, `<name>.told`."""

    def __init__(self, presenter: InboxPresenter, texts: Texts, name: str, title: str) -> None:
        super().__init__(texts)
        self._inbox, self._name = presenter, name
        self.set_title(title)

    def lay_out(self, empty: EmptyState, detail: QWidget, after: Sequence[QWidget] = ()) -> None:
        """`detail` shows the line one stands on; `after` stands below all."""
        self.empty, self.told = empty, plain_words(f"{self._name}.told", "soft")
        self.work = ListBeside(f"{self._name}.list", self.title_text, detail)
        self.list = self.work.list
        for widget in (self.told, empty, self.work, *after):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        empty.hide()
        self.work.hide()

    def bind(self) -> None:
        self.work.picked.connect(self._inbox.select)

    def opened(self, **facts: object) -> None:
        self._inbox.load()

    def focus_first(self) -> None:
        self.list.setFocus()

    def show_inbox(self, lines: Sequence[str], selected: int, told: str, *, loaded: bool) -> None:
        self.empty.setVisible(loaded and not lines)
        focused = self.focusWidget()
        if not lines and focused is not None and self.work.isAncestorOf(focused):
            self.setFocus()  # before the list is hidden, lest the focus go to the side bar
        self.work.setVisible(bool(lines))
        self.work.show_lines(lines, selected)
        self.told.setText(told)
        self.told.setVisible(bool(told))
