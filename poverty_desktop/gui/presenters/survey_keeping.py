"""One opening of a survey and the way of what is typed in it to the file. No Qt.

A Save swaps the draft. What is typed meanwhile waits and goes into the draft that stands afterwards, also when the officer has
gone on to another household by then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from poverty_desktop.gui.presenters.frame import Frame
from poverty_desktop.gui.presenters.survey_lines import lines_of, make_room, take_away
from poverty_desktop.gui.presenters.unkept import Unkept
from poverty_desktop.services.last_year import COPIED
from poverty_desktop.services.ports import Tasks
from poverty_desktop.services.reviewing import Reviewing, SurveyResult
from poverty_desktop.services.survey_opening import known_to
from poverty_desktop.services.survey_sheet import SurveySheet

R = TypeVar("R")
Answers = Mapping[str, str | None]
Words = Mapping[tuple[str, str], str]
"""Reasons ("doubts"), notes ("field_notes") and what was confirmed (COPIED, without words), by what they are and their key."""
Failed = Callable[[Exception], None]


class OpenSurvey:
    """`sheet` as it is shown; a Save replaces it by the one of the next draft."""

    def __init__(self, sheet: SurveySheet, reviewing: Reviewing, tasks: Tasks, frame: Frame, unkept: Unkept) -> None:
        self.sheet = sheet
        self.saving = False
        self.unsaved = bool(sheet.draft.values)  # something of it is only in its draft
        self._reviewing, self._tasks, self._frame = reviewing, tasks, frame
        self._unkept = unkept
        self._answers: dict[str, str | None] = {}  # typed while a Save is under way
        self._words: dict[tuple[str, str], str] = {}  # reasons and notes of that time, by what and key
        self._lines: list[str] = []  # instances of repeats when the Save began

    @property
    def reasons(self) -> Mapping[str, str]:
        """The officer's reasons for doubtful answers, by key."""
        return self._said("doubts")

    @property
    def notes(self) -> Mapping[str, str]:
        """The officer's notes on questions, by key."""
        return self._said("field_notes")

    def _said(self, what: str) -> dict[str, str]:
        said: dict[str, str] = self.sheet.draft.notes.get(what, {})
        return said

    def keep(self, answers: Answers, cursor: str) -> None:
        """Commit answers that were left; "saved" is said behind the commit."""
        if self.saving:
            self._answers.update(answers)
        else:
            self._commit(answers, cursor)

    def _commit(self, typed: Answers | Words, cursor: str | None = None) -> None:
        self.unsaved = True
        unkept, draft_id = self._unkept, self.sheet.draft.id
        self._tasks.storage(
            lambda: unkept.keep(draft_id, typed, lambda values: self._put(draft_id, values, cursor)),
            self._frame.saved,
            self._frame.problem,
        )

    def _put(self, draft_id: str, typed: Mapping[Any, Any], cursor: str | None = None) -> datetime:
        """Into the file, on the storage lane: answers by their keys, and words; what was confirmed in one commit."""
        words = {one: text for one, text in typed.items() if isinstance(one, tuple)}
        answers = {key: text for key, text in typed.items() if not isinstance(key, tuple)}
        if confirmed := [key for what, key in words if what == COPIED]:
            at = self._reviewing.as_last_year.confirm(draft_id, confirmed)
        for (what, key), said in ((one, text) for one, text in words.items() if one[0] != COPIED):
            at = (self._reviewing.accept if what == "doubts" else self._reviewing.note)(draft_id, key, said)
        return self._reviewing.keep(draft_id, answers, cursor) if answers or not words else at

    def accept(self, key: str, reason: str) -> None:
        """Commit the reason for a doubtful answer."""
        self._say("doubts", key, reason)

    def note(self, key: str, note: str) -> None:
        """Commit the note on a question."""
        self._say("field_notes", key, note)

    def _say(self, what: str, key: str, words: str) -> None:
        draft = self.sheet.draft
        said = {**self._said(what), key: words}
        draft.notes[what] = {one: text for one, text in said.items() if text}
        if self.saving:
            self._words[what, key] = words
        else:
            self._commit({(what, key): words})

    def confirm(self, keys: Sequence[str]) -> None:
        """Commit that answers taken over from the last survey hold."""
        draft = self.sheet.draft
        draft.notes[COPIED] = {key: text for key, text in draft.notes.get(COPIED, {}).items() if key not in keys}
        self._commit({(COPIED, key): "" for key in keys})

    # --- Saves -----------------------------------------------------------------------------------------------------

    def save(self, done: Callable[[datetime | None], None], failed: Failed) -> None:
        """Store the survey as it is. `done` gets the moment, None when nothing was typed; the next draft stands then."""
        draft_id, household_id = self.sheet.draft.id, self.sheet.line.id

        def swap() -> tuple[datetime | None, SurveySheet]:
            saved = self._reviewing.save(draft_id)
            return saved.at if saved else None, self._reviewing.open(household_id)

        def swapped(outcome: tuple[datetime | None, SurveySheet]) -> None:
            shown, (at, self.sheet) = self.sheet, outcome
            self.unsaved = False
            self._take_up(shown)
            done(at)

        self._begin(swap, swapped, failed)

    def replace(self, work: Callable[[], R], sheet_of: Callable[[R], SurveySheet], done: Callable[[R], None]) -> None:
        """Another sheet of the same draft: as last year, another version. What is typed meanwhile goes into the new one."""

        def replaced(outcome: R) -> None:
            shown, self.sheet = self.sheet, sheet_of(outcome)
            self.unsaved = True
            self._take_up(shown)
            done(outcome)

        self._begin(work, replaced, self._frame.problem)

    def finish(self, done: Callable[[SurveyResult], None], failed: Failed) -> None:
        """Judge and store the survey. What is typed until `done` has run becomes a draft on the finished survey."""
        draft_id, household_id = self.sheet.draft.id, self.sheet.line.id

        def finished(result: SurveyResult) -> None:
            done(result)
            typed: dict[Any, Any] = {**self._answers, **self._words}
            if typed:
                self._tasks.storage(
                    lambda: self._put(self._reviewing.open(household_id).draft.id, typed), None, self._frame.problem
                )

        self._begin(lambda: self._reviewing.finish(draft_id), finished, failed)

    def _begin(self, work: Callable[[], R], done: Callable[[R], None], failed: Failed) -> None:
        self.saving, self._lines = True, lines_of(self.sheet.session)
        unkept, draft_id = self._unkept, self.sheet.draft.id

        def whole() -> R:
            unkept.settle(draft_id, lambda values: self._put(draft_id, values))
            return work()

        def not_saved(problem: Exception) -> None:
            self._take_up(self.sheet)
            failed(problem)

        self._tasks.storage(whole, done, not_saved)

    def _take_up(self, shown: SurveySheet) -> None:
        """What was typed during the Save, and the lines that undo took back, into the draft that stands now. `shown` is the sheet
        in which it was done."""
        answers, words = self._answers, self._words
        self.saving, self._answers, self._words = False, {}, {}
        for key, text in known_to(self.sheet.form, {key: text for key, text in answers.items() if text}).items():
            make_room(self.sheet.session, key)
            if not self.sheet.session.is_line(key):
                self.sheet.session.set(key, text)
        for key in set(self.sheet.session.question_keys()) & {key for key, text in answers.items() if not text}:
            self.sheet.session.set(key, "")
        still = set(lines_of(shown.session))
        take_away(self.sheet.session, [line for line in self._lines if line not in still])
        if answers:
            self._commit(answers)
        for (what, key), said in words.items():
            self._say(what, key, said)
