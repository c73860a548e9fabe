"""Answers of surveys in the words of the form they were given on, for people who compare two of them (sync.md 3.8)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.records import BY_ENTITY, HouseholdMember, Record
from poverty_desktop.forms import FormDefinition, Group, Question
from poverty_desktop.services.answer_words import CHOICES, answer_words, numbered
from poverty_desktop.services.ports import Records

Definition = Callable[[Sequence[str]], FormDefinition]
_PLAIN_SPACE = " "


class SurveyWords:
    """Runs on the lane that owns the file. Everything is None where the form is not on this laptop, or does not ask that."""

    def __init__(self, records: Records, definition: Definition, language: Callable[[], str]) -> None:
        """`definition` reads a release by form id, version and hash; raises `KnownProblem` where there is none."""
        self._records, self._definition, self._language = records, definition, language

    def label(self, entity: str, record_id: str, key: str) -> str | None:
        """ "Hồ Thị Mơ: Trình độ học vấn"; of a line of a repeat the line's own name, or the repeat's."""
        record, form = self._read(entity, record_id)
        item = _item(form, key) if form else None
        if form is None or item is None:
            return None
        asked = self._plain(item.label) or item.name
        whose = self._line_name(form, record, key)
        return f"{whose}: {asked}" if whose else asked

    def value(self, entity: str, record_id: str, key: str, value: Any) -> str | None:
        _, form = self._read(entity, record_id)
        item = _item(form, key) if form else None
        if not isinstance(item, Question) or not isinstance(value, str):
            return None
        return answer_words(item, value, self._language(), numbers=False)

    def choices(self, entity: str, record_id: str, key: str) -> tuple[tuple[str, str], ...]:
        """(value, "2 Không") of a question that offers a choice."""
        _, form = self._read(entity, record_id)
        item = _item(form, key) if form else None
        listed = numbered(item, self._language()) if isinstance(item, Question) and item.kind in CHOICES else []
        return tuple((one.value, f"{one.number} {one.label}") for one in listed)

    def kind(self, entity: str, record_id: str, key: str) -> str:
        """The kind of the question; "" where it is not known."""
        _, form = self._read(entity, record_id)
        item = _item(form, key) if form else None
        return item.kind if isinstance(item, Question) else ""

    def _read(self, entity: str, record_id: str) -> tuple[Record | None, FormDefinition | None]:
        kind = BY_ENTITY.get(entity)
        record = self._records.last(kind, record_id) if kind and "form_hash" in kind.model_fields else None
        release = [getattr(record, name, None) for name in ("form_id", "form_version", "form_hash")]
        if not all(release):
            return record, None
        try:
            return record, self._definition([str(part) for part in release])
        except KnownProblem:
            return record, None  # it may still arrive from another laptop

    def _line_name(self, form: FormDefinition, record: Record | None, key: str) -> str:
        """Who or what the innermost line is about: a person of the register, or the first text that was answered in it."""
        lines = form.plan.split(key)[1]
        if not lines:
            return ""
        _, place, instance = lines[-1]
        member = self._records.last(HouseholdMember, instance)
        if member is not None and member.full_name:
            return member.full_name
        below = f"{place}/{instance}/"
        answers: dict[str, Any] = getattr(record, "answers", {}) or {}
        texts = (str(text) for at, text in sorted(answers.items()) if at.startswith(below) and self._is_text(form, at))
        return next((text for text in texts if text), "")

    def _is_text(self, form: FormDefinition, key: str) -> bool:
        item = _item(form, key)
        return isinstance(item, Question) and item.kind == "text"

    def _plain(self, words: Any) -> str:
        return " ".join(words.plain(self._language()).split())


def _item(form: FormDefinition, key: str) -> Question | Group | None:
    """The question or repeat that an answer key names."""
    return form.plan.items.get(form.plan.split(key)[0]) if form.plan.has(key) else None
