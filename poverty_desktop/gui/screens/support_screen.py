"""The list of support batches: Enter opens one, Ctrl+N begins a new one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.components.empty_state import EmptyState
from poverty_desktop.gui.components.line_table import LineTable
from poverty_desktop.gui.models.line_model import LineColumn, LineModel
from poverty_desktop.gui.presenters.record_place import PlaceView
from poverty_desktop.gui.presenters.support_presenter import BatchLine, SupportPresenter, SupportState
from poverty_desktop.gui.screen import Screen

_COLUMNS = (
    ("number", 96, False),
    ("name", 200, False),
    ("decided_on", 152, False),
    ("households", 80, True),
    ("value", 144, True),
    ("receipts", 264, False),
    ("place", 144, False),
)


class SupportScreen(Screen):
    place: ClassVar[str] = "support"

    def __init__(self, presenter: SupportPresenter, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(texts, parent)
        self._presenter = presenter
        self._places: Mapping[str, PlaceView] = {}
        self.set_title(texts("support.title"))
        self.set_main_action(texts("support.new"), presenter.new, name="new_batch", shortcut="Ctrl+N")
        self.model = LineModel([self._column(*one) for one in _COLUMNS], lambda line: str(line.id))
        self.table = LineTable(self.model, name="support.table", title=texts("support.title"), stretch="name")
        words = (texts("support.empty"), texts("support.empty_words"), texts("support.new"))
        self.empty = EmptyState("support", *words, presenter.new)
        self.count = QLabel()
        self.count.setObjectName("support.count")
        self.count.setProperty("role", "soft")
        self.body.addWidget(self.empty)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.count)
        self.rest = QWidget()
        self.body.addWidget(self.rest, 1)
        for widget in (self.empty, self.table, self.rest):
            widget.hide()

    def _column(self, key: str, width: int, right: bool) -> LineColumn:
        def words(line: BatchLine) -> str:
            return self._places.get(line.id, PlaceView()).label if key == "place" else str(getattr(line, key))

        badge = (lambda line: self._places.get(line.id, PlaceView()).name) if key == "place" else None
        return LineColumn(key, self.texts(f"support.column_{key}"), words, width, right, badge)

    def show_places(self, places: Mapping[str, PlaceView]) -> None:
        self._places = places
        self.table.viewport().update()

    def bind(self) -> None:
        self.table.opened.connect(self._open)
        self.table.selectionModel().currentRowChanged.connect(self._chosen)

    def _open(self, row: int) -> None:
        line = self.model.line(row)
        if line is not None:
            self._presenter.open(line.id)

    def _chosen(self, current: QModelIndex) -> None:
        line = self.model.line(current.row())
        if line is not None:
            self._presenter.select(line.id)

    def opened(self, **facts: Any) -> None:
        self._presenter.opened()

    def focus_first(self) -> None:
        if self.empty.isVisible():
            self.empty.setFocus()
        else:
            self.table.setFocus()

    def keys(self) -> list[tuple[str, str]]:
        return [(key, self.texts(f"support.key_{what}")) for key, what in (("Enter", "open"), ("Ctrl+N", "new"))]

    def render(self, state: SupportState) -> None:  # type: ignore[override]
        nothing = state.loaded and not state.lines
        self.empty.setVisible(nothing)
        self.rest.setVisible(nothing)
        self.table.setVisible(bool(state.lines))
        self.count.setText(state.total if state.lines else "")
        selection = self.table.selectionModel()
        selection.blockSignals(True)
        self.model.show_lines(state.lines)
        self.look_at_places([line.id for line in state.lines])
        self.table.stand_on(self.model.row_of(state.selected_id))
        selection.blockSignals(False)
        self.table.viewport().update()
        self._fit()
        if state.lines and self.isVisible():
            self.table.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """A narrow window leaves out what says least."""
        narrow = self.width() < 800
        self.table.hide_columns(*(("decided_on", "households", "value", "place") if narrow else ()))
        self.table.setColumnWidth(self.model.column_of("receipts"), 230 if narrow else 264)
