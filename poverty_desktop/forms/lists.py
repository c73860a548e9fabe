"""Secondary instances: lists of the form, lists in files beside it, and answers that serve as choices.

ODK XForms specification, "Secondary Instances - External": a CSV file becomes `root/item` with one element a column, an XML file
stands as it is, of a GeoJSON file each feature is an item with its properties, `id` and `geometry` (latitude first).
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.forms.definition import Group, Question
from poverty_desktop.forms.nodes import Node
from poverty_desktop.forms.references import Path, Reference, places

ITEMSETS = "itemsets.csv"  # the rows of select_one_external, of all lists together (column list_name)
LAST_SAVED = "__last-saved"  # what pyxform calls the instance of ${last-saved#…}: the phone's last record of the form

Read = TypeVar("Read")


class _Around(Protocol):
    @property
    def document(self) -> Node: ...

    @property
    def instances(self) -> Mapping[str, Node]: ...


@dataclass(frozen=True)
class RowSource:
    """All rows that may be choices of a question: of the secondary instance `instance`, else the answers at `path`.

    `reads` are the answers that give their values and labels.
    """

    instance: str
    path: Path = ()
    reads: tuple[Path, ...] = ()

    def rows(self, around: _Around) -> list[Node]:
        if not self.instance:
            return around.document.below(self.path)
        top = around.instances.get(self.instance)
        return [row for root in top.children for row in root.children] if top else []


def row_source(item: Question, path: Path, items: Mapping[Path, Question | Group]) -> RowSource:
    """Where the choices of an itemset come from. Raises BrokenExpression."""
    nodeset = item.itemset or ""
    if "instance(" in nodeset:
        name = nodeset.partition("instance(")[2].partition(")")[0].strip().strip("'\"")
        return RowSource(name)
    found: list[Reference] = [one for one in places(nodeset, path, items) if one.path]
    if not found or not found[0].path:
        return RowSource("", (path[0], ""))
    rows = found[0].path
    reads = [(*rows, *name.strip().removeprefix("./").split("/")) for name in (item.itemset_value, item.itemset_label)]
    return RowSource("", rows, tuple(dict.fromkeys(reads)))


# --- reading -----------------------------------------------------------------------------------------------------------


def internal_lists(xml: bytes) -> tuple[str, dict[str, Node]]:
    """The name of the root of the primary instance, and the lists that stand in the form, with all their columns."""
    instances = list(ElementTree.fromstring(xml).iter("{http://www.w3.org/2002/xforms}instance"))
    root = instances[0][0].tag.rpartition("}")[2]
    return root, {element.get("id", ""): _tree(element) for element in instances if element.get("id") and len(element)}


def _tree(element: Element) -> Node:
    top = Node("", None)
    for child in element:
        _copy(child, top)
    return top


def _copy(element: Element, parent: Node) -> None:
    node = parent.attach(Node(element.tag.rpartition("}")[2], parent))
    node.text = node.raw = "" if len(element) else _composed((element.text or "").strip())
    for child in element:
        _copy(child, node)


def _composed(text: str) -> str:
    """An answer that is not composed (NFC) could not be stored."""
    return unicodedata.normalize("NFC", text)


def named_lists(xform: bytes) -> set[str]:
    """The names of the files that an XForm reads lists from."""
    return {name.decode(errors="replace") for name in re.findall(rb'\bsrc="jr://file(?:-csv)?/(?:[^"]*/)?([^"/]+)"', xform)}


def external_lists(external: Mapping[str, str], files: Mapping[str, bytes]) -> dict[str, Node]:
    """The lists of the given files by the name of their instance; what is not given is missing. Raises KnownProblem
    "forms.unreadable_list" (file, reason)."""
    shared = _read(ITEMSETS, files[ITEMSETS], _itemsets) if ITEMSETS in files else {}
    return shared | {name: _read(file, files[file], _list_of(file)) for name, file in external.items() if file in files}


def _read(file: str, data: bytes, read: Callable[[bytes], Read]) -> Read:
    try:
        return read(data)
    except (ValueError, LookupError, TypeError, AttributeError, csv.Error, ElementTree.ParseError) as error:
        raise KnownProblem("forms.unreadable_list", file=file, reason=str(error)) from error


def _list_of(file: str) -> Callable[[bytes], Node]:
    """What reads a file with this ending."""
    if file.lower().endswith(".xml"):
        return _xml
    if file.lower().endswith((".geojson", ".json")):
        return lambda data: _of_rows(_features(json.loads(data)))
    return lambda data: _of_rows(_csv_rows(data))


def _xml(data: bytes) -> Node:
    top = Node("", None)
    _copy(ElementTree.fromstring(data), top)
    return top


def _csv_rows(data: bytes) -> Iterator[Mapping[str, str]]:
    reader = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=False)
    titles = [title.strip() for title in next(reader, [])]
    for row in reader:
        if any(row):
            yield dict(zip(titles, (cell.strip() for cell in row), strict=False))


def _features(data: Any) -> Iterator[Mapping[str, str]]:
    for feature in data["features"]:
        geometry = feature.get("geometry") or {}
        columns = {name: "" if value is None else str(value) for name, value in (feature.get("properties") or {}).items()}
        identity = {"id": str(feature["id"])} if "id" in feature else {}
        yield {**columns, **identity, "geometry": _points(geometry.get("type"), geometry.get("coordinates"))}


def _points(kind: str | None, coordinates: Any) -> str:
    """Positions as ODK writes them: "latitude longitude altitude accuracy", several joined by ";"."""
    if kind == "Polygon":
        coordinates = coordinates[0]
    several = [coordinates] if kind == "Point" else coordinates or []
    written = [f"{one[1]} {one[0]} {one[2] if len(one) > 2 else 0} 0" for one in several]
    return "; ".join(written)


def _of_rows(rows: Iterator[Mapping[str, str]]) -> Node:
    top = Node("", None)
    root = top.attach(Node("root", top))
    for row in rows:
        item = root.attach(Node("item", root))
        for name, text in row.items():
            cell = item.attach(Node(name, item))
            cell.text = cell.raw = _composed(text)
    return top


def _itemsets(data: bytes) -> dict[str, Node]:
    rows: dict[str, list[Mapping[str, str]]] = {}
    for row in _csv_rows(data):
        rows.setdefault(row.get("list_name", ""), []).append(row)
    return {name: _of_rows(iter(found)) for name, found in rows.items()}
