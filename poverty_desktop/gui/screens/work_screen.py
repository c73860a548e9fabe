"""The first screen is the work: progress by village at the left, what waits for the officer at the right."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.components.bar_chart import Bar, BarChart
from poverty_desktop.gui.components.empty_state import EmptyState
from poverty_desktop.gui.icons import icon
from poverty_desktop.gui.presenters.work_presenter import Waiting, WorkPresenter, WorkScreenState, whole
from poverty_desktop.gui.screen import Screen
from poverty_desktop.gui.theme import ACCENT, AMBER, GRID, INK_SOFT, NARROW, ROW
from poverty_desktop.services.overview import WorkOverview
from poverty_desktop.services.ports import Draft, VillageProgress

_ICONS = {
    "conflicts": ("conflict", AMBER),
    "refused": ("amber", AMBER),
    "handovers": ("handover", ACCENT),
    "absent": ("handover", INK_SOFT),
    "unsent": ("waiting", INK_SOFT),
}


class WorkScreen(Screen):
    place: ClassVar[str] = "work"

    def __init__(self, presenter: WorkPresenter, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(texts, parent)
        self._presenter = presenter
        self._drafts_shown: list[Draft] = []
        self.set_title(texts("work.title"))
        self.set_main_action(texts("work.go_on"), presenter.begin, name="begin")
        self.empty = EmptyState(
            "households", texts("work.empty_heading"), texts("work.empty_words"), texts("work.first_household"), presenter.begin
        )
        self.columns = QWidget()
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, self.columns)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(2 * GRID)
        self._columns.addWidget(self._progress_card(), 3)
        self._columns.addLayout(self._side(), 2)
        self.body.addWidget(self.empty)
        self.body.addWidget(self.columns, 1)
        self.empty.hide()
        self.columns.hide()

    # --- building ----------------------------------------------------------------------------------------------------

    def _progress_card(self) -> QFrame:
        card, column = _card()
        self._round = _label("heading")
        self._figure = _label("figure", name="work.figure")
        self._register = _label("soft")
        self.chart = BarChart("work.chart", self.texts("work.villages"))
        for widget in (self._round, self._figure, self._register):
            column.addWidget(widget)
        column.addSpacing(GRID)
        column.addWidget(self.chart, 1)
        column.addStretch(0)
        return card

    def _side(self) -> QVBoxLayout:
        side = QVBoxLayout()
        side.setSpacing(2 * GRID)
        for card in (self._date_card(), self._waiting_card()):
            side.addWidget(card)
        side.addWidget(self._drafts_card(), 1)
        return side

    def _date_card(self) -> QFrame:
        card, column = _card()
        heading = _label("heading", self.texts("work.next_date"))
        self._date = _label("label", name="work.date")
        self._date_what, self._date_basis = _label(""), _label("soft")
        for widget in (heading, self._date, self._date_what, self._date_basis):
            column.addWidget(widget)
        return card

    def _waiting_card(self) -> QFrame:
        card, column = _card()
        column.addWidget(_label("heading", self.texts("work.waiting")))
        self._waiting = QVBoxLayout()
        self._waiting.setSpacing(0)
        column.addLayout(self._waiting)
        self._last = _label("soft", name="work.last_success")
        column.addWidget(self._last)
        return card

    def _drafts_card(self) -> QFrame:
        card, column = _card()
        heading = _label("heading", self.texts("work.drafts"))
        self._no_drafts = _label("soft", self.texts("work.drafts_none"))
        self.drafts = QListWidget()
        self.drafts.setObjectName("work.drafts")
        self.drafts.setAccessibleName(self.texts("work.drafts"))
        self.drafts.setIconSize(QSize(18, 18))
        self.drafts.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.drafts.setTextElideMode(Qt.TextElideMode.ElideRight)
        for widget in (heading, self._no_drafts, self.drafts):
            column.addWidget(widget)
        column.addStretch(1)
        return card

    # --- life --------------------------------------------------------------------------------------------------------

    def bind(self) -> None:
        self.drafts.itemActivated.connect(lambda item: self._presenter.open_draft(self._drafts_shown[self.drafts.row(item)]))
        self.chart.chosen.connect(self._open_village)

    def opened(self, **facts: object) -> None:
        self._presenter.opened()

    def focus_first(self) -> None:
        (self.drafts if self._drafts_shown else self.chart).setFocus(Qt.FocusReason.OtherFocusReason)

    def keys(self) -> list[tuple[str, str]]:
        return [("Enter", self.texts("work.key_draft")), ("↑ ↓ Enter", self.texts("work.key_village"))]

    def _open_village(self, number: int) -> None:
        overview = self._presenter.state.overview
        if overview is not None:
            self._presenter.open_village(overview.work.villages[number].village_id)

    # --- rendering ---------------------------------------------------------------------------------------------------

    def render(self, state: WorkScreenState) -> None:  # type: ignore[override]
        if state.overview is None:
            return
        self.empty.setVisible(state.is_empty)
        self.columns.setVisible(not state.is_empty)
        action = self.main_action
        if action is not None:
            action.setText(self.texts("work.first_household" if state.is_empty else "work.go_on"))
        self._render_progress(state, state.overview)
        self._render_date(state.overview)
        self._render_waiting(state)
        self._render_drafts(state.overview.work.drafts)

    def _render_progress(self, state: WorkScreenState, overview: WorkOverview) -> None:
        texts, work, review = self.texts, overview.work, overview.round
        self._round.setText(texts("work.round", year=review.year) if review else texts("work.no_round"))
        figures = {"finished": _count(state.finished), "whole": _count(state.to_review)}
        self._figure.setText(texts("work.progress", **figures) if state.to_review else texts("work.progress_none"))
        if not review:
            self._figure.setText(texts("work.not_begun"))
        register = {"households": _count(work.household_count), "members": _count(work.member_count)}
        self._register.setText(texts("work.register", **register))
        self.chart.show_bars([self._bar(village, begun=bool(review)) for village in work.villages])

    def _bar(self, village: VillageProgress, *, begun: bool) -> Bar:
        name = village.village_name or self.texts("work.no_village")
        if not begun:
            return Bar(name, 0, 0, 0, self.texts("work.village_households", households=_count(village.households)))
        of, left = whole(village), whole(village) - village.finished
        key = "village_none" if not of else "village_done" if not left else "village_left"
        if left and village.drafts:
            key = "village_left_drafts"
        words = self.texts(f"work.{key}", finished=village.finished, whole=of, left=left, drafts=village.drafts)
        return Bar(name, village.finished, village.drafts, of, words)

    def _render_date(self, overview: WorkOverview) -> None:
        date, left = overview.next_date, overview.next_date.days_left(overview.today)
        self._date.setText(self.texts("work.date_line" if left else "work.date_today", day=f"{date.day:%d/%m/%Y}", left=left))
        self._date_what.setText(self.texts(f"work.date_{date.key}"))
        self._date_basis.setText(self.texts("work.date_basis", basis=date.basis))

    def _render_waiting(self, state: WorkScreenState) -> None:
        while (item := self._waiting.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for line in state.waiting:
            self._waiting.addWidget(self._waiting_line(line))
        if not state.waiting:
            self._waiting.addWidget(_label("soft", self.texts("work.waiting_none")))
        last = state.last_success
        when = f"{last.astimezone():%H:%M %d/%m/%Y}" if last else ""
        self._last.setText(self.texts("work.last_success", when=when) if last else self.texts("work.never_sent"))

    def _waiting_line(self, line: Waiting) -> QPushButton:
        button = QPushButton(self.texts(f"work.wait_{line.kind}", count=_count(line.count)))
        button.setObjectName(f"work.wait.{line.kind}")
        button.setProperty("role", "link")
        button.setIcon(icon(*_ICONS[line.kind]))
        button.clicked.connect(lambda: self._presenter.open_waiting(line))
        return button

    def _render_drafts(self, drafts: list[Draft]) -> None:
        self._drafts_shown = drafts
        self.drafts.clear()
        for draft in drafts:
            title = self.texts(f"work.draft_{draft.kind}", title=draft.title)
            item = QListWidgetItem(icon("draft"), title)
            item.setToolTip(title)
            self.drafts.addItem(item)
        if drafts:
            self.drafts.setCurrentRow(0)
        if not drafts and self.drafts.hasFocus():
            self.chart.setFocus(Qt.FocusReason.OtherFocusReason)
        self.drafts.setVisible(bool(drafts))
        self._no_drafts.setVisible(not drafts)
        self.drafts.setFixedHeight(min(len(drafts), 5) * (ROW + 2) + GRID)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One column under the other where there is no room beside."""
        super().resizeEvent(event)
        beside = self.width() >= NARROW - 20 * GRID
        self._columns.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)


def _card() -> tuple[QFrame, QVBoxLayout]:
    card = QFrame()
    card.setProperty("role", "card")
    card.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
    column = QVBoxLayout(card)
    column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
    column.setSpacing(GRID // 2)
    return card, column


def _label(role: str, text: str = "", name: str = "") -> QLabel:
    label = QLabel(text)
    label.setProperty("role", role)
    label.setObjectName(name)
    label.setWordWrap(True)
    return label


def _count(number: int) -> str:
    """With the Vietnamese separator of thousands."""
    return f"{number:,}".replace(",", ".")
