"""How a form is computed: its expressions ready to run, who depends on whom, and in which order.

A *unit* is one expression of one question or group. Units "relevant" and "calculate" drive others; the rest ("required",
"readonly", "constraint", "label", "choices") only show. The order is found once per form; a circle is refused with its path.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.forms.compiled import compile_expression
from poverty_desktop.forms.definition import FormDefinition, Group, Question, Words
from poverty_desktop.forms.focus import Run
from poverty_desktop.forms.nodes import Node
from poverty_desktop.forms.references import Path, Reference, references
from poverty_desktop.forms.xpath import BrokenExpression

DRIVING = ("relevant", "calculate")


@dataclass(frozen=True, eq=False)
class Unit:
    """One expression. `path` is the full path of its node, with the root."""

    path: Path
    aspect: str
    expression: str
    reads: frozenset[Reference]

    @property
    def drives(self) -> bool:
        return self.aspect in DRIVING

    @cached_property
    def run(self) -> Run:
        return compile_expression(self.expression)


@dataclass(frozen=True)
class Plan:
    """`order` gives each driving unit its rank; `readers` the units that read a path, with the anchor of the reference."""

    root: str
    items: Mapping[Path, Question | Group]
    units: Mapping[tuple[Path, str], Unit]
    readers: Mapping[Path, tuple[tuple[Unit, int], ...]]
    order: Mapping[Unit, int]
    instances: Mapping[str, Node]
    _compiled: dict[str, Run] = field(default_factory=dict, repr=False)

    def check(self) -> None:
        """Compile every expression now; what is broken was refused when the plan was made."""
        for unit in self.units.values():
            try:
                _ = unit.run
            except BrokenExpression as error:
                raise _broken(unit.path, error) from error

    def compiled(self, expression: str) -> Run:
        """An expression outside of the units (defaults, words with answers in them), compiled once."""
        if expression not in self._compiled:
            self._compiled[expression] = compile_expression(expression)
        return self._compiled[expression]


def make_plan(definition: FormDefinition) -> Plan:
    """The plan of a form. Raises KnownProblem "forms.broken_expression" and "forms.circular"."""
    html = ElementTree.fromstring(definition.xml)
    root = html.findall(".//{http://www.w3.org/2002/xforms}instance/*")[0].tag.rpartition("}")[2]
    items = dict(_items(definition.sections, (root,)))
    units = {(path, aspect): _unit(path, aspect, text, items) for path, item in items.items() for aspect, text in _texts(item)}
    readers: dict[Path, list[tuple[Unit, int]]] = {}
    for unit in units.values():
        for reference in unit.reads:
            readers.setdefault(reference.path or (), []).append((unit, reference.anchor))
    order = {unit: rank for rank, unit in enumerate(_ordered(units))}
    frozen = {path: tuple(found) for path, found in readers.items()}
    return Plan(root, items, units, frozen, order, _instances(html))


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
        yield from _outputs("label", item.label)
        return
    single = {"calculate": item.calculate, "required": item.required, "readonly": item.readonly}
    single |= {"constraint": item.constraint, "choices": item.itemset}
    yield from ((aspect, text) for aspect, text in single.items() if text and text not in ("true()", "false()"))
    yield from _outputs("label", item.label)
    yield from _outputs("hint", item.hint)
    yield from _outputs("constraint_message", item.constraint_message)


def _outputs(aspect: str, words: Words) -> Iterator[tuple[str, str]]:
    expressions = sorted({text for parts in words.parts.values() for text in parts[1::2]})
    for place, text in enumerate(expressions):
        yield f"{aspect}{place}", text


def _unit(path: Path, aspect: str, text: str, items: Mapping[Path, Question | Group]) -> Unit:
    try:
        return Unit(path, aspect, text, frozenset(references(text, path, items)))
    except BrokenExpression as error:
        raise _broken(path, error) from error


def _broken(path: Path, error: BrokenExpression) -> KnownProblem:
    return KnownProblem("forms.broken_expression", path="/".join(path[1:]), expression=error.expression, reason=error.reason)


def _ordered(units: Mapping[tuple[Path, str], Unit]) -> list[Unit]:
    """The driving units, each after those it reads from. Raises KnownProblem "forms.circular" with the circle."""
    done: dict[Unit, None] = {}
    trail: list[Unit] = []

    def visit(unit: Unit) -> None:
        if unit in done:
            return
        if unit in trail:
            circle = [*trail[trail.index(unit) :], unit]
            raise KnownProblem("forms.circular", path=" → ".join("/".join(one.path[1:]) for one in circle))
        trail.append(unit)
        for needed in _needed(unit, units):
            visit(needed)
        trail.pop()
        done[unit] = None

    for unit in units.values():
        if unit.drives:
            visit(unit)
    return list(done)


def _needed(unit: Unit, units: Mapping[tuple[Path, str], Unit]) -> Iterator[Unit]:
    """The driving units that decide what `unit` reads: the calculation of a path, and its relevance and that of all above."""
    for reference in sorted(unit.reads, key=lambda one: one.path or ()):
        path = reference.path or ()
        for depth in range(1, len(path) + 1):
            if (path[:depth], "relevant") in units:
                yield units[path[:depth], "relevant"]
        if (path, "calculate") in units:
            yield units[path, "calculate"]


def _instances(html: Element) -> dict[str, Node]:
    """Secondary instances: choice lists with all their columns."""
    found = {}
    for element in html.iter("{http://www.w3.org/2002/xforms}instance"):
        if element.get("id"):
            top = Node("", None)
            for child in element:
                _copy(child, top)
            found[element.get("id", "")] = top
    return found


def _copy(element: Element, parent: Node) -> None:
    node = parent.attach(Node(element.tag.rpartition("}")[2], parent))
    node.text = node.raw = "" if len(element) else (element.text or "")
    for child in element:
        _copy(child, node)
