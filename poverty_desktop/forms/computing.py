"""Recomputing the tree of answers: only what depends on a change, each unit once, in the order of the plan."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from poverty_desktop.forms.definition import Group
from poverty_desktop.forms.focus import Focus
from poverty_desktop.forms.nodes import Node, Value, number_of, text_of, truth_of
from poverty_desktop.forms.plan import Unit
from poverty_desktop.forms.references import Path
from poverty_desktop.forms.surroundings import Surroundings
from poverty_desktop.forms.tree import MOST_COUNTED, MOST_NODES, AnswerTree


@dataclass
class Changes:
    """What one edit touched, by key.

    `values`: nodes whose value or relevance changed, came or went; `shown`: nodes whose words, choices or marks may have;
    `pages`: groups (and "" for the root) with other items in them; `recalculated`: questions that were computed to another value.
    """

    values: set[str] = field(default_factory=set)
    shown: set[str] = field(default_factory=set)
    pages: set[str] = field(default_factory=set)
    recalculated: list[Node] = field(default_factory=list)


class Computing:
    """The computation of one session. `evaluations` counts the units run, for the benchmark and the tests."""

    def __init__(self, around: Surroundings, tree: AnswerTree) -> None:
        self.around = around
        self.plan = around.plan
        self.evaluations = 0
        self._tree = tree
        self._queue: list[tuple[int, int, int]] = []
        self._waiting: dict[tuple[int, int], tuple[Unit, Node]] = {}
        self._changes = Changes()
        self._before: dict[tuple[Path, str], int] = {}  # where a count asks its own instances: how many before its last step

    def everything(self) -> Changes:
        """Compute the whole tree from nothing."""
        for node in self._tree.root.walk():
            node.text = node.raw
        self._want_all(self.plan.order, self.around.document)
        return self._settle()

    def changed(self, nodes: Iterable[Node]) -> Changes:
        """Nodes got another `raw`: make it visible and follow what depends on it."""
        for node in nodes:
            if not self._refresh(node):
                self._changes.values.add(node.key)
        return self._settle()

    def came(self, node: Node) -> Changes:
        """A repeat has a new instance."""
        self._begin(node)
        assert node.parent is not None
        self._regroup(node.parent, node.path)
        return self._settle()

    def went(self, parent: Node, path: Path) -> Changes:
        """A repeat has lost an instance."""
        self._regroup(parent, path)
        return self._settle()

    def evaluate(self, unit: Unit, node: Node) -> Value:
        self.evaluations += 1
        return unit.run(Focus(node, node, self.around))

    # --- the queue -------------------------------------------------------------------------------------------------

    def _want(self, unit: Unit, node: Node) -> None:
        rank = self.plan.order[unit]
        if (rank, id(node)) not in self._waiting:
            self._waiting[rank, id(node)] = (unit, node)
            heapq.heappush(self._queue, (rank, len(self._waiting), id(node)))

    def _want_all(self, units: Iterable[Unit], top: Node) -> None:
        for unit in units:
            for node in top.below(unit.place):
                self._want(unit, node)

    def _settle(self) -> Changes:
        while self._queue:
            rank, _, identity = heapq.heappop(self._queue)
            unit, node = self._waiting.pop((rank, identity))
            if self._tree.nodes.get(node.key) is node:  # it may have gone with its instance meanwhile
                self._run(unit, node)
        changes, self._changes = self._changes, Changes()
        self._before.clear()
        return changes

    def _run(self, unit: Unit, node: Node) -> None:
        if unit.aspect == "count":
            self._resize(unit, node)
            return
        value = self.evaluate(unit, node)
        if unit.aspect == "relevant":
            node.own = truth_of(value)
        else:
            text = _computed(text_of(value))
            if text != node.raw:
                self._changes.values.add(node.key)  # also while it is not relevant, and nobody reads it
                if node.path in self.plan.actions:
                    self._changes.recalculated.append(node)
            node.raw = text
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
        if turned:
            self._changes.pages.update((node.key, node.parent.key if node.parent else ""))
            for child in node.children:
                self._refresh(child)
        return True

    def _tell(self, node: Node) -> None:
        self._changes.values.add(node.key)
        for unit, anchor in self.plan.readers.get(node.path, ()):
            self._reach(unit, node.above(anchor))

    def _reach(self, unit: Unit, top: Node) -> None:
        """What a unit reads has changed under `top`: it is run again on its nodes there, or shows something else."""
        for reader in top.below(unit.place):
            if unit.drives:
                self._want(unit, reader)
            else:
                self._changes.shown.add(reader.key)
        if unit in self.plan.of_repeats:
            above = unit.path[:-1]
            self._changes.pages.update(parent.key for parent in top.above(len(above)).below(above))

    # --- instances -------------------------------------------------------------------------------------------------

    def _resize(self, unit: Unit, parent: Node) -> None:
        """Let a counted repeat have as many instances as its count says now."""
        repeat = self.plan.items[unit.path]
        assert isinstance(repeat, Group)
        phantom = Node(repeat.name, parent)  # a count is written as seen from an instance
        number = number_of(self.evaluate(unit, phantom))
        wanted = 0 if math.isnan(number) else int(max(0.0, min(number, MOST_COUNTED)))
        present = len(parent.by_name.get(repeat.name, ()))
        if wanted > present:
            room = (MOST_NODES - len(self._tree.nodes)) // self.plan.sizes[unit.path]
            wanted = max(present, min(wanted, present + room))
        if wanted != present and unit.path in self.plan.own_counts:
            wanted = self._in_steps(unit, parent, present, wanted)
        if wanted == present:
            return
        came, gone = self._tree.resize(repeat, parent, wanted)
        self._changes.values.update(gone)
        for node in came:
            self._begin(node)
        self._regroup(parent, unit.path)

    def _in_steps(self, unit: Unit, parent: Node, present: int, wanted: int) -> int:
        """The size of a repeat that counts on itself: it goes on growing behind a last instance that is filled in, or shrinking.

        A step that leads no further (turned back at once, or one more behind every empty one: `count(${m}) + 1`) is taken back,
        so that the same answers computed again, from nothing too, change nothing. While the repeat does not apply, it stays.
        """
        if not parent.relevant:
            return present
        before = self._before.get((unit.path, parent.key))
        if before is not None:
            grows, grew = wanted > present, present > before
            if present == before or grows != grew or (grows and not self._is_asked_for(unit, parent, max(before - 1, 0))):
                return before
        self._before[unit.path, parent.key] = present
        return wanted

    def _is_asked_for(self, unit: Unit, parent: Node, start: int) -> bool:
        """Whether an instance from `start` on has an answer that the count asks."""
        instances = parent.by_name.get(unit.path[-1], ())[start:]
        return any(found.raw for one in instances for path in self.plan.own_counts[unit.path] for found in one.below(path))

    def _begin(self, top: Node) -> None:
        """Compute a new instance from nothing."""
        for node in top.walk():
            node.relevant = node.parent is None or node.parent.relevant
            node.text = node.raw if node.relevant else ""
            self._changes.values.add(node.key)
        self._want_all(self.plan.inside[top.path], top)

    def _regroup(self, parent: Node, path: Path) -> None:
        """Instances of a repeat came or went: whoever reads across them is computed again."""
        self._changes.pages.add(parent.key)
        for read, unit, anchor in self.plan.below[path]:
            if len(read) == len(path) or anchor < len(path):  # the others read only their own instance
                self._reach(unit, parent.above(anchor))


def _computed(text: str) -> str:
    """A calculation without a result is empty, not the text "NaN": empty inputs are no answer."""
    return "" if text == "NaN" else text
