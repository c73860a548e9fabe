"""A tick that something was read or done: one box, ticked with space or 1."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QWidget

from poverty_desktop.gui.presenters.survey_state import FieldState, Option
from poverty_desktop.gui.questions.option_list import OptionList

DONE = "OK"


class Acknowledge(OptionList):
    """Editor of acknowledge. `answered` bears "OK" or ""."""

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = (Option(DONE, words, "1"),)

    def show_state(self, state: FieldState) -> None:
        super().show_state(replace(state, options=self._box))
