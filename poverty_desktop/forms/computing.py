"""Recomputing the tree of answers: only what depends on a change, each unit once, in the order of the plan."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from poverty_desktop.forms.definition import Question
from poverty_desktop.forms.focus import Focus
from poverty_desktop.forms.nodes import Node, Value, text_of, truth_of
from poverty_desktop.forms.plan import Plan, Unit


@dataclass
class Surroundings:
    """What expressions of one session may ask: the tree, the lists, the day, the words of choices."""

    plan: Plan
    document: Node
    moment: datetime
    language: str
    labels: dict[tuple[tuple[str, ...], str], str] = field(default_factory=dict)

    @property
    def instances(self) -> Mapping[str, Node]:
        return self.plan.instances

    def today(self) -> str:
        return self.moment.date().isoformat()

    def now(self) -> datetime:
        return self.moment

    def choice_label(self, path: tuple[str, ...], value: str) -> str:
        if (path, value) not in self.labels:
            item = self.plan.items.get(path)
            choices = item.choices if isinstance(item, Question) else ()
            words = next((choice.label.plain(self.language) for choice in choices if choice.value == value), "")
            self.labels[path, value] = words
        return self.labels[path, value]


@dataclass
class Changes:
    """What one edit touched: nodes whose value or relevance changed, and those whose shown properties may have."""

    values: set[str] = field(default_factory=set)
    shown: set[str] = field(default_factory=set)


class Computing:
    """The computation of one session. `evaluations` counts the units run, for the benchmark and the tests."""

    def __init__(self, around: Surroundings) -> None:
        self.around = around
        self.plan = around.plan
        self.evaluations = 0
        self._queue: list[tuple[int, int, int]] = []
        self._waiting: dict[tuple[int, int], tuple[Unit, Node]] = {}
        self._changes = Changes()

    def everything(self) -> None:
        """Compute the whole tree from nothing."""
        self.settle_units(self.plan.order, self.around.document)

    def settle_units(self, units: Iterable[Unit], top: Node) -> Changes:
        """Run these units on all their nodes under `top`, and what follows from them."""
        for unit in units:
            for node in top.below(unit.path) if top.path == unit.path[: len(top.path)] else ():
                self._want(unit, node)
        return self._settle()

    def changed(self, nodes: Iterable[Node]) -> Changes:
        """Nodes got another `raw`: make it visible and follow what depends on it."""
        for node in nodes:
            if not self._refresh(node):
                self._changes.values.add(node.key)
        return self._settle()

    def evaluate(self, unit: Unit, node: Node) -> Value:
        self.evaluations += 1
        return unit.run(Focus(node, node, self.around))

    def _want(self, unit: Unit, node: Node) -> None:
        rank = self.plan.order[unit]
        if (rank, id(node)) not in self._waiting:
            self._waiting[rank, id(node)] = (unit, node)
            heapq.heappush(self._queue, (rank, len(self._waiting), id(node)))

    def _settle(self) -> Changes:
        while self._queue:
            rank, _, identity = heapq.heappop(self._queue)
            self._run(*self._waiting.pop((rank, identity)))
        changes, self._changes = self._changes, Changes()
        return changes

    def _run(self, unit: Unit, node: Node) -> None:
        self.evaluations += 1
        value = unit.run(Focus(node, node, self.around))
        if unit.aspect == "calculate":
            node.raw = _computed(text_of(value))
        else:
            node.own = truth_of(value)
        self._refresh(node)

    def _refresh(self, node: Node) -> bool:
        """Bring relevance and visible text of a node, and of all below, up to date; tell the readers of what changed."""
        relevant = node.own and (node.parent is None or node.parent.relevant)
        text = node.raw if relevant else ""
        if relevant == node.relevant and text == node.text:
            return False
        turned = relevant != node.relevant
        node.relevant, node.text = relevant, text
        self._tell(node)
        for child in node.children if turned else ():
            self._refresh(child)
        return True

    def _tell(self, node: Node) -> None:
        self._changes.values.add(node.key)
        for unit, anchor in self.plan.readers.get(node.path, ()):
            for reader in node.above(anchor).below(unit.path):
                if unit.drives:
                    self._want(unit, reader)
                else:
                    self._changes.shown.add(reader.key)


def _computed(text: str) -> str:
    """A calculation without a result is empty, not the text "NaN": empty inputs are no answer."""
    return "" if text == "NaN" else text
