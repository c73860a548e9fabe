"""Fills in any form: a legal answer to every question that applies, instances in every repeat, until nothing new appears."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from poverty_desktop.forms import FormDefinition, FormSession, Group, Question, QuestionState, RepeatState

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, 30)  # noqa: DTZ001 - the wall clock of the laptop
ROUNDS = 6
INSTANCES = 2  # that the filler makes of one repeat

# Legal answers by kind; the first that the form's own constraint accepts is taken.
TEXTS = ("Đinh Văn Hrê", "5", "a", "abc@example.org", "0905123456", "2026-11-22")
NUMBERS = ("5", "0", "1", "20", "100", "1000", "-1", "60000")
ANSWERS: Mapping[str, Sequence[str]] = {
    "text": TEXTS,
    "barcode": ("8934563138164", *TEXTS),
    "integer": NUMBERS,
    "decimal": ("2.5", "0.5", *NUMBERS),
    "date": ("2026-11-22", "1990-05-02", "2030-01-01"),
    "time": ("09:30:00.000+07:00", "18:00:00.000+07:00"),
    "datetime": ("2026-11-22T09:30:00.000+07:00", "1990-05-02T08:00:00.000+07:00", "2030-01-01T08:00:00.000+07:00"),
    "acknowledge": ("OK",),
    "geopoint": ("15.12 108.79 5 3",),
    "geotrace": ("15.12 108.79 0 0;15.13 108.80 0 0",),
    "geoshape": ("15.12 108.79 0 0;15.13 108.80 0 0;15.14 108.79 0 0;15.12 108.79 0 0",),
    "image": ("photo.jpg",),
    "audio": ("voice.m4a",),
    "video": ("film.mp4",),
    "file": ("paper.pdf",),
}
NEVER_ASKED = {"note", "calculate", "hidden"}


class Filler:
    def __init__(self, definition: FormDefinition) -> None:
        self.definition = definition
        self.session = self.open({})

    def open(self, answers: Mapping[str, str], instances: Mapping[str, Sequence[str]] | None = None) -> FormSession:
        return FormSession(self.definition, answers, today=TODAY, now=NOW, seed=7, repeat_keys=instances)

    def fill(self) -> FormSession:
        """The session, filled in."""
        for _ in range(ROUNDS):
            if not (self._grow() | self._answer()):
                break
        return self.session

    def instances(self) -> dict[str, tuple[str, ...]]:
        """The instances of every repeat that stands somewhere, by the key of its place."""
        return dict(self._instances(self.definition.sections, ""))

    def nested(self) -> dict[str, Any]:
        """The answers as `forms evaluate` takes them: nested, repeats as lists, only what a person gave."""
        return self._branch(self.definition.sections, "")

    def _answer(self) -> bool:
        changed = False
        for key in self.session.question_keys():
            try:
                state = self.session.question(key)
            except KeyError:  # an answer took its instance away
                continue
            if state.relevant and not state.readonly and state.kind not in NEVER_ASKED and not _good(state):
                changed |= self._try(state)
        return changed

    def _try(self, state: QuestionState) -> bool:
        for text in _candidates(state):
            self.session.set(state.key, text)
            if self.session.question(state.key).problem is None:
                break
        return self.session.value(state.key) != state.value

    def _grow(self) -> bool:
        grown = False
        for repeat in _repeats(section.items for section in self.session.sections()):
            for number in range(len(repeat.instances), INSTANCES if repeat.may_add else 0):
                self.session.add(repeat.key, f"i{number + 1}")
                grown = True
        return grown

    def _instances(self, items: Sequence[Question | Group], above: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        for item in items:
            if isinstance(item, Question):
                continue
            key = f"{above}{item.name}"
            if not item.repeat:
                yield from self._instances(item.items, f"{key}/" if item.name else above)
                continue
            yield key, self.session.instances(key)
            for one in self.session.instances(key):
                yield from self._instances(item.items, f"{key}/{one}/")

    def _branch(self, items: Sequence[Question | Group], above: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for item in items:
            key = f"{above}{item.name}"
            if isinstance(item, Question):
                if not item.calculate and self.session.value(key):
                    found[item.name] = self.session.value(key)
            elif item.repeat:
                found[item.name] = [self._branch(item.items, f"{key}/{one}/") for one in self.session.instances(key)]
            elif item.name:
                found[item.name] = self._branch(item.items, f"{key}/")
            else:
                found |= self._branch(item.items, above)
        return found


def _good(state: QuestionState) -> bool:
    return bool(state.value) and state.problem is None


def _candidates(state: QuestionState) -> list[str]:
    names = [name for name, _ in state.choices]
    if state.kind == "select_one":
        return names
    if state.kind == "select_multiple":
        return [*names[:1], " ".join(names[:2]), " ".join(names)]
    if state.kind == "rank":
        return [" ".join(names)]
    if state.range is not None:
        return [str(state.range.start), str(state.range.end)]
    return list(ANSWERS[state.kind])


def _repeats(sections: Any) -> Iterator[RepeatState]:
    for items in sections:
        for item in items:
            if isinstance(item, RepeatState):
                yield item
                yield from _repeats(one.items for one in item.instances)
            elif not isinstance(item, str):
                yield from _repeats([item.items])
