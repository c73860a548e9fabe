"""The reports: choose, read, see that the figures agree, write to Excel."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QSpinBox,
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
from poverty_desktop.gui.theme import GRID, ROW, restyle

FIRST_YEAR, LAST_YEAR = 2022, 2099


class ReportsScreen(Screen):
    place: ClassVar[str] = "reports"

    def __init__(self, presenter: ReportsPresenter, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(texts, parent)
        self._presenter = presenter
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
        self.year = QSpinBox()
        self.year.setRange(FIRST_YEAR, LAST_YEAR)
        self.year.setGroupSeparatorShown(False)
        self.year.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.stage = QComboBox()
        row = QHBoxLayout()
        row.setSpacing(2 * GRID)
        row.addWidget(Field("reports.template", self.texts("reports.template"), self.template), 3)
        row.addWidget(Field("reports.year", self.texts("reports.year"), self.year), 1)
        row.addWidget(Field("reports.stage", self.texts("reports.stage"), self.stage), 2)
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
        self.table = QTableView()
        self.table.setObjectName("reports.table")
        self.table.setAccessibleName(self.texts("reports.title"))
        self.table.setModel(self.model)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setTabKeyNavigation(False)
        self.table.setMinimumHeight(10 * ROW)
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

    # --- what the user did -------------------------------------------------------------------------------------------

    def bind(self) -> None:
        self.template.activated.connect(lambda _: self._presenter.choose(template=self.template.currentData()))
        self.stage.activated.connect(lambda _: self._presenter.choose(stage=self.stage.currentData()))
        self.year.editingFinished.connect(lambda: self._presenter.choose(year=self.year.value()))
        self.folder.editingFinished.connect(lambda: self._presenter.choose_folder(self.folder.text()))

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
            self.year.blockSignals(True)
            self.year.setValue(state.year)
            self.year.blockSignals(False)
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
        self.legend.setText("   ".join(f"({at}) {report_words.column_head(report, at, self.texts)}" for at in columns))
        self._size_columns()
        self._render_checks(report)

    def _size_columns(self) -> None:
        self.table.setColumnWidth(0, 44)
        self.table.setColumnWidth(1, 180)
        for column in range(2, self.model.columnCount()):
            self.table.setColumnWidth(column, 68 if column < self.model.lead else 62)

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
