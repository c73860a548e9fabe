"""The entities of a record: rows of lists that other forms can choose from (ODK XForms specification, "Entities")."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from poverty_desktop.forms.definition import Group, Question
from poverty_desktop.forms.nodes import Node
from poverty_desktop.forms.tree import AnswerTree


@dataclass(frozen=True)
class Entity:
    """What a record says of one entity of the list `dataset`. `properties` are the answers saved to it, by property."""

    dataset: str
    id: str
    label: str
    create: bool
    update: bool
    base_version: str = ""
    properties: dict[str, str] = field(default_factory=dict)


def read_entities(tree: AnswerTree) -> list[Entity]:
    """The entities that the answers create or update now, in paper order."""
    found = (_entity(tree, node) for node in tree.root.walk() if node.name == "entity" and _declared(node))
    return [entity for entity in found if entity.create or entity.update]


def _declared(node: Node) -> bool:
    return node.parent is not None and node.parent.name == "meta" and bool(_text(node, "@dataset"))


def _entity(tree: AnswerTree, node: Node) -> Entity:
    assert node.parent is not None
    assert node.parent.parent is not None
    return Entity(
        dataset=_text(node, "@dataset"),
        id=_text(node, "@id"),
        label=_text(node, "label"),
        create=_text(node, "@create") in ("1", "true"),
        update=_text(node, "@update") in ("1", "true"),
        base_version=_text(node, "@baseVersion"),
        properties={name: text for name, text in _properties(tree, node.parent.parent) if text},
    )


def _properties(tree: AnswerTree, top: Node) -> Iterator[tuple[str, str]]:
    """The answers below the node that an entity belongs to, without those of repeats, which have entities of their own."""
    for child in top.children:
        item = tree.item(child)
        if isinstance(item, Question) and item.save_to:
            yield item.save_to, child.text
        elif isinstance(item, Group) and not item.repeat:
            yield from _properties(tree, child)


def _text(node: Node, name: str) -> str:
    found = node.by_name.get(name)
    return found[0].text if found else ""
