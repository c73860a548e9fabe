"""The pictures of a session that screens show, kept until what they show changes."""

from __future__ import annotations

from collections.abc import Iterable

from poverty_desktop.forms.checking import type_fault
from poverty_desktop.forms.computing import Changes, Computing
from poverty_desktop.forms.definition import FormDefinition, Group, Question, Words
from poverty_desktop.forms.focus import Focus, nodes
from poverty_desktop.forms.nodes import Node, Value, number_text, text_of, truth_of
from poverty_desktop.forms.state import (
    FormProblem,
    GroupState,
    InstanceState,
    QuestionState,
    RepeatState,
    SectionState,
)
from poverty_desktop.forms.tree import AnswerTree

Item = str | GroupState | RepeatState


class Painter:
    """Makes question and section states from the tree."""

    def __init__(self, definition: FormDefinition, tree: AnswerTree, computing: Computing, language: str) -> None:
        self._definition = definition
        self._tree = tree
        self._computing = computing
        self._language = language
        self._questions: dict[str, QuestionState] = {}

    def repaint(self, changes: Changes) -> frozenset[str]:
        """Drop pictures that no longer hold; returns the keys that really look different now."""
        different = set(changes.values)
        for key in changes.values | changes.shown:
            old = self._questions.pop(key, None)
            if key in changes.shown and key not in different and self._looks_different(key, old):
                different.add(key)
        return frozenset(different)

    def repaint_all(self, changes: Changes) -> frozenset[str]:
        """The same when any picture may have changed: an instance came or went."""
        return self.repaint(Changes(changes.values, set(self._questions)))

    def _looks_different(self, key: str, old: QuestionState | None) -> bool:
        node = self._tree.nodes.get(key)
        if node is None or not isinstance(self._tree.item(node), Question):
            return True  # the title of a group holds answers
        if old is None:
            return node.relevant
        return self.question(node) != old

    def forget(self, keys: Iterable[str]) -> frozenset[str]:
        gone = frozenset(keys)
        for key in gone:
            self._questions.pop(key, None)
        return gone

    def question(self, node: Node) -> QuestionState:
        if node.key not in self._questions:
            self._questions[node.key] = self._paint(node)
        return self._questions[node.key]

    def required(self, node: Node) -> FormProblem:
        item = self._item(node)
        return FormProblem(node.key, "required", self._words(node, item.required_message), "red", "forms.required")

    def _item(self, node: Node) -> Question:
        item = self._tree.item(node)
        assert isinstance(item, Question)
        return item

    def _paint(self, node: Node) -> QuestionState:
        item = self._item(node)
        choices = self._choices(node, item)
        required = node.relevant and self._holds(node, item.required, "required")
        return QuestionState(
            key=node.key,
            path="/".join(node.path[1:]),
            kind=item.kind,
            label=self._words(node, item.label),
            hint=self._words(node, item.hint),
            guidance=self._words(node, item.guidance),
            appearance=item.appearance,
            choices=choices,
            relevant=node.relevant,
            required=required,
            readonly=bool(item.calculate) or self._holds(node, item.readonly, "readonly"),
            value=node.raw,
            missing=required and not node.raw.strip(),
            problem=self._problem(node, item, choices),
        )

    def _problem(self, node: Node, item: Question, choices: tuple[tuple[str, str], ...]) -> FormProblem | None:
        if not node.relevant or not node.raw or item.calculate:
            return None
        fault = type_fault(item.kind, node.raw, {value for value, _ in choices})
        if fault:
            return FormProblem(node.key, "type", "", "red", fault)
        if item.constraint and not self._holds(node, item.constraint, "constraint"):
            return FormProblem(node.key, "constraint", self._words(node, item.constraint_message), item.tone)
        return None

    def _holds(self, node: Node, expression: str | None, aspect: str) -> bool:
        if expression in (None, "", "false()"):
            return False
        unit = self._definition.plan.units.get((node.path, aspect))
        return unit is None or truth_of(self._computing.evaluate(unit, node))

    def _choices(self, node: Node, item: Question) -> tuple[tuple[str, str], ...]:
        listed = ((choice.value, choice.label.plain(self._language)) for choice in item.choices)
        unit = self._definition.plan.units.get((node.path, "choices"))
        if unit is None:
            return tuple(listed)
        rows = nodes(unit.run, Focus(node, node, self._computing.around))
        allowed = {text_of(list(row.by_name.get("name", ()))) for row in rows}
        return tuple((value, label) for value, label in listed if value in allowed)

    def _words(self, node: Node, words: Words) -> str:
        parts = words.choose(self._language)
        return "".join(self._output(node, part) if place % 2 else part for place, part in enumerate(parts))

    def _output(self, node: Node, expression: str) -> str:
        value: Value = self._definition.plan.compiled(expression)(Focus(node, node, self._computing.around))
        return number_text(value) if isinstance(value, float) and not isinstance(value, bool) else text_of(value)

    # --- sections --------------------------------------------------------------------------------------------------

    def sections(self) -> tuple[SectionState, ...]:
        return tuple(self._section(section) for section in self._definition.sections if _ever_shown(section))

    def _section(self, section: Group) -> SectionState:
        if section.repeat:
            items: tuple[Item, ...] = (self._repeat(section, self._tree.root),)
            relevant = True
        else:
            node = self._tree.root.by_name[section.name][0] if section.name else self._tree.root
            items, relevant = self._items(section, node), node.relevant
        label = self._words(self._tree.root, section.label)
        hint = self._words(self._tree.root, section.hint)
        return SectionState(section.path, label, hint, section.appearance, relevant, items, tuple(_flat(items)))

    def _items(self, group: Group, node: Node) -> tuple[Item, ...]:
        found: list[Item] = []
        for item in group.items:
            if isinstance(item, Group) and item.repeat:
                found.append(self._repeat(item, node))
                continue
            inner = node.by_name[item.name][0]
            if not inner.relevant or (isinstance(item, Question) and not _shown(item)):
                continue
            found.append(inner.key if isinstance(item, Question) else self._group(item, inner))
        return tuple(found)

    def _group(self, group: Group, node: Node) -> GroupState:
        return GroupState(group.path, node.key, self._words(node, group.label), group.appearance, self._items(group, node))

    def _repeat(self, repeat: Group, parent: Node) -> RepeatState:
        key = f"{parent.key}/{repeat.name}" if parent.key else repeat.name
        branches = [node for node in parent.by_name.get(repeat.name, ()) if node.relevant]
        instances = tuple(self._instance(repeat, node) for node in branches)
        used = {"/".join(self._tree.nodes[cell].path[1:]) for one in instances for cell in one.keys}
        columns = tuple(question.path for question in repeat.questions() if question.path in used)
        label = self._words(parent, repeat.label)
        counted = repeat.count is not None
        return RepeatState(repeat.path, key, label, columns, instances, repeat.may_add, repeat.may_add, counted)

    def _instance(self, repeat: Group, node: Node) -> InstanceState:
        label = self._words(node, repeat.label)
        items = self._items(repeat, node)
        own = tuple(_flat(item for item in items if not isinstance(item, RepeatState)))
        return InstanceState(node.key, node.instance, label, own, items)


def _shown(question: Question) -> bool:
    """A question that has a place on the screen: a control with words."""
    return question.kind not in ("hidden", "calculate")


def _ever_shown(section: Group) -> bool:
    return any(_shown(question) for question in section.questions())


def _flat(items: Iterable[Item]) -> Iterable[str]:
    for item in items:
        if isinstance(item, str):
            yield item
        elif isinstance(item, GroupState):
            yield from _flat(item.items)
        else:
            yield from (key for instance in item.instances for key in instance.keys)
