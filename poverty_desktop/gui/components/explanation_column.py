"""The explanation with its two acts: try answers without storing, and look at the survey under another standard."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.components.explanation_panel import ExplanationBand, ExplanationPanel
from poverty_desktop.gui.presenters.explanation_state import ExplanationState
from poverty_desktop.gui.theme import AMBER, AMBER_SOFT, GRID

WIDTH = 300
_UNBOUND = 16_777_215  # Qt's own word for "no limit"


class ExplanationColumn(QWidget):
    """The panel at the right of the form, or over it where there is no room beside. Signals: `wants_trial`, `wants_standards`."""

    wants_trial = Signal()
    wants_standards = Signal()

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.panel, self.band = ExplanationPanel(texts), ExplanationBand(texts)
        self._told: tuple[ExplanationState | None, bool, bool] | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(self.panel, 1)
        acts = QHBoxLayout()
        acts.setSpacing(0)
        column.addLayout(acts)
        for name, act in (("try", self.wants_trial), ("other_standard", self.wants_standards)):
            button = QPushButton(texts(f"explain.{name}"))
            button.setObjectName(f"action.{name}")
            button.setProperty("role", "link")
            button.setToolTip(texts(f"explain.{name}_tip"))
            button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            button.clicked.connect(act)
            acts.addWidget(button)

    def take_room(self, *, beside: bool) -> None:
        """Beside the form it has its own width, over it all there is."""
        self.setMinimumWidth(WIDTH if beside else 0)
        self.setMaximumWidth(WIDTH if beside else _UNBOUND)

    def show_state(self, state: ExplanationState | None, *, panel: bool, short: bool) -> None:
        """Only the one of the two that is seen is drawn, and only when it says something else."""
        told = (state, panel, short)
        if told == self._told:
            return
        self._told = told
        if panel:
            self.panel.show_state(state)
        else:
            self.band.show_state(state, short=short)


class TrialBand(QLabel):
    """Over the paper while answers are only tried."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(texts("explain.tried_band"))
        self.setObjectName("survey.trial")
        self.setWordWrap(True)
        frame = f"border:2px solid {AMBER}; border-radius:4px; padding:4px 8px;"
        self.setStyleSheet(f"background:{AMBER_SOFT}; color:{AMBER}; font-weight:600; {frame}")
        self.hide()
