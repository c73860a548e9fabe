"""The survey of one household: sections at the left, the paper in the middle, why poor at the right.

Enter goes on, Shift+Enter back, digits and first letters choose, PgUp and PgDn turn sections, F6 goes to a question, Ctrl+D
repeats the last household's answer (in the roster the one above), Ctrl+Z takes back and Ctrl+Y does again, Ctrl+N notes, Esc
leaves a field as it was, Ctrl+Enter finishes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.components.form_frame import FormFrame
from poverty_desktop.gui.presenters.survey_filling import FormPresenter
from poverty_desktop.gui.presenters.survey_state import SurveyState
from poverty_desktop.gui.questions.roster_table import RosterTable
from poverty_desktop.gui.screen import Screen
from poverty_desktop.gui.screens.survey_keys import SURVEY_KEYS


class SurveyScreen(Screen):
    place: ClassVar[str] = "survey"
    area: ClassVar[str] = "review"

    def __init__(self, presenter: FormPresenter, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(texts, parent)
        self._presenter = presenter
        self._state = SurveyState()
        self._here = ""  # the question one came from when something was opened over the paper
        self.frame = FormFrame(self.body, texts)
        self.paper, self.missing = self.frame.paper, self.frame.missing
        self.go_to, self.note, self.goes_on = self.frame.go_to, self.frame.note, self.frame.goes_on
        self.why = self.frame.why
        self.panel, self.band = self.why.panel, self.why.band
        self.finish = self.set_main_action(texts("survey.finish"), self._finish, name="finish", shortcut="Ctrl+Return")
        self.finish.setShortcuts([QKeySequence("Ctrl+Return"), QKeySequence("Ctrl+Enter")])

    # --- building ------------------------------------------------------------------------------------------------

    def bind(self) -> None:
        self._presenter.show = self.render
        self.paper.answered.connect(self._presenter.answer)
        self.paper.reasoned.connect(self._presenter.accept)
        self.paper.passed.connect(self._passed)
        self.paper.entered.connect(self._presenter.entered)
        self.paper.left.connect(self._presenter.left)
        self.paper.wanted.connect(lambda repeat: self._presenter.add_instance(repeat=repeat))
        self.frame.sections.chosen.connect(self._go_to_section)
        self.frame.box.chosen.connect(self._go_to_section)
        self.missing.wanted.connect(self._jump)
        self.go_to.wanted.connect(self._jump)
        self.note.noted.connect(self._noted)
        self.goes_on.toggled.connect(lambda wanted: self._presenter.choose_to_go_on(wanted=wanted))
        self.why.wants_trial.connect(self._try)
        self.why.wants_standards.connect(self._presenter.compare_standards)
        self.frame.store.clicked.connect(self.save_now)
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
            ("Ctrl+F5", self._change_version),
            ("F9", self._confirm),
            ("Ctrl+Ins", self._add),
            ("Ctrl+Del", self._remove),
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

    def _commit(self) -> None:
        """What is half typed is kept before anything else is done: the note over the paper, then the answer."""
        self.note.commit()
        self.paper.commit()

    def _passed(self, step: int) -> None:
        self._walk(step, self._presenter.go_on)

    def _walk(self, step: int, go: Callable[[int], None]) -> None:
        """Past the last question of the paper the list takes the cursor, also when it is open already."""
        asked = self._state.focus
        go(step)
        if self._state.missing is not None and self._state.focus == asked and step > 0 and self.missing.isVisible():
            self.missing.stand()

    def _turn(self, step: int) -> None:
        self._commit()
        self._walk(step, self._presenter.turn_page)

    def _go_to_section(self, path: str) -> None:
        self._commit()
        self._presenter.go_to_section(path)

    def _ask_where(self) -> None:
        self._commit()
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
            self._commit()  # it is said instead of what is half typed, and undo brings that back
            self._presenter.repeat(self.paper.present_key)

    def _undo(self) -> None:
        self._commit()
        self._presenter.undo()

    def _redo(self) -> None:
        self._commit()
        self._presenter.redo()

    def _add(self) -> None:
        self._commit()
        self._presenter.add_instance(self.paper.present_key)

    def _remove(self) -> None:
        """What is half typed goes with its line, and comes back with it."""
        self._commit()
        self._presenter.remove_instance(self.paper.present_key)

    def _begin_note(self) -> None:
        self._commit()
        key = self.paper.present_key
        if key and not self._state.locked:
            self.go_to.hide()
            self.note.begin(key, *self._presenter.to_note(key))
            self.frame.share_room(self.width())

    def _noted(self, key: str, words: str) -> None:
        self.note.hide()
        self._presenter.note(key, words)
        self.paper.stand_on(key)

    def _as_last_year(self) -> None:
        self._commit()
        self._presenter.as_last_year()

    def _change_version(self) -> None:
        self._commit()
        self._presenter.change_version()

    def _confirm(self) -> None:
        """In the list of what is missing the section of its line, else the one in sight."""
        self._commit()
        self._presenter.confirm_section(self.missing.present_key if self.missing.lines.hasFocus() else "")

    def _try(self) -> None:
        self._commit()
        self._presenter.try_answers()

    def _turn_why(self) -> None:
        """Shift+F7: into the explanation, whose lines the arrows scroll, and back to the paper."""
        here = self.panel.hasFocus()
        if self.panel.isVisible() and not here:
            self.frame.why_over = not self.frame.beside()
            self.panel.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.frame.why_over = not here and not self.frame.beside()
            self.frame.share_room(self.width())
            (self.paper.stand_on(self._state.focus[0]) if here else self.panel.setFocus(Qt.FocusReason.ShortcutFocusReason))

    def _finish(self) -> None:
        self._commit()
        self._presenter.finish()

    # --- what the shell asks ---------------------------------------------------------------------------------------

    def opened(self, household_id: str = "", **facts: Any) -> None:
        self.paper.forget()
        self.frame.why_over = False
        self.go_to.hide()
        self.note.hide()
        self.quiet()
        if household_id:
            self._presenter.open(household_id)

    def focus_first(self) -> None:
        """The presenter asks for the cursor when the survey is there."""

    def leaving(self) -> str | None:
        self._commit()
        self._presenter.end_trial()
        return None

    def save_now(self) -> bool:
        self._commit()
        self._presenter.save()
        return True

    def start_search(self) -> bool:
        """Ctrl+F looks in the form, as F6 does."""
        self._ask_where()
        return True

    def cancel(self) -> bool:
        """Esc leaves the field as it was when one came to it, else closes what was opened over the paper."""
        here = self._here
        if self.frame.close_bars():
            self.paper.stand_on(here or self._state.focus[0])
            return True
        if self.panel.hasFocus():
            self._turn_why()
            return True
        if self._state.what_if:
            return self._presenter.end_trial()
        if self.paper.present_key and self._presenter.as_it_was():
            return True
        if self._state.missing is not None:
            self._presenter.close_list()
        else:
            return False
        self.paper.stand_on(here or self._state.focus[0])
        return True

    def keys(self) -> list[tuple[str, str]]:
        return [(key, self.texts(f"survey.key_{what}")) for key, what in SURVEY_KEYS]

    # --- showing ---------------------------------------------------------------------------------------------------

    def render(self, state: SurveyState) -> None:  # type: ignore[override]
        self.look_at_place(state.record[0], unsaved=state.record[1])
        if state.ready and self.paper.turn(state):
            return
        self._state = state
        if state.ready:
            self.set_title(" · ".join(part for part in (state.title, state.subtitle) if part))
            self.finish.setEnabled(not state.locked)
        self.frame.show_state(state)
        if state.ready:
            self.paper.show_section(state)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.frame.share_room(self.width())
