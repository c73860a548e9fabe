"""The choices that a question offers now, in the language of the session."""

from __future__ import annotations

from collections.abc import Callable

from poverty_desktop.forms.computing import Computing
from poverty_desktop.forms.definition import Choice, FormDefinition, Question, Words
from poverty_desktop.forms.focus import Focus, nodes
from poverty_desktop.forms.itext import MEDIA_FORMS
from poverty_desktop.forms.nodes import Node, text_of

Choices = tuple[tuple[str, str], ...]
Say = Callable[[Node, Words], str]


class Offering:
    """Reads the itemsets of one session. Lists that stand in the form and never change are made once."""

    def __init__(self, definition: FormDefinition, computing: Computing, language: str, say: Say) -> None:
        self._plan = definition.plan
        self._definition = definition
        self._computing = computing
        self._language = language
        self._say = say
        self._plain: dict[int, Choices | None] = {}  # by the identity of the list, which questions share

    def choices(self, node: Node, item: Question) -> Choices | None:
        """(value, label) pairs in the order of the form; None when the list is in a file that is not at hand."""
        unit = self._plan.units.get((node.path, "choices"))
        if unit is None:
            return self._whole(node, item)
        if not self.at_hand(node, item):
            return None
        rows = nodes(unit.run, Focus(node, node, self._computing.around))
        if not item.choices:
            return tuple((value, self._row_label(row, item)) for row in rows if (value := self._cell(row, item.itemset_value)))
        named = {choice.value: choice for choice in item.choices}
        values = dict.fromkeys(self._cell(row, item.itemset_value) for row in rows)
        return tuple((value, self._say(node, named[value].label)) for value in values if value in named)

    def at_hand(self, node: Node, item: Question) -> bool:
        source = self._plan.sources.get(node.path)
        return item.choices != () or source is None or not source.instance or source.instance in self._computing.around.instances

    def _whole(self, node: Node, item: Question) -> Choices:
        if id(item.choices) not in self._plain:
            speaks = any(len(parts) > 1 for choice in item.choices for parts in choice.label.parts.values())
            listed = ((choice.value, choice.label.plain(self._language)) for choice in item.choices)
            self._plain[id(item.choices)] = None if speaks else tuple(listed)
        plain = self._plain[id(item.choices)]
        return tuple((choice.value, self._say(node, choice.label)) for choice in item.choices) if plain is None else plain

    def _row_label(self, row: Node, item: Question) -> str:
        """The label of a row of a file, or of an answer; a file may have a column for each language: "label::English (en)"."""
        label = item.itemset_label
        if label.startswith("jr:itext("):
            return self._computing.around.itext(self._cell(row, label.removeprefix("jr:itext(").rstrip(") ")))
        name = self._definition.language_names.get(self._language, self._language)
        for column in (f"{label}::{name}", f"{label}::{self._language}"):
            if row.by_name.get(column):
                return row.by_name[column][0].text
        return self._cell(row, label) or self._cell(row, item.itemset_value)

    def _cell(self, row: Node, name: str) -> str:
        if name in row.by_name:
            return row.by_name[name][0].text
        return text_of(self._plan.compiled(name)(Focus(row, row, self._computing.around)))


def media_of(choice: Choice, language: str) -> dict[str, str]:
    """The other forms of a choice's label: pictures and sounds by their name."""
    return {form: choice.media[form].plain(language) for form in MEDIA_FORMS if form in choice.media}
