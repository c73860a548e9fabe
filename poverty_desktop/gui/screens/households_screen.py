"""The household list: search at the top, filters beside it, one line a household. Enter opens, Ctrl+N begins a new one."""

from __future__ import annotations

from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.models.household_model import COLUMNS, HouseholdModel
from poverty_desktop.gui.presenters.households_presenter import HouseholdsPresenter, HouseholdsState
from poverty_desktop.gui.screens.household_list_screen import HouseholdListScreen

_WIDTHS = {"code": 112, "village": 168, "people": 96, "class": 148, "survey": 132, "place": 144, "reason": 132}
_NARROW_WIDTHS = {"code": 92, "class": 148, "survey": 124, "place": 144, "reason": 124}
NARROW_PAGE = 760
_SURVEY_STATES = ("draft", "saved", "finished")


class HouseholdsScreen(HouseholdListScreen):
    place: ClassVar[str] = "households"
    model: HouseholdModel

    def __init__(self, presenter: HouseholdsPresenter, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(presenter, HouseholdModel(texts), texts, parent)
        self._presenter = presenter
        self._wants_search = True
        self.set_main_action(texts("households.new"), presenter.new, name="new_household", shortcut="Ctrl+N")
        self._build_bar()
        self._build_table()
        self._build_empty()
        self._build_foot()

    # --- building ----------------------------------------------------------------------------------------------------

    def _build_bar(self) -> None:
        self.survey = self.filter_box("survey", self.texts("households.all_surveys"))
        for state in _SURVEY_STATES:
            self.survey.addItem(self.texts(f"households.survey_{state}"), state)
        self.body.addLayout(self.bar(self.survey))

    def _build_table(self) -> None:
        self.table.horizontalHeader().setSectionResizeMode(COLUMNS.index("head"), QHeaderView.ResizeMode.Stretch)
        for name, width in _WIDTHS.items():
            self.table.setColumnWidth(COLUMNS.index(name), width)
        self.body.addWidget(self.table, 1)

    def _build_empty(self) -> None:
        self.empty = QWidget()
        box = QVBoxLayout(self.empty)
        self.empty_title = QLabel()
        self.empty_title.setProperty("role", "heading")
        self.empty_words = QLabel()
        self.empty_words.setProperty("role", "soft")
        self.empty_words.setWordWrap(True)
        for label in (self.empty_title, self.empty_words):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(1)
        box.addWidget(self.empty_title)
        box.addWidget(self.empty_words)
        box.addStretch(2)
        self.empty.hide()
        self.body.addWidget(self.empty, 1)

    def _build_foot(self) -> None:
        self.count = QLabel()
        self.count.setObjectName("households.count")
        self.count.setProperty("role", "soft")
        self.review = QPushButton(self.texts("households.review"))
        self.review.setObjectName("action.review")
        self.review.setToolTip(self.texts("households.review_tip"))
        foot = QHBoxLayout()
        foot.addWidget(self.count, 1)
        foot.addWidget(self.review)
        self.body.addLayout(foot)

    # --- what the user did -------------------------------------------------------------------------------------------

    def bind(self) -> None:
        self.serve(self._open_chosen)
        self.survey.activated.connect(lambda _: self._presenter.choose_survey_state(self.survey.currentData()))
        self.review.clicked.connect(self._presenter.review)
        shortcut = QShortcut("Ctrl+R", self, self._presenter.review)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _open_chosen(self) -> None:
        chosen = self.line_id()
        if chosen is not None:
            self._presenter.open(chosen)

    # --- what the shell asks -----------------------------------------------------------------------------------------

    def opened(self, search: bool = False, village_id: str | None = None, survey_state: str | None = None, **facts: Any) -> None:
        self._wants_search = search or not self._presenter.state.loaded
        self._presenter.opened(village_id=village_id, survey_state=survey_state)

    def focus_first(self) -> None:
        if self._wants_search:
            self.start_search()
        else:
            self.table.setFocus()

    def cancel(self) -> bool:
        """Esc empties the search first."""
        if not self.search.text():
            return False
        self.search.clear()
        self.search.setFocus()
        return True

    def keys(self) -> list[tuple[str, str]]:
        named = (("Enter", "open"), ("Ctrl+N", "new"), ("Ctrl+R", "review"), ("Ctrl+F", "search"), ("Esc", "clear"))
        return [(key, self.texts(f"households.key_{what}")) for key, what in named]

    # --- showing -----------------------------------------------------------------------------------------------------

    def render(self, state: HouseholdsState) -> None:  # type: ignore[override]
        if not self.search.hasFocus() and self.search.text() != state.text:
            self.search.blockSignals(True)
            self.search.setText(state.text)
            self.search.blockSignals(False)
        self.show_villages(state)
        self.survey.setCurrentIndex(max(0, self.survey.findData(state.survey_state)))
        self.show_lines(state, lambda: self.model.show_lines(state.lines, state.total, state.text))
        self._fit_columns()
        self.review.setEnabled(state.selected_id is not None)
        if not state.counting:  # the number of the search before stands until the new one is known, a few milliseconds
            self.count.setText(self._count_line(state))
        self._render_empty(state)

    def _count_line(self, state: HouseholdsState) -> str:
        households = _grouped(state.total)
        if state.people is None:
            return self.texts("households.count_households", households=households)
        return self.texts("households.count", households=households, people=_grouped(state.people))

    def _render_empty(self, state: HouseholdsState) -> None:
        is_empty = state.loaded and not state.lines
        self.table.setVisible(not is_empty)
        self.empty.setVisible(is_empty)
        kind = "found" if state.is_filtered else "yet"
        self.empty_title.setText(self.texts(f"households.none_{kind}"))
        self.empty_words.setText(self.texts(f"households.none_{kind}_words"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def _fit_columns(self) -> None:
        """On a narrow window the columns that say least give their room to the name."""
        narrow, searched = self.width() < NARROW_PAGE, bool(self._presenter.state.text)
        for name in ("village", "people", "place"):
            self.table.setColumnHidden(COLUMNS.index(name), narrow)
        self.table.setColumnHidden(COLUMNS.index("reason"), not searched)
        self.table.setColumnHidden(COLUMNS.index("survey"), narrow and searched)
        for name, width in (_NARROW_WIDTHS if narrow else _WIDTHS).items():
            self.table.setColumnWidth(COLUMNS.index(name), width)


def _grouped(number: int) -> str:
    """1404 -> "1.404", as numbers are written in Vietnamese."""
    return f"{number:,}".replace(",", ".")
