"""Paths as people write them, "/data/roster[2]/age", and the keys of answers."""

from __future__ import annotations

from poverty_desktop.forms.nodes import Node
from poverty_desktop.forms.tree import AnswerTree


def split_step(step: str) -> tuple[str, int]:
    """ "roster[2]" is ("roster", 2); a step without a place is the first. ValueError when the place is no number."""
    name, _, place = step.partition("[")
    return name, int(place.removesuffix("]")) if place else 1


def key_of(tree: AnswerTree, path: str) -> str:
    """The key of a path with positions. KeyError if there is none."""
    node = tree.document
    for step in path.strip("/").split("/"):
        try:
            name, place = split_step(step)
        except ValueError:
            raise KeyError(path) from None
        brothers = node.by_name.get(name, [])
        if not 1 <= place <= len(brothers):
            raise KeyError(path)
        node = brothers[place - 1]
    return node.key


def path_of(tree: AnswerTree, key: str) -> str:
    """The path with positions of a key."""
    node: Node | None = tree.nodes[key]
    steps = []
    while node and node.path:
        brothers = node.parent.by_name[node.name] if node.parent else [node]
        steps.append(f"{node.name}[{brothers.index(node) + 1}]" if node.instance else node.name)
        node = node.parent
    return "/" + "/".join(reversed(steps))
