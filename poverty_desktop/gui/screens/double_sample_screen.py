"""The sample for the second keying: its surveys and how far each is, drawing it anew, and the error rates in words."""

from __future__ import annotations

from typing import Any, ClassVar

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.components.empty_state import EmptyState
from poverty_desktop.gui.components.field import Field
from poverty_desktop.gui.components.line_table import LineTable
from poverty_desktop.gui.components.plain_words import plain_words
from poverty_desktop.gui.models.line_model import LineColumn, LineModel
from poverty_desktop.gui.presenters.double_sample_presenter import PER_CENT, DoubleSamplePresenter, SampleState
from poverty_desktop.gui.questions.one_line import OneLine
from poverty_desktop.gui.screen import Screen
from poverty_desktop.gui.theme import GRID, ROW
from poverty_desktop.services.double_sampling import SampleLine

_BADGES = {"waiting": "pending", "mine": "none", "begun": "draft", "open": "absent", "settled": "finished"}
_ROOM = {"village": 720, "code": 900, "first_by": 1000}
"""A column shows when the screen is at least this wide: the head and the state always do."""


class DoubleSampleScreen(Screen):
    """Object names: `double.table`, `double.percent`, `double.seed`, `double.draw`, `double.rates`."""

    place: ClassVar[str] = "double_entry"
    area: ClassVar[str] = "review"

    def __init__(self, presenter: DoubleSamplePresenter, texts: Texts) -> None:
        super().__init__(texts)
        self._presenter = presenter
        self.set_title(texts("double.title"))
        self.open_action = self.set_main_action(texts("double.open"), self._open_chosen, name="open_double")
        self.model = LineModel(self._columns(), lambda line: str(line.survey_id))
        self.table = LineTable(self.model, name="double.table", title=texts("double.title"), stretch="head")
        self.percent, self.seed, self.draw = OneLine(), OneLine(), QPushButton(texts("double.draw"))
        self.count, self.rates = plain_words(role="soft"), plain_words(role="soft")
        self.rates.setObjectName("double.rates")
        self.empty = EmptyState("review", texts("double.title"), texts("double.empty_sample"))
        self._lay_out()

    def _columns(self) -> list[LineColumn]:
        texts = self.texts

        def state(line: SampleLine) -> str:
            return texts(f"double.state_{line.state}", count=line.to_settle)

        return [
            LineColumn("head", texts("review.column_head"), lambda line: line.head_name or texts("survey.no_name"), 220),
            LineColumn("code", texts("review.column_code"), lambda line: str(line.household_code), 120),
            LineColumn("village", texts("review.column_village"), lambda line: str(line.village_name), 140),
            LineColumn("first_by", texts("double.column_first"), lambda line: line.first_by or texts("double.somebody"), 170),
            LineColumn("state", texts("double.column_state"), state, 260, badge=lambda line: _BADGES[line.state]),
        ]

    def _lay_out(self) -> None:
        self._percent = Field("double.percent", self.texts("double.percent"), self.percent, width=120)
        self._seed = Field("double.seed", self.texts("double.seed"), self.seed, width=160)
        self.draw.setObjectName("double.draw")
        self.draw.setMinimumHeight(ROW)
        for editor in (self.percent, self.seed):
            editor.setMinimumHeight(ROW)
        bar = QHBoxLayout()
        bar.setSpacing(2 * GRID)
        for field in (self._percent, self._seed):
            bar.addWidget(field, 0, Qt.AlignmentFlag.AlignTop)
        bar.addWidget(self.draw, 0, Qt.AlignmentFlag.AlignBottom)
        bar.addStretch(1)
        self.percent.setText(PER_CENT)
        self.body.setSpacing(GRID)
        self.body.addWidget(self.count)
        self.body.addLayout(bar)
        self.body.addWidget(self.empty)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.rates)
        self.empty.hide()

    def bind(self) -> None:
        self._presenter.show = self.render
        self.table.opened.connect(lambda _: self._open_chosen())
        self.table.selectionModel().currentRowChanged.connect(self._chosen)
        self.percent.entered.connect(self.seed.setFocus)
        self.seed.entered.connect(self._draw)
        self.draw.clicked.connect(self._draw)

    def _draw(self) -> None:
        self._presenter.draw(self.percent.text(), self.seed.text())
        self.focus_first()

    def _chosen(self, now: QModelIndex) -> None:
        line = self.model.line(now.row())
        if line is not None:
            self._presenter.select(line.survey_id)

    def _open_chosen(self) -> None:
        line = self.model.line(self.table.row())
        if line is not None:
            self._presenter.open_line(line.survey_id)

    # --- what the shell asks ---------------------------------------------------------------------------------------

    def opened(self, **facts: Any) -> None:
        self._presenter.opened()

    def focus_first(self) -> None:
        (self.table if self._presenter.state.lines else self.percent).setFocus()

    def scanned(self, household_id: str) -> bool:
        return self._presenter.scanned(household_id)

    def keys(self) -> list[tuple[str, str]]:
        return [("Enter", self.texts("double.key_open")), ("Tab", self.texts("double.key_draw"))]

    # --- showing ---------------------------------------------------------------------------------------------------

    def render(self, state: SampleState) -> None:  # type: ignore[override]
        empty = state.loaded and not state.lines
        focused = self.focusWidget()
        if empty and focused is self.table:
            self.percent.setFocus()  # before the table is hidden, lest the focus go to the side bar
        was_empty = self.table.isHidden()
        self.empty.setVisible(empty)
        self.table.setVisible(not empty)
        self.open_action.setVisible(not empty)
        self.count.setText(self.texts("double.count", finished=state.finished, drawn=len(state.lines)))
        for editor, text in ((self.percent, state.percent), (self.seed, state.seed)):
            if editor.text() != text and not editor.hasFocus():
                editor.setText(text)
        self.draw.setEnabled(state.finished > 0)
        self._percent.say("red" if state.percent_problem else None, state.percent_problem)
        selection = self.table.selectionModel()
        selection.blockSignals(True)
        self.model.show_lines(state.lines)
        self.table.stand_on(self.model.row_of(state.selected))
        selection.blockSignals(False)
        self.table.viewport().update()
        self.rates.setText("\n".join(state.rates))
        self.rates.setVisible(bool(state.rates))
        if state.lines and was_empty and self.isVisible():
            self.table.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.table.hide_columns(*(name for name, least in _ROOM.items() if self.width() < least))
