"""What the expressions of one session may ask: the tree, the lists, the day, chance, the words of choices."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random

from poverty_desktop.forms.definition import Question, Words
from poverty_desktop.forms.focus import SESSION
from poverty_desktop.forms.nodes import Node, text_of
from poverty_desktop.forms.plan import Plan
from poverty_desktop.forms.references import Path


@dataclass
class Surroundings:
    """The `focus.Surroundings` of a session. `instances` are the lists of the form and those read from files."""

    plan: Plan
    document: Node
    moment: datetime
    language: str
    instances: Mapping[str, Node]
    random: Random
    properties: Mapping[str, str] = field(default_factory=dict)
    draws: MutableMapping[tuple[str, str], int] = field(default_factory=dict)
    labels: dict[tuple[Path, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if SESSION not in self.draws:  # before anything else draws, so that the order of computing does not matter
            self.draws[SESSION] = self.random.getrandbits(63)

    @property
    def version(self) -> str:
        return self.plan.version

    def today(self) -> str:
        return self.moment.date().isoformat()

    def now(self) -> datetime:
        return self.moment

    def itext(self, identifier: str) -> str:
        return self.plan.itext.get(identifier, Words()).plain(self.language)

    def choice_label(self, path: Path, value: str) -> str:
        """The label of a choice; where the choices are answers, as they are now."""
        item = self.plan.items.get(path)
        if not isinstance(item, Question):
            return ""
        if item.choices or not item.itemset:
            if (path, value) not in self.labels:
                words = next((choice.label.plain(self.language) for choice in item.choices if choice.value == value), "")
                self.labels[path, value] = words
            return self.labels[path, value]
        return self._row_label(path, item, value)

    def _row_label(self, path: Path, item: Question, value: str) -> str:
        source = self.plan.sources.get(path)
        rows = source.rows(self) if source else []
        name, label = item.itemset_value, item.itemset_label
        return next((_cell(row, label) for row in rows if _cell(row, name) == value), "")

    def beside(self, document: Node) -> Surroundings:
        """The same for another tree: chance goes on from here on both sides alike."""
        dice = Random()
        dice.setstate(self.random.getstate())
        return replace(self, document=document, random=dice, draws=dict(self.draws), labels=dict(self.labels))


def _cell(row: Node, name: str) -> str:
    return text_of(list(row.by_name.get(name, ())))
