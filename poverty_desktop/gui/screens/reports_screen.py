"""The reports: choose, read, see that the figures agree, write to Excel."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QFontMetrics, QIntValidator, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from poverty_desktop.domain import report_words
from poverty_desktop.domain.poverty_reports import Report
from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.components.field import Field
from poverty_desktop.gui.models.report_model import ReportModel
from poverty_desktop.gui.presenters.reports_presenter import TEMPLATES, ReportsPresenter, ReportsState
from poverty_desktop.gui.screen import Screen
from poverty_desktop.gui.theme import GRID, NARROW, ROW, restyle, ui_font

FIRST_YEAR, LAST_YEAR = 2022, 2099
MOST_UNIT, MOST_COLUMN, TABLE_POINTS = 200, 96, 10


class ReportsScreen(Screen):
    place: ClassVar[str] = "reports"

    def __init__(self, presenter: ReportsPresenter, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(texts, parent)
        self._presenter = presenter
        self._heads: list[str] = []
        self.set_title(texts("reports.title"))
        self.set_main_action(texts("reports.export"), self._export, name="export", shortcut="Ctrl+E")
        self._build_choice()
        self._build_table()
        self._build_checks()
        self._build_foot()

    # --- building ----------------------------------------------------------------------------------------------------

    def _build_choice(self) -> None:
        self.template = QComboBox()
        for template in TEMPLATES:
            self.template.addItem(self.texts(f"reports.template_{template.replace('.', '')}"), template)
        self.year = QLineEdit()
        self.year.setValidator(_Years(FIRST_YEAR, LAST_YEAR, self.year))
        self.stage = QComboBox()
        row = QHBoxLayout()
        row.setSpacing(2 * GRID)
        for name, editor, share in (("template", self.template, 3), ("year", self.year, 0), ("stage", self.stage, 2)):
            if isinstance(editor, QComboBox):  # as wide as the row gives, not as its longest choice asks
                editor.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
                editor.setMinimumContentsLength(12)
            editor.setMinimumHeight(ROW)
            row.addWidget(Field(f"reports.{name}", self.texts(f"reports.{name}"), editor), share)
        self.year.setFixedWidth(10 * GRID)
        self.body.addLayout(row)

    def _build_table(self) -> None:
        self.model = ReportModel(self.texts)
        self.heading = QLabel()
        self.heading.setObjectName("reports.heading")
        self.heading.setProperty("role", "heading")
        self.heading.setWordWrap(True)
        self.legend = QLabel()
        self.legend.setObjectName("reports.legend")
        self.legend.setProperty("role", "soft")
        self.legend.setWordWrap(True)
        self.legend.setTextFormat(Qt.TextFormat.RichText)
        self.table = QTableView()
        self.table.setObjectName("reports.table")
        self.table.setAccessibleName(self.texts("reports.title"))
        self.table.setModel(self.model)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setTabKeyNavigation(False)
        self.table.setMinimumHeight(10 * ROW)
        self.table.setFont(ui_font(TABLE_POINTS))  # the fourteen columns of 7.1 fit a window of 1366 pixels
        self.table.setStyleSheet("QTableView::item { padding: 0 4px; } QHeaderView::section { padding: 5px 6px; }")
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.table.verticalHeader().setDefaultSectionSize(ROW)
        self.body.addWidget(self.heading)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.legend)

    def _build_checks(self) -> None:
        self.verdict = QLabel()
        self.verdict.setObjectName("reports.verdict")
        self.verdict.setProperty("role", "label")
        self.verdict.setWordWrap(True)
        self.checks = QVBoxLayout()
        self.checks.setSpacing(0)
        self.body.addWidget(self.verdict)
        self.body.addLayout(self.checks)

    def _build_foot(self) -> None:
        self.folder = QLineEdit()
        self.body.addWidget(Field("reports.folder", self.texts("reports.folder"), self.folder))
        self.file = QLabel()
        self.file.setObjectName("reports.file")
        self.file.setProperty("role", "soft")
        self.body.addWidget(self.file)
        self.body.addStretch(0)

    # --- what the user did -------------------------------------------------------------------------------------------

    def bind(self) -> None:
        self.template.activated.connect(lambda _: self._choose(template=self.template.currentData()))
        self.stage.activated.connect(lambda _: self._choose(stage=self.stage.currentData()))
        self.year.editingFinished.connect(self._year_typed)
        self.folder.editingFinished.connect(lambda: self._presenter.choose_folder(self.folder.text()))

    def _year_typed(self) -> None:
        """Ctrl+S ends the typing at any moment: a year that is half typed is left alone."""
        if self.year.hasAcceptableInput():
            self._presenter.choose(year=int(self.year.text()))

    def _choose(self, **wanted: str) -> None:
        """What was said of the report before no longer holds."""
        self.quiet()
        self._presenter.choose(template=wanted.get("template"), stage=wanted.get("stage"))

    def _export(self) -> None:
        self.quiet()
        self._presenter.choose_folder(self.folder.text())
        self._presenter.export()

    def opened(self, **facts: Any) -> None:
        self._presenter.opened()

    def focus_first(self) -> None:
        self.template.setFocus()

    def keys(self) -> list[tuple[str, str]]:
        return [("Ctrl+E", self.texts("reports.key_export")), ("Alt+↓", self.texts("reports.key_choose"))]

    # --- showing -----------------------------------------------------------------------------------------------------

    def render(self, state: ReportsState) -> None:  # type: ignore[override]
        self.template.setCurrentIndex(max(0, self.template.findData(state.template)))
        if not self.year.hasFocus():
            self.year.setText(str(state.year))
        self._render_stages(state)
        if not self.folder.hasFocus():
            self.folder.setText(state.folder)
        self.file.setText(self.texts("reports.file", name=state.file_name))
        self._render_report(state.report)
        if self.main_action is not None:
            self.main_action.setEnabled(state.report is not None)
        if state.written is not None:
            self._tell_written(state.written)

    def _render_stages(self, state: ReportsState) -> None:
        shown = [self.stage.itemData(place) for place in range(self.stage.count())]
        wanted = list(state.stages) or [state.stage]
        if shown != wanted:
            self.stage.clear()
            for stage in wanted:
                self.stage.addItem(self.texts(f"reports.stage_{stage}"), stage)
        self.stage.setCurrentIndex(max(0, self.stage.findData(state.stage)))

    def _render_report(self, report: Report | None) -> None:
        self.model.show_report(report)
        for widget in (self.table, self.heading, self.legend, self.verdict):
            widget.setVisible(report is not None)
        self._clear_checks()
        if report is None:
            return
        self.heading.setText(f"{report_words.heading(report, self.texts)} {report_words.stage_line(report, self.texts)}")
        columns = range(1, report.columns + 1)
        self._heads = [f"({at}) {report_words.column_head(report, at, self.texts)}" for at in columns]
        self._fit()
        self._render_checks(report)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """The columns share the width; the legend runs down two or three columns."""
        self._size_columns()
        self.legend.setText(legend_table(self._heads, 3 if self.width() >= NARROW else 2))

    def _size_columns(self) -> None:
        """The columns of the paper share the width; where there is none to share they keep what their numbers need."""
        columns = self.model.columnCount()
        if not columns:
            return
        self.table.setMaximumHeight((self.model.rowCount() + 1) * ROW + 3 * GRID)
        metrics = QFontMetrics(ui_font(TABLE_POINTS, bold=True))
        words = [str(self.model.headerData(at, Qt.Orientation.Horizontal)) for at in range(columns)]
        leads = [metrics.horizontalAdvance(word) + 3 * GRID for word in words[: self.model.lead]]
        units = [str(self.model.index(row, 1).data() or "") for row in range(self.model.rowCount())]
        widest = max((metrics.horizontalAdvance(unit) for unit in units), default=0)
        leads[1] = max(leads[1], min(widest + 3 * GRID, MOST_UNIT))
        numbers = columns - self.model.lead
        left = self.width() - 8 * GRID - sum(leads) - self.table.verticalScrollBar().sizeHint().width()
        share = max(metrics.horizontalAdvance("100,00") + 2 * GRID, min(left // numbers, MOST_COLUMN))
        for column in range(columns):
            self.table.setColumnWidth(column, leads[column] if column < self.model.lead else share)

    def _clear_checks(self) -> None:
        while (item := self.checks.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()

    def _render_checks(self, report: Report) -> None:
        wrong = [check for check in report.checks if not check.ok]
        self.verdict.setProperty("tone", "red" if wrong else "")
        restyle(self.verdict)
        words = "reports.checks_wrong" if wrong else "reports.checks_hold"
        self.verdict.setText(("✗ " if wrong else "✓ ") + self.texts(words, wrong=len(wrong), all=len(report.checks)))
        for check in wrong:
            sides = f"{check.left} {report_words.relation_sign(check)} {check.right}"
            self._line(f"✗ {report_words.check_rule(check, self.texts)}: {sides}", "red")
        if report.not_reviewed:
            self._line("! " + self.texts("report.not_reviewed", count=report.not_reviewed), "amber")

    def _line(self, words: str, tone: str) -> None:
        label = QLabel(words)
        label.setProperty("tone", tone)
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.checks.addWidget(label)

    def _tell_written(self, file: Path) -> None:
        def show() -> None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(file)))

        self.tell("grey", self.texts("reports.written", file=str(file)), self.texts("reports.open"), show)


class _Years(QIntValidator):
    """A year that was left half typed becomes the first one there can be, never one that is shown but not meant."""

    def fixup(self, text: str) -> str:
        return text if self.bottom() <= int(text or 0) <= self.top() else str(self.bottom())


def legend_table(heads: Sequence[str], columns: int) -> str:
    """What the numbered columns hold, read downwards in `columns` columns of rich text."""
    rows = -(-len(heads) // columns)
    lines = []
    for row in range(rows):
        cells = (escape(heads[at]) if at < len(heads) else "" for at in range(row, rows * columns, rows))
        lines.append("<tr>" + "".join(f"<td width='{100 // columns}%'>{cell}</td>" for cell in cells) + "</tr>")
    return f"<table width='100%' cellspacing='0' cellpadding='1' style='font-size:10pt'>{''.join(lines)}</table>"
