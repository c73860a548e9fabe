"""The survey of one household: sections at the left, the paper in the middle, why poor at the right.

Enter goes on, Shift+Enter back, digits and first letters choose, PgUp and PgDn turn sections, F6 goes to a question, Ctrl+D
repeats the last household's answer (in the roster the one above), Ctrl+Z takes back and Ctrl+Y does again, Ctrl+N notes, Esc
leaves a field as it was, Ctrl+Enter finishes.
"""

from __future__ import annotations

from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QCheckBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.components.explanation_column import ExplanationColumn, TrialBand
from poverty_desktop.gui.components.jump_lists import GoToBar, MissingList, NoteBar
from poverty_desktop.gui.components.section_list import SectionBox, SectionList
from poverty_desktop.gui.presenters.survey_filling import FormPresenter
from poverty_desktop.gui.presenters.survey_state import GridState, SurveyState
from poverty_desktop.gui.questions.roster_table import RosterTable
from poverty_desktop.gui.questions.section_page import SectionPage
from poverty_desktop.gui.screen import Screen
from poverty_desktop.gui.theme import GRID, NARROW, ROW

_LIST_WIDTH = 196


class SurveyScreen(Screen):
    place: ClassVar[str] = "survey"
    area: ClassVar[str] = "review"

    def __init__(self, presenter: FormPresenter, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(texts, parent)
        self._presenter = presenter
        self._state = SurveyState()
        self._why_over = False  # the explanation stands over the paper, where there is no room beside it
        self._narrow_strip: bool | None = None
        self._here = ""  # the question one came from when something was opened over the paper
        self.sections, self.box = SectionList(texts), SectionBox(texts)
        self.paper = SectionPage(texts)
        self.why, self.trial = ExplanationColumn(texts), TrialBand(texts)
        self.panel, self.band = self.why.panel, self.why.band
        self.missing, self.go_to, self.note = MissingList(texts), GoToBar(texts), NoteBar(texts)
        self.notice, self.progress, self.empty = QLabel(), QLabel(), QLabel(texts("survey.opening"))
        self.opened_line = QLabel()
        self.store = QPushButton(texts("survey.save"))
        self.goes_on = QCheckBox(texts("survey.goes_on"))
        self.finish = self.set_main_action(texts("survey.finish"), self._finish, name="finish", shortcut="Ctrl+Return")
        self.finish.setShortcuts([QKeySequence("Ctrl+Return"), QKeySequence("Ctrl+Enter")])
        self._lay_out()

    # --- building ------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.body.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        self.body.setSpacing(GRID)
        self.notice.setObjectName("survey.notice")
        self.notice.setWordWrap(True)
        self.notice.setTextFormat(Qt.TextFormat.PlainText)  # names are shown as they are spelled
        self.notice.setProperty("role", "soft")
        self.progress.setObjectName("survey.progress")
        self.progress.setProperty("role", "soft")
        self.progress.setWordWrap(True)
        self.opened_line.setObjectName("survey.opened")
        self.opened_line.setProperty("role", "soft")
        self.opened_line.setWordWrap(True)
        self.opened_line.setTextFormat(Qt.TextFormat.PlainText)
        self.goes_on.setObjectName("survey.goes_on")
        self.goes_on.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.goes_on.setToolTip(self.texts("survey.goes_on_tip"))
        self.store.setObjectName("action.save")
        self.store.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.store.setToolTip(self.texts("survey.save_tip"))
        self.empty.setProperty("role", "soft")
        self.side = QWidget()
        self.side.setFixedWidth(_LIST_WIDTH)
        side = QVBoxLayout(self.side)
        side.setContentsMargins(0, 0, 0, 0)
        side.addWidget(self.sections, 1)
        self.strip = QHBoxLayout()
        self.strip.addWidget(self.box, 1)
        middle = QVBoxLayout()
        middle.setSpacing(GRID)
        for part in (self.trial, self.go_to, self.note, self.missing):
            middle.addWidget(part)
        middle.addWidget(self.paper, 1)
        columns = QHBoxLayout()
        columns.setSpacing(2 * GRID)
        columns.addWidget(self.side)
        columns.addLayout(middle, 1)
        columns.addWidget(self.why)
        self._side_column = side
        self.body.addWidget(self.empty)
        self.body.addWidget(self.notice)
        self.body.addLayout(self.strip)
        self.body.addLayout(columns, 1)
        self.body.addWidget(self.band)
        self._place_progress(narrow=False)

    def _place_progress(self, *, narrow: bool) -> None:
        """Progress and "save as it is" stand under the section list, or beside the section box on a narrow window."""
        if narrow is self._narrow_strip:
            return
        self._narrow_strip = narrow
        column = self.strip if narrow else self._side_column
        for part in (self.progress, self.opened_line, self.goes_on, self.store):
            column.addWidget(part)

    def bind(self) -> None:
        self._presenter.show = self.render
        self.paper.answered.connect(self._presenter.answer)
        self.paper.reasoned.connect(self._presenter.accept)
        self.paper.passed.connect(self._presenter.go_on)
        self.paper.entered.connect(self._presenter.entered)
        self.paper.left.connect(self._presenter.left)
        self.paper.wanted.connect(lambda repeat: self._presenter.add_instance(repeat=repeat))
        self.sections.chosen.connect(self._go_to_section)
        self.box.chosen.connect(self._go_to_section)
        self.missing.wanted.connect(self._jump)
        self.go_to.wanted.connect(self._jump)
        self.note.noted.connect(self._noted)
        self.goes_on.toggled.connect(lambda wanted: self._presenter.choose_to_go_on(wanted=wanted))
        self.why.wants_trial.connect(self._try)
        self.why.wants_standards.connect(self._presenter.compare_standards)
        self.store.clicked.connect(self.save_now)
        for keys, act in (
            ("PgDown", lambda: self._turn(1)),
            ("PgUp", lambda: self._turn(-1)),
            ("F6", self._ask_where),
            ("Ctrl+D", self._repeat),
            ("Ctrl+Z", self._undo),
            ("Ctrl+Y", self._redo),
            ("Ctrl+Shift+Z", self._redo),
            ("Ctrl+N", self._begin_note),
            ("F7", self._try),
            ("Shift+F7", self._turn_why),
            ("Ctrl+F7", self._presenter.compare_standards),
            ("F8", self.goes_on.toggle),
            ("F5", self._as_last_year),
            ("F9", self._confirm),
            ("Ctrl+Ins", lambda: self._presenter.add_instance(self.paper.present_key)),
            ("Ctrl+Del", lambda: self._presenter.remove_instance(self.paper.present_key)),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_changed)

    # --- what the officer did --------------------------------------------------------------------------------------

    def _focus_changed(self, old: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self.isVisible() and self.paper.isAncestorOf(now):
            self.paper.focus_moved(now)

    def _turn(self, step: int) -> None:
        self.paper.commit()
        self._presenter.turn_page(step)

    def _go_to_section(self, path: str) -> None:
        self.paper.commit()
        self._presenter.go_to_section(path)

    def _ask_where(self) -> None:
        self.paper.commit()
        if self._state.ready:
            self._here = self.paper.present_key
            self.note.hide()
            self.go_to.begin(self._presenter.questions())
            self.missing.hide()

    def _jump(self, key: str) -> None:
        self.go_to.hide()
        self._presenter.go_to(key)

    def _repeat(self) -> None:
        """Ctrl+D: the value above in the roster, else the answer of the last household."""
        focused = QApplication.focusWidget()
        if isinstance(focused, RosterTable):
            focused.copy_above()
        elif self.paper.present_key:
            self._presenter.repeat(self.paper.present_key)

    def _undo(self) -> None:
        self.paper.commit()
        self._presenter.undo()

    def _redo(self) -> None:
        self.paper.commit()
        self._presenter.redo()

    def _begin_note(self) -> None:
        self.paper.commit()
        key = self.paper.present_key
        if key and not self._state.locked:
            self.go_to.hide()
            self.note.begin(key, *self._presenter.to_note(key))
            self._share_room()

    def _noted(self, key: str, words: str) -> None:
        self.note.hide()
        self._presenter.note(key, words)
        self.paper.stand_on(key)

    def _as_last_year(self) -> None:
        self.paper.commit()
        self._presenter.as_last_year()

    def _confirm(self) -> None:
        """In the list of what is missing the section of its line, else the one in sight."""
        self.paper.commit()
        self._presenter.confirm_section(self.missing.present_key if self.missing.lines.hasFocus() else "")

    def _try(self) -> None:
        self.paper.commit()
        self._presenter.try_answers()

    def _turn_why(self) -> None:
        """Shift+F7: into the explanation, whose lines the arrows scroll, and back to the paper."""
        here = self.panel.hasFocus()
        if self.panel.isVisible() and not here:
            self._why_over = not self._beside()
            self.panel.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self._why_over = not here and not self._beside()
            self._share_room()
            (self.paper.stand_on(self._state.focus[0]) if here else self.panel.setFocus(Qt.FocusReason.ShortcutFocusReason))

    def _finish(self) -> None:
        self.paper.commit()
        self._presenter.finish()

    # --- what the shell asks ---------------------------------------------------------------------------------------

    def opened(self, household_id: str = "", **facts: Any) -> None:
        self.paper.forget()
        self._why_over = False
        self.go_to.hide()
        self.note.hide()
        self.quiet()
        if household_id:
            self._presenter.open(household_id)

    def focus_first(self) -> None:
        """The presenter asks for the cursor when the survey is there."""

    def leaving(self) -> str | None:
        self.note.commit()
        self.paper.commit()
        self._presenter.end_trial()
        return None

    def save_now(self) -> bool:
        self.paper.commit()
        self._presenter.save()
        return True

    def start_search(self) -> bool:
        """Ctrl+F looks in the form, as F6 does."""
        self._ask_where()
        return True

    def cancel(self) -> bool:
        """Esc leaves the field as it was when one came to it, else closes what was opened over the paper."""
        here = self._here
        if self.go_to.isVisible() or self.note.isVisible():
            self.go_to.hide()
            self.note.hide()
            self._share_room()
        elif self.panel.hasFocus():
            self._turn_why()
            return True
        elif self._state.what_if:
            return self._presenter.end_trial()
        elif self.paper.present_key and self._presenter.as_it_was():
            return True
        elif self._state.missing is not None:
            self._presenter.close_list()
        else:
            return False
        self.paper.stand_on(here or self._state.focus[0])
        return True

    def keys(self) -> list[tuple[str, str]]:
        named = (
            ("Enter", "next"),
            ("Shift+Enter", "back"),
            ("1 2 3 …", "choose"),
            ("PgUp PgDn", "sections"),
            ("F6", "go_to"),
            ("Ctrl+D", "repeat"),
            ("F2", "edit"),
            ("Esc", "as_it_was"),
            ("Ctrl+Z", "undo"),
            ("Ctrl+Y", "redo"),
            ("Ctrl+N", "note"),
            ("Ctrl+Ins Ctrl+Del", "lines"),
            ("F5", "as_last_year"),
            ("F7", "try"),
            ("Shift+F7", "why"),
            ("Ctrl+F7", "other_standard"),
            ("F8", "goes_on"),
            ("F9", "confirm"),
            ("Ctrl+S", "save"),
            ("Ctrl+Enter", "finish"),
        )
        return [(key, self.texts(f"survey.key_{what}")) for key, what in named]

    # --- showing ---------------------------------------------------------------------------------------------------

    def render(self, state: SurveyState) -> None:  # type: ignore[override]
        self._state = state
        self.empty.setText(self.texts("survey.no_questions" if state.ready else "survey.opening"))
        self.empty.setVisible(not state.ready or not state.rows)
        if state.ready:
            self.set_title(" · ".join(part for part in (state.title, state.subtitle) if part))
            self.sections.show_marks(state.sections, state.current)
            self.box.show_marks(state.sections, state.current)
            self.notice.setText("\n".join(state.notices))
            self._show_choice(state)
            self.finish.setEnabled(not state.locked)
            self.store.setEnabled(not state.locked)
        self.notice.setVisible(state.ready and bool(state.notices))
        self.trial.setVisible(state.what_if)
        self.missing.show_state(state.missing, locked=state.locked)
        self._share_room()
        if state.ready:
            self.paper.show_section(state)

    def _show_choice(self, state: SurveyState) -> None:
        self.goes_on.blockSignals(True)
        self.goes_on.setChecked(state.goes_on)
        self.goes_on.blockSignals(False)
        self.opened_line.setText(state.opened)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    def _beside(self) -> bool:
        """Whether there is room for the explanation beside the form."""
        grid = any(isinstance(row, GridState) for row in self._state.rows)
        return self.width() >= NARROW and (not grid or self.width() > 1500)

    def _share_room(self) -> None:
        """The panel stands beside the form where there is room; a grid and a narrow window get the line below instead, and
        the sections in one box above: so all columns of the roster are in sight at 1366 pixels."""
        narrow = self.width() < NARROW
        beside, ready = self._beside(), self._state.ready
        told = ready and self._state.explanation is not None
        over = told and self._why_over and not beside
        self.paper.setVisible(ready and not over)
        self.why.take_room(beside=beside)
        self.why.setVisible(told and (beside or over))
        self.band.setVisible(told and not beside and not over)
        self.why.show_state(self._state.explanation, panel=beside or over, short=narrow)
        self.paper.fold_title(folded=not beside)
        self.missing.setVisible(self._state.missing is not None and not self.go_to.isVisible())
        self.side.setVisible(ready and beside)
        self.box.setVisible(ready and not beside)
        self.progress.setMinimumHeight(ROW)
        self._place_progress(narrow=not beside)
        counts = {"answered": self._state.answered, "required": self._state.required}
        self.progress.setText(self.texts("survey.progress_short" if narrow else "survey.progress", **counts))
        self.progress.setToolTip(self.texts("survey.progress_tip", **counts))
        self.progress.setVisible(ready)
        self.opened_line.setVisible(ready and bool(self._state.opened))
        self.goes_on.setVisible(ready and not narrow)
        self.store.setVisible(ready and not self._state.trial)
