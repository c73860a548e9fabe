"""The page of the hand-over: one key a share, totals, and the list to be signed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from poverty_desktop.gui.components.line_table import LineTable
from poverty_desktop.gui.components.typed_field import TypedField
from poverty_desktop.gui.models.line_model import LineColumn, LineModel
from poverty_desktop.gui.presenters.batch_handover import BatchHandover, HandoverState, ReceiptRow
from poverty_desktop.gui.presenters.support_fields import SupportFields
from poverty_desktop.gui.theme import GRID, ROW, restyle

_COLUMNS = (
    ("number", 48, True),
    ("receiver", 200, False),
    ("village", 132, False),
    ("item", 150, False),
    ("quantity", 96, True),
    ("value", 128, True),
    ("receipt", 136, False),
    ("day", 112, False),
)
_MARKS = {
    "k": "signed", "1": "signed", "d": "fingerprint", "đ": "fingerprint", "2": "fingerprint", "v": "absent", "3": "absent",
}  # fmt: skip


class ReceiptTable(LineTable):
    """`marked(share id, receipt)` by one key; the cursor goes on to the next share. Digits are safe under any typing method;
    letters too, for what Unikey sends in place of "dd" (Backspace, "đ") means the same."""

    marked = Signal(str, str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.lines.line(self.row())
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if row is None:
            super().keyPressEvent(event)
        elif control and event.key() == Qt.Key.Key_D:
            self._as_above()
        elif event.key() == Qt.Key.Key_Backspace:
            if row.receipt != "pending":
                self.marked.emit(row.share_id, "pending")
        elif not control and event.text().lower() in _MARKS:
            self._mark(_MARKS[event.text().lower()])
        else:
            super().keyPressEvent(event)

    def _as_above(self) -> None:
        above = self.lines.line(self.row() - 1)
        if above is not None and above.receipt != "pending":
            self._mark(above.receipt)

    def _mark(self, receipt: str) -> None:
        row = self.lines.line(self.row())
        assert row is not None
        place = self.row()
        self.marked.emit(row.share_id, receipt)
        self.stand_on(place + 1)


class BatchHandoverPage(QWidget):
    """Shows `HandoverState`; says marks, day and path to `BatchHandover`."""

    def __init__(self, presenter: BatchHandover, fields: SupportFields) -> None:
        super().__init__()
        self._presenter, self.texts = presenter, fields.texts
        self.day = TypedField("batch", "received_on", self.texts("batch.field_received_on"))
        self.path = TypedField("batch", "print_path", self.texts("batch.field_print_path"))
        self.path.line.textChanged.connect(self.path.line.setToolTip)  # a path is longer than any field
        self.model = LineModel([self._column(*one) for one in _COLUMNS], lambda row: str(row.share_id))
        title = self.texts("batch.handover")
        self.table = ReceiptTable(self.model, name="batch.handover", title=title, stretch="receiver")
        self.table.setMinimumHeight(5 * ROW)
        self.hint, self.totals, self.problem, self.empty = QLabel(), QLabel(), QLabel(), QLabel(self.texts("batch.no_shares"))
        self.hint.setText(self.texts("batch.handover_hint"))
        self.hint.setProperty("role", "soft")
        self.totals.setObjectName("batch.totals")
        self.totals.setProperty("role", "heading")
        self.problem.setObjectName("batch.handover.problem")
        self.problem.setProperty("tone", "red")
        self._lay_out()

    def _column(self, key: str, width: int, right: bool) -> LineColumn:
        def words(row: ReceiptRow) -> str:
            return self.texts(f"batch.receipt_{row.receipt}") if key == "receipt" else str(getattr(row, key))

        badge = (lambda row: str(row.receipt)) if key == "receipt" else None
        return LineColumn(key, self.texts(f"batch.receipt_column_{key}"), words, width, right, badge)

    def _lay_out(self) -> None:
        for label in (self.hint, self.totals, self.problem, self.empty):
            label.setWordWrap(True)
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * GRID)
        grid.addWidget(self.day, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.path, 0, 1, Qt.AlignmentFlag.AlignTop)
        grid.setColumnMinimumWidth(0, 150)
        grid.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        for widget in (self.totals, self.hint, self.empty):
            column.addWidget(widget)
        column.addWidget(self.table, 1)
        column.addWidget(self.problem)
        column.addLayout(grid)

    # --- what the user did -------------------------------------------------------------------------------------------

    def bind(self) -> None:
        self.table.marked.connect(self._presenter.mark)
        self.day.left.connect(lambda _, typed: self._presenter.left_day(typed))
        self.path.left.connect(lambda _, typed: self._presenter.left_path(typed))

    def commit(self) -> None:
        self.day.commit()
        self.path.commit()

    def focus_first(self) -> None:
        if self.table.row() < 0:
            self.table.stand_on(0)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- showing -----------------------------------------------------------------------------------------------------

    def show_state(self, state: HandoverState) -> None:
        self.model.show_lines(state.rows)
        if state.problem and state.problem != self.problem.text():
            self.table.stand_on(self.model.row_of(state.problem_row))
        self.problem.setText(state.problem)
        self.problem.setVisible(bool(state.problem))
        restyle(self.problem)
        self.totals.setText(state.totals)
        self.empty.setVisible(not state.rows)
        self.table.setVisible(bool(state.rows))
        said = state.day_said
        self.day.show_text(state.day, said.tone if said else None, said.sentence if said else "")
        self.path.show_text(state.path)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < 760
        self.table.hide_columns(*(("item", "day", "number", "value") if narrow else ()))
        self.table.setColumnWidth(self.model.column_of("village"), 124 if narrow else 132)
        self.table.setColumnWidth(self.model.column_of("quantity"), 92 if narrow else 96)
