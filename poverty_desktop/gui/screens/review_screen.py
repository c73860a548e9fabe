"""The review round: its households by village and state. Enter opens the survey of the chosen household."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
)

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.components.paper_form import PaperForm
from poverty_desktop.gui.components.recognition_form import RecognitionForm
from poverty_desktop.gui.models.case_model import COLUMNS, CaseModel
from poverty_desktop.gui.presenters.paper_presenter import PaperPresenter
from poverty_desktop.gui.presenters.review_presenter import STATES, ReviewPresenter, ReviewState
from poverty_desktop.gui.screens.household_list_screen import HouseholdListScreen
from poverty_desktop.gui.theme import GRID

_WIDTHS = {"code": 96, "village": 128, "people": 92, "before": 152, "state": 160, "result": 172, "place": 144}
_ROOM = {"place": 1040, "people": 840, "before": 760, "village": 700}
"""A column shows when the screen is at least this wide: head, code, state and result always do, for many heads have one name."""


class ReviewScreen(HouseholdListScreen):
    place: ClassVar[str] = "review"
    model: CaseModel

    def __init__(self, presenter: ReviewPresenter, texts: Texts, today: Callable[[], date]) -> None:
        super().__init__(presenter, CaseModel(texts), texts)
        self._presenter, self._today = presenter, today
        self.set_main_action(texts("review.open"), self._open_chosen, name="open_survey")
        self.round_line, self.count, self.empty = QLabel(), QLabel(), QLabel(texts("review.empty"))
        self.state_box = self.filter_box("state", texts("review.state_all"))
        self.recognise = QPushButton(texts("review.recognise"))
        self.compare, self.round_box = QPushButton(texts("explain.compare")), QComboBox()
        self.form = RecognitionForm(texts)
        self._papers: PaperPresenter | None = None
        self._name_parts()
        self._dress_table()
        self._lay_out()

    def _name_parts(self) -> None:
        self.recognise.setObjectName("action.recognise")
        self.compare.setObjectName("action.compare")
        self.round_box.setObjectName("review.round")
        self.round_box.setAccessibleName(self.texts("explain.choose_review"))
        self.round_box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.round_box.setMinimumContentsLength(20)
        self.count.setObjectName("review.count")
        for state in STATES:
            self.state_box.addItem(self.texts(f"review.state_{state}"), state)
        for label in (self.round_line, self.count, self.empty):
            label.setProperty("role", "soft")
            label.setWordWrap(True)

    def _dress_table(self) -> None:
        self.table.horizontalHeader().setSectionResizeMode(COLUMNS.index("head"), QHeaderView.ResizeMode.Stretch)
        for name, width in _WIDTHS.items():
            self.table.setColumnWidth(COLUMNS.index(name), width)

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
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
        self.body.addLayout(self.bar(self.state_box))
        self.body.addWidget(self.empty)
        self.body.addWidget(self.table, 1)
        self.body.addLayout(foot)
        self._more = QHBoxLayout()
        self._more.addStretch(1)
        self.body.addLayout(self._more)

    # --- what the officer did --------------------------------------------------------------------------------------

    def bind(self) -> None:
        self._presenter.show = self.render
        self.serve(self._open_chosen)
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

    def _open_chosen(self) -> None:
        self.look_now()
        self._presenter.open_chosen(self.line_id())

    # --- what the shell asks ---------------------------------------------------------------------------------------

    def opened(self, village_id: str | None = None, state: str | None = None, **facts: Any) -> None:
        self._presenter.opened(village_id, state)

    def focus_first(self) -> None:
        self.table.setFocus()

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
        self.show_villages(state)
        self._show_reviews(state)
        self.state_box.setCurrentIndex(max(0, self.state_box.findData(state.state)))
        self.show_lines(state, lambda: self.model.show_lines(state.lines, state.total))
        nothing = state.loaded and not state.lines
        self.empty.setVisible(nothing)
        self.table.setVisible(not nothing)
        if not state.counting:  # the number of the search before stands until the new one is known, a few milliseconds
            self.count.setText(self.texts("review.count", shown=len(state.lines), total=state.total))
        self.recognise.setVisible(not state.recognised)
        self.form.show_count(state.recognising)

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
