"""A questionnaire being filled in: what applies, what is wrong, what follows. Knows no screen and no file.

Answers are text in XForms lexical form: integers "12", decimals with a point "6.5", dates "2026-11-22", select-many names
separated by one blank. Keys are relative paths with repeat instance keys: "house/floor_area", "roster/<member id>/schooling".
Answers of questions that are not relevant are kept but do not count: expressions see them as empty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from poverty_desktop.forms.definition import FormDefinition
from poverty_desktop.forms.state import FormProblem, QuestionState, SectionState


class FormSession:
    """One set of answers on one form.

    `answers` may hold any keys of the form (computed ones are ignored and computed anew); instances of a repeat exist in the
    order of `repeat_keys["roster"]` (for a nested repeat the key of its place: "roster/<id>/loan"); instances only named in
    `answers` follow. Raises KnownProblem "forms.unknown_question" (key, form) for a key that the form does not have.
    """

    def __init__(
        self,
        definition: FormDefinition,
        answers: Mapping[str, str | None],
        *,
        today: date,
        language: str = "vi",
        repeat_keys: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self.definition = definition
        self.language = language

    def set(self, key: str, text: str | None) -> set[str]:
        """Store one answer (None or "" empties it) and recompute what depends on it.

        Returns the keys whose value, relevance, requirement, read-only mark, label or problem changed, `key` included when
        its text changed. Anything may be stored: what is wrong shows in `question(key).problem`, never as an exception.
        KeyError for an unknown key.
        """
        raise RuntimeError

    def value(self, key: str) -> str:
        """The stored or computed text, "" when empty."""
        raise RuntimeError

    def question(self, key: str) -> QuestionState:
        raise RuntimeError

    def sections(self) -> tuple[SectionState, ...]:
        """All sections in paper order, with what applies now."""
        raise RuntimeError

    def problems(self) -> list[FormProblem]:
        """Everything wrong among the relevant questions, in paper order; red stops finishing, amber asks for a reason."""
        raise RuntimeError

    def missing(self) -> list[str]:
        """Keys of relevant required questions without an answer, in paper order."""
        raise RuntimeError

    def answers(self) -> dict[str, str]:
        """The non-empty answers of questions a person answers, relevant or not, in paper order (what a draft stores)."""
        raise RuntimeError

    def calculated(self) -> dict[str, str]:
        """The computed values that are relevant and not empty, by key."""
        raise RuntimeError

    def instances(self, repeat: str) -> tuple[str, ...]:
        """The instance keys of a repeat, in order: instances("roster")."""
        raise RuntimeError

    def add(self, repeat: str, instance: str) -> set[str]:
        """Append an instance (its key is the caller's: a member id). Returns the changed keys, the new ones included."""
        raise RuntimeError

    def remove(self, repeat: str, instance: str) -> set[str]:
        """Drop an instance and its answers. Returns the changed keys, the dropped ones included."""
        raise RuntimeError

    def keys(self) -> list[str]:
        """All question keys in paper order, hidden and computed ones included."""
        raise RuntimeError
