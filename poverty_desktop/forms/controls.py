"""The body of an XForm: its controls by the path they stand for, and the choices of its lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from poverty_desktop.forms.definition import Choice, QuestionKind
from poverty_desktop.forms.itext import XF, Itext

# The kind a control gives its question; None: the type of the bind decides.
KINDS: dict[str, QuestionKind | None] = {"input": None, "select1": "select_one", "select": "select_multiple"}


@dataclass(frozen=True)
class Control:
    name: str
    element: Element


@dataclass(frozen=True)
class Body:
    """Controls, groups and repeats by the full path they refer to."""

    controls: Mapping[str, Control]
    groups: Mapping[str, Element]
    repeats: Mapping[str, Element]


def read_body(body: Element) -> Body:
    controls: dict[str, Control] = {}
    groups: dict[str, Element] = {}
    repeats: dict[str, Element] = {}
    for element in body.iter():
        name = element.tag.rpartition("}")[2]
        path = (element.get("ref") or element.get("nodeset") or "").strip()
        if name == "group" and path:
            groups[path] = element
        elif name == "repeat":
            repeats[path] = element
        elif path.startswith("/") and name not in ("label", "hint", "itemset", "value", "setvalue"):
            controls[path] = Control(name, element)
    return Body(controls, groups, repeats)


def read_choices(control: Element, instances: Mapping[str, Element], itext: Itext) -> tuple[tuple[Choice, ...], str | None]:
    """The choices of a select, and the expression that filters them, None when all apply always."""
    itemset = control.find(f"{XF}itemset")
    if itemset is None:
        return tuple(_inline(control, itext)), None
    nodeset = itemset.get("nodeset", "")
    label = itemset.find(f"{XF}label")
    wanted = "" if label is None else label.get("ref", "")
    value = itemset.find(f"{XF}value")
    name = "name" if value is None else value.get("ref", "name")
    listed = tuple(_listed(instances, nodeset, name, wanted, itext))
    return listed, nodeset if "[" in nodeset else None


def _inline(control: Element, itext: Itext) -> Iterator[Choice]:
    for item in control.findall(f"{XF}item"):
        yield Choice(item.findtext(f"{XF}value") or "", itext.words_of(item.find(f"{XF}label")))


def _listed(instances: Mapping[str, Element], nodeset: str, name: str, label: str, itext: Itext) -> Iterator[Choice]:
    instance = instances.get(nodeset.partition("'")[2].partition("'")[0])
    for item in () if instance is None else instance.findall(f"{XF}root/{XF}item"):
        columns = {cell.tag.rpartition("}")[2]: cell.text or "" for cell in item}
        value = columns.pop(name, "")
        reference = columns.pop("itextId", None)
        words = itext.message(f"jr:itext('{reference}')") if reference else itext.message(columns.pop(label, ""))
        yield Choice(value, words, columns)
