"""How a form is computed: its expressions ready to run, who depends on whom, and in which order.

A *unit* is one expression of one question or group. Units "relevant", "calculate" and "count" drive others; the rest ("required",
"readonly", "constraint", "choices", words) only show. The order is found once per form; a circle is refused with its path.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.forms.compiled import compile_expression
from poverty_desktop.forms.definition import Action, FormDefinition, Group, Question, Words
from poverty_desktop.forms.focus import Run
from poverty_desktop.forms.lists import RowSource, internal_lists, row_source
from poverty_desktop.forms.nodes import Node
from poverty_desktop.forms.ordering import ordered
from poverty_desktop.forms.references import Path, Reference, references
from poverty_desktop.forms.xpath import BrokenExpression

DRIVING = frozenset({"relevant", "calculate", "count"})
_CHOICE_NAME = re.compile(r"choice-name\(.*?,\s*['\"]\s*([^'\"]+?)\s*['\"]\s*\)")


@dataclass(frozen=True, eq=False)
class Unit:
    """One expression. `path` is the full path of its node, with the root; `place` that of the nodes it is run on: the count of
    a repeat is the business of the node above its instances."""

    path: Path
    aspect: str
    expression: str
    reads: frozenset[Reference]

    @cached_property
    def drives(self) -> bool:
        return self.aspect in DRIVING

    @cached_property
    def place(self) -> Path:
        return self.path[:-1] if self.aspect == "count" else self.path

    @cached_property
    def run(self) -> Run:
        return compile_expression(self.expression)


@dataclass(frozen=True)
class Plan:
    """`order` gives each driving unit its rank; `readers` the units that read a path, with the anchor of the reference.

    `sources` are the places that the choices of a question come from when they are rows of a file or answers. `actions` are those
    set off by a change of the question of a path. `own_counts` are the repeats whose count asks their own instances, with the
    answers that it asks there.
    """

    root: str
    version: str
    items: Mapping[Path, Question | Group]
    units: Mapping[tuple[Path, str], Unit]
    readers: Mapping[Path, tuple[tuple[Unit, int], ...]]
    order: Mapping[Unit, int]
    own_counts: Mapping[Path, frozenset[Path]]
    instances: Mapping[str, Node]
    sources: Mapping[Path, RowSource]
    actions: Mapping[Path, tuple[Action, ...]]
    itext: Mapping[str, Words]
    _compiled: dict[str, Run] = field(default_factory=dict, repr=False)

    def check(self) -> None:
        """Compile every expression now; what is broken was refused when the plan was made."""
        for unit in self.units.values():
            try:
                _ = unit.run
            except BrokenExpression as error:
                raise _broken(unit.path, error) from error
        for path, text in self._loose():
            try:
                self.compiled(text)
            except BrokenExpression as error:
                raise _broken(path, error) from error

    def _loose(self) -> Iterator[tuple[Path, str]]:
        """Expressions that are no units: they are run when something happens."""
        for path, item in self.items.items():
            if isinstance(item, Question):
                texts = [item.default, *(part for words in _all_words(item) for part in _expressions(words))]
                yield from ((path, text) for text in texts if text)
                if item.itemset:
                    yield path, item.itemset_value
        for path, actions in self.actions.items():
            yield from ((path, action.value) for action in actions)

    def compiled(self, expression: str) -> Run:
        """An expression outside of the units (defaults, words with answers in them), compiled once."""
        if expression not in self._compiled:
            self._compiled[expression] = compile_expression(expression)
        return self._compiled[expression]

    def path_of(self, below: str) -> Path:
        """The full path of a path below the root."""
        return (self.root, *below.split("/")) if below else (self.root,)

    def split(self, key: str) -> tuple[Path, tuple[tuple[Path, str, str], ...]]:
        """The full path of an answer key, and the instances in it: (path of the repeat, its place, instance)."""
        path: Path = (self.root,)
        place, instances = "", []
        steps = iter(key.split("/"))
        for step in steps:
            path, place = (*path, step), f"{place}/{step}" if place else step
            item = self.items.get(path)
            if isinstance(item, Group) and item.repeat and (instance := next(steps, "")):
                instances.append((path, place, instance))
                place = f"{place}/{instance}"
        return path, tuple(instances)

    def has(self, key: str) -> bool:
        """Whether the form has what an answer key names: a question, or a repeat (for the mark of an instance)."""
        item = self.items.get(self.split(key)[0])
        return isinstance(item, Question) or (item is not None and item.repeat)

    @cached_property
    def ranks(self) -> Mapping[Path, int]:
        """Paper order."""
        return {path: rank for rank, path in enumerate(self.items)}

    @cached_property
    def repeats_in(self) -> Mapping[Path, tuple[Group, ...]]:
        """The repeats that stand right in a group or in the root."""
        found: dict[Path, tuple[Group, ...]] = {}
        for path, item in self.items.items():
            if isinstance(item, Group) and item.repeat:
                found[path[:-1]] = (*found.get(path[:-1], ()), item)
        return found

    @cached_property
    def below(self) -> Mapping[Path, tuple[tuple[Path, Unit, int], ...]]:
        """For each repeat: what is read in it, by whom. Asked when an instance comes or goes."""
        repeats = self._repeats()
        read = [(path, unit, anchor) for path, units in self.readers.items() for unit, anchor in units]
        return {repeat: tuple(one for one in read if one[0][: len(repeat)] == repeat) for repeat in repeats}

    @cached_property
    def inside(self) -> Mapping[Path, tuple[Unit, ...]]:
        """For each repeat: the driving units that run in its instances, in order."""
        repeats = self._repeats()
        return {repeat: tuple(unit for unit in self.order if unit.place[: len(repeat)] == repeat) for repeat in repeats}

    @cached_property
    def sizes(self) -> Mapping[Path, int]:
        """For each repeat: how many nodes an instance has, one instance of each repeat in it included."""
        repeats = self._repeats()
        return {one: sum(path[: len(one)] == one for path in self.items) for one in repeats}

    def _repeats(self) -> list[Path]:
        return [path for path, item in self.items.items() if isinstance(item, Group) and item.repeat]

    @cached_property
    def of_repeats(self) -> frozenset[Unit]:
        """The units of repeats themselves: what they show stands on the page above, also while they have no instance."""
        repeats = set(self._repeats())
        return frozenset(unit for unit in self.units.values() if unit.path in repeats and unit.aspect != "count")


def make_plan(definition: FormDefinition) -> Plan:
    """The plan of a form. Raises KnownProblem "forms.broken_expression" and "forms.circular"."""
    root, instances = internal_lists(definition.xml)
    top = (*definition.sections, *([definition.meta] if definition.meta else []))
    items = dict(_items(top, (root,)))
    asked = {path: item for path, item in items.items() if isinstance(item, Question)}
    sources = {path: source for path, item in asked.items() if (source := _source(path, item, items))}
    units = {}
    for path, item in items.items():
        for aspect, text in _texts(item):
            units[path, aspect] = _unit(path, aspect, text, items, sources)
    readers: dict[Path, list[tuple[Unit, int]]] = {}
    for unit in units.values():
        for reference in unit.reads:
            readers.setdefault(reference.path or (), []).append((unit, min(reference.anchor, len(unit.place))))
    order, own_counts = ordered(units)
    for path, inside in own_counts.items():  # also where a calculation stands between: whether there is an answer matters too
        for one in inside:
            readers.setdefault(one, []).append((units[path, "count"], len(path) - 1))
    return Plan(
        root=root,
        version=definition.version,
        items=items,
        units=units,
        readers={path: tuple(dict.fromkeys(found)) for path, found in readers.items()},
        order={unit: rank for rank, unit in enumerate(order)},
        own_counts=own_counts,
        instances=instances,
        sources=sources,
        actions=_actions(definition, root),
        itext=definition.itext,
    )


def _actions(definition: FormDefinition, root: str) -> dict[Path, tuple[Action, ...]]:
    found: dict[Path, tuple[Action, ...]] = {}
    for action in definition.actions:
        if "xforms-value-changed" in action.events:
            path = (root, *action.source.split("/"))
            found[path] = (*found.get(path, ()), action)
    return found


def _items(found: tuple[Question | Group, ...], above: Path) -> Iterator[tuple[Path, Question | Group]]:
    for item in found:
        path = (*above, item.name) if item.name else above
        if item.name:
            yield path, item
        if isinstance(item, Group):
            yield from _items(item.items, path)


def _texts(item: Question | Group) -> Iterator[tuple[str, str]]:
    """The expressions of an item by aspect. Constants need no unit."""
    if item.relevant:
        yield "relevant", item.relevant
    if isinstance(item, Group):
        if item.count:
            yield "count", item.count
        yield from _outputs("label", item.label)
        return
    single = {"calculate": item.calculate, "required": item.required, "readonly": item.readonly}
    single |= {"constraint": item.constraint, "choices": item.itemset}
    yield from ((aspect, text) for aspect, text in single.items() if text and text.strip() not in ("true()", "false()"))
    for place, words in enumerate(_all_words(item)):
        yield from _outputs(f"words{place}-", words)


def _all_words(item: Question) -> Iterator[Words]:
    yield from (item.label, item.hint, item.guidance, item.constraint_message, item.required_message, *item.media.values())
    yield from (choice.label for choice in item.choices)


def _expressions(words: Words) -> list[str]:
    return sorted({text for parts in words.parts.values() for text in parts[1::2]})


def _outputs(aspect: str, words: Words) -> Iterator[tuple[str, str]]:
    for place, text in enumerate(_expressions(words)):
        yield f"{aspect}{place}", text


def _unit(path: Path, aspect: str, text: str, items: Mapping[Path, Question | Group], sources: Mapping[Path, RowSource]) -> Unit:
    try:
        reads = references(text, path, items)
        for name in _CHOICE_NAME.findall(text) if "choice-name" in text else ():
            asked = {reference.path or () for reference in references(name, path, items)}
            reads |= {Reference(read) for one in asked if one in sources for read in sources[one].reads}
        if aspect == "choices" and path in sources:
            reads |= {Reference(read) for read in sources[path].reads}
        unit = Unit(path, aspect, text, frozenset(reads))
        _ = unit.run  # compiled now, while its syntax tree is at hand
        return unit
    except BrokenExpression as error:
        raise _broken(path, error) from error
    except RecursionError as error:
        raise _broken(path, BrokenExpression(text, "nested too deep")) from error


def _source(path: Path, item: Question, items: Mapping[Path, Question | Group]) -> RowSource | None:
    if not item.itemset or item.choices:
        return None
    try:
        return row_source(item, path, items)
    except BrokenExpression as error:
        raise _broken(path, error) from error


def _broken(path: Path, error: BrokenExpression) -> KnownProblem:
    return KnownProblem("forms.broken_expression", path="/".join(path[1:]), expression=error.expression, reason=error.reason)
