"""The page that gives a line out to households: who, how many, what is left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from poverty_desktop.gui.components.entry_grid import EntryGrid
from poverty_desktop.gui.components.share_delegate import ShareDelegate
from poverty_desktop.gui.models.choices import Choice
from poverty_desktop.gui.models.entry_model import Column, EntryModel
from poverty_desktop.gui.presenters.batch_shares import FILL_CLASSES, BatchShares, SharesState
from poverty_desktop.gui.presenters.support_fields import SupportFields
from poverty_desktop.gui.screens.batch_paper_page import entry_row, number_column
from poverty_desktop.gui.theme import GRID, ROW, restyle
from poverty_desktop.services.ports import HouseholdLine

SLOTS = 3  # money columns; a line has no more sources than the form of the batch offers
_WIDTHS = {"household": 196, "quantity": 88, "class": 144, "village": 96, "money": 128, "value": 116, "reason": 88}
_NARROW = {**_WIDTHS, "household": 184, "money": 116, "value": 116}
_NAMES, _WIDEST = ("household", "village"), 340


class BatchSharesPage(QWidget):
    """Shows `SharesState`; says what was typed to `BatchShares`."""

    def __init__(self, presenter: BatchShares, fields: SupportFields, choose_line: Callable[[str], None]) -> None:
        super().__init__()
        self._presenter, self._words, self.texts, self._choose_line = presenter, fields, fields.texts, choose_line
        self._sources: tuple[str, ...] = ()
        self._line_id = ""
        self.line = self._box("line", 12)
        self.village, self.wanted = self._box("fill_village", 8), self._box("fill_class", 8)
        for name in FILL_CLASSES:
            self.wanted.addItem(self.texts(f"batch.class_{name}"), name)
        self.fill = QPushButton(self.texts("batch.fill"))
        self.fill.setObjectName("batch.add_by_class")
        self.fill.setToolTip(self.texts("batch.fill_tip"))
        self.remaining = QLabel()
        self.remaining.setObjectName("batch.remaining")
        self.remaining.setProperty("role", "heading")
        self.remaining.setWordWrap(True)
        self._build_grid()
        self._lay_out()

    def _box(self, name: str, letters: int) -> QComboBox:
        box = QComboBox()
        box.setObjectName(f"batch.{name}")
        box.setAccessibleName(self.texts(f"batch.{name}"))
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(letters)
        box.setMinimumHeight(ROW)
        return box

    def _build_grid(self) -> None:
        self.model = EntryModel(self._make_columns(()), self)
        title = self.texts("batch.shares")
        self.grid = EntryGrid(
            self.texts, self.model, name="batch.shares", title=title, enter="row", grows=False, lines=4, says="row"
        )
        table = self.grid.table
        columns = (self.model.column_of("class"), self._words.class_words, self.model.column_of("household"), self._search)
        table.horizontalHeader().setStretchLastSection(True)  # the reason
        table.setItemDelegate(ShareDelegate(table, table.go, *columns))

    def _make_columns(self, sources: Sequence[str]) -> list[Column]:
        def column(key: str, editable: bool = False) -> Column:
            return Column(key, self.texts(f"batch.share_{key}"), _WIDTHS[key], editable=editable)

        padded = [*sources, *("" for _ in range(SLOTS - len(sources)))][:SLOTS]
        money = [
            number_column(_money_key(source, place), self._words.source(source), _WIDTHS["money"], editable=False)
            for place, source in enumerate(padded)
        ]
        quantity = number_column("quantity", self.texts("batch.share_quantity"), _WIDTHS["quantity"])
        value = number_column("value", self.texts("batch.share_value"), _WIDTHS["value"], editable=False)
        named = [column("household", True), quantity, column("class"), column("village")]
        return [*named, *money, value, column("reason", True)]

    def _lay_out(self) -> None:
        top, bar = QHBoxLayout(), QHBoxLayout()
        top.setSpacing(GRID)
        top.addWidget(self.line, 1)
        bar.setSpacing(GRID)
        self.fill_words = QLabel(self.texts("batch.fill_words"))
        self.fill_words.setProperty("role", "soft")
        bar.addWidget(self.fill_words)
        bar.addWidget(self.wanted)
        bar.addWidget(self.village)
        bar.addWidget(self.fill)
        bar.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addLayout(top)
        column.addWidget(self.remaining)
        column.addWidget(self.grid, 1)
        column.addLayout(bar)

    # --- what the user did -------------------------------------------------------------------------------------------

    def bind(self) -> None:
        self.model.edited.connect(self._presenter.left_cell)
        self.grid.removal_wanted.connect(self._presenter.remove)
        self.fill.clicked.connect(self._fill)
        self.line.activated.connect(lambda _: self._choose_line(self.line.currentData()))

    def _fill(self) -> None:
        self.grid.commit()
        before = next((number for number, row in enumerate(self.model.rows) if not row.values), 0)
        self._presenter.fill(self.village.currentData(), self.wanted.currentData())
        self.grid.stand_on(min(before, max(0, self.model.rowCount() - 1)), "quantity")

    def step_line(self, step: int) -> None:
        """Ctrl+PgUp, Ctrl+PgDn."""
        row = self.line.currentIndex() + step
        if 0 <= row < self.line.count():
            self.grid.commit()
            self._choose_line(self.line.itemData(row))

    def _search(self, text: str, found: Callable[[str, Sequence[Choice]], None]) -> None:
        def came(asked: str, lines: list[HouseholdLine]) -> None:
            found(asked, [_choice(line) for line in lines])

        self._presenter.search(text, came)

    def commit(self) -> None:
        self.grid.commit()

    def focus_first(self) -> None:
        if self.model.rowCount():
            self.grid.stand_on(0, "household" if self.model.is_empty(0) else "quantity")

    # --- showing -----------------------------------------------------------------------------------------------------

    def show_state(self, state: SharesState, lines: tuple[tuple[str, str], ...]) -> None:
        fill_box(self.line, lines, state.line_id)
        everywhere = (("", self.texts("batch.all_villages")),)
        chosen = self.village.currentData() or ""
        villages = tuple((one.code, self.texts("batch.in_village", name=one.label)) for one in state.villages)
        fill_box(self.village, everywhere + villages, chosen)
        self._show_sources(state.sources)
        self.model.set_rows([entry_row(one) for one in state.rows])
        self._fit()
        self.remaining.setText(state.remaining)
        if (self.remaining.property("tone") or "") != (state.remaining_tone or ""):
            self.remaining.setProperty("tone", state.remaining_tone or "")
            restyle(self.remaining)
        if self._line_id != state.line_id and state.rows and self.isVisible():
            self._line_id = state.line_id
            self.focus_first()

    def reopen(self) -> None:
        """The place was gone to anew: put the cursor when the rows come."""
        self._line_id = ""

    def _show_sources(self, sources: tuple[str, ...]) -> None:
        if sources != self._sources:
            self._sources = sources
            self.model.columns = tuple(self._make_columns(sources))
            self.model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.model.columns) - 1)
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        narrow = self.width() < 800
        self.fill_words.setVisible(not narrow)
        widths: dict[str, Any] = _NARROW if narrow else _WIDTHS
        for number, column in enumerate(self.model.columns):
            is_closed = column.key.startswith("closed")
            name = "money" if column.key.startswith("money.") else column.key
            self.grid.table.setColumnHidden(number, is_closed)
            if name in widths:
                width = max(widths[name], min(self._widest(number), _WIDEST)) if name in _NAMES else widths[name]
                self.grid.table.setColumnWidth(number, width)

    def _widest(self, column: int) -> int:
        """What the longest name needs; a name that is cut may be another's."""
        metrics, rows = self.grid.table.fontMetrics(), range(self.model.rowCount())
        return max((metrics.horizontalAdvance(str(self.model.index(row, column).data() or "")) for row in rows), default=0) + 28


def _money_key(source: str, place: int) -> str:
    return f"money.{source}" if source else f"closed{place}"


def fill_box(box: QComboBox, entries: tuple[tuple[str, str], ...], chosen: str) -> None:
    """Show these (data, words); rewrites only what differs."""
    if [(box.itemData(row) or "", box.itemText(row)) for row in range(box.count())] != list(entries):
        box.clear()
        for data, words in entries:
            box.addItem(words, data or None)
    box.setCurrentIndex(max(0, next((row for row, one in enumerate(entries) if one[0] == chosen), 0)))


def _choice(line: HouseholdLine) -> Choice:
    code = f" · {line.household_code}" if line.household_code else ""
    return Choice(line.id, f"{line.head_name or '—'}{code}", hint=line.village_name or "")
