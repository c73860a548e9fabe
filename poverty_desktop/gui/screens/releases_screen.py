"""The forms of the commune: versions at the left, what there is to check at the right, a new workbook below."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.components.field import Field
from poverty_desktop.gui.components.list_beside import ListBeside
from poverty_desktop.gui.components.plain_words import plain_words
from poverty_desktop.gui.components.point_table import PointTable
from poverty_desktop.gui.presenters.releases_presenter import ReleaseLine, ReleasesPresenter, ReleasesState
from poverty_desktop.gui.screen import Screen
from poverty_desktop.gui.theme import GRID, ROW, restyle
from poverty_desktop.services.point_sheet import PointSheet

READABLE = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard


class ReleasesScreen(Screen):
    """Object names: `releases.list`, `releases.details`, `releases.points`, `releases.file`, `releases.standard`,
    `releases.propose`, `releases.withdraw`, `action.release` (the main act, Ctrl+Enter twice)."""

    place: ClassVar[str] = "releases"
    area: ClassVar[str] = "review"

    def __init__(self, presenter: ReleasesPresenter, texts: Texts) -> None:
        super().__init__(texts)
        self._presenter = presenter
        self._arriving = False
        self.set_title(texts("release.title"))
        self._release = self.set_main_action(texts("release.release"), presenter.release, name="release", shortcut="Ctrl+Return")
        self.told = plain_words("releases.told", "soft")
        self.empty = plain_words("releases.empty", "soft", texts("release.empty"))
        self.details = QPlainTextEdit()
        self.points_words = plain_words("releases.points_words", "label")
        self.points = PointTable("releases.points", texts("release.points"), texts("release.points_choice"))
        self.file, self.standard = QLineEdit(), QComboBox()
        self.choose, self.propose = QPushButton(texts("release.choose_file")), QPushButton(texts("release.propose"))
        self.withdraw = QPushButton(texts("release.withdraw"))
        self._name_parts()
        self._lay_out()

    def _name_parts(self) -> None:
        for widget, name in ((self.choose, "choose_file"), (self.propose, "propose"), (self.withdraw, "withdraw")):
            widget.setObjectName(f"releases.{name}")
        self.details.setObjectName("releases.details")
        self.details.setAccessibleName(self.texts("release.details"))
        self.details.setReadOnly(True)
        self.details.setTextInteractionFlags(READABLE)
        self.details.setTabChangesFocus(True)
        self.details.setStyleSheet(f"min-height: {16 * GRID}px;")  # the sheet of the program would overrule setMinimumHeight
        self.details.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)  # the table needs the room more
        self.file.setMinimumHeight(ROW)
        self.standard.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for standard_id, name in (*self._presenter.standards, (None, self.texts("release.no_standard"))):
            self.standard.addItem(name, standard_id)

    def _lay_out(self) -> None:
        checked = QWidget()
        column = QVBoxLayout(checked)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.details, 2)
        column.addWidget(self.points_words)
        column.addWidget(self.points, 3)
        column.setSpacing(GRID)
        self.work = ListBeside("releases.list", self.texts("release.list"), checked)
        self.list = self.work.list
        foot, new = QHBoxLayout(), QHBoxLayout()
        new.setSpacing(2 * GRID)
        foot.addStretch(1)
        foot.addWidget(self.withdraw)
        self._file = Field("releases.file", self.texts("release.file"), self.file)
        new.addWidget(self._file, 1)
        new.addWidget(Field("releases.standard", self.texts("release.standard"), self.standard))
        acts = QHBoxLayout()
        acts.addWidget(self.choose)
        acts.addStretch(1)
        acts.addWidget(self.propose)
        for widget in (self.told, self.empty):
            self.body.addWidget(widget)
        self.body.addWidget(self.work, 1)
        self.body.addStretch()  # what there is to fill in stays together while there is nothing to look at
        for layout in (foot, new, acts):
            self.body.addLayout(layout)
        self.work.hide()
        self.told.hide()

    def bind(self) -> None:
        presenter = self._presenter
        self.work.picked.connect(presenter.select)
        self.withdraw.clicked.connect(presenter.withdraw)
        self.choose.clicked.connect(self._choose_file)
        self.file.textChanged.connect(self.file.setToolTip)  # a path is often longer than the line
        self.propose.clicked.connect(lambda: presenter.propose(self.file.text(), self.standard.currentData()))

    def _choose_file(self) -> None:
        found, _ = QFileDialog.getOpenFileName(self, self.texts("release.file"), "", self.texts("release.file_kinds"))
        if found:
            self.file.setText(found)
            self.propose.setFocus()

    # --- what the shell calls ------------------------------------------------------------------------------------------

    def opened(self, **facts: object) -> None:
        self._arriving = True
        self._presenter.load()

    def focus_first(self) -> None:
        (self.list if self._presenter.state.lines else self.file).setFocus()

    def cancel(self) -> bool:
        return self._presenter.cancel()

    def keys(self) -> list[tuple[str, str]]:
        texts = self.texts
        return [
            ("↑ ↓", texts("release.key_list")),
            ("Ctrl+Enter", texts("release.key_ask")),
            ("Esc", texts("survey.key_as_it_was")),
        ]

    # --- showing ---------------------------------------------------------------------------------------------------------

    def render(self, state: ReleasesState) -> None:  # type: ignore[override]
        line = state.line
        self.empty.setVisible(state.loaded and not state.lines)
        self.work.setVisible(bool(state.lines or state.faults))
        self.list.setVisible(bool(state.lines))
        self.withdraw.setVisible(line is not None and line.may_withdraw)
        self._release.setVisible(line is not None and line.may_release)
        self._show_told(state)
        self.work.show_lines([one.title for one in state.lines], state.selected)
        self._arrive(state)
        words = state.faults or (line.words if line else "")
        if self.details.toPlainText() != words:
            self.details.setPlainText(words)
        self._show_points(None if state.faults else line)

    def _show_points(self, line: ReleaseLine | None) -> None:
        sheet = line.points if line else PointSheet()
        self.points.show_sheet(sheet)
        self.points_words.setText(line.points_words if line else "")
        tone = "red" if sheet.missing else ""
        if self.points_words.property("tone") != tone:
            self.points_words.setProperty("tone", tone)
            restyle(self.points_words)
        for part in (self.points, self.points_words):
            part.setVisible(bool(sheet.lines))

    def _arrive(self, state: ReleasesState) -> None:
        """The list came after the screen: the cursor goes to it, unless somebody types already."""
        if self._arriving and state.loaded:
            self._arriving = False
            if state.lines and self.file.hasFocus() and not self.file.text():
                self.list.setFocus()

    def _show_told(self, state: ReleasesState) -> None:
        self.told.setText(state.told)
        self.told.setVisible(bool(state.told))
        if self.told.property("tone") != state.tone:
            self.told.setProperty("tone", state.tone)
            restyle(self.told)
