"""Moments of a session: copies of its tree, and what differs between two."""

from __future__ import annotations

from dataclasses import dataclass

from poverty_desktop.forms.nodes import Node
from poverty_desktop.forms.surroundings import Surroundings
from poverty_desktop.forms.tree import AnswerTree


@dataclass(frozen=True, eq=False)
class Snapshot:
    """All that a session knew at one moment; only sessions of the same form can restore it."""

    tree: AnswerTree
    around: Surroundings


def copy_of(tree: AnswerTree) -> AnswerTree:
    """An independent tree with the same answers, computed values and relevance."""
    twin = tree.twin()
    _copy(tree.root, twin.root, twin.nodes)
    return twin


def _copy(node: Node, twin: Node, nodes: dict[str, Node]) -> None:
    twin.raw, twin.text, twin.own, twin.relevant = node.raw, node.text, node.own, node.relevant
    nodes[twin.key] = twin
    for child in node.children:
        _copy(child, twin.attach(Node(child.name, twin, child.instance)), nodes)


def differing(one: AnswerTree, other: AnswerTree) -> set[str]:
    """The keys of nodes that exist in one of two trees only, or say something else."""
    shared = one.nodes.keys() & other.nodes.keys()
    changed = {key for key in shared if not _same(one.nodes[key], other.nodes[key])}
    return changed | (one.nodes.keys() ^ other.nodes.keys())


def _same(one: Node, other: Node) -> bool:
    return one.raw == other.raw and one.relevant == other.relevant and one.text == other.text
