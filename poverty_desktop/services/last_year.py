"""A survey that starts from the household's last one: what is taken over, what is asked anew, what nobody confirmed yet.

Which questions change by nature (ages, schooling, work, allowances) is a property of the form: `bind::pd:changes` = "yes" in its
survey sheet. They are never taken over; nor is anything the form computes or the register says. People who joined since have no
last year; the answers about people who left are not taken over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from poverty_desktop.domain.records import Survey
from poverty_desktop.forms import Question
from poverty_desktop.forms.checking import type_fault
from poverty_desktop.services.ports import Draft, Drafts, Settings
from poverty_desktop.services.survey_sheet import SurveySheet

WANTED = "last_year.wanted"  # setting: the round whose new surveys start from last year's
WAITING = "last_year.waiting"  # setting: survey id -> answers taken over that wait to be confirmed, while it is stored unfinished
COPIED = "copied"  # note of a draft: answer key -> the text taken over, until it is confirmed
STARTED = "started_from"  # note of a draft: id of the survey it started from
_ASKED = ("text", "integer", "decimal", "date", "time", "datetime", "select_one", "select_multiple", "rank", "acknowledge",
          "geopoint", "barcode")  # fmt: skip


def answers_then(sheet: SurveySheet) -> dict[str, str]:
    """The answers of the last survey by the keys of this one; of people only those who are asked about now."""
    if sheet.last is None:
        return {}
    known, last = set(sheet.session.question_keys()), sheet.last
    answers = last.survey.answers if last.carried is None else last.carried
    return {key: str(text) for key, text in answers.items() if text not in (None, "") and key in known}


def can_start(sheet: SurveySheet) -> bool:
    """Whether this survey may start from the last one: nothing of it is stored yet, and it has not started so already."""
    return not sheet.locked and sheet.survey is None and sheet.last is not None and not started(sheet)


def started(sheet: SurveySheet) -> bool:
    return bool(sheet.draft.notes.get(STARTED))


def to_copy(sheet: SurveySheet) -> dict[str, str]:
    """The answers that may be taken over: asked of people, still understood, not changing by nature, not answered yet. What an
    officer emptied, also what stood there by itself, is answered: with nothing."""
    questions = {question.path: question for question in sheet.form.questions()}
    found, typed = {}, {*sheet.draft.values, *sheet.draft.opened.get("answers", {})}
    for key, text in answers_then(sheet).items():
        path = sheet.session.question(key).path
        if key not in typed and not sheet.session.value(key) and _lasts(questions[path], text):
            found[key] = text
    return found


def _lasts(question: Question, text: str) -> bool:
    asked = question.kind in _ASKED and not question.calculate and question.readonly != "true()" and not question.changes
    return asked and not type_fault(question.kind, text, {choice.value for choice in question.choices})


def unconfirmed(sheet: SurveySheet) -> list[str]:
    """Keys of the answers taken over that apply and stand as they were, and that nobody confirmed; in paper order."""
    copied: Mapping[str, str] = sheet.draft.notes.get(COPIED, {})
    keys = sheet.session.question_keys() if copied else []
    return [key for key in keys if key in copied and sheet.session.value(key) == copied[key] and sheet.session.relevant(key)]


class AsLastYear:
    """What a draft and the laptop remember of it. Synchronous; runs on the storage lane."""

    def __init__(
        self,
        drafts: Drafts,
        settings: Settings,
        touched: Callable[[str], Draft],
        sheet: Callable[[Draft], SurveySheet],
    ) -> None:
        """`touched` gives a draft by its id, on disk from now on; `sheet` makes its sheet."""
        self._drafts, self._settings = drafts, settings
        self._touched, self._sheet = touched, sheet

    def is_wanted(self, round_id: str) -> bool:
        """Whether the officer chose in this round that surveys start from last year's."""
        return bool(self._settings.get(WANTED) == round_id)

    def fill(self, sheet: SurveySheet) -> None:
        """Put last year's answers into the draft (not on disk yet)."""
        assert sheet.last is not None
        copied = to_copy(sheet)
        sheet.draft.values.update(copied)
        sheet.draft.notes.update({STARTED: sheet.last.survey.id, COPIED: copied})

    def begin(self, draft_id: str) -> SurveySheet:
        """Take over the answers of the household's last survey where nothing was typed; the surveys begun after this one in the
        round start so too."""
        sheet = self._sheet(self._touched(draft_id))
        self._settings.put(WANTED, sheet.round.id)
        self.fill(sheet)
        self._drafts.open(sheet.draft)
        return self._sheet(sheet.draft)

    def leave(self, draft_id: str) -> SurveySheet:
        """Begin with an empty paper after all, and those after this one: what was taken over and not confirmed goes, what was
        typed stays."""
        sheet = self._sheet(self._touched(draft_id))
        self._settings.put(WANTED, None)
        draft = sheet.draft
        for key, text in draft.notes.get(COPIED, {}).items():
            if draft.values.get(key) == text:
                del draft.values[key]
        draft.notes.update({STARTED: None, COPIED: {}})
        self._drafts.open(draft)
        return self._sheet(draft)

    def confirm(self, draft_id: str, keys: Iterable[str]) -> datetime:
        """The officer saw that these answers still hold; gives the moment of the commit."""
        draft, done = self._touched(draft_id), set(keys)
        draft.notes[COPIED] = {key: text for key, text in draft.notes.get(COPIED, {}).items() if key not in done}
        return self._drafts.keep(draft.id, {}, {COPIED: draft.notes[COPIED]})

    # --- over a Save of an unfinished survey -----------------------------------------------------------------------

    def stored(self, sheet: SurveySheet, state: str) -> None:
        """A Save drops the draft: what waits to be confirmed is remembered until the survey is finished."""
        waiting: dict[str, Any] = dict(self._settings.get(WAITING, {}))
        copied = {key: sheet.draft.notes[COPIED][key] for key in unconfirmed(sheet)} if state != "finished" else {}
        before = waiting.pop(sheet.draft.subject_id, None)
        if copied:
            waiting[sheet.draft.subject_id] = copied
        if copied or before:
            self._settings.put(WAITING, waiting)

    def notes_of(self, survey: Survey) -> dict[str, Any]:
        """What a new draft on a stored survey has to know."""
        waiting = self._settings.get(WAITING, {}).get(survey.id, {}) if survey.started_from else {}
        return {STARTED: survey.started_from, COPIED: dict(waiting)}
