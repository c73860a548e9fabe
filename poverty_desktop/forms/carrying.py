"""The answers of a survey taken over to another version of its questionnaire. Nothing is dropped: what finds no place is told.

An answer goes to the question of the same path, else to the only question of the same name as deep in repeats; it must be of a
kind that takes it, and chosen answers must still be among the choices. What the form computes is computed anew and not told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from poverty_desktop.forms.definition import CHOOSING, FormDefinition, Group, Question

Why = Literal["gone", "kind", "choice", "computed"]
ASIDE = "left/"
"""Where an answer without a question is stored: "left/<version>/<key>". No form has such a path."""

_TEXTS = frozenset({"text", "barcode", "note", "hidden"})
_INTO: Mapping[str, frozenset[str]] = {
    "integer": frozenset({"decimal"}),
    "select_one": frozenset({"select_multiple"}),
    "geopoint": frozenset(),
}


@dataclass(frozen=True)
class LeftAnswer:
    """An answer that the new version does not take, in the words of the old one. `why`: its question is gone, takes another kind,
    is computed now, or no longer offers these choices."""

    key: str
    label: str
    value: str
    why: Why


@dataclass(frozen=True)
class CarriedAnswers:
    """`answers` by the keys of the new version; `left` is stored aside under `aside`; `places` tells where each key went."""

    answers: dict[str, str]
    left: tuple[LeftAnswer, ...]
    aside: dict[str, str]
    places: dict[str, str]


def carry(old: FormDefinition, new: FormDefinition, answers: Mapping[str, str], language: str = "vi") -> CarriedAnswers:
    """Take `answers` (of `old`) over to `new`. Answers stored aside by an earlier carrying stay aside; the mark of a line goes
    with its repeat, or is not needed any more; an empty answer goes along where it keeps a default out."""
    work = _Carrying(old, new, language)
    for key, text in answers.items():
        (work.take if text else work.take_empty)(key, text)
    return CarriedAnswers(work.answers, tuple(work.left), work.aside, work.places)


class _Carrying:
    def __init__(self, old: FormDefinition, new: FormDefinition, language: str) -> None:
        self._old, self._new, self._language = _Places(old), _Places(new), language
        self._version = old.version
        self.answers: dict[str, str] = {}
        self.aside: dict[str, str] = {}
        self.places: dict[str, str] = {}
        self.left: list[LeftAnswer] = []

    def take(self, key: str, text: str) -> None:
        path, instances = self._old.split(key)
        if key.startswith(ASIDE) or path is None:
            self.aside[key] = text  # of an earlier version: told when it was left
            return
        if path not in self._old.questions:
            if self._new.split(key) == (path, instances):
                self.answers[key] = text
            return
        question = self._old.questions[path]
        to = self._target(question)
        if question.calculate is not None and (to is None or to.calculate is not None):
            return  # computed before, and anew or no more
        if to is None:
            self._leave(key, question, text, "gone")
        elif to.calculate is not None:
            self._leave(key, question, text, "computed")
        else:
            self._put(key, question, to, instances, text)

    def take_empty(self, key: str, text: str) -> None:
        path, instances = self._old.split(key)
        to = self._target(self._old.questions[path]) if path in self._old.questions else None
        if to is not None and to.default and to.calculate is None:
            self.places[key] = self._new.join(to.path, instances)
            self.answers[self.places[key]] = text

    def _target(self, question: Question) -> Question | None:
        same = self._new.questions.get(question.path)
        if same is not None:
            return same if self._new.depth(same.path) == self._old.depth(question.path) else None
        named = [one for one in self._new.questions.values() if one.name == question.name]
        unique = sum(one.name == question.name for one in self._old.questions.values()) == 1
        if len(named) != 1 or not unique or self._new.depth(named[0].path) != self._old.depth(question.path):
            return None
        return named[0]

    def _put(self, key: str, question: Question, to: Question, instances: tuple[str, ...], text: str) -> None:
        if not _takes(question, to, text):
            self._leave(key, question, text, "kind")
            return
        kept, lost = _chosen(to, text)
        if kept:
            self.places[key] = self._new.join(to.path, instances)
            self.answers[self.places[key]] = kept
        if lost:
            self._leave(key, question, lost, "choice")

    def _leave(self, key: str, question: Question, text: str, why: Why) -> None:
        labels = {choice.value: choice.label.plain(self._language) for choice in question.choices}
        words = ", ".join(labels.get(name, name) for name in text.split()) if question.kind in CHOOSING else text
        self.left.append(LeftAnswer(key, question.label.plain(self._language) or question.name, words, why))
        self.aside[f"{ASIDE}{self._version}/{key}"] = text


class _Places:
    """Paths, keys and the repeats between them."""

    def __init__(self, form: FormDefinition) -> None:
        self._plan = form.plan
        self.questions = {question.path: question for question in form.questions()}
        self._repeats = {group.path for section in form.sections for group in _groups(section) if group.repeat}

    def depth(self, path: str) -> int:
        return sum(path.startswith(f"{repeat}/") for repeat in self._repeats)

    def split(self, key: str) -> tuple[str | None, tuple[str, ...]]:
        """The path of a key and the instances in it; None when the form has no such question or repeat."""
        path, instances = self._plan.split(key)
        found = "/".join(path[1:])
        known = found in self.questions or found in self._repeats
        return (found if known else None), tuple(instance for _, _, instance in instances)

    def join(self, path: str, instances: tuple[str, ...]) -> str:
        left, key, walked = list(instances), [], ""
        for part in path.split("/"):
            walked = f"{walked}/{part}" if walked else part
            key.append(part)
            if walked in self._repeats and walked != path:
                key.append(left.pop(0))
        return "/".join(key)


def _groups(group: Group) -> list[Group]:
    return [group, *(inner for item in group.items if isinstance(item, Group) for inner in _groups(item))]


def _takes(question: Question, to: Question, text: str) -> bool:
    """Whether an answer of one kind may stand in a question of another."""
    if question.kind == to.kind or to.kind in _TEXTS or to.kind in _INTO.get(question.kind, ()):
        return True
    return {question.kind, to.kind} == {"select_one", "select_multiple"} and len(text.split()) == 1


def _chosen(to: Question, text: str) -> tuple[str, str]:
    """The part of a chosen answer that is still offered, and the rest. A list from a file is not known here: all is kept."""
    offered = {choice.value for choice in to.choices}
    if to.kind not in CHOOSING or not offered:
        return text, ""
    names = text.split()
    return " ".join(name for name in names if name in offered), " ".join(name for name in names if name not in offered)
