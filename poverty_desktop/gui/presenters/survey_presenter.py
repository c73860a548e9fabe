"""One survey on the screen: keeps the questionnaire session, commits each answer, says what is wrong and why poor. No Qt.

Recomputing an answer costs a few milliseconds and happens on the caller's thread; whatever touches the file goes through
`tasks.storage`, in order. "Saved" is said only after the commit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.texts import Texts
from poverty_desktop.forms import SectionState
from poverty_desktop.gui.presenters import survey_picture as picture
from poverty_desktop.gui.presenters.explanation_picture import explanation_state
from poverty_desktop.gui.presenters.frame import Frame
from poverty_desktop.gui.presenters.survey_keeping import OpenSurvey
from poverty_desktop.gui.presenters.survey_state import SurveyState
from poverty_desktop.gui.presenters.typed_values import to_lexical
from poverty_desktop.gui.presenters.unkept import Unkept
from poverty_desktop.services.explaining import explain_session
from poverty_desktop.services.ports import Tasks
from poverty_desktop.services.reviewing import Reviewing, SurveyResult
from poverty_desktop.services.survey_sheet import ROSTER, SurveySheet

Show = Callable[[SurveyState], None]


class SurveyPresenter:
    """`show` is the view's `render`; it gets every new state."""

    def __init__(self, reviewing: Reviewing, tasks: Tasks, texts: Texts, frame: Frame) -> None:
        self._reviewing, self._tasks, self._texts, self._frame = reviewing, tasks, texts, frame
        self.show: Show = lambda state: None
        self.state = SurveyState()
        self._open: OpenSurvey | None = None
        self._unkept = Unkept()
        self._wanted = ""  # the household whose survey is shown or on its way
        self._undone: list[tuple[str, str]] = []  # (key, text before): the newest edit last
        self._asked = 0

    # --- coming and going ----------------------------------------------------------------------------------------

    def open(self, household_id: str) -> None:
        """Show the survey of a household at the question where its typing stopped."""
        self._open, self._undone, self._wanted = None, [], household_id
        self._show(SurveyState())
        self._tasks.storage(lambda: self._reviewing.open(household_id), self._opened, self._failed)

    def _opened(self, sheet: SurveySheet) -> None:
        if sheet.line.id != self._wanted:
            return
        self._open = OpenSurvey(sheet, self._reviewing, self._tasks, self._frame, self._unkept)
        cursor = sheet.draft.notes.get("cursor", "")
        section = self._section_of(cursor) or self._sections()[0]
        self._picture(section.path, focus=cursor if cursor in section.keys else self._first_open(section))

    def _failed(self, problem: Exception) -> None:
        """The survey cannot be opened: back to the list, with the reason."""
        if self._open is None:
            self._frame.back()
        self._frame.problem(problem)

    # --- typing --------------------------------------------------------------------------------------------------

    def answer(self, key: str, typed: str) -> None:
        """An answer was left. The same text again is no edit; text that cannot be understood is kept and spoken about."""
        sheet = self._open.sheet if self._open else None
        if sheet is None or sheet.locked:
            return
        question = sheet.session.question(key)
        text = to_lexical(question.kind, typed, appearance=question.appearance)
        before = sheet.session.value(key)
        if text == before:
            return
        self._undone.append((key, before))
        self._set(key, text)

    def undo(self) -> bool:
        """Take back the last answer, and go to it. False when there is none."""
        if not self._undone or self._open is None:
            return False
        key, before = self._undone.pop()
        self._set(key, before)
        self.go_to(key)
        return True

    def _set(self, key: str, text: str) -> None:
        assert self._open is not None
        self._open.sheet.session.set(key, text)
        self._open.keep(key, text)
        self._picture(self.state.current)

    def accept(self, key: str, reason: str) -> None:
        """The officer's reason for a doubtful answer."""
        if self._open is not None and not self._open.sheet.locked and self._open.accept(key, reason):
            self._picture(self.state.current)

    def repeat(self, key: str) -> None:
        """Ctrl+D: the answer of the last household to this question, when there was one."""
        carried = self._now().carried.get(key)
        if carried:
            self.answer(key, carried)

    # --- moving --------------------------------------------------------------------------------------------------

    def go_to_section(self, path: str) -> None:
        section = next((one for one in self._sections() if one.path == path), None)
        if section is not None:
            self._picture(path, focus=self._first_open(section))

    def go_on(self, step: int) -> None:
        """Enter past the last question of a section: to the next section that asks anything, or to the end of the paper."""
        sections = self._sections()
        paths = [section.path for section in sections]
        here = paths.index(self.state.current)
        others = sections[here + 1 :] if step > 0 else sections[:here][::-1]
        target = next((section for section in others if self._writable(section)), None)
        if target is not None:
            self._picture(target.path, focus=self._last_open(target) if step < 0 else self._first_writable(target))
        elif step > 0:
            self.check()

    def turn_page(self, step: int) -> None:
        """The next (1) or last (-1) section that applies; at the end of the paper the list of what is missing."""
        paths = [mark.path for mark in self.state.sections]
        place = paths.index(self.state.current) + step if self.state.current in paths else 0
        if 0 <= place < len(paths):
            section = self._sections()[place]
            self._picture(section.path, focus=self._last_open(section) if step < 0 else self._first_writable(section))
        elif step > 0:
            self.check()

    def go_to(self, key: str) -> None:
        """Put the cursor on a question, whatever section it is in."""
        section = self._section_of(key)
        if self._now().session.question(key).readonly and key.startswith(f"{ROSTER}/"):
            self._frame.go("household", household_id=self._now().line.id)  # corrected where it is kept: on the register
        elif section is not None:
            self._picture(section.path, focus=key)

    # --- finishing -----------------------------------------------------------------------------------------------

    def check(self) -> bool:
        """List what stands in the way of finishing; True when nothing does."""
        missing = picture.to_mend(self._now(), tuple(self._sections()), self._texts)
        self._show(replace(self.state, missing=missing))
        return not missing

    def close_list(self) -> None:
        self._show(replace(self.state, missing=None))

    def finish(self) -> None:
        """Judge and store the survey, or show what is missing."""
        one = self._writable_survey()
        if one is not None and self.check():
            one.finish(lambda result: self._finished(one, result), lambda problem: self._not_saved(one, problem))

    def _writable_survey(self) -> OpenSurvey | None:
        one = self._open
        return None if one is None or one.sheet.locked or one.saving else one

    def _finished(self, one: OpenSurvey, result: SurveyResult) -> None:
        """Back to the list; what was typed since the key becomes a draft on the finished survey, never nothing."""
        line = one.sheet.line
        if self._open is one:
            self._frame.back()  # commits what is half typed
        if self._open is one:
            self._open = None
        told = explanation_state(result.explained, self._texts)
        facts = {"name": line.head_name or "", "code": line.household_code or "", "class_word": told.class_word}
        self._frame.tell("grey", self._texts("survey.finished", **facts, b1=told.b1, b2=told.b2))

    def save(self) -> None:
        """Ctrl+S: store the survey as it is, complete or not, and go on typing."""
        one = self._writable_survey()
        if one is not None:
            one.save(lambda at: self._saved(one, at), lambda problem: self._not_saved(one, problem))

    def _saved(self, one: OpenSurvey, at: datetime | None) -> None:
        if at is not None:
            self._frame.tell("grey", self._texts("survey.stored_incomplete"))
            self._frame.saved(at)
        if self._open is one:
            self._picture(self.state.current)

    def _not_saved(self, one: OpenSurvey, problem: Exception) -> None:
        """The draft stands as it was; a value changed underneath can be taken over with the typed ones on top."""
        if self._open is one and isinstance(problem, KnownProblem) and problem.code == "save.changed_underneath":
            self._frame.tell("red", self._texts.problem(problem), self._texts("survey.take_current"), self._take_current)
        else:
            self._frame.problem(problem)

    def _take_current(self) -> None:
        draft_id = self._now().draft.id
        self._tasks.storage(lambda: self._reviewing.take_current(draft_id), self._opened, self._failed)

    # --- the picture ---------------------------------------------------------------------------------------------

    def _picture(self, path: str, *, focus: str | None = None) -> None:
        sheet, sections = self._now(), self._sections()
        section = next((one for one in sections if one.path == path), sections[0])
        explained = explain_session(sheet.session, sheet.standard, sheet.line.household_class)
        questions = [one for part in sections for one in picture.questions_of(sheet, part)]
        required = [one for one in questions if one.required and one.kind not in picture.SILENT]
        if focus is not None:
            self._asked += 1
        self._show(
            replace(
                self.state,
                title=self._texts("survey.title", name=sheet.line.head_name or self._texts("survey.no_name")),
                subtitle=" · ".join(one for one in (sheet.line.household_code, sheet.line.village_name) if one),
                ready=True,
                locked=sheet.locked,
                notices=picture.notices(sheet, self._texts),
                sections=picture.section_marks(sheet, tuple(sections)),
                current=section.path,
                section_label=section.label or sheet.form.title,
                section_hint=section.hint,
                rows=picture.rows_of(sheet, section, self._texts),
                explanation=explanation_state(explained, self._texts),
                answered=sum(1 for one in required if one.value),
                required=len(required),
                missing=self.state.missing and picture.to_mend(sheet, tuple(sections), self._texts),
                focus=(focus, self._asked) if focus is not None else self.state.focus,
            )
        )

    def questions(self) -> list[tuple[str, str]]:
        """(key, "section: question") of everything that can be gone to with F6."""
        sheet = self._now()
        return [
            (key, f"{picture.short(section.label)}: {picture.full_label(sheet, key)}")
            for section in self._sections()
            for key in section.keys
            if picture.is_asked(sheet.session.question(key))
        ]

    def _show(self, state: SurveyState) -> None:
        self.state = state
        self.show(state)

    def _now(self) -> SurveySheet:
        if self._open is None:
            raise RuntimeError("no survey is open")
        return self._open.sheet

    def _sections(self) -> list[SectionState]:
        return [section for section in self._now().session.sections() if section.relevant and section.items]

    def _section_of(self, key: str) -> SectionState | None:
        return next((section for section in self._sections() if key in section.keys), None)

    def _writable(self, section: SectionState) -> list[str]:
        questions = picture.questions_of(self._now(), section)
        return [one.key for one in questions if picture.is_asked(one)]

    def _first_writable(self, section: SectionState) -> str:
        return next(iter(self._writable(section)), "")

    def _first_open(self, section: SectionState) -> str:
        """The first question without an answer, or the first of all."""
        keys = self._writable(section)
        return next((key for key in keys if not self._now().session.value(key)), keys[0] if keys else "")

    def _last_open(self, section: SectionState) -> str:
        return (self._writable(section) or [""])[-1]
