"""The household list: search at the top, filters beside it, one line a household. Enter opens, Ctrl+N begins a new one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.components.line_table import ListTable
from poverty_desktop.gui.models.household_model import COLUMNS, HouseholdModel
from poverty_desktop.gui.presenters.households_presenter import HouseholdsPresenter, HouseholdsState
from poverty_desktop.gui.presenters.record_place import PlaceView
from poverty_desktop.gui.screen import Screen
from poverty_desktop.gui.theme import GRID, ROW

DEBOUNCE_MS = 150
_WIDTHS = {"code": 112, "village": 168, "people": 96, "class": 148, "survey": 132, "place": 144, "reason": 132}
_NARROW_WIDTHS = {"code": 92, "class": 148, "survey": 124, "place": 144, "reason": 124}
NARROW_PAGE = 760
_SURVEY_STATES = ("draft", "saved", "finished")
_LEAVING_SEARCH = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down)
_OPENING_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2)


class HouseholdsScreen(Screen):
    place: ClassVar[str] = "households"

    def __init__(self, presenter: HouseholdsPresenter, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(texts, parent)
        self._presenter = presenter
        self._waiting = QTimer(self)
        self._waiting.setSingleShot(True)
        self._waiting.setInterval(DEBOUNCE_MS)
        self._wants_search = True
        self.set_title(texts("households.title"))
        self.set_main_action(texts("households.new"), presenter.new, name="new_household", shortcut="Ctrl+N")
        self._build_bar()
        self._build_table()
        self._build_empty()
        self._build_foot()

    # --- building ----------------------------------------------------------------------------------------------------

    def _build_bar(self) -> None:
        self.search = QLineEdit()
        self.search.setObjectName("households.search")
        self.search.setPlaceholderText(self.texts("households.search_hint"))
        self.search.setToolTip(self.texts("households.search_tip"))
        self.search.setAccessibleName(self.texts("households.search"))
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(160)
        self.village = self._filter("village", self.texts("households.all_villages"))
        self.survey = self._filter("survey", self.texts("households.all_surveys"))
        for state in _SURVEY_STATES:
            self.survey.addItem(self.texts(f"households.survey_{state}"), state)
        bar = QHBoxLayout()
        bar.setSpacing(GRID)
        bar.addWidget(self.search, 1)
        bar.addWidget(self.village)
        bar.addWidget(self.survey)
        self.body.addLayout(bar)

    def _filter(self, name: str, everything: str) -> QComboBox:
        combo = QComboBox()
        combo.setObjectName(f"households.{name}")
        combo.setAccessibleName(self.texts(f"households.filter_{name}"))
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(11)
        combo.setMinimumHeight(ROW)
        combo.addItem(everything, None)
        return combo

    def _build_table(self) -> None:
        self.model = HouseholdModel(self.texts)
        self.model.more = self._presenter.more
        self.table = ListTable(self.model, name="households.table", title=self.texts("households.title"))
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
        self._waiting.timeout.connect(lambda: self._presenter.search(self.search.text()))
        self.search.textEdited.connect(lambda _: self._waiting.start())
        self.search.textChanged.connect(lambda text: None if text else self._waiting.start())  # the clear button edits silently
        self.search.installEventFilter(self)
        self.table.installEventFilter(self)
        self.village.activated.connect(lambda _: self._presenter.choose_village(self.village.currentData()))
        self.survey.activated.connect(lambda _: self._presenter.choose_survey_state(self.survey.currentData()))
        self.table.doubleClicked.connect(self._open_row)
        self.table.selectionModel().currentRowChanged.connect(self._row_chosen)
        self.review.clicked.connect(self._presenter.review)
        shortcut = QShortcut("Ctrl+R", self, self._presenter.review)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def show_places(self, places: Mapping[str, PlaceView]) -> None:
        self.model.show_places(places)

    def _row_chosen(self, current: QModelIndex) -> None:
        line = self.model.line(current.row())
        if line is not None:
            self._presenter.select(line.id)

    def _open_row(self, index: QModelIndex) -> None:
        line = self.model.line(index.row())
        if line is not None:
            self._presenter.open(line.id)

    def _go_to_lines(self) -> None:
        """Enter or Down in the search box: look at once, go to the lines; Enter again opens the chosen one."""
        if self._waiting.isActive():
            self._waiting.stop()
            self._presenter.search(self.search.text())
        self.table.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if watched is self.search and event.key() in _LEAVING_SEARCH:
                self._go_to_lines()
                return True
            if watched is self.table:
                return self._table_key(event)
        return super().eventFilter(watched, event)

    def _table_key(self, event: QKeyEvent) -> bool:
        if event.key() in _OPENING_KEYS:
            self._open_row(self.table.currentIndex())
            return True
        if event.key() == Qt.Key.Key_Up and self.table.currentIndex().row() <= 0:
            self.search.setFocus()
            return True
        return False

    # --- what the shell asks -----------------------------------------------------------------------------------------

    def opened(self, search: bool = False, village_id: str | None = None, survey_state: str | None = None, **facts: Any) -> None:
        self._wants_search = search or not self._presenter.state.loaded
        self._presenter.opened(village_id=village_id, survey_state=survey_state)

    def focus_first(self) -> None:
        if self._wants_search:
            self.start_search()
        else:
            self.table.setFocus()

    def start_search(self) -> bool:
        self.search.setFocus()
        self.search.selectAll()
        return True

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
        self._render_villages(state)
        self.survey.setCurrentIndex(max(0, self.survey.findData(state.survey_state)))
        selection = self.table.selectionModel()
        selection.blockSignals(True)
        self.look_at_places([line.id for line in state.lines])
        self.model.show_lines(state.lines, state.total, state.text)
        row = self.model.row_of(state.selected_id)
        if row >= 0 and self.table.currentIndex().row() != row:
            self.table.setCurrentIndex(self.model.index(row, 0))
        selection.blockSignals(False)
        self.table.viewport().update()
        self._fit_columns()
        self.review.setEnabled(state.selected_id is not None)
        if not state.counting:  # the number of the search before stands until the new one is known, a few milliseconds
            self.count.setText(self._count_line(state))
        self._render_empty(state)

    def _render_villages(self, state: HouseholdsState) -> None:
        if self.village.count() != len(state.villages) + 1:
            while self.village.count() > 1:
                self.village.removeItem(1)
            for village_id, name in state.villages:
                self.village.addItem(name, village_id)
        self.village.setCurrentIndex(max(0, self.village.findData(state.village_id)))

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
