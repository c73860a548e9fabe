"""The body of an XForm: its controls by the path they stand for, and the kind each gives its question.

ODK XForms specification, "Body Elements" and "Data Types".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import Element

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.forms.definition import QuestionKind, Range

NOT_CONTROLS = frozenset({"label", "hint", "itemset", "item", "value", "help", "alert", "output", "submit"})
ACTIONS = frozenset({"setvalue", "setgeopoint", "setlocation", "recordaudio", "send", "dispatch"})
_TYPES: dict[str, QuestionKind] = {
    "string": "text",
    "anyURI": "text",
    "boolean": "text",
    "int": "integer",
    "integer": "integer",
    "long": "integer",
    "short": "integer",
    "decimal": "decimal",
    "double": "decimal",
    "float": "decimal",
    "date": "date",
    "time": "time",
    "dateTime": "datetime",
    "barcode": "barcode",
    "geopoint": "geopoint",
    "geotrace": "geotrace",
    "geoshape": "geoshape",
    "binary": "file",
    "select": "text",
    "select1": "text",
    "rank": "text",
}
_CONTROLS: dict[str, QuestionKind] = {
    "select1": "select_one",
    "select": "select_multiple",
    "rank": "rank",
    "trigger": "acknowledge",
    "secret": "text",
    "textarea": "text",
}
_UPLOADS: tuple[tuple[str, QuestionKind], ...] = (("image", "image"), ("audio", "audio"), ("video", "video"))
_PREFIX = re.compile(r"(?<=[/@])[\w.-]+:(?=\w)")
_OWN = frozenset({"ref", "nodeset", "bind", "appearance", "start", "end", "step", "accept", "query"})


@dataclass(frozen=True)
class Control:
    name: str
    element: Element


@dataclass(frozen=True)
class Body:
    """Controls, groups, repeats and actions by the full path they refer to; an action with the path it stands in."""

    controls: dict[str, Control] = field(default_factory=dict)
    groups: dict[str, Element] = field(default_factory=dict)
    repeats: dict[str, Element] = field(default_factory=dict)
    actions: list[tuple[str, Element]] = field(default_factory=list)


def local(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def bare_path(path: str) -> str:
    """A path without the prefixes of namespaces: names are told apart by their local part only."""
    return _PREFIX.sub("", path.strip())


def read_body(body: Element, binds: Mapping[str, str]) -> Body:
    """`binds` gives the nodeset of a bind by its id, for controls that name it."""
    found = Body()
    _read(body, "", binds, found)
    return found


def _read(parent: Element, above: str, binds: Mapping[str, str], found: Body) -> None:
    for element in parent:
        name = local(element)
        if name in ACTIONS:
            found.actions.append((above, element))
        elif name and name not in NOT_CONTROLS:
            path = _path(element, above, binds)
            _keep(name, path, element, found)
            _read(element, path or above, binds, found)


def _path(element: Element, above: str, binds: Mapping[str, str]) -> str:
    path = bare_path(element.get("ref") or element.get("nodeset") or binds.get(element.get("bind", ""), ""))
    return f"{above}/{path.removeprefix('./')}" if path and not path.startswith("/") else path


def _keep(name: str, path: str, element: Element, found: Body) -> None:
    inner = next((child for child in element if local(child) == "repeat"), None)
    if name == "repeat":
        found.repeats[path] = element
    elif name != "group":
        found.controls[path] = Control(name, element)
    elif path:
        found.groups[path] = element
    elif inner is not None:  # a title around a repeat, without a place of its own
        found.groups[bare_path(inner.get("nodeset") or inner.get("ref") or "")] = element


def kind_of(control: Control, data_type: str, is_note: bool, path: str) -> QuestionKind:
    """The kind of a question from its control and the type of its bind. Raises KnownProblem "forms.unsupported"."""
    if "search(" in control.element.get("appearance", ""):  # rows of a phone's own database
        raise KnownProblem("forms.unsupported", element="search()", path=path)
    bare = data_type.removeprefix("xsd:").removeprefix("odk:") or "string"
    if control.name == "input":
        if control.element.get("query"):
            return "select_one"
        if bare == "string" and is_note:
            return "note"
        if bare in _TYPES:
            return _TYPES[bare]
        raise KnownProblem("forms.unsupported", element=data_type, path=path)
    if control.name == "upload":
        mediatype = control.element.get("mediatype", "")
        return next((kind for start, kind in _UPLOADS if mediatype.startswith(start)), "file")
    if control.name == "range":
        return "integer" if _TYPES.get(bare) == "integer" else "decimal"
    if control.name in _CONTROLS:
        return _CONTROLS[control.name]
    raise KnownProblem("forms.unsupported", element=control.name, path=path)


def range_of(control: Control, path: str) -> Range | None:
    """The scale of a `<range>`. Raises KnownProblem "forms.unsupported" when it is not one."""
    if control.name != "range":
        return None
    try:
        start, end, step = (Decimal(control.element.get(name, "")) for name in ("start", "end", "step"))
    except InvalidOperation as error:
        raise KnownProblem("forms.unsupported", element="range start, end, step", path=path) from error
    if not all(number.is_finite() for number in (start, end, step)) or not step:
        raise KnownProblem("forms.unsupported", element="range start, end, step", path=path)
    return Range(start, end, abs(step))


def attributes_of(control: Control) -> dict[str, str]:
    """What else stands on a control, by local name: rows, autoplay, accuracyThreshold, own attributes of the form."""
    found = {name.rpartition("}")[2]: text for name, text in control.element.items()}
    return {name: text for name, text in found.items() if name not in _OWN}
