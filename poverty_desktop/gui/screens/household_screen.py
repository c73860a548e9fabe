"""One household: its fields, its members keyed like a spreadsheet, and what the rules say. Leaving it saves it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.components.choice_edit import ChoiceEdit
from poverty_desktop.gui.components.entry_grid import EntryGrid
from poverty_desktop.gui.models.choices import Choice
from poverty_desktop.gui.models.entry_model import Column, EntryModel, EntryRow, Finding
from poverty_desktop.gui.presenters import member_fields
from poverty_desktop.gui.presenters.household_presenter import HouseholdPresenter
from poverty_desktop.gui.presenters.household_state import HOUSEHOLD_FIELDS, HouseholdState, RowState
from poverty_desktop.gui.presenters.member_fields import MEMBER_COLUMNS, MemberFields
from poverty_desktop.gui.screen import Screen
from poverty_desktop.gui.screens.household_form import HouseholdForm
from poverty_desktop.gui.screens.household_sides import RemovalBar, Sides
from poverty_desktop.gui.theme import GRID

_WIDTHS = {
    "full_name": 216,
    "relation_to_head": 152,
    "sex": 88,
    "birth_date": 112,
    "personal_id_number": 168,
    "ethnic_group": 128,
    "activity_status": 160,
}


class HouseholdScreen(Screen):
    place: ClassVar[str] = "household"
    area: ClassVar[str] = "households"

    def __init__(self, presenter: HouseholdPresenter, texts: Texts, fields: MemberFields, parent: QWidget | None = None) -> None:
        super().__init__(texts, parent)
        self._presenter = presenter
        self._shown_id = ""
        self._wants_focus = False
        self.body.setSpacing(GRID)
        self.set_title(texts("household.title_new"))
        self.set_main_action(texts("household.save"), self.save_now, name="save")
        choices = {name: shown_choices(options) for name, options in fields.choices.items()}
        self.form = HouseholdForm(texts, HOUSEHOLD_FIELDS, {**choices, "village_id": ()})
        self.body.addWidget(self.form)
        self._build_members(choices)
        self.sides = Sides(texts)
        self.body.addWidget(self.sides)
        self._build_foot()

    def _build_members(self, choices: dict[str, tuple[Choice, ...]]) -> None:
        title = self.texts("household.members")
        self.heading = QLabel(title)
        self.heading.setProperty("role", "heading")
        self.hint = QLabel(self.texts("household.members_hint"))
        self.hint.setProperty("role", "soft")
        self.hint.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.hint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.model = EntryModel(
            [
                Column(name, self.texts(f"household.column_{name}"), _WIDTHS[name], choices.get(name, ()))
                for name in MEMBER_COLUMNS
            ],
            self,
        )
        self.grid = EntryGrid(self.texts, self.model, name="household.members", title=title, grows=False, lines=5)
        self.removal = RemovalBar(self.texts)
        self.codes_hint = QLabel(self.texts("household.codes_hint"))
        self.codes_hint.setProperty("role", "soft")
        self.codes_hint.setWordWrap(True)
        line = QHBoxLayout()
        line.setSpacing(2 * GRID)
        line.addWidget(self.heading)
        line.addWidget(self.hint, 1)
        self.body.addLayout(line)
        self.body.addWidget(self.removal)
        self.body.addWidget(self.grid, 1)

    def _build_foot(self) -> None:
        self.review = QPushButton(self.texts("household.review"))
        self.review.setObjectName("action.review")
        self.discard = QPushButton(self.texts("household.discard"))
        self.discard.setObjectName("action.discard")
        self.discard.setProperty("role", "link")
        foot = QHBoxLayout()
        foot.addWidget(self.codes_hint, 1)
        foot.addWidget(self.discard)
        foot.addWidget(self.review)
        self.body.addLayout(foot)

    # --- what the user did -------------------------------------------------------------------------------------------

    def bind(self) -> None:
        self.form.bind()
        self.sides.bind()
        self.removal.bind()
        for one in self.form.fields.values():
            one.left.connect(self._presenter.left)
            one.undo_wanted.connect(self._presenter.undo)
        self.model.edited.connect(self._presenter.left_cell)
        self.grid.table.selectionModel().currentChanged.connect(lambda: self.scroll_area.ensureWidgetVisible(self.grid, 0, GRID))
        self.grid.removal_wanted.connect(self._ask_removal)
        self.removal.answered.connect(self._presenter.remove)
        self.removal.closed.connect(self.grid.setFocus)
        self.sides.problems.wanted.connect(self._go_to)
        self.sides.similar.wanted.connect(self._presenter.see)
        self.review.clicked.connect(self._review)
        self.discard.clicked.connect(self._presenter.discard)
        for keys, act in (
            ("Ctrl+R", self._review),
            ("Ctrl+N", self._next),
            ("Ctrl+Z", self._presenter.undo),
            ("F6", self._to_members),
        ):
            shortcut = QShortcut(keys, self, act)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _review(self) -> None:
        self._commit_open()
        self._presenter.review()

    def _next(self) -> None:
        self._commit_open()
        self._presenter.see(None)

    def _to_members(self) -> None:
        self.grid.stand_on(max(0, self.grid.table.at()[0]), "full_name")

    def _ask_removal(self, member_id: str) -> None:
        """Whoever was only begun is taken off at once; of somebody who stood in the register the reason is asked."""
        row = next((one for one in self._presenter.state.rows[:-1] if one.id == member_id), None)
        if row is None:
            return
        if row.is_stored:
            self.removal.ask(member_id, row.name or self.texts("household.no_name"))
        else:
            self._presenter.remove(member_id, "removed")

    def _go_to(self, key: str) -> None:
        """The link of a problem: put the cursor where it can be mended."""
        record, _, name = key.rpartition(".")
        if name in self.form.fields and record == "household":
            self.form.fields[name].editor.setFocus()
        else:
            row = self.model.row_of(record.removeprefix("member.")) or 0
            self.grid.stand_on(row, name if name in MEMBER_COLUMNS else "full_name")

    # --- what the shell asks -----------------------------------------------------------------------------------------

    def opened(self, household_id: str | None = None, **facts: Any) -> None:
        self._wants_focus = True
        self._shown_id = ""
        self.removal.hide()
        self.look_at_place("", unsaved=False)
        self._presenter.opened(household_id)

    def focus_first(self) -> None:
        """The first field of a new household, the members of a known one; once its values are there."""
        if not self._wants_focus or not self._shown_id:
            return
        self._wants_focus = False
        if self._presenter.state.is_new:
            self.form.fields[HOUSEHOLD_FIELDS[0]].editor.setFocus()
        else:
            self.grid.stand_on(0, "full_name")

    def leaving(self) -> str | None:
        self._commit_open()
        self._presenter.leave()
        return None

    def save_now(self) -> bool:
        self._commit_open()
        self._presenter.save()
        return True

    def cancel(self) -> bool:
        if self.removal.isVisible():
            self.removal.hide()
            self.grid.setFocus()
            return True
        return False

    def _commit_open(self) -> None:
        self.form.commit()
        self.grid.commit()

    def keys(self) -> list[tuple[str, str]]:
        named = (
            ("Enter", "next"),
            ("Shift+Enter", "back"),
            ("Ctrl+D", "above"),
            ("Ctrl+Z", "undo"),
            ("Ctrl+S", "save"),
            ("Ctrl+N", "new"),
            ("F6", "members"),
            ("Ctrl+Delete", "remove"),
            ("Ctrl+R", "review"),
        )
        return [(key, self.texts(f"household.key_{what}")) for key, what in named]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The line of keys stands there where it fits whole; F1 tells them everywhere."""
        super().resizeEvent(event)
        room = self.width() - 6 * GRID - self.heading.sizeHint().width() - 4 * GRID
        self.hint.setVisible(room >= self.hint.sizeHint().width())

    # --- showing -----------------------------------------------------------------------------------------------------

    def render(self, state: HouseholdState) -> None:  # type: ignore[override]
        self.set_title(state.title)
        village = self.form.fields["village_id"].editor
        if isinstance(village, ChoiceEdit) and self._shown_id != state.household_id:
            village.set_choices(shown_choices(state.villages))
        self._label_code(state.is_new)
        self.form.show_cells(state.fields)
        self._render_rows(state.rows)
        self.sides.show_state(state)
        self.discard.setVisible(state.is_changed)
        self.look_at_place("" if state.is_new and not state.is_changed else state.household_id, unsaved=state.is_changed)
        if self._shown_id != state.household_id:
            self._shown_id = state.household_id
            self.scroll_area.verticalScrollBar().setValue(0)
            self.focus_first()

    def _label_code(self, is_new: bool) -> None:
        key = "household.field_household_code" + ("_new" if is_new else "")
        self.form.fields["household_code"].show_label(self.texts(key), self.texts("household.code_hint") if is_new else "")

    def _render_rows(self, rows: Sequence[RowState]) -> None:
        """Show the rows; the cursor stays where it stood, also when a Save gave the empty row another id."""
        row, column = self.grid.table.at()
        self.model.set_rows([entry_row(one) for one in rows])
        if row >= 0 and self.grid.table.at()[0] < 0:
            self.grid.table.stand_on(min(row, len(rows) - 1), column)


def entry_row(row: RowState) -> EntryRow:
    findings = {name: Finding(cell.tone, cell.sentence) for name, cell in row.cells.items() if cell.tone}
    return EntryRow(row.id, {name: cell.text for name, cell in row.cells.items() if cell.text}, findings)


def shown_choices(options: Sequence[member_fields.Choice]) -> tuple[Choice, ...]:
    """Options as the choice editor takes them. What it hands back, the number or a village's id, `member_fields` reads."""
    return tuple(
        Choice(one.code if len(str(one.code)) == 36 else one.number, one.label, one.number, ", ".join(one.others))
        for one in options
    )
