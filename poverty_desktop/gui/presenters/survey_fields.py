"""One question as the screen shows it, kept until what it shows changes. Pure, no Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from poverty_desktop.domain.texts import Texts
from poverty_desktop.forms import FormSession, QuestionState
from poverty_desktop.gui.presenters.survey_state import FieldState, Option
from poverty_desktop.gui.presenters.typed_values import to_shown

SILENT = ("note", "calculate", "hidden")
CHOICES = ("select_one", "select_multiple", "rank")
AT_ONCE = (*CHOICES, "acknowledge")
"""Kinds whose answer stands with the first key; all others are answered when they are left."""

Kept = tuple[QuestionState, bool, str, str, bool, FieldState]  # the question, quiet, reason, note, taken over, and the picture


class Fields:
    """Field states by key. `register` are keys that the register answers here; `reasons` and `notes` are the officer's words
    by key. Nothing is said of a field before it was left once (`leave`), unless it was wrong when the survey was opened.
    """

    def __init__(
        self, session: FormSession, texts: Texts, *, locked: bool = False, register: frozenset[str] = frozenset()
    ) -> None:
        self.session, self.texts, self.locked, self.register = session, texts, locked, register
        self.reasons: Mapping[str, str] = {}
        self.notes: Mapping[str, str] = {}
        self.then: dict[str, tuple[str, str]] = {}  # last year's answers, and in words
        self.copied: Mapping[str, str] = {}  # those taken over that wait to be confirmed
        self.last_year: int | None = None
        self._fresh: set[str] = set()  # under the cursor for the first time
        self._kept: dict[str, Kept] = {}

    def enter(self, key: str) -> None:
        """The cursor came to a question without an answer: it is not spoken about until it is left."""
        if not self.session.value(key):
            self._fresh.add(key)

    def leave(self, key: str) -> bool:
        """The question was left. True when there is something to say now."""
        if key not in self._fresh:
            return False
        self._fresh.discard(key)
        return self.session.question(key).problem is not None

    def of(self, key: str) -> FieldState:
        question = self.session.question(key)
        quiet, reason, note = key in self._fresh, self.reasons.get(key, ""), self.notes.get(key, "")
        taken = self.is_taken_over(key)
        kept = self._kept.get(key)
        if kept is None or kept[0] is not question or kept[1:5] != (quiet, reason, note, taken):
            state = replace(
                self._state(question, quiet=quiet, reason=reason, note=note), before=self._before(question), taken_over=taken
            )
            if kept is not None and kept[5] == state:
                state = kept[5]  # the same object: whoever draws need not look into it
            kept = self._kept[key] = (question, quiet, reason, note, taken, state)
        return kept[5]

    def is_taken_over(self, key: str) -> bool:
        """Whether the answer stands as it was taken over from last year's survey, and waits to be confirmed."""
        return key in self.copied and self.session.value(key) == self.copied[key] and self.session.relevant(key)

    def _before(self, question: QuestionState) -> str:
        """Last year's answer where the present one is another ("năm trước: 2 Không")."""
        then, words = self.then.get(question.key, ("", ""))
        if not then or not question.value or then == question.value or not question.relevant:
            return ""
        return self.texts("last_year.before", answer=words)

    def asked(self, question: QuestionState) -> bool:
        """Whether a person answers this question here. The common head of a table-list only bears the words of the answers."""
        if question.kind in CHOICES and "label" in question.appearance.split():
            return False
        return question.kind not in SILENT and not question.readonly and question.key not in self.register

    def _state(self, question: QuestionState, *, quiet: bool, reason: str, note: str) -> FieldState:
        problem = question.problem if question.relevant and not quiet else None
        doubt = problem is not None and problem.tone == "amber"
        options = numbered(question.choices)
        return FieldState(
            key=question.key,
            kind=question.kind,
            label=question.label,
            hint=question.hint,
            guidance=question.guidance,
            multiline="multiline" in question.appearance.split(),
            options=options,
            value=question.value,
            shown=shown(question.kind, question.value, options, question.appearance),
            required=question.required,
            readonly=self.locked or not self.asked(question),
            relevant=question.relevant,
            problem=problem.sentence(self.texts) if problem else "",
            tone=problem.tone if problem else "grey",
            wants_reason=doubt,
            reason=reason if doubt else "",
            appearance=question.appearance,
            range=question.range,
            accept=question.accept,
            max_pixels=question.max_pixels,
            note=note,
        )


def numbered(choices: tuple[tuple[str, str], ...]) -> tuple[Option, ...]:
    """Choices with the number that is typed for them: the code itself where all codes are numbers, else the place."""
    own = all(value.isascii() and value.isdigit() for value, _ in choices)
    return tuple(Option(value, label, value if own else str(place)) for place, (value, label) in enumerate(choices, start=1))


def shown(kind: str, value: str, options: tuple[Option, ...], appearance: str = "") -> str:
    """The answer in words; of a ranking in its own order."""
    if kind not in CHOICES:
        return to_shown(kind, value, appearance)
    words = {option.value: option.label for option in options}
    if kind == "rank":
        return " › ".join(words.get(one, one) for one in value.split())
    chosen = value.split() if kind == "select_multiple" else [value]
    return ", ".join(option.label for option in options if option.value in chosen) or value
