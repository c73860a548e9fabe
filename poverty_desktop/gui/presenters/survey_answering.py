"""Answers, reasons, notes and instances going into an open form, and coming out again by undo. No Qt, no file.

`Store` is where they are kept: the draft of a survey, or nowhere when a form is only tried out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from poverty_desktop.forms import FormSession, Question, Snapshot
from poverty_desktop.gui.presenters.survey_fields import AT_ONCE, Fields
from poverty_desktop.gui.presenters.survey_history import History, Step, What
from poverty_desktop.gui.presenters.survey_lines import new_instance
from poverty_desktop.gui.presenters.survey_picture import FormPicture, full_label
from poverty_desktop.gui.presenters.survey_search import own_number
from poverty_desktop.gui.presenters.typed_values import to_lexical


class Store(Protocol):
    """Where the officer's work is kept."""

    @property
    def reasons(self) -> Mapping[str, str]: ...

    @property
    def notes(self) -> Mapping[str, str]: ...

    def keep(self, answers: Mapping[str, str | None], cursor: str) -> None: ...

    def accept(self, key: str, reason: str) -> None: ...

    def note(self, key: str, note: str) -> None: ...


class Answering:
    """One form being filled in. `opened` says why the count of questions changed with the last answer."""

    def __init__(self, picture: FormPicture, store: Store, history: History) -> None:
        self.picture, self.history = picture, history
        self.opened = ""
        self._store = store
        self._before = picture.session.answers()
        self._here, self._mark = "", 0
        self._say_words()

    @property
    def fields(self) -> Fields:
        return self.picture.fields

    @property
    def session(self) -> FormSession:
        return self.picture.session

    def _say_words(self) -> None:
        self.fields.reasons, self.fields.notes = self._store.reasons, self._store.notes

    # --- where the cursor stands -----------------------------------------------------------------------------------

    def enter(self, key: str) -> bool:
        """The cursor came to a question. True when the one it left has something to say now."""
        if key == self._here:
            return False
        spoken = self.leave()
        self._here, self._mark = key, len(self.history.done)
        if self.picture.section_of(key) is not None:
            self.fields.enter(key)
        return spoken

    def leave(self) -> bool:
        left, self._here = self._here, ""
        return self.picture.section_of(left) is not None and self.fields.leave(left)

    def as_it_was(self) -> bool:
        """Esc: everything typed into the present field since the cursor came to it is taken back. False when nothing was."""
        here, found = self._here, False
        while here and len(self.history.done) > self._mark and self.history.done[-1].key == here:
            self.undo()
            found = True
        return found

    # --- typing ----------------------------------------------------------------------------------------------------

    def answer(self, key: str, typed: str) -> bool:
        """An answer was left. False when that changes nothing that is shown."""
        question = self.session.question(key)
        spoken = question.kind not in AT_ONCE and self.fields.leave(key)
        text = to_lexical(question.kind, typed, appearance=question.appearance)
        if text == question.value:
            return spoken
        self._with_reason_of_count(key, {key: text})
        return True

    def _with_reason_of_count(self, key: str, answers: Mapping[str, str]) -> None:
        asked = self.picture.total.asked
        self._step(key, answers)
        more = self.picture.total.asked - asked
        self.opened = self._why(key, more) if more else ""

    def _why(self, key: str, more: int) -> str:
        words = "survey.opens" if more > 0 else "survey.closes"
        number = own_number(self.session.question(key).label)
        texts = self.fields.texts
        question = texts("survey.question_number", number=number) if number else f"“{full_label(self.picture, key)}”"
        return texts(words, question=question, count=abs(more))

    def _step(self, key: str, answers: Mapping[str, str]) -> None:
        plan = self.session.definition.plan
        acts = bool(plan.actions or plan.own_counts)  # an answer may set others, or take lines: only whole moments bring all back
        moment = self.session.snapshot() if acts else None
        before = {one: self.session.value(one) for one in answers}
        followed = self._put(answers)
        moments = (moment, self.session.snapshot()) if moment else None
        self.history.add(Step(key, "answers", before | followed[0], dict(answers) | followed[1], moments))
        self._store.keep(self._stored(self.history.done[-1].after) | self._lines(), key)

    def _put(self, answers: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
        """Answer, and give what the form itself then set elsewhere (triggers): before and after."""
        changed: set[str] = set()
        for key, text in answers.items():
            changed |= self.session.set(key, text)
        self.picture.refresh(changed)
        before, after = {}, {}
        for key in changed - set(answers):
            now = self._typed(key)
            if now is not None and now != self._before.get(key, ""):
                before[key], after[key] = self._before.get(key, ""), now
        self._before.update(answers, **after)
        return before, after

    def _typed(self, key: str) -> str | None:
        """The text of a question that a person could answer; None for groups and calculations."""
        try:
            question = self.session.question(key)
        except KeyError:
            return None
        return None if self.session.definition.question(question.path).calculate else question.value

    def accept(self, key: str, reason: str) -> bool:
        """The officer's reason for a doubtful answer."""
        return self._words(key, "reason", self._store.reasons.get(key, ""), reason.strip())

    def note(self, key: str, words: str) -> bool:
        """The officer's note on a field; "" takes it away."""
        return self._words(key, "note", self._store.notes.get(key, ""), words.strip())

    def _words(self, key: str, what: What, before: str, after: str) -> bool:
        if before == after:
            return False
        self.history.add(Step(key, what, {key: before}, {key: after}))
        self._write(what, key, after)
        return True

    def _write(self, what: What, key: str, words: str) -> None:
        (self._store.accept if what == "reason" else self._store.note)(key, words)
        self._say_words()

    # --- instances of repeats --------------------------------------------------------------------------------------

    def add(self, repeat: str) -> str:
        """A new last instance. Gives its key."""
        instance = new_instance(self.session.instances(repeat))
        before = self.session.snapshot()
        changed = self.session.add(repeat, instance)
        self._restructured(f"{repeat}/{instance}", before, changed)
        return f"{repeat}/{instance}"

    def remove(self, repeat: str, instance: str) -> None:
        before = self.session.snapshot()
        changed = self.session.remove(repeat, instance)
        self._restructured(f"{repeat}/{instance}", before, changed)

    def _restructured(self, key: str, before: Snapshot, changed: frozenset[str]) -> None:
        self.picture.refresh(changed)
        self.opened = ""
        self.history.add(Step(key, "answers", {}, {}, (before, self.session.snapshot())))
        self._keep_difference(key)

    def _keep_difference(self, cursor: str) -> None:
        """Instances came or went, and their answers with them."""
        if differ := self._difference():
            self._store.keep(differ, cursor)

    def _difference(self) -> dict[str, str | None]:
        """What is stored otherwise than when it was last asked for."""
        old, new = self._before, self.session.answers()
        self._before = dict(new)
        return {key: new.get(key) for key in {*old, *new} if old.get(key, "") != new.get(key, "")}

    def _stored(self, answers: Mapping[str, str]) -> dict[str, str | None]:
        """What is kept of answers: an empty one only where it keeps the form's default out."""
        return {key: text or ("" if self._has_default(key) else None) for key, text in answers.items()}

    def _has_default(self, key: str) -> bool:
        plan = self.session.definition.plan
        item = plan.items.get(plan.split(key)[0])
        return isinstance(item, Question) and bool(item.default)

    def _lines(self) -> dict[str, str | None]:
        """The marks of lines that an answer changed: a line is no longer empty, or a count let some go."""
        return self._difference() if self.session.marks_lines else {}

    # --- undo ------------------------------------------------------------------------------------------------------

    def undo(self) -> str | None:
        """Take back the last step. Gives the question it was about; None when there is none."""
        step = self.history.back()
        return self._go(step, back=True) if step else None

    def redo(self) -> str | None:
        step = self.history.again()
        return self._go(step, back=False) if step else None

    def _go(self, step: Step, *, back: bool) -> str:
        target = step.before if back else step.after
        self.opened = ""
        if step.what != "answers":
            self._write(step.what, step.key, target[step.key])
        elif step.moments:
            self.picture.refresh(self.session.restore(step.moments[0 if back else 1]))
            self._keep_difference(step.key)
        else:
            self._put(target)
            self._store.keep(self._stored(target) | self._lines(), step.key)
        return step.key
