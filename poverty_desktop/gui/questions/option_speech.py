"""What a screen reader is told of painted options: a list of its options with their numbers, places and ticks.

PySide's types leave out that Qt may be told "none" (hence the marks for the type checker).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface, QAccessibleStateChangeEvent
from PySide6.QtWidgets import QAccessibleWidget
from shiboken6 import isValid

if TYPE_CHECKING:
    from poverty_desktop.gui.questions.option_list import OptionList


class SpokenList(QAccessibleWidget):
    """The options of one choice. Qt asks for it when a screen reader comes, and lets it go with its widget."""

    def __init__(self, shown: OptionList) -> None:
        super().__init__(shown, QAccessible.Role.List)
        self._shown = shown
        self._spoken: list[SpokenOption] = []

    def childCount(self) -> int:
        return len(self._shown.options)

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        while len(self._spoken) < len(self._shown.options):
            self._spoken.append(SpokenOption(self._shown, len(self._spoken)))
            QAccessible.registerAccessibleInterface(self._spoken[-1])
        return self._spoken[index] if 0 <= index < len(self._shown.options) else None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return next((place for place, one in enumerate(self._spoken) if one == child), -1)

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return self.child(self._shown.row_at(self._shown.mapFromGlobal(QPoint(x, y))))

    def focusChild(self) -> QAccessibleInterface | None:  # type: ignore[override]
        return self.child(self._shown.present) if self._shown.hasFocus() else None


class SpokenOption(QAccessibleInterface):
    """One option: "1 Có", whether it is ticked, and whether the cursor stands on it."""

    def __init__(self, shown: OptionList, row: int) -> None:
        super().__init__()
        self._shown, self._row = shown, row

    def isValid(self) -> bool:
        return isValid(self._shown) and self._row < len(self._shown.options)

    def object(self) -> QObject | None:  # type: ignore[override]
        return None

    def parent(self) -> QAccessibleInterface | None:  # type: ignore[override]
        return QAccessible.queryAccessibleInterface(self._shown) if isValid(self._shown) else None

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return None

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return None

    def childCount(self) -> int:
        return 0

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return -1

    def text(self, kind: QAccessible.Text) -> str:
        if kind != QAccessible.Text.Name or not self.isValid():
            return ""
        option = self._shown.options[self._row]
        return f"{option.number} {option.label}"

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        """Nobody writes here."""

    def rect(self) -> QRect:
        if not self.isValid():
            return QRect()
        return self._shown.place_of(self._row).translated(self._shown.mapToGlobal(QPoint(0, 0)))

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.CheckBox if self._shown.many else QAccessible.Role.RadioButton

    def state(self) -> QAccessible.State:
        found = QAccessible.State()
        if self.isValid():
            found.checkable = found.focusable = found.selectable = 1
            found.checked = found.selected = int(self._shown.options[self._row].value in self._shown.chosen)
            found.focused = int(self._shown.hasFocus() and self._shown.present == self._row)
            found.readOnly = int(self._shown.readonly)
        return found


@cache
def speak_of_options() -> None:
    """Tell Qt who speaks of options; once is enough for the process."""
    QAccessible.installFactory(_spoken)


def _spoken(kind: str, shown: QObject) -> QAccessibleInterface | None:
    from poverty_desktop.gui.questions.option_list import OptionList

    return SpokenList(shown) if isinstance(shown, OptionList) else None


def stood_on(shown: OptionList, row: int) -> None:
    """The cursor came to an option."""
    if QAccessible.isActive() and shown.hasFocus():
        event = QAccessibleEvent(shown, QAccessible.Event.Focus)
        event.setChild(row)
        QAccessible.updateAccessibility(event)


def ticks_changed(shown: OptionList, before: tuple[str, ...]) -> None:
    """Some options were chosen or given up."""
    if QAccessible.isActive():
        for row, option in enumerate(shown.options):
            if (option.value in before) != (option.value in shown.chosen):
                changed = QAccessible.State()
                changed.checked = 1
                event = QAccessibleStateChangeEvent(shown, changed)
                event.setChild(row)
                QAccessible.updateAccessibility(event)
