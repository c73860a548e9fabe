"""One batch: its paper while it is new, then who gets how much, then the hand-over. One page at a time."""

from __future__ import annotations

from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from poverty_desktop.gui.components.plain_words import plain_words
from poverty_desktop.gui.presenters.support_batch_presenter import BatchState, SupportBatchPresenter
from poverty_desktop.gui.presenters.support_fields import SupportFields
from poverty_desktop.gui.screen import Screen
from poverty_desktop.gui.screens.batch_handover_page import BatchHandoverPage
from poverty_desktop.gui.screens.batch_paper_page import BatchPaperPage
from poverty_desktop.gui.screens.batch_shares_page import BatchSharesPage
from poverty_desktop.gui.theme import GRID

_KEYS = {
    "paper": (("Enter", "next"), ("Shift+Enter", "back"), ("Ctrl+Delete", "remove_line"), ("Ctrl+S", "save")),
    "shares": (
        ("Enter", "down"),
        ("Tab", "right"),
        ("Ctrl+D", "above"),
        ("Ctrl+Delete", "remove_share"),
        ("Ctrl+PgDn", "line"),
        ("Ctrl+G", "fill"),
        ("Ctrl+S", "save"),
        ("Ctrl+B", "handover"),
        ("Ctrl+P", "print"),
    ),
    "handover": (
        ("1, K", "signed"),
        ("2, D", "fingerprint"),
        ("3, V", "absent"),
        ("Backspace", "pending"),
        ("Ctrl+D", "as_above"),
        ("Ctrl+P", "print"),
        ("Ctrl+B", "shares"),
    ),
}


class SupportBatchScreen(Screen):
    place: ClassVar[str] = "support_batch"
    area: ClassVar[str] = "support"

    def __init__(self, presenter: SupportBatchPresenter, fields: SupportFields, parent: QWidget | None = None) -> None:
        super().__init__(fields.texts, parent)
        self._presenter = presenter
        self._shown = ""
        self.body.setSpacing(GRID)
        print_now = self.set_main_action(self.texts("batch.print"), self._print, name="print", shortcut="Ctrl+P")
        save = self.set_main_action(self.texts("batch.save"), self.save_now, name="save_batch")
        self._acts = {"paper": save, "shares": save, "handover": print_now}
        self.summary = plain_words("batch.summary", "soft")
        self.steps = {mode: self._step(mode) for mode in ("shares", "handover")}
        self.paper = BatchPaperPage(presenter.paper, fields)
        self.shares = BatchSharesPage(presenter.shares, fields, presenter.choose_line)
        self.handover = BatchHandoverPage(presenter.handover, fields)
        self.pages: dict[str, Any] = {"paper": self.paper, "shares": self.shares, "handover": self.handover}
        top = QHBoxLayout()
        top.setSpacing(GRID)
        top.addWidget(self.summary, 1)
        for step in self.steps.values():
            top.addWidget(step)
        self.body.addLayout(top)
        for page in self.pages.values():
            page.hide()  # a page in a stack would lend its height to the others
            self.body.addWidget(page, 1)

    def _step(self, mode: str) -> QPushButton:
        button = QPushButton(self.texts(f"batch.step_{mode}"))
        button.setObjectName(f"action.{mode}")
        button.setToolTip(f"{self.texts(f'batch.key_{mode}')} (Ctrl+B)")
        return button

    # --- what the user did -------------------------------------------------------------------------------------------

    def bind(self) -> None:
        for page in (self.paper, self.shares, self.handover):
            page.bind()
        for grid in (self.paper.grid, self.shares.grid):
            grid.row_entered.connect(lambda _, one=grid: self.scroll_area.ensureWidgetVisible(one, 0, GRID))
        self.steps["shares"].clicked.connect(lambda: self._go_to("shares"))
        self.steps["handover"].clicked.connect(lambda: self._go_to("handover"))
        for keys, act in (
            ("Ctrl+B", self._other_page),
            ("Ctrl+G", self._fill),
            ("Ctrl+PgUp", lambda: self._step_line(-1)),
            ("Ctrl+PgDown", lambda: self._step_line(1)),
        ):
            shortcut = QShortcut(keys, self, act)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _go_to(self, mode: Any) -> None:
        self._commit_open()
        self._presenter.go_to(mode)

    def _other_page(self) -> None:
        self._go_to("shares" if self._shown == "handover" else "handover")

    def _fill(self) -> None:
        if self._shown == "shares":
            self.quiet()
            self.shares.fill.click()

    def _step_line(self, step: int) -> None:
        if self._shown == "shares":
            self.shares.step_line(step)

    def _print(self) -> None:
        self._commit_open()
        self._presenter.print()

    def _commit_open(self) -> None:
        """Take what is typed; messages of acts before this one have been read."""
        self.quiet()
        if self._shown:
            self.pages[self._shown].commit()

    # --- what the shell asks -----------------------------------------------------------------------------------------

    def opened(self, batch_id: str | None = None, new: object = False, **facts: Any) -> None:
        self._shown = ""
        self.shares.reopen()
        self._presenter.opened(batch_id, new)

    def focus_first(self) -> None:
        if self._shown:
            self.pages[self._shown].focus_first()

    def leaving(self) -> str | None:
        self._commit_open()
        self._presenter.leave()
        return None

    def save_now(self) -> bool:
        self._commit_open()
        self._presenter.save()
        return True

    def start_search(self) -> bool:
        """Ctrl+F: the next free row of the list of shares, where a household is searched."""
        if self._shown != "shares":
            return False
        self.shares.grid.stand_on(self.shares.model.rowCount() - 1, "household")
        return True

    def keys(self) -> list[tuple[str, str]]:
        return [(key, self.texts(f"batch.key_{what}")) for key, what in _KEYS.get(self._shown, ())]

    # --- showing -----------------------------------------------------------------------------------------------------

    def render(self, state: BatchState) -> None:  # type: ignore[override]
        self.set_title(state.title)
        self.look_at_place(state.batch_id, unsaved=False)
        saved = state.mode != "paper"
        self.summary.setText(state.summary if saved else self.texts("batch.new_words"))
        for mode, step in self.steps.items():
            step.setVisible(saved and mode != state.mode)
        if not state.loaded:
            return
        self.paper.show_state(state.paper)
        self.shares.show_state(state.shares, state.lines)
        self.handover.show_state(state.handover)
        if self._shown != state.mode:
            self._show_page(state.mode)

    def _show_page(self, mode: str) -> None:
        self._shown = mode
        for name, page in self.pages.items():
            page.setVisible(name == mode)
        self._main_action = self._acts[mode]
        self.heading_changed.emit()
        self.scroll_area.verticalScrollBar().setValue(0)
        self.pages[mode].focus_first()
