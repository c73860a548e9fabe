"""What stands around the paper of a form: sections, progress, the explanation, and what is opened over it. Wide, the sections
stand at the left and the explanation at the right; a grid and a narrow window get one box above and one line below instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QCheckBox, QHBoxLayout, QLayout, QPushButton, QVBoxLayout, QWidget

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.components.explanation_column import ExplanationColumn, TrialBand
from poverty_desktop.gui.components.jump_lists import GoToBar, MissingList, NoteBar
from poverty_desktop.gui.components.plain_words import plain_words
from poverty_desktop.gui.components.section_list import SectionBox, SectionList
from poverty_desktop.gui.presenters.survey_state import GridState, SurveyState
from poverty_desktop.gui.questions.section_page import SectionPage
from poverty_desktop.gui.theme import GRID, NARROW, ROW

_LIST_WIDTH, _WIDE, _EDGE = 196, 1500, 2 * GRID


class FormFrame:
    """Lays the parts of the form screen out in `body`. `show_state` draws what changed; `share_room` after a new width."""

    def __init__(self, body: QBoxLayout, texts: Texts) -> None:
        self._texts, self._state, self._width = texts, SurveyState(), 0
        self.why_over = False  # the explanation stands over the paper, where there is no room beside it
        self._narrow_strip: bool | None = None
        self._body = body
        self.sections, self.box = SectionList(texts), SectionBox(texts)
        self.paper = SectionPage(texts)
        self.why, self.trial = ExplanationColumn(texts), TrialBand(texts)
        self.missing, self.go_to, self.note = MissingList(texts), GoToBar(texts), NoteBar(texts)
        self.notice = plain_words("survey.notice", "soft")
        self.progress = plain_words("survey.progress", "soft")
        self.opened = plain_words("survey.opened", "soft")
        self.empty = plain_words("survey.empty", "soft")
        self.empty.setText(texts("survey.opening"))
        self.goes_on = QCheckBox(texts("survey.goes_on"))
        self.goes_on.setObjectName("survey.goes_on")
        self.goes_on.setToolTip(texts("survey.goes_on_tip"))
        self.store = QPushButton(texts("survey.save"))
        self.store.setObjectName("action.save")
        self.store.setToolTip(texts("survey.save_tip"))
        for part in (self.goes_on, self.store):
            part.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._lay_out(body)

    def _lay_out(self, body: QBoxLayout) -> None:
        body.setContentsMargins(_EDGE, GRID, _EDGE, GRID)
        body.setSpacing(GRID)
        self.side, self.strip = QWidget(), QHBoxLayout()
        self.side.setFixedWidth(_LIST_WIDTH)
        self.progress.setMinimumHeight(ROW)
        self._side_column = QVBoxLayout(self.side)
        self._side_column.setContentsMargins(0, 0, 0, 0)
        self._side_column.addWidget(self.sections, 1)
        self.strip.addWidget(self.box, 2)
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
        body.addWidget(self.empty)
        body.addWidget(self.notice)
        body.addLayout(self.strip)
        body.addLayout(columns, 1)
        body.addWidget(self.why.band)
        self._place_progress(narrow=False)

    def _place_progress(self, *, narrow: bool) -> None:
        """Progress and "save as it is" stand under the section list, or beside the section box on a narrow window: there in room
        for two lines, so that the paper stays where it is when an answer opened questions and the words that say so come and go.
        """
        if narrow is self._narrow_strip:
            return
        self._narrow_strip = narrow
        column = self.strip if narrow else self._side_column
        for part in (self.progress, self.opened, self.goes_on, self.store):
            column.addWidget(part, 3 if narrow and part is self.opened else 0)
        self.progress.ensurePolished()
        two_lines = 2 * self.progress.fontMetrics().lineSpacing()
        self.progress.setMinimumHeight(max(ROW, two_lines) if narrow else ROW)

    # --- showing -----------------------------------------------------------------------------------------------------

    def show_state(self, state: SurveyState) -> None:
        """All but the paper itself."""
        with laid_out_once(self._body):
            self._show_around(state)
            self.share_room(self._width)

    def _show_around(self, state: SurveyState) -> None:
        self._state = state
        self.empty.setText(self._texts("survey.no_questions" if state.ready else "survey.opening"))
        seen(self.empty, not state.ready or not state.rows)
        if state.ready:
            self.sections.show_marks(state.sections, state.current)
            self.box.show_marks(state.sections, state.current)
            self.notice.setText("\n".join(state.notices))
            self.opened.setText(state.opened)
            self.store.setEnabled(not state.locked)
            self.goes_on.blockSignals(True)
            self.goes_on.setChecked(state.goes_on)
            self.goes_on.blockSignals(False)
        seen(self.notice, state.ready and bool(state.notices))
        seen(self.trial, state.what_if)
        self.missing.show_state(state.missing, locked=state.locked)

    def beside(self) -> bool:
        """Whether there is room for the explanation beside the form."""
        grid = any(isinstance(row, GridState) for row in self._state.rows)
        return self._width >= NARROW and (not grid or self._width > _WIDE)

    def share_room(self, width: int) -> None:
        """`width` of the screen in pixels. With a grid the paper gets the whole width, so that all its columns are in sight."""
        self._width = width
        self.paper.whole_width = width - 2 * _EDGE
        with laid_out_once(self._body):
            self._give_room(width)

    def _give_room(self, width: int) -> None:
        state, ready = self._state, self._state.ready
        narrow = width < NARROW
        beside = self.beside()
        told = ready and state.explanation is not None
        over = told and self.why_over and not beside
        seen(self.paper, ready and not over)
        self.why.take_room(beside=beside)
        seen(self.why, told and (beside or over))
        seen(self.why.band, told and not beside and not over)
        self.why.show_state(state.explanation, panel=beside or over, short=narrow)
        self.paper.fold_title(folded=not beside)
        seen(self.missing, state.missing is not None and self.go_to.isHidden())
        seen(self.side, ready and beside)
        seen(self.box, ready and not beside)
        self._place_progress(narrow=not beside)
        self._say_progress(short=narrow)
        seen(self.opened, ready and bool(state.opened))
        seen(self.goes_on, ready and not narrow)
        seen(self.store, ready and not state.trial)

    def _say_progress(self, *, short: bool) -> None:
        counts = {"answered": self._state.answered, "required": self._state.required}
        words = self._texts("survey.progress_short" if short else "survey.progress", **counts)
        if words != self.progress.text():
            self.progress.setText(words)
            self.progress.setToolTip(self._texts("survey.progress_tip", **counts))
        seen(self.progress, self._state.ready)

    def close_bars(self) -> bool:
        """Hide what was opened over the paper; False when nothing was."""
        opened = not self.go_to.isHidden() or not self.note.isHidden()
        self.go_to.hide()
        self.note.hide()
        self.share_room(self._width)
        return opened


@contextmanager
def laid_out_once(layout: QLayout) -> Iterator[None]:
    """Lay out what is shown and hidden meanwhile at the end, and once: Qt would do it for each part at once."""
    if not layout.isEnabled():  # within another one
        yield
        return
    layout.setEnabled(False)
    try:
        yield
    finally:
        layout.setEnabled(True)
        layout.activate()


def seen(part: QWidget, wanted: bool) -> None:
    """Show or hide; asked again, Qt would look through style and layout for nothing."""
    if part.isHidden() == wanted:
        part.setVisible(wanted)
