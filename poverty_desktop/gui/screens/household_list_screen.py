"""What the lists of households have in common, of the register and of a review: a search that waits a moment, a village, lines
that open, and the way between them by keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.components.line_table import ListTable
from poverty_desktop.gui.models.paged_lines import PagedLines
from poverty_desktop.gui.presenters.record_place import PlaceView
from poverty_desktop.gui.screen import Screen
from poverty_desktop.gui.theme import GRID, ROW

DEBOUNCE_MS = 150
_LEAVING_SEARCH = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down)
_OPENING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2)


class ListPresenter(Protocol):
    def search(self, text: str) -> None: ...

    def choose_village(self, village_id: str | None) -> None: ...

    def select(self, household_id: str) -> None: ...

    def more(self) -> None: ...


class ListState(Protocol):
    """What both lists show."""

    @property
    def villages(self) -> tuple[tuple[str, str], ...]: ...

    @property
    def village_id(self) -> str | None: ...

    @property
    def lines(self) -> tuple[Any, ...]: ...

    @property
    def selected_id(self) -> str | None: ...


class HouseholdListScreen(Screen):
    """Object names: `<place>.search`, `<place>.village`, `<place>.table`. Words: keys of the same beginning."""

    def __init__(self, presenter: ListPresenter, model: PagedLines, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(texts, parent)
        self._list, self.model = presenter, model
        self._opens: Callable[[], object] = lambda: None
        self._waiting = QTimer(self)
        self._waiting.setSingleShot(True)
        self._waiting.setInterval(DEBOUNCE_MS)
        model.more = presenter.more
        self.set_title(texts(f"{self.place}.title"))
        self.search = QLineEdit()
        self.search.setObjectName(f"{self.place}.search")
        self.search.setPlaceholderText(texts(f"{self.place}.search_hint"))
        self.search.setToolTip(texts("households.search_tip"))
        self.search.setAccessibleName(texts(f"{self.place}.search"))
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(160)
        self.village = self.filter_box("village", texts(f"{self.place}.all_villages"))
        self.table = ListTable(model, name=f"{self.place}.table", title=self.title_text)

    def filter_box(self, name: str, everything: str) -> QComboBox:
        box = QComboBox()
        box.setObjectName(f"{self.place}.{name}")
        box.setAccessibleName(self.texts(f"{self.place}.filter_{name}"))
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(11)
        box.setMinimumHeight(ROW)
        box.addItem(everything, None)
        return box

    def bar(self, *filters: QComboBox) -> QHBoxLayout:
        """The search with the filters at its right."""
        bar = QHBoxLayout()
        bar.setSpacing(GRID)
        bar.addWidget(self.search, 1)
        for box in (self.village, *filters):
            bar.addWidget(box)
        return bar

    # --- what the officer did ----------------------------------------------------------------------------------------

    def serve(self, opens: Callable[[], object]) -> None:
        """From `bind`. `opens` is what Enter or a double click on a line does."""
        self._opens = opens
        self._waiting.timeout.connect(lambda: self._list.search(self.search.text()))
        self.search.textChanged.connect(lambda _: self._waiting.start())
        self.search.installEventFilter(self)
        self.table.installEventFilter(self)
        self.table.doubleClicked.connect(lambda _: opens())
        self.table.selectionModel().currentRowChanged.connect(self._row_chosen)
        self.village.activated.connect(lambda _: self._list.choose_village(self.village.currentData()))

    def line_id(self) -> str | None:
        """The household one stands on."""
        line = self.model.line(self.table.currentIndex().row())
        return line.id if line else None

    def look_now(self) -> None:
        """What was typed a moment ago is searched without waiting longer."""
        if self._waiting.isActive():
            self._waiting.stop()
            self._list.search(self.search.text())

    def _row_chosen(self, current: QModelIndex) -> None:
        line = self.model.line(current.row())
        if line is not None:
            self._list.select(line.id)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if watched is self.search and event.key() in _LEAVING_SEARCH:
                self.look_now()
                self.table.setFocus()
                return True
            if watched is self.table:
                return self._table_key(event)
        return super().eventFilter(watched, event)

    def _table_key(self, event: QKeyEvent) -> bool:
        if event.key() in _OPENING:
            self._opens()
            return True
        if event.key() == Qt.Key.Key_Up and self.table.currentIndex().row() <= 0:
            self.search.setFocus()
            return True
        return False

    def start_search(self) -> bool:
        self.search.setFocus()
        self.search.selectAll()
        return True

    # --- showing -----------------------------------------------------------------------------------------------------

    def show_places(self, places: Mapping[str, PlaceView]) -> None:
        self.model.show_places(places)

    def show_villages(self, state: ListState) -> None:
        if self.village.count() != len(state.villages) + 1:
            while self.village.count() > 1:
                self.village.removeItem(1)
            for village_id, name in state.villages:
                self.village.addItem(name, village_id)
        self.village.setCurrentIndex(max(0, self.village.findData(state.village_id)))

    def show_lines(self, state: ListState, show: Callable[[], None]) -> None:
        """Show the lines by `show`, and stand on the chosen one; tells nobody."""
        selection = self.table.selectionModel()
        selection.blockSignals(True)
        show()
        row = self.model.row_of(state.selected_id)
        if row >= 0 and row != self.table.currentIndex().row():
            self.table.setCurrentIndex(self.model.index(row, 0))
        selection.blockSignals(False)
        self.table.viewport().update()
        self.look_at_places([line.id for line in state.lines])
