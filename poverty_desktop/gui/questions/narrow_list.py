"""The list below a choice of many: narrowed as one types, a handful of lines high, one model for a thousand options."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtWidgets import QListView, QWidget

from poverty_desktop.domain.names import fold
from poverty_desktop.gui.presenters.survey_state import Option
from poverty_desktop.gui.theme import ROW

Index = QModelIndex | QPersistentModelIndex
_MOST_LINES = 7
_NOWHERE = QModelIndex()


class NarrowModel(QAbstractListModel):
    """The options that fit what is typed, best first: the number itself, the words that begin so, then any word in them."""

    def __init__(self, nothing: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._nothing = nothing
        self._options: tuple[Option, ...] = ()
        self._folded: tuple[str, ...] | None = None  # made when something is first typed
        self.found: Sequence[Option] = ()
        self.ticked: frozenset[str] | None = None  # None: of these one alone is chosen

    def offer(self, options: tuple[Option, ...]) -> None:
        self.beginResetModel()
        self._options, self._folded, self.found = options, None, options
        self.endResetModel()

    def narrow(self, typed: str) -> None:
        self.beginResetModel()
        self.found = self._fitting(fold(typed)) if typed else self._options
        self.endResetModel()

    def _fitting(self, wanted: str) -> list[Option]:
        if self._folded is None:
            self._folded = _folded(self._options)
        ranks: dict[int, list[Option]] = {0: [], 1: [], 2: [], 3: []}
        for option, words in zip(self._options, self._folded, strict=True):
            rank = _rank(wanted, option.number, words)
            if rank is not None:
                ranks[rank].append(option)
        return [option for rank in sorted(ranks) for option in ranks[rank]]

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else max(1, len(self.found))

    def flags(self, index: Index) -> Qt.ItemFlag:
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable if self.found else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if not self.found:
            return self._nothing if role == Qt.ItemDataRole.DisplayRole else None
        option = self.found[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{option.number}\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}{option.label}"
        if role == Qt.ItemDataRole.CheckStateRole and self.ticked is not None:
            return Qt.CheckState.Checked if option.value in self.ticked else Qt.CheckState.Unchecked
        return None


class NarrowList(QListView):
    """`picked(value)` when an option is pressed with the mouse. Takes no focus: the keys stay in the line above."""

    picked = Signal(str)

    def __init__(self, nothing: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.options = NarrowModel(nothing, self)
        self.setModel(self.options)
        self.setUniformItemSizes(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.clicked.connect(lambda index: self.picked.emit(self.found[index.row()].value) if self.found else None)
        self.hide()

    @property
    def found(self) -> Sequence[Option]:
        return self.options.found

    @property
    def marked(self) -> Option | None:
        """The option that Enter would take."""
        row = self.currentIndex().row()
        return self.found[row] if 0 <= row < len(self.found) else None

    def offer(self, options: tuple[Option, ...]) -> None:
        self.options.offer(options)

    def tick(self, values: tuple[str, ...] | None) -> None:
        """The ticks of a choice of several; None where one alone is chosen."""
        self.options.ticked = None if values is None else frozenset(values)
        self.viewport().update()

    def narrow(self, typed: str) -> None:
        self.options.narrow(typed)
        self.setCurrentIndex(self.options.index(0))
        self.setFixedHeight(min(self.options.rowCount(), _MOST_LINES) * self._line() + 4)

    def _line(self) -> int:
        return max(self.sizeHintForRow(0), ROW)

    def mark(self, value: str) -> None:
        place = next((row for row, option in enumerate(self.found) if option.value == value), 0)
        self.setCurrentIndex(self.options.index(place))

    def walk(self, step: int) -> None:
        place = min(max(self.currentIndex().row() + step, 0), self.options.rowCount() - 1)
        self.setCurrentIndex(self.options.index(place))

    def sizeHint(self) -> QSize:
        return QSize(320, self.height())


@lru_cache(maxsize=16)
def _folded(options: tuple[Option, ...]) -> tuple[str, ...]:
    """The words as they are searched; the same list comes with every household."""
    return tuple(fold(option.label) for option in options)


def _rank(wanted: str, number: str, words: str) -> int | None:
    if number == wanted:
        return 0
    if words.startswith(wanted):
        return 1
    if f" {wanted}" in words:
        return 2
    return 3 if wanted in words or number.startswith(wanted) else None
