"""Repeats as rows of the screen: a grid where the instances fit lines of a table, blocks under a title where not. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from poverty_desktop.forms import FormSession, GroupState, InstanceState, RepeatState
from poverty_desktop.forms.definition import Group, Question
from poverty_desktop.gui.presenters.survey_fields import SILENT, Fields, numbered, shown
from poverty_desktop.gui.presenters.survey_state import CardsState, CardState, GridRow, GridState, RowState

Items = tuple[str | GroupState | RepeatState, ...]
RowsOf = Callable[[Items], tuple[RowState, ...]]

GRID_KINDS = ("text", "integer", "decimal", "date", "time", "datetime", "select_one", "select_multiple", "acknowledge", "barcode")
MOST_COLUMNS, MOST_OPTIONS = 16, 40
_NUMBER = re.compile(r"^\s*[A-Z]?\d+(\.\d+)*[.)]?\s+")
PERSON = ("full_name", "sex", "age", "age_basis", "birth_date", "relation_to_head")
"""Questions, by name, that stand at the head of a line when nobody answers them here: the register does."""


@dataclass
class Repeats:
    """Draws the repeats of one session. `kept_elsewhere` are keys of repeats whose instances the register names."""

    fields: Fields
    kept_elsewhere: frozenset[str] = frozenset()
    _columns: dict[str, tuple[str, ...] | None] = field(default_factory=dict)

    @property
    def session(self) -> FormSession:
        return self.fields.session

    def row(self, repeat: RepeatState, rows_of: RowsOf) -> GridState | CardsState:
        names = self._names(repeat)
        may_add = self.may_add(repeat)
        may_remove = may_add and repeat.may_remove
        if names is None:
            cards = tuple(self._card(repeat, place, one, rows_of) for place, one in enumerate(repeat.instances, start=1))
            return CardsState(repeat.key, repeat.label, cards, may_add, may_remove)
        cells = tuple(tuple(self.fields.of(f"{one.key}/{name}") for name in names) for one in repeat.instances)
        words = [self._question(f"{repeat.path}/{name}").label.plain(self.session.language) for name in names]
        placed = enumerate(repeat.instances, start=1)
        rows = tuple(GridRow(one.instance, *self.title(repeat, place, one)) for place, one in placed)
        return GridState(repeat.key, repeat.label, tuple(zip(names, words, strict=True)), rows, cells, may_add, may_remove)

    def may_add(self, repeat: RepeatState) -> bool:
        return repeat.may_add and not repeat.counted and not self.fields.locked and repeat.key not in self.kept_elsewhere

    def _card(self, repeat: RepeatState, place: int, one: InstanceState, rows_of: RowsOf) -> CardState:
        title, detail = self.title(repeat, place, one)
        return CardState(one.key, one.instance, f"{place}. {title}", detail, rows_of(one.items))

    # --- columns -----------------------------------------------------------------------------------------------

    def _names(self, repeat: RepeatState) -> tuple[str, ...] | None:
        """The columns of the grid, as paths below the repeat; None when its instances stand as blocks. Always the same for a
        form, so that columns do not jump while one types; what does not apply shows as such."""
        path, first = repeat.path, next(iter(repeat.instances), None)
        if path not in self._columns:
            group = self._group(path)
            asked = [one for one in group.questions() if one.kind not in SILENT and not self._at_head(one, repeat, first)]
            plain = all(_fits_a_cell(one) for one in asked)
            whole = not any(one.kind == "note" for one in group.questions()) and not _nests(group)
            fits = plain and whole and 0 < len(asked) <= MOST_COLUMNS
            names = tuple(one.path.removeprefix(f"{path}/") for one in asked) if fits else None
            if first is None:
                return names
            self._columns[path] = names
        return self._columns[path]

    def _at_head(self, question: Question, repeat: RepeatState, first: InstanceState | None) -> bool:
        if question.name not in PERSON or first is None:
            return question.name in PERSON and bool(question.readonly)
        return not self.fields.asked(self.session.question(f"{first.key}{question.path.removeprefix(repeat.path)}"))

    def _group(self, path: str) -> Group:
        return next(one for one in _groups(self.session.definition.sections) if one.path == path)

    def _question(self, path: str) -> Question:
        return self.session.definition.question(path)

    # --- who stands in a line ------------------------------------------------------------------------------------

    def title(self, repeat: RepeatState, place: int, one: InstanceState) -> tuple[str, str]:
        """(name, "Nữ · 34 tuổi") of one instance, as far as the form has them; else its place."""
        texts, value = self.fields.texts, self._head_value
        group = self._group(repeat.path)
        known = {question.name: f"{one.key}{question.path.removeprefix(repeat.path)}" for question in group.questions()}
        name = value(known, "full_name") or value(known, "name")
        if "full_name" not in known:
            own = one.label if one.label != repeat.label else ""
            return name or own or _NUMBER.sub("", repeat.label) or texts("survey.instance", place=place), ""
        age = value(known, "age")
        parts = [value(known, "sex"), texts("survey.years", age=age) if age else texts("survey.age_unknown")]
        parts.append(value(known, "relation_to_head"))
        return name or texts("survey.no_name"), " · ".join(part for part in parts if part)

    def _head_value(self, known: dict[str, str], name: str) -> str:
        if name not in known:
            return ""
        question = self.session.question(known[name])
        return shown(question.kind, question.value, numbered(question.choices))


def _fits_a_cell(question: Question) -> bool:
    """Whether a question can be answered in a cell: a list that is looked for by typing, or comes from a file, cannot."""
    listed = question.itemset is None or bool(question.choices)
    short = len(question.choices) <= MOST_OPTIONS and listed
    return question.kind in GRID_KINDS and "multiline" not in question.appearance and short


def _nests(group: Group) -> bool:
    return any(isinstance(one, Group) and (one.repeat or _nests(one)) for one in group.items)


def _groups(items: tuple[Question | Group, ...]) -> Iterator[Group]:
    for item in items:
        if isinstance(item, Group):
            yield item
            yield from _groups(item.items)


def repeats_in(items: Items) -> Iterator[RepeatState]:
    """All repeats among these rows, outer before inner."""
    for item in items:
        if isinstance(item, GroupState):
            yield from repeats_in(item.items)
        elif isinstance(item, RepeatState):
            yield item
            for instance in item.instances:
                yield from repeats_in(instance.items)


def keys_of(items: Items) -> Iterator[str]:
    """The question keys of these rows in paper order, those of nested repeats where they stand."""
    for item in items:
        if isinstance(item, str):
            yield item
        elif isinstance(item, GroupState):
            yield from keys_of(item.items)
        else:
            for instance in item.instances:
                yield from keys_of(instance.items) if instance.items else instance.keys
