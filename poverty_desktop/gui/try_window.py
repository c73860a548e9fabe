"""The window of `forms try`: the form screen under a band that says that nothing is stored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from poverty_desktop.domain.texts import Texts
from poverty_desktop.forms import FormDefinition
from poverty_desktop.gui.components.help_panel import HelpPanel
from poverty_desktop.gui.components.title_line import TitleLine
from poverty_desktop.gui.presenters.frame import SyncSign, Tone
from poverty_desktop.gui.presenters.survey_trying import TryPresenter
from poverty_desktop.gui.screens.survey_screen import SurveyScreen


class TryWindow(QWidget):
    """Implements `Frame` as far as a form without a household needs it. `begin()` shows the form."""

    def __init__(
        self, form: FormDefinition, texts: Texts, *, today: date, file: str
    ) -> None:
        super().__init__()
        self.texts = texts
        self.setObjectName("try")
        self.presenter = TryPresenter(form, texts, self, today=today, file=file)
        self.screen_ = SurveyScreen(self.presenter, texts)
        self.band, self.title_line, self.help_panel = QLabel(), TitleLine(texts), HelpPanel(texts)
        self._lay_out()
        self.bind()

    def _lay_out(self) -> None:
        self.band.setObjectName("try.band")
        self.band.setProperty("role", "practice")
        self.band.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.band.setTextFormat(Qt.TextFormat.PlainText)
        self.band.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.band)
        column.addWidget(self.title_line)
        self._middle = QHBoxLayout()
        self._middle.addWidget(self.screen_, 1)
        column.addLayout(self._middle, 1)

    def bind(self) -> None:
        self.screen_.bind()
        self.screen_.heading_changed.connect(self._show_heading)
        for keys, act in (("Ctrl+F", self.screen_.start_search), ("F1", self._toggle_help)):
            QShortcut(QKeySequence(keys), self, act)

    def begin(self) -> None:
        self.presenter.begin()
        self.band.setText(self.presenter.state.trial)
        self._show_heading()

    def _show_heading(self) -> None:
        self.setWindowTitle(self.screen_.title_text)
        self.title_line.show_heading(self.screen_.title_text, self.screen_.main_action, can_go_back=False)

    def _toggle_help(self) -> None:
        self.help_panel.toggle(self._middle, self.screen_, self.screen_.keys(), beside=True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.screen_.cancel()
        else:
            super().keyPressEvent(event)

    # --- Frame -----------------------------------------------------------------------------------------------------

    def go(self, place: str, **facts: object) -> None:
        """There is nowhere to go."""

    def back(self) -> None:
        """There is nowhere to go back to."""

    def lock(self) -> None:
        """Nothing is open that a password guards."""

    def saved(self, at: datetime) -> None:
        """Nothing is saved."""

    def synced(self, sign: SyncSign) -> None:
        """Nothing is sent."""

    def tell(self, tone: Tone, sentence: str, action: str = "", do: Callable[[], None] | None = None) -> None:
        self.screen_.tell(tone, sentence, action, do)

    def problem(self, problem: Exception) -> None:
        raise problem
