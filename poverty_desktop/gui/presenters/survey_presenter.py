"""One survey on the screen: the form being filled in, each answer committed, and why the household is poor. No Qt.

Whatever touches the file goes through `tasks.storage`, in order. "Saved" is said only after the commit.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.texts import Texts
from poverty_desktop.forms import FormSession
from poverty_desktop.gui.presenters import survey_last_year as last_year
from poverty_desktop.gui.presenters import survey_versions as versions
from poverty_desktop.gui.presenters.explanation_picture import explanation_state
from poverty_desktop.gui.presenters.frame import Frame
from poverty_desktop.gui.presenters.survey_answering import Store
from poverty_desktop.gui.presenters.survey_filling import FormPresenter
from poverty_desktop.gui.presenters.survey_history import History
from poverty_desktop.gui.presenters.survey_keeping import OpenSurvey
from poverty_desktop.gui.presenters.survey_state import ExplanationState, MissingState, SurveyState
from poverty_desktop.gui.presenters.unkept import Unkept
from poverty_desktop.gui.presenters.what_if import Nowhere, WhatIf, tried_state
from poverty_desktop.services.explaining import explain_sheet
from poverty_desktop.services.form_versions import Carried
from poverty_desktop.services.last_year import COPIED, can_start, started
from poverty_desktop.services.ports import Tasks
from poverty_desktop.services.reviewing import Reviewing, SurveyResult
from poverty_desktop.services.survey_sheet import ROSTER, SurveySheet

REGISTER_FACTS = ("province", "commune", "village", "household_code")
"""Questions, by name, that the register has answered when a survey is opened: corrected there, and passed by here."""


class SurveyPresenter(FormPresenter):
    """`show` is the view's `render`; it gets every new state."""

    def __init__(self, reviewing: Reviewing, tasks: Tasks, texts: Texts, frame: Frame) -> None:
        super().__init__(texts)
        self._reviewing, self._tasks, self._frame = reviewing, tasks, frame
        self._open: OpenSurvey | None = None
        self._unkept = Unkept()
        self._wanted = ""  # the household whose survey is shown or on its way
        self._trial: WhatIf | None = None

    # --- coming and going ----------------------------------------------------------------------------------------

    def open(self, household_id: str) -> None:
        """Show the survey of a household at the question where its typing stopped."""
        self._open, self._filling, self._trial, self._wanted = None, None, None, household_id
        self._show(SurveyState())
        self._tasks.storage(lambda: self._reviewing.goes_on, self._chosen)
        self._tasks.storage(lambda: self._reviewing.open(household_id), self._opened, self._failed)

    def _chosen(self, goes_on: bool) -> None:
        self._goes_on = goes_on

    def choose_to_go_on(self, *, wanted: bool) -> None:
        """The same, remembered for the next survey."""
        self._tasks.storage(lambda: self._reviewing.choose_to_go_on(wanted=wanted))
        super().choose_to_go_on(wanted=wanted)

    def _opened(self, sheet: SurveySheet) -> None:
        if sheet.line.id != self._wanted:
            return
        self._trial = None
        self._open = OpenSurvey(sheet, self._reviewing, self._tasks, self._frame, self._unkept)
        self._take_up(self._open, History())
        cursor = sheet.draft.notes.get("cursor", "")
        section = self._drawn.section_of(cursor)
        if section is not None:
            self._draw(section.path, focus=cursor)
        else:
            first = next(iter(self._drawn.sections), None)
            self._draw(first.path if first else "", focus=self._first_open(first) if first else "")

    def _take_up(self, one: OpenSurvey, history: History) -> None:
        """Fill in the sheet that stands now; a Save brings another one."""
        self._fill_in(one.sheet.session, one, history, locked=one.sheet.locked)

    def _fill_in(self, session: FormSession, store: Store, history: History, *, locked: bool) -> None:
        facts = (key for key in session.question_keys() if key.rsplit("/", 1)[-1] in REGISTER_FACTS and session.value(key))
        elsewhere = frozenset((ROSTER,))
        self._begin(session, store, locked=locked, register=frozenset(facts), kept_elsewhere=elsewhere, history=history)
        last_year.remember(self._drawn.fields, self._now())

    def _failed(self, problem: Exception) -> None:
        """The survey cannot be opened: back to the list, with the reason."""
        if self._open is None:
            self._frame.back()
        self._frame.problem(problem)

    # --- as last year ------------------------------------------------------------------------------------------------

    def as_last_year(self) -> None:
        one = self._writable_survey()
        if one is None or not (can_start(one.sheet) or (started(one.sheet) and one.sheet.survey is None)):
            self._frame.tell("grey", self._texts("last_year.none"))
            return
        work, draft_id = self._reviewing.as_last_year, one.sheet.draft.id
        begin = work.begin if can_start(one.sheet) else work.leave
        one.replace(lambda: begin(draft_id), lambda sheet: sheet, self._opened)

    def confirm_section(self, key: str = "") -> None:
        one, section = self._writable_survey(), self._drawn.section_of(key)
        keys = last_year.taken_over(self._drawn, section.path if section else self.state.current)
        if one is None or not keys:
            return
        one.confirm(keys)
        self._drawn.fields.copied = dict(one.sheet.draft.notes[COPIED])
        self._draw()

    def hindrances(self) -> tuple[MissingState, ...]:
        return (*super().hindrances(), *last_year.to_confirm(self._drawn, self._texts))

    def change_version(self) -> None:
        one = self._writable_survey()
        if one is None or not (one.sheet.newer or one.sheet.moved_from):
            self._frame.tell("grey", self._texts("version.none"))
            return
        work, draft_id = self._reviewing.versions, one.sheet.draft.id
        if one.sheet.moved_from:
            one.replace(lambda: work.back(draft_id), lambda sheet: sheet, self._opened)
        else:
            one.replace(lambda: work.carry(draft_id), lambda carried: carried.sheet, self._carried)

    def _carried(self, carried: Carried) -> None:
        self._opened(carried.sheet)
        if told := versions.kept_words(carried, self._texts):
            self._frame.tell("amber" if carried.left else "grey", told)

    # --- typing and moving -----------------------------------------------------------------------------------------

    def repeat(self, key: str) -> None:
        """Ctrl+D: the answer of the last household to this question, when there was one."""
        carried = self._now().carried.get(key)
        if carried:
            self.answer(key, carried)

    def add_instance(self, key: str = "", repeat: str = "") -> bool:
        return self._free() and super().add_instance(key, repeat)

    def remove_instance(self, key: str) -> bool:
        return self._free() and super().remove_instance(key)

    def _free(self) -> bool:
        """While a Save is under way answers wait for the next draft; lines of a repeat come and go afterwards."""
        return self._open is not None and not self._open.saving

    def go_to(self, key: str) -> None:
        """Put the cursor on a question, whatever section it is in."""
        if self._drawn.session.question(key).readonly and key.startswith(f"{ROSTER}/"):
            self._frame.go("household", household_id=self._now().line.id)  # corrected where it is kept: on the register
        else:
            super().go_to(key)

    # --- trying ------------------------------------------------------------------------------------------------------

    def try_answers(self) -> None:
        """What the class would be with other answers: on a copy of the session, which nobody keeps. F7 again ends it."""
        one, filling = self._open, self._filling
        if one is None or filling is None or one.saving or self.end_trial():
            return
        section, key = self.state.current, self.state.focus[0]
        self._trial = WhatIf(filling, explain_sheet(one.sheet), section, key)
        self._fill_in(one.sheet.session.fork(), Nowhere(one.reasons, one.notes), History(), locked=False)
        self._draw(section, focus=key)

    def end_trial(self) -> bool:
        """The survey as it was before the trial, and the question one stood on. False when nothing was being tried."""
        trial, self._trial = self._trial, None
        if trial is None:
            return False
        self._filling = trial.filling
        self._draw(trial.section, focus=trial.key)
        return True

    def compare_standards(self) -> None:
        """The finished survey of this household under another standard."""
        self._frame.go("rescoring", household_id=self._now().line.id)

    # --- finishing -----------------------------------------------------------------------------------------------

    def finish(self) -> None:
        """Judge and store the survey, or show what is missing."""
        one = self._writable_survey()
        if one is not None and self.check():
            one.finish(lambda result: self._finished(one, result), lambda problem: self._not_saved(one, problem))

    def _writable_survey(self) -> OpenSurvey | None:
        one = self._open
        if self._trial is not None:
            self._frame.tell("grey", self._texts("explain.tried_not_stored"))
            return None
        return None if one is None or one.sheet.locked or one.saving else one

    def _finished(self, one: OpenSurvey, result: SurveyResult) -> None:
        """Back to the list; what was typed since the key becomes a draft on the finished survey, never nothing."""
        line = one.sheet.line
        if self._open is one:
            self._frame.back()  # commits what is half typed
        if self._open is one:
            self._open = self._filling = None
        told = explanation_state(result.explained, self._texts)
        facts = {"name": line.head_name or "", "code": line.household_code or "", "class_word": told.class_word}
        figures = {"b1": "–" if told.b1 is None else told.b1, "b2": "–" if result.household_class is None else told.b2}
        self._frame.tell("grey", self._texts("survey.finished", **facts, **figures))

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
            assert self._filling is not None
            self._take_up(one, self._filling.history)
            self._draw()

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

    def _around(self, state: SurveyState) -> SurveyState:
        sheet = self._now()
        return replace(
            state,
            title=self._texts("survey.title", name=sheet.line.head_name or self._texts("survey.no_name")),
            subtitle=" · ".join(one for one in (sheet.line.household_code, sheet.line.village_name) if one),
            locked=sheet.locked,
            record=self._record(),
            what_if=self._trial is not None,
            notices=notices(sheet, self._texts),
            explanation=self._explanation(sheet),
        )

    def _record(self) -> tuple[str, bool]:
        one = self._open
        return (one.sheet.draft.subject_id, one.unsaved) if one and (one.sheet.survey or one.unsaved) else ("", False)

    def _explanation(self, sheet: SurveySheet) -> ExplanationState:
        if self._trial is None or self._filling is None:
            return explanation_state(explain_sheet(sheet), self._texts)
        return tried_state(explain_sheet(sheet, self._filling.session), self._trial.before, self._texts)

    def _now(self) -> SurveySheet:
        if self._open is None:
            raise RuntimeError("no survey is open")
        return self._open.sheet


def notices(sheet: SurveySheet, texts: Texts) -> tuple[str, ...]:
    """What has to be known of the whole paper before it is typed."""
    told = [
        texts("survey.locked") if sheet.locked else "",
        last_year.offer(sheet, texts),
        versions.offer(sheet, texts),
        texts("survey.joined", names=", ".join(sheet.joined)) if sheet.joined else "",
        texts("survey.left", names=", ".join(sheet.left)) if sheet.left else "",
        texts("survey.reopened") if sheet.survey and sheet.survey.state == "finished" and not sheet.locked else "",
    ]
    return tuple(sentence for sentence in told if sentence)
