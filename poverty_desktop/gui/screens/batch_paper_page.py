"""The page of a new batch: the paper's fields above, the lines in a grid below."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from poverty_desktop.gui.components.entry_grid import EntryGrid
from poverty_desktop.gui.components.typed_field import TypedField
from poverty_desktop.gui.models.choices import Choice
from poverty_desktop.gui.models.entry_model import Column, EntryModel, EntryRow, Finding
from poverty_desktop.gui.presenters.batch_paper import MONEY, PAPER_FIELDS, SOURCE_FIELDS, BatchPaper, PaperState
from poverty_desktop.gui.presenters.support_fields import Option, RowView, SupportFields, shown_number
from poverty_desktop.gui.theme import GRID

_WIDTHS = {"support_kind": 168, "item_name": 144, "specification": 128, "unit": 80, "quantity": 96, "value": 136}
_MONEY_WIDTH = 136
# How much of a row of twelve a field takes: names of people and places wide, numbers and dates narrow.
_SHORT = ("project_no", "decision_no", "decided_on", "handover_on")
_WIDE = {"supplier": 6, "handover_place": 10} | dict.fromkeys(_SHORT, 2) | dict.fromkeys(SOURCE_FIELDS, 4)
_NARROW = {"name": 12, "programme_key": 12, "supplier": 12, "handover_place": 8} | dict.fromkeys(_SHORT, 4)
_COLUMNS, _WIDE_PAGE = 12, 900


class BatchPaperPage(QWidget):
    """Shows `PaperState`; says what was typed to `BatchPaper`."""

    def __init__(self, presenter: BatchPaper, fields: SupportFields) -> None:
        super().__init__()
        self._presenter, self._words, self.texts = presenter, fields, fields.texts
        lists = {"programme_key": fields.programmes} | dict.fromkeys(SOURCE_FIELDS, fields.sources)
        self.fields = {
            name: TypedField(
                "batch", name, self.texts(f"batch.field_{name}"), choices_of(lists[name]) if name in lists else None
            )
            for name in (*PAPER_FIELDS, *SOURCE_FIELDS)
        }
        self._build_grid(choices_of(fields.kinds))
        self.total = QLabel()
        self.total.setObjectName("batch.total")
        self.total.setProperty("role", "heading")
        self.total.setWordWrap(True)
        self.mark = QLabel(self.texts("batch.codes_mark"))
        self.mark.setProperty("role", "soft")
        self.mark.setWordWrap(True)
        self._form = QGridLayout()
        self._form.setHorizontalSpacing(2 * GRID)
        self._form.setVerticalSpacing(GRID)
        self._spans: dict[str, int] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addLayout(self._form)
        self._arrange(_WIDE)  # before the grid: Enter leads from the last field into its cells
        column.addWidget(self.grid, 1)
        column.addWidget(self.total)
        column.addWidget(self.mark)

    def _build_grid(self, kinds: tuple[Choice, ...]) -> None:
        self._lines = [
            Column(name, self.texts(f"batch.line_{name}"), width, kinds if name == "support_kind" else ())
            for name, width in list(_WIDTHS.items())[:4]
        ]
        self._lines.append(number_column("quantity", self.texts("batch.line_quantity"), _WIDTHS["quantity"]))
        columns = [*self._lines, *(number_column(key, "", _MONEY_WIDTH) for key in MONEY), self._value_column()]
        self.model = EntryModel(columns, self)
        title = self.texts("batch.lines")
        self.grid = EntryGrid(self.texts, self.model, name="batch.lines", title=title, lines=3)

    def _value_column(self) -> Column:
        return number_column("value", self.texts("batch.line_value"), _WIDTHS["value"], editable=False)

    # --- what the user did -------------------------------------------------------------------------------------------

    def bind(self) -> None:
        for one in self.fields.values():
            one.left.connect(self._presenter.left)
        self.model.edited.connect(self._presenter.left_cell)
        self.grid.row_wanted.connect(self._presenter.add_line)
        self.grid.removal_wanted.connect(self._presenter.remove_line)

    def commit(self) -> None:
        for one in self.fields.values():
            one.commit()
        self.grid.commit()

    def focus_first(self) -> None:
        self.fields[PAPER_FIELDS[0]].setFocus(Qt.FocusReason.OtherFocusReason)

    # --- showing -----------------------------------------------------------------------------------------------------

    def show_state(self, state: PaperState) -> None:
        project = self._words.project_words(state.values.get("programme_key", ""), state.values.get("project_no", ""))
        self.fields["programme_key"].show_hint(project)
        for name, one in self.fields.items():
            said = state.said.get(name)
            one.show_text(state.values.get(name, ""), said.tone if said else None, said.sentence if said else "")
        self._show_sources(state.sources)
        self.model.set_rows([entry_row(one) for one in state.lines])
        self.total.setText(state.total)

    def _show_sources(self, sources: tuple[str, ...]) -> None:
        """One money column a chosen source; the others are closed."""
        money = [
            number_column(key, self._words.source(source), _MONEY_WIDTH, editable=bool(source))
            for key, source in zip(MONEY, sources, strict=True)
        ]
        columns = (*self._lines, *money, self._value_column())
        if [one.title for one in columns] == [one.title for one in self.model.columns]:
            return
        self.model.columns = columns
        self.model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(columns) - 1)
        for key, source in zip(MONEY, sources, strict=True):
            self.grid.table.setColumnHidden(self.model.column_of(key), not source)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(_WIDE if self.width() >= _WIDE_PAGE else _NARROW)

    def _arrange(self, spans: dict[str, int]) -> None:
        if spans is self._spans:
            return
        self._spans = spans
        place = 0
        for name, one in self.fields.items():
            span = spans.get(name, _COLUMNS // 2)
            self._form.addWidget(one, place // _COLUMNS, place % _COLUMNS, 1, span, Qt.AlignmentFlag.AlignTop)
            place += span
        for column in range(_COLUMNS):
            self._form.setColumnStretch(column, 1)


def number_column(key: str, title: str, width: int, *, editable: bool = True) -> Column:
    return Column(key, title, width, right=True, show=shown_number, edit=str, editable=editable)


def entry_row(row: RowView) -> EntryRow:
    findings = {key: Finding(said.tone, said.sentence) for key, said in row.said.items()}
    return EntryRow(row.id, {key: text for key, text in row.values.items() if text}, findings, row.locked)


def choices_of(options: tuple[Option, ...]) -> tuple[Choice, ...]:
    return tuple(Choice(one.code, one.label, one.number) for one in options)
