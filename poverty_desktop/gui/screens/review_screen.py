"""The review round: its households by village and state. Enter opens the survey of the chosen household."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, ClassVar

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
)

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.components.line_table import ListTable
from poverty_desktop.gui.components.paper_form import PaperForm
from poverty_desktop.gui.components.recognition_form import RecognitionForm
from poverty_desktop.gui.models.case_model import COLUMNS, CaseModel
from poverty_desktop.gui.presenters.paper_presenter import PaperPresenter
from poverty_desktop.gui.presenters.record_place import PlaceView
from poverty_desktop.gui.presenters.review_presenter import STATES, ReviewPresenter, ReviewState
from poverty_desktop.gui.questions.option_list import ENTER
from poverty_desktop.gui.screen import Screen
from poverty_desktop.gui.theme import GRID

DEBOUNCE_MS = 150
_WIDTHS = {"code": 96, "village": 128, "people": 92, "before": 152, "state": 160, "result": 172, "place": 144}
_ROOM = {"place": 1040, "people": 840, "before": 760, "village": 700}
"""A column shows when the screen is at least this wide: head, code, state and result always do, for many heads have one name."""


class ReviewScreen(Screen):
    place: ClassVar[str] = "review"

    def __init__(self, presenter: ReviewPresenter, texts: Texts, today: Callable[[], date]) -> None:
        super().__init__(texts)
        self._presenter, self._today = presenter, today
        self._debounce = QTimer(self)
        self._debounce.setSingleShot(True)
        self._debounce.setInterval(DEBOUNCE_MS)
        self.set_title(texts("review.title"))
        self.set_main_action(texts("review.open"), self._open_chosen, name="open_survey")
        self.round_line, self.count, self.empty = QLabel(), QLabel(), QLabel(texts("review.empty"))
        self.search, self.village, self.state_box = QLineEdit(), QComboBox(), QComboBox()
        self.model = CaseModel(texts)
        self.table = ListTable(self.model, name="review.table", title=texts("review.title"))
        self.recognise = QPushButton(texts("review.recognise"))
        self.compare, self.round_box = QPushButton(texts("explain.compare")), QComboBox()
        self.form = RecognitionForm(texts)
        self._papers: PaperPresenter | None = None
        self._name_parts()
        self._dress_table()
        self._lay_out()

    def _name_parts(self) -> None:
        named = {
            self.search: ("review.search", "review.search"),
            self.village: ("review.village", "review.filter_village"),
            self.state_box: ("review.state", "review.filter_state"),
        }
        for widget, (name, words) in named.items():
            widget.setObjectName(name)
            widget.setAccessibleName(self.texts(words))
        self.recognise.setObjectName("action.recognise")
        self.compare.setObjectName("action.compare")
        self.round_box.setObjectName("review.round")
        self.round_box.setAccessibleName(self.texts("explain.choose_review"))
        self.round_box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.count.setObjectName("review.count")
        self.search.setToolTip(self.texts("households.search_tip"))
        self.search.setPlaceholderText(self.texts("review.search_hint"))
        self.search.setClearButtonEnabled(True)
        for box in (self.village, self.state_box):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(12)
        self.state_box.addItem(self.texts("review.state_all"), None)
        for state in STATES:
            self.state_box.addItem(self.texts(f"review.state_{state}"), state)
        for label in (self.round_line, self.count, self.empty):
            label.setProperty("role", "soft")
            label.setWordWrap(True)

    def _dress_table(self) -> None:
        self.model.more = self._presenter.more
        self.table.horizontalHeader().setSectionResizeMode(COLUMNS.index("head"), QHeaderView.ResizeMode.Stretch)
        for name, width in _WIDTHS.items():
            self.table.setColumnWidth(COLUMNS.index(name), width)

    def _lay_out(self) -> None:
        bar, foot = QHBoxLayout(), QHBoxLayout()
        bar.setSpacing(GRID)
        bar.addWidget(self.search, 1)
        bar.addWidget(self.village)
        bar.addWidget(self.state_box)
        foot.addWidget(self.count, 1)
        foot.addWidget(self.compare)
        foot.addWidget(self.recognise)
        self.body.setSpacing(GRID)
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self.round_line, 1)
        head.addWidget(self.round_box)
        self.body.addLayout(head)
        self.body.addWidget(self.form)
        self.body.addLayout(bar)
        self.body.addWidget(self.empty)
        self.body.addWidget(self.table, 1)
        self.body.addLayout(foot)
        self._more = QHBoxLayout()
        self._more.addStretch(1)
        self.body.addLayout(self._more)

    # --- what the officer did --------------------------------------------------------------------------------------

    def bind(self) -> None:
        self._presenter.show = self.render
        self._debounce.timeout.connect(lambda: self._presenter.search(self.search.text()))
        self.search.textChanged.connect(lambda _: self._debounce.start())
        self.search.returnPressed.connect(self._enter_list)
        self.search.installEventFilter(self)
        self.table.installEventFilter(self)
        self.table.doubleClicked.connect(lambda _: self._open_chosen())
        self.table.selectionModel().currentRowChanged.connect(self._chosen)
        self.village.activated.connect(lambda _: self._presenter.choose_village(self.village.currentData()))
        self.state_box.activated.connect(lambda _: self._presenter.choose_state(self.state_box.currentData()))
        self.compare.clicked.connect(self._presenter.compare)
        self.round_box.activated.connect(self._presenter.choose_review)
        self.recognise.clicked.connect(self._presenter.begin_recognition)
        self.form.cancelled.connect(self._presenter.cancel_recognition)
        self.form.decided.connect(lambda number, day: self._presenter.recognise(number, day, self._today()))

    def offer_papers(self, papers: PaperPresenter) -> None:
        """Let paper forms be printed from here (Ctrl+P), and the sample for the second keying (Ctrl+Shift+D) and the forms
        (Ctrl+Shift+M) be gone to."""
        self._papers, self.paper_form = papers, PaperForm(self.texts)
        self.body.insertWidget(self.body.indexOf(self.form) + 1, self.paper_form)
        papers.show = self.paper_form.show_state
        self.paper_form.chosen.connect(papers.choose)
        self.paper_form.wanted.connect(papers.print)
        self.paper_form.cancelled.connect(papers.close)
        for words, name, keys, act in (
            ("release.open", "releases", "Ctrl+Shift+M", self._presenter.releases),
            ("review.double", "double_entry", "Ctrl+Shift+D", self._presenter.double_entry),
            ("review.print", "print", "Ctrl+P", self._offer_papers),
        ):
            button = QPushButton(self.texts(words))
            button.setObjectName(f"action.{name}")
            button.clicked.connect(act)
            self._more.addWidget(button)
            shortcut = QShortcut(QKeySequence(keys), self, act)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _offer_papers(self) -> None:
        assert self._papers is not None
        line = self.model.line(self.table.currentIndex().row())
        name = " ".join(part for part in (line.head_name, line.household_code) if part) if line else ""
        self._papers.offer((line.id, name) if line else None, (self.village.currentData(), self.village.currentText()))

    def show_places(self, places: Mapping[str, PlaceView]) -> None:
        self.model.show_places(places)

    def _chosen(self, current: QModelIndex) -> None:
        line = self.model.line(current.row())
        if line is not None:
            self._presenter.select(line.id)

    def _open_chosen(self) -> None:
        self._look_now()
        line = self.model.line(self.table.currentIndex().row())
        self._presenter.open_chosen(line.id if line else None)

    def _enter_list(self) -> None:
        """Enter in the search box looks at once and goes to the lines; Enter again opens the first."""
        self._look_now()
        self.table.setFocus()

    def _look_now(self) -> None:
        """What was typed a moment ago is searched without waiting longer."""
        if self._debounce.isActive():
            self._debounce.stop()
            self._presenter.search(self.search.text())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if watched is self.search and event.key() == Qt.Key.Key_Down:
                self.table.setFocus()
                return True
            if watched is self.table and event.key() in ENTER:
                self._open_chosen()
                return True
        return super().eventFilter(watched, event)

    # --- what the shell asks ---------------------------------------------------------------------------------------

    def opened(self, village_id: str | None = None, state: str | None = None, **facts: Any) -> None:
        self._presenter.opened(village_id, state)

    def focus_first(self) -> None:
        self.table.setFocus()

    def start_search(self) -> bool:
        self.search.setFocus()
        self.search.selectAll()
        return True

    def cancel(self) -> bool:
        """Esc closes the recognition form, then empties the search."""
        if self._presenter.state.recognising is not None:
            self._presenter.cancel_recognition()
        elif self._papers is not None and self._papers.state.shown:
            self._papers.close()
            self.table.setFocus()
        elif self.search.text():
            self.search.clear()
        else:
            return False
        return True

    def keys(self) -> list[tuple[str, str]]:
        named = (("Enter", "open"), ("Ctrl+F", "search"), ("Tab", "filter"), ("Ctrl+P", "print"), ("Ctrl+Shift+D", "double"),
                 ("Ctrl+Shift+M", "releases"))  # fmt: skip
        return [(key, self.texts(f"review.key_{what}")) for key, what in named]

    # --- showing ---------------------------------------------------------------------------------------------------

    def render(self, state: ReviewState) -> None:  # type: ignore[override]
        if state.title:
            self.set_title(state.title)
        self.round_line.setText(state.line)
        self._show_villages(state)
        self._show_reviews(state)
        self.state_box.setCurrentIndex(max(0, self.state_box.findData(state.state)))
        selection = self.table.selectionModel()
        selection.blockSignals(True)
        self.model.show_lines(state.lines, state.total)
        self.look_at_places([line.id for line in state.lines])
        row = self.model.row_of(state.selected_id)
        if row >= 0 and row != self.table.currentIndex().row():
            self.table.setCurrentIndex(self.model.index(row, 0))
        selection.blockSignals(False)
        self.table.viewport().update()
        nothing = state.loaded and not state.lines
        self.empty.setVisible(nothing)
        self.table.setVisible(not nothing)
        if not state.counting:  # the number of the search before stands until the new one is known, a few milliseconds
            self.count.setText(self.texts("review.count", shown=len(state.lines), total=state.total))
        self.recognise.setVisible(not state.recognised)
        self.form.show_count(state.recognising)

    def _show_villages(self, state: ReviewState) -> None:
        if self.village.count() != len(state.villages) + 1:
            self.village.clear()
            self.village.addItem(self.texts("review.all_villages"), None)
            for village_id, name in state.villages:
                self.village.addItem(name, village_id)
        self.village.setCurrentIndex(max(0, self.village.findData(state.village_id)))

    def _show_reviews(self, state: ReviewState) -> None:
        """Only where there is a choice."""
        if list(state.choice_words) != [self.round_box.itemText(place) for place in range(self.round_box.count())]:
            self.round_box.clear()
            self.round_box.addItems(list(state.choice_words))
        self.round_box.setCurrentIndex(state.chosen)
        self.round_box.setVisible(len(state.choice_words) > 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for name, least in _ROOM.items():
            self.table.setColumnHidden(COLUMNS.index(name), self.width() < least)
        for name in ("state", "result"):
            self.table.setColumnWidth(COLUMNS.index(name), 148 if self.width() < _ROOM["village"] else _WIDTHS[name])
