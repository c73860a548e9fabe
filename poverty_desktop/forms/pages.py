"""The sections of a session as on paper, kept until something comes or goes on them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from poverty_desktop.forms.computing import Computing
from poverty_desktop.forms.definition import FormDefinition, Group, Question, Words
from poverty_desktop.forms.focus import Focus
from poverty_desktop.forms.nodes import Node, truth_of
from poverty_desktop.forms.state import GroupState, InstanceState, RepeatState, SectionState
from poverty_desktop.forms.tree import AnswerTree, place_of

Item = str | GroupState | RepeatState


class Pages:
    """What stands on each page: by the key of the group's node; a section by its path."""

    def __init__(
        self, definition: FormDefinition, tree: AnswerTree, computing: Computing, say: Callable[[Node, Words], str]
    ) -> None:
        self._tree = tree
        self._computing = computing
        self._say = say
        self._shown = [section for section in definition.sections if _ever_shown(section)]
        self._items_of: dict[str, tuple[Item, ...]] = {}
        self._sections: dict[str, SectionState] = {}
        self._all: tuple[SectionState, ...] | None = None

    # --- keeping up ------------------------------------------------------------------------------------------------

    def drop(self, key: str) -> None:
        """Something else stands on the page of this node now: it and all above are made again."""
        self._all = None
        node = self._tree.nodes.get(key)
        if node is None:
            return
        if len(node.path) > 1:
            self._sections.pop(node.path[1], None)
        else:  # what stands right in the root: repeats, and the sections without a name
            loose = [section.path for section in self._shown if section.repeat or not section.name]
            self._sections = {path: state for path, state in self._sections.items() if path not in loose}
        while node is not None:
            self._items_of.pop(node.key, None)
            node = node.parent

    def forget(self, keys: Iterable[str]) -> None:
        """These nodes came or went: a page of an instance that had the same key once is not theirs."""
        for key in keys:
            self._items_of.pop(key, None)

    # --- sections --------------------------------------------------------------------------------------------------

    def sections(self) -> tuple[SectionState, ...]:
        if self._all is None:
            for section in self._shown:
                if section.path not in self._sections:
                    self._sections[section.path] = self._section(section)
            self._all = tuple(self._sections[section.path] for section in self._shown)
        return self._all

    def _section(self, section: Group) -> SectionState:
        root = self._tree.root
        if section.repeat:
            relevant = self.applies(section, root)
            items: tuple[Item, ...] = (self._repeat(section, root),) if relevant else ()
            node = Node(section.name, root)
        else:
            node = root.by_name[section.name][0] if section.name else root
            items, relevant = self._items(section, node), node.relevant
        label, hint = self._say(node, section.label), self._say(node, section.hint)
        return SectionState(section.path, label, hint, section.appearance, relevant, items, tuple(_flat(items)))

    def applies(self, repeat: Group, parent: Node) -> bool:
        """Whether a repeat has a place on the page: one of its instances applies, or would."""
        instances = parent.by_name.get(repeat.name, ())
        if instances:
            return any(node.relevant for node in instances)
        unit = self._tree.plan.units.get(((*parent.path, repeat.name), "relevant"))
        if unit is None or not parent.relevant:
            return parent.relevant
        phantom = Node(repeat.name, parent)
        return truth_of(unit.run(Focus(phantom, phantom, self._computing.around)))

    def _items(self, group: Group, node: Node) -> tuple[Item, ...]:
        if not group.name:  # a section without a name shares the root with others
            return tuple(self._found(group, node))
        if node.key not in self._items_of:
            self._items_of[node.key] = tuple(self._found(group, node))
        return self._items_of[node.key]

    def _found(self, group: Group, node: Node) -> Iterator[Item]:
        for item in group.items:
            if isinstance(item, Group) and item.repeat:
                if _ever_shown(item) and self.applies(item, node):
                    yield self._repeat(item, node)
            elif not item.meta and (inner := node.by_name[item.name][0]).relevant:
                if isinstance(item, Group):
                    label = self._say(inner, item.label)
                    yield GroupState(item.path, inner.key, label, item.appearance, self._items(item, inner))
                elif _shown(item):
                    yield inner.key

    def _repeat(self, repeat: Group, parent: Node) -> RepeatState:
        branches = [node for node in parent.by_name.get(repeat.name, ()) if node.relevant]
        instances = tuple(self._instance(repeat, node) for node in branches)
        used = {"/".join(self._tree.nodes[cell].path[1:]) for one in instances for cell in one.keys}
        columns = tuple(question.path for question in repeat.questions() if question.path in used)
        label, counted = self._say(Node(repeat.name, parent), repeat.label), repeat.count is not None
        may = repeat.may_add
        return RepeatState(repeat.path, place_of(repeat, parent), label, columns, instances, may, may, counted)

    def _instance(self, repeat: Group, node: Node) -> InstanceState:
        items = self._items(repeat, node)
        return InstanceState(node.key, node.instance, self._say(node, repeat.label), tuple(_own(items)), items)


def _shown(question: Question) -> bool:
    """A question that has a place on the screen: a control with words."""
    return question.kind not in ("hidden", "calculate")


def _ever_shown(section: Group) -> bool:
    return any(_shown(question) for question in section.questions())


def _own(items: Iterable[Item]) -> Iterator[str]:
    """The question keys of an instance, without those of nested repeats."""
    for item in items:
        if isinstance(item, str):
            yield item
        elif isinstance(item, GroupState):
            yield from _own(item.items)


def _flat(items: Iterable[Item]) -> Iterator[str]:
    """All question keys, those of repeats in repeats included."""
    for item in items:
        if isinstance(item, str):
            yield item
        elif isinstance(item, GroupState):
            yield from _flat(item.items)
        else:
            for instance in item.instances:
                yield from _flat(instance.items)
