"""The tree of one session's answers: made from the form's structure, one branch per repeat instance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.forms.definition import FormDefinition, Group, Question
from poverty_desktop.forms.nodes import Node


class AnswerTree:
    """Nodes by answer key. `document` is the node above the root of the instance."""

    def __init__(self, definition: FormDefinition) -> None:
        self.definition = definition
        self.document = Node("", None)
        self.root = self.document.attach(Node(definition.plan.root, self.document))
        self.nodes: dict[str, Node] = {"": self.root}
        self.aside: dict[str, str] = {}

    def grow(self, answers: Mapping[str, str | None], repeat_keys: Mapping[str, Sequence[str]]) -> None:
        """Make all nodes, with the instances that are named by the caller or by the answers, and fill the answers in."""
        self._keys = tuple(answers)
        self._repeats = repeat_keys
        for section in self.definition.sections:
            self._grow(section, self.root)

    def _grow(self, item: Question | Group, parent: Node) -> None:
        if isinstance(item, Question):
            self._node(item.name, parent)
        elif item.repeat:
            for instance in self._instances(item, parent):
                self.sprout(item, parent, instance)
        elif item.name:
            self._branch(item, self._node(item.name, parent))
        else:
            self._branch(item, parent)

    def sprout(self, repeat: Group, parent: Node, instance: str) -> Node:
        """Add one instance of a repeat at the end."""
        if not instance or "/" in instance:
            raise ValueError(f"not a repeat instance key: {instance!r}")
        node = self._node(repeat.name, parent, instance)
        self._branch(repeat, node)
        return node

    def prune(self, node: Node) -> list[str]:
        """Take an instance away; returns the keys that went."""
        assert node.parent is not None
        node.parent.detach(node)
        gone = [inner.key for inner in node.walk()]
        for key in gone:
            del self.nodes[key]
        return gone

    def _branch(self, group: Group, node: Node) -> None:
        for item in group.items:
            self._grow(item, node)

    def _node(self, name: str, parent: Node, instance: str = "") -> Node:
        node = parent.attach(Node(name, parent, instance))
        self.nodes[node.key] = node
        return node

    def _instances(self, repeat: Group, parent: Node) -> list[str]:
        """The instances named by the caller; where it names none, those of the answers."""
        place = f"{parent.key}/{repeat.name}" if parent.key else repeat.name
        if place in self._repeats:
            return list(dict.fromkeys(self._repeats[place]))
        start = f"{place}/"
        told = (key[len(start) :].partition("/")[0] for key in self._keys if key.startswith(start))
        return list(dict.fromkeys(told))

    def question_node(self, key: str) -> Node:
        """The node of a question's key; KeyError when the form has no such question (or it is a group)."""
        node = self.nodes[key]
        if not isinstance(self.item(node), Question):
            raise KeyError(key)
        return node

    def item(self, node: Node) -> Question | Group | None:
        return self.definition.plan.items.get(node.path)

    def questions(self, top: Node | None = None) -> Iterator[tuple[Node, Question]]:
        """All question nodes in paper order."""
        for node in (top or self.root).walk():
            item = self.item(node)
            if isinstance(item, Question):
                yield node, item

    def fill(self, answers: Mapping[str, str | None]) -> None:
        """Put the given answers in. Computed questions are passed over: they are computed anew."""
        for key, text in answers.items():
            question = self._asked(key)
            if question is None:
                raise KnownProblem("forms.unknown_question", question=key, form=self.definition.form_id)
            if key not in self.nodes:
                self.aside[key] = text or ""
            elif not question.calculate:
                self.nodes[key].raw = text or ""

    def _asked(self, key: str) -> Question | None:
        """The question a key is an answer to, also when its repeat instance does not exist here."""
        path: tuple[str, ...] = (self.definition.plan.root,)
        item: Question | Group | None = None
        steps = iter(key.split("/"))
        for step in steps:
            path = (*path, step)
            item = self.definition.plan.items.get(path)
            if isinstance(item, Group) and item.repeat:
                next(steps, None)
        return item if isinstance(item, Question) else None
