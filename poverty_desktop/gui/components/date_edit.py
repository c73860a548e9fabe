"""A line for a date that may be a day, a month or a year. Nothing is rewritten while one types; on leaving, what was
understood is shown in the Vietnamese order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from poverty_desktop.domain.dates import format_vietnamese, parse_typed
from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.gui.theme import restyle


class DateEdit(QLineEdit):
    """`entered(iso)` after a left date that was understood ("1987", "1987-05", "1987-05-02"; "" when cleared);
    `not_understood(problem)` with the `KnownProblem`: the text stays as typed, in red."""

    entered = Signal(str)
    not_understood = Signal(object)

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._iso = ""
        self.editingFinished.connect(self._leave)

    def value(self) -> str:
        return self._iso

    def set_value(self, iso: str | None) -> None:
        """Show a partial ISO date; emits nothing. A line that is being typed in is left alone."""
        self._iso = iso or ""
        if not self.isModified():
            self.setText(format_vietnamese(self._iso))
            self._tone("")

    def _leave(self) -> None:
        if not self.isModified():
            return
        try:
            iso = parse_typed(self.text(), self._today()) if self.text().strip() else ""
        except KnownProblem as problem:
            self._tone("red")
            self.not_understood.emit(problem)
            return
        changed = iso != self._iso
        self.setModified(False)
        self.set_value(iso)
        if changed:
            self.entered.emit(iso)

    def _tone(self, tone: str) -> None:
        if (self.property("tone") or "") != tone:
            self.setProperty("tone", tone)
            restyle(self)
