"""Finished surveys under another standard: what was stored beside what it would be, line by line or for a whole round."""

from __future__ import annotations

from typing import Any, ClassVar

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QHeaderView, QPushButton

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.components.line_table import ListTable
from poverty_desktop.gui.components.plain_words import plain_words
from poverty_desktop.gui.models.compared_model import ComparedModel
from poverty_desktop.gui.presenters.rescoring_presenter import RescoringPresenter, RescoringState
from poverty_desktop.gui.screen import Screen
from poverty_desktop.gui.theme import GRID, NARROW, ROW

_LEFT_OUT = -1
_WIDTHS = {  # of the columns by (one survey or a round, narrow); 0 takes the rest
    (True, False): (0, 190, 190, 150, 0),
    (True, True): (0, 168, 168, _LEFT_OUT, _LEFT_OUT),
    (False, False): (0, 130, 172, 172, 144, 104, 92),
    (False, True): (0, _LEFT_OUT, 172, 172, _LEFT_OUT, _LEFT_OUT, _LEFT_OUT),
}
_TWO_LINES = 52


class RescoringScreen(Screen):
    place: ClassVar[str] = "rescoring"
    area: ClassVar[str] = "review"

    def __init__(self, presenter: RescoringPresenter, texts: Texts) -> None:
        super().__init__(texts)
        self._presenter = presenter
        self._state = RescoringState()
        self.set_title(texts("explain.compare"))
        self.write = self.set_main_action(texts("explain.write"), presenter.export, name="write", shortcut="Ctrl+E")
        self.target, self.stop = QComboBox(), QPushButton(texts("explain.stop"))
        self.notes, self.progress = plain_words("rescoring.notes", "soft"), plain_words("rescoring.progress", "soft")
        self.detail = plain_words("rescoring.detail", "soft")
        self.summary = plain_words("rescoring.summary", "label")
        self.empty = plain_words("rescoring.empty", "soft", texts("explain.nothing"))
        self.model = ComparedModel()
        self.table = ListTable(self.model, name="rescoring.table", title=texts("explain.compare"))
        self._heights = QTimer(self)
        self._heights.setSingleShot(True)
        self._dress()
        self._lay_out()

    def _dress(self) -> None:
        self.target.setObjectName("rescoring.target")
        self.target.setAccessibleName(self.texts("explain.choose_target"))
        self.target.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.stop.setObjectName("rescoring.stop")
        self.table.setWordWrap(True)
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)  # rows fit their words
        self.table.horizontalHeader().setMinimumSectionSize(60)

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setSpacing(GRID)
        bar.addWidget(self.target)
        bar.addWidget(self.progress, 1)
        bar.addWidget(self.stop)
        self.body.setSpacing(GRID)
        self.body.addLayout(bar)
        for part in (self.notes, self.summary, self.empty):
            self.body.addWidget(part)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.detail)
        for waiting in (self.notes, self.summary, self.table, self.detail, self.empty, self.stop):
            waiting.hide()  # until it is known what there is

    def bind(self) -> None:
        self.target.activated.connect(self._presenter.choose)
        self.stop.clicked.connect(self._presenter.stop)
        self._heights.timeout.connect(self._fit_heights)
        self.table.horizontalHeader().sectionResized.connect(lambda *_: self._heights.start())
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._say_detail())
        self.table.opened.connect(self._open)

    def _open(self, row: int) -> None:
        line = self.model.line(row)
        if line is not None:
            self._presenter.open(line.id)

    # --- what the shell asks ---------------------------------------------------------------------------------------

    def opened(self, household_id: str = "", **facts: Any) -> None:
        self._presenter.opened(household_id)

    def focus_first(self) -> None:
        """The table when there is one; it is on its way when the place was just gone to."""
        (self.table if self.table.isVisible() else self.target).setFocus()

    def keys(self) -> list[tuple[str, str]]:
        named = (("Tab ↑ ↓", "choose"), ("Enter", "open"), ("Ctrl+E", "write"))
        return [(key, self.texts(f"explain.key_{what}")) for key, what in named]

    # --- showing ---------------------------------------------------------------------------------------------------

    def render(self, state: RescoringState) -> None:  # type: ignore[override]
        appears = state.table is not None and self._state.table is None
        self._state = state
        table = state.table
        self.set_title(table.title if table else self.texts("explain.compare"))
        self._show_targets(state)
        self.notes.setVisible(table is not None)
        self.summary.setText("\n".join(state.summary))
        self.summary.setVisible(bool(state.summary))
        self.progress.setText(self.texts("explain.progress", done=state.done, count=state.count) if state.working else "")
        if not state.working and self.stop.hasFocus():
            self.focus_first()
        self.stop.setVisible(state.working)
        self.empty.setVisible(state.loaded and table is None)
        if table is None and self.table.hasFocus():
            self.target.setFocus()  # before the table goes: else the focus would leave the page
        self.table.setVisible(table is not None)
        self.write.setEnabled(table is not None and not state.working)
        row = max(0, self.table.currentIndex().row())
        self.model.show_table(table)
        self._fit()
        if table:
            self.table.setCurrentIndex(self.model.index(min(row, len(table.lines) - 1), 0))
        if appears and self.isVisible():
            self.table.setFocus()

    def _show_targets(self, state: RescoringState) -> None:
        words = [words for _, words in state.targets]
        if words != [self.target.itemText(place) for place in range(self.target.count())]:
            self.target.clear()
            self.target.addItems(words)
        self.target.setCurrentIndex(state.chosen)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _say_detail(self) -> None:
        """Where the columns of difference and reason have no room, those of the present line stand below."""
        line = self.model.line(self.table.currentIndex().row())
        narrow = self.width() < NARROW and bool(self._state.household_id)
        self.detail.setVisible(narrow and line is not None)
        if line is not None:
            self.detail.setText(": ".join(words for words in line.cells[3:5] if words))

    def _fit_heights(self) -> None:
        """Once the columns have their widths: as high as the words; where it is narrow every row has room for two lines."""
        narrow = self.width() < NARROW
        self.table.verticalHeader().setDefaultSectionSize(_TWO_LINES if narrow else ROW)
        if self._state.household_id and narrow:
            for row in range(self.model.rowCount()):
                self.table.setRowHeight(row, _TWO_LINES)
        elif self._state.household_id:
            self.table.resizeRowsToContents()

    def _fit(self) -> None:
        """On a narrow window what says least is left out. Rows become as high as their words once that is laid out."""
        narrow = self.width() < NARROW
        notes = self._state.table.notes if self._state.table else ()
        self.notes.setText("\n".join(notes[:1] if narrow else notes))  # what the standard lacks, the lines below say too
        widths = _WIDTHS[bool(self._state.household_id), narrow]
        head = self.table.horizontalHeader()
        for column in range(self.model.columnCount()):
            width = widths[column]
            mode = QHeaderView.ResizeMode.Interactive if width else QHeaderView.ResizeMode.Stretch
            head.setSectionResizeMode(column, mode)
            self.table.setColumnHidden(column, width == _LEFT_OUT)
            if width > 0:
                self.table.setColumnWidth(column, width)
        self._heights.start()
        self._say_detail()
