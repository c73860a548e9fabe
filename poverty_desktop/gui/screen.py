"""The base of every screen.

How to write one:

* A presenter (`gui/presenters/<name>_presenter.py`, no Qt) keeps one frozen state and calls `view.render(state)` after
  each change. It asks services through `Tasks` and moves through `Frame` (`gui/presenters/frame.py`).
* The screen (`gui/screens/<name>_screen.py`) subclasses `Screen`: it builds its widgets into `self.body` (a QVBoxLayout
  inside a scroll area: nothing is ever clipped, a grid may stretch), sets object names (`households.search`), has one
  `render(state)`, which emits nothing, and one `bind()` with every `.connect`. The factory in `app` builds presenter and
  screen and calls `bind()`.
* The shell calls `opened(**facts)` each time the place is gone to, `leaving()` before another is, `save_now()` on
  Ctrl+S, `start_search()` on Ctrl+F and Ctrl+K, `cancel()` on Esc, and shows `title_text`, `main_action` and `keys()` (F1).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.components.message_bar import MessageBar, MessageList
from poverty_desktop.gui.presenters.frame import Frame, Navigator, SyncSign, Tone
from poverty_desktop.gui.presenters.list_places import ListPlaces
from poverty_desktop.gui.presenters.record_place import PlaceView, RecordPlace
from poverty_desktop.gui.theme import GRID

__all__ = ["Frame", "Navigator", "Screen", "SyncSign", "Tone"]


class Screen(QWidget):
    """One place of the program. Subclasses set `place`, and `area` when the lit button of the side bar has another name."""

    place: ClassVar[str]
    bare: ClassVar[bool] = False  # without side bar, title and status line: first run, unlock
    area: ClassVar[str] = ""  # "work" | "households" | "review" | "support" | "reports" | "sync"; "" = `place`

    heading_changed = Signal()  # title_text or main_action changed
    place_changed = Signal()  # record_place changed
    forgotten = Signal()  # the window let go of this screen (lock, other language): results that come later find no view

    def __init__(self, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.texts = texts
        self.setObjectName(f"screen.{self.place}")
        self._title = ""
        self._main_action: QAction | None = None
        self._place: RecordPlace | None = None
        self._places_of_lines: ListPlaces | None = None
        self.record_place = PlaceView()  # where the record is that stands here; the status line tells it
        self.messages = MessageList(texts)
        self.page = QWidget()
        self.page.setProperty("role", "page")
        self.body = QVBoxLayout(self.page)
        self.body.setContentsMargins(3 * GRID, 2 * GRID, 3 * GRID, 2 * GRID)
        self.body.setSpacing(2 * GRID)
        self.scroll_area = QScrollArea()
        self.scroll_area.setWidgetResizable(True)
        self.scroll_area.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll_area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroll_area.setWidget(self.page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.messages)
        outer.addWidget(self.scroll_area, 1)

    # --- what the shell reads --------------------------------------------------------------------------------------

    @property
    def title_text(self) -> str:
        return self._title

    def set_title(self, text: str) -> None:
        """Where one is, in words ("Hộ bà Hồ Thị Mơ, thôn Gò Ren"). From `render`."""
        if text != self._title:
            self._title = text
            self.setAccessibleName(text)
            self.heading_changed.emit()

    @property
    def main_action(self) -> QAction | None:
        return self._main_action

    def offer_place(self, place: RecordPlace) -> None:
        """Tell where what was saved of the record in sight is."""
        self._place, place.view = place, self
        self.forgotten.connect(lambda: setattr(place, "view", None))

    def look_at_place(self, record_id: str, *, unsaved: bool) -> None:
        """From `render`: the record in sight; `unsaved` while something of it is only in its draft."""
        if self._place is not None:
            self._place.look(record_id, unsaved=unsaved)

    def offer_places(self, places: ListPlaces) -> None:
        """Tell of each record of the list where what was saved of it is; the screen has `show_places`."""
        self._places_of_lines, places.view = places, self  # type: ignore[assignment]
        self.forgotten.connect(lambda: setattr(places, "view", None))

    def look_at_places(self, ids: Sequence[str]) -> None:
        """From `render`: the records in the list."""
        if self._places_of_lines is not None:
            self._places_of_lines.look(ids)

    def place_may_have_changed(self) -> None:
        """Something was saved."""
        if self._place is not None:
            self._place.refresh()

    def show_place(self, place: PlaceView) -> None:
        self.record_place = place
        self.place_changed.emit()

    def set_main_action(self, text: str, do: Callable[[], object], *, name: str, shortcut: str = "") -> QAction:
        """The one main act of the screen, at the right of the title line. `name` becomes the button's object name
        (`action.<name>`). Change text and `setEnabled` on the action returned."""
        action = QAction(text, self)
        action.setObjectName(f"action.{name}")
        action.triggered.connect(lambda: do())
        if shortcut:
            action.setShortcut(shortcut)
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)  # answers from the side bar too; never while hidden
            self.addAction(action)
        self._main_action = action
        self.heading_changed.emit()
        return action

    def add_centred(self, card: QWidget) -> None:
        """Put a card in the middle of the page. (An aligned widget would not be asked for the height of its wrapped words.)"""
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(card)
        line.addStretch(1)
        self.body.addStretch(1)
        self.body.addLayout(line)
        self.body.addStretch(2)

    def keys(self) -> list[tuple[str, str]]:
        """(key, what it does) of this screen, for the F1 panel: [("F6", texts("survey.key_go_to")) …]."""
        return []

    # --- what the shell calls --------------------------------------------------------------------------------------

    def opened(self, **facts: Any) -> None:
        """The place was gone to; ask the presenter to load. Called each time, also when it is already open."""

    def leaving(self) -> str | None:
        """Commit what is typed (start its save; the storage lane keeps the order). A sentence keeps the person here."""
        return None

    def save_now(self) -> bool:
        """Ctrl+S. False: this screen has nothing of the kind."""
        return False

    def start_search(self) -> bool:
        """Ctrl+F, Ctrl+K: put the cursor into this screen's search. False: the shell opens the household list instead."""
        return False

    def cancel(self) -> bool:
        """Esc. False: the shell goes back."""
        return False

    def scanned(self, household_id: str) -> bool:
        """The code of this household's paper was scanned. False: its survey is opened, as from everywhere."""
        return False

    def entered_last(self) -> None:
        """Enter in the last field of the page; by default the main act gets the focus by Tab order as ever."""
        self.focusNextPrevChild(True)

    def focus_first(self) -> None:
        """Put the cursor where work begins. Called after `opened`."""
        self.page.focusNextChild()

    # --- what the subclass fills -------------------------------------------------------------------------------------

    def bind(self) -> None:
        """Every `.connect` of the screen."""

    def render(self, state: Any) -> None:  # type: ignore[override]  # QWidget.render draws; ours shows, as design.md names it
        """Show `state`. Emits nothing and asks nothing. (A subclass repeats the `type: ignore[override]`.)"""

    # --- keys --------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on to the next field and Shift+Enter back, where the widget with the focus did not want it; on a
        button or a choice Enter is a click."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
            return
        focused = self.focusWidget()
        if isinstance(focused, QPushButton):
            focused.click()
        elif isinstance(focused, QAbstractItemView):
            event.accept()  # lists have an Enter of their own, and a search box that handed over to its list is done
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.focusNextPrevChild(False)
        elif focused is not None and is_last_field(focused):
            self.entered_last()
        else:
            self.focusNextPrevChild(True)

    # --- messages in the page ----------------------------------------------------------------------------------------

    def tell(self, tone: Tone, sentence: str, action: str = "", do: Callable[[], None] | None = None) -> MessageBar:
        return self.messages.tell(tone, sentence, action, do)

    def quiet(self) -> None:
        """Take all messages away."""
        self.messages.clear()


def is_last_field(widget: QWidget) -> bool:
    """Whether the next stop of Tab is no field: a button, or something outside the page."""
    beside = widget.nextInFocusChain()
    while beside is not None and beside is not widget:
        if beside.focusPolicy() & Qt.FocusPolicy.TabFocus and beside.isVisible() and beside.isEnabled():
            return isinstance(beside, QAbstractButton) and not _same_group(widget, beside)
        beside = beside.nextInFocusChain()
    return True


def _same_group(widget: QWidget, beside: QWidget) -> bool:
    """Radio buttons of one question are one field."""
    return isinstance(beside, (QRadioButton, QCheckBox)) and not isinstance(widget, QRadioButton)
