"""Sending and receiving: what waits, where everything is, how the rounds went, and the enrolment of this laptop."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QLineEdit, QProgressBar, QPushButton, QVBoxLayout, QWidget

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.components.confirm import confirm_box
from poverty_desktop.gui.components.field import Field
from poverty_desktop.gui.components.place_grid import PlaceGrid
from poverty_desktop.gui.components.plain_words import plain_words
from poverty_desktop.gui.presenters.record_place import place_view
from poverty_desktop.gui.presenters.sync_presenter import PLACES, RoundView, SyncPresenter, SyncView
from poverty_desktop.gui.screen import Screen
from poverty_desktop.gui.theme import GRID, ROW

ROUNDS_SHOWN = 12


class SyncScreen(Screen):
    """Object names: `sync.now` (the main act), `sync.stop`, `sync.waiting`, `sync.last_success`, `sync.progress`,
    `sync.phase`, `sync.place.<name>`, `sync.receipt`, `sync.rounds`, `sync.print.<id>`, `sync.conflicts`,
    `sync.attention`, `sync.deletes`, `sync.follow_link`;
    `sync.address`, `sync.code`, `sync.enrol`.
    """

    place: ClassVar[str] = "sync"

    def __init__(self, presenter: SyncPresenter, texts: Texts) -> None:
        super().__init__(texts)
        self._presenter = presenter
        self._shown: tuple[RoundView, ...] | None = None
        self.set_title(texts("sync.title"))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._now = self.set_main_action(texts("sync.now"), presenter.sync_now, name="sync", shortcut="F9")
        self._now.setObjectName("sync.now")
        self.heading_changed.emit()
        self.body.addWidget(self._enrolment())
        self.body.addWidget(self._state())
        self.body.addWidget(self._log())
        self.body.addStretch(1)

    # --- building ----------------------------------------------------------------------------------------------------

    def _enrolment(self) -> QFrame:
        texts = self.texts
        self.enrolment, column = _card(texts("sync.enrol_title"))
        self.enrol_hint = plain_words("sync.enrol_hint", "soft")
        column.addWidget(self.enrol_hint)
        self.address = QLineEdit()
        self.code = QLineEdit()
        self.code.setMaxLength(40)
        for editor in (self.address, self.code):
            editor.setMinimumHeight(ROW)
        self._address = Field("sync.address", texts("sync.address"), self.address, texts("sync.address_hint"), 60 * GRID)
        self._code = Field("sync.code", texts("sync.code"), self.code, texts("sync.code_hint"), 30 * GRID)
        self.enrol = QPushButton(texts("sync.enrol"))
        self.enrol.setObjectName("sync.enrol")
        self.enrol.setProperty("role", "main")
        for field in (self._address, self._code):
            column.addWidget(field)
        column.addWidget(self.enrol, 0, Qt.AlignmentFlag.AlignLeft)
        self.enrolment.hide()  # until it is known whether the laptop is enrolled
        return self.enrolment

    def _state(self) -> QFrame:
        self.state_card, column = _card("")
        self.waiting = plain_words("sync.waiting", "heading")
        self.effort = plain_words("sync.effort")
        self.last_success = plain_words("sync.last_success", "soft")
        self.server = plain_words("sync.server", "soft")
        self.phase = plain_words("sync.phase")
        self.progress = QProgressBar()
        self.progress.setObjectName("sync.progress")
        self.progress.setAccessibleName(self.texts("sync.title"))
        self.progress.setTextVisible(False)
        self.stop = QPushButton(self.texts("sync.stop"))
        self.stop.setObjectName("sync.stop")
        self.conflicts = QPushButton()
        self.conflicts.setObjectName("sync.conflicts")
        self.attention = QPushButton()
        self.attention.setObjectName("sync.attention")
        running = QHBoxLayout()
        for widget, stretch in ((self.progress, 1), (self.stop, 0)):
            running.addWidget(widget, stretch)
        about = QVBoxLayout()
        about.setSpacing(GRID // 2)
        for label in (self.waiting, self.effort, self.last_success, self.server, self.phase):
            about.addWidget(label)
        self.follow = QCheckBox(self.texts("sync.follow_link"))
        self.follow.setObjectName("sync.follow_link")
        about.addWidget(self.follow)
        column.addLayout(about)
        column.addLayout(running)
        self.deletes = QPushButton()
        self.deletes.setObjectName("sync.deletes")
        for button in (self.conflicts, self.attention, self.deletes):
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(GRID)
        self.places = PlaceGrid([place_view(self.texts, name) for name in PLACES])
        column.addWidget(self.places)
        column.addSpacing(GRID)
        self.receipt = plain_words("sync.receipt")
        self.receipt.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        receipt = QVBoxLayout()
        receipt.setSpacing(GRID // 2)
        receipt.addWidget(plain_words(role="label", text=self.texts("sync.receipt_title")))
        receipt.addWidget(self.receipt)
        column.addLayout(receipt)
        return self.state_card

    def _log(self) -> QFrame:
        self.log_card, column = _card(self.texts("sync.rounds_title"))
        self.log_card.setObjectName("sync.rounds")
        self._rounds = QVBoxLayout()
        self._rounds.setSpacing(GRID)
        column.addLayout(self._rounds)
        return self.log_card

    def bind(self) -> None:
        presenter = self._presenter
        self.stop.clicked.connect(presenter.stop)
        self.conflicts.clicked.connect(presenter.open_conflicts)
        self.attention.clicked.connect(presenter.open_attention)
        self.deletes.clicked.connect(self._ask_deletes)
        self.enrol.clicked.connect(self._enrol)
        self.follow.clicked.connect(presenter.follow_link)

    def _ask_deletes(self) -> None:
        texts, count = self.texts, self._presenter.state.deletes
        words = texts("attention.deletes_question", count=count)
        act, keep = texts("attention.deletes_act"), texts("attention.deletes_keep")
        box = confirm_box(self, texts("attention.deletes", count=count), words, act, keep)
        box.accepted.connect(self._presenter.allow_deletes)
        box.open()

    def _enrol(self) -> None:
        self._presenter.enrol(self.address.text(), self.code.text())

    # --- what the shell calls ------------------------------------------------------------------------------------------

    def opened(self, url: str = "", code: str = "", **facts: object) -> None:
        """`url` and `code` come from the first run, where the officer gave them already: the laptop is connected at once."""
        self._presenter.load()
        if url and code:
            self.address.setText(url)
            self.code.setText(code)
            self._enrol()

    def focus_first(self) -> None:
        (self if self._presenter.state.enrolled else self.address).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Nothing is typed here once the laptop is connected: Enter does the main act."""
        if self.hasFocus() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._now.isVisible():
            self._now.trigger()
        else:
            super().keyPressEvent(event)

    def keys(self) -> list[tuple[str, str]]:
        return [("F9", self.texts("sync.now"))]

    # --- showing ---------------------------------------------------------------------------------------------------------

    def render(self, state: SyncView) -> None:  # type: ignore[override]
        shown = state.loaded and state.wants_code
        focused = self.focusWidget()
        if not shown and focused is not None and self.enrolment.isAncestorOf(focused):
            self.setFocus()  # before it is hidden, lest the focus go to the side bar
        appears = shown and self.enrolment.isHidden()
        self.enrol_hint.setText(self.texts("sync.enrol_again_hint" if state.enrolled else "sync.enrol_hint"))
        if appears and state.address:
            self.address.setText(state.address)
        self.enrolment.setVisible(shown)
        if appears and self.isVisible() and focused in (None, self):
            self._first_empty().setFocus()  # it could not take the focus while it was not there
        self._address.say("red" if state.address_problem else None, state.address_problem)
        self._code.say("red" if state.code_problem else None, state.code_problem)
        self.enrol.setText(self.texts("sync.enrolling" if state.enrolling else "sync.enrol"))
        self._now.setVisible(state.enrolled)
        self._show_state(state)
        self._show_progress(state)
        self._show_rounds(state)

    def _first_empty(self) -> QLineEdit:
        return self.code if self.address.text() else self.address

    def _show_state(self, state: SyncView) -> None:
        _say(self.waiting, state.waiting)
        _say(self.effort, ". ".join(filter(None, (state.time, state.since))))
        self.follow.setVisible(state.follows_link is not None)
        self.follow.setChecked(bool(state.follows_link))
        _say(self.last_success, ". ".join(filter(None, (state.last_success, state.next_try))))
        _say(self.server, state.server)
        _say(self.receipt, state.receipt)
        self.conflicts.setText(self.texts("sync.round.conflicts", count=state.conflicts))
        self.conflicts.setVisible(bool(state.conflicts))
        self.attention.setText(self.texts("attention.count", count=state.kept_aside))
        self.attention.setVisible(bool(state.kept_aside))
        self.deletes.setText(self.texts("attention.deletes", count=state.deletes))
        self.deletes.setVisible(bool(state.deletes))
        for place in state.places:
            self.places.counts[place.name].setText(place.count)
            self.places.counts[place.name].setAccessibleName(f"{place.label}: {place.count}, {place.hint}")

    def _show_progress(self, state: SyncView) -> None:
        _say(self.phase, state.phase)
        for widget in (self.progress, self.stop):
            widget.setVisible(state.running)
        self.progress.setMaximum(state.total)  # 0 of 0 moves without an end: nothing is counted yet
        self.progress.setValue(min(state.done, state.total))

    def _show_rounds(self, state: SyncView) -> None:
        if state.rounds == self._shown:
            return
        self._shown = state.rounds
        while item := self._rounds.takeAt(0):
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if not state.rounds:
            self._rounds.addWidget(plain_words(role="soft", text=self.texts("sync.rounds_empty")))
        for line in state.rounds[:ROUNDS_SHOWN]:
            self._rounds.addWidget(self._line(line))

    def _line(self, line: RoundView) -> QWidget:
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._words_of(line), 1)
        if line.has_receipt:
            printing = QPushButton(self.texts("receiptdoc.print"))
            printing.setObjectName(f"sync.print.{line.id}")
            printing.setProperty("role", "link")
            printing.setAccessibleDescription(line.when)
            printing.clicked.connect(lambda: self._presenter.print_receipt(line.id))
            row.addWidget(printing, 0, Qt.AlignmentFlag.AlignTop)
        return whole

    def _words_of(self, line: RoundView) -> QLabel:
        label = plain_words(text=f"{line.when} · {' '.join(filter(None, (line.words, line.traffic)))}")
        if line.problem:
            label.setText(f"{label.text()}\n{line.problem}")
        if line.outcome not in ("done", "stopped"):
            label.setProperty("tone", "amber")
        return label


def _card(heading: str) -> tuple[QFrame, QVBoxLayout]:
    card = QFrame()
    card.setProperty("role", "card")
    column = QVBoxLayout(card)
    column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
    column.setSpacing(GRID)
    if heading:
        column.addWidget(plain_words(role="heading", text=heading))
    return card, column


def _say(label: QLabel, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))
