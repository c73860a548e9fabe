"""What happens by itself while a record is filled in: defaults, what fills itself in, and the actions of the form.

ODK XForms specification, "Events and Actions" and "Preload Attributes". The defaults of a new record are run after its
computations, so that they see them; those of a new instance of a repeat too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from poverty_desktop.forms.computing import Changes, Computing
from poverty_desktop.forms.definition import Action, Question
from poverty_desktop.forms.focus import Focus, dice
from poverty_desktop.forms.functions_dates import now
from poverty_desktop.forms.functions_text import uuid
from poverty_desktop.forms.nodes import Node, text_of
from poverty_desktop.forms.tree import AnswerTree


class Beginning:
    """Runs what happens by itself on one session's tree."""

    def __init__(self, tree: AnswerTree, computing: Computing) -> None:
        self._tree = tree
        self._plan = tree.plan
        self._computing = computing

    def whole(self) -> None:
        """A record is opened: compute it, give the new questions their defaults, and run what belongs to every opening."""
        changes = self._computing.everything()
        self.newborn(changes)
        for action in self._tree.definition.actions:
            if "odk-instance-load" in action.events:
                self._set(action, self._tree.document, changes)
        changes.recalculated.clear()

    def newborn(self, changes: Changes) -> Changes:
        """Give the questions that came to be their defaults. Grows `changes` by what follows."""
        while self._tree.born:
            born, self._tree.born = self._tree.born, []
            for node, question in born:
                if self._tree.nodes.get(node.key) is node:
                    self._default(node, question, changes)
        return changes

    def _default(self, node: Node, question: Question, changes: Changes) -> None:
        text = self._value(node, question.default) if question.default else ""
        self._give(node, text or preloaded(question.preload, Focus(node, node, self._computing.around)), changes)

    def act(self, changes: Changes, sources: Iterable[Node]) -> Changes:
        """Run the actions that a change of these questions sets off, and those that follow; each sets its target once."""
        done: set[tuple[int, str]] = set()
        waiting = [*sources, *changes.recalculated]
        changes.recalculated.clear()
        while waiting:
            source = waiting.pop(0)
            for action in self._plan.actions.get(source.path, ()):
                if (id(action), source.key) not in done:
                    done.add((id(action), source.key))
                    waiting += self._set(action, source, changes)
                    waiting += changes.recalculated
                    changes.recalculated.clear()
        return changes

    def _set(self, action: Action, source: Node, changes: Changes) -> list[Node]:
        """Set the target of an action: in the same instance of every repeat that it shares with its source."""
        path = self._plan.path_of(action.target)
        common = next((depth for depth, (one, other) in enumerate(zip(path, source.path, strict=False)) if one != other), None)
        depth = min(len(path), len(source.path)) if common is None else common
        touched = []
        for target in source.above(depth).below(path):
            text = self._value(target, action.value)
            item = self._plan.items.get(path)
            if isinstance(item, Question) and not item.calculate and target.raw != text:
                self._give(target, text, changes)
                self.newborn(changes)
                touched.append(target)
        return touched

    def _value(self, node: Node, expression: str) -> str:
        text = text_of(self._plan.compiled(expression)(Focus(node, node, self._computing.around)))
        return "" if text == "NaN" else text

    def _give(self, node: Node, text: str, changes: Changes) -> None:
        if text == node.raw:
            return
        node.raw = text
        more = self._computing.changed([node])
        changes.values |= more.values
        changes.shown |= more.shown
        changes.pages |= more.pages
        changes.recalculated += more.recalculated


def preloaded(preload: str, focus: Focus) -> str:
    """What fills itself in: "timestamp start", "date today", "property deviceid", "uid"."""
    kind, _, what = preload.partition(" ")
    made = _PRELOADS.get(kind)
    return made(focus, what) if made else ""


def _property(focus: Focus, what: str) -> str:
    known = focus.around.properties
    return known.get(what) or known.get(what.removeprefix("uri:"), "")


def _identity(focus: Focus, what: str) -> str:
    return focus.around.properties.get("instanceID") or f"uuid:{uuid(dice('uid', focus))}"


_PRELOADS: dict[str, Callable[[Focus, str], str]] = {
    "timestamp": lambda focus, what: now(focus.around),
    "date": lambda focus, what: focus.around.today(),
    "property": _property,
    "uid": _identity,
}
