"""What the survey screen says of last year: an offer to start from it, differences, what waits to be confirmed. No Qt."""

from __future__ import annotations

from collections.abc import Iterator

from poverty_desktop.domain.texts import Texts
from poverty_desktop.gui.presenters.survey_fields import Fields
from poverty_desktop.gui.presenters.survey_picture import FormPicture, full_label
from poverty_desktop.gui.presenters.survey_state import MissingState
from poverty_desktop.services.answer_words import answer_words
from poverty_desktop.services.last_year import COPIED, answers_then, can_start, started, unconfirmed
from poverty_desktop.services.survey_sheet import SurveySheet

MOST_NAMED = 6


def remember(fields: Fields, sheet: SurveySheet) -> None:
    """Let the fields know what last year's survey said, and what was taken over from it."""
    questions = {question.path: question for question in sheet.form.questions()}
    language = sheet.session.language
    for key, text in answers_then(sheet).items():
        question = questions[sheet.session.question(key).path]
        if not question.calculate:
            fields.then[key] = (text, answer_words(question, text, language))
    fields.copied = dict(sheet.draft.notes.get(COPIED) or {})
    fields.last_year = sheet.last.year if sheet.last else None


def offer(sheet: SurveySheet, texts: Texts) -> str:
    """The notice above the paper; "" when there is nothing to say."""
    if sheet.last is None or sheet.locked:
        return ""
    if can_start(sheet):
        return texts("last_year.offer", year=sheet.last.year)
    if not started(sheet):
        return ""
    waiting = len(unconfirmed(sheet))
    key = "last_year.done" if not waiting else "last_year.waiting" if sheet.survey is None else "last_year.waiting_stored"
    return texts(key, year=sheet.last.year, count=waiting)


def taken_over(picture: FormPicture, path: str) -> list[str]:
    """Keys of a section whose answers were taken over and not confirmed."""
    section = picture.section(path)
    return [key for key in section.keys if picture.fields.is_taken_over(key)] if section else []


def to_confirm(picture: FormPicture, texts: Texts) -> Iterator[MissingState]:
    """One line a section for the list at the end: the answers that nobody confirmed, by name."""
    for section in picture.sections:
        keys = taken_over(picture, section.path)
        if keys:
            named = "; ".join(full_label(picture, key) for key in keys[:MOST_NAMED])
            more = texts("last_year.more", count=len(keys) - MOST_NAMED) if len(keys) > MOST_NAMED else ""
            sentence = texts("last_year.confirm_section", count=len(keys))
            yield MissingState(keys[0], picture.title(section), f"{named}{more}", sentence, "amber")
