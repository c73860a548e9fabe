"""What a draft remembers of the stored survey, and how it is put on top of one that changed underneath. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from poverty_desktop.domain.records import Survey
from poverty_desktop.services.ports import Base, Draft

_WORDS = {"doubts": "accepted_doubts", "field_notes": "field_notes"}
"""Notes of a draft that hold words by answer key, and the fields of the survey they come from."""


def seen(survey: Survey) -> dict[str, Any]:
    """What a draft remembers of the stored survey, to tell later what the officer changed."""
    return {"answers": dict(survey.answers), "fields": survey.model_dump(exclude={"id", "answers"})}


def on_top_of(stored: Survey, old: Draft, base: Base) -> Draft:
    """The draft as if it had been begun on `stored`: answers, reasons and notes that the officer changed, on those of others."""
    was = old.opened.get("answers", {})
    typed = {key: text for key, text in old.values.items() if text != was.get(key)}
    now, before = seen(stored), old.opened.get("fields", {})
    words = {note: _merged(old.notes.get(note), before.get(name), now["fields"][name]) for note, name in _WORDS.items()}
    return Draft(old.id, "survey", old.subject_id, old.title, old.owner, base, now, typed, old.notes | words)


def _merged(mine: Mapping[str, str] | None, before: Mapping[str, str] | None, stored: Mapping[str, str]) -> dict[str, str]:
    mine, before = mine or {}, before or {}
    changed = {key: mine.get(key, "") for key in {*mine, *before} if mine.get(key) != before.get(key)}
    return {key: words for key, words in {**stored, **changed}.items() if words}
