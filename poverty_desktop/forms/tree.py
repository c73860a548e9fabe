"""The tree of one session's answers: made from the form's structure, one branch per repeat instance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count, islice

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.forms.actions import quoted
from poverty_desktop.forms.definition import FormDefinition, Group, Question
from poverty_desktop.forms.nodes import Node
from poverty_desktop.forms.plan import Plan

MOST_COUNTED = 1000
"""More instances than this are never made by a count: a slip of the finger in the number must not stop the laptop."""
MOST_NODES = 60_000
"""A count makes no instances beyond so many nodes: one slip in repeats that stand in one another would be a million."""
THERE, AWAY = "+", "-"
"""Marks, stored under the key of an instance: it is there without an answer; a count that asks its own instances let it go, its
answers are kept. AWAY under the key of a repeat: it is empty, though a new record would have some."""


class AnswerTree:
    """Nodes by answer key. `document` is the node above the root of the instance.

    `aside` holds answers and marks that have no node now: of people who are not on the list, of instances that a count took away.
    `born` gathers question nodes that have not got their defaults yet. `version` grows when nodes come or go.
    """

    def __init__(self, definition: FormDefinition) -> None:
        self.definition = definition
        self.plan: Plan = definition.plan
        self.document = Node("", None)
        self.root = self.document.attach(Node(definition.plan.root, self.document))
        self.nodes: dict[str, Node] = {"": self.root}
        self.aside: dict[str, str] = {}
        self.told: Mapping[str, Sequence[str]] = {}
        self._known: dict[str, dict[str, None]] = {}
        self.born: list[tuple[Node, Question]] = []
        self._new = False
        self.version = 0

    def twin(self) -> AnswerTree:
        """A tree of the same record that has no nodes yet but the root."""
        twin = AnswerTree(self.definition)
        twin.told, twin.aside, twin.version = self.told, dict(self.aside), self.version
        twin._new, twin._known = self._new, {place: dict(known) for place, known in self._known.items()}
        return twin

    # --- growing ---------------------------------------------------------------------------------------------------

    def grow(self, answers: Mapping[str, str | None], repeat_keys: Mapping[str, Sequence[str]]) -> None:
        """Make all nodes, with the instances that are named by the caller or by the answers, and fill the answers in.

        Instances that a form itself fills in exist in a new record only, that is where there are no answers at all.
        """
        self.told = repeat_keys
        self._new = not answers
        self._take(answers)
        for section in self.definition.sections:
            self._grow(section, self.root)
        if self.definition.meta:
            self._grow(self.definition.meta, self.root)

    def _take(self, answers: Mapping[str, str | None]) -> None:
        for key, text in answers.items():
            if not self.plan.has(key):
                raise KnownProblem("forms.unknown_question", question=key, form=self.definition.form_id)
            path, instances = self.plan.split(key)
            item = self.plan.items[path]
            for repeat, place, instance in instances:
                if place not in self.told or (repeat in self.plan.own_counts and _is_number(instance)):
                    self.known(place)[instance] = None
            if isinstance(item, Group):
                self.aside[key] = text or THERE
            elif item.kept:  # the others are computed anew
                self.aside[key] = text or ""
        for place, known in self._known.items():
            if place not in self.told and all(key.isdecimal() for key in known):
                self._known[place] = dict.fromkeys(sorted(known, key=int))

    def _grow(self, item: Question | Group, parent: Node) -> None:
        if isinstance(item, Question):
            self._leaf(item, parent)
        elif not item.repeat:
            self._branch(item, self._node(item.name, parent) if item.name else parent)
        elif item.count is None:
            self._start(item, parent)
        elif self._asks_itself(item, parent):
            for instance in self._were_there(place_of(item, parent)):
                self.sprout(item, parent, instance)

    def _start(self, repeat: Group, parent: Node) -> None:
        place = place_of(repeat, parent)
        known = list(self.known(place))
        for instance in known:
            self.sprout(repeat, parent, instance)
        if self._new and place not in self.told and not known:
            for number, values in enumerate(repeat.initial, 1):
                self.aside |= {f"{place}/{number}/{key}": text for key, text in values.items()}
                self.sprout(repeat, parent, str(number))

    def _were_there(self, place: str) -> list[str]:
        """The instances of a repeat that counts on itself, up to the last that did not go. A new one has the one that a converter
        writes: its count may ask it."""
        known = self.known(place)
        if not known:
            return ["1"]
        there = {key for key in known if self.aside.get(f"{place}/{key}") != AWAY}
        keys = list(islice(self._counted_keys(place), MOST_COUNTED))
        return keys[: max((number for number, key in enumerate(keys, 1) if key in there), default=0)]

    def sprout(self, repeat: Group, parent: Node, instance: str) -> Node:
        """Add one instance of a repeat at the end, with what is kept of it."""
        if not instance or "/" in instance:
            raise ValueError(f"not a repeat instance key: {instance!r}")
        node, place = self._node(repeat.name, parent, instance), place_of(repeat, parent)
        self.known(place)[instance] = None
        for marked in (node.key, place):
            self.aside.pop(marked, None)
        self._branch(repeat, node)
        self.version += 1
        return node

    def _branch(self, group: Group, node: Node) -> None:
        for item in group.items:
            self._grow(item, node)

    def _leaf(self, question: Question, parent: Node) -> None:
        node = self._node(question.name, parent)
        kept = self.aside.pop(node.key, None)
        if kept is not None:
            node.raw = kept
        elif not question.calculate and (question.default or question.preload):
            self.born.append((node, question))

    def _node(self, name: str, parent: Node, instance: str = "") -> Node:
        node = parent.attach(Node(name, parent, instance))
        self.nodes[node.key] = node
        self._to_its_place(node, parent.children)
        return node

    def _to_its_place(self, node: Node, children: list[Node]) -> None:
        """Paper order also for an instance that comes when what stands below its repeat is there already."""
        ranks = self.plan.ranks
        rank, place = ranks[node.path], len(children) - 1
        while place and ranks[children[place - 1].path] > rank:
            place -= 1
        if place < len(children) - 1:
            children.insert(place, children.pop())

    def known(self, place: str) -> dict[str, None]:
        """The instances of a repeat that the caller names; where it names none, those that answers are kept of."""
        if place not in self._known:
            self._known[place] = dict.fromkeys(self.told.get(place, ()))
        return self._known[place]

    # --- shrinking -------------------------------------------------------------------------------------------------

    def prune(self, node: Node) -> list[str]:
        """Take an instance away; returns the keys that went."""
        gone = self._cut(node)
        self._known.get(node.key.rpartition("/")[0], {}).pop(node.instance, None)
        start = f"{node.key}/"
        self.aside = {key: text for key, text in self.aside.items() if not key.startswith(start)}
        self._known = {place: known for place, known in self._known.items() if not place.startswith(start)}
        return gone

    def _cut(self, node: Node) -> list[str]:
        assert node.parent is not None
        node.parent.detach(node)
        gone = [inner.key for inner in node.walk()]
        for key in gone:
            del self.nodes[key]
        self.version += 1
        return gone

    def resize(self, repeat: Group, parent: Node, wanted: int) -> tuple[list[Node], list[str]]:
        """Let a counted repeat have so many instances. Answers of those that go are kept aside, and come back with them.

        Returns the new nodes and the keys that went.
        """
        present, place = list(parent.by_name.get(repeat.name, ())), place_of(repeat, parent)
        gone: list[str] = []
        for node in reversed(present[wanted:]):
            stored = self.stored_below(node)
            if self._asks_itself(repeat, parent):
                stored[node.key] = AWAY
            elif not stored:
                self.known(place).pop(node.instance, None)
            self.aside |= stored
            gone += self._cut(node)
        there = {node.instance for node in present}
        free = (key for key in self._counted_keys(place) if key not in there)
        keys = list(islice(free, max(0, wanted - len(present))))
        return [self.sprout(repeat, parent, key) for key in keys], gone

    def _counted_keys(self, place: str) -> Iterator[str]:
        """The keys of the instances of a counted repeat: those that have names, then numbers."""
        told = self.told.get(place, ())
        named = [*dict.fromkeys(told), *sorted(key for key in self.known(place) if key not in told and not _is_number(key))]
        yield from named
        yield from (str(number) for number in count(1) if str(number) not in named)

    def _asks_itself(self, repeat: Group, parent: Node) -> bool:
        """Whether its count asks its own instances: then how many there are does not follow from the answers alone."""
        return (*parent.path, repeat.name) in self.plan.own_counts

    @property
    def marks_lines(self) -> bool:
        """Whether instances are stored by themselves: those of repeats that no caller fills and no count makes by itself."""
        repeats = ((path, item) for path, item in self.plan.items.items() if isinstance(item, Group) and item.repeat)
        return any(
            "/".join(path[1:]) not in self.told and (repeat.count is None or path in self.plan.own_counts)
            for path, repeat in repeats
        )

    # --- asking ----------------------------------------------------------------------------------------------------

    def question_node(self, key: str) -> Node:
        """The node of a question's key; KeyError when the form has no such question (or it is a group)."""
        node = self.nodes[key]
        if not isinstance(self.item(node), Question):
            raise KeyError(key)
        return node

    def item(self, node: Node) -> Question | Group | None:
        return self.plan.items.get(node.path)

    def questions(self, top: Node | None = None, meta: bool = False) -> Iterator[tuple[Node, Question]]:
        """All question nodes in paper order; those of the record's own data only when asked for."""
        items = self.plan.items
        for node in (top or self.root).walk():
            item = items.get(node.path)
            if isinstance(item, Question) and (meta or not item.meta):
                yield node, item

    def stored_below(self, top: Node) -> dict[str, str]:
        """What is stored of all below a node, in paper order: the answers that `is_kept`, and the marks of instances."""
        kept = {node.key: node.raw for node, question in self.questions(top, meta=True) if is_kept(node, question)}
        marks = dict(self._marks_below(top))
        if not marks:
            return kept
        found = kept | marks
        return {node.key: found.pop(node.key) for node in top.walk() if node.key in found} | found

    def _marks_below(self, top: Node) -> Iterator[tuple[str, str]]:
        """Instances that nothing is stored of, and repeats of which a new record would have some but that are empty now. The
        instances that the caller names need no mark, nor do those that a count makes by itself."""
        for parent, repeat in self.places(top):
            place, instances = place_of(repeat, parent), parent.by_name.get(repeat.name, ())
            told = self.told.get(place, ())
            counted = repeat.count is not None and not self._asks_itself(repeat, parent)
            for node in instances:
                if node.instance not in told and not (counted and _is_number(node.instance)) and not self.has_kept(node):
                    yield node.key, THERE
            if repeat.initial and repeat.count is None and not instances and place not in self.told:
                yield place, AWAY

    def has_kept(self, top: Node) -> bool:
        """Whether anything below a node is stored."""
        return any(is_kept(node, question) for node, question in self.questions(top, meta=True))

    def place(self, key: str) -> tuple[Node, Group]:
        """The node above a repeat and the repeat itself, from its key without an instance. KeyError if there is none."""
        above, _, name = key.rpartition("/")
        parent = self.nodes[above]
        group = self.plan.items[(*parent.path, name)]
        if not isinstance(group, Group) or not group.repeat:
            raise KeyError(key)
        return parent, group

    def places(self, top: Node | None = None) -> Iterator[tuple[Node, Group]]:
        """All repeats (below a node) with the node above them, in paper order; also those without instances."""
        for node in (top or self.root).walk():
            yield from ((node, inner) for inner in self.plan.repeats_in.get(node.path, ()))


def place_of(repeat: Group, parent: Node) -> str:
    return f"{parent.key}/{repeat.name}" if parent.key else repeat.name


def is_kept(node: Node, question: Question) -> bool:
    """Whether the text of an answer is stored: an empty one only where it keeps a default out."""
    return question.kept and bool(node.raw or question.default) and not _made_anew(question, node.raw)


def _is_number(key: str) -> bool:
    """Whether a count gives such keys: "1", "2", …"""
    return key.isascii() and key.isdecimal() and key[0] != "0"


def _made_anew(question: Question, text: str) -> bool:
    """The identity of a record is that of the survey that holds it; what the form itself says of the record needs no keeping."""
    return question.meta and (question.preload.startswith("uid") or question.default == quoted(text))
